"""What a webhook's reply does to a notice and to its client."""

from datetime import timedelta
from uuid import UUID

import pytest

from engine.inbox.notices import NoticeMove, decide_reply
from engine.outbound.partner_slots import Sign
from engine.ports import WebhookReply
from engine.records.log import Action, TaskCause
from tests.fakes.store.rows import client
from tests.fakes.world.clock import START

MINUTE = timedelta(minutes=1)


def replied(status: int | None, attempts: int = 0) -> NoticeMove:
    """Return what a reply does to a notice that was tried so often before."""
    return decide_reply(UUID(int=7), attempts, client(), WebhookReply(status, "said"), START)


@pytest.mark.parametrize("status", [200, 204, 299])
def test_a_notice_that_is_taken_is_done(status: int) -> None:
    """It is logged, and what was open about the client closes."""
    move = replied(status)
    assert (move.sign, move.again, move.task, move.answers) == (Sign.GOOD, None, None, True)
    assert move.line is not None
    assert (move.line.action, move.line.data["notice"]) == (Action.NOTIFIED, str(UUID(int=7)))


@pytest.mark.parametrize("status", [None, 199, 300, 404, 500])
def test_a_notice_that_is_not_taken_is_tried_again(status: int | None) -> None:
    """After a minute, then twice as long each time; nothing is logged."""
    assert replied(status) == NoticeMove(Sign.BAD, START + MINUTE)
    assert replied(status, 2).again == START + 4 * MINUTE


def test_the_fifth_failure_in_a_row_calls_a_person() -> None:
    """Four may be a restart over there."""
    assert replied(500, 3).task is None
    task = replied(500, 4).task
    assert task is not None
    assert (task.cause, task.said.params["reply"]) == (TaskCause.WEBHOOK_FAILS, "said")


def test_an_address_that_is_gone_ends_the_notice_and_calls_a_person() -> None:
    """410 is final: the document still waits in the inbox."""
    move = replied(410)
    assert (move.sign, move.again, move.answers) == (Sign.GOOD, None, False)
    assert move.line is not None
    assert move.task is not None
    assert (move.line.action, move.task.cause) == (Action.WEBHOOK_GONE, TaskCause.WEBHOOK_GONE)
