"""What operations may do by hand, and what follows from a restore: pure decisions."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from engine.errors import Refused
from engine.names import OPERATOR
from engine.operations.by_hand import check_delivered_otherwise, decide_mail
from engine.operations.restore import decide_restored
from engine.records.messages import Kind
from engine.records.versions import Restoration
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundEvent, InboundState
from tests.fakes.decisions.plain_policy import plain_policy
from tests.fakes.store.rows import OURS, THEIRS, mail, message
from tests.fakes.world.clock import START

TODAY = date(2026, 3, 2)
HOUR = timedelta(hours=1)


def test_a_mail_that_is_released_is_read_again_within_a_quarter_of_an_hour() -> None:
    """It is received anew, with the reason, and the engine's own deadline."""
    move = decide_mail(mail(state=InboundState.KARANTENE), InboundEvent.RELEASE, "rettet", START)
    assert (move.mail.state, move.mail.reason, move.again) == (InboundState.MOTTATT, "rettet", True)
    assert move.mail.deadline == START + timedelta(minutes=15)
    assert move.line.data == {"reason": "rettet", "state": "MOTTATT"}


def test_a_mail_that_is_discarded_waits_for_nobody() -> None:
    """It has no deadline, and is not read again."""
    move = decide_mail(mail(state=InboundState.KARANTENE), InboundEvent.DISCARD, "søppel", START)
    assert (move.mail.state, move.mail.deadline, move.again) == (InboundState.FORKASTET, None, False)


def test_a_mail_in_the_inbox_stays_there() -> None:
    """What was delivered can be neither released nor discarded."""
    for event in (InboundEvent.RELEASE, InboundEvent.DISCARD):
        with pytest.raises(Refused, match=r"operations\.not_possible"):
            decide_mail(mail(state=InboundState.LEVERT_INTERNT), event, "angret", START)


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.MELDING}))
def test_only_what_people_read_is_delivered_otherwise(kind: Kind) -> None:
    """A receipt has no other channel."""
    with pytest.raises(Refused, match=r"message\.is_receipt"):
        check_delivered_otherwise(message(kind=kind, state=DeliveryState.UBEKREFTET), TODAY, START)


def test_what_may_leave_at_any_moment_is_held_first() -> None:
    """Otherwise it would be delivered twice."""
    with pytest.raises(Refused, match=r"message\.may_leave"):
        check_delivered_otherwise(message(state=DeliveryState.KO), TODAY, START + HOUR)
    check_delivered_otherwise(message(state=DeliveryState.STOPPET), TODAY, START + HOUR)


def test_a_restore_doubts_what_was_under_way_but_no_signal() -> None:
    """Documents and AppRecs may have arrived; an Acknowledgment or an error is given again to whoever asks."""
    under_way = [message(number, kind=kind) for number, kind in enumerate(Kind, 101)]
    restoration = Restoration(UUID(int=9), START, START + HOUR, "kari")
    move = decide_restored(plain_policy(OURS, THEIRS), restoration, under_way)
    assert {each.kind for each in move.in_doubt} == {Kind.MELDING, Kind.APPREC}
    assert (move.line.action, move.line.data["count"]) == ("restored", "2")
    assert [(owner, task.said.code) for owner, task in move.tasks] == [
        (OPERATOR, "operations.sending_held"),
        (OURS, "operations.missing_since"),
        (THEIRS, "operations.missing_since"),
    ]
    assert {task.due for _, task in move.tasks} == {START + 5 * HOUR}
    assert move.tasks[1][1].said.params["since"] == START.isoformat()
