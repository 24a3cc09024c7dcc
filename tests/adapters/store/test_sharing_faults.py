"""What goes wrong around a shared transaction costs nobody more than it would alone, and nothing is done twice."""

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

import psycopg
import pytest

from adapters.store.lane import NotShared
from adapters.store.postgres import PostgresStore, PostgresUnitOfWork
from engine.errors import Unavailable
from engine.names import HerId
from engine.records.log import Event
from engine.records.work import Queued, WorkKind
from tests.adapters.store.test_sharing import Bug, adding, together, transactions
from tests.fakes.store.rows import mail
from tests.fakes.world.clock import START

PATIENCE = 20.0
"""Seconds after which somebody who waits is taken to wait for ever."""


def counted(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the sizes of the transactions that a store tries from now on."""
    sizes: list[int] = []
    transact = store._lane._transact

    async def counting(pieces: Sequence[Any]) -> list[Any]:
        sizes.append(len(pieces))
        return await transact(pieces)

    monkeypatch.setattr(store._lane, "_transact", counting)
    return sizes


async def test_one_that_is_cancelled_from_within_stops_nobody(real: PostgresStore) -> None:
    """What a piece waits for is given up, as on a pool of processes that ends: it alone is cancelled."""

    async def gives_up(unit: PostgresUnitOfWork) -> None:
        await adding(9)(unit)
        never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(never.cancel)
        await never

    async with asyncio.timeout(PATIENCE):
        found = await together(real, adding(1), gives_up, adding(2))
        assert [found[0], found[2]] == [1, 2]
        assert isinstance(found[1], asyncio.CancelledError)
        assert await real.share(adding(3)) == 3


async def test_a_commit_whose_answer_is_lost_is_not_done_again(
    real: PostgresStore, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces that may be committed already are not run again: those who wait hear that the database is silent."""
    leave, ran = psycopg.AsyncTransaction.__aexit__, list[int]()

    async def lost(self: psycopg.AsyncTransaction, *failure: Any) -> bool:
        swallowed = await leave(self, *failure)
        self.connection.pgconn.finish()
        raise psycopg.OperationalError(f"the connection is lost, {swallowed}")

    def running(number: int) -> Any:
        async def run(unit: PostgresUnitOfWork) -> None:
            ran.append(number)
            await adding(number)(unit)

        return run

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.AsyncTransaction, "__aexit__", lost)
        found = await together(real, *map(running, range(3)))
    assert all(isinstance(each, Unavailable) for each in found)
    assert ran == [0, 1, 2]
    assert await transactions(pg_url, "inbound") == 1


async def test_one_who_cannot_be_told_undoes_nothing(real: PostgresStore, pg_url: str) -> None:
    """A log that cannot be written, on a full disk, is heard of after the commit: nothing is done again for it."""

    def full(_owner: HerId, _event: Event) -> None:
        raise OSError("no space left on device")

    real.hear = full
    assert await together(real, *map(adding, range(3))) == [0, 1, 2]
    assert await transactions(pg_url, "inbound") == 1
    async with real.begin() as unit:
        await adding(7)(unit)


async def test_who_is_told_hears_in_the_context_of_the_piece(real: PostgresStore) -> None:
    """What a caller has bound for the log stands on the lines of its own events, not on those of others."""
    bound: ContextVar[int] = ContextVar("bound", default=-1)
    heard: list[tuple[object, int]] = []
    real.hear = lambda _owner, event: heard.append((event.subject, bound.get()))

    async def one(number: int) -> None:
        bound.set(number)
        await real.share(adding(number))

    await asyncio.gather(*map(one, range(3)))
    assert heard == [(mail(number).id, number) for number in range(3)]


async def test_all_hear_at_once_that_the_database_has_gone(
    real: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that goes amid a transaction is waited for once more, not once for each that shared it."""
    sizes = counted(real, monkeypatch)

    async def breaks(_unit: PostgresUnitOfWork) -> None:
        asyncio.get_running_loop().create_task(real._pool.close())
        await asyncio.sleep(0)
        raise Bug

    found = await together(real, breaks, *map(adding, range(6)))
    assert all(isinstance(each, Unavailable) for each in found)
    assert sizes == [7, 1]


async def test_one_that_swallows_a_refusal_is_not_committed_with_what_it_lacks(
    real: PostgresStore, pg_url: str
) -> None:
    """A piece that goes on without a statement that it may not share is done again by itself."""

    async def careless(unit: PostgresUnitOfWork) -> str:
        await adding(5)(unit)
        try:
            await unit.forget_answers(START)
        except NotShared:
            return "went on without it"
        return "had it"

    assert await together(real, adding(1), careless) == [1, "had it"]


async def test_a_piece_has_ended_when_its_caller_is_told_to_stop(real: PostgresStore) -> None:
    """What a caller holds for its piece, such as the room for large work, is not given up while the piece runs."""
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), list[str]()

    async def slow(_unit: PostgresUnitOfWork) -> None:
        begun.set()
        await go_on.wait()
        ended.append("piece")

    async def caller() -> None:
        try:
            await real.share(slow)
        finally:
            ended.append("caller")

    task = asyncio.create_task(caller())
    await begun.wait()
    task.cancel()
    for _ in range(10):
        await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait({task})
    assert task.cancelled()
    assert ended == ["piece", "caller"]


async def test_a_lane_closes_though_a_piece_never_ends(real: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store can be closed whatever a piece waits for: who waited for it is cancelled."""
    monkeypatch.setattr("adapters.store.lane.GRACE_SECONDS", 0.05)

    begun = asyncio.Event()

    async def endless(_unit: PostgresUnitOfWork) -> None:
        begun.set()
        await asyncio.get_running_loop().create_future()

    async with asyncio.timeout(PATIENCE):
        waiting = asyncio.create_task(together(real, endless, endless))
        later = asyncio.create_task(together(real, adding(1)))
        await begun.wait()
        await real.close()
        found = [*await waiting, *await later]
        assert [type(each) for each in found] == [asyncio.CancelledError] * 3


async def test_a_notification_of_a_kind_that_we_do_not_know_wakes_all(real: PostgresStore, pg_url: str) -> None:
    """A node of another version may queue work of a kind of its own: we look for all, and go on listening."""
    heard: asyncio.Queue[Queued] = asyncio.Queue()
    listening = asyncio.create_task(real.listen(heard.put_nowait))
    try:
        async with asyncio.timeout(PATIENCE):
            assert await heard.get() == Queued()
            async with await psycopg.AsyncConnection.connect(pg_url, autocommit=True) as connection:
                await connection.execute("SELECT pg_notify('samvik_work', 'nytt')")
                await connection.execute("SELECT pg_notify('samvik_work', 'send')")
            assert [await heard.get(), await heard.get()] == [Queued(), Queued(WorkKind.SEND)]
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_those_with_a_key_in_common_keep_their_order(real: PostgresStore) -> None:
    """What shares a key with one that is left waiting is not done before it."""
    order: list[str] = []

    def noting(name: str) -> Any:
        async def note(_unit: PostgresUnitOfWork) -> None:
            order.append(name)

        return note

    pieces = {"first": {"x"}, "second": {"x", "y"}, "third": {"y"}}
    await asyncio.gather(*(real.share(noting(name), frozenset(keys)) for name, keys in pieces.items()))
    assert order == ["first", "second", "third"]
