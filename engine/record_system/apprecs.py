"""A record system's word on a document that its party received: its AppRec, or its silence (process.md 2.4 C).

Where the agreement leaves the AppRec to the record system, its own document goes to the sender, in the commit that
moves the mail by the tables. A word that comes after the sender has been told moves nothing: the same is logged, and
what contradicts it is shown to a person. The same holds for a file that is read again after a crash.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from engine.case.clock import start_of
from engine.case.deadlines import deadline_of
from engine.case.record import Case
from engine.casework.moves import call, clock_of, move_case, set_timer
from engine.commit.mail import Desk, open_task
from engine.commit.ports import Ports
from engine.conformance.checks import check_forwarded, check_written
from engine.errors import APPREC_ERRORS, OwnFault, Refused
from engine.inbound.documents import answer
from engine.msh.envelope import Envelope
from engine.names import HerId, MsgId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import draft_apprec
from engine.payload.apprec import AppRec, ApprecError, build_apprec
from engine.payload.msghead import read_identity
from engine.record_system.word import Heard, RecordDesk
from engine.records.inbox import InboxItem
from engine.records.log import Event
from engine.records.messages import ClaimKind
from engine.records.work import Work, WorkKind
from engine.states.apprec import APPREC, ApprecEvent
from engine.states.case import CaseEvent, CaseState
from engine.states.inbound import INBOUND, InboundEvent, InboundState
from engine.states.table import advance
from engine.verdict.kinds import Accepted
from engine.verdict.mail import assess, envelope_of

TRY_AGAIN = timedelta(hours=1)
MOTOR = "motor"
OTHER_ERROR = "X99"

_Said = tuple[ApprecEvent, InboundEvent]
_SAID: dict[int, _Said] = {
    1: (ApprecEvent.EPJ_OK, InboundEvent.EPJ_TOOK_IT),
    2: (ApprecEvent.EPJ_REFUSED, InboundEvent.EPJ_REFUSED),
    3: (ApprecEvent.EPJ_PARTLY, InboundEvent.EPJ_TOOK_IT),
}
_SILENT: _Said = (ApprecEvent.EPJ_SILENT, InboundEvent.EPJ_SILENT)
_WAITING = {CaseState.UNDER_BEHANDLING, CaseState.TIL_VURDERING}


async def take_apprec(record: RecordDesk, apprec: AppRec, document: bytes) -> Heard:
    """Let the sender of a document have the record system's AppRec, if it still waits for one.

    Raises Refused where the AppRec is about nothing that this party received from the one it names.
    """
    item = await _original(record, apprec)
    record.check_about(item)
    mail = await record.uow.inbound(record.owner, item.inbound)
    if mail is None:
        raise Refused("AppRec-en gjelder en melding som Samvik ikke lenger har. Kontakt avsenderen på annen måte.")
    desk = Desk(record.uow, record.ports, mail, record.now)
    if not advance(APPREC, mail.apprec, _SAID[apprec.status][0]).moved:
        return await _came_late(desk, record.actor, apprec)
    sent = await _pass_on(desk, item, apprec, document)
    told = replace(desk, mail=replace(mail, reason=_reason(apprec) or mail.reason))
    await _told(told, (item.sender, item.msg_id), sent, _SAID[apprec.status], record.actor)
    case = await _case_opened_by(desk, item.sender, item.msg_id)
    if case is not None and apprec.status == 2:
        await _call_for_refused(desk, case, record.actor)
    elif case is not None:
        await _start_clock(desk, case, apprec.gen_date)
    return Heard.SENT


async def answer_for_silent_epj(work: Work, ports: Ports) -> None:
    """Answer for a record system that did not give its word in time: the engine's own inbox has the document.

    Does nothing where the word came meanwhile.
    """
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        mail = await uow.inbound(work.owner, work.subject)
        if mail is None or mail.state is not InboundState.RUTET:
            await uow.finish_work(work)
            return
        desk = Desk(uow, ports, mail, now)
        found = assess(await uow.raw(work.owner, work.subject) or b"", ports, mail.received_at)
        if not isinstance(found, Accepted):
            # The register or our keys have changed since: the sender still waits for an answer, so a person must know.
            text = "Fagsystemet svarte ikke i tide, og meldingen kan ikke leses på nytt. Se nøkler og partsregister."
            await open_task(desk, mail.owner, "no AppRec", text)
            await uow.postpone_work(work, now + TRY_AGAIN)
            return
        await uow.finish_work(work)
        await _answer_instead(desk, found)


async def _answer_instead(desk: Desk, found: Accepted) -> None:
    head = found.head
    sent = await answer(desk, found, head.sender.party, 1, [], (head.msg_id, head.type, head.gen_date))
    await _told(desk, (head.sender_her, head.msg_id), sent, _SILENT, MOTOR)
    case = await _case_opened_by(desk, head.sender_her, head.msg_id)
    if case is not None:
        await _start_clock(desk, case, desk.now)
    text = "Fagsystemet svarte ikke i tide. Meldingen ligger i Samviks egen innboks, og avsenderen har fått kvittering."
    await open_task(desk, found.owner, "silent record system", text)


async def _told(desk: Desk, document: tuple[HerId, MsgId], sent: UUID, said: _Said, actor: str) -> None:
    """Move mail and claim with the AppRec that was just queued; `document` is the sender's HER-id and the MsgId."""
    mail, uow = desk.mail, desk.uow
    await uow.set_claim_answer(mail.owner, ClaimKind.MSGID, *document, sent)
    state = advance(INBOUND, mail.state, said[1]).state
    apprec = advance(APPREC, mail.apprec, said[0]).state
    told = replace(mail, state=state, apprec=apprec, deadline=None)
    if not await uow.settle_inbound(mail.owner, told, was=mail.state):
        raise OwnFault(f"mail {mail.id} was moved by another node")
    await uow.drop_work(mail.owner, WorkKind.FRIST, mail.id)
    data = {"state": str(state), **({"reason": mail.reason} if mail.reason else {})}
    await uow.log(mail.owner, Event(desk.now, mail.id, said[1], actor, data))


async def _original(record: RecordDesk, apprec: AppRec) -> InboxItem:
    """Return what the AppRec is about: a MsgId is its sender's own, so that the AppRec's receiver tells which it is."""
    registry = record.ports.policy.registry
    if registry.root(apprec.sender_her) != record.owner:
        raise Refused(
            f"Avsenderen i AppRec-en hører ikke til virksomheten som HER-id {record.her} er en del av. "
            "Rett HER-id-en til avsenderen, og lever på nytt."
        )
    for item in await record.uow.received(record.owner, record.her, apprec.original_msg_id):
        if item.sender == apprec.receiver_her:
            return item
    raise Refused(
        f"AppRec-en gjelder ingen melding som HER-id {record.her} har mottatt fra HER-id {apprec.receiver_her}. "
        "Kontroller OriginalMsgId og mottakeren, og lever på nytt."
    )


async def _came_late(desk: Desk, actor: str, apprec: AppRec) -> Heard:
    """Log a word that says nothing new, and show a person one that contradicts what the sender was told."""
    mail, event = desk.mail, _SAID[apprec.status][0]
    step = advance(APPREC, mail.apprec, event)
    await desk.uow.log(mail.owner, Event(desk.now, mail.id, event, actor, {"apprec": mail.apprec}))
    if step.task:
        text = (
            f"Fagsystemet sier AppRec {apprec.status} om en melding som avsenderen alt har fått svar på "
            f"({mail.apprec}). Ingenting er sendt. Avklar med avsenderen."
        )
        await open_task(desk, mail.owner, event, text)
    return Heard.CALLED if step.task else Heard.KNOWN


async def _pass_on(desk: Desk, item: InboxItem, apprec: AppRec, document: bytes) -> UUID:
    """Queue the record system's AppRec to the sender: its own bytes where the sender can use them."""
    ports, now = desk.ports, desk.now
    envelope = await _envelope(desk)
    wanted = ports.policy.carriers[ports.policy.registry.terms(item.sender, item.receiver, now).carrier].apprec_version
    # The other side counts an AppRec only from the party it wrote to, or one above, below or after it (design.md 4).
    speaks = ports.policy.registry.is_related(apprec.sender_her, item.addressed_to)
    if apprec.version != wanted or not speaks or (apprec.status == 1) == bool(apprec.errors):
        sender = apprec.sender_her if speaks else item.addressed_to
        document = await _rewritten(desk, item, apprec, wanted, sender)
        check_written(ports.policy.schemas, document)
    else:
        check_forwarded(ports.policy.schemas, document)
    draft = draft_apprec(ports, item.owner, envelope, document, item.msg_id, desk.mail.id, now)
    return (await queue(desk.uow, ports.policy, draft, now)).id


async def _rewritten(
    desk: Desk, item: InboxItem, apprec: AppRec, version: Literal["1.0", "1.1"], sender: HerId
) -> bytes:
    """Return the same word in the form that the agreement wants; its Id and time are kept."""
    found = await desk.uow.inbox_item(item.owner, item.id)
    identity = read_identity(found[1]) if found else None
    return build_apprec(
        version,
        id=apprec.id,
        gen_date=apprec.gen_date,
        sender=desk.ports.policy.document_party(sender),
        receiver=desk.ports.policy.document_party(item.sender),
        status=apprec.status,
        errors=_errors(apprec),
        original_type=item.message_type,
        original_gen_date=(identity.gen_date if identity else None) or item.received_at,
        original_msg_id=item.msg_id,
        software_version=desk.ports.policy.software.version,
    )


def _errors(apprec: AppRec) -> list[ApprecError]:
    """Return the errors by codes that we may write; AppRec 2 and 3 have at least one, AppRec 1 none."""
    if apprec.status == 1:
        return []
    known = [
        ApprecError(error.code, error.detail)
        if error.code in APPREC_ERRORS
        else ApprecError(OTHER_ERROR, " ".join(filter(None, (error.code, error.name, error.detail))))
        for error in apprec.errors
    ]
    return known or [ApprecError(OTHER_ERROR, "Fagsystemet oppga ingen årsak.")]


def _reason(apprec: AppRec) -> str:
    """Return why the mail stands as it does: the code alone, since its text is the record system's own."""
    errors = _errors(apprec)
    return f"AppRec {apprec.status}: {errors[0].code}, {APPREC_ERRORS[errors[0].code]}" if errors else ""


async def _envelope(desk: Desk) -> Envelope:
    mail, ports = desk.mail, desk.ports
    raw = await desk.uow.raw(mail.owner, mail.id) or b""
    envelope = await ports.offload.run(len(raw), lambda: envelope_of(raw, ports.policy, mail.received_at))
    if envelope is None:
        raise OwnFault(f"mail {mail.id} cannot be read again, so its AppRec cannot be addressed")
    return envelope


async def _case_opened_by(desk: Desk, sender: HerId, msg_id: MsgId) -> Case | None:
    cases = await desk.uow.cases_by_conversation(desk.mail.owner, msg_id)
    return next((case for case in cases if not case.reporting and case.theirs == sender), None)


async def _start_clock(desk: Desk, case: Case, told_at: datetime) -> None:
    """Count from the day of the AppRec, as the other side does (design.md 9), where that is not the day of receipt."""
    start = start_of(told_at, desk.mail.received_at, desk.now)
    if case.state not in _WAITING or case.start in {None, start}:
        return
    moved = replace(case, **clock_of(desk.ports.policy, case, start, desk.now))
    moved = replace(moved, deadline=deadline_of(moved, desk.now))
    if not await desk.uow.settle_case(case.owner, moved, was=case.state):
        raise OwnFault(f"case {case.number} was moved by another node")
    await set_timer(desk.uow, moved)
    await desk.uow.log(case.owner, Event(desk.now, case.id, "clock started", MOTOR, {"start": start.isoformat()}))


async def _call_for_refused(desk: Desk, case: Case, actor: str) -> None:
    """Call a person: no state says that a case was refused unseen, so somebody must decide how it ends."""
    text = "Fagsystemet avviste meldingen som åpnet saken, og avsenderen har fått AppRec 2. Avklar med avsenderen."
    await call(desk.uow, desk.ports, case, desk.now, CaseEvent.DELIVERY_FAILED, text)
    await move_case(desk.uow, desk.ports, case, CaseEvent.DELIVERY_FAILED, desk.now, actor)
