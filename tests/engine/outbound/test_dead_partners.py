"""When a partner counts as dead, in stated numbers: after three bad answers in a row, for a minute, then longer."""

from datetime import timedelta
from uuid import UUID

from engine.outbound.partner_slots import Sharing, Sign
from tests.fakes.world.clock import START

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def after(failures: int) -> Sharing:
    """Return what a node has learnt when a partner has failed so often in a row, just now."""
    sharing = Sharing(10)
    for number in range(failures):
        sharing.take("200", UUID(int=number), START)
        sharing.hear("200", UUID(int=number), Sign.BAD, START)
    return sharing


def test_a_partner_is_dead_after_three_bad_answers() -> None:
    """Two leave it open; the third closes it for a minute."""
    assert "200" not in after(2).room(START).closed
    assert "200" in after(3).room(START).closed
    assert "200" in after(3).room(START + MINUTE - SECOND).closed
    assert "200" not in after(3).room(START + MINUTE).closed


def test_each_failed_probe_doubles_the_pause_up_to_a_quarter_of_an_hour() -> None:
    """A fourth bad answer closes it for two minutes, and no pause is longer than fifteen."""
    assert "200" in after(4).room(START + 2 * MINUTE - SECOND).closed
    assert "200" not in after(4).room(START + 2 * MINUTE).closed
    assert "200" in after(20).room(START + 15 * MINUTE - SECOND).closed
    assert "200" not in after(20).room(START + 15 * MINUTE).closed


def test_one_good_answer_wakes_a_dead_partner() -> None:
    """It must fail three times in a row again before it is dead."""
    sharing = after(3)
    sharing.take("200", UUID(int=9), START)
    sharing.hear("200", UUID(int=9), Sign.GOOD, START)
    sharing.take("200", UUID(int=10), START)
    sharing.hear("200", UUID(int=10), Sign.BAD, START)
    assert "200" not in sharing.room(START).closed
