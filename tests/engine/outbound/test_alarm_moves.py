"""When operations is told of a trouble with a partner: patience, repeats and calm, in stated times."""

from datetime import timedelta

import pytest

from engine.errors import Refused
from engine.outbound.alarm_moves import on_closed_by_hand, on_failure, on_success, on_time
from engine.records.log import Action, Cause
from engine.states.alarm import AlarmState
from tests.fakes.store.rows import alarm
from tests.fakes.world.clock import START

S = AlarmState
MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)


def test_an_open_alarm_is_told_again_every_four_hours() -> None:
    """Not a second before, and the four hours begin anew each time."""
    told = alarm(state=S.APEN, told_at=START)
    assert on_time(told, START + 4 * HOUR - SECOND) is None
    move = on_time(told, START + 4 * HOUR)
    assert move is not None
    assert move.line is not None
    assert (move.line.action, move.alarm.told_at, move.alarm.state) == (
        Action.ALARM_REPEATED,
        START + 4 * HOUR,
        S.APEN,
    )


@pytest.mark.parametrize(
    ("cause", "count", "patience"),
    [
        (Cause.UTSATT, 3, 15 * MINUTE),
        (Cause.INGEN_VEI_UT, 2, 15 * MINUTE),
        (Cause.AVVIST, 1, 0 * MINUTE),
        (Cause.AVVIST_TRANSPORT, 1, 0 * MINUTE),
        (Cause.INGEN_KVITTERING, 1, 0 * MINUTE),
        (Cause.INGEN_APPREC, 1, 0 * MINUTE),
    ],
)
def test_a_trouble_opens_when_it_has_failed_often_and_long_enough(
    cause: Cause, count: int, patience: timedelta
) -> None:
    """One failure less, or a second earlier, and nobody is told."""
    seen = alarm(cause=cause, state=S.OBSERVERT, count=count, first_at=START, told_at=None)
    move = on_time(seen, START + patience)
    assert move is not None
    assert move.line is not None
    assert (move.alarm.state, move.line.action) == (S.APEN, Action.ALARM_OPENED)
    assert move.line.data == {"partner": "200", "cause": cause, "count": str(count), "state": "APEN"}
    fewer = alarm(cause=cause, state=S.OBSERVERT, count=count - 1, first_at=START, told_at=None)
    assert on_time(fewer, START + patience) is None
    assert not patience or on_time(seen, START + patience - SECOND) is None


def test_a_trouble_that_was_not_worth_an_alarm_is_forgotten_after_a_day() -> None:
    """Nobody is told of its end either."""
    seen = alarm(cause=Cause.UTSATT, state=S.OBSERVERT, count=1, last_at=START, told_at=None)
    assert on_time(seen, START + 24 * HOUR - SECOND) is None
    move = on_time(seen, START + 24 * HOUR)
    assert move is not None
    assert (move.alarm.state, move.line, move.alarm.told_at) == (S.LUKKET, None, None)


def test_what_works_again_is_over_after_a_quarter_of_an_hour() -> None:
    """And not before; operations is told once."""
    better = alarm(state=S.BEDRET, last_at=START)
    assert on_time(better, START + 15 * MINUTE - SECOND) is None
    move = on_time(better, START + 15 * MINUTE)
    assert move is not None
    assert move.line is not None
    assert (move.alarm.state, move.line.action) == (S.LUKKET, Action.ALARM_CLOSED)


def test_a_closed_alarm_begins_anew_with_the_next_failure() -> None:
    """Its count and its times are those of the new trouble."""
    closed = alarm(state=S.LUKKET, count=9, told_at=START)
    move = on_failure(closed, START + HOUR)
    assert (move.alarm.state, move.alarm.count) == (S.OBSERVERT, 1)
    assert (move.alarm.first_at, move.alarm.told_at, move.line) == (START + HOUR, None, None)
    again = on_failure(alarm(state=S.BEDRET, count=9), START + HOUR)
    assert (again.alarm.state, again.alarm.count, again.alarm.first_at) == (S.APEN, 9, START)


def test_a_success_is_noted_with_its_time() -> None:
    """The quarter of an hour counts from what worked."""
    move = on_success(alarm(state=S.APEN), START + HOUR)
    assert (move.alarm.state, move.alarm.last_at) == (S.BEDRET, START + HOUR)


def test_a_person_closes_what_is_open_and_says_why() -> None:
    """The line has the reason; what is not open is refused."""
    move = on_closed_by_hand(alarm(state=S.APEN), "varslet nedetid")
    assert move.line is not None
    assert (move.alarm.state, move.line.action, move.line.data["reason"]) == (
        S.LUKKET,
        Action.ALARM_CLOSED,
        "varslet nedetid",
    )
    for state in (S.LUKKET, S.OBSERVERT):
        with pytest.raises(Refused, match=r"operations\.not_possible"):
            on_closed_by_hand(alarm(state=state), "varslet nedetid")
