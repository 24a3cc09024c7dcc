"""The tour is what the running engine does, and one mail in can be followed without losing the thread."""

from tests.tour import JOURNEYS, PAGE, page, traced

MOST_SWITCHES = 249
"""Half of what it was before the rooms were made; it never grows."""


def test_the_tour_is_what_the_code_does() -> None:
    """docs/tour.md is what the traces give; `make tour` cures it."""
    assert PAGE.read_text("utf-8") == page()


def test_one_mail_in_stays_within_few_files_at_a_time() -> None:
    """From the stored mail to the AppRec in the queue a reader changes the file at most 249 times."""
    trace = traced(JOURNEYS[0][2])
    assert trace.switches <= MOST_SWITCHES
    assert trace.depth <= 16
