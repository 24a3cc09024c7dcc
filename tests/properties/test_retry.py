"""When a message, a mail server or a mail of ours is tried again, and when not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.msh.retry import PROCESSING_STEPS, SMTP_CEILING, SMTP_FLOOR, next_processing, next_resend, next_smtp_try
from tests.fakes.world.clock import START

HALF_A_DAY = timedelta(hours=12)


@pytest.mark.parametrize(("sent", "again"), [(1, True), (5, True), (6, False), (100, False)])
def test_a_message_is_resent_as_often_as_agreed_after_its_first_try(sent, again):
    """Five resends follow the first try, each an interval after the last one."""
    assert next_resend(START, HALF_A_DAY, sent, 5) == (START + HALF_A_DAY if again else None)


def test_no_resend_is_due_where_none_is_agreed():
    """A limit of nought means one try and no more."""
    assert next_resend(START, HALF_A_DAY, 1, 0) is None


@given(st.integers(1, 10_000))
def test_a_mail_server_is_never_asked_more_than_once_a_minute_nor_less_than_once_an_hour(failures):
    """The pause never shrinks, and stays between its floor and its ceiling."""
    pause = next_smtp_try(START, failures) - START
    assert SMTP_FLOOR <= pause <= SMTP_CEILING
    assert pause <= next_smtp_try(START, failures + 1) - START


def test_a_mail_that_we_cannot_process_is_tried_for_a_day():
    """Three tries five minutes apart, three of fifteen, then hourly; after a day a person must look."""
    pauses = []
    while (due := next_processing(START, len(pauses) + 1)) is not None:
        pauses.append(due - START)
    assert tuple(pauses) == PROCESSING_STEPS
    assert timedelta(hours=23) < sum(pauses, timedelta()) <= timedelta(hours=25)
