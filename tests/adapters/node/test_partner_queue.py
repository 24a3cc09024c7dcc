"""When a node looks for work of which partners, and what a look costs."""

import asyncio
from uuid import UUID

import pytest

from adapters.node.partner_queue import SharedQueue
from engine.codes.database import DatabaseCode
from engine.errors import Unavailable
from engine.outbound.looking import BETWEEN_OTHERS_SECONDS, IDLE_SECONDS
from engine.outbound.partner_slots import Sign
from engine.records.work import Work, WorkKind
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import OURS
from tests.fakes.world.clock import START, FakeClock


class Counting(MemoryStore):
    """Notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: list[str] = []
        self.is_down = False

    async def take_work_of(self, *asked: object) -> list[Work]:
        """Look for work of partners that answer well."""
        self.looks.append("proven")
        return await super().take_work_of(*asked)

    async def take_work_of_others(self, *asked: object) -> list[Work]:
        """Look for work of others."""
        self.looks.append("others")
        if self.is_down:
            raise Unavailable(DatabaseCode.SILENT, error="OSError")
        return await super().take_work_of_others(*asked)


class Surroundings:
    """A store with work for partners, and the queue that takes from it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = Counting()
        self.queue = SharedQueue(self.store, FakeClock(), WorkKind.SEND, 50)
        self._now, self._number = 100.0, 0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self._now)

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        self._now += seconds

    async def add(self, partner: str, count: int = 1) -> None:
        """Queue work for a partner, and say so."""
        async with self.store.begin() as uow:
            for _ in range(count):
                self._number += 1
                await uow.add_work(OURS, WorkKind.SEND, UUID(int=self._number), partner, START)
        self.queue.hear_queued(partner)

    async def prove(self, partner: str) -> None:
        """Let a partner answer well."""
        await self.add(partner)
        (work,) = (await self.queue.take()).work
        self.queue.hear(work, Sign.GOOD)
        await self.queue.take()
        self.store.looks.clear()


@pytest.fixture
async def here(monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    """Give a store and a queue, on a clock that the test moves."""
    return Surroundings(monkeypatch)


async def test_work_of_a_proven_partner_costs_one_look(here: Surroundings):
    """Others are not looked for: nothing was queued for them."""
    await here.prove("p")
    await here.add("p", 2)
    taken = await here.queue.take()
    assert [work.partner for work in taken.work] == ["p", "p"]
    assert here.store.looks == ["proven"]


async def test_others_are_looked_for_each_second_though_nobody_tells(here: Surroundings):
    """A retry that falls due is told by nobody."""
    await here.prove("p")
    await here.queue.take()
    assert here.store.looks == ["proven"]
    here.wait(IDLE_SECONDS)
    await here.queue.take()
    assert here.store.looks == ["proven", "proven", "others"]


async def test_others_come_one_after_the_other_with_a_pause(here: Surroundings):
    """The second new partner waits its time, however often work is looked for; the queue says how long."""
    await here.add("a")
    await here.add("b")
    first = await here.queue.take()
    assert [work.partner for work in first.work] == ["a"]
    assert first.full
    assert first.rest == pytest.approx(BETWEEN_OTHERS_SECONDS)
    assert (await here.queue.take()).work == []
    here.wait(first.rest)
    assert [work.partner for work in (await here.queue.take()).work] == ["b"]


async def test_a_partner_that_proves_itself_lets_the_next_one_in_at_once(here: Surroundings):
    """After a start all partners are new: good answers open one lane after the other without a pause."""
    for partner in "abc":
        await here.add(partner)
    for partner in "abc":
        (work,) = (await here.queue.take()).work
        assert work.partner == partner
        here.queue.hear(work, Sign.GOOD)


@pytest.mark.parametrize("sign", [Sign.BAD, Sign.NOTHING, Sign.NO_WAY_OUT])
async def test_any_other_answer_does_not(here: Surroundings, sign: Sign):
    """The next one waits its time, and is looked for then though nobody tells."""
    await here.add("a")
    await here.add("b")
    (work,) = (await here.queue.take()).work
    here.queue.hear(work, sign)
    taken = await here.queue.take()
    assert taken.work == []
    assert 0 < taken.rest <= BETWEEN_OTHERS_SECONDS


async def test_what_ends_lets_the_next_of_its_partner_be_looked_for(here: Surroundings):
    """A partner that has not proven itself has one piece at a time; the queue is full until that has ended."""
    await here.add("a", 2)
    taken = await here.queue.take()
    assert len(taken.work) == 1
    here.wait(1)
    taken_again = await here.queue.take()
    assert taken_again.work == []
    assert taken_again.full
    here.queue.hear(taken.work[0], Sign.BAD)
    here.wait(1)
    assert len((await here.queue.take()).work) == 1


async def test_what_was_taken_is_done_though_the_second_look_fails(here: Surroundings):
    """Work of a proven partner is not left to its lease where the database fails between the two looks."""
    await here.prove("p")
    await here.add("p")
    here.wait(IDLE_SECONDS)
    here.store.is_down = True
    assert [work.partner for work in (await here.queue.take()).work] == ["p"]
    here.wait(IDLE_SECONDS)
    with pytest.raises(Unavailable):
        await here.queue.take()
