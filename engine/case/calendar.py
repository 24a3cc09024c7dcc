"""Working days and the sending window, counted in Europe/Oslo (process.md 2.5)."""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from engine.times import OSLO, in_oslo

OPENS, CLOSES = time(8), time(15)
_ONE_DAY = timedelta(days=1)


@cache
def _public_holidays() -> Container[date]:
    # The library knows every country, and takes long to import: only who counts working days needs it.
    from holidays import country_holidays

    return country_holidays("NO")


def oslo_date(at: datetime) -> date:
    """Return the date that it is in Oslo at an aware time."""
    return in_oslo(at).date()


def is_working_day(day: date) -> bool:
    """True for Monday to Friday, except Norwegian public holidays. 24 and 31 December are working days."""
    return day.weekday() < 5 and day not in _public_holidays()


def working_day_from(day: date) -> date:
    """Return the first working day that is `day` or later."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """Return the day that is `count` working days after `day`."""
    for _ in range(count):
        day = working_day_from(day + _ONE_DAY)
    return day


def opening(day: date) -> datetime:
    """Return when the sending window opens on a day, in UTC."""
    return datetime.combine(day, OPENS, OSLO).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the last moment of a day in Oslo, 24:00, in UTC."""
    return datetime.combine(day + _ONE_DAY, time(), OSLO).astimezone(UTC)


def noon_of(day: date) -> datetime:
    """Return noon of a day in Oslo, in UTC, for what is known by its day alone."""
    return datetime.combine(day, time(12), OSLO).astimezone(UTC)


def next_window(at: datetime, *, working_days_only: bool) -> datetime:
    """Return the first moment at or after `at` that lies in a sending window (08:00 to 15:00 Oslo), in UTC."""
    local = in_oslo(at)
    day = local.date() if local.time() < CLOSES else local.date() + _ONE_DAY
    first = working_day_from(day) if working_days_only else day
    return max(opening(first), at.astimezone(UTC)) if first == local.date() else opening(first)
