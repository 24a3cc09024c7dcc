"""A record system's AppRec on a document that its party received, or its silence (process.md 2.4 C).

Where the agreement leaves the AppRec to the record system, its own document goes to the sender in the commit that moves
the mail. An AppRec that comes after the sender has been told moves nothing: a repeat is logged, and one that
contradicts what the sender was told is shown to a person. The same holds for a file that is read again after a crash.
What a word does is decided in engine.record_system.words_on_mail.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from uuid import UUID

from engine.case.clock import start_of
from engine.case.record import Case
from engine.casework.by_record_system import on_refused, start_clock
from engine.codes.inbound import InboundCode
from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE
from engine.commit.forms import by_any_form
from engine.commit.mail import MailCommit
from engine.commit.ports import Ports
from engine.commit.tasks import desk_task
from engine.conformance.checks import check_forwarded, check_written
from engine.errors import OwnFault, Refused
from engine.inbound.answering import send_apprec
from engine.inbound.document import apprec_about
from engine.msh.envelope import Envelope
from engine.names import HerId, MsgId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import draft_apprec
from engine.payload.apprec import AppRec, build_apprec
from engine.payload.msghead import read_identity
from engine.record_system.word import RecordSystemCommit, WordResult
from engine.record_system.words_on_mail import WordMove, decide_silence, decide_word, errors_of
from engine.records.inbox import ReceivedDocument
from engine.records.log import TaskCause
from engine.records.messages import ClaimKind
from engine.records.work import Work, WorkKind
from engine.states.inbound import InboundState
from engine.verdict.kinds import DocumentTaken
from engine.verdict.mail import envelope_of, verdict_on

TRY_AGAIN = timedelta(hours=1)


async def take_apprec(commit: RecordSystemCommit, apprec: AppRec, document: bytes) -> WordResult:
    """Let the sender of a document have the record system's AppRec, if it still waits for one.

    Raises Refused where the AppRec is about nothing that this party received from the one it names.
    """
    item = await _original(commit, apprec)
    commit.check_about(item)
    mail = await commit.uow.inbound(commit.owner, item.inbound)
    if mail is None:
        raise Refused(RecordSystemCode.MAIL_GONE)
    on_mail = MailCommit(commit.uow, commit.ports, commit.now, commit.actor, mail)
    move = decide_word(mail, apprec.status, errors_of(apprec, commit.ports.policy), commit.now)
    if move.mail is None:
        await _apply(on_mail, move)
        return move.result
    sent = await _pass_on(on_mail, item, apprec, document)
    await commit.uow.set_claim_answer(mail.owner, ClaimKind.MSGID, item.sender, item.msg_id, sent)
    await _apply(on_mail, move)
    case = await _case_opened_by(on_mail, item.sender, item.msg_id)
    if case is not None and apprec.status == 2:
        await on_refused(on_mail, case)
    elif case is not None:
        await _start_clock(on_mail, case, apprec.gen_date)
    return move.result


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
            said = Statement.of(RecordSystemCode.SILENT_AND_UNREADABLE)
            await commit.open_task(mail.owner, mail.id, desk_task(TaskCause.NO_APPREC, said, now))
            await uow.postpone_work(work, now + TRY_AGAIN)
            return
        await uow.finish_work(work)
        await _answer_instead(commit, found)


async def _answer_instead(commit: MailCommit, found: DocumentTaken) -> None:
    head = found.head
    sent = await send_apprec(commit, found, apprec_about(found, 1))
    await commit.uow.set_claim_answer(commit.mail.owner, ClaimKind.MSGID, head.sender_her, head.msg_id, sent)
    await _apply(commit, decide_silence(commit.mail, commit.now))
    case = await _case_opened_by(commit, head.sender_her, head.msg_id)
    if case is not None:
        await _start_clock(commit, case, commit.now)


async def _apply(commit: MailCommit, move: WordMove) -> None:
    """Write what a word does to a mail: its row, its log line, and the task."""
    mail, uow = commit.mail, commit.uow
    if move.mail is not None:
        if not await uow.settle_inbound(mail.owner, move.mail, was=mail.state):
            raise OwnFault(InboundCode.MOVED_MEANWHILE, mail=mail.id)
        await uow.drop_work(mail.owner, WorkKind.FRIST, mail.id)
    await commit.log_lines(mail.owner, mail.id, [move.line])
    if move.task is not None:
        await commit.open_task(mail.owner, mail.id, move.task)


async def _original(commit: RecordSystemCommit, apprec: AppRec) -> ReceivedDocument:
    """Return what the AppRec is about: a MsgId is its sender's own, so that the AppRec's receiver tells which it is."""
    registry = commit.ports.policy.registry
    if registry.root(apprec.sender_her) != commit.owner:
        raise Refused(RecordSystemCode.APPREC_OF_ANOTHER, her_id=commit.her_id)
    for item in await by_any_form(partial(commit.uow.received, commit.owner, commit.her_id), apprec.original_msg_id):
        if item.sender == apprec.receiver_her:
            return item
    raise Refused(RecordSystemCode.APPREC_ABOUT_NOTHING, her_id=commit.her_id, sender=apprec.receiver_her)


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
    shown = await commit.uow.has_shown_samvik(item.owner, item.sender)
    draft = draft_apprec(ports, item.owner, envelope, document, item.msg_id, commit.mail.id, now, shown=shown)
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
        sender=commit.ports.policy.document_party(sender),
        receiver=commit.ports.policy.document_party(item.sender),
        status=apprec.status,
        errors=errors_of(apprec, commit.ports.policy),
        original_type=item.message_type,
        original_gen_date=(identity.gen_date if identity else None) or item.received_at,
        original_msg_id=item.msg_id,
        software_version=commit.ports.policy.software.version,
    )


async def _envelope(commit: MailCommit) -> Envelope:
    mail, ports = commit.mail, commit.ports
    raw = await commit.uow.raw(mail.owner, mail.id) or b""
    envelope = await ports.offload.run(len(raw), lambda: envelope_of(raw, ports.policy, mail.received_at))
    if envelope is None:
        raise OwnFault(RecordSystemCode.CANNOT_ADDRESS, id=mail.id)
    return envelope


async def _case_opened_by(commit: MailCommit, sender: HerId, msg_id: MsgId) -> Case | None:
    cases = await commit.uow.cases_by_conversation(commit.mail.owner, msg_id)
    return next((case for case in cases if not case.reporting and case.their_her == sender), None)


async def _start_clock(commit: MailCommit, case: Case, told_at: datetime) -> None:
    """Count from the day of the AppRec, as the other side does (design.md 9), where that is not the day of receipt."""
    start = start_of(told_at, commit.mail.received_at, commit.now)
    await start_clock(replace(commit, actor=ENGINE), case, start)
