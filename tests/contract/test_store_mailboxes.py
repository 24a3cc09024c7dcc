"""Which mails of mailboxes are stored, on both stores; and who empties a mailbox, on PostgreSQL."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.store.mailboxes import Mailboxes
from adapters.store.postgres import PostgresStore
from engine.errors import Unavailable
from engine.records.messages import CollectedMail
from tests.fakes.store.memory import MemoryStore
from tests.fakes.waiting import PATIENCE
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore
MAIL = CollectedMail("edi", "7", "41", UUID(int=1), b"digest", 30, START)
LATER = START + timedelta(minutes=5)


async def test_a_key_is_claimed_once(store: AnyStore) -> None:
    """The first claim of a key is new; another gets what stands there, which only a replacement changes."""
    other = replace(MAIL, inbound=UUID(int=2), sha256=b"other", size=31, stored_at=LATER)
    async with store.begin() as unit:
        assert await unit.claim_collected(MAIL) is None
    async with store.begin() as unit:
        assert await unit.claim_collected(other) == MAIL
        assert await unit.claim_collected(MAIL) == MAIL
        await unit.replace_collected(other)
        assert await unit.claim_collected(MAIL) == other
        assert await unit.claim_collected(replace(MAIL, validity="8")) is None
        assert await unit.claim_collected(replace(MAIL, mailbox="annen")) is None


async def test_what_is_rolled_back_is_not_claimed(store: AnyStore) -> None:
    """The claim stands and falls with the transaction that stores the bytes."""
    with suppress(ZeroDivisionError):
        async with store.begin() as unit:
            await unit.claim_collected(MAIL)
            raise ZeroDivisionError
    async with store.begin() as unit:
        assert await unit.claim_collected(MAIL) is None


async def test_deleted_mails_wait_no_more(store: AnyStore) -> None:
    """What is marked as deleted is not waited for; a replacement waits again; other mailboxes are left alone."""
    async with store.begin() as unit:
        for uid in ("41", "42"):
            await unit.claim_collected(replace(MAIL, uid=uid))
        await unit.mark_deleted("edi", "8", ["41"], LATER)
        await unit.mark_deleted("annen", "7", ["41"], LATER)
        assert await unit.waiting_for_delete("edi", "7") == ["41", "42"]
        await unit.mark_deleted("edi", "7", ["41", "99"], LATER)
        assert await unit.waiting_for_delete("edi", "7") == ["42"]
        await unit.replace_collected(MAIL)
        assert await unit.waiting_for_delete("edi", "7") == ["41", "42"]
        assert await unit.waiting_for_delete("annen", "7") == []


async def test_each_waiting_mail_vouches_for_one_under_another_validity(store: AnyStore) -> None:
    """The oldest of the same digest and size is found once, and only under another validity of the same mailbox."""
    renumbered = replace(MAIL, validity="8", uid="1", stored_at=LATER)
    async with store.begin() as unit:
        await unit.claim_collected(replace(MAIL, inbound=UUID(int=2), uid="42", stored_at=LATER))
        await unit.claim_collected(MAIL)
        assert await unit.renumbered(MAIL) is None
        assert await unit.renumbered(replace(renumbered, size=31)) is None
        assert await unit.renumbered(replace(renumbered, sha256=b"other")) is None
        assert await unit.renumbered(replace(renumbered, mailbox="annen")) is None
        assert await unit.renumbered(renumbered) == UUID(int=1)
        assert await unit.renumbered(renumbered) == UUID(int=2)
        assert await unit.renumbered(renumbered) is None


@pytest.fixture
async def opened(pg_url: str, at_rest: AtRest):
    """Give an open store on PostgreSQL."""
    store = PostgresStore(pg_url, at_rest)
    await store.open()
    yield store
    await store.close()


async def test_one_node_holds_a_mailbox(opened: PostgresStore, pg_url: str) -> None:
    """While one holds a mailbox another gets none of it, but may hold another; after its end anybody may."""
    rows = opened.mailboxes()
    async with rows.held("edi", 60) as first:
        assert first is not None
        await first.beat()
        async with rows.held("edi", 60) as second, rows.held("annen", 60) as other:
            assert second is None
            assert other is not None
    async with rows.held("edi", 60) as third:
        assert third is not None


async def test_a_hold_without_a_sign_of_life_is_lost(opened: PostgresStore, pg_url: str) -> None:
    """A node that hangs loses the mailbox when it has been silent for too long, and is told when it comes back."""
    rows = opened.mailboxes()
    with suppress(Unavailable):
        async with rows.held("edi", 0.2) as hung:
            assert hung is not None
            async with asyncio.timeout(PATIENCE):
                while not await _held_by_another(rows):
                    pass
            with pytest.raises(Unavailable):
                await hung.beat()


async def _held_by_another(rows: Mailboxes) -> bool:
    async with rows.held("edi", 60) as hold:
        return hold is not None


async def test_a_dead_node_loses_its_hold_at_once(opened: PostgresStore, pg_url: str) -> None:
    """When the session behind a hold ends the mailbox is free, and the next beat says so."""
    rows = opened.mailboxes()
    with suppress(Unavailable):
        async with rows.held("edi", 60) as dead:
            assert dead is not None
            async with await psycopg.AsyncConnection.connect(pg_url, autocommit=True) as other:
                ending = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = %s"
                await other.execute(ending, ["samvik-mailbox"])
            assert await _held_by_another(rows)
            with pytest.raises(Unavailable):
                await dead.beat()


async def test_since_when_a_mailbox_fails(opened: PostgresStore) -> None:
    """The first failure counts until the mailbox has been emptied, which says whether it had failed."""
    rows = opened.mailboxes()
    assert not await rows.emptied("edi")
    assert await rows.failed("edi", START) == START
    assert await rows.failed("edi", LATER) == START
    assert await rows.emptied("edi")
    assert await rows.failed("edi", LATER) == LATER
