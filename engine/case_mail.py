"""What messages and time do to cases: deliveries start clocks, documents in a thread answer, deadlines remind once.

A message in a case's thread moves the case only if its sender is a party of the case (design.md 4).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from engine.assess import Accepted, Assessment, Rejected, judge_in_thread
from engine.case.calendar import oslo_date
from engine.case.clock import clock_from, reminder_may_leave, start_of
from engine.case.deadlines import LOOK_AGAIN, deadline_of
from engine.case.record import Case
from engine.case_moves import call, move_case, next_number, set_timer
from engine.cases import send_follow_up
from engine.deliveries import move
from engine.desk import Desk, open_task
from engine.errors import OwnFault, PayloadFault, Refused
from engine.msh.agreement import Terms
from engine.names import HerId
from engine.payload.deviation import FILE_NAME, MIME_TYPE, Deviation, DeviationKind
from engine.payload.deviation_xml import check_deviation, read_deviation, write_deviation
from engine.payload.followup import FOLLOW_UP_FILE, FollowUp, FollowUpKind, read_follow_up
from engine.payload.msghead import MsgHead
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
        changes = _clock(world.registry.terms(case.ours, case.theirs, now), start)
        await move_case(uow, world, case, CaseEvent.DELIVERED, now, "motor", changes)
    elif message.state in NEEDS_ACTION or message.state is DeliveryState.KANSELLERT:
        await move_case(uow, world, case, CaseEvent.DELIVERY_FAILED, now, "motor")


async def on_document(desk: Desk, found: Accepted) -> None:
    """Let a document that was just put into an inbox do what it does to a case: move one, open one, or nothing."""
    head = found.head
    thread = head.conversation or head.parent
    if thread is None:
        await _open_case(desk, found)
        return
    cases = await desk.uow.cases_by_conversation(found.owner, thread)
    if not cases:
        await _open_case(desk, found)
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
    follow_up = _follow_up(found.head)
    event = _event_of(case, follow_up)
    changes: dict[str, object] = {"last": found.head.msg_id}
    answers = event in {CaseEvent.ANSWERED, CaseEvent.REPLIED} and case.state not in _ENDED
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
    informs = case.kind in {DeviationKind.AVVIK_ORIENTERING, DeviationKind.RAABRA}
    return CaseEvent.INFORMED if event is CaseEvent.CONFIRMED and informs else event


def _follow_up(head: MsgHead) -> FollowUp | None:
    """Return the structured follow-up that a message carries; None for a plain one, or one that cannot be read."""
    for attachment in head.attachments:
        if attachment.name == FOLLOW_UP_FILE and attachment.mime_type == MIME_TYPE:
            try:
                return read_follow_up(attachment.content)
            except PayloadFault:
                return None
    return None


async def _open_case(desk: Desk, found: Accepted) -> None:
    """Open our side of a deviation that came: Samvik's own in treatment, a plain one to be judged."""
    deviation, note = _deviation(desk, found.head), found.head.dialog
    service = desk.world.registry.get(found.owner).deviation_service
    if deviation is not None:
        await _add_case(desk, found, deviation, CaseState.UNDER_BEHANDLING)
    elif found.destination.receiver == service and note.text.strip():
        await _add_case(desk, found, _draft(found.head), CaseState.TIL_VURDERING)


def _deviation(desk: Desk, head: MsgHead) -> Deviation | None:
    for attachment in head.attachments:
        if attachment.name == FILE_NAME and attachment.mime_type == MIME_TYPE:
            try:
                check_deviation(attachment.content, desk.world.deviation_schema)
                return read_deviation(attachment.content)
            except PayloadFault:
                return None
    return None


def _draft(head: MsgHead) -> Deviation:
    """Return what a plain message says as a draft: its text, and nothing of the patient it may name in its head."""
    title = " ".join(head.dialog.tema.split())[:100] or "Dialogmelding"
    sender = head.sender.party
    contact = (sender.unit.name if sender.unit else sender.name) or f"HER-id {head.sender_her}"
    text = head.dialog.text[:30_000]
    return Deviation(DeviationKind.AVVIK, str(head.msg_id), contact, False, title, text)


async def _add_case(desk: Desk, found: Accepted, deviation: Deviation, state: CaseState) -> None:
    head, world, now = found.head, desk.world, desk.now
    try:
        content = write_deviation(deviation)
    except Refused:
        await open_task(desk, found.owner, "no case made", "Et mottatt avvik kunne ikke bli sak. Se innboksen.")
        return
    number = await next_number(desk.uow, now)
    terms = world.registry.terms(found.envelope.from_her, found.envelope.to_her, now)
    case = Case(
        id=world.ids.new(),
        owner=found.owner,
        number=number,
        kind=deviation.kind.value,
        reporting=False,
        ours=found.destination.receiver,
        theirs=head.sender_her,
        state=state,
        opened_at=now,
        deadline=None,
        conversation=head.msg_id,
        last=head.msg_id,
        partner_number=deviation.case_number,
    )
    case = replace(case, **_clock(terms, oslo_date(now)))
    case = replace(case, deadline=deadline_of(case, now))
    await desk.uow.add_case(found.owner, case, content)
    data = {"number": number, "state": state}
    await desk.uow.log(found.owner, Event(now, case.id, "received", f"HER {head.sender_her}", data))
    await set_timer(desk.uow, case)
    await call(desk.uow, world, case, now, state, "Et avvik er kommet inn og venter på behandling.")


def _clock(terms: Terms, start: date) -> dict[str, Any]:
    clock = clock_from(start, terms.answer_days, terms.holiday_rule)
    return {"start": clock.start, "due": clock.due, "reminder_at": clock.reminder_at}
