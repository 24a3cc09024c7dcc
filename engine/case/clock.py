"""The 30-day clock of a case: when it starts, when an answer is due, when the one reminder leaves (design.md 9).

Both sides count from the same date: the positive AppRec's own time, kept between the sender's first try and the receipt
of the AppRec, so that a wrong clock at one side moves no date far. Days are days in Oslo; instants are aware UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engine.agreements.terms import HolidayRule
from engine.case.calendar import next_window, opening, oslo_date, working_day_from

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A running clock. `due` is the last day to answer, `reminder_at` the first moment that a reminder may leave."""

    start: date
    due: date
    reminder_at: datetime


def start_of(told_at: datetime, first_sent: datetime, received_at: datetime) -> date:
    """Return the day that the clock starts: the Oslo date of the AppRec's GenDate, kept within what we know."""
    return oslo_date(min(max(told_at, first_sent), received_at))


def clock_from(start: date, answer_days: int, rule: HolidayRule) -> Clock:
    """Return the clock of a deviation whose delivery was confirmed on `start`."""
    due = start + timedelta(days=answer_days)
    if rule is HolidayRule.DUE_NEXT_WORKDAY:
        due = working_day_from(due)
    after = due + _ONE_DAY
    day = after if rule is HolidayRule.NONE else working_day_from(after)
    return Clock(start, due, opening(day))


def reminder_may_leave(at: datetime, rule: HolidayRule) -> datetime:
    """Return when a reminder that is due leaves: now, or when the next sending window that the rule allows opens."""
    return next_window(at, working_days_only=rule is not HolidayRule.NONE).astimezone(UTC)
