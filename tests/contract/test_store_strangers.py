"""What every store does with mail that nobody vouched for: the fake and PostgreSQL alike."""

from datetime import timedelta

import pytest

from adapters.store.postgres import PostgresStore
from engine.names import OPERATOR
from engine.records.messages import Answering, AnswerKind, IncomingMail, Kept
from engine.states.inbound import InboundState
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import OURS, THEIRS, decided, mail
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore
LATER = START + timedelta(days=1)
SET_ASIDE = [InboundState.KARANTENE, InboundState.FORKASTET, InboundState.AVVIST_TRANSPORT]


def junk(number: int, state: InboundState = InboundState.KARANTENE, **changed: object) -> IncomingMail:
    """Return a mail of a stranger, as it was set aside."""
    return mail(number, state=state, size=number * 100, **changed)


async def stored(store: AnyStore, *mails: IncomingMail) -> None:
    """Store mails."""
    async with store.begin() as unit:
        for each in mails:
            await unit.add_inbound(each.owner, each, b"A: b\r\n\r\nwhole")


async def test_what_is_kept_of_strangers_is_counted(store: AnyStore) -> None:
    """Bytes of whole mails and the number of all, whoever they are for, read or not; no verified mail."""
    assert await store.kept_of_strangers() == Kept(0, 0)
    unread = mail(1, size=100)
    await stored(store, unread, junk(2), junk(3, owner=OURS), junk(4, reduced_at=LATER), decided(5, verified=True))
    assert await store.kept_of_strangers() == Kept(600, 4)


async def test_the_oldest_are_listed_first(store: AnyStore) -> None:
    """Only decided mail of strangers that came before a time, and only as many as are asked for."""
    wanted = [junk(number, state) for number, state in enumerate(SET_ASIDE, start=1)]
    others = [mail(4), junk(5, verified=True), junk(6, InboundState.VENTER), junk(7, reduced_at=LATER)]
    await stored(store, *reversed(wanted), *others)
    async with store.begin() as unit:
        assert await unit.unverified(OPERATOR, LATER, 9, whole=True) == wanted
        assert await unit.unverified(OPERATOR, LATER, 2, whole=True) == wanted[:2]
        assert await unit.unverified(OPERATOR, wanted[1].received_at, 9, whole=True) == wanted[:1]
        assert await unit.unverified(OPERATOR, LATER, 9, whole=False) == others[3:]
        assert await unit.unverified(OURS, LATER, 9, whole=True) == []


@pytest.mark.parametrize("state", SET_ASIDE)
async def test_a_mail_is_reduced_once_and_then_forgotten(store: AnyStore, state: InboundState) -> None:
    """Its header is what is kept; it cannot be forgotten before, nor reduced again, and settling undoes nothing."""
    one = junk(1, state)
    await stored(store, one)
    async with store.begin() as unit:
        assert not await unit.forget(OPERATOR, one.id)
        assert await unit.reduce(OPERATOR, one.id, b"A: b\r\n\r\n", LATER)
        assert not await unit.reduce(OPERATOR, one.id, b"", LATER)
        assert await unit.settle_inbound(OPERATOR, one, state)
        assert await unit.raw(OPERATOR, one.id) == b"A: b\r\n\r\n"
        found = await unit.inbound(OPERATOR, one.id)
        assert found is not None
        assert found.reduced_at == LATER
    async with store.begin() as unit:
        assert await unit.forget(OPERATOR, one.id)
        assert await unit.inbound(OPERATOR, one.id) is None
        assert not await unit.forget(OPERATOR, one.id)


@pytest.mark.parametrize(
    "kept",
    [
        mail(1),
        junk(1, InboundState.VENTER),
        junk(1, verified=True),
        decided(1),
        decided(1, verified=True),
        decided(1, reduced_at=LATER, verified=True, state=InboundState.KARANTENE),
    ],
    ids=["unread", "waiting", "conflict", "in the inbox", "verified", "verified and reduced"],
)
async def test_nothing_else_is_reduced_or_forgotten(store: AnyStore, kept: IncomingMail) -> None:
    """What is not decided, and what was verified, stays whole whatever is asked."""
    await stored(store, kept)
    async with store.begin() as unit:
        assert not await unit.reduce(kept.owner, kept.id, b"", LATER)
        assert not await unit.forget(kept.owner, kept.id)
        assert await unit.raw(kept.owner, kept.id) == b"A: b\r\n\r\nwhole"
        assert await unit.inbound(kept.owner, kept.id) == kept


async def test_old_answers_are_forgotten(store: AnyStore) -> None:
    """What was answered before a time may be answered again, what was answered later may not."""
    async with store.begin() as unit:
        for id, at in (("old", START), ("new", LATER)):
            await unit.may_answer(AnswerKind.BROKEN, THEIRS, id, b"", at, 9)
        assert await unit.forget_answers(LATER) == 1
        asked = [await unit.may_answer(AnswerKind.BROKEN, THEIRS, id, b"", LATER, 9) for id in ("old", "new")]
        assert asked == [Answering.DUE, Answering.GIVEN]
