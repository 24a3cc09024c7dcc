"""Write what was decided on a mail, in the transaction of the decision."""

from datetime import UTC

from engine.casework.following import on_document
from engine.codes.inbound import InboundCode
from engine.commit.mail import MailCommit, Outcome
from engine.delivery.bounces import on_returned
from engine.delivery.receipts import on_apprec, on_signal
from engine.errors import OwnFault
from engine.inbound.answering import acknowledge, send_reply
from engine.inbound.decision import Decision
from engine.inbound.settle import Settled, conclude, settle
from engine.inbound.unverified import note_unverified
from engine.inbox.notices import queue_notices
from engine.names import HerId
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event
from engine.records.work import Work, WorkKind
from engine.register.parties import InboxKind
from engine.states.inbound import InboundEvent
from engine.verdict.kinds import (
    ApprecReceived,
    ApprecUnreadable,
    DocumentTaken,
    Quarantine,
    Returned,
    Signal,
    Verdict,
    Verified,
)


async def apply(commit: MailCommit, verdict: Verdict, decision: Decision, work: Work) -> None:
    """Write all that follows for a mail and its work."""
    if decision.outcome is None or decision.outcome.event is not InboundEvent.POSTPONED:
        await _close_tasks(commit)
    if isinstance(verdict, Verified):
        await _take(commit, verdict, decision)
    if isinstance(verdict, Quarantine) and verdict.told:
        await note_unverified(commit, verdict)
    for reply in decision.replies:
        await send_reply(commit, verdict, reply)
    outcome = decision.outcome or await _deliveries(commit, verdict)
    await apply_outcome(commit, outcome, work)


async def apply_outcome(commit: MailCommit, outcome: Outcome, work: Work) -> None:
    """Settle a mail and its work together."""
    settled, due = conclude(outcome, work.attempts, commit.now)
    if due is not None:
        await commit.uow.postpone_work(work, due)
    else:
        await commit.uow.finish_work(work)
        if settled is not outcome:
            await _close_tasks(commit)
    await _write(commit, settle(commit.mail, settled, commit.now))


async def apply_settled(commit: MailCommit, outcome: Outcome) -> None:
    """Write a mail as its outcome leaves it, with its log line, task and next look."""
    await _write(commit, settle(commit.mail, outcome, commit.now))


async def _write(commit: MailCommit, settled: Settled) -> None:
    if not await commit.uow.settle_inbound(commit.mail.owner, settled.mail, commit.mail.state, commit.raw):
        raise OwnFault(InboundCode.MOVED_MEANWHILE, mail=commit.mail.id)
    mail, actor = settled.mail, _actor(settled.mail.header.from_her)
    await commit.uow.log(mail.owner, Event(commit.now, mail.id, settled.line.action, actor, dict(settled.line.data)))
    if settled.look_at is not None:
        await commit.uow.add_work(mail.owner, WorkKind.FRIST, mail.id, "", settled.look_at)
    if settled.task is not None:
        await commit.open_task(mail.owner, mail.id, settled.task)


async def _take(commit: MailCommit, verdict: Verified, decision: Decision) -> None:
    actor = _actor(verdict.envelope.from_her)
    for line in decision.warnings:
        event = Event(commit.now, commit.mail.id, line.action, actor, dict(line.data))
        await commit.uow.log(verdict.owner, event)
    if decision.acknowledged:
        await acknowledge(commit, verdict)
    if decision.received and isinstance(verdict, DocumentTaken):
        await _put_in_inbox(commit, verdict)
        await on_document(commit, verdict)
    for task in decision.tasks:
        await commit.open_task(verdict.owner, commit.mail.id, task)


async def _put_in_inbox(commit: MailCommit, verdict: DocumentTaken) -> None:
    head, to, sent_at = verdict.head, verdict.destination, verdict.envelope.timestamp
    item = ReceivedDocument(
        id=commit.ports.ids.new(),
        owner=verdict.owner,
        receiver=to.receiver,
        addressed_to=to.addressed_to,
        sender=head.sender_her,
        msg_id=head.msg_id,
        message_type=head.type,
        received_at=commit.mail.received_at,
        inbound=commit.mail.id,
        conversation=head.conversation,
        parent=head.parent,
        note=to.note,
        made_at=min(head.gen_date, sent_at or head.gen_date).astimezone(UTC),
    )
    await commit.uow.add_inbox_item(verdict.owner, item, verdict.document)
    if commit.ports.policy.registry.get(to.receiver).inbox is InboxKind.FOLDER:
        await commit.uow.add_work(verdict.owner, WorkKind.INNBOKS, item.id, "", commit.now)
    await queue_notices(commit.uow, commit.ports, item, commit.now)


async def _deliveries(commit: MailCommit, verdict: Verdict) -> Outcome:
    """Let what is said of our own messages move them."""
    match verdict:
        case Returned():
            return await on_returned(commit, verdict)
        case Signal():
            return await on_signal(commit, verdict)
        case ApprecReceived() | ApprecUnreadable():
            return await on_apprec(commit, verdict)
    raise OwnFault(InboundCode.UNDECIDED, mail=commit.mail.id)


async def _close_tasks(commit: MailCommit) -> None:
    """Close what called for people while the mail waited: before the decision opens tasks of its own."""
    await commit.uow.close_tasks_of(commit.mail.owner, commit.mail.id, commit.now, "decided")


def _actor(from_her: HerId | None) -> str:
    return f"HER {from_her}" if from_her else "unknown"
