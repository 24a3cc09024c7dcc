"""The one reminder of a leg: sent in its window, held while the answer may be here, and noted when it leaves.

What calls it back is leaving the states in which the other side has the case: engine.casework.moves.
"""

from dataclasses import replace
from datetime import datetime

from engine.case.clock import reminder_may_leave
from engine.case.deadlines import LOOK_AGAIN, deadline_of
from engine.case.record import Case
from engine.casework.moves import call, move_case, set_timer
from engine.casework.possible_answers import HELD, HELD_TEXT, LOOK_SOON, answer_may_be_here
from engine.casework.thread import send_follow_up
from engine.commit.ports import Ports
from engine.deviation.follow_up import FollowUpKind
from engine.errors import OwnFault, Refused
from engine.outbound.deliveries import open_task
from engine.ports import UnitOfWork
from engine.records.log import Event
from engine.records.messages import OutgoingMessage
from engine.records.work import Work
from engine.states.case import PARTNER_HAS_IT, CaseEvent

DOUBT_TEXT = (
    "Purringen hadde frist før databasen ble gjenopprettet fra en sikkerhetskopi, og kan være sendt. Den sendes ikke "
    "av seg selv. Spør motparten, og send den om nødvendig med samvik case remind."
)


async def remind(uow: UnitOfWork, ports: Ports, case: Case, now: datetime) -> None:
    """Send the one reminder of this leg, in the sending window; where it has left before, escalate instead."""
    if case.reminded_at is not None:
        await move_case(uow, ports, case, CaseEvent.REMINDER_DUE, now, "motor", {"reminded_at": case.reminded_at})
        return
    if await _may_have_left(uow, case):
        await call(uow, ports, case, now, "reminder in doubt", DOUBT_TEXT)
        await wait_until(uow, case, now + LOOK_AGAIN)
        return
    leaves = reminder_may_leave(now, ports.policy.registry.terms(case.our_her, case.their_her, now).holiday_rule)
    if leaves > now:
        await wait_until(uow, case, leaves)
        return
    here = await answer_may_be_here(uow, ports, case, now)
    if here is not False:
        if here:
            await call(uow, ports, case, now, HELD, HELD_TEXT)
        await wait_until(uow, case, now + LOOK_SOON)
        return
    await _send(uow, ports, case, now)


async def _may_have_left(uow: UnitOfWork, case: Case) -> bool:
    """Say whether the reminder fell due before the database was restored from a backup that does not know of it."""
    restored = await uow.last_restored()
    return restored is not None and case.reminder_at is not None and case.reminder_at <= restored


async def remind_by_hand(uow: UnitOfWork, ports: Ports, case: Case, now: datetime, actor: str) -> None:
    """Send the reminder that a restore has left in doubt, because a person knows that it never arrived.

    Raises Refused where the case waits for no reminder of ours that is in doubt.
    """
    in_doubt = case.reminded_at is None and await _may_have_left(uow, case)
    if not (in_doubt and case.reporting and case.state in PARTNER_HAS_IT):
        raise Refused(f"Case {case.number} has no reminder in doubt. Reminders are otherwise sent by themselves.")
    await _send(uow, ports, case, now, actor)


async def _send(uow: UnitOfWork, ports: Ports, case: Case, now: datetime, actor: str = "motor") -> None:
    try:
        sent = await send_follow_up(uow, ports, case, FollowUpKind.PURRING, now)
    except Refused as error:
        await call(uow, ports, case, now, "reminder refused", f"Purringen kan ikke sendes: {error}")
        await wait_until(uow, case, now + LOOK_AGAIN)
        return
    if not await uow.claim_reminder(case.owner, case.id, case.sending_number, now, sent.id):
        raise OwnFault(
            f"case {case.number}: the reminder of leg {case.sending_number} was sent, but the case does not say so"
        )
    reminded = {"reminded_at": now, "last_msg_id": sent.msg_id}
    await move_case(uow, ports, case, CaseEvent.REMINDER_DUE, now, actor, reminded)


async def wait_until(uow: UnitOfWork, case: Case, at: datetime) -> None:
    """Look at a case again at a time, whatever its state's own deadline. Raises OwnFault where it has moved."""
    waiting = replace(case, deadline=at)
    if not await uow.settle_case(case.owner, waiting, was=case.state):
        raise OwnFault(f"case {case.number} was moved by another node")
    await set_timer(uow, waiting)


async def holds_back(uow: UnitOfWork, ports: Ports, work: Work, now: datetime) -> bool:
    """Say whether a message that is about to be tried is a reminder that must wait; its work is then put back.

    The case is read before its message: whoever moves a case and calls its reminder back takes them in this order.
    """
    case = await uow.case_of_reminder(work.owner, work.subject)
    here = await answer_may_be_here(uow, ports, case, now) if case is not None else False
    if here is False:
        return False
    message = await uow.outbound(work.owner, work.subject)
    if here and message is not None:
        await open_task(uow, ports, message, now, HELD, HELD_TEXT)
    await uow.finish_work(work)
    await uow.add_work(work.owner, work.kind, work.subject, work.partner, now + LOOK_SOON)
    return True


async def left_after_all(uow: UnitOfWork, message: OutgoingMessage, now: datetime) -> None:
    """Note that a reminder left while it was called back: it is then the one of its leg, and no other may follow."""
    case = await uow.case_of_reminder(message.owner, message.id)
    if case is None or case.reminded_at is not None:
        return
    if await uow.claim_reminder(case.owner, case.id, case.sending_number, now, message.id):
        await uow.log(case.owner, Event(now, case.id, "reminder left as it was called back", "motor"))
        reminded = replace(case, reminded_at=now)
        reminded = replace(reminded, deadline=deadline_of(reminded, now) if reminded.deadline else None)
        if not await uow.settle_case(case.owner, reminded, was=case.state):
            raise OwnFault(f"case {case.number} was moved by another node")
        await set_timer(uow, reminded)
