"""What every store does with queued work: leases, retries, and waking those who wait."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest

from adapters.keys.at_rest import AtRest
from adapters.store.postgres import PostgresStore
from engine.names import OPERATOR
from engine.records.work import SUSPECT_DEATHS, Queued, Work, WorkKind
from tests.fakes.store.due_work import next_due
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import OURS, THEIRS, item, mail, message
from tests.fakes.waiting import PATIENCE
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore
SEND, FRIST, MOTTA = WorkKind.SEND, WorkKind.FRIST, WorkKind.MOTTA
ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
LATER = START + timedelta(minutes=5)


async def _add(
    store: AnyStore, subject: UUID, due: datetime = START, kind: WorkKind = SEND, partner: str = "p"
) -> None:
    async with store.begin() as unit:
        await unit.add_work(OURS, kind, subject, partner, due)


async def _take(store: AnyStore, most: int = 10, now: datetime = START) -> list[Work]:
    return await store.take_work(list(WorkKind), now, most)


@pytest.fixture(params=["fake", "postgres"])
async def no_lease(request: pytest.FixtureRequest) -> AsyncIterator[AnyStore]:
    """Give a store whose leases run out at once, as those of a dead node have when another looks."""
    if request.param == "fake":
        yield MemoryStore(lease_seconds=0)
        return
    at_rest: AtRest = request.getfixturevalue("at_rest")
    store = PostgresStore(request.getfixturevalue("pg_url"), at_rest, lease_seconds=0)
    await store.open()
    yield store
    await store.close()


async def test_work_that_was_not_begun_is_put_back_without_an_attempt(store: AnyStore) -> None:
    """It is free again at its new time, as often tried as before; without the lease nothing is put back."""
    await _add(store, ONE)
    (taken,) = await _take(store)
    async with store.begin() as unit:
        assert await unit.put_back_work(taken, LATER)
        assert not await unit.put_back_work(taken, START)
    assert await _take(store) == []
    (again,) = await _take(store, now=LATER)
    assert (again.subject, again.due, again.attempts) == (ONE, LATER, 0)


async def test_work_that_was_asked_for_again_is_put_back_no_later_than_that(store: AnyStore) -> None:
    """What was asked for meanwhile keeps its own time."""
    await _add(store, ONE)
    (taken,) = await _take(store)
    await _add(store, ONE, START)
    async with store.begin() as unit:
        assert await unit.put_back_work(taken, LATER)
    assert len(await _take(store)) == 1


async def test_work_weighs_what_it_is_about(store: AnyStore) -> None:
    """A mail, a message and a document of ten kilobytes that cannot be packed weigh about that, else nothing."""
    content = Random(13).randbytes(10_000)
    about = {WorkKind.MOTTA: mail().id, WorkKind.SEND: message().id, WorkKind.INNBOKS: item().id}
    async with store.begin() as unit:
        await unit.add_inbound(OPERATOR, mail(), content)
        await unit.add_outbound(OURS, message(), content, None)
        await unit.add_inbox_item(OURS, item(), content)
    async with store.begin() as unit:
        for kind, subject in about.items():
            owner = OPERATOR if kind is WorkKind.MOTTA else OURS
            assert 10_000 <= await unit.weight(owner, kind, subject) < 10_100, kind
            assert await unit.weight(owner, kind, UUID(int=99)) == 0
        assert await unit.weight(OURS, WorkKind.FRIST, message().id) == 0


async def test_due_work_is_taken_oldest_first(store: AnyStore) -> None:
    """Work is leased oldest first, never more than asked for, of the kinds asked for, and only what is due."""
    await _add(store, THREE, START)
    await _add(store, ONE, START - timedelta(minutes=2))
    await _add(store, TWO, START - timedelta(minutes=1), FRIST, "")
    await _add(store, UUID(int=4), LATER)
    assert [work.subject for work in await store.take_work([FRIST], START, 5)] == [TWO]
    taken = await _take(store, most=1)
    assert [(work.kind, work.owner, work.subject, work.partner, work.attempts) for work in taken] == [
        (SEND, OURS, ONE, "p", 0)
    ]
    assert taken[0].due == START - timedelta(minutes=2)
    assert [work.subject for work in await _take(store)] == [THREE]
    assert await _take(store) == []


async def test_two_takers_at_once_share_no_work(store: AnyStore) -> None:
    """Nodes that take work at the same moment never get the same piece, and together get all of it."""
    async with store.begin() as unit:
        for number in range(40):
            await unit.add_work(OURS, SEND, UUID(int=number + 1), "p", START)
    taken = [work for works in await asyncio.gather(*(_take(store) for _ in range(4))) for work in works]
    assert len({work.subject for work in taken}) == len(taken)
    taken += await _take(store, most=40)
    assert len({work.subject for work in taken}) == len(taken) == 40


async def test_queued_work_only_changes_its_due_time(store: AnyStore) -> None:
    """Work queued again for the same kind and subject is still one piece, due at the new time."""
    await _add(store, ONE, START)
    await _add(store, ONE, LATER, partner="other")
    assert await _take(store) == []
    assert await next_due(store, [SEND]) == LATER
    assert [(work.partner, work.due) for work in await _take(store, now=LATER)] == [("p", LATER)]


async def test_finished_work_is_gone(store: AnyStore) -> None:
    """Work that was finished under its lease is not there any more."""
    await _add(store, ONE)
    work = (await _take(store))[0]
    async with store.begin() as unit:
        assert await unit.finish_work(work)
        assert not await unit.finish_work(work)
    assert await next_due(store, list(WorkKind)) is None


async def test_finishing_rolls_back_with_its_transaction(store: AnyStore) -> None:
    """Work finished in a transaction that fails is still under its lease."""
    await _add(store, ONE)
    work = (await _take(store))[0]

    async def fail() -> None:
        async with store.begin() as unit:
            await unit.finish_work(work)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.begin() as unit:
        assert await unit.finish_work(work)


async def test_postponed_work_counts_its_attempts(store: AnyStore) -> None:
    """Postponed work is due later with one attempt more, and is no longer ours."""
    await _add(store, ONE)
    work = (await _take(store))[0]
    async with store.begin() as unit:
        assert await unit.postpone_work(work, LATER)
        assert not await unit.postpone_work(work, LATER)
        assert not await unit.finish_work(work)
    assert await _take(store) == []
    again = (await _take(store, now=LATER))[0]
    assert (again.attempts, again.due) == (1, LATER)
    assert again.lease != work.lease


async def test_work_asked_for_again_while_held_is_not_lost(store: AnyStore) -> None:
    """Work that is queued anew while a node works on it stays in the queue when that node has finished."""
    await _add(store, ONE)
    work = (await _take(store))[0]
    await _add(store, ONE, LATER)
    assert await _take(store, now=LATER) == []
    async with store.begin() as unit:
        assert await unit.finish_work(work)
    again = (await _take(store, now=LATER))[0]
    assert (again.due, again.attempts) == (LATER, 0)
    async with store.begin() as unit:
        assert await unit.finish_work(again)
    assert await next_due(store, [SEND]) is None


async def test_work_asked_for_again_is_not_postponed_past_its_time(store: AnyStore) -> None:
    """A node that postpones work which was asked for again meanwhile does not put it off past the asked time."""
    await _add(store, ONE)
    work = (await _take(store))[0]
    await _add(store, ONE, LATER)
    async with store.begin() as unit:
        assert await unit.postpone_work(work, LATER + timedelta(days=1))
    assert await next_due(store, [SEND]) == LATER


async def test_dropped_work_is_gone(store: AnyStore) -> None:
    """Dropped work is out of the queue also for the node that holds it; other kinds stay; a second drop is fine."""
    await _add(store, ONE)
    await _add(store, ONE, kind=FRIST)
    work = next(work for work in await _take(store) if work.kind is SEND)
    async with store.begin() as unit:
        await unit.drop_work(OURS, SEND, ONE)
        await unit.drop_work(OURS, SEND, ONE)
        assert not await unit.finish_work(work)
        assert not await unit.postpone_work(work, LATER)


async def test_work_of_two_owners_on_one_subject_is_apart(store: AnyStore) -> None:
    """What one owner queues for a subject neither moves nor hides what another owner queued for it."""
    await _add(store, ONE)
    async with store.begin() as unit:
        await unit.add_work(OPERATOR, SEND, ONE, "", LATER)
    assert [work.owner for work in await _take(store)] == [OURS]
    assert await next_due(store, [SEND]) == LATER


async def test_a_foreign_lease_moves_nothing(store: AnyStore) -> None:
    """Without the lease that was given out, or with another owner, work is neither finished nor postponed."""
    await _add(store, ONE)
    work = (await _take(store))[0]
    async with store.begin() as unit:
        for foreign in (replace(work, lease=uuid4()), replace(work, owner=THEIRS)):
            assert not await unit.finish_work(foreign)
            assert not await unit.postpone_work(foreign, LATER)
        assert await unit.finish_work(work)


async def test_a_lease_that_lasts_is_not_returned(store: AnyStore) -> None:
    """What a living node holds stays its own."""
    await _add(store, ONE)
    (work,) = await _take(store)
    assert await store.return_expired_work() == 0
    async with store.begin() as unit:
        assert await unit.finish_work(work)


async def test_expired_leases_are_returned(no_lease: AnyStore) -> None:
    """What a dead node held is free again once its lease has run out, and the dead node's lease is worth nothing."""
    await _add(no_lease, ONE)
    work = (await _take(no_lease))[0]
    assert await no_lease.return_expired_work() == 1
    assert await no_lease.return_expired_work() == 0
    again = (await _take(no_lease))[0]
    assert again.attempts == 1
    async with no_lease.begin() as unit:
        assert not await unit.finish_work(work)
        assert await unit.finish_work(again)


async def test_queued_work_wakes_who_listens(store: AnyStore) -> None:
    """A listening node is woken once at the start and again when a transaction with new work commits."""
    woken: asyncio.Queue[Queued] = asyncio.Queue()
    listener = asyncio.create_task(store.listen(woken.put_nowait))
    await asyncio.wait_for(woken.get(), PATIENCE)
    async with store.begin() as unit:
        await unit.add_work(OURS, SEND, ONE, "", START)
        await asyncio.sleep(0.05)
        assert woken.empty()
    await asyncio.wait_for(woken.get(), PATIENCE)
    listener.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listener


async def test_work_is_taken_by_partner(store: AnyStore) -> None:
    """Each partner asked about gets at most its window, the oldest first, and all together at most so many."""
    for number in range(6):
        await _add(store, UUID(int=number), START + timedelta(seconds=number), partner="p" if number < 4 else "q")
    taken = await store.take_work_of(SEND, LATER, {"p": 3, "q": 1, "r": 5}, 10)
    assert [work.subject.int for work in taken] == [0, 1, 2, 4]
    assert [work.subject.int for work in await store.take_work_of(SEND, LATER, {"p": 3, "q": 3}, 1)] == [3]
    assert await store.take_work_of(SEND, START, {"q": 3}, 9) == []
    assert await store.take_work_of(FRIST, LATER, {"q": 3}, 9) == []


async def test_every_other_partner_gets_one(store: AnyStore) -> None:
    """Partners that are not closed get one each, those that wait longest first; what is not due yet waits."""
    for number, partner in enumerate(["a", "a", "b", "c", "d"]):
        await _add(store, UUID(int=number), START + timedelta(seconds=9 - number), partner=partner)
    await _add(store, UUID(int=7), LATER, partner="e")
    now = START + timedelta(seconds=30)
    assert [work.subject.int for work in await store.take_work_of_others(SEND, now, {"c"}, 2)] == [4, 2]
    assert [work.partner for work in await store.take_work_of_others(SEND, now, (), 9)] == ["c", "a"]
    assert [work.partner for work in await store.take_work_of_others(SEND, LATER, {"a"}, 9)] == ["e"]
    assert await store.take_work_of_others(FRIST, LATER, (), 9) == []


async def _died_of(store: AnyStore, subject: UUID, kind: WorkKind, due: datetime) -> None:
    """Queue work whose lease has run out so often that it is a suspect, where its kind can be one."""
    await _add(store, subject, START - timedelta(hours=1), kind)
    for _ in range(SUSPECT_DEATHS):
        await store.take_work([kind], START - timedelta(minutes=30), 10)
        await store.return_expired_work()
    await _add(store, subject, due, kind)


async def test_a_mail_that_nodes_may_have_died_of_is_taken_alone(no_lease: AnyStore) -> None:
    """Left by two dead nodes, a mail is left out of a batch and comes by itself; no other kind of work does."""
    await _died_of(no_lease, ONE, MOTTA, START - timedelta(minutes=2))
    await _died_of(no_lease, TWO, SEND, START - timedelta(minutes=3))
    await _add(no_lease, THREE, START - timedelta(minutes=1), MOTTA)
    assert [(work.subject, work.suspect) for work in await _take(no_lease)] == [(TWO, False), (THREE, False)]
    assert [(work.subject, work.suspect) for work in await _take(no_lease)] == [(ONE, True)]


async def test_the_oldest_suspect_comes_before_younger_work(no_lease: AnyStore) -> None:
    """A suspect is not put off by what comes after it: it is leased first, by itself."""
    await _died_of(no_lease, ONE, MOTTA, START - timedelta(minutes=3))
    await _died_of(no_lease, TWO, MOTTA, START - timedelta(minutes=2))
    await _add(no_lease, THREE, START, MOTTA)
    assert [[work.subject for work in await _take(no_lease)] for _ in range(3)] == [[ONE], [TWO], [THREE]]


async def test_a_mail_that_only_waits_is_no_suspect(store: AnyStore) -> None:
    """Put back again and again, for a scanner that is away, a mail is taken with the others."""
    for subject in (ONE, TWO):
        await _add(store, subject, START, MOTTA)
    for _ in range(5):
        for work in await _take(store):
            async with store.begin() as unit:
                await unit.postpone_work(work, START)
    assert [(work.subject, work.suspect) for work in await _take(store)] == [(ONE, False), (TWO, False)]
