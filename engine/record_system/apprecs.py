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
from engine.case.record import Case
from engine.casework.by_record_system import on_refused, start_clock
from engine.commit.actor import ENGINE
from engine.commit.mail import MailCommit, open_task
from engine.commit.ports import Ports
from engine.conformance.checks import check_forwarded, check_written
from engine.errors import APPREC_ERRORS, OwnFault, Refused
from engine.inbound.answering import send_apprec
from engine.inbound.document import apprec_about
from engine.msh.envelope import Envelope
from engine.names import HerId, MsgId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import draft_apprec
from engine.payload.apprec import AppRec, ApprecError, build_apprec
from engine.payload.msghead import read_identity
from engine.record_system.word import RecordSystemCommit, WordResult
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event
from engine.records.messages import ClaimKind
from engine.records.work import Work, WorkKind
from engine.states.apprec import APPREC, ApprecEvent
from engine.states.inbound import INBOUND, InboundEvent, InboundState
from engine.states.table import advance
from engine.verdict.kinds import DocumentTaken
from engine.verdict.mail import envelope_of, verdict_on

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


async def take_apprec(commit: RecordSystemCommit, apprec: AppRec, document: bytes) -> WordResult:
    """Let the sender of a document have the record system's AppRec, if it still waits for one.

    Raises Refused where the AppRec is about nothing that this party received from the one it names.
    """
    item = await _original(commit, apprec)
    commit.check_about(item)
    mail = await commit.uow.inbound(commit.owner, item.inbound)
    if mail is None:
        raise Refused("AppRec-en gjelder en melding som Samvik ikke lenger har. Kontakt avsenderen på annen måte.")
    on_mail = MailCommit(commit.uow, commit.ports, commit.now, commit.actor, mail)
    if not advance(APPREC, mail.apprec, _SAID[apprec.status][0]).moved:
        return await _came_late(on_mail, str(on_mail.actor), apprec)
    sent = await _pass_on(on_mail, item, apprec, document)
    told = replace(on_mail, mail=replace(mail, reason=_reason(apprec) or mail.reason))
    await _told(told, (item.sender, item.msg_id), sent, _SAID[apprec.status], str(on_mail.actor))
    case = await _case_opened_by(on_mail, item.sender, item.msg_id)
    if case is not None and apprec.status == 2:
        await on_refused(on_mail, case)
    elif case is not None:
        await _start_clock(on_mail, case, apprec.gen_date)
    return WordResult.SENT


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
        commit = MailCommit(uow, ports, now, ENGINE, mail)
        found = verdict_on(await uow.raw(work.owner, work.subject) or b"", ports, mail.received_at)
        if not isinstance(found, DocumentTaken):
            # The register or our keys have changed since: the sender still waits for an answer, so a person must know.
            text = "Fagsystemet svarte ikke i tide, og meldingen kan ikke leses på nytt. Se nøkler og partsregister."
            await open_task(commit, mail.owner, "no AppRec", text)
            await uow.postpone_work(work, now + TRY_AGAIN)
            return
        await uow.finish_work(work)
        await _answer_instead(commit, found)


async def _answer_instead(commit: MailCommit, found: DocumentTaken) -> None:
    head = found.head
    sent = await send_apprec(commit, found, apprec_about(found, 1))
    await _told(commit, (head.sender_her, head.msg_id), sent, _SILENT, MOTOR)
    case = await _case_opened_by(commit, head.sender_her, head.msg_id)
    if case is not None:
        await _start_clock(commit, case, commit.now)
    text = "Fagsystemet svarte ikke i tide. Meldingen ligger i Samviks egen innboks, og avsenderen har fått kvittering."
    await open_task(commit, found.owner, "silent record system", text)


async def _told(commit: MailCommit, document: tuple[HerId, MsgId], sent: UUID, said: _Said, actor: str) -> None:
    """Move mail and claim with the AppRec that was just queued; `document` is the sender's HER-id and the MsgId."""
    mail, uow = commit.mail, commit.uow
    await uow.set_claim_answer(mail.owner, ClaimKind.MSGID, *document, sent)
    state = advance(INBOUND, mail.state, said[1]).state
    apprec = advance(APPREC, mail.apprec, said[0]).state
    told = replace(mail, state=state, apprec=apprec, deadline=None)
    if not await uow.settle_inbound(mail.owner, told, was=mail.state):
        raise OwnFault(f"mail {mail.id} was moved by another node")
    await uow.drop_work(mail.owner, WorkKind.FRIST, mail.id)
    data = {"state": str(state), **({"reason": mail.reason} if mail.reason else {})}
    await uow.log(mail.owner, Event(commit.now, mail.id, said[1], actor, data))


async def _original(commit: RecordSystemCommit, apprec: AppRec) -> ReceivedDocument:
    """Return what the AppRec is about: a MsgId is its sender's own, so that the AppRec's receiver tells which it is."""
    registry = commit.policy.registry
    if registry.root(apprec.sender_her) != commit.owner:
        raise Refused(
            f"Avsenderen i AppRec-en hører ikke til virksomheten som HER-id {commit.her_id} er en del av. "
            "Rett HER-id-en til avsenderen, og lever på nytt."
        )
    for item in await commit.uow.received(commit.owner, commit.her_id, apprec.original_msg_id):
        if item.sender == apprec.receiver_her:
            return item
    raise Refused(
        f"AppRec-en gjelder ingen melding som HER-id {commit.her_id} har mottatt fra HER-id {apprec.receiver_her}. "
        "Kontroller OriginalMsgId og mottakeren, og lever på nytt."
    )


async def _came_late(commit: MailCommit, actor: str, apprec: AppRec) -> WordResult:
    """Log a word that says nothing new, and show a person one that contradicts what the sender was told."""
    mail, event = commit.mail, _SAID[apprec.status][0]
    step = advance(APPREC, mail.apprec, event)
    await commit.uow.log(mail.owner, Event(commit.now, mail.id, event, actor, {"apprec": mail.apprec}))
    if step.task:
        text = (
            f"Fagsystemet sier AppRec {apprec.status} om en melding som avsenderen alt har fått svar på "
            f"({mail.apprec}). Ingenting er sendt. Avklar med avsenderen."
        )
        await open_task(commit, mail.owner, event, text)
    return WordResult.NEEDS_PERSON if step.task else WordResult.ALREADY_KNOWN


async def _pass_on(commit: MailCommit, item: ReceivedDocument, apprec: AppRec, document: bytes) -> UUID:
    """Queue the record system's AppRec to the sender: its own bytes where the sender can use them."""
    ports, now = commit.ports, commit.now
    envelope = await _envelope(commit)
    wanted = ports.policy.carriers[ports.policy.registry.terms(item.sender, item.receiver, now).carrier].apprec_version
    # The other side counts an AppRec only from the party it wrote to, or one above, below or after it (design.md 4).
    speaks = ports.policy.registry.is_related(apprec.sender_her, item.addressed_to)
    if apprec.version != wanted or not speaks or (apprec.status == 1) == bool(apprec.errors):
        sender = apprec.sender_her if speaks else item.addressed_to
        document = await _rewritten(commit, item, apprec, wanted, sender)
        check_written(ports.policy.schemas, document)
    else:
        check_forwarded(ports.policy.schemas, document)
    draft = draft_apprec(ports, item.owner, envelope, document, item.msg_id, commit.mail.id, now)
    return (await queue(commit.uow, ports.policy, draft, now)).id


async def _rewritten(
    commit: MailCommit, item: ReceivedDocument, apprec: AppRec, version: Literal["1.0", "1.1"], sender: HerId
) -> bytes:
    """Return the same word in the form that the agreement wants; its Id and time are kept."""
    found = await commit.uow.inbox_item(item.owner, item.id)
    identity = read_identity(found[1]) if found else None
    return build_apprec(
        version,
        id=apprec.id,
        gen_date=apprec.gen_date,
        sender=commit.policy.document_party(sender),
        receiver=commit.policy.document_party(item.sender),
        status=apprec.status,
        errors=_errors(apprec),
        original_type=item.message_type,
        original_gen_date=(identity.gen_date if identity else None) or item.received_at,
        original_msg_id=item.msg_id,
        software_version=commit.policy.software.version,
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


async def _envelope(commit: MailCommit) -> Envelope:
    mail, ports = commit.mail, commit.ports
    raw = await commit.uow.raw(mail.owner, mail.id) or b""
    envelope = await ports.offload.run(len(raw), lambda: envelope_of(raw, ports.policy, mail.received_at))
    if envelope is None:
        raise OwnFault(f"mail {mail.id} cannot be read again, so its AppRec cannot be addressed")
    return envelope


async def _case_opened_by(commit: MailCommit, sender: HerId, msg_id: MsgId) -> Case | None:
    cases = await commit.uow.cases_by_conversation(commit.mail.owner, msg_id)
    return next((case for case in cases if not case.reporting and case.their_her == sender), None)


async def _start_clock(commit: MailCommit, case: Case, told_at: datetime) -> None:
    """Count from the day of the AppRec, as the other side does (design.md 9), where that is not the day of receipt."""
    start = start_of(told_at, commit.mail.received_at, commit.now)
    await start_clock(replace(commit, actor=ENGINE), case, start)
