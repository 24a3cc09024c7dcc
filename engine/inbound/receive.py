"""A mail that came in: gather what we know, decide, act, in one commit (design.md 3).

take it from the queue -> judge its bytes (engine.verdict.mail) -> scan its files (engine.inbound.virus_scan) ->
claim its id -> signals and AppRecs move our own deliveries (engine.delivery.receipts), documents go to an inbox
(engine.inbound.documents) -> one commit of all that follows.
"""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from engine.codes.mail import MailCode
from engine.codes.statement import Statement, read_statement
from engine.commit.actor import ENGINE
from engine.commit.large_work import has_room
from engine.commit.mail import MailCommit, Outcome, open_task
from engine.commit.ports import Ports
from engine.delivery.bounces import on_returned
from engine.delivery.receipts import on_apprec, on_signal
from engine.errors import OwnFault, SamvikError
from engine.inbound.answering import _acknowledge, _on_duplicate, _on_ping, _on_refusal, _on_unverified
from engine.inbound.documents import on_accepted, on_rejected
from engine.inbound.virus_scan import examined
from engine.msh.retry import next_processing
from engine.names import OPERATOR
from engine.ports import UnitOfWork, Way
from engine.records.log import Event, Task
from engine.records.messages import ClaimKind, ClaimOutcome, Header, IncomingMail
from engine.records.work import Work, WorkKind
from engine.states.inbound import INBOUND, NEEDS_ACTION, OWNER_OF, InboundEvent, InboundState
from engine.states.table import advance
from engine.verdict.kinds import (
    ApprecReceived,
    ApprecUnreadable,
    Assessment,
    Claimable,
    DocumentRefused,
    DocumentTaken,
    Ping,
    Quarantine,
    Returned,
    RuleBroken,
    Signal,
    Unverified,
    Wait,
    mail_id_of,
)
from engine.verdict.mail import assess

MOST_DEATHS = 5
SILENT_TRIES = 6

WARNING = "warning"
MOST_NOTES = 20
LONGEST_WAIT = timedelta(days=1)
_WAITING = {InboundState.MOTTATT, InboundState.VENTER}


async def receive(work: Work, ports: Ports) -> None:
    """Process one stored mail. Does nothing where another node has done it already.

    Raises Unavailable or OwnFault for what is not the mail's fault; nothing has then changed, and `give_up` is next.
    """
    now = ports.clock.now()
    async with AsyncExitStack() as held:
        found = await _assessed(work, ports, now, held)
        if found is not None:
            await _decided(work, ports, await examined(ports, work, found, now), now)


async def _assessed(work: Work, ports: Ports, now: datetime, held: AsyncExitStack) -> Assessment | None:
    """Return what a mail amounts to, None where it is not to be processed now; what it was is then let go of."""
    async with ports.store.begin() as uow:
        if await _is_poison(uow, ports, work, now) or not await has_room(uow, ports, work, Way.IN, held):
            return None
        raw = await uow.raw(work.owner, work.subject)
        if raw is None:
            # A row is its owner's, bytes and all, once it is decided on: another node had this work meanwhile.
            await uow.finish_work(work)
            return None
    return await ports.offload.run(len(raw), partial(assess, raw, ports, now))


async def _decided(work: Work, ports: Ports, found: Assessment, now: datetime) -> None:
    async with ports.store.begin() as uow:
        mail = await uow.inbound(work.owner, work.subject)
        if mail is None or mail.state not in _WAITING:
            await uow.finish_work(work)
            return
        mail = replace(mail, mail_id=mail_id_of(found))
        commit = MailCommit(uow, ports, now, ENGINE, mail)
        if not isinstance(found, Wait):
            await _close_tasks(commit)
        await _conclude(commit, await _decide(commit, found), work)


async def _is_poison(uow: UnitOfWork, ports: Ports, work: Work, now: datetime) -> bool:
    """Set aside a mail that node after node has died of; what only waits is no poison."""
    if work.deaths < MOST_DEATHS:
        return False
    mail = await uow.inbound(work.owner, work.subject)
    if mail is None or mail.state is not InboundState.MOTTATT:
        return False
    await uow.finish_work(work)
    reason = f"{work.deaths} nodes stopped while they processed it."
    await _settle(MailCommit(uow, ports, now, ENGINE, mail), Outcome(work.owner, InboundEvent.UNREADABLE, reason))
    return True


async def give_up(work: Work, ports: Ports, error: SamvikError) -> None:
    """Put work back that could not be done, with a longer wait each time; a mail then shows why, and calls a person."""
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        mail = await uow.inbound(work.owner, work.subject) if work.kind is WorkKind.MOTTA else None
        if mail is not None and mail.state in _WAITING:
            outcome = Outcome(work.owner, InboundEvent.POSTPONED, str(error), mail.header)
            await _conclude(MailCommit(uow, ports, now, ENGINE, mail), outcome, work)
            return
        due = next_processing(now, work.attempts + 1)
        await uow.postpone_work(work, due or now + LONGEST_WAIT)
        if work.attempts >= SILENT_TRIES:
            text = f"Arbeid av typen {work.kind} lykkes ikke: {error}"
            task = Task(ports.ids.new(), work.owner, work.subject, "work fails", text, "drift", now, now + LONGEST_WAIT)
            await uow.open_task(work.owner, task)


async def _conclude(commit: MailCommit, outcome: Outcome, work: Work) -> None:
    """Settle the mail and its work together; what has waited long enough goes to quarantine."""
    due = next_processing(commit.now, work.attempts + 1) if outcome.event is InboundEvent.POSTPONED else None
    if due is not None:
        await commit.uow.postpone_work(work, due)
    else:
        await commit.uow.finish_work(work)
        if outcome.event is InboundEvent.POSTPONED:
            await _close_tasks(commit)
            outcome = replace(outcome, event=InboundEvent.UNREADABLE, reason=_waited(outcome.reason))
    await _settle(commit, outcome)


def _waited(reason: str) -> str:
    return str(Statement.of(MailCode.WAITED_TOO_LONG, why=read_statement(reason) or reason))


async def _decide(commit: MailCommit, found: Assessment) -> Outcome:
    match found:
        case Quarantine():
            return Outcome(found.owner or OPERATOR, InboundEvent.UNREADABLE, found.reason, found.header)
        case Wait():
            return Outcome(commit.mail.owner, InboundEvent.POSTPONED, found.reason, found.header)
        case Returned():
            return await on_returned(commit, found)
        case Unverified():
            return await _on_unverified(commit, found)
        case RuleBroken():
            return await _on_refusal(commit, found)
    return await _on_claimed(commit, found)


async def _on_claimed(commit: MailCommit, found: Claimable) -> Outcome:
    """Claim the MessageId by the ledger's unique key; what was claimed before is thereby told from what is new."""
    envelope, owner = found.envelope, found.owner
    id, digest = envelope.message_id, found.signed.digest
    claim = await commit.uow.claim(owner, ClaimKind.EBXML, envelope.from_her, id, digest, None, commit.now)
    if claim.outcome is ClaimOutcome.OTHER:
        reason = "Another message under the same MessageId was acknowledged before."
        return Outcome(owner, InboundEvent.CONFLICT, reason, envelope.header)
    if claim.outcome is ClaimOutcome.SAME:
        return await _on_duplicate(commit, found, claim)
    return await _on_new(commit, found)


async def _on_new(commit: MailCommit, found: Claimable) -> Outcome:
    await _note(commit, found)
    match found:
        case Signal():
            return await on_signal(commit, found)
        case Ping():
            return await _on_ping(commit, found)
        case ApprecReceived() | ApprecUnreadable():
            await _acknowledge(commit, found)
            return await on_apprec(commit, found)
        case DocumentRefused():
            await _acknowledge(commit, found)
            return await on_rejected(commit, found)
        case DocumentTaken():
            await _acknowledge(commit, found)
            return await on_accepted(commit, found)


async def _note(commit: MailCommit, found: Claimable) -> None:
    """Show on the mail's timeline where it departs from the rules without being refused for it."""
    actor = _actor(found.envelope.header)
    for note in found.notes[:MOST_NOTES]:
        data = {"rule": note.rule, "reason": str(note.with_place)}
        await commit.uow.log(found.owner, Event(commit.now, commit.mail.id, WARNING, actor, data))


async def _settle(commit: MailCommit, outcome: Outcome) -> None:
    """Write the mail's new state with its log line, task and next look, in the transaction of the decision."""
    mail, now = commit.mail, commit.now
    step = advance(INBOUND, mail.state, outcome.event)
    deadline = (now + outcome.deadline if step.moved else mail.deadline) if step.state in OWNER_OF else None
    settled = replace(
        mail,
        owner=outcome.owner,
        state=step.state,
        deadline=deadline,
        kind=outcome.kind,
        header=outcome.header,
        msg_id=outcome.msg_id,
        apprec=outcome.apprec,
        reason=outcome.reason,
    )
    if not await commit.uow.settle_inbound(mail.owner, settled, was=mail.state):
        raise OwnFault(f"mail {mail.id} was moved by another node")
    data = {"state": step.state, "reason": outcome.reason}
    await commit.uow.log(outcome.owner, Event(now, mail.id, outcome.event, _actor(outcome.header), data))
    if settled.state is InboundState.RUTET and deadline is not None:
        await commit.uow.add_work(settled.owner, WorkKind.FRIST, settled.id, "", deadline)
    await _call_for_people(commit, settled)


async def _close_tasks(commit: MailCommit) -> None:
    """Close what called for people while the mail waited: before the decision, which may open tasks of its own."""
    await commit.uow.close_tasks_of(commit.mail.owner, commit.mail.id, commit.now, "decided")


async def _call_for_people(commit: MailCommit, mail: IncomingMail) -> None:
    if mail.state in NEEDS_ACTION:
        await open_task(commit, mail.owner, mail.state, _TASK_TEXT[mail.state])


_TASK_TEXT = {
    InboundState.KARANTENE: "En melding er satt i karantene. Se årsaken, og slipp den med release eller avvis den.",
    InboundState.VENTER: "En melding kan ikke behandles nå. Se årsaken og rett den; det prøves igjen av seg selv.",
}


def _actor(header: Header) -> str:
    return f"HER {header.from_her}" if header.from_her else "unknown"
