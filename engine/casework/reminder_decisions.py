"""When the one reminder to a receiver leaves, waits, or calls a person: pure functions."""

from dataclasses import replace
from datetime import datetime

from engine.agreements.terms import HolidayRule
from engine.case.clock import reminder_may_leave
from engine.case.deadlines import LOOK_AGAIN, deadline_of
from engine.case.record import Case
from engine.casework.decide import advance_case, task_about, wait_until
from engine.casework.move import FollowUpToSend, Move
from engine.casework.possible_answers import LOOK_SOON, PossibleAnswer
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.move import LogLine
from engine.deviation.follow_up import FollowUpKind
from engine.errors import Refused
from engine.records.log import Action, TaskCause
from engine.states.case import PARTNER_HAS_IT, CaseEvent


def before_reminder(case: Case, last_restored: datetime | None, rule: HolidayRule, now: datetime) -> Move | None:
    """Return what keeps a reminder that is due from leaving now; None where only an undecided mail could.

    Where it has left before, the case escalates. Where a restore left it in doubt, a person is called. Outside the
    sending window it waits for the next one.
    """
    if case.reminded_at is not None:
        return advance_case(case, CaseEvent.REMINDER_DUE, now)
    if is_in_doubt(case, last_restored):
        said = Statement.of(CaseTaskCode.REMINDER_IN_DOUBT, number=case.number)
        return wait_until(case, now + LOOK_AGAIN, task_about(case, TaskCause.REMINDER_IN_DOUBT, said, now))
    leaves = reminder_may_leave(now, rule)
    return wait_until(case, leaves) if leaves > now else None


def decide_reminder(case: Case, answer: PossibleAnswer, now: datetime) -> Move:
    """Return the reminder, or a short wait while a mail that may be the answer is not decided."""
    if answer is PossibleAnswer.NONE:
        return send_reminder(case, now)
    said = held(case)
    tasks = [task_about(case, TaskCause.REMINDER_HELD, said, now)] if answer is PossibleAnswer.OLD else []
    return wait_until(case, now + LOOK_SOON, *tasks)


def decide_reminder_by_hand(case: Case, last_restored: datetime | None, now: datetime) -> Move:
    """Return the reminder that a person sends, knowing that it never arrived.

    Raises Refused where the case waits for no reminder of ours that a restore left in doubt.
    """
    if not (case.reporting and case.state in PARTNER_HAS_IT and is_in_doubt(case, last_restored)):
        raise Refused(CaseCode.NO_REMINDER_IN_DOUBT, number=case.number)
    return send_reminder(case, now)


def send_reminder(case: Case, now: datetime) -> Move:
    """Return the move that sends the reminder. Where no message can go, a person is called and it is tried again."""

    def refused(error: Refused) -> Move:
        said = Statement.of(CaseTaskCode.REMINDER_REFUSED, number=case.number, error=error.statement)
        return wait_until(case, now + LOOK_AGAIN, task_about(case, TaskCause.REMINDER_REFUSED, said, now))

    move = advance_case(case, CaseEvent.REMINDER_DUE, now, replace(case, reminded_at=now))
    return move.sending(FollowUpToSend(FollowUpKind.PURRING), refused)


def decide_left_after_all(case: Case, now: datetime) -> Move:
    """Return what a case notes where its reminder left while it was recalled: no other may follow."""
    reminded = replace(case, reminded_at=now)
    if reminded.deadline is not None:
        reminded = replace(reminded, deadline=deadline_of(reminded, now))
    return Move(case=reminded, was=case, lines=(LogLine(Action.REMINDER_LEFT),))


def is_in_doubt(case: Case, last_restored: datetime | None) -> bool:
    """True where the reminder fell due before the database was restored from a backup that does not know of it."""
    if case.reminded_at is not None or case.reminder_at is None or last_restored is None:
        return False
    return case.reminder_at <= last_restored


def held(case: Case) -> Statement:
    """Return why a reminder is held back."""
    return Statement.of(CaseTaskCode.REMINDER_HELD, number=case.number)
