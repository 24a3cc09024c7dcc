"""The one reminder to each receiver: sent in its window, held while the answer may be here, and noted when it leaves.

Leaving the states in which the other side has the case recalls it: engine.casework.decide.
"""

from datetime import datetime

from engine.case.record import Case
from engine.casework.apply import apply
from engine.casework.possible_answers import LOOK_SOON, PossibleAnswer, possible_answer
from engine.casework.reminder_decisions import (
    before_reminder,
    decide_left_after_all,
    decide_reminder,
    decide_reminder_by_hand,
    held,
)
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.commit.tasks import desk_task
from engine.ports import UnitOfWork
from engine.records.log import TaskCause
from engine.records.messages import OutgoingMessage
from engine.records.work import Work


async def remind(commit: Commit, case: Case) -> Case:
    """Send the reminder that is due, in the sending window. Where it has left before, escalate instead."""
    rule = commit.ports.policy.registry.terms(case.our_her, case.their_her, commit.now).holiday_rule
    move = before_reminder(case, await commit.uow.last_restored(), rule, commit.now)
    if move is None:
        answer = await possible_answer(commit.uow, commit.ports, case, commit.now)
        move = decide_reminder(case, answer, commit.now)
    return await apply(commit, move)


async def remind_by_hand(commit: Commit, case: Case) -> Case:
    """Send the reminder that a restore has left in doubt. Raises Refused where none is in doubt."""
    return await apply(commit, decide_reminder_by_hand(case, await commit.uow.last_restored(), commit.now))


async def holds_back(uow: UnitOfWork, ports: Ports, work: Work, now: datetime) -> bool:
    """Say whether a message that is about to be tried is a reminder that must wait. Its work is then put back.

    The case is read before its message: whoever moves a case and recalls its reminder locks them in this order.
    """
    case = await uow.case_of_reminder(work.owner, work.subject)
    answer = await possible_answer(uow, ports, case, now) if case is not None else PossibleAnswer.NONE
    if case is None or answer is PossibleAnswer.NONE:
        return False
    message = await uow.outbound(work.owner, work.subject)
    if answer is PossibleAnswer.OLD and message is not None:
        task = desk_task(TaskCause.REMINDER_HELD, held(case), now)
        await Commit(uow, ports, now, ENGINE).open_task(message.owner, message.id, task)
    await uow.finish_work(work)
    await uow.add_work(work.owner, work.kind, work.subject, work.partner, now + LOOK_SOON)
    return True


async def left_after_all(uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime) -> None:
    """Note that a reminder left while it was recalled: it is then the one reminder, and no other may follow."""
    case = await uow.case_of_reminder(message.owner, message.id)
    if case is None or case.reminded_at is not None:
        return
    if await uow.claim_reminder(case.owner, case.id, case.sending_number, now, message.id):
        await apply(Commit(uow, ports, now, ENGINE), decide_left_after_all(case, now))
