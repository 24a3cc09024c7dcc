"""A node whose room for strangers' mail is used up: they are told to come back, and partners' messages go on."""

from pathlib import Path

from adapters.node.strangers import RoomForStrangers
from engine.commit.policy import StrangerLimits
from engine.names import OPERATOR
from engine.records.messages import Kept
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.running_node import ADDRESS, LEVANGER_SERVICE, VERDAL_SERVICE, running
from tests.fakes.partners.wire import dialled
from tests.fakes.waiting import comes

LIMITS = "[limits]\nmost_unverified_bytes = 1_000_000\n"


async def test_a_full_node_takes_partners_mail_alone(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """Junk up to the quota is taken, then strangers hear 451, postmaster's too; a partner's message is delivered.

    A message to itself comes over SMTP as any partner's does. Counting anew changes nothing of that.
    """
    async with running(tmp_path / "motor", pg_url, quick_keys, LIMITS) as here, dialled(here.node.port) as stranger:
        assert await stranger.mail(ADDRESS, b"Subject: a\r\n\r\n" + b"x" * 1_100_000) == 250
        assert await stranger.mail(ADDRESS, b"Subject: b\r\n\r\nx") == 451
        assert await stranger.mail("postmaster", b"Subject: c\r\n\r\nx") == 451

        async def set_aside() -> bool:
            return bool(await here.other.store.list_inbound(OPERATOR, InboundState.KARANTENE))

        await comes(set_aside)
        await here.node._scheduler.strangers()
        assert await stranger.mail(ADDRESS, b"Subject: d\r\n\r\nx") == 451
        sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)

        async def delivered() -> bool:
            return (await here.message(sent)).state is DeliveryState.LEVERT

        async def only_junk_is_unclaimed() -> bool:
            return len(await here.other.store.list_inbound(OPERATOR)) == 1

        await comes(delivered)
        await comes(only_junk_is_unclaimed)


def test_room_is_counted_between_two_looks() -> None:
    """What a node takes counts at once; a new look at the database replaces what it believed."""
    room = RoomForStrangers(lambda: StrangerLimits(most_bytes=100, most_mails=3))
    assert [room.take(60), room.take(60), room.take(1)] == [True, True, False]
    room.counted(Kept(0, 2))
    assert [room.take(1), room.take(1)] == [True, False]
