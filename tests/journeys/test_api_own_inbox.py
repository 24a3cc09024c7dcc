"""What an HTTP client may see: the inbox of its own party, not that of another party of the same enterprise."""

from dataclasses import replace
from uuid import uuid4

import pytest

from engine.names import HerId
from engine.record_system.http_client import stored, take
from engine.records.inbox import Client
from tests.fakes.engines.pair import Pair
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE, LEVANGER_WARD


def client_of(her: HerId) -> Client:
    """Return a client of one party of Levanger."""
    return Client(uuid4(), LEVANGER, f"epj-{her}", her, START)


async def received(pair: Pair):
    """Let a deviation come to Levanger's deviation service; return its inbox item."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    (item,) = await pair.municipal.inbox(LEVANGER)
    assert item.receiver == LEVANGER_SERVICE
    return item


async def test_the_partys_own_client_reads_and_takes(pair: Pair) -> None:
    """The client of the party that received a document reads it, and takes it."""
    item, client, ports = await received(pair), client_of(LEVANGER_SERVICE), pair.municipal.ports
    found = await stored(ports, client, item.id)
    assert found is not None
    assert found.item == item
    taken = await take(ports, client, item.id)
    assert taken is not None
    assert taken.taken_by == client.name


@pytest.mark.parametrize("her", [LEVANGER_WARD, LEVANGER])
async def test_another_party_of_the_enterprise_sees_nothing(pair: Pair, her: HerId) -> None:
    """The client of a ward, or of the enterprise itself, neither reads nor takes what came to the deviation service."""
    item, client, ports = await received(pair), client_of(her), pair.municipal.ports
    assert await stored(ports, client, item.id) is None
    assert await take(ports, client, item.id) is None
    assert await pair.municipal.inbox(LEVANGER) == [replace(item, taken_at=None, taken_by="")]
