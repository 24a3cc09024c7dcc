"""What came and goes by other channels than messages, and the files of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from engine.case.channel import Channel
from engine.names import HerId


@dataclass(frozen=True, slots=True)
class Shipment:
    """What came by a folder of shipments and opened a case; `id` is its sender's, `sha256` that of all that came."""

    owner: HerId
    source: str
    id: str
    case_id: UUID
    sha256: bytes
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """An answer that goes by another channel, never by mail. `delivered_on` is a day in Oslo.

    `source` and `shipment` name the folder and the shipment that it answers, '' where a person sends it.
    """

    id: UUID
    owner: HerId
    case_id: UUID
    channel: Channel
    made_at: datetime
    source: str = ""
    shipment: str = ""
    exported_at: datetime | None = None
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that goes along with a case's deviation; `mime_type` is what it is, by its bytes."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MetadataKeys:
    """Where the metadata says what; a dot goes into an object. '' for what it does not say."""

    shipment: str
    received: str
    title: str
    sender_name: str
    sender_number: str
    reply_to: str


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of shipments: its name in rows and tasks, and the party that they are for."""

    name: str
    party: HerId
    keys: MetadataKeys
