"""What partners have shown of themselves: the same of the fake and of PostgreSQL."""

import pytest

from adapters.keys.at_rest import AtRest
from adapters.store.partners import ASKED_AGAIN_AFTER_SECONDS, Remembered
from adapters.store.postgres import PostgresStore
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import OURS, STRANGER, THEIRS
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore


async def shown(store: AnyStore) -> bool:
    """Return whether the partner has shown that it has Samvik."""
    async with store.begin() as unit:
        return await unit.has_shown_samvik(OURS, THEIRS)


async def noted_in_vain(store: AnyStore) -> None:
    """Note that the partner has Samvik, and fail before the commit."""
    async with store.begin() as unit:
        await unit.note_samvik(OURS, THEIRS, START)
        assert await unit.has_shown_samvik(OURS, THEIRS)
        await unit.note_samvik(OURS, THEIRS, START)
        raise ZeroDivisionError


async def test_a_partner_has_samvik_once_it_has_shown_it(store: AnyStore) -> None:
    """It is known in the transaction that notes it and ever after; noting it again changes nothing, for nobody else."""
    assert not await shown(store)
    async with store.begin() as unit:
        await unit.note_samvik(OURS, THEIRS, START)
        assert await unit.has_shown_samvik(OURS, THEIRS)
    for _ in range(2):
        assert await shown(store)
        async with store.begin() as unit:
            await unit.note_samvik(OURS, THEIRS, START)
            assert not await unit.has_shown_samvik(STRANGER, THEIRS)
            assert not await unit.has_shown_samvik(OURS, STRANGER)


async def test_what_is_rolled_back_was_not_shown(store: AnyStore) -> None:
    """A transaction that fails leaves nothing behind, in the database or in the process; the next one notes it."""
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await noted_in_vain(store)
        assert not await shown(store)
    async with store.begin() as unit:
        await unit.note_samvik(OURS, THEIRS, START)
    assert await shown(store)


async def test_a_process_asks_the_database_once(pg_url: str, at_rest: AtRest) -> None:
    """What is known costs no statement more: a partner that is forgotten behind a node's back has Samvik for it."""
    node, other = PostgresStore(pg_url, at_rest), PostgresStore(pg_url, at_rest)
    await node.open()
    await other.open()
    try:
        async with other.begin() as unit:
            await unit.note_samvik(OURS, THEIRS, START)
        assert await shown(node)
        async with other._connection() as connection:
            await connection.execute("DELETE FROM partner_samvik")
        assert await shown(node)
        assert not await shown(other)
    finally:
        await node.close()
        await other.close()


def test_a_partner_without_samvik_is_asked_about_again() -> None:
    """For a minute it is taken for one without, unless this process notes otherwise."""
    now = 0.0
    remembered = Remembered(lambda: now)
    key = (OURS, THEIRS)
    assert remembered.told(key) is None
    remembered.hear(key, shown=False)
    now = ASKED_AGAIN_AFTER_SECONDS - 1
    assert remembered.told(key) is False
    now = ASKED_AGAIN_AFTER_SECONDS
    assert remembered.told(key) is None
    remembered.hear(key, shown=False)
    remembered.ask_again(key)
    assert remembered.told(key) is None
    remembered.hear(key, shown=True)
    now = 10 * ASKED_AGAIN_AFTER_SECONDS
    assert remembered.told(key) is True
