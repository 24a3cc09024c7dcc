"""What every store does after a restore: sending is held, what is in doubt is found, numbers are skipped."""

from datetime import timedelta
from uuid import UUID

import pytest

from adapters.store.postgres import PostgresStore
from engine.records.versions import Restoration
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryState
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import HEADER, OURS, message
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore
RESTORATION = Restoration(UUID(int=1), START - timedelta(days=1), START, "kari")


async def _take(store: AnyStore, way: str) -> set[str]:
    if way == "in turn":
        found = await store.take_work(list(WorkKind), START, 9)
    elif way == "of":
        found = await store.take_work_of(WorkKind.SEND, START, {"p": 2}, 9)
    else:
        found = await store.take_work_of_others(WorkKind.SEND, START, (), 9)
    return {work.kind.value for work in found}


@pytest.mark.parametrize("way", ["in turn", "of", "others"])
async def test_nothing_that_leaves_us_is_leased_before_the_release(store: AnyStore, way: str) -> None:
    """While a restore is not released no way of taking work gives what leaves us; other work goes on."""
    async with store.begin() as unit:
        await unit.add_work(OURS, WorkKind.SEND, UUID(int=1), "p", START)
        await unit.add_work(OURS, WorkKind.MOTTA, UUID(int=2), "", START)
        await unit.add_work(OURS, WorkKind.BREV, UUID(int=3), "", START)
        await unit.add_work(OURS, WorkKind.VARSEL, UUID(int=4), "c", START)
        await unit.keep_restoration(RESTORATION)
    assert await _take(store, way) == ({"motta"} if way == "in turn" else set())
    async with store.begin() as unit:
        assert await unit.restoration() == RESTORATION
        await unit.release_restoration(RESTORATION.id, START, "kari")
        assert await unit.restoration() is None
        assert await unit.last_restored() == START
    assert await _take(store, way) == ({"send", "brev", "varsel"} if way == "in turn" else {"send"})


async def test_no_restore_holds_nothing(store: AnyStore) -> None:
    """Where nothing was ever restored nothing is said of it."""
    async with store.begin() as unit:
        assert (await unit.restoration(), await unit.last_restored()) == (None, None)


async def test_messages_in_some_states_are_found_oldest_first(store: AnyStore) -> None:
    """All of a party's messages in the states asked for are given, the oldest first."""
    states = [DeliveryState.KO, DeliveryState.LEVERT, DeliveryState.SENDT, DeliveryState.KO]
    async with store.begin() as unit:
        for number, state in enumerate(states):
            header = type(HEADER)(message_id=f"m-{number}")
            at = START - timedelta(minutes=number)
            row = message(100 + number, state=state, header=header, created_at=at, msg_id=None)
            await unit.add_outbound(OURS, row, b"mime", None)
        found = await unit.outbound_in(OURS, [DeliveryState.KO, DeliveryState.SENDT])
    assert [row.id.int for row in found] == [103, 102, 100]


async def test_work_is_hastened_and_never_delayed(store: AnyStore) -> None:
    """Work that waits for later is due at once; what is due before stays so, and what is not there stays away."""
    later, earlier = START + timedelta(hours=1), START - timedelta(hours=1)
    async with store.begin() as unit:
        await unit.add_work(OURS, WorkKind.SEND, UUID(int=1), "p", later)
        await unit.add_work(OURS, WorkKind.SEND, UUID(int=2), "p", earlier)
        for number in (1, 2, 3):
            await unit.hasten_work(OURS, WorkKind.SEND, UUID(int=number), START)
    found = await store.take_work([WorkKind.SEND], START, 9)
    assert [(work.subject.int, work.due) for work in found] == [(2, earlier), (1, START)]


async def test_skipped_numbers_are_never_given(store: AnyStore) -> None:
    """Numbers are skipped in a year that has cases, and in one that has none yet."""
    async with store.begin() as unit:
        assert await unit.next_case_number(OURS, 2026) == 1
        await unit.skip_case_numbers(OURS, 2026, 100)
        await unit.skip_case_numbers(OURS, 2027, 100)
        assert await unit.next_case_number(OURS, 2026) == 102
        assert await unit.next_case_number(OURS, 2027) == 101
