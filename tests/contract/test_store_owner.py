"""Every method on rows of a party, called with the wrong owner: it finds nothing and changes nothing."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from adapters.store.postgres import PostgresStore
from engine.errors import OwnFault
from engine.names import HerId, MessageId, MsgId
from engine.ports import Store, UnitOfWork
from engine.records.channels import CaseFile
from engine.records.messages import ClaimKind, ClaimOutcome
from engine.records.work import WorkKind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.rows import (
    HEADER,
    OURS,
    STRANGER,
    THEIRS,
    alarm,
    case,
    client,
    decided,
    event,
    item,
    letter,
    mail,
    message,
    notice,
    shipment,
    task,
)
from tests.fakes.world.clock import START

AnyStore = MemoryStore | PostgresStore
Attempt = Callable[[Any], Awaitable[object]]
CLAIM = (ClaimKind.EBXML, THEIRS, "id")
LATER = HerId("8090999")
REMINDER = UUID(int=999)
FILE = CaseFile("funn.pdf", "application/pdf", b"%PDF-1.7")
NEWER = replace(HEADER, message_id=MessageId("message-2"))


async def _refused(storing: Awaitable[object]) -> None:
    with pytest.raises(OwnFault):
        await storing


UNIT_ATTEMPTS: dict[str, Attempt] = {
    "add_inbound": lambda unit: _refused(unit.add_inbound(STRANGER, decided(7), b"")),
    "inbound": lambda unit: unit.inbound(STRANGER, decided().id),
    "raw": lambda unit: unit.raw(STRANGER, decided().id),
    "piled": lambda unit: unit.piled(STRANGER, UUID(int=5), None, 9),
    "undecided": lambda unit: unit.undecided(STRANGER, [OURS], START, 9),
    "unverified": lambda unit: unit.unverified(STRANGER, START + timedelta(days=9), 9, whole=True),
    "reduce": lambda unit: unit.reduce(STRANGER, mail(3).id, b"", START),
    "forget": lambda unit: unit.forget(STRANGER, mail(4).id),
    "copies": lambda unit: unit.copies(STRANGER, HEADER.message_id, START, 9),
    "saw_mail": lambda unit: unit.saw_mail(STRANGER, decided(8), HEADER.message_id, START),
    "settle_inbound": lambda unit: unit.settle_inbound(
        STRANGER, decided(owner=STRANGER, state=InboundState.RETURNERT), InboundState.LEVERT_INTERNT
    ),
    "add_outbound": lambda unit: _refused(unit.add_outbound(STRANGER, message(107, header=NEWER), b"", None)),
    "outbound": lambda unit: unit.outbound(STRANGER, message().id),
    "mime": lambda unit: unit.mime(STRANGER, message().id),
    "keep_partner_word": lambda unit: unit.keep_partner_word(STRANGER, message().id, b"forged"),
    "partner_word": lambda unit: unit.partner_word(STRANGER, message().id),
    "document": lambda unit: unit.document(STRANGER, message().id),
    "outbound_by_message_id": lambda unit: unit.outbound_by_message_id(STRANGER, MessageId("message-1")),
    "outbound_by_msg_id": lambda unit: unit.outbound_by_msg_id(STRANGER, MsgId("document-1")),
    "outbound_in": lambda unit: unit.outbound_in(STRANGER, list(DeliveryState)),
    "settle_outbound": lambda unit: unit.settle_outbound(
        STRANGER, message(state=DeliveryState.SENDT), DeliveryState.KO
    ),
    "claim": lambda unit: _claimed_apart(unit),
    "look_up_claim": lambda unit: unit.look_up_claim(STRANGER, *CLAIM),
    "set_claim_answer": lambda unit: unit.set_claim_answer(STRANGER, *CLAIM, message().id),
    "add_work": lambda unit: unit.add_work(STRANGER, WorkKind.SEND, message().id, "x", START),
    "weight": lambda unit: unit.weight(STRANGER, WorkKind.SEND, message().id),
    "drop_work": lambda unit: unit.drop_work(STRANGER, WorkKind.SEND, message().id),
    "hasten_work": lambda unit: unit.hasten_work(STRANGER, WorkKind.SEND, message().id, START - timedelta(days=1)),
    "skip_case_numbers": lambda unit: unit.skip_case_numbers(STRANGER, 2026, 5),
    "add_case": lambda unit: _refused(unit.add_case(STRANGER, case(407), b"")),
    "case": lambda unit: unit.case(STRANGER, case().id),
    "case_content": lambda unit: unit.case_content(STRANGER, case().id),
    "next_case_number": lambda unit: _counted_apart(unit),
    "case_by_number": lambda unit: unit.case_by_number(STRANGER, case().number),
    "cases_by_conversation": lambda unit: unit.cases_by_conversation(STRANGER, MsgId("first-1")),
    "case_by_delivery": lambda unit: unit.case_by_delivery(STRANGER, message().id),
    "settle_case": lambda unit: unit.settle_case(STRANGER, case(state=CaseState.TRUKKET), CaseState.KLADD),
    "keep_case_content": lambda unit: unit.keep_case_content(STRANGER, case().id, b"forged"),
    "add_case_files": lambda unit: _refused(unit.add_case_files(STRANGER, case().id, [FILE])),
    "case_files": lambda unit: unit.case_files(STRANGER, case().id),
    "claim_reminder": lambda unit: _reminded_apart(unit),
    "reminder_of": lambda unit: unit.reminder_of(STRANGER, case().id, 7),
    "recall_reminder": lambda unit: unit.recall_reminder(STRANGER, case().id, 7),
    "case_of_reminder": lambda unit: unit.case_of_reminder(STRANGER, REMINDER),
    "add_inbox_item": lambda unit: _refused(unit.add_inbox_item(STRANGER, item(307), b"")),
    "inbox_item": lambda unit: unit.inbox_item(STRANGER, item().id),
    "inbox_item_by_msg_id": lambda unit: unit.inbox_item_by_msg_id(STRANGER, item().sender, item().msg_id),
    "received": lambda unit: unit.received(STRANGER, item().receiver, item().msg_id),
    "inbox_thread": lambda unit: unit.inbox_thread(STRANGER, item().msg_id),
    "take_item": lambda unit: unit.take_item(STRANGER, item().id, "x", START),
    "add_client": lambda unit: _refused(unit.add_client(STRANGER, client(602, name="annen"), bytes(32))),
    "client": lambda unit: unit.client(STRANGER, client().id),
    "settle_client": lambda unit: unit.settle_client(STRANGER, client(revoked_at=START)),
    "clients_to_tell": lambda unit: unit.clients_to_tell(STRANGER, client().her),
    "add_notice": lambda unit: _refused(unit.add_notice(STRANGER, notice(702))),
    "notice": lambda unit: unit.notice(STRANGER, notice().id),
    "drop_notice": lambda unit: unit.drop_notice(STRANGER, notice().id),
    "claim_shipment": lambda unit: _refused(unit.claim_shipment(STRANGER, shipment("annen"), b"")),
    "shipment_of": lambda unit: unit.shipment_of(STRANGER, case().id),
    "add_letter": lambda unit: _refused(unit.add_letter(STRANGER, letter(802), b"")),
    "letter": lambda unit: unit.letter(STRANGER, letter().id),
    "letters_of": lambda unit: unit.letters_of(STRANGER, case().id),
    "settle_letter": lambda unit: unit.settle_letter(STRANGER, letter(delivered_on=START.date())),
    "note_samvik": lambda unit: unit.note_samvik(STRANGER, LATER, START),
    "has_shown_samvik": lambda unit: unit.has_shown_samvik(STRANGER, THEIRS),
    "mark_exported": lambda unit: unit.mark_exported(STRANGER, item().id, START),
    "open_task": lambda unit: _refused(unit.open_task(STRANGER, task(207, cause="annen"))),
    "task": lambda unit: unit.task(STRANGER, task().id),
    "close_task": lambda unit: unit.close_task(STRANGER, task().id, START, "x", "x"),
    "close_tasks_of": lambda unit: unit.close_tasks_of(STRANGER, task().subject, START, "x"),
    "log": lambda unit: unit.log(STRANGER, event(7)),
    "count_failure": lambda unit: _refused(unit.count_failure(STRANGER, alarm())),
    "failing_alarms": lambda unit: unit.failing_alarms(STRANGER, alarm().partner, [alarm().cause]),
    "alarm": lambda unit: unit.alarm(STRANGER, alarm().id),
    "keep_alarm": lambda unit: _kept_apart(unit),
}

STORE_ATTEMPTS: dict[str, Attempt] = {
    "list_inbound": lambda store: store.list_inbound(STRANGER),
    "list_outbound": lambda store: store.list_outbound(STRANGER),
    "list_inbox": lambda store: store.list_inbox(STRANGER),
    "find_in_inbox": lambda store: store.find_in_inbox(STRANGER, "document", 9),
    "untaken": lambda store: store.untaken(STRANGER, item().receiver, None, 9),
    "list_cases": lambda store: store.list_cases(STRANGER),
    "list_alarms": lambda store: store.list_alarms(STRANGER),
    "list_tasks": lambda store: store.list_tasks(STRANGER, open_only=False),
    "timeline": lambda store: store.timeline(STRANGER, event().subject),
    "find": lambda store: store.find(STRANGER, "message-1"),
}


async def _kept_apart(unit: Any) -> None:
    """Write another owner's alarm as one's own: the row of that id is not touched."""
    await unit.keep_alarm(STRANGER, alarm(owner=STRANGER, count=99))


async def _reminded_apart(unit: Any) -> None:
    assert await unit.claim_reminder(STRANGER, case().id, 7, START, REMINDER)


async def _counted_apart(unit: Any) -> None:
    assert await unit.next_case_number(STRANGER, 2026) == 1
    assert await unit.next_case_number(OURS, 2026) == 2


async def _claimed_apart(unit: Any) -> None:
    claimed = await unit.claim(STRANGER, *CLAIM, b"other", None, START)
    assert claimed.outcome is ClaimOutcome.NEW


def _owned_methods(port: type) -> set[str]:
    methods = inspect.getmembers(port, inspect.isfunction)
    return {name for name, method in methods if "owner" in inspect.signature(method).parameters}


async def _fill(store: AnyStore) -> None:
    async with store.begin() as unit:
        await unit.add_inbound(OURS, decided(), b"raw")
        await unit.add_outbound(OURS, message(), b"mime", b"document")
        await unit.keep_partner_word(OURS, message().id, b"word")
        await unit.claim(OURS, *CLAIM, b"digest", None, START)
        assert await unit.next_case_number(OURS, 2026) == 1
        await unit.add_work(OURS, WorkKind.SEND, message().id, "p", START)
        await unit.add_case(OURS, case(first_msg_id=MsgId("first-1"), delivery=message().id), b"draft")
        await unit.add_case_files(OURS, case().id, [FILE])
        await unit.add_inbound(OURS, mail(9, owner=OURS), b"raw")
        await unit.add_inbound(OURS, mail(3, owner=OURS, state=InboundState.KARANTENE), b"raw")
        await unit.add_inbound(OURS, mail(4, owner=OURS, state=InboundState.KARANTENE, reduced_at=START), b"raw")
        await unit.add_inbound(OURS, mail(10, owner=OURS, state=InboundState.KARANTENE), b"raw")
        piled = mail(10, owner=OURS, state=InboundState.KARANTENE, pile=UUID(int=5))
        assert await unit.settle_inbound(OURS, piled, was=InboundState.KARANTENE)
        assert await unit.claim_reminder(OURS, case().id, 7, START, REMINDER)
        await unit.add_inbox_item(OURS, item(), b"document")
        assert await unit.add_client(OURS, client(), b"token")
        await unit.settle_client(OURS, client())
        await unit.add_notice(OURS, notice())
        assert await unit.claim_shipment(OURS, shipment(), b"{}") is None
        await unit.add_letter(OURS, letter(), b"%PDF-1.7")
        await unit.open_task(OURS, task())
        await unit.log(OURS, event())
        await unit.count_failure(OURS, alarm())
        await unit.note_samvik(OURS, THEIRS, START)


async def _view(store: AnyStore) -> list[object]:
    """Return everything that the right owner has, but for the queue."""
    async with store.begin() as unit:
        content = [
            await unit.raw(OURS, decided().id),
            await unit.raw(OURS, mail(3).id),
            await unit.mime(OURS, message().id),
            await unit.document(OURS, message().id),
            await unit.partner_word(OURS, message().id),
            await unit.case(OURS, case().id),
            await unit.case_content(OURS, case().id),
            await unit.case_files(OURS, case().id),
            await unit.inbox_item(OURS, item().id),
            await unit.look_up_claim(OURS, *CLAIM),
            await unit.client(OURS, client().id),
            await unit.notice(OURS, notice().id),
            await unit.shipment_of(OURS, case().id),
            await unit.letter(OURS, letter().id),
            await unit.letters_of(OURS, case().id),
            await unit.undecided(OURS, [OURS], START, 9),
            await unit.reminder_of(OURS, case().id, 7),
            await unit.case_of_reminder(OURS, REMINDER),
            await unit.has_shown_samvik(OURS, THEIRS),
            await unit.has_shown_samvik(OURS, LATER),
        ]
    lists: list[object] = [
        await store.list_inbound(OURS),
        await store.list_outbound(OURS),
        await store.list_inbox(OURS),
        await store.list_cases(OURS),
        await store.list_tasks(OURS, open_only=False),
        await store.list_alarms(OURS),
        await store.timeline(OURS, event().subject),
    ]
    return [*content, *lists]


def test_every_owned_method_has_an_attempt() -> None:
    """A method of the ports that takes an owner is in the tables of this suite, so that none is forgotten."""
    assert _owned_methods(UnitOfWork) == set(UNIT_ATTEMPTS)
    assert _owned_methods(Store) == set(STORE_ATTEMPTS)


@pytest.mark.parametrize("name", sorted(UNIT_ATTEMPTS))
async def test_a_unit_of_work_with_the_wrong_owner(store: AnyStore, name: str) -> None:
    """With the wrong owner a method of a transaction gives nothing, and the right owner's rows stay as they were."""
    await _fill(store)
    before = await _view(store)
    async with store.begin() as unit:
        assert not await UNIT_ATTEMPTS[name](unit)
    assert await _view(store) == before
    queued = [work for work in await store.take_work(list(WorkKind), START, 9) if work.owner == OURS]
    assert [(work.subject, work.partner, work.due) for work in queued] == [(message().id, "p", START)]


@pytest.mark.parametrize("name", sorted(STORE_ATTEMPTS))
async def test_a_list_for_the_wrong_owner_is_empty(store: AnyStore, name: str) -> None:
    """With the wrong owner a list of the store is empty, though the right owner has rows of that sort."""
    await _fill(store)
    assert not await STORE_ATTEMPTS[name](store)
