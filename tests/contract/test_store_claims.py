"""What every store does with claims on ids and with counted refusals: the fake and PostgreSQL alike."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from adapters.store.postgres import PostgresStore
from engine.errors import Refused
from engine.names import HerId
from engine.ports import UnitOfWork
from engine.records.messages import Answering, AnswerKind, ClaimKind, ClaimOutcome
from engine.states.inbound import InboundState
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import OURS, THEIRS, decided, mail
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore


async def test_a_claim_is_new_then_same_or_other(store: AnyStore) -> None:
    """The first claim is new; the same digest again is the same, with the stored answer; another digest is other."""
    answer, key = UUID(int=5), (OURS, ClaimKind.EBXML, THEIRS, "id")
    async with store.begin() as unit:
        first = await unit.claim(*key, b"1", None, START)
        await unit.set_claim_answer(*key, answer)
    async with store.begin() as unit:
        same = await unit.claim(*key, b"1", UUID(int=6), START + timedelta(days=1))
        other = await unit.claim(*key, b"2", None, START)
        looked_up = await unit.look_up_claim(*key)
    assert (first.outcome, first.answer) == (ClaimOutcome.NEW, None)
    assert (same.outcome, same.answer, same.claimed_at) == (ClaimOutcome.SAME, answer, START)
    assert (other.outcome, other.answer) == (ClaimOutcome.OTHER, answer)
    assert looked_up == same


@pytest.mark.parametrize(
    "other",
    [
        (THEIRS, ClaimKind.EBXML, THEIRS, "id"),
        (OURS, ClaimKind.MSGID, THEIRS, "id"),
        (OURS, ClaimKind.EBXML, OURS, "id"),
        (OURS, ClaimKind.EBXML, THEIRS, "ID"),
    ],
)
async def test_claims_differ_by_every_part_of_their_key(
    store: AnyStore, other: tuple[HerId, ClaimKind, HerId, str]
) -> None:
    """The same id of another owner, kind, party or letter case is another claim."""
    async with store.begin() as unit:
        await unit.claim(OURS, ClaimKind.EBXML, THEIRS, "id", b"1", None, START)
        assert await unit.look_up_claim(*other) is None
        assert (await unit.claim(*other, b"1", None, START)).outcome is ClaimOutcome.NEW


@pytest.mark.parametrize("digests", [(b"1", b"1"), (b"1", b"2")])
async def test_two_claimers_at_once_do_not_both_win(store: AnyStore, digests: tuple[bytes, bytes]) -> None:
    """Of two transactions that claim one id at the same time, one is first and the other learns of it."""

    async def claim(digest: bytes) -> ClaimOutcome:
        async with store.begin() as unit:
            outcome = (await unit.claim(OURS, ClaimKind.EBXML, THEIRS, "id", digest, None, START)).outcome
            await asyncio.sleep(0.05)
            return outcome

    second = ClaimOutcome.SAME if digests[0] == digests[1] else ClaimOutcome.OTHER
    assert set(await asyncio.gather(*(claim(digest) for digest in digests))) == {ClaimOutcome.NEW, second}


async def test_a_claim_of_a_failed_transaction_is_free_for_its_rival(store: AnyStore) -> None:
    """A claimer that waits for a rival wins when the rival's transaction fails."""
    held = asyncio.Event()

    async def fail() -> None:
        async with store.begin() as unit:
            await unit.claim(OURS, ClaimKind.EBXML, THEIRS, "id", b"1", None, START)
            held.set()
            await asyncio.sleep(0.05)
            raise Refused("nei")

    async def win() -> ClaimOutcome:
        await held.wait()
        async with store.begin() as unit:
            return (await unit.claim(OURS, ClaimKind.EBXML, THEIRS, "id", b"2", None, START)).outcome

    failed, won = await asyncio.gather(fail(), win(), return_exceptions=True)
    assert isinstance(failed, Refused)
    assert won is ClaimOutcome.NEW


async def asked(unit: UnitOfWork, kind: AnswerKind, id: str, **other: Any) -> Answering:
    """Ask whether a message may be answered, two an hour to a party."""
    values: dict[str, Any] = {"party": THEIRS, "digest": b"", "now": START, **other}
    return await unit.may_answer(kind, values["party"], id, values["digest"], values["now"], 2)


@pytest.mark.parametrize("kind", list(AnswerKind))
async def test_answers_are_limited_by_id_and_by_hour(store: AnyStore, kind: AnswerKind) -> None:
    """An answer goes once an id and digest for ever, and a limited number an hour to each party."""
    async with store.begin() as unit:
        assert await asked(unit, kind, "a") is Answering.DUE
        assert await asked(unit, kind, "a") is Answering.GIVEN
        assert await asked(unit, kind, "a", digest=b"other") is Answering.DUE
        assert await asked(unit, kind, "c") is Answering.ENOUGH
        assert await asked(unit, kind, "a") is Answering.GIVEN
        assert await asked(unit, kind, "a", party=OURS) is Answering.DUE
        later = START + timedelta(hours=1, seconds=1)
        assert await asked(unit, kind, "a", now=later) is Answering.GIVEN
        assert await asked(unit, kind, "c", now=later) is Answering.DUE


async def test_answers_of_one_kind_use_up_none_of_another(store: AnyStore) -> None:
    """Forged mail in a partner's name leaves that partner all the answers that it can call for itself."""
    async with store.begin() as unit:
        for id in "abc":
            await asked(unit, AnswerKind.UNVERIFIED, id)
        assert await asked(unit, AnswerKind.BROKEN, "a") is Answering.DUE


async def test_many_nodes_together_keep_to_the_hourly_limit(store: AnyStore) -> None:
    """Nodes that ask at the same moment do not together send more answers than the limit."""

    async def ask(id: str) -> Answering:
        async with store.begin() as unit:
            allowed = await asked(unit, AnswerKind.UNVERIFIED, id)
            await asyncio.sleep(0.01)
            return allowed

    assert (await asyncio.gather(*(ask(str(number)) for number in range(6)))).count(Answering.DUE) == 2


async def test_copies_of_a_message_are_counted_up_to_a_number(store: AnyStore) -> None:
    """Only duplicates of that message that came since then count, and never more than are asked for."""
    async with store.begin() as unit:
        for number in range(1, 6):
            state = InboundState.DUPLIKAT if number > 1 else InboundState.LEVERT_INTERNT
            await unit.add_inbound(OURS, decided(number, state=state), b"")
        await unit.add_inbound(OURS, mail(6, owner=OURS, state=InboundState.DUPLIKAT), b"")
        id = decided().header.message_id
        assert id is not None
        since = START + timedelta(minutes=3)
        assert [await unit.copies(OURS, id, START, 9), await unit.copies(OURS, id, since, 9)] == [4, 3]
        assert await unit.copies(OURS, id, START, 2) == 2
