"""A node dies between any two steps: after its restart nothing is lost and nothing is there twice."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.inbound.receive import receive
from engine.inbound.storing import take_in
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.store.breaking import BreakingStore, Died
from tests.fakes.store.due_work import next_due
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE

COMMITS = range(1, 15)
STEPS = (WorkKind.MOTTA, WorkKind.SEND, WorkKind.FRIST)


async def restarted(side: Side, step: Callable[[], Awaitable[object]]) -> None:
    """Do a step; where the node dies in it, start again as a new node does, with the work that the dead one held."""
    while True:
        try:
            await step()
            return
        except Died:
            await side.ports.store.return_expired_work()


async def exchange(pair: Pair) -> None:
    """Let both sides work and their mail servers retry until nothing is left to do for a day."""
    sides = (pair.gp, pair.municipal)
    for _ in range(30):
        for here, there in (sides, sides[::-1]):
            await restarted(here, here.work)
            mails, here.sent = here.sent, []
            for mail in mails:
                await restarted(there, lambda mail=mail, there=there: take_in(there.ports, mail, "192.0.2.1"))
        if not any([await next_due(side.ports.store, STEPS) for side in sides]) and not pair.gp.sent:
            return
        pair.clock.advance(hours=1)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("whose", ["gp", "municipal"])
@pytest.mark.parametrize("at", COMMITS)
async def test_a_death_at_any_commit_loses_and_doubles_nothing(pair, whose, at, moment):
    """Whichever commit a node dies at, one document is delivered, one AppRec is made, and both sides come to rest."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    side = getattr(pair, whose)
    store = BreakingStore(at, moment)
    store.tables = side.ports.store.tables
    side.ports = replace(side.ports, store=store)
    await exchange(pair)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    answers = [row for row in await pair.municipal.outbound() if row.kind is Kind.APPREC]
    assert [row.state for row in answers] == [DeliveryState.FULLFORT]
    assert {row.state for row in await pair.municipal.inbound()} <= SETTLED
    assert {row.state for row in await pair.gp.inbound()} <= SETTLED
    for each in (pair.gp, pair.municipal):
        assert await each.tasks() == []
        assert {key[1] for key in each.ports.store.tables.work} <= {WorkKind.INNBOKS, WorkKind.SAK}
    assert pair.clock.now() - sent.created_at <= timedelta(hours=24)


SETTLED = {InboundState.LEVERT_INTERNT, InboundState.KORRELERT, InboundState.DUPLIKAT}


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_the_commits_of_an_exchange_are_all_tried(pair, moment):
    """The table above reaches past the last commit of either side, so that no step is left out."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    for whose in ("gp", "municipal"):
        side = getattr(pair, whose)
        store = BreakingStore(COMMITS.stop - 1, moment)
        store.tables = side.ports.store.tables
        side.ports = replace(side.ports, store=store)
    await exchange(pair)
    assert not pair.gp.ports.store.broken
    assert not pair.municipal.ports.store.broken


async def test_work_that_two_nodes_had_ends_when_one_has_done_it(pair):
    """A node that was so slow that another took its work over decides first: the other finds nothing left to do."""
    id = await take_in(pair.municipal.ports, payload_mail(Letter(), document()), "192.0.2.1")
    store, now = pair.municipal.ports.store, pair.clock.now()
    (slow,) = await store.take_work([WorkKind.MOTTA], now, 1)
    for key, row in store.tables.work.items():
        store.tables.work[key] = replace(row, lease_until=0.0)
    assert await store.return_expired_work() == 1
    (second,) = await store.take_work([WorkKind.MOTTA], now, 1)
    await receive(slow, pair.municipal.ports)
    await receive(second, pair.municipal.ports)
    assert (await pair.municipal.mail(id)).state is InboundState.LEVERT_INTERNT
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    assert WorkKind.MOTTA not in {key[1] for key in store.tables.work}
    assert await pair.municipal.tasks() == []
