"""A crowd of strangers at the listener: silent, slow or large, they keep nobody else out."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from adapters.settings import Listen
from adapters.smtp import crowd, pace
from adapters.smtp.crowd import peer_of
from adapters.smtp.pace import Pace
from adapters.smtp.slots import FairSlots
from tests.adapters.smtp.test_listener import MAIL, OURS, Shelf, listening
from tests.fakes.partners.wire import Line, dialled
from tests.fakes.waiting import until

STRANGER, PARTNER = "127.0.0.2", "127.0.0.3"
LARGE = b"x" * 1_200_000


@pytest.fixture
def shelf() -> Shelf:
    """Give an empty shelf."""
    return Shelf()


async def crowded(house: AsyncExitStack, port: int, number: int, source: str = STRANGER) -> list[Line]:
    """Open connections from one address that say nothing."""
    return [await house.enter_async_context(dialled(port, greet=False, source=source)) for _ in range(number)]


async def test_one_address_cannot_take_every_connection(shelf: Shelf) -> None:
    """Of a hundred connections from one address fifty are open; a mail from another address is taken at once."""
    async with listening(shelf) as (opened, port), AsyncExitStack() as house:
        lines = await crowded(house, port, 100)
        answers = [await line.answer() for line in lines]
        assert (answers.count(220), answers.count(421)) == (50, 50)
        assert len(opened._open) == Listen().most_connections_a_peer
        async with dialled(port, source=PARTNER) as line:
            assert await line.mail(OURS, MAIL) == 250


@pytest.mark.parametrize("mid_mail", [False, True])
async def test_a_newcomer_takes_the_place_of_who_brings_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, mid_mail: bool
) -> None:
    """A hundred silent connections from three addresses, within a mail or not, keep nobody out: one of them goes."""
    monkeypatch.setattr(crowd, "PATIENCE_SECONDS", 0.0)
    async with listening(shelf) as (opened, port), AsyncExitStack() as house:
        for number, source in [(50, STRANGER), (30, "127.0.0.4"), (20, "127.0.0.5")]:
            for line in await crowded(house, port, number, source):
                assert await line.answer() == 220
                if mid_mail:
                    assert await line.say("EHLO prove.test") == 250
                    assert await line.to(OURS) == 250
                    assert await line.say("DATA") == 354
                    line.write(b"halvt")
        for _ in range(3):
            async with dialled(port, source=PARTNER) as line:
                assert await line.mail(OURS, MAIL) == 250
        assert len(opened._open) <= Listen().most_connections
    assert len(shelf.mails) == 3


async def test_nobody_who_is_at_work_is_sent_away(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every connection waits for its 250, a newcomer is told to come back and all of them get their answer."""
    monkeypatch.setattr(crowd, "PATIENCE_SECONDS", 0.0)
    shelf.may_store.clear()
    async with listening(shelf, most_connections=2) as (opened, port), dialled(port) as first, dialled(port) as second:
        both = [asyncio.create_task(line.mail(OURS, MAIL)) for line in (first, second)]
        await until(lambda: all(each.idle_since is None for each in opened._open))
        async with dialled(port, greet=False, source=PARTNER) as refused:
            assert await refused.answer() == 421
        shelf.may_store.set()
        assert [await each for each in both] == [250, 250]


async def test_who_has_just_come_is_not_sent_away(shelf: Shelf) -> None:
    """A connection has ten seconds to bring something before it can lose its place."""
    async with listening(shelf, most_connections=1) as (_, port), dialled(port) as first:
        async with dialled(port, greet=False, source=PARTNER) as refused:
            assert await refused.answer() == 421
        assert await first.mail(OURS, MAIL) == 250


async def test_a_mail_that_trickles_is_cut_off(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that does not come at the least pace gets 421, and nothing of it is stored."""
    monkeypatch.setattr(pace, "FIRST_SECONDS", 0.2)
    async with listening(shelf) as (_, port), dialled(port) as slow:
        assert await slow.to(OURS) == 250
        assert await slow.say("DATA") == 354
        slow.write(b"halvt\r\n")
        assert await slow.answer() in {421, 0}
    assert not shelf.mails


async def test_slow_large_mails_of_one_address_leave_a_slot_to_others(shelf: Shelf) -> None:
    """Four large mails of unknown size that stop in the middle keep no large and no small mail of others out."""
    async with listening(shelf) as (opened, port), AsyncExitStack() as house:
        for _ in range(5):
            slow = await house.enter_async_context(dialled(port, source=STRANGER))
            assert await slow.to(OURS) == 250
            assert await slow.say("DATA") == 354
            slow.write(LARGE)
        await until(lambda: opened._slots.large.waiting == 2)
        async with dialled(port, source=PARTNER) as line:
            assert await line.mail(OURS, MAIL) == 250
            assert await line.mail(OURS, LARGE) == 250


async def test_data_without_size_needs_no_slot_before_a_megabyte_has_come(shelf: Shelf) -> None:
    """Many mails of unknown size may be under way at once: a slot is for what is large, not for what may become so."""
    async with listening(shelf, most_large_mails=1) as (opened, port), AsyncExitStack() as house:
        for _ in range(10):
            line = await house.enter_async_context(dialled(port, source=STRANGER))
            assert await line.to(OURS) == 250
            assert await line.say("DATA") == 354
        assert opened._slots.large.waiting == 0


def test_pace_gives_time_for_bytes_and_asks_more_of_who_holds_a_slot() -> None:
    """A mail has a minute, then a second for every 5 000 bytes; in a slot one for every 50 000; ten minutes in all."""
    seen: list[float | None] = []

    class Limit:
        def reschedule(self, when: float | None) -> None:
            seen.append(when)

    now = [1_000.0]
    limit: asyncio.Timeout = Limit()  # type: ignore[assignment]
    told: list[float] = []
    paced = Pace(limit, lambda: now[0], 5_000, lambda: told.append(now[0]))
    assert seen[-1] == 1_060
    paced.brought(100)
    assert (len(seen), told) == (1, [])
    paced.brought(999_900)
    assert (seen[-1], told) == (1_260, [1_000])
    paced.brought(9_000_000)
    assert seen[-1] == 1_600

    async def slot() -> None:
        now[0] = 1_100

    asyncio.run(paced.wait_for(slot()))
    assert seen[-1] == 1_160
    paced.brought(5_000_000)
    assert seen[-1] == 1_260
    paced.brought(40_000_000)
    assert seen[-1] == 1_700


async def test_a_slot_goes_to_the_peer_that_has_least() -> None:
    """A peer with a hundred wishes gets one turn, then another peer that asked later, then it again."""
    slots, order, done = FairSlots(1), list[str](), asyncio.Event()

    async def one(peer: str) -> None:
        async with slots.slot(peer):
            order.append(peer)
            await done.wait()

    greedy = [asyncio.create_task(one("greedy")) for _ in range(100)]
    await until(lambda: slots.waiting == 99)
    modest = asyncio.create_task(one("modest"))
    await until(lambda: slots.waiting == 100)
    done.set()
    await asyncio.gather(*greedy, modest)
    assert order.index("modest") <= 2
    assert (slots.waiting, slots._free) == (0, 1)


async def test_no_slot_is_lost_when_who_waits_gives_up() -> None:
    """Cancelled before, in, or at the very moment of its turn: the slot is free again for the next."""
    slots = FairSlots(1)

    async def one(held: asyncio.Event) -> None:
        async with slots.slot("a"):
            held.set()
            await asyncio.Event().wait()

    holding, never, late = asyncio.Event(), asyncio.Event(), asyncio.Event()
    holder = asyncio.create_task(one(holding))
    await holding.wait()
    waiting, next_one = asyncio.create_task(one(never)), asyncio.create_task(one(late))
    await until(lambda: slots.waiting == 2)
    waiting.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiting, return_exceptions=True)
    await late.wait()
    assert not never.is_set()
    next_one.cancel()
    await asyncio.gather(next_one, return_exceptions=True)
    assert (slots.waiting, slots._free) == (0, 1)


@pytest.mark.parametrize(
    ("address", "peer"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("socket", "socket"),
    ],
)
def test_an_ipv6_network_is_one_peer(address: str, peer: str) -> None:
    """Whoever has one IPv6 address has 2^64 of them, so their network counts as one."""
    assert peer_of(address) == peer
