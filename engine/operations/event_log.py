"""The hashes that make the event log tamper-evident. All are over canonical bytes: JSON without blanks, keys sorted,
times in UTC to the microsecond.

A row's hash goes into the seal of its batch, and each seal's hash covers the one before it. Row marks and seals are
made with the log key, so that nobody who can only write the database can make them.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.records.log import StoredEvent

FIRST_PREVIOUS = bytes(32)
"""What the first seal has for the hash of the one before it."""


@dataclass(frozen=True, slots=True)
class SealedRow:
    """What a seal keeps of one event: enough to miss it, and to tell whether its month was dropped."""

    id: int
    at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """A batch of events in id order, chained to the seal before it."""

    id: int
    made_at: datetime
    rows: tuple[SealedRow, ...]
    previous: bytes
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class DroppedMonth:
    """A month of events that retention has dropped: from `first_at` until just before `before_at`."""

    first_at: datetime
    before_at: datetime
    dropped_at: datetime


@dataclass(frozen=True, slots=True)
class LostSeals:
    """Seals that were anchored and are gone, since an older backup was restored then; both ends included."""

    first: int
    last: int
    restored_at: datetime


def row_hash(stored: StoredEvent) -> bytes:
    """Return the SHA-256 of an event as the store numbered it, 32 bytes."""
    event = stored.event
    fields = [stored.id, stored.owner, _time(event.at), str(event.subject), event.action, event.actor, event.data]
    return hashlib.sha256(_canonical(fields)).digest()


def row_mark(key: bytes, hash: bytes) -> bytes:
    """Return the HMAC-SHA256 under the log key that the engine writes beside a row with this hash."""
    return _mac(key, ["row", hash.hex()])


def seal_hash(key: bytes, seal: Seal) -> bytes:
    """Return the HMAC-SHA256 under the log key over everything in a seal but its own hash."""
    rows = [[row.id, _time(row.at), row.hash.hex()] for row in seal.rows]
    return _mac(key, ["seal", seal.id, _time(seal.made_at), rows, seal.previous.hex()])


def dropped_mark(key: bytes, month: DroppedMonth) -> bytes:
    """Return the HMAC-SHA256 under the log key over the record of a dropped month."""
    return _mac(key, ["dropped", _time(month.first_at), _time(month.before_at), _time(month.dropped_at)])


def lost_mark(key: bytes, lost: LostSeals) -> bytes:
    """Return the HMAC-SHA256 under the log key over the record of seals that went with a restore."""
    return _mac(key, ["lost", lost.first, lost.last, _time(lost.restored_at)])


def begun_mark(key: bytes, after: int, at: datetime) -> bytes:
    """Return the HMAC-SHA256 under the log key over the first line of an anchor file that begins after a seal."""
    return _mac(key, ["begun", after, _time(at)])


def same(one: bytes, other: bytes) -> bool:
    """Compare two hashes in a time that does not depend on where they differ."""
    return hmac.compare_digest(one, other)


def _mac(key: bytes, fields: list[object]) -> bytes:
    return hmac.new(key, _canonical(fields), hashlib.sha256).digest()


def _canonical(fields: list[object]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
