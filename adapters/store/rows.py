"""Rows of the database to records of the engine, and back. Times come back aware and in UTC."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from adapters.store.session import clean
from engine.case.channel import Channel
from engine.case.record import Case
from engine.names import HerId
from engine.records.inbox import ReceivedDocument
from engine.records.log import Alarm, Cause, Event, StoredEvent, Task
from engine.records.messages import Header, IncomingMail, Kind, OutgoingMessage
from engine.records.versions import RegistryVersion
from engine.records.work import Queued, Work, WorkKind
from engine.states.alarm import AlarmState
from engine.states.apprec import ApprecState
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

Row = Mapping[str, Any]

_HEADER = ("message_id", "conversation_id", "ref_to", "cpa_id", "from_her", "to_her", "service", "action")
_INBOUND = ("id", "peer", "size", "sha256", "mail_id", "msg_id", "reason", "pile", "verified")
_OUTBOUND = (
    "id",
    "to_address",
    "from_address",
    "resend_interval",
    "resend_limit",
    "apprec_deadline",
    "attempts",
    "msg_id",
    "answers",
    "receiver_her",
    "sender_her",
    "reason",
)
_ITEM = ("id", "receiver", "addressed_to", "sender", "msg_id", "message_type", "inbound", "conversation", "parent")
_CASE_COLUMNS = {
    "our_her": "ours",
    "their_her": "theirs",
    "sending_number": "leg",
    "first_msg_id": "conversation",
    "last_msg_id": "last",
}
"""Fields of a case whose columns have another name."""

_CASE = (
    "id",
    "number",
    "kind",
    "reporting",
    "delivery",
    "partner_number",
    "start",
    "due",
    "reason",
    "for_information",
)
_TASK = ("id", "subject", "cause", "text", "role", "done_by", "outcome", "count", "latest")


def inbound_of(row: Row) -> IncomingMail:
    """Return the mail in a row of `inbound`."""
    return IncomingMail(
        owner=HerId(row["owner"]),
        received_at=_sure(row["received_at"]),
        state=InboundState(row["state"]),
        deadline=_utc(row["deadline"]),
        kind=Kind(row["kind"]) if row["kind"] else None,
        header=_header_of(row),
        apprec=ApprecState(row["apprec"]),
        reduced_at=_utc(row["reduced_at"]),
        **_picked(row, _INBOUND),
    )


def inbound_values(mail: IncomingMail) -> dict[str, object]:
    """Return the columns of a mail, without its bytes."""
    return {
        "owner": mail.owner,
        "received_at": mail.received_at,
        "state": mail.state.value,
        "deadline": mail.deadline,
        "kind": mail.kind.value if mail.kind else None,
        "apprec": mail.apprec.value,
        "reduced_at": mail.reduced_at,
        **_header_values(mail.header),
        **_fields(mail, _INBOUND),
    }


def outbound_of(row: Row) -> OutgoingMessage:
    """Return the message in a row of `outbound`."""
    return OutgoingMessage(
        owner=HerId(row["owner"]),
        created_at=_sure(row["created_at"]),
        kind=Kind(row["kind"]),
        state=DeliveryState(row["state"]),
        deadline=_utc(row["deadline"]),
        sent_at=_utc(row["sent_at"]),
        header=_header_of(row),
        reference_digests=row["reference_digests"],
        **_picked(row, _OUTBOUND),
    )


def outbound_values(message: OutgoingMessage) -> dict[str, object]:
    """Return the columns of a message, without its bytes."""
    return {
        "owner": message.owner,
        "created_at": message.created_at,
        "kind": message.kind.value,
        "state": message.state.value,
        "deadline": message.deadline,
        "sent_at": message.sent_at,
        "reference_digests": json_of(message.reference_digests),
        **_header_values(message.header),
        **_fields(message, _OUTBOUND),
    }


def queued_of(payload: str) -> Queued:
    """Return what a notification says was queued: its kind, a space, its partner.

    A kind that only another version of us knows may be any.
    """
    kind, _, partner = payload.partition(" ")
    return Queued(WorkKind(kind), partner) if kind in set(WorkKind) else Queued()


def work_of(row: Row) -> Work:
    """Return the leased work in a row of `work`."""
    return Work(
        kind=WorkKind(row["kind"]),
        owner=HerId(row["owner"]),
        due=_sure(row["due"]),
        **_picked(row, ("subject", "partner", "attempts", "lease", "deaths")),
    )


def item_of(row: Row) -> ReceivedDocument:
    """Return the inbox item in a row of `inbox_item`."""
    return ReceivedDocument(
        owner=HerId(row["owner"]),
        received_at=_sure(row["received_at"]),
        made_at=_utc(row["made_at"]),
        exported_at=_utc(row["exported_at"]),
        taken_at=_utc(row["taken_at"]),
        taken_by=row["taken_by"],
        note=row["note"],
        **_picked(row, _ITEM),
    )


def item_values(item: ReceivedDocument) -> dict[str, object]:
    """Return the columns of an inbox item, without its document."""
    return _fields(item, ("owner", "received_at", "made_at", "exported_at", "taken_at", "taken_by", "note", *_ITEM))


def case_of(row: Row) -> Case:
    """Return the case in a row of `case_file`."""
    return Case(
        owner=HerId(row["owner"]),
        state=CaseState(row["state"]),
        interrupted_state=CaseState(row["former"]) if row["former"] else None,
        opened_at=_sure(row["opened_at"]),
        deadline=_utc(row["deadline"]),
        reminder_at=_utc(row["reminder_at"]),
        reminded_at=_utc(row["reminded_at"]),
        answered_at=_utc(row["answered_at"]),
        confirmed_at=_utc(row["confirmed_at"]),
        channel=Channel(row["channel"]) if row["channel"] else None,
        written_by=tuple(row["written_by"]),
        **{field: row[column] for field, column in _CASE_COLUMNS.items()},
        **_picked(row, _CASE),
    )


def case_values(case: Case) -> dict[str, object]:
    """Return the columns of a case, without its content."""
    former = case.interrupted_state.value if case.interrupted_state else None
    states: dict[str, object] = {"state": case.state.value, "former": former}
    states["channel"] = case.channel.value if case.channel else ""
    states["written_by"] = Jsonb(list(case.written_by))
    times = ("owner", "opened_at", "deadline", "reminder_at", "reminded_at", "answered_at", "confirmed_at")
    renamed = {column: getattr(case, field) for field, column in _CASE_COLUMNS.items()}
    return {**states, **renamed, **_fields(case, (*times, *_CASE))}


def task_of(row: Row) -> Task:
    """Return the task in a row of `task`."""
    return Task(
        owner=HerId(row["owner"]),
        opened_at=_sure(row["opened_at"]),
        due=_sure(row["due"]),
        done_at=_utc(row["done_at"]),
        **_picked(row, _TASK),
    )


def task_values(task: Task) -> dict[str, object]:
    """Return the columns of a task."""
    return _fields(task, ("owner", "opened_at", "due", "done_at", *_TASK))


def event_of(row: Row) -> StoredEvent:
    """Return the event in a row of `event`."""
    event = Event(_sure(row["at"]), row["subject"], row["action"], row["actor"], row["data"])
    return StoredEvent(row["id"], HerId(row["owner"]), event)


def alarm_of(row: Row) -> Alarm:
    """Return the alarm in a row of `alarm`."""
    return Alarm(
        owner=HerId(row["owner"]),
        cause=Cause(row["cause"]),
        state=AlarmState(row["state"]),
        first_at=_sure(row["first_at"]),
        last_at=_sure(row["last_at"]),
        told_at=_utc(row["told_at"]),
        **_picked(row, ("id", "partner", "count")),
    )


def registry_of(row: Row) -> RegistryVersion:
    """Return the version of the party register in a row of `registry_version`."""
    picked = _picked(row, ("id", "imported_by", "sha256", "content"))
    return RegistryVersion(imported_at=_sure(row["imported_at"]), **picked)


def json_of(data: Mapping[str, str]) -> Jsonb:
    """Return a jsonb value of texts, each cleaned like every stored text."""
    return Jsonb({clean(name): clean(value) for name, value in data.items()})


def _header_of(row: Row) -> Header:
    return Header(**_picked(row, _HEADER))


def _header_values(header: Header) -> dict[str, object]:
    return _fields(header, _HEADER)


def _picked(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _fields(record: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(record, name) for name in names}


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None


def _sure(at: datetime) -> datetime:
    return at.astimezone(UTC)
