"""What happened, what a person must look at, and alarms."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.names import HerId
from engine.states.alarm import AlarmState


@dataclass(frozen=True, slots=True)
class Event:
    """One line of what happened. `data` holds codes, ids and replies only; `actor` is a role, node or partner."""

    at: datetime
    subject: UUID
    action: str
    actor: str
    data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the store numbered it."""

    id: int
    owner: HerId
    event: Event


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person must look at. At most one open task exists for a subject and a cause.

    A task about a pile of mails has `latest`, the mail that came last, and `count`, how many came while it was open.
    """

    id: UUID
    owner: HerId
    subject: UUID
    cause: str
    text: str
    role: str
    opened_at: datetime
    due: datetime
    done_at: datetime | None = None
    done_by: str = ""
    outcome: str = ""
    count: int = 1
    latest: UUID | None = None


class Action(StrEnum):
    """What a line of the event log says, where it is no event of a state machine."""

    # mails and messages
    STORED = "stored"
    QUEUED = "queued"
    WARNING = "warning"
    REDUCED = "only the header is kept"
    FORGOTTEN = "removed by age"
    AGAIN_FOR_A_DUPLICATE = "again for a duplicate"
    FEEDBACK_RECEIVED = "feedback on a message"
    UNVERIFIED_ERROR = "an unverified MessageError"
    FEEDBACK_SENT = "sends a message back"
    # cases
    NEW = "new"
    RECEIVED = "received"
    RECEIVED_OTHERWISE = "received by another channel"
    MESSAGE_SENT = "message in the case"
    FROM_A_STRANGER = "message from a stranger"
    REMINDER_LEFT = "reminder left as it was called back"
    CLOCK_STARTED = "clock started"
    OUT_OF_TURN = "message out of turn"
    ANSWER_WRITTEN = "answer written"
    ANSWER_DELIVERED = "answer delivered"
    # looks
    LOOKED = "looked at"
    LOOKED_AT_ORIGINAL = "looked at original"
    ORIGINAL_NOT_SHOWN = "original not shown"
    LOOKED_AT_ANSWER = "looked at answer"
    # record systems
    TAKEN = "taken by record system"
    NOTIFIED = "record system told"
    WEBHOOK_GONE = "webhook gone"
    WRITTEN_BY_RECORD_SYSTEM = "written by record system"
    CLIENT_ADDED = "client added"
    CLIENT_REVOKED = "client revoked"
    WEBHOOK_SET = "webhook set"
    WEBHOOK_REMOVED = "webhook removed"
    # operations
    TASK_CLOSED = "task closed"
    ALARM_OPENED = "alarm opened"
    ALARM_REPEATED = "alarm repeated"
    ALARM_CLOSED = "alarm closed"
    CERTIFICATE_WARNED = "certificate told about"
    RESTORED = "restored"
    RELEASED = "sending released"
    ANCHOR_BEGUN = "anchor begun"


class TaskCause(StrEnum):
    """Why a person is called, where it is no state or event that calls. A subject has one open task for each cause."""

    # cases
    ANSWER_TO_SEND = "answer to send"
    ANSWERED_THOUGH_REFUSED = "answered though refused"
    DEADLINE_PASSED = "deadline passed"
    FOLLOW_UP_WITHOUT_A_CASE = "follow-up without a case"
    FOR_INFORMATION = "for information"
    MESSAGE = "message"
    NO_CASE_MADE = "no case made"
    NOT_CONFIRMED = "not confirmed"
    NOT_TOLD = "not told"
    REMINDER_HELD = "reminder held"
    REMINDER_IN_DOUBT = "reminder in doubt"
    REMINDER_REFUSED = "reminder refused"
    REPLY = "reply"
    STRANGER = "stranger in a thread"
    # mails and messages
    ADDRESSED_ELSEWHERE = "addressed elsewhere"
    FEEDBACK = "feedback on a message"
    FEEDBACK_ON_NOTHING = "feedback on no message of ours"
    RETURNED_WITHOUT_PROOF = "returned without proof"
    FEEDBACK_FROM_A_STRANGER = "feedback from a stranger"
    INFECTED = "infected"
    MSGID_USED_BEFORE = "E10"
    APPREC_FITS_NOTHING = "AppRec that fits nothing"
    UNREADABLE_APPREC = "unreadable AppRec"
    WORK_FAILS = "work fails"
    ANCHOR = "anchor of the event log"
    # other ways in
    BAD_SHIPMENT = "bad shipment"
    SHIPMENT_WAITS = "shipment waits"
    MAILBOX_NOT_EMPTIED = "mailbox not emptied"
    # record systems
    BAD_FILE = "bad file from record system"
    FILE_WAITS = "file from record system waits"
    NO_APPREC = "no AppRec"
    SILENT_RECORD_SYSTEM = "silent record system"
    WEBHOOK_FAILS = "webhook fails"
    WEBHOOK_GONE = "webhook gone"
    # operations
    MISSING_AFTER_RESTORE = "missing after a restore"
    RESTORED = "restored"
    KEY_MISSING = "key missing"
    KEY_LEFT_OUT = "key left out"
    SOURCE_SILENT = "revocation source silent"


class Cause(StrEnum):
    """What can be wrong with a partner, or with our own way out."""

    INGEN_VEI_UT = "ingen vei ut"
    UTSATT = "utsatt"
    AVVIST_TRANSPORT = "avvist transport"
    INGEN_KVITTERING = "ingen kvittering"
    INGEN_APPREC = "ingen apprec"
    AVVIST = "avvist"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A trouble with one partner (its enterprise's HER-id, '' for our own way out) by one cause.

    `count` is failures since `first_at`; `last_at` is when it last failed, or first worked again; `told_at` is when
    operations was told last, None where it was not.
    """

    id: UUID
    owner: HerId
    partner: str
    cause: Cause
    state: AlarmState
    count: int
    first_at: datetime
    last_at: datetime
    told_at: datetime | None = None
