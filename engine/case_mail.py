"""What messages and time do to cases: deliveries start clocks, documents in a thread answer, deadlines remind once.

A message in a case's thread moves the case only if its sender is a party of the case (design.md 4).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.assess import Accepted, Assessment, Rejected, judge_in_thread
from engine.case.clock import reminder_may_leave, start_of
from engine.case.deadlines import LOOK_AGAIN
from engine.case.record import Case
from engine.case_moves import call, clock_of, move_case, set_timer
from engine.case_opening import open_case
from engine.case_thread import send_follow_up
from engine.deliveries import move
from engine.desk import Desk, open_task
from engine.errors import OwnFault, Refused
from engine.names import HerId
from engine.payload.followup import FollowUp, FollowUpKind, follow_up_in
from engine.ports import UnitOfWork
from engine.records import Event, Outbound, Work
from engine.states.case import FINAL_STATES, PARTNER_HAS_IT, REMINDABLE, CaseEvent, CaseState
from engine.states.delivery import NEEDS_ACTION, DeliveryEvent, DeliveryState
from engine.world import World

_TO_REPORTER = {
    FollowUpKind.BEKREFTELSE: CaseEvent.CONFIRMED,
    FollowUpKind.FORELOPIG_SVAR: CaseEvent.ANSWERED_INTERIM,
    FollowUpKind.SVAR: CaseEvent.ANSWERED,
}
_TO_RECEIVER = {FollowUpKind.PURRING: CaseEvent.REMINDED, FollowUpKind.TRUKKET: CaseEvent.WITHDRAWN}
_DELIVERED = {DeliveryState.LEVERT, DeliveryState.LEVERT_MED_FEIL, DeliveryState.LEVERT_MANUELT}
_ENDED = FINAL_STATES | {CaseState.BESVART, CaseState.ORIENTERT}
_LATE = {
    CaseState.PURRET: CaseEvent.OVERDUE,
    CaseState.SVAR_IKKE_VURDERT: CaseEvent.ASSESSMENT_OVERDUE,
    CaseState.BESVART: CaseEvent.CLOSING_DUE,
    CaseState.ORIENTERT: CaseEvent.CLOSING_DUE,
}


async def after_delivery(
    uow: UnitOfWork, world: World, message: Outbound, now: datetime, told_at: datetime | None = None
) -> None:
    """Let a case follow the delivery of its deviation: delivered starts the clock, failed calls a person.

    `told_at` is the AppRec's own time.
    """
    case = await uow.case_by_delivery(message.owner, message.id)
    if case is None:
        return
    if message.state in _DELIVERED and case.clock is None:
        start = start_of(told_at or now, message.created_at, now)
        changes = clock_of(world, case, start, now)
        await move_case(uow, world, case, CaseEvent.DELIVERED, now, "motor", changes)
    elif message.state in NEEDS_ACTION or message.state is DeliveryState.KANSELLERT:
        await move_case(uow, world, case, CaseEvent.DELIVERY_FAILED, now, "motor")


async def on_document(desk: Desk, found: Accepted) -> None:
    """Let a document that was just put into an inbox do what it does to a case: move one, open one, or nothing."""
    head = found.head
    thread = head.conversation or head.parent
    if thread is None:
        await open_case(desk, found)
        return
    cases = await desk.uow.cases_by_conversation(found.owner, thread)
    if not cases:
        await open_case(desk, found)
        return
    case = _case_between(desk.world, cases, head.sender_her, found.destination.addressed_to)
    if case is None:
        case = cases[0]
        await desk.uow.log(found.owner, Event(desk.now, case.id, "message from a stranger", f"HER {head.sender_her}"))
        text = f"En melding i sakens tråd kom fra HER-id {head.sender_her}, som ikke er part i saken."
        await open_task(desk, found.owner, "stranger in a thread", text)
        return
    await _in_thread(desk, found, case)


async def reconsidered(desk: Desk, found: Assessment) -> Assessment:
    """Take a document for a retired HER-id for its successor where it belongs to an open case (design.md 6).

    A reference to a thread is anybody's claim: it counts only from a party of a case that is ours and open.
    """
    if not isinstance(found, Rejected) or found.thread is None or found.identity is None:
        return found
    sender = found.identity.sender
    for case in await desk.uow.cases_by_conversation(found.owner, found.thread) if sender else ():
        if case.state not in FINAL_STATES and sender and _is_party(desk.world, case, sender.lowest):
            return judge_in_thread(found, desk.world, desk.now)
    return found


async def look_at_case(work: Work, world: World) -> None:
    """Act on a case whose deadline has come: remind once, escalate, close, or call a person again."""
    now = world.clock.now()
    async with world.store.begin() as uow:
        case = await uow.case(work.owner, work.subject)
        await uow.finish_work(work)
        if case is None or case.deadline is None:
            return
        if case.deadline > now:
            await set_timer(uow, case)
        elif case.reporting and case.state in REMINDABLE and case.clock is not None:
            await _remind(uow, world, case, now)
        elif case.state in _LATE:
            answered = {"answered_at": case.answered_at}
            await move_case(uow, world, case, _LATE[case.state], now, "motor", answered)
        else:
            await _call_again(uow, world, case, now)


async def _remind(uow: UnitOfWork, world: World, case: Case, now: datetime) -> None:
    """Send the one reminder of this leg, in the sending window; where it has left before, escalate instead."""
    if case.reminded_at is not None:
        await move_case(uow, world, case, CaseEvent.REMINDER_DUE, now, "motor", {"reminded_at": case.reminded_at})
        return
    leaves = reminder_may_leave(now, world.registry.terms(case.ours, case.theirs, now).holiday_rule)
    if leaves > now:
        await _wait_until(uow, case, leaves)
        return
    try:
        sent = await send_follow_up(uow, world, case, FollowUpKind.PURRING, now)
    except Refused as error:
        await call(uow, world, case, now, "reminder refused", f"Purringen kan ikke sendes: {error}")
        await _wait_until(uow, case, now + LOOK_AGAIN)
        return
    if not await uow.claim_reminder(case.owner, case.id, case.leg, now):
        raise OwnFault(f"case {case.number}: the reminder of leg {case.leg} was sent, but the case does not say so")
    reminded = {"reminded_at": now, "last": sent.msg_id}
    await move_case(uow, world, case, CaseEvent.REMINDER_DUE, now, "motor", reminded)


async def _wait_until(uow: UnitOfWork, case: Case, at: datetime) -> None:
    waiting = replace(case, deadline=at)
    if not await uow.settle_case(case.owner, waiting, was=case.state):
        raise OwnFault(f"case {case.number} was moved by another node")
    await set_timer(uow, waiting)


async def _call_again(uow: UnitOfWork, world: World, case: Case, now: datetime) -> None:
    await call(uow, world, case, now, "deadline passed", "Fristen er passert.")
    await _wait_until(uow, case, now + LOOK_AGAIN)


def _case_between(world: World, cases: Sequence[Case], sender: HerId, receiver: HerId) -> Case | None:
    """Return the case whose two sides these are: exactly so first, since both may belong to one enterprise."""
    for case in cases:
        if (case.theirs, case.ours) == (sender, receiver):
            return case
    return next((case for case in cases if _is_party(world, case, sender)), None)


def _is_party(world: World, case: Case, sender: HerId) -> bool:
    root = world.registry.root(sender)
    return (
        sender == case.theirs
        or (root is not None and root == world.registry.root(case.theirs) != world.registry.root(case.ours))
        or (world.registry.is_successor(sender, of=case.theirs))
    )


async def _in_thread(desk: Desk, found: Accepted, case: Case) -> None:
    follow_up = follow_up_in(found.head.attachments)
    event = _event_of(case, follow_up)
    answers = event in {CaseEvent.ANSWERED, CaseEvent.REPLIED} and case.state not in _ENDED
    changes = await _noted(desk, found, case, event)
    if answers:
        changes["answered_at"] = desk.now
    if answers and case.state is not CaseState.SVAR_IKKE_VURDERT:
        changes["former"] = case.state if case.state in PARTNER_HAS_IT else CaseState.LEVERT
    actor = f"HER {found.head.sender_her}"
    if event is CaseEvent.REPLIED and not case.reporting:
        await call(desk.uow, desk.world, case, desk.now, "message", "Melderen har skrevet i tråden. Se innboksen.")
        return
    if event is CaseEvent.ANSWERED and case.state is CaseState.PURRET:
        await _call_back_reminder(desk, case)
    moved = await move_case(desk.uow, desk.world, case, event, desk.now, actor, changes)
    if moved.state is case.state and event is CaseEvent.REPLIED:
        await call(desk.uow, desk.world, case, desk.now, "reply", "En melding i tråden ligger i innboksen.")


async def _noted(desk: Desk, found: Accepted, case: Case, event: CaseEvent) -> dict[str, object]:
    """Return what a message changes in its case beside the state.

    A confirmation is answered by nobody, so it is not the latest; it proves delivery, and starts a clock that the
    AppRec has not started. While the reminder is the latest it stays so: an answer must find it to call it back.
    """
    if event is CaseEvent.CONFIRMED and case.clock is None:
        message = await desk.uow.outbound(case.owner, case.delivery) if case.delivery else None
        first_sent = message.created_at if message else case.opened_at
        return clock_of(desk.world, case, start_of(found.head.gen_date, first_sent, desk.now), desk.now)
    silent = event in {CaseEvent.CONFIRMED, CaseEvent.INFORMED} or case.state is CaseState.PURRET
    return {} if silent else {"last": found.head.msg_id}


async def _call_back_reminder(desk: Desk, case: Case) -> None:
    """Keep a reminder that no mail server has taken yet from leaving after the answer."""
    waiting = await desk.uow.outbound_by_msg_id(case.owner, case.last) if case.last else []
    for message in waiting:
        if message.state is DeliveryState.KO and message.attempts == 0:
            reason = {"reason": "The answer came first."}
            await move(desk.uow, desk.world, message, DeliveryEvent.CANCEL, desk.now, "motor", reason)


def _event_of(case: Case, follow_up: FollowUp | None) -> CaseEvent:
    """Return what a message means to this side of a case; what is out of place counts as a plain reply."""
    if follow_up is None:
        return CaseEvent.REPLIED
    meanings = _TO_REPORTER if case.reporting else _TO_RECEIVER
    event = meanings.get(follow_up.kind, CaseEvent.REPLIED)
    return CaseEvent.INFORMED if event is CaseEvent.CONFIRMED and case.for_information else event
