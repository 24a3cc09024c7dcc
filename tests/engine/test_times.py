"""Times of documents are aware, and Oslo's where no zone is written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from engine.times import OutOfRange, exact_time, in_oslo, read_date, read_time, write_time


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-20T10:15:30+01:00", datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)),
        ("2026-11-20T10:15:30Z", datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC)),
        ("2026-11-20T10:15:30", datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)),
        ("\n  2026-11-20T10:15:30Z\t", datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC)),
        ("2026-03-02T24:00:00", datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),
        ("2026-12-31T24:00:00.000Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-03-28T24:00:00+01:00", datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
        ("2026-07-01T10:00:00", datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        ("2026-11-20T10:15:30." + "1" * 99, datetime(2026, 11, 20, 9, 15, 30, 111111, tzinfo=UTC)),
        ("2026-11-19T24:00:00." + "0" * 99 + "Z", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T10:15:30+14:00", datetime(2026, 11, 19, 20, 15, 30, tzinfo=UTC)),
        ("2026-11-20T10:15:30-00:00", datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC)),
        ("2019-01-16T22:51:35.5317672+01:00", datetime(2019, 1, 16, 21, 51, 35, 531767, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_the_moment_it_names(text, utc):
    """Zones count, a missing zone is Oslo's in winter and summer, and seven decimals are read."""
    assert read_time(text) == utc
    assert read_time(text).utcoffset() is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-20",
        "2026-11-20 10:15:30",
        "2026-13-20T10:15:30",
        "0001-01-01T00:00:00+14:00",
        "2026-11-20T24:00:01",
        "2026-11-20T24:01:00",
        "2026-11-20T24:00:00.001",
        "2026-11-20T25:00:00",
        "9999-12-31T24:00:00",
        "20261120T101530",
        "9999-12-31T23:59:59-14:00",
        "2026-11-20T10:15:30+25:00",
        "٢٠٢٦-11-20T10:15:30",
        "2026-11-20T10:15:30.",
        "2026-11-20T10:15:305Z",
        "2026-11-20T24:00:00." + "0" * 30 + "1",
        "0000-01-01T00:00:00Z",
        "+2026-11-20T10:15:30Z",
        "2026-11-20T23:59:60Z",
        "2026-11-20T10:15:30z",
    ],
)
def test_what_is_no_time_is_refused(text):
    """Dates alone, other notations, other digits and moments outside the calendar are ValueErrors."""
    with pytest.raises(ValueError):  # noqa: PT011 - the standard library words some of them
        read_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "10000-01-01T00:00:00Z",
        "123456789-11-20T10:15:30.5+01:00",
        "-0044-03-15T12:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T24:00:00Z",
    ],
)
def test_a_time_that_no_calendar_has_is_told_as_that(text):
    """XML Schema has years before 1 and after 9999, which are no fault of form."""
    with pytest.raises(OutOfRange):
        read_time(text)


@pytest.mark.parametrize(
    ("moment", "oslo"),
    [
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59+01:00"),
        (datetime(9999, 12, 31, 22, 30, tzinfo=UTC), "9999-12-31T23:30:00+01:00"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=-14))), "0001-01-01T14:43:00+00:43"),
        (datetime(2026, 7, 1, tzinfo=UTC), "2026-07-01T02:00:00+02:00"),
    ],
)
def test_every_moment_that_is_read_can_be_told_in_oslo(moment, oslo):
    """Also the last hours of 9999, which certificates without an end name (RFC 5280 4.1.2.5)."""
    assert in_oslo(moment).isoformat() == write_time(moment) == oslo


@pytest.mark.parametrize("minutes", [14 * 60 + 1, -15 * 60, 23 * 60, 43.5])
def test_a_zone_that_xml_cannot_write_becomes_utc(minutes):
    """No document of ours repeats an offset over 14 hours, or one of seconds (XML Schema part 2, 3.2.7.3)."""
    moment = datetime(2026, 11, 20, 12, tzinfo=timezone(timedelta(minutes=minutes)))
    assert exact_time(moment) == moment.astimezone(UTC).isoformat()


def test_a_time_without_zone_is_one_of_the_zone_that_is_meant():
    """Whoever reads says which zone is meant; where none is, a time without zone is refused."""
    assert read_time("2026-11-20T10:15:30", without_zone=UTC) == datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        read_time("2026-11-20T10:15:30", without_zone=None)


def test_times_are_written_in_oslo_time_with_offset():
    """GenDate carries an offset and no fractions, whatever zone it was given in."""
    assert write_time(datetime(2026, 7, 1, 8, 0, 0, 999, tzinfo=UTC)) == "2026-07-01T10:00:00+02:00"


def test_a_repeated_time_keeps_its_own_zone_and_fractions():
    """The GenDate of another's document goes back as exactly as it came."""
    assert exact_time(read_time("2026-11-20T10:15:30.25+03:00")) == "2026-11-20T10:15:30.250000+03:00"


def test_a_time_without_zone_is_never_written():
    """A naive time is a fault of ours."""
    for write in (write_time, exact_time):
        with pytest.raises(ValueError, match="without zone"):
            write(datetime(2026, 11, 20) + timedelta())  # noqa: DTZ001


def test_a_date_is_read_strictly():
    """Only year, month and day with all their digits are a date."""
    assert read_date("2026-11-20") == date(2026, 11, 20)
    for text in ("1991-12-4", "2026-11-20Z", "20261120", ""):
        with pytest.raises(ValueError, match="date"):
            read_date(text)
