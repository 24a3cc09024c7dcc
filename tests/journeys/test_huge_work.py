"""Huge mails are worked on one at a time in a process, each way for itself, and small ones pass them by."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from adapters.machine import system
from adapters.machine.system import LargeWorkThread
from engine.commit.large_work import PAUSE
from engine.delivery.send import deliver, submit
from engine.deviation.xml import read_deviation
from engine.inbound.receive import receive
from engine.inbound.storing import take_in
from engine.ports import SmtpOutcome, SmtpReply, Way
from engine.records.work import Work, WorkKind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.world.files import PDF
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

HUGE = 100_000


class Watched(LargeWorkThread):
    """Counts how many pieces of huge work are under way, and how many at most."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0

    @asynccontextmanager
    async def room(self, way: Way, size: int, *, wait: bool = False) -> AsyncIterator[bool]:
        """See engine.ports.Offload."""
        async with super().room(way, size, wait=wait) as free:
            counts = free and size >= HUGE
            self.now += counts
            self.most = max(self.most, self.now)
            try:
                yield free
            finally:
                self.now -= counts


class SlowServer:
    """Takes mails when it is let, and says how many are under way."""

    def __init__(self) -> None:
        self.go, self.begun = asyncio.Event(), asyncio.Event()
        self.mails: list[bytes] = []
        self.now = self.most = 0

    async def send(self, _sender: str, _receiver: str, mail: bytes) -> SmtpReply:
        """See engine.ports.Transport."""
        huge = len(mail) >= HUGE
        self.now += huge
        self.most = max(self.most, self.now)
        if huge:
            self.begun.set()
        await self.go.wait()
        self.now -= huge
        self.mails.append(mail)
        return SmtpReply(SmtpOutcome.TAKEN, "250 OK")


def watched(side: Side, monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Let a side work in rooms that are counted, and take for huge what is small enough for a quick test."""
    monkeypatch.setattr(system, "HUGE_BYTES", HUGE)
    monkeypatch.setattr(system, "LARGE_BYTES", HUGE)
    offload = Watched()
    side.ports = replace(side.ports, offload=offload)
    return offload


async def submit_files(pair: Pair, *sizes: int) -> None:
    """Queue deviations with a file of each size."""
    for size in sizes:
        files = [("a.pdf", PDF + bytes(size))]
        await submit(pair.gp.ports, read_deviation(DEVIATION), GP_SERVICE, LEVANGER_SERVICE, files)


async def together(pair: Pair, side: Side, kind: WorkKind, step: Callable[[Work], Awaitable[None]]) -> int:
    """Do all due work of a kind at once; return how many pieces there were."""
    taken = await side.ports.store.take_work([kind], pair.clock.now(), 50)
    await asyncio.gather(*(step(work) for work in taken))
    return len(taken)


async def test_three_huge_mails_are_sent_one_at_a_time(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is under way the others are put back, untried; a small one leaves at once."""
    watched(pair.gp, monkeypatch)
    await submit_files(pair, 200_000, 200_000, 200_000, 10)
    server, ports = SlowServer(), pair.gp.ports
    for left in (3, 2, 1):
        server.go.clear()
        server.begun.clear()
        sending = asyncio.create_task(together(pair, pair.gp, WorkKind.SEND, lambda work: deliver(work, ports, server)))
        await server.begun.wait()
        server.go.set()
        assert await sending == left + (left == 3)
        pair.clock.advance(seconds=PAUSE.total_seconds())
    assert (server.most, len(server.mails)) == (1, 4)
    assert {row.state for row in await pair.gp.outbound()} == {DeliveryState.SENDT}
    assert {row.attempts for row in await pair.gp.outbound()} == {1}


async def test_three_huge_mails_are_taken_in_and_read_one_at_a_time(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored at once and read at once by four slots: never two of them, none is lost, and no attempt is counted."""
    await submit_files(pair, 200_000, 200_000, 200_000)
    await pair.gp.work()
    offload, ports = watched(pair.municipal, monkeypatch), pair.municipal.ports
    await asyncio.gather(*(take_in(ports, mail, "192.0.2.1") for mail in pair.gp.sent))
    assert (offload.most, offload.now) == (1, 0)
    for left in (3, 2, 1):
        assert await together(pair, pair.municipal, WorkKind.MOTTA, lambda work: receive(work, ports)) == left
        assert {each.attempts for each in ports.store.tables.work.values()} == {0}
        pair.clock.advance(seconds=PAUSE.total_seconds())
    assert (offload.most, offload.now) == (1, 0)
    assert {row.state for row in await pair.municipal.inbound()} == {InboundState.LEVERT_INTERNT}
    assert len(await pair.municipal.inbox(LEVANGER)) == 3


async def test_an_error_gives_the_room_back(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails in the middle holds up nobody after it."""
    offload = watched(pair.gp, monkeypatch)
    with suppress(ZeroDivisionError):
        async with offload.room(Way.IN, HUGE):
            raise ZeroDivisionError
    async with offload.room(Way.IN, HUGE) as free, offload.room(Way.IN, HUGE) as second:
        assert (free, second) == (True, False)
        async with offload.room(Way.OUT, HUGE) as other, offload.room(Way.IN, HUGE - 1) as small:
            assert (other, small) == (True, True)
