"""Rows to fill a store with: plain ones, each field to be replaced where a test cares."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from engine.case.channel import Channel
from engine.case.record import Case
from engine.names import OPERATOR, ConversationId, CpaId, HerId, MessageId, MsgId
from engine.records.channels import Letter, Shipment
from engine.records.inbox import Client, Notice, ReceivedDocument, Webhook
from engine.records.log import Alarm, Cause, Event, Task
from engine.records.messages import Header, IncomingMail, Kind, OutgoingMessage
from engine.states.alarm import AlarmState
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.world.clock import START

OURS, THEIRS, STRANGER = HerId("100"), HerId("200"), HerId("300")

HEADER = Header(
    message_id=MessageId("message-1"),
    conversation_id=ConversationId("conversation-1"),
    ref_to=MessageId("ref-1"),
    cpa_id=CpaId("cpa-1"),
    from_her=THEIRS,
    to_her=OURS,
    service="S-DIALOG_HELSEFAGLIG",
    action="DIALOG_HELSEFAGLIG",
)


def mail(number: int = 1, **changed: Any) -> IncomingMail:
    """Return a mail as it comes in, before anything in it was read."""
    plain = IncomingMail(
        id=UUID(int=number),
        owner=OPERATOR,
        received_at=START + timedelta(minutes=number),
        state=InboundState.MOTTATT,
        deadline=START + timedelta(hours=1),
        peer="192.0.2.1",
        size=3,
        sha256=bytes(32),
        mail_id=f"<{number}@example.test>",
    )
    return replace(plain, **changed)


def decided(number: int = 1, **changed: Any) -> IncomingMail:
    """Return a mail of ours whose envelope has been read and that stands in the inbox."""
    read = mail(number, owner=OURS, state=InboundState.LEVERT_INTERNT, header=HEADER, kind=Kind.MELDING)
    return replace(read, msg_id=MsgId("document-1"), **changed)


def case(number: int = 401, **changed: Any) -> Case:
    """Return a case that our side has begun to report."""
    plain = Case(
        id=UUID(int=number),
        owner=OURS,
        number=f"AVVIK-{number}",
        kind="AVVIK",
        reporting=True,
        our_her=OURS,
        their_her=THEIRS,
        state=CaseState.KLADD,
        opened_at=START + timedelta(minutes=number),
        deadline=START + timedelta(days=14),
    )
    return replace(plain, **changed)


def message(number: int = 101, **changed: Any) -> OutgoingMessage:
    """Return a business message in the queue."""
    plain = OutgoingMessage(
        id=UUID(int=number),
        owner=OURS,
        created_at=START + timedelta(minutes=number),
        kind=Kind.MELDING,
        state=DeliveryState.KO,
        deadline=START + timedelta(hours=4),
        header=replace(HEADER, from_her=OURS, to_her=THEIRS),
        to_address="edi@partner.test",
        from_address="edi@ours.test",
        reference_digests={"": "aGVhZA==", "cid:payload": "Ym9keQ=="},
        msg_id=MsgId("document-1"),
        receiver_her=THEIRS,
        sender_her=OURS,
    )
    return replace(plain, **changed)


def task(number: int = 201, **changed: Any) -> Task:
    """Return an open task about mail 1."""
    plain = Task(
        id=UUID(int=number),
        owner=OURS,
        subject=UUID(int=1),
        cause="karantene",
        text="En melding står i karantene.",
        role="drift",
        opened_at=START,
        due=START + timedelta(hours=number),
    )
    return replace(plain, **changed)


def item(number: int = 301, **changed: Any) -> ReceivedDocument:
    """Return a document in our inbox."""
    plain = ReceivedDocument(
        id=UUID(int=number),
        owner=OURS,
        receiver=OURS,
        addressed_to=OURS,
        sender=THEIRS,
        msg_id=MsgId("document-1"),
        message_type="DIALOG_HELSEFAGLIG",
        received_at=START + timedelta(minutes=number),
        inbound=UUID(int=1),
    )
    return replace(plain, **changed)


def client(number: int = 601, **changed: Any) -> Client:
    """Return a record system of ours with a webhook."""
    hook = Webhook("http://epj.test/samvik", b"hemmelig")
    plain = Client(UUID(int=number), OURS, "epj", OURS, START + timedelta(minutes=number), webhook=hook)
    return replace(plain, **changed)


def notice(number: int = 701, **changed: Any) -> Notice:
    """Return a notice about item 301 that client 601 is to have."""
    plain = Notice(UUID(int=number), OURS, client().id, item().id, START)
    return replace(plain, **changed)


def shipment(id: str = "forsendelse-1", **changed: Any) -> Shipment:
    """Return a shipment that opened case 401."""
    return replace(Shipment(OURS, "kommunen", id, case().id, bytes(32), START), **changed)


def letter(number: int = 801, **changed: Any) -> Letter:
    """Return an answer of case 401 that waits for its channel."""
    return replace(Letter(UUID(int=number), OURS, case().id, Channel.POST, START), **changed)


def event(number: int = 1, **changed: Any) -> Event:
    """Return an event about mail 1."""
    plain = Event(START + timedelta(seconds=number), UUID(int=1), "mottatt", "node-1", {"nummer": str(number)})
    return replace(plain, **changed)


def alarm(number: int = 501, **changed: Any) -> Alarm:
    """Return an alarm about our partner that is open."""
    plain = Alarm(UUID(int=number), OURS, THEIRS, Cause.UTSATT, AlarmState.APEN, 3, START, START, START)
    return replace(plain, **changed)
