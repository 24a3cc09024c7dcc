"""What every store does with what people look at, list and search: the fake and PostgreSQL alike."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from adapters.store.postgres import PostgresStore
from engine.names import HerId, MsgId
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import HEADER, OURS, THEIRS, decided, event, item, message, task
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore


async def test_inbox_item_comes_back_and_is_marked_exported(store: AnyStore) -> None:
    """A document in the inbox comes back equal, and shows when it was put in the party's folder."""
    full = item(note="Til avdeling", conversation=MsgId("c"), parent=MsgId("p"), made_at=START - timedelta(days=1))
    async with store.begin() as unit:
        await unit.add_inbox_item(OURS, full, b"<xml/>")
        await unit.add_inbox_item(OURS, item(302, receiver=THEIRS), b"2")
        assert await unit.inbox_item(OURS, full.id) == (full, b"<xml/>")
        assert await unit.inbox_item(OURS, UUID(int=9)) is None
        await unit.mark_exported(OURS, full.id, START)
    assert await store.list_inbox(OURS) == [item(302, receiver=THEIRS), replace(full, exported_at=START)]
    assert await store.list_inbox(OURS, THEIRS) == [item(302, receiver=THEIRS)]
    assert len(await store.list_inbox(OURS, most=1)) == 1
    for text, found in (
        (str(full.id), 1),
        (str(full.id)[:35], 2),
        (full.id.hex[:30], 2),
        ("document-", 2),
        ("ocument", 0),
    ):
        assert len(await store.find_in_inbox(OURS, text, 9)) == found, text
    assert len(await store.find_in_inbox(OURS, "document-", 1)) == 1
    assert await store.find_in_inbox(OURS, "doc%", 9) == []


async def test_what_was_received_is_found_by_inbox_and_msg_id(store: AnyStore) -> None:
    """A MsgId finds what came under it into one inbox, from each sender, newest first; not what another inbox has."""
    other = item(302, sender=HerId("400"))
    async with store.begin() as unit:
        for row in (item(), other, item(303, receiver=THEIRS), item(304, msg_id=MsgId("document-2"))):
            await unit.add_inbox_item(OURS, row, b"<xml/>")
        assert await unit.received(OURS, OURS, MsgId("document-1")) == [other, item()]
        assert await unit.received(OURS, OURS, MsgId("DOCUMENT-1")) == []


async def test_one_task_is_open_for_a_subject_and_a_cause(store: AnyStore) -> None:
    """A second task with the same subject and cause is not opened until the first is closed."""
    async with store.begin() as unit:
        assert await unit.open_task(OURS, task())
        assert not await unit.open_task(OURS, task(202))
        assert await unit.open_task(OURS, task(203, cause="frist"))
        assert await unit.close_task(OURS, task().id, START, "kari", "løst")
        assert not await unit.close_task(OURS, task().id, START, "ola", "løst igjen")
        assert await unit.open_task(OURS, task(202))
    closed = replace(task(), done_at=START, done_by="kari", outcome="løst")
    assert await store.list_tasks(OURS) == [task(202), task(203, cause="frist")]
    assert await store.list_tasks(OURS, open_only=False) == [closed, task(202), task(203, cause="frist")]


async def test_tasks_of_a_subject_at_rest_are_closed_together(store: AnyStore) -> None:
    """Every open task of one subject is closed, by the engine; those of others stay."""
    other = task(204, subject=UUID(int=2))
    async with store.begin() as unit:
        for row in (task(), task(203, cause="frist"), other):
            await unit.open_task(OURS, row)
        assert await unit.close_tasks_of(OURS, task().subject, START, "ferdig") == 2
        assert await unit.close_tasks_of(OURS, task().subject, START, "ferdig") == 0
    assert await store.list_tasks(OURS) == [other]
    assert {row.done_by for row in await store.list_tasks(OURS, open_only=False)} == {"motor", ""}


async def test_events_come_back_in_order(store: AnyStore) -> None:
    """The timeline of a subject has its events in the order they were written, numbered upwards."""
    async with store.begin() as unit:
        await unit.log(OURS, event(2))
        await unit.log(OURS, event(1, subject=UUID(int=2)))
        await unit.log(OURS, event(1))
    found = await store.timeline(OURS, UUID(int=1))
    assert [row.event for row in found] == [event(2), event(1)]
    assert found[0].id < found[1].id
    assert {row.owner for row in found} == {OURS}


async def test_lists_are_newest_first_by_state_and_bounded(store: AnyStore) -> None:
    """Mails and messages are listed newest first, in one state if asked, and never more than asked for."""
    async with store.begin() as unit:
        for number in (1, 3, 2):
            await unit.add_inbound(OURS, decided(number), b"")
            await unit.add_outbound(OURS, message(100 + number), b"", None)
        await unit.add_inbound(OURS, decided(4, state=InboundState.RETURNERT), b"")
        await unit.add_outbound(OURS, message(104, state=DeliveryState.SENDT), b"", None)
    assert [row.id.int for row in await store.list_inbound(OURS)] == [4, 3, 2, 1]
    assert [row.id.int for row in await store.list_inbound(OURS, InboundState.RETURNERT)] == [4]
    assert [row.id.int for row in await store.list_inbound(OURS, most=2)] == [4, 3]
    assert [row.id.int for row in await store.list_outbound(OURS)] == [104, 103, 102, 101]
    assert [row.id.int for row in await store.list_outbound(OURS, DeliveryState.KO, 2)] == [103, 102]


@pytest.mark.parametrize("text", ["message-1", "document-1", "conversation-1", "ref-1"])
async def test_messages_are_found_by_any_of_their_ids(store: AnyStore, text: str) -> None:
    """A search by a wire id finds mails and messages that carry it, newest first."""
    bare = replace(HEADER, message_id=None, conversation_id=None, ref_to=None)
    async with store.begin() as unit:
        await unit.add_inbound(OURS, decided(), b"")
        await unit.add_inbound(OURS, decided(2, header=bare), b"")
        await unit.add_outbound(OURS, message(), b"", None)
    found = [row.id.int for row in await store.find(OURS, text)]
    assert found == ([101, 2, 1] if text == "document-1" else [101, 1])


@pytest.mark.parametrize("text", ["", "nothing", "message-1\x00", "' OR true --", "\ud800"])
async def test_a_search_for_what_nobody_carries_finds_nothing(store: AnyStore, text: str) -> None:
    """A search for an unknown id, or for bytes that no id can hold, finds nothing and fails in no way."""
    async with store.begin() as unit:
        await unit.add_inbound(OURS, decided(), b"")
    assert await store.find(OURS, text) == []


async def test_a_message_is_found_by_our_own_id(store: AnyStore) -> None:
    """A search by our own id, as it is written in tasks and logs, finds the row."""
    async with store.begin() as unit:
        await unit.add_outbound(OURS, message(), b"", None)
    assert await store.find(OURS, str(message().id)) == [message()]


async def test_register_versions_are_kept_newest_first(store: AnyStore) -> None:
    """Each imported version of the party register stays, under a higher number than the one before."""
    assert await store.registry_versions() == []
    first = await store.add_registry_version("en", b"1" * 32, "kari", START)
    second = await store.add_registry_version("to", b"2" * 32, "ola", START)
    found = await store.registry_versions()
    assert first < second
    assert [(row.id, row.content, row.imported_by, row.imported_at) for row in found] == [
        (second, "to", "ola", START),
        (first, "en", "kari", START),
    ]
    assert len(await store.registry_versions(most=1)) == 1
