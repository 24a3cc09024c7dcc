"""A batch of mails that share their transactions ends as if each had come alone, whatever is among them.

Each batch is drawn twice on PostgreSQL: once all its mails are decided on at the same time, once one after the other.
What the two stores then say is compared. SAMVIK_PROOF_SEED and SAMVIK_PROOF_BATCHES choose what is drawn; a failure
names the seed and the batch.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres
from adapters.store.lane import Lane
from adapters.store.postgres import PostgresStore, PostgresUnitOfWork
from engine.codes.operations import OperationsCode
from engine.errors import SamvikError
from engine.inbound import receive as receiving
from engine.inbound.storing import take_in
from engine.names import HerId
from engine.records.messages import IncomingMail
from engine.records.work import Work, WorkKind
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.world.parties import GP, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE
from tests.proofs.conftest import Tell, count_of
from tests.proofs.test_case_histories import TABLES

pytestmark = pytest.mark.proof

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261130"))
COUNT = count_of("SAMVIK_PROOF_BATCHES", full=2_000, share=60)
MOST_MAILS = 12
HUGE = b"Subject: x\r\n\r\n" + b"x" * 1_200_000


class OneByOne(PostgresStore):
    """The same store, where every piece of work has a transaction to itself."""

    async def share(
        self, do: Callable[[PostgresUnitOfWork], Awaitable[Any]], keys: frozenset[str] | None = frozenset()
    ) -> Any:
        """Do it in a transaction of its own."""
        async with self.begin() as unit:
            return await do(unit)


@asynccontextmanager
async def opened(store: PostgresStore) -> AsyncIterator[PostgresStore]:
    """Open a store for a while."""
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def drawn(dice: random.Random, mails: Sequence[bytes]) -> list[bytes]:
    """Return a batch: good mails, copies, broken signatures, what is no mail of ours, and now and then a huge one."""
    batch: list[bytes] = []
    for _ in range(dice.randint(2, MOST_MAILS)):
        mail = dice.choice(mails)
        kind = dice.random()
        if kind < 0.6:
            batch.append(mail)
        elif kind < 0.75:
            batch += [mail, mail]
        elif kind < 0.85:
            batch.append(_forged(mail))
        elif kind < 0.95:
            batch.append(mail[: dice.randrange(1, len(mail))])
        elif kind < 0.97:
            batch.append(HUGE)
        else:
            batch.append(mail.replace(b"eb:", b"ab:"))
    dice.shuffle(batch)
    return batch


def _forged(mail: bytes) -> bytes:
    """Return a mail of which one byte is another, in the signature's value where it can be found."""
    begin = max(mail.find(b"SignatureValue>"), len(mail) // 3) + len(b"SignatureValue>") + 20
    return mail[:begin] + (b"A" if mail[begin : begin + 1] != b"A" else b"B") + mail[begin + 1 :]


async def _mails_for(pair: Pair, dice: random.Random) -> list[bytes]:
    """Let both sides exchange a few messages and keep back what goes to the municipalities: of every kind."""
    pairs = [(GP, LEVANGER_SERVICE), (GP, VERDAL_SERVICE), (LEVANGER_SERVICE, GP), (VERDAL_SERVICE, GP)]
    for sender, receiver in (*pairs[2:], *dice.choices(pairs, k=3)):
        await pair.submit(sender, receiver)
    kept: list[bytes] = []
    for _ in range(2):
        for side, other in ((pair.municipal, pair.gp), (pair.gp, None)):
            await side.work(WorkKind.SEND)
            mails, side.sent = side.sent, []
            for mail in mails:
                if other is None:
                    kept.append(mail)
                else:
                    await take_in(other.ports, mail, "192.0.2.1")
        await pair.gp.work(WorkKind.MOTTA)
    await pair.gp.work(WorkKind.SEND)
    return kept + pair.gp.sent


async def _one(side: Side, work: Work) -> None:
    try:
        await receiving.receive(work, side.ports)
    except SamvikError as error:
        await receiving.give_up(work, side.ports, error)
    except Exception as error:  # as a node does with a bug of ours
        await receiving.give_up(work, side.ports, SamvikError(OperationsCode.OUR_ERROR, kind=type(error).__name__))


async def _played(store: PostgresStore, url: str, seed: int, *, at_once: bool) -> list[object]:
    """Take a batch in, decide on it, and return what the store then says of it."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"TRUNCATE {TABLES}, alarm, partner_samvik".encode())
    dice, pair = random.Random(seed), Pair()
    pair.municipal.ports = replace(pair.municipal.ports, store=store)
    mails = await _mails_for(pair, dice)
    batch = drawn(dice, mails)
    ids = [await take_in(pair.municipal.ports, mail, "192.0.2.1") for mail in batch]
    work = await store.take_work([WorkKind.MOTTA], pair.clock.now(), 100)
    work.sort(key=lambda each: ids.index(each.subject))
    if at_once:
        await asyncio.gather(*(_one(pair.municipal, each) for each in work))
    else:
        for each in work:
            await _one(pair.municipal, each)
    return await _told(pair.municipal, store, ids)


async def _told(side: Side, store: PostgresStore, ids: Sequence[UUID]) -> list[object]:
    """Return what a store says, with the place in the batch for each mail's id."""
    places = {id: place for place, id in enumerate(ids)}
    rows = {row.id: row for row in await side.inbound()}
    mails = [(*_row(rows[id]), *await _events(store, rows[id])) for id in ids]
    owners: tuple[HerId, ...] = (LEVANGER, VERDAL)
    sent = [(each.owner, each.kind, each.state, places.get(each.answers)) for each in await side.outbound()]
    items = [(owner, item.receiver, places[item.inbound]) for owner in owners for item in await side.inbox(owner)]
    cases = [(owner, case.state, case.number) for owner in owners for case in await store.list_cases(owner)]
    tasks = [(task.owner, task.role, task.cause, task.count) for task in await side.tasks()]
    return [*mails, Counter(sent), Counter(items), Counter(cases), Counter(tasks)]


def _row(row: IncomingMail) -> tuple[object, ...]:
    return row.owner, row.state, row.kind, row.apprec, row.reason, row.verified, row.pile is None


async def _events(store: PostgresStore, row: IncomingMail) -> list[str]:
    return [each.event.action for each in await store.timeline(row.owner, row.id)]


def _bug_in(chance: float, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the decision on some mails raise a bug of ours, by the mail's bytes: in both ways on the same places."""
    decide, dice = receiving.decide, random.Random(seed)
    hit = {place for place in range(1, 200) if dice.random() < chance}

    def buggy(mail: IncomingMail, *rest: Any) -> Any:
        if mail.id.int % 1000 in hit:
            raise RuntimeError("a bug")
        return decide(mail, *rest)

    monkeypatch.setattr(receiving, "decide", buggy)


@pytest.fixture
async def stores(pg_server: EmbeddedPostgres, at_rest: AtRest) -> AsyncIterator[tuple[PostgresStore, PostgresStore]]:
    """Give two stores, each on a database of its own: one that shares its transactions, one that does not."""
    for name in ("shared", "alone"):
        pg_server.create_database(name, template="samvik_template")
    async with (
        opened(PostgresStore(pg_server.url("shared"), at_rest)) as shared,
        opened(OneByOne(pg_server.url("alone"), at_rest)) as alone,
    ):
        yield shared, alone
    for name in ("shared", "alone"):
        pg_server.drop_database(name)


async def _both(
    stores: tuple[PostgresStore, PostgresStore], number: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[object], list[object]]:
    """Play a batch in both stores; a bug of ours hits some mails of every third."""
    shared, alone = stores
    seed = SEED + number
    with monkeypatch.context() as patched:
        if number % 3 == 2:
            _bug_in(0.1, seed, patched)
        found = await _played(shared, shared._url, seed, at_once=True)
        return found, await _played(alone, alone._url, seed, at_once=False)


async def test_a_batch_ends_as_if_each_had_come_alone(
    stores: tuple[PostgresStore, PostgresStore], monkeypatch: pytest.MonkeyPatch, tell: Tell
) -> None:
    """States, answers, inbox, cases, tasks and events are the same, and shared transactions are what was tried."""
    kinds, sizes = Counter[str](), Counter[int]()
    transact = stores[0]._lane._transact

    async def counted(pieces: Sequence[Any]) -> list[Any]:
        found = await transact(pieces)
        sizes[len(pieces)] += 1
        return found

    monkeypatch.setattr(stores[0]._lane, "_transact", counted)
    for number in range(COUNT):
        found, wanted = await _both(stores, number, monkeypatch)
        assert found == wanted, f"seed {SEED}, batch {number}"
        kinds.update(str(row[1]) for row in found if isinstance(row, tuple))
    assert max(sizes) > 4
    tell(f"{COUNT} batches, seed {SEED}: {kinds.total()} mails, {dict(kinds)}; {max(sizes)} pieces shared at most")


async def test_a_lane_that_swallows_a_failure_is_caught(
    stores: tuple[PostgresStore, PostgresStore], monkeypatch: pytest.MonkeyPatch, tell: Tell
) -> None:
    """The same comparison finds what a lane loses that tells all of a failed transaction that they are done."""

    async def swallow(_lane: Lane, together: Sequence[Any], _error: Exception) -> None:
        for each in together:
            each.result.set_result(None)

    monkeypatch.setattr(Lane, "_one_by_one", swallow)
    for number in range(10):
        found, wanted = await _both(stores, number, monkeypatch)
        if found != wanted:
            tell(f"a lane that swallows a failure: caught by batch {number}")
            return
    pytest.fail("ten batches did not catch it")
