"""By when the owner of an open state must act. The rule is in states.case.OPEN; the counting is here."""

from datetime import datetime, timedelta

from engine.case.calendar import add_working_days, end_of, oslo_date
from engine.case.record import Case
from engine.states.case import FINAL_STATES, OPEN, Limit

ESCALATE_AFTER = timedelta(days=14)
"""How long after the reminder a case without an answer is over time (process.md 2.5)."""

LOOK_AGAIN = timedelta(days=7)
"""How often a person is called again about a case that stays in its state after the deadline."""


def deadline_of(case: Case, now: datetime) -> datetime | None:
    """Return the deadline of a case that has just come to its state, None for a state that waits for nobody.

    A case with the partner waits for its reminder, and once that has left, for the time to escalate. A case that we
    treat has until its due date ends. A case for information only has no clock: its receiver has two working days to
    confirm, and its reporter is called after 14 days.
    """
    if case.state in FINAL_STATES:
        return None
    _, limit, count = OPEN[case.state]
    if limit is Limit.REMINDER:
        return _by_the_clock(case, now)
    if limit is Limit.WORKING_DAYS:
        return end_of(add_working_days(oslo_date(now), count))
    return now + timedelta(days=count)


def waits_for_clock(case: Case) -> bool:
    """True where the deadline of a case's state is counted by its clock, so that it changes when the clock does."""
    return case.state in OPEN and OPEN[case.state][1] is Limit.REMINDER


def _by_the_clock(case: Case, now: datetime) -> datetime:
    clock = case.clock
    if clock is None and case.reporting and case.for_information:
        return now + ESCALATE_AFTER
    if clock is None:
        return end_of(add_working_days(oslo_date(now), 2))
    if not case.reporting:
        return max(end_of(clock.due), now + LOOK_AGAIN) if now >= end_of(clock.due) else end_of(clock.due)
    if case.reminded_at is not None:
        return max(case.reminded_at + ESCALATE_AFTER, now)
    return max(clock.reminder_at, now)
