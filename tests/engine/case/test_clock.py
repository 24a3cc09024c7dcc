"""The clock: starts, due dates and reminders over weekends, holidays, leap years and both changes of the clock."""

from datetime import UTC, date, datetime

import pytest

from engine.agreements.terms import HolidayRule
from engine.case.calendar import add_working_days, end_of, is_working_day, next_window
from engine.case.clock import clock_from, reminder_may_leave, start_of

NEXT, NONE, DUE_MOVES = HolidayRule.SEND_NEXT_WORKDAY, HolidayRule.NONE, HolidayRule.DUE_NEXT_WORKDAY


def utc(text: str) -> datetime:
    """Return a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("told_at", "start", "due", "reminder"),
    [
        # an ordinary week: due Wednesday, reminder Thursday 08:00 (winter, UTC+1)
        ("2026-01-12T10:00", "2026-01-12", "2026-02-11", "2026-02-12T07:00"),
        # due on a Friday: the reminder waits for Monday
        ("2026-02-11T10:00", "2026-02-11", "2026-03-13", "2026-03-16T07:00"),
        # 31 January, not a leap year: due 2 March
        ("2026-01-31T10:00", "2026-01-31", "2026-03-02", "2026-03-03T07:00"),
        # 31 January of a leap year: due 1 March
        ("2028-01-31T10:00", "2028-01-31", "2028-03-01", "2028-03-02T07:00"),
        # due on the Wednesday before Easter 2026: Thursday to Monday are holidays, so Tuesday 7 April (summer time)
        ("2026-03-02T10:00", "2026-03-02", "2026-04-01", "2026-04-07T06:00"),
        # due on 17 May, a Sunday: the due date stands, the reminder leaves on Monday
        ("2026-04-17T10:00", "2026-04-17", "2026-05-17", "2026-05-18T06:00"),
        # due on 16 May 2029, so the day after is the holiday of 17 May: the reminder leaves on Friday the 18th
        ("2029-04-16T10:00", "2029-04-16", "2029-05-16", "2029-05-18T06:00"),
        # over the change to summer time: 08:00 is 06:00 UTC
        ("2026-03-10T10:00", "2026-03-10", "2026-04-09", "2026-04-10T06:00"),
        # over the change to winter time: 08:00 is 07:00 UTC
        ("2026-10-05T10:00", "2026-10-05", "2026-11-04", "2026-11-05T07:00"),
        # 23:30 UTC is the next day in Oslo
        ("2026-06-01T23:30", "2026-06-02", "2026-07-02", "2026-07-03T06:00"),
        # over Christmas: due 24 December, an ordinary day; 25 to 27 are holiday and weekend
        ("2026-11-24T10:00", "2026-11-24", "2026-12-24", "2026-12-28T07:00"),
        # received on 28 February of a leap year
        ("2028-02-28T10:00", "2028-02-28", "2028-03-29", "2028-03-30T06:00"),
    ],
)
def test_reminder_table(told_at: str, start: str, due: str, reminder: str) -> None:
    """From the AppRec's time follow the start, the due date and the moment of the one reminder."""
    began = start_of(utc(told_at), utc("2000-01-01T00:00"), utc("2099-01-01T00:00"))
    clock = clock_from(began, 30, NEXT)
    assert (clock.start, clock.due, clock.reminder_at) == (
        date.fromisoformat(start),
        date.fromisoformat(due),
        utc(reminder),
    )


def test_rule_none_reminds_on_day_31_whatever_the_day() -> None:
    """Without a holiday rule the reminder leaves at 08:00 on day 31, also on a Saturday."""
    clock = clock_from(date(2026, 2, 11), 30, NONE)
    assert clock.reminder_at == utc("2026-03-14T07:00")


def test_rule_due_next_workday_moves_the_due_date() -> None:
    """Where the agreement says so, a due date on a Sunday and holiday moves to the next working day."""
    clock = clock_from(date(2026, 4, 17), 30, DUE_MOVES)
    assert (clock.due, clock.reminder_at) == (date(2026, 5, 18), utc("2026-05-19T06:00"))


@pytest.mark.parametrize(("second", "in_time"), [("21:59:59", True), ("22:00:00", False)])
def test_answer_is_in_time_until_midnight_in_oslo(second: str, in_time: bool) -> None:
    """An answer one second before midnight in Oslo is in time, one at midnight is late."""
    clock = clock_from(date(2026, 6, 2), 30, NEXT)
    assert (utc(f"2026-07-02T{second}") < end_of(clock.due)) is in_time


@pytest.mark.parametrize(
    ("told_at", "start"),
    [
        ("2026-03-05T12:00", date(2026, 3, 5)),
        ("2026-03-01T12:00", date(2026, 3, 4)),
        ("2031-01-01T12:00", date(2026, 3, 6)),
    ],
)
def test_start_is_kept_between_first_try_and_receipt(told_at: str, start: date) -> None:
    """A GenDate before our first try or after our receipt counts as that moment."""
    assert start_of(utc(told_at), utc("2026-03-04T08:00"), utc("2026-03-06T08:00")) == start


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-03-16T07:00", "2026-03-16T07:00"),
        ("2026-03-16T06:59:59", "2026-03-16T07:00"),
        ("2026-03-16T13:59:59", "2026-03-16T13:59:59"),
        ("2026-03-16T14:00", "2026-03-17T07:00"),
        ("2026-03-20T14:00", "2026-03-23T07:00"),
        ("2026-03-27T20:00", "2026-03-30T06:00"),
        ("2026-04-02T10:00", "2026-04-07T06:00"),
    ],
)
def test_missed_reminder_leaves_in_the_next_window(now: str, leaves: str) -> None:
    """A reminder that no node sent in time leaves at once within the window, else when the next one opens."""
    assert reminder_may_leave(utc(now), NEXT) == utc(leaves)


def test_window_of_every_day_where_holidays_do_not_count() -> None:
    """Without a holiday rule the window opens on Saturdays too."""
    assert next_window(utc("2026-03-21T03:00"), working_days_only=False) == utc("2026-03-21T07:00")


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 4, 2), False),
        (date(2026, 4, 6), False),
        (date(2026, 5, 1), False),
        (date(2026, 5, 14), False),
        (date(2026, 5, 25), False),
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_norwegian_public_holidays(day: date, working: bool) -> None:
    """Public holidays are no working days; Christmas Eve and New Year's Eve are."""
    assert is_working_day(day) is working


def test_working_days_are_counted_over_a_weekend() -> None:
    """Five working days from a Thursday end on the Thursday after."""
    assert add_working_days(date(2026, 3, 12), 5) == date(2026, 3, 19)


@pytest.mark.parametrize(
    ("day", "end"), [(date(2026, 3, 29), "2026-03-29T22:00"), (date(2026, 10, 25), "2026-10-25T23:00")]
)
def test_day_of_a_clock_change_ends_at_its_own_midnight(day: date, end: str) -> None:
    """The days on which the clock changes end at 24:00 Oslo, 23 or 25 hours after they began."""
    assert end_of(day) == utc(end)
