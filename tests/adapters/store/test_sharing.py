"""Pieces of work that wait at the same time share a transaction, and none of them can tell."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import psycopg

from adapters.store.lane import MOST_TOGETHER
from adapters.store.postgres import PostgresStore, PostgresUnitOfWork
from adapters.store.session import LARGEST_SHARED_BYTES
from engine.errors import OwnFault, Unavailable
from engine.names import HerId
from engine.records.messages import ClaimKind, ClaimOutcome
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryState
from tests.fakes.store.rows import OURS, THEIRS, case, event, mail, message
from tests.fakes.world.clock import START

Do = Callable[[PostgresUnitOfWork], Awaitable[object]]


class Bug(Exception):
    """A fault of ours in one piece of work."""


async def together(store: PostgresStore, *pieces: Do) -> list[Any]:
    """Do pieces of work that come at the same time; return what became of each."""
    return await asyncio.gather(*(store.share(do) for do in pieces), return_exceptions=True)


def adding(number: int, **changed: object) -> Do:
    """Return what stores and logs a mail."""

    async def add(unit: PostgresUnitOfWork) -> int:
        row = mail(number, **changed)
        await unit.add_inbound(row.owner, row, b"raw")
        await unit.log(row.owner, event(subject=row.id))
        return number

    return add


def noting(number: int, order: list[int]) -> Do:
    """Return what stores a mail and notes that it has."""

    async def note(unit: PostgresUnitOfWork) -> None:
        await adding(number)(unit)
        order.append(number)

    return note


async def transactions(url: str, table: str) -> int:
    """Return how many transactions wrote the rows of a table."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute(f"SELECT count(DISTINCT xmin::text) FROM {table}".encode())
        return int((await cursor.fetchone() or [0])[0])


async def test_those_that_wait_share_a_commit(real: PostgresStore, pg_url: str) -> None:
    """Ten pieces of work that come at once are one transaction, and each gets its own result."""
    assert await together(real, *map(adding, range(10))) == list(range(10))
    assert await transactions(pg_url, "inbound") == 1


async def test_no_more_than_so_many_share(real: PostgresStore, pg_url: str) -> None:
    """What comes beyond the number that one transaction holds has the next."""
    await together(real, *map(adding, range(MOST_TOGETHER + 1)))
    assert await transactions(pg_url, "inbound") == 2


async def test_each_keeps_the_order_of_its_events(real: PostgresStore) -> None:
    """The events of one subject are numbered as they were logged, whoever shares the transaction."""

    def telling(number: int) -> Do:
        async def tell(unit: PostgresUnitOfWork) -> None:
            for second in range(5):
                told = event(subject=mail(number).id, at=START + timedelta(seconds=second))
                await unit.log(OURS, told)

        return tell

    await together(real, *map(telling, range(8)))
    for number in range(8):
        timeline = await real.timeline(OURS, mail(number).id)
        assert [each.event.at for each in timeline] == [START + timedelta(seconds=second) for second in range(5)]


async def test_one_that_fails_spoils_none(real: PostgresStore, pg_url: str) -> None:
    """A bug in one piece, and a unique key that another breaks, are theirs alone: each of the others is committed."""

    async def fail(unit: PostgresUnitOfWork) -> None:
        await adding(50)(unit)
        raise Bug

    found = await together(real, adding(1), fail, adding(2), adding(2), adding(3))
    assert [found[0], found[2], found[4]] == [1, 2, 3]
    assert isinstance(found[1], Bug)
    assert isinstance(found[3], OwnFault)
    async with await psycopg.AsyncConnection.connect(pg_url) as connection:
        cursor = await connection.execute("SELECT count(*) FROM inbound")
        assert await cursor.fetchone() == (3,)


async def test_two_with_one_key_never_share(real: PostgresStore, pg_url: str) -> None:
    """Two pieces of one conversation are done in the order that they came, each in a transaction of its own."""
    order: list[int] = []
    await asyncio.gather(*(real.share(noting(number, order), frozenset({"thread"})) for number in range(4)))
    assert order == [0, 1, 2, 3]
    assert await transactions(pg_url, "inbound") == 4


async def test_one_without_keys_shares_with_nobody(real: PostgresStore, pg_url: str) -> None:
    """What must be by itself is, and in its turn: what came before it goes before it, what came after it after it."""
    order: list[int] = []
    shared = [real.share(noting(number, order)) for number in (1, 2, 4, 5)]
    await asyncio.gather(*shared[:2], real.share(noting(3, order), None), *shared[2:])
    assert order == [1, 2, 3, 4, 5]
    assert await transactions(pg_url, "inbound") == 3


async def test_two_that_lock_one_row_never_share(real: PostgresStore) -> None:
    """A row that two pieces read, count on and write is counted on twice: the lock of one keeps the other waiting."""
    async with real.begin() as unit:
        await unit.add_outbound(OURS, message(attempts=0), b"mime", None)

    async def count_on(unit: PostgresUnitOfWork) -> None:
        held = await unit.outbound(OURS, message().id)
        assert held is not None
        counted = message(attempts=held.attempts + 1)
        assert await unit.settle_outbound(OURS, counted, held.state)

    await together(real, *[count_on] * 5)
    async with real.begin() as unit:
        held = await unit.outbound(OURS, message().id)
    assert held is not None
    assert (held.attempts, held.state) == (5, DeliveryState.KO)


async def test_an_id_is_claimed_once(real: PostgresStore) -> None:
    """Of several that claim the same id at the same time one is the first; the others find its claim."""

    async def claim(unit: PostgresUnitOfWork) -> ClaimOutcome:
        return (await unit.claim(OURS, ClaimKind.EBXML, THEIRS, "id", bytes(32), None, START)).outcome

    found = await together(real, *[claim] * 5)
    assert sorted(found, key=str) == sorted([ClaimOutcome.NEW, *[ClaimOutcome.SAME] * 4], key=str)


async def test_case_numbers_have_no_gap_and_no_double(real: PostgresStore) -> None:
    """Cases that are opened together get the numbers that they would have got one after the other."""

    async def number(unit: PostgresUnitOfWork) -> int:
        return await unit.next_case_number(OURS, 2026)

    assert sorted(await together(real, *[number] * 7)) == [1, 2, 3, 4, 5, 6, 7]
    assert sorted(await together(real, *[number] * 3)) == [8, 9, 10]


async def test_what_is_not_asked_by_set_is_done_alone(real: PostgresStore, pg_url: str) -> None:
    """A piece that asks what may not be shared is done by itself, and so are those that it met."""

    async def count_answers(unit: PostgresUnitOfWork) -> int:
        return await unit.forget_answers(START)

    assert await together(real, adding(1), count_answers, adding(2)) == [1, 0, 2]
    assert await transactions(pg_url, "inbound") == 2


async def test_a_large_value_is_carried_alone(real: PostgresStore, pg_url: str) -> None:
    """Many large mails are never held by one transaction at once."""

    def large(number: int) -> Do:
        async def add(unit: PostgresUnitOfWork) -> None:
            row = mail(number)
            await unit.add_inbound(row.owner, row, bytes(LARGEST_SHARED_BYTES + 1))

        return add

    await together(real, large(1), large(2), large(3))
    assert await transactions(pg_url, "inbound") == 3


async def test_without_a_database_all_hear_so_at_once(real: PostgresStore) -> None:
    """Where no transaction can be begun, nobody waits for the others' failures one after the other."""
    await real._pool.close()
    ran: list[int] = []

    async def run(_unit: PostgresUnitOfWork) -> None:
        ran.append(1)

    found = await together(real, *[run] * 10)
    assert all(isinstance(each, Unavailable) for each in found)
    assert ran == []


async def test_others_hear_of_events_after_the_commit(real: PostgresStore) -> None:
    """Whoever listens to the log hears each piece's events once, and none of what was undone."""
    heard: list[HerId] = []
    real.hear = lambda owner, _event: heard.append(owner)

    async def fail(unit: PostgresUnitOfWork) -> None:
        await unit.log(THEIRS, event(subject=mail(9).id))
        raise Bug

    await together(real, adding(1, owner=OURS), fail, adding(2, owner=OURS))
    assert heard == [OURS, OURS]


async def test_a_case_opens_beside_others(real: PostgresStore) -> None:
    """A case that shares its transaction reads back as it was written, its names and times included."""
    opened = case(written_by=("kari", "ola"))

    async def open_case(unit: PostgresUnitOfWork) -> None:
        await unit.add_case(OURS, opened, b"content")
        await unit.add_work(OURS, WorkKind.SAK, opened.id, "", START)

    await together(real, adding(1), open_case, adding(2))
    async with real.begin() as unit:
        assert await unit.case(OURS, opened.id) == opened
        assert await unit.case_content(OURS, opened.id) == b"content"
