"""What every store does with mails and messages in a transaction: the fake and PostgreSQL alike."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from adapters.store.postgres import PostgresStore
from engine.errors import OwnFault, Refused
from engine.names import OPERATOR, HerId, MessageId, MsgId
from engine.records.messages import ClaimKind, Kind
from engine.records.work import WorkKind
from engine.states.apprec import ApprecState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.store.due_work import next_due
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import HEADER, OURS, THEIRS, decided, event, item, mail, message, task
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore


async def test_mail_comes_back_as_it_was_stored(store: AnyStore) -> None:
    """A mail and its bytes come back equal to what was stored, every field of them."""
    full = decided(deadline=None, reason="ok", apprec=ApprecState.SENDT_OK)
    async with store.begin() as unit:
        await unit.add_inbound(OPERATOR, mail(2), b"two")
        await unit.add_inbound(OURS, full, b"\x00one\xff")
    async with store.begin() as unit:
        assert await unit.inbound(OPERATOR, mail(2).id) == mail(2)
        assert await unit.inbound(OURS, full.id) == full
        assert await unit.raw(OURS, full.id) == b"\x00one\xff"
        assert await unit.raw(OURS, UUID(int=9)) is None
        assert await unit.inbound(OURS, UUID(int=9)) is None


async def test_settling_a_mail_moves_it_to_its_party(store: AnyStore) -> None:
    """A settled mail belongs to the party it was for, bytes and all, and to nobody else."""
    async with store.begin() as unit:
        await unit.add_inbound(OPERATOR, mail(), b"raw")
    settled = decided(apprec=ApprecState.SENDT_OK, reason="lagret", size=4, sha256=b"1" * 32, peer="192.0.2.9")
    async with store.begin() as unit:
        assert await unit.settle_inbound(OPERATOR, settled, InboundState.MOTTATT)
    async with store.begin() as unit:
        assert await unit.inbound(OURS, settled.id) == settled
        assert await unit.raw(OURS, settled.id) == b"raw"
        assert await unit.inbound(OPERATOR, settled.id) is None
        assert await unit.raw(OPERATOR, settled.id) is None


async def test_a_mail_in_another_state_is_not_settled(store: AnyStore) -> None:
    """Settling names the old state, and changes nothing, not even the owner, where the mail has moved on."""
    async with store.begin() as unit:
        await unit.add_inbound(OPERATOR, mail(), b"raw")
        assert not await unit.settle_inbound(OPERATOR, decided(), InboundState.VENTER)
        assert not await unit.settle_inbound(OPERATOR, decided(9), InboundState.MOTTATT)
    async with store.begin() as unit:
        assert await unit.inbound(OPERATOR, mail().id) == mail()


async def test_only_one_of_two_nodes_settles_a_mail(store: AnyStore) -> None:
    """When two nodes settle the same mail from the same state at once, one of them is told no."""
    async with store.begin() as unit:
        await unit.add_inbound(OPERATOR, mail(), b"raw")

    async def settle(reason: str) -> bool:
        async with store.begin() as unit:
            settled = await unit.settle_inbound(OPERATOR, decided(reason=reason), InboundState.MOTTATT)
            await asyncio.sleep(0.05)
            return settled

    assert sorted(await asyncio.gather(settle("a"), settle("b"))) == [False, True]


async def test_message_comes_back_as_it_was_stored(store: AnyStore) -> None:
    """An outgoing message, its MIME entity and its document come back equal; a signal has no document."""
    signal = message(102, kind=Kind.KVITTERING, msg_id=None, answers=UUID(int=1), deadline=None, sent_at=START)
    async with store.begin() as unit:
        await unit.add_outbound(OURS, message(), b"mime", b"document")
        await unit.add_outbound(OURS, signal, b"signal", None)
    async with store.begin() as unit:
        assert await unit.outbound(OURS, message().id) == message()
        assert await unit.outbound(OURS, signal.id) == signal
        assert await unit.mime(OURS, message().id) == b"mime"
        assert await unit.document(OURS, message().id) == b"document"
        assert await unit.document(OURS, signal.id) is None
        assert await unit.mime(OURS, UUID(int=9)) is None


async def test_settling_a_message_writes_what_sending_changes(store: AnyStore) -> None:
    """Settling writes state, deadline, attempts, time of sending and reason, and leaves the rest alone."""
    sent = replace(message(), state=DeliveryState.SENDT, deadline=None, attempts=2, sent_at=START, reason="250 ok")
    async with store.begin() as unit:
        await unit.add_outbound(OURS, message(), b"mime", None)
        assert await unit.settle_outbound(OURS, replace(sent, to_address="x@y.test"), DeliveryState.KO)
        assert not await unit.settle_outbound(OURS, sent, DeliveryState.KO)
    async with store.begin() as unit:
        assert await unit.outbound(OURS, message().id) == sent


async def test_our_messages_are_found_by_the_ids_that_receipts_name(store: AnyStore) -> None:
    """A receipt finds its message by ebXML MessageId; an AppRec finds every business message with the MsgId."""
    again = message(103, header=replace(HEADER, message_id=MessageId("message-3")))
    receipt = message(104, kind=Kind.APPREC, header=replace(HEADER, message_id=MessageId("message-4")))
    async with store.begin() as unit:
        for row in (message(), again, receipt):
            await unit.add_outbound(OURS, row, b"", None)
        assert await unit.outbound_by_message_id(OURS, MessageId("message-3")) == again
        assert await unit.outbound_by_message_id(OURS, MessageId("none")) is None
        assert await unit.outbound_by_msg_id(OURS, MsgId("document-1")) == [again, message()]
        assert await unit.outbound_by_msg_id(OURS, MsgId("none")) == []


async def test_an_error_rolls_everything_back(store: AnyStore) -> None:
    """A transaction that ends with an error leaves no mail, no claim, no work, no task and no event."""

    async def fail() -> None:
        async with store.begin() as unit:
            await unit.add_inbound(OURS, decided(), b"")
            await unit.claim(OURS, ClaimKind.EBXML, THEIRS, "id", b"1", None, START)
            await unit.add_work(OURS, WorkKind.SEND, decided().id, "p", START)
            await unit.open_task(OURS, task())
            await unit.log(OURS, event())
            raise Refused("nei")

    with pytest.raises(Refused):
        await fail()
    async with store.begin() as unit:
        assert await unit.look_up_claim(OURS, ClaimKind.EBXML, THEIRS, "id") is None
    assert await store.list_inbound(OURS) == []
    assert await next_due(store, [WorkKind.SEND]) is None
    assert await store.list_tasks(OURS) == []
    assert await store.timeline(OURS, event().subject) == []


async def test_a_row_for_another_owner_is_refused(store: AnyStore) -> None:
    """A new row that names another owner than the one it is stored for is our own fault, and is not stored."""
    async with store.begin() as unit:
        with pytest.raises(OwnFault):
            await unit.add_inbound(THEIRS, decided(), b"")
        with pytest.raises(OwnFault):
            await unit.add_outbound(THEIRS, message(), b"", None)
        with pytest.raises(OwnFault):
            await unit.add_inbox_item(THEIRS, item(), b"")
        with pytest.raises(OwnFault):
            await unit.open_task(THEIRS, task())


async def test_partitions_can_be_made_at_any_time(store: AnyStore) -> None:
    """Making room for coming months twice, also with rows stored before, changes nothing that is stored."""
    async with store.begin() as unit:
        await unit.add_inbound(OURS, decided(), b"raw")
        await unit.log(OURS, event())
    await store.ensure_partitions(START)
    await store.ensure_partitions(START)
    async with store.begin() as unit:
        assert await unit.inbound(OURS, decided().id) == decided()
        assert await unit.raw(OURS, decided().id) == b"raw"
    assert [row.event for row in await store.timeline(OURS, event().subject)] == [event()]


async def test_undecided_mails_are_the_unread_the_waiting_and_those_in_quarantine_after_a_wait(store) -> None:
    """Nothing decided is among them, nor what is for others, came earlier, or is a stranger's in quarantine."""
    quarantined = InboundState.KARANTENE
    rows = [
        mail(4, state=InboundState.VENTER, header=HEADER),
        mail(3),
        mail(5, state=quarantined, header=HEADER),
        mail(6, state=quarantined),
        mail(7, state=quarantined, header=HEADER, kind=Kind.MELDING),
        mail(8, state=InboundState.AVVIST_TRANSPORT, header=HEADER),
        mail(9, owner=OURS),
        mail(10, owner=OURS, state=quarantined, header=HEADER),
        mail(11, state=quarantined, header=replace(HEADER, to_her=HerId("8099999"))),
        mail(12, state=InboundState.VENTER, header=replace(HEADER, to_her=HerId("8099999"))),
    ]
    to, since = [HEADER.to_her], min(row.received_at for row in rows)
    async with store.begin() as unit:
        for row in rows:
            await unit.add_inbound(row.owner, row, b"raw")
        assert await unit.undecided(OPERATOR, to, since, 9) == [rows[1], rows[0], rows[2]]
        assert await unit.undecided(OPERATOR, to, since, 2) == [rows[1], rows[0]]
        assert await unit.undecided(OPERATOR, to, rows[2].received_at, 9) == [rows[2]]
        assert await unit.undecided(OURS, to, since, 9) == [rows[6]]
