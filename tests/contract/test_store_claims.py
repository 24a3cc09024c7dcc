"""What every store does with claims on ids and with counted refusals: the fake and PostgreSQL alike."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from adapters.store.postgres import PostgresStore
from engine.errors import Refused
from engine.names import HerId
from engine.records.messages import ClaimKind, ClaimOutcome
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import OURS, THEIRS
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


async def test_refusals_are_limited_by_id_and_by_hour(store: AnyStore) -> None:
    """An unauthenticated refusal goes once an id for ever, and a limited number an hour to each party."""
    async with store.begin() as unit:
        assert await unit.may_refuse(THEIRS, "a", START, 2)
        assert not await unit.may_refuse(THEIRS, "a", START, 2)
        assert await unit.may_refuse(THEIRS, "b", START, 2)
        assert not await unit.may_refuse(THEIRS, "c", START, 2)
        assert await unit.may_refuse(OURS, "a", START, 2)
        later = START + timedelta(hours=1, seconds=1)
        assert not await unit.may_refuse(THEIRS, "a", later, 2)
        assert await unit.may_refuse(THEIRS, "c", later, 2)


async def test_many_nodes_together_keep_to_the_hourly_limit(store: AnyStore) -> None:
    """Nodes that ask at the same moment do not together send more refusals than the limit."""

    async def ask(id: str) -> bool:
        async with store.begin() as unit:
            allowed = await unit.may_refuse(THEIRS, id, START, 2)
            await asyncio.sleep(0.01)
            return allowed

    assert sum(await asyncio.gather(*(ask(str(number)) for number in range(6)))) == 2
