"""When the one reminder to a receiver leaves, waits, or calls a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.agreements.terms import HolidayRule
from engine.casework.move import FollowUpToSend
from engine.casework.possible_answers import PossibleAnswer
from engine.casework.reminder_decisions import (
    before_reminder,
    decide_left_after_all,
    decide_reminder,
    decide_reminder_by_hand,
    is_in_doubt,
)
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.move import LogLine
from engine.deviation.follow_up import FollowUpKind
from engine.errors import Refused
from engine.records.log import Action, TaskCause
from engine.states.case import CaseEvent, CaseState
from tests.fakes.decisions.casework import NOW, STARTED, received, reported

S = CaseState
RULE = HolidayRule.SEND_NEXT_WORKDAY
LEAVES = datetime(2026, 4, 7, 6, tzinfo=UTC)
DUE = reported(S.LEVERT, **STARTED)


def test_in_its_window_nothing_holds_it_but_an_answer() -> None:
    """At eight in the morning of the first working day after the due date."""
    assert before_reminder(DUE, None, RULE, LEAVES) is None


@pytest.mark.parametrize(
    ("rule", "now", "leaves"),
    [
        (RULE, datetime(2026, 4, 7, 13, tzinfo=UTC), datetime(2026, 4, 8, 6, tzinfo=UTC)),
        (RULE, datetime(2026, 4, 4, 9, tzinfo=UTC), LEAVES),
        (HolidayRule.NONE, datetime(2026, 4, 4, 5, tzinfo=UTC), datetime(2026, 4, 4, 6, tzinfo=UTC)),
    ],
)
def test_outside_its_window_it_waits_for_the_next(rule: HolidayRule, now: datetime, leaves: datetime) -> None:
    """After three in the afternoon, and on holidays where the rule says so."""
    move = before_reminder(DUE, None, rule, now)
    assert move is not None
    assert (move.case, move.tasks, move.message) == (replace(DUE, deadline=leaves), (), None)


def test_a_reminder_that_has_left_escalates() -> None:
    """The case goes to PURRET without another message."""
    move = before_reminder(replace(DUE, reminded_at=NOW), None, RULE, LEAVES)
    assert move is not None
    assert (move.case.state, move.case.reminded_at, move.message) == (S.PURRET, NOW, None)


def test_a_restore_leaves_it_in_doubt() -> None:
    """Due before the database was restored it may have left: a person decides, asked again after a week."""
    move = before_reminder(DUE, LEAVES, RULE, LEAVES)
    assert move is not None
    assert (move.case, move.message) == (replace(DUE, deadline=LEAVES + timedelta(days=7)), None)
    said = Statement.of(CaseTaskCode.REMINDER_IN_DOUBT, number=DUE.number)
    assert [(task.cause, task.said) for task in move.tasks] == [(TaskCause.REMINDER_IN_DOUBT, said)]
    assert before_reminder(DUE, LEAVES - timedelta(seconds=1), RULE, LEAVES) is None


def test_doubt_needs_a_reminder_that_was_due() -> None:
    """Nothing is in doubt without a restore, without a clock, or once the reminder is known to have left."""
    assert is_in_doubt(DUE, LEAVES)
    for case, restored in ((DUE, None), (reported(), LEAVES), (replace(DUE, reminded_at=NOW), LEAVES)):
        assert not is_in_doubt(case, restored)


def test_it_is_sent_where_no_answer_is_possible() -> None:
    """The case is reminded now, and goes to PURRET for two weeks."""
    move = decide_reminder(DUE, PossibleAnswer.NONE, LEAVES)
    assert (move.case.state, move.case.reminded_at, move.case.deadline) == (
        S.PURRET,
        LEAVES,
        LEAVES + timedelta(days=14),
    )
    assert move.message == FollowUpToSend(FollowUpKind.PURRING)
    assert move.lines == (LogLine(CaseEvent.REMINDER_DUE, {"state": S.PURRET}),)


@pytest.mark.parametrize(("answer", "calls"), [(PossibleAnswer.NEW, 0), (PossibleAnswer.OLD, 1)])
def test_it_is_held_while_the_answer_may_be_here(answer: PossibleAnswer, calls: int) -> None:
    """It is looked at again after five minutes; a person is called once the mail has lain for long."""
    move = decide_reminder(DUE, answer, LEAVES)
    assert (move.case, move.message) == (replace(DUE, deadline=LEAVES + timedelta(minutes=5)), None)
    assert [task.cause for task in move.tasks] == [TaskCause.REMINDER_HELD] * calls


def test_where_no_message_can_go_a_person_is_called() -> None:
    """The case is not reminded, and it is tried again after a week."""
    move = decide_reminder(DUE, PossibleAnswer.NONE, LEAVES)
    assert move.if_refused is not None
    waits = move.if_refused(Refused(CaseCode.NO_THREAD, number=DUE.number))
    assert waits.case == replace(DUE, deadline=LEAVES + timedelta(days=7))
    error = Statement.of(CaseCode.NO_THREAD, number=DUE.number)
    said = Statement.of(CaseTaskCode.REMINDER_REFUSED, number=DUE.number, error=error)
    assert [(task.cause, task.said) for task in waits.tasks] == [(TaskCause.REMINDER_REFUSED, said)]


def test_by_hand_only_what_is_in_doubt() -> None:
    """A person sends the reminder of a case of ours, with the partner, that a restore left in doubt; no other."""
    assert decide_reminder_by_hand(DUE, LEAVES, LEAVES).message == FollowUpToSend(FollowUpKind.PURRING)
    for case, restored in (
        (DUE, None),
        (replace(DUE, state=S.BESVART), LEAVES),
        (received(S.UNDER_BEHANDLING, **STARTED), LEAVES),
    ):
        with pytest.raises(Refused, match=r"case\.no_reminder_in_doubt"):
            decide_reminder_by_hand(case, restored, LEAVES)


def test_one_that_left_as_it_was_recalled_is_noted() -> None:
    """The case says that it was reminded, and its deadline follows; one that has ended has none."""
    move = decide_left_after_all(DUE, LEAVES)
    assert (move.case.reminded_at, move.case.deadline) == (LEAVES, LEAVES + timedelta(days=14))
    assert move.lines == (LogLine(Action.REMINDER_LEFT),)
    ended = reported(S.LUKKET, deadline=None)
    assert decide_left_after_all(ended, LEAVES).case == replace(ended, reminded_at=LEAVES)
