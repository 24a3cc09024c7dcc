"""A mail that came in: gather what we know, decide, act, in one commit (design.md 3).

take it from the queue -> assess its bytes (engine.assess) -> examine its files (engine.examine) -> claim its id ->
signals and AppRecs move our own deliveries (engine.receipts), documents go to an inbox (engine.accept) -> one commit
of all that follows.
"""

import hashlib
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from engine.accept import on_accepted, on_rejected
from engine.assess import assess
from engine.assessment import (
    Accepted,
    Assessment,
    BadReceipt,
    Claimable,
    Ping,
    Quarantine,
    Receipt,
    Refusal,
    Rejected,
    Returned,
    Signal,
    Unverified,
    Wait,
    mail_id_of,
)
from engine.bounces import on_returned
from engine.deliveries import queue
from engine.desk import TIME_TO_READ, Desk, Outcome, open_task
from engine.drafts import draft_acknowledgment, draft_error, draft_pong
from engine.errors import Finding, OwnFault, SamvikError
from engine.examine import examined
from engine.huge import has_room
from engine.msh.retry import next_processing
from engine.names import OPERATOR, HerId
from engine.ports import UnitOfWork, Way
from engine.receipts import on_apprec, on_signal
from engine.records import Claim, ClaimKind, ClaimOutcome, Event, Header, Inbound, Kind, Task, Work, WorkKind
from engine.states.inbound import INBOUND, NEEDS_ACTION, OWNER_OF, InboundEvent, InboundState
from engine.states.table import advance
from engine.world import World

MOST_DEATHS = 5
SILENT_TRIES = 6
SAME_MAIL = timedelta(minutes=10)
"""How long the same bytes under the same Message-ID count as one mail that was delivered twice."""

WARNING = "warning"
MOST_NOTES = 20
LONGEST_WAIT = timedelta(days=1)
_WAITING = {InboundState.MOTTATT, InboundState.VENTER}


async def take_in(world: World, raw: bytes, peer: str) -> UUID:
    """Store a mail and queue its processing; when this returns, the bytes are committed (promise 1).

    Raises Unavailable where the store cannot be reached: the sender must then keep the mail.
    """
    mail = new_mail(world, raw, peer, len(raw))
    async with world.offload.room(Way.IN, len(raw), wait=True), world.store.begin() as uow:
        await keep(uow, mail, raw)
    return mail.id


def new_mail(world: World, raw: bytes, peer: str, size: int) -> Inbound:
    """Return the row of a mail that comes in now; `size` is how large it was where it came from."""
    now, digest = world.clock.now(), hashlib.sha256(raw).digest()
    return Inbound(world.ids.new(), OPERATOR, now, InboundState.MOTTATT, now + TIME_TO_READ, peer, size, digest)


async def keep(uow: UnitOfWork, mail: Inbound, raw: bytes) -> None:
    """Store a mail in a transaction, and queue its processing."""
    await _add(uow, mail, raw)
    await uow.add_work(OPERATOR, WorkKind.MOTTA, mail.id, "", mail.received_at)


async def set_aside(uow: UnitOfWork, world: World, mail: Inbound, head: bytes, reason: str) -> None:
    """Store the beginning of a mail that cannot be had whole, in quarantine with the reason."""
    await _add(uow, mail, head)
    outcome = Outcome(OPERATOR, InboundEvent.UNREADABLE, reason)
    await _settle(Desk(uow, world, mail, mail.received_at), outcome)


async def _add(uow: UnitOfWork, mail: Inbound, raw: bytes) -> None:
    await uow.add_inbound(OPERATOR, mail, raw)
    data = {"size": str(mail.size), "sha256": mail.sha256.hex()}
    await uow.log(OPERATOR, Event(mail.received_at, mail.id, "stored", mail.peer, data))


async def receive(work: Work, world: World) -> None:
    """Process one stored mail. Does nothing where another node has done it already.

    Raises Unavailable or OwnFault for what is not the mail's fault; nothing has then changed, and `give_up` is next.
    """
    now = world.clock.now()
    async with AsyncExitStack() as held:
        found = await _assessed(work, world, now, held)
        if found is not None:
            await _decided(work, world, await examined(world, work, found, now), now)


async def _assessed(work: Work, world: World, now: datetime, held: AsyncExitStack) -> Assessment | None:
    """Return what a mail amounts to, None where it is not to be processed now; what it was is then let go of."""
    async with world.store.begin() as uow:
        if await _is_poison(uow, world, work, now) or not await has_room(uow, world, work, Way.IN, held):
            return None
        raw = await uow.raw(work.owner, work.subject)
        if raw is None:
            # A row is its owner's, bytes and all, once it is decided on: another node had this work meanwhile.
            await uow.finish_work(work)
            return None
    return await world.offload.run(len(raw), partial(assess, raw, world, now))


async def _decided(work: Work, world: World, found: Assessment, now: datetime) -> None:
    async with world.store.begin() as uow:
        mail = await uow.inbound(work.owner, work.subject)
        if mail is None or mail.state not in _WAITING:
            await uow.finish_work(work)
            return
        mail = replace(mail, mail_id=mail_id_of(found))
        desk = Desk(uow, world, mail, now)
        if not isinstance(found, Wait):
            await _close_tasks(desk)
        await _conclude(desk, await _decide(desk, found), work)


async def _is_poison(uow: UnitOfWork, world: World, work: Work, now: datetime) -> bool:
    """Set aside a mail that node after node has died of; what only waits is no poison."""
    if work.deaths < MOST_DEATHS:
        return False
    mail = await uow.inbound(work.owner, work.subject)
    if mail is None or mail.state is not InboundState.MOTTATT:
        return False
    await uow.finish_work(work)
    reason = f"{work.deaths} nodes stopped while they processed it."
    await _settle(Desk(uow, world, mail, now), Outcome(work.owner, InboundEvent.UNREADABLE, reason))
    return True


async def give_up(work: Work, world: World, error: SamvikError) -> None:
    """Put work back that could not be done, with a longer wait each time; a mail then shows why, and calls a person."""
    now = world.clock.now()
    async with world.store.begin() as uow:
        mail = await uow.inbound(work.owner, work.subject) if work.kind is WorkKind.MOTTA else None
        if mail is not None and mail.state in _WAITING:
            outcome = Outcome(work.owner, InboundEvent.POSTPONED, str(error), mail.header)
            await _conclude(Desk(uow, world, mail, now), outcome, work)
            return
        due = next_processing(now, work.attempts + 1)
        await uow.postpone_work(work, due or now + LONGEST_WAIT)
        if work.attempts >= SILENT_TRIES:
            text = f"Arbeid av typen {work.kind} lykkes ikke: {error}"
            task = Task(world.ids.new(), work.owner, work.subject, "work fails", text, "drift", now, now + LONGEST_WAIT)
            await uow.open_task(work.owner, task)


async def _conclude(desk: Desk, outcome: Outcome, work: Work) -> None:
    """Settle the mail and its work together; what has waited long enough goes to quarantine."""
    due = next_processing(desk.now, work.attempts + 1) if outcome.event is InboundEvent.POSTPONED else None
    if due is not None:
        await desk.uow.postpone_work(work, due)
    else:
        await desk.uow.finish_work(work)
        if outcome.event is InboundEvent.POSTPONED:
            await _close_tasks(desk)
            outcome = replace(outcome, event=InboundEvent.UNREADABLE, reason=f"waited in vain: {outcome.reason}")
    await _settle(desk, outcome)


async def _decide(desk: Desk, found: Assessment) -> Outcome:
    match found:
        case Quarantine():
            return Outcome(found.owner or OPERATOR, InboundEvent.UNREADABLE, found.reason, found.header)
        case Wait():
            return Outcome(desk.mail.owner, InboundEvent.POSTPONED, found.reason, found.header)
        case Returned():
            return await on_returned(desk, found)
        case Unverified():
            return await _on_unverified(desk, found)
        case Refusal():
            return await _on_refusal(desk, found)
    return await _on_claimed(desk, found)


async def _on_unverified(desk: Desk, found: Unverified) -> Outcome:
    """Tell the registered address of the claimed sender, unless that could be used against somebody (promise 3)."""
    header, reason = found.header, _reason(found.finding)
    quarantined = Outcome(found.owner, InboundEvent.UNREADABLE, reason, header)
    if header.from_her is None or header.message_id is None or header.to_her is None:
        return quarantined
    if await desk.uow.look_up_claim(found.owner, ClaimKind.EBXML, header.from_her, header.message_id) is not None:
        return replace(quarantined, reason=f"{reason} Its id was acknowledged before, so it was not answered.")
    most = desk.world.refusals_an_hour
    if not await desk.uow.may_refuse(header.from_her, header.message_id, desk.now, most):
        return replace(quarantined, reason=f"{reason} Not answered once more.")
    return await _send_error(desk, found.owner, header, header.to_her, found.finding)


async def _on_refusal(desk: Desk, found: Refusal) -> Outcome:
    """Answer a verified message that breaks a rule; what failed leaves no claim on its id (promise 2)."""
    envelope = found.envelope
    known = await desk.uow.look_up_claim(found.owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id)
    if known is not None:
        reason = f"{_reason(found.finding)} Its id was acknowledged before, so it was not answered."
        return Outcome(found.owner, InboundEvent.CONFLICT, reason, envelope.header)
    ours = desk.world.owner_of(envelope.to_her) is not None
    answer_as = envelope.to_her if ours else desk.world.hosted[0]
    return await _send_error(desk, found.owner, envelope.header, answer_as, found.finding)


async def _send_error(desk: Desk, owner: HerId, header: Header, answer_as: HerId, finding: Finding) -> Outcome:
    await queue(desk.uow, desk.world, draft_error(desk.world, owner, header, answer_as, [finding], desk.now), desk.now)
    return Outcome(owner, InboundEvent.REFUSED, _reason(finding), header)


async def _on_claimed(desk: Desk, found: Claimable) -> Outcome:
    """Claim the MessageId by the ledger's unique key; what was claimed before is thereby told from what is new."""
    envelope, owner = found.envelope, found.owner
    id, digest = envelope.message_id, found.signed.digest
    claim = await desk.uow.claim(owner, ClaimKind.EBXML, envelope.from_her, id, digest, None, desk.now)
    if claim.outcome is ClaimOutcome.OTHER:
        reason = "Another message under the same MessageId was acknowledged before."
        return Outcome(owner, InboundEvent.CONFLICT, reason, envelope.header)
    if claim.outcome is ClaimOutcome.SAME:
        return await _on_duplicate(desk, found, claim)
    return await _on_new(desk, found)


async def _on_new(desk: Desk, found: Claimable) -> Outcome:
    await _note(desk, found)
    match found:
        case Signal():
            return await on_signal(desk, found)
        case Ping():
            return await _on_ping(desk, found)
        case Receipt() | BadReceipt():
            await _acknowledge(desk, found)
            return await on_apprec(desk, found)
        case Rejected():
            await _acknowledge(desk, found)
            return await on_rejected(desk, found)
        case Accepted():
            await _acknowledge(desk, found)
            return await on_accepted(desk, found)


async def _note(desk: Desk, found: Claimable) -> None:
    """Show on the mail's timeline where it departs from the rules without being refused for it."""
    actor = _actor(found.envelope.header)
    for note in found.notes[:MOST_NOTES]:
        data = {"rule": note.rule, "reason": f"{note.description} ({note.location})"}
        await desk.uow.log(found.owner, Event(desk.now, desk.mail.id, WARNING, actor, data))


async def _on_ping(desk: Desk, found: Ping) -> Outcome:
    """Answer a Ping; a later copy of it gets the same Pong again."""
    envelope, owner = found.envelope, found.owner
    sent = await queue(desk.uow, desk.world, draft_pong(desk.world, owner, envelope, desk.now), desk.now)
    await desk.uow.set_claim_answer(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, sent.id)
    return Outcome(owner, InboundEvent.PINGED, "", envelope.header, Kind.KVITTERING)


async def _acknowledge(desk: Desk, found: Claimable) -> None:
    envelope, owner = found.envelope, found.owner
    if not envelope.ack_requested:
        return
    references = [reference.element for reference in found.signed.references]
    draft = draft_acknowledgment(desk.world, owner, envelope, references, desk.now)
    sent = await queue(desk.uow, desk.world, draft, desk.now)
    await desk.uow.set_claim_answer(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, sent.id)


async def _on_duplicate(desk: Desk, found: Claimable, claim: Claim) -> Outcome:
    """Send the stored Acknowledgment again, the same bytes in a new mail (transport.md D).

    Not where the very same mail was answered a moment ago: a mail server delivered it twice, nobody asked twice (T6).
    """
    owner, envelope, mail = found.owner, found.envelope, desk.mail
    same = mail.mail_id and await desk.uow.saw_mail(owner, mail, envelope.message_id, desk.now - SAME_MAIL)
    if same:
        reason = "The very same mail was answered a moment ago."
        return Outcome(owner, InboundEvent.DUPLICATE, reason, envelope.header, _kind(found))
    if claim.answer is not None:
        partner = desk.world.registry.root(envelope.from_her) or ""
        await desk.uow.add_work(owner, WorkKind.SEND, claim.answer, partner, desk.now)
        await desk.uow.log(owner, Event(desk.now, claim.answer, "again for a duplicate", "motor"))
    return Outcome(owner, InboundEvent.DUPLICATE, "MessageId seen before.", envelope.header, _kind(found))


async def _settle(desk: Desk, outcome: Outcome) -> None:
    """Write the mail's new state with its log line, task and next look, in the transaction of the decision."""
    mail, now = desk.mail, desk.now
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
    if not await desk.uow.settle_inbound(mail.owner, settled, was=mail.state):
        raise OwnFault(f"mail {mail.id} was moved by another node")
    data = {"state": step.state, "reason": outcome.reason}
    await desk.uow.log(outcome.owner, Event(now, mail.id, outcome.event, _actor(outcome.header), data))
    if settled.state is InboundState.RUTET and deadline is not None:
        await desk.uow.add_work(settled.owner, WorkKind.FRIST, settled.id, "", deadline)
    await _call_for_people(desk, settled)


async def _close_tasks(desk: Desk) -> None:
    """Close what called for people while the mail waited: before the decision, which may open tasks of its own."""
    await desk.uow.close_tasks_of(desk.mail.owner, desk.mail.id, desk.now, "decided")


async def _call_for_people(desk: Desk, mail: Inbound) -> None:
    if mail.state in NEEDS_ACTION:
        await open_task(desk, mail.owner, mail.state, _TASK_TEXT[mail.state])


_TASK_TEXT = {
    InboundState.KARANTENE: "En melding er satt i karantene. Se årsaken, og slipp den med release eller avvis den.",
    InboundState.VENTER: "En melding kan ikke behandles nå. Se årsaken og rett den; det prøves igjen av seg selv.",
}


def _kind(found: Claimable) -> Kind:
    if isinstance(found, Signal):
        return Kind.KVITTERING if found.envelope.acknowledges else Kind.FEIL
    if isinstance(found, Ping):
        return Kind.KVITTERING
    return Kind.APPREC if isinstance(found, Receipt | BadReceipt) else Kind.MELDING


def _reason(finding: Finding) -> str:
    return f"{finding.code}, rule {finding.rule}: {finding.description}"


def _actor(header: Header) -> str:
    return f"HER {header.from_her}" if header.from_her else "unknown"
