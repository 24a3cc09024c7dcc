"""Dates and times as XML writes them (xs:dateTime, xs:date)."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
"""The zone of a time that names none: the documents are Norwegian (payload.md A, H)."""

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,20})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_MIDNIGHT = re.compile(r"24:00:00(\.0+)?(?=Z|[+-]|$)")
"""The end of a day, which XML allows: the first moment of the next."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_time(text: str, without_zone: tzinfo | None = OSLO) -> datetime:
    """Return an aware time. A time without a zone is one of `without_zone`; digits after the microseconds are dropped.

    Raises ValueError where the text is no xs:dateTime, has no zone and `without_zone` is None, or cannot be told in
    UTC. White space around it does not count (XML Schema part 2, 4.3.6).
    """
    text = text.strip(" \t\r\n")
    if not _DATE_TIME.fullmatch(text):
        raise ValueError("not an xs:dateTime")
    day, _, clock = text.partition("T")
    started = _MIDNIGHT.sub("00:00:00", clock, count=1)
    found = datetime.fromisoformat(f"{day}T{started}")
    if found.tzinfo is None and without_zone is None:
        raise ValueError("a time without a zone")
    found = found if found.tzinfo else found.replace(tzinfo=without_zone)
    try:
        found += timedelta(days=started != clock)
        found.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time out of range") from None
    return found


def write_time(moment: datetime) -> str:
    """Return an xs:dateTime in Oslo time with offset, to the second. Raises ValueError for a time without zone."""
    return _aware(moment).astimezone(OSLO).isoformat(timespec="seconds")


def exact_time(moment: datetime) -> str:
    """Return an xs:dateTime in the zone that the time has, fractions kept. Raises ValueError for one without zone."""
    return _aware(moment).isoformat()


def read_date(text: str) -> date:
    """Return a date. Raises ValueError where the text is no xs:date without zone."""
    if not _DATE.fullmatch(text):
        raise ValueError("not an xs:date")
    return date.fromisoformat(text)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a time without zone")
    return moment
