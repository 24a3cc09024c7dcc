"""Clients, what they took and what they are still to be told: the same of the fake and of PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from engine.names import MsgId
from engine.records.inbox import Webhook
from tests.fakes.store.rows import OURS, THEIRS, client, item, notice
from tests.fakes.world.clock import START

TOKEN, OTHER = b"a" * 32, b"b" * 32


async def test_a_client_is_found_by_name_id_and_token(store):
    """One active client a name; its webhook comes back as it was given, and its token as nothing."""
    async with store.begin() as unit:
        assert await unit.add_client(OURS, client(), TOKEN)
        assert not await unit.add_client(OURS, client(602), OTHER)
        assert await unit.client(OURS, client().id) == replace(client(), webhook=None)
        await unit.settle_client(OURS, client())
    async with store.begin() as unit:
        found = [
            await unit.client(OURS, client().id),
            await unit.client_named("epj"),
            await unit.client_of_token(TOKEN),
        ]
        assert found == [client()] * 3
        assert await unit.client_of_token(OTHER) is None
        assert await unit.client_named("EPJ") is None
        assert await unit.clients_to_tell(OURS, OURS) == [client().id]
        assert await unit.clients_to_tell(OURS, THEIRS) == []


async def test_a_revoked_client_is_nobody_and_leaves_its_name(store):
    """Revoked, it is found by its id alone; another may have the name, and the list shows both, the newest first."""
    revoked = client(revoked_at=START + timedelta(days=1), webhook=None)
    async with store.begin() as unit:
        await unit.add_client(OURS, client(), TOKEN)
        await unit.settle_client(OURS, client())
        await unit.settle_client(OURS, revoked)
        assert await unit.client_of_token(TOKEN) is None
        assert await unit.client_named("epj") is None
        assert await unit.clients_to_tell(OURS, OURS) == []
        assert await unit.client(OURS, client().id) == revoked
        assert await unit.add_client(OURS, client(603), OTHER)
        assert await unit.add_client(OURS, client(604, name="annen"), b"c" * 32)
    assert [each.id for each in await store.list_clients()] == [UUID(int=604), UUID(int=603), UUID(int=601)]


async def test_an_item_is_taken_once(store):
    """The first to take it stands there with the time; whoever comes later is told so and changes nothing."""
    async with store.begin() as unit:
        await unit.add_inbox_item(OURS, item(), b"document")
        taken = await unit.take_item(OURS, item().id, "epj", START)
        assert (taken.taken_by, taken.taken_at) == ("epj", START)
        assert await unit.take_item(OURS, item().id, "annen", START + timedelta(hours=1)) == taken
        assert await unit.inbox_item(OURS, item().id) == (taken, b"document")
        assert await unit.take_item(OURS, UUID(int=9), "epj", START) is None
    assert await store.list_inbox(OURS) == [taken]


async def test_what_waits_is_listed_oldest_first_in_pages(store):
    """Items of one inbox that nobody took, after the one that a page follows, also when that one was taken since."""
    async with store.begin() as unit:
        for number in (303, 301, 302, 304):
            await unit.add_inbox_item(OURS, item(number, msg_id=MsgId(str(number))), b"")
        await unit.add_inbox_item(OURS, item(305, receiver=THEIRS, msg_id=MsgId("305")), b"")
        same = item(310, received_at=item(304).received_at, msg_id=MsgId("310"))
        await unit.add_inbox_item(OURS, same, b"")
        await unit.take_item(OURS, UUID(int=302), "epj", START)

    async def ids(after: int | None, most: int) -> list[int]:
        found = await store.untaken(OURS, OURS, UUID(int=after) if after else None, most)
        return [each.id.int for each in found]

    assert await ids(None, 9) == [301, 303, 304, 310]
    assert await ids(None, 2) == [301, 303]
    assert await ids(302, 9) == [303, 304, 310]
    assert await ids(304, 9) == [310]
    assert await ids(305, 9) == []
    assert await ids(999, 9) == []


async def test_a_notice_is_kept_until_it_is_dropped(store):
    """A notice comes back as it was written, and goes when it is dropped."""
    async with store.begin() as unit:
        await unit.add_client(OURS, client(), TOKEN)
        await unit.add_notice(OURS, notice())
        assert await unit.notice(OURS, notice().id) == notice()
        await unit.drop_notice(OURS, notice().id)
        assert await unit.notice(OURS, notice().id) is None


def test_a_client_shows_no_secret():
    """Neither address nor secret of a webhook stands in the text form of a client."""
    shown = repr(client(webhook=Webhook("http://epj.test/hemmelig", b"hemmelig")))
    assert "hemmelig" not in shown
