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
    """Something a person must look at. At most one open task exists for a subject and a cause."""

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
