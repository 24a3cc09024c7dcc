"""Dates and times as XML writes them (xs:dateTime, xs:date)."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
"""The zone of a time that names none: the documents are Norwegian (payload.md A, H)."""

_DATE_TIME = re.compile(r"(-?\d{4,}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_YEAR = re.compile(r"\d{4}-", re.ASCII)
_MICROSECONDS = len(".000000")
_FARTHEST = timedelta(hours=14)

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class OutOfRange(ValueError):
    """Raised for an xs:dateTime before the year 1 or after 9999, which no calendar of ours has."""


def read_time(text: str, without_zone: tzinfo | None = OSLO) -> datetime:
    """Return an aware time. A time without a zone is one of `without_zone`; digits after the microseconds are dropped.

    Raises ValueError where the text is no xs:dateTime, or has no zone and `without_zone` is None; OutOfRange where it
    cannot be told in UTC. White space around it does not count (XML Schema part 2, 4.3.6).
    """
    written = _DATE_TIME.fullmatch(text.strip(" \t\r\n"))
    if written is None:
        raise ValueError("not an xs:dateTime")
    day, clock, fraction, zone = written.groups("")
    if not _YEAR.match(day):
        raise OutOfRange
    # The end of a day, which XML allows, is the first moment of the next.
    ends = clock == "24:00:00" and not fraction.strip(".0")
    found = datetime.fromisoformat(f"{day}T{'00:00:00' if ends else clock}{fraction[:_MICROSECONDS]}{zone}")
    if found.tzinfo is None and without_zone is None:
        raise ValueError("a time without a zone")
    found = found if found.tzinfo else found.replace(tzinfo=without_zone)
    try:
        found += timedelta(days=ends)
        found.astimezone(UTC)
    except OverflowError:
        raise OutOfRange from None
    return found


def write_time(moment: datetime) -> str:
    """Return an xs:dateTime in Oslo time with offset, to the second. Raises ValueError for a time without zone."""
    return in_oslo(_aware(moment)).isoformat(timespec="seconds")


def exact_time(moment: datetime) -> str:
    """Return an xs:dateTime in the zone that the time has, fractions kept. Raises ValueError for one without zone.

    A zone that XML Schema cannot write, of seconds or farther than 14 hours from UTC, becomes UTC (part 2, 3.2.7.3).
    """
    offset = _aware(moment).utcoffset() or timedelta()
    writable = abs(offset) <= _FARTHEST and not offset % timedelta(minutes=1)
    return (moment if writable else moment.astimezone(UTC)).isoformat()


def in_oslo(moment: datetime) -> datetime:
    """Return an aware time in Oslo's zone; the last hours of the year 9999, which has no more days there, as they are.

    "9999-12-31T23:59:59Z" is what certificates without an end (RFC 5280 4.1.2.5), agreements and documents say.
    """
    try:
        return moment.astimezone(OSLO)
    except OverflowError:
        return moment.astimezone(UTC).replace(tzinfo=OSLO)


def read_date(text: str) -> date:
    """Return a date. Raises ValueError where the text is no xs:date without zone."""
    if not _DATE.fullmatch(text):
        raise ValueError("not an xs:date")
    return date.fromisoformat(text)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a time without zone")
    return moment
