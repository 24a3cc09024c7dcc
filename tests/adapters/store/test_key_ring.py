"""A database takes the key ring that it was filled under and no other, and its content follows a change of key."""

import asyncio
from dataclasses import replace
from itertools import count
from pathlib import Path

import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.store.postgres import PostgresStore
from adapters.store.resealing import SEALED
from adapters.wiring.rotating import rotate, values_by_key
from engine.codes.certificate import KeyCode
from engine.errors import OwnFault, Refused
from engine.names import OPERATOR
from engine.states.inbound import InboundState
from tests.fakes.store.rows import OURS, item, mail, message

_NUMBERS = count(10_000)


async def nothing() -> None:
    """Wait for no node."""


def silent(_column: str, _number: int) -> None:
    """Tell nobody."""


async def fill(store: PostgresStore, most: int) -> None:
    """Store mails, messages and inbox items, each with content."""
    async with store.begin() as uow:
        for number in (next(_NUMBERS) for _ in range(most)):
            await uow.add_inbound(OPERATOR, mail(number), b"mail %d" % number)
            await uow.add_outbound(OURS, message(number), b"mime %d" % number, b"document %d" % number)
            await uow.add_inbox_item(OURS, item(number), b"item %d" % number)


async def test_a_ring_of_another_engine_is_not_taken(pg_url: str, tmp_path: Path) -> None:
    """A store under another engine's key ring refuses to work before anything is stored that nobody can open (E4)."""
    ours, other = AtRest.create(tmp_path / "ours"), AtRest.create(tmp_path / "other")
    for ring, refused in ((ours, False), (other, True), (ours, False)):
        store = PostgresStore(pg_url, ring)
        await store.open()
        try:
            if refused:
                with pytest.raises(OwnFault) as caught:
                    await store.check_ring()
                assert caught.value.statement.code == KeyCode.OTHER_RING
            else:
                await store.check_ring()
        finally:
            await store.close()


async def test_an_older_copy_of_the_ring_is_not_taken(pg_url: str, tmp_path: Path) -> None:
    """A copy of the ring from before a rotation lacks the key that seals, and is refused."""
    path, copy = tmp_path / "ring", tmp_path / "copy"
    AtRest.create(path)
    copy.write_bytes(path.read_bytes())
    copy.chmod(0o600)
    await rotate(pg_url, path, nothing, silent)
    store = PostgresStore(pg_url, AtRest.load(copy))
    await store.open()
    with pytest.raises(OwnFault):
        await store.check_ring()
    await store.close()


async def test_content_from_before_check_values_tells_the_ring_too(pg_url: str, tmp_path: Path) -> None:
    """A database that an earlier version filled knows its ring by its content."""
    ours, other = AtRest.create(tmp_path / "ours"), AtRest.create(tmp_path / "other")
    store = PostgresStore(pg_url, ours)
    await store.open()
    await fill(store, 1)
    await store.close()
    store = PostgresStore(pg_url, other)
    await store.open()
    with pytest.raises(OwnFault):
        await store.check_ring()
    await store.close()


async def test_a_rotation_seals_everything_again(pg_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a rotation every value opens as before and is under the fresh key, more rows than are listed at once."""
    monkeypatch.setattr("adapters.store.resealing.MOST_IDS", 3)
    path = tmp_path / "ring"
    store = PostgresStore(pg_url, AtRest.create(path))
    await store.open()
    await fill(store, 8)
    first = store.at_rest.active_id
    done = await rotate(pg_url, path, nothing, silent)
    assert (done.values, done.fresh) == (32, True)
    assert done.key_id != first
    assert await values_by_key(pg_url) == {done.key_id: 32}
    # The store still has the ring that it was opened with: what it cannot open makes it read the file anew.
    async with store.begin() as uow:
        found = [await uow.raw(OPERATOR, each.id) for each in await store.list_inbound(OPERATOR)]
    assert len({raw for raw in found if raw and raw.startswith(b"mail ")}) == 8
    assert store.at_rest.active_id == done.key_id
    await store.close()


async def test_a_broken_off_rotation_goes_on(pg_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation that dies half-way is finished by the next, under the same key; the one after takes a fresh key."""
    path = tmp_path / "ring"
    store = PostgresStore(pg_url, AtRest.create(path))
    await store.open()
    await fill(store, 4)
    told: list[str] = []

    def die(column: str, _number: int) -> None:
        told.append(column)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await rotate(pg_url, path, nothing, die)
    half = await values_by_key(pg_url)
    assert told == ["inbound.raw"]
    assert sorted(half.values()) == [4, 12]
    again = await rotate(pg_url, path, nothing, silent)
    assert (again.values, again.fresh) == (12, False)
    third = await rotate(pg_url, path, nothing, silent)
    assert (third.values, third.fresh) == (16, True)
    assert third.key_id != again.key_id
    await store.close()


async def test_what_a_node_stores_while_keys_are_rotated_is_sealed_again_too(pg_url: str, tmp_path: Path) -> None:
    """A node that stores and moves mail meanwhile loses nothing; what it sealed under its older key is sealed again."""
    path = tmp_path / "ring"
    store = PostgresStore(pg_url, AtRest.create(path))
    await store.open()
    await fill(store, 20)

    async def node() -> None:
        """Store more, and take mails from the operator to a party, as receipt does."""
        for each in (await store.list_inbound(OPERATOR))[:10]:
            await fill(store, 1)
            async with store.begin() as uow:
                await uow.settle_inbound(OPERATOR, replace(each, owner=OURS, state=InboundState.RUTET), each.state)

    done, _ = await asyncio.gather(rotate(pg_url, path, node, silent), node())
    counts = await values_by_key(pg_url)
    assert counts.get(done.key_id, 0) >= 100
    store.at_rest.refresh()
    await rotate(pg_url, path, nothing, silent)
    async with store.begin() as uow:
        for owner in (OPERATOR, OURS):
            for each in await store.list_inbound(owner):
                assert (await uow.raw(owner, each.id) or b"").startswith(b"mail ")
    await store.close()


async def test_only_one_command_rotates(pg_url: str, tmp_path: Path) -> None:
    """A second rotation at the same time is refused in a sentence."""
    path = tmp_path / "ring"
    AtRest.create(path)

    async def second() -> None:
        with pytest.raises(Refused) as caught:
            await rotate(pg_url, path, nothing, silent)
        assert caught.value.statement.code == KeyCode.ROTATING

    await rotate(pg_url, path, second, silent)


async def test_a_prepared_key_opens_before_it_seals(tmp_path: Path) -> None:
    """A ring with a prepared key seals under the old one; a rotation then takes that key, and no other."""
    path = tmp_path / "ring"
    ring = AtRest.create(path)
    first, coming = ring.active_id, AtRest.prepare(path)
    assert AtRest.prepare(path) == coming
    assert ring.refresh()
    assert ring.active_id == first
    assert AtRest.rotate(path).active_id == coming
    assert AtRest.load(path).keys() == {coming: "active", first: "older"}


def test_every_column_of_bytes_is_sealed_again_or_known_to_be_no_content(pg_url: str) -> None:
    """A new column of sealed content that a rotation forgets would be lost with the old key."""
    with psycopg.connect(pg_url) as connection:
        rows = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN pg_class ON relname = table_name"
            " WHERE data_type = 'bytea' AND table_schema = current_schema() AND NOT relispartition"
        ).fetchall()
    sealed = {(each.table, each.column) for each in SEALED}
    plain = {"sha256", "digest", "mac", "hash", "previous", "token", "subject", "sealed"}
    assert {row for row in rows if row[1] not in plain} == sealed
