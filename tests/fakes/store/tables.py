"""What the in-memory store keeps, copied for each transaction so that an error leaves it as it was."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from engine.case.record import Case
from engine.errors import OwnFault
from engine.names import HerId
from engine.records.channels import CaseFile, Letter, Shipment
from engine.records.inbox import Client, Notice, ReceivedDocument
from engine.records.log import Alarm, StoredEvent, Task
from engine.records.messages import AnswerKind, Claim, ClaimKind, CollectedMail, IncomingMail, OutgoingMessage
from engine.records.versions import RegistryVersion, Restoration
from engine.records.work import WorkKind

ClaimKey = tuple[HerId, ClaimKind, HerId, str]
WorkKey = tuple[HerId, WorkKind, UUID]


@dataclass(frozen=True, slots=True)
class QueuedWork:
    """A row of the queue; `lease_until` is seconds on the machine's own clock."""

    partner: str
    due: datetime
    attempts: int = 0
    lease: UUID | None = None
    lease_until: float = 0.0
    again: bool = False
    deaths: int = 0


@dataclass(slots=True)
class Tables:
    """Every row there is, by its key."""

    inbound: dict[UUID, tuple[IncomingMail, bytes]] = field(default_factory=dict)
    outbound: dict[UUID, tuple[OutgoingMessage, bytes, bytes | None]] = field(default_factory=dict)
    words: dict[UUID, bytes] = field(default_factory=dict)
    ledger: dict[ClaimKey, tuple[bytes, Claim]] = field(default_factory=dict)
    collected: dict[tuple[str, str, str], tuple[CollectedMail, datetime | None]] = field(default_factory=dict)
    refusals: dict[tuple[AnswerKind, HerId, str, bytes], datetime] = field(default_factory=dict)
    work: dict[WorkKey, QueuedWork] = field(default_factory=dict)
    inbox: dict[UUID, tuple[ReceivedDocument, bytes]] = field(default_factory=dict)
    cases: dict[UUID, tuple[Case, bytes]] = field(default_factory=dict)
    case_files: dict[UUID, tuple[CaseFile, ...]] = field(default_factory=dict)
    counters: dict[tuple[HerId, int], int] = field(default_factory=dict)
    reminders: dict[tuple[HerId, UUID, int], tuple[UUID, bool]] = field(default_factory=dict)
    alarms: dict[UUID, Alarm] = field(default_factory=dict)
    clients: dict[UUID, tuple[Client, bytes]] = field(default_factory=dict)
    notices: dict[UUID, Notice] = field(default_factory=dict)
    shipments: dict[tuple[HerId, str, str], tuple[Shipment, bytes]] = field(default_factory=dict)
    letters: dict[UUID, tuple[Letter, bytes]] = field(default_factory=dict)
    samvik: dict[tuple[HerId, HerId], datetime] = field(default_factory=dict)
    tasks: dict[UUID, Task] = field(default_factory=dict)
    restorations: dict[UUID, tuple[Restoration, datetime | None]] = field(default_factory=dict)
    events: list[StoredEvent] = field(default_factory=list)
    registry: list[RegistryVersion] = field(default_factory=list)

    def copy(self) -> "Tables":
        """Return tables of their own with the same rows, which never change in place."""
        return Tables(**{name: getattr(self, name).copy() for name in self.__slots__})


def require_owner(owner: HerId, of_row: HerId) -> None:
    """Raise OwnFault where a row was to be stored for another owner than its own."""
    if owner != of_row:
        raise OwnFault("A row was to be stored for another owner than its own.")
