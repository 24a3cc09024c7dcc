"""What is wrong with a stretch of the event log: pure comparison, told in statements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from adapters.store.rows import event_of
from engine.codes.log import LogCode
from engine.codes.statement import Statement
from engine.operations.event_log import (
    FIRST_PREVIOUS,
    DroppedMonth,
    LostSeals,
    Seal,
    SealedRow,
    row_hash,
    row_mark,
    same,
    seal_hash,
)

_MOST_MISSING = 100


@dataclass(frozen=True, slots=True)
class Found:
    """One event row as it stands: what its content hashes to, the mark beside it, and the seal that it names."""

    id: int
    hash: bytes
    mark: bytes
    seal: int | None


@dataclass(slots=True)
class Chain:
    """Walks the seals in order and remembers the one before."""

    key: bytes
    lost: Sequence[LostSeals] = ()
    number: int = 0
    hash: bytes = FIRST_PREVIOUS

    def follow(self, seal: Seal) -> Iterator[Statement]:
        """Yield what is wrong with a seal itself and with its place after the one before."""
        if not same(seal_hash(self.key, seal), seal.hash):
            yield Statement.of(LogCode.SEAL_CHANGED, seal=seal.id)
        missing = (number for number in range(self.number + 1, seal.id) if not went_with_a_restore(self.lost, number))
        yield from (Statement.of(LogCode.SEAL_MISSING, seal=number) for number in islice(missing, _MOST_MISSING))
        if not same(seal.previous, self.hash):
            yield Statement.of(LogCode.SEAL_OUT_OF_PLACE, seal=seal.id)
        self.number, self.hash = seal.id, seal.hash


def went_with_a_restore(lost: Sequence[LostSeals], seal: int) -> bool:
    """Say whether a seal is gone because an older backup was restored."""
    return any(each.first <= seal <= each.last for each in lost)


def found_row(row: Mapping[str, Any]) -> Found:
    """Return what counts of a row of `event`."""
    return Found(row["id"], row_hash(event_of(row)), row["mac"], row["seal"])


def check_rows(key: bytes, seal: Seal, rows: Sequence[Found], dropped: Sequence[DroppedMonth]) -> Iterator[Statement]:
    """Yield a statement for each event that a seal holds and that is changed or gone, and each that was put in."""
    wanted = {row.id: row for row in seal.rows}
    seen: set[int] = set()
    for row in rows:
        yield from _check_row(key, seal, wanted.get(row.id), row, again=row.id in seen)
        seen.add(row.id)
    for id, sealed in wanted.items():
        if id not in seen and not _was_dropped(sealed, dropped):
            yield Statement.of(LogCode.EVENT_REMOVED, event=id, seal=seal.id)


def check_unsealed(key: bytes, row: Found) -> Iterator[Statement]:
    """Yield what is wrong with an event that no seal in the database holds."""
    if row.seal is not None:
        yield Statement.of(LogCode.EVENT_OF_NO_SEAL, event=row.id, seal=row.seal)
    if not _ours(key, row):
        yield Statement.of(LogCode.EVENT_NOT_OURS, event=row.id)


def _check_row(key: bytes, seal: Seal, wanted: SealedRow | None, row: Found, *, again: bool) -> Iterator[Statement]:
    if wanted is None or again:
        yield Statement.of(LogCode.EVENT_INSERTED, event=row.id, seal=seal.id)
    elif not same(wanted.hash, row.hash):
        yield Statement.of(LogCode.EVENT_CHANGED, event=row.id, seal=seal.id)
    elif not _ours(key, row):
        yield Statement.of(LogCode.EVENT_CHANGED_EARLY, event=row.id, seal=seal.id)
    elif row.seal != seal.id:
        yield Statement.of(LogCode.EVENT_UNTIED, event=row.id, seal=seal.id)


def _ours(key: bytes, row: Found) -> bool:
    return same(row_mark(key, row.hash), row.mark)


def _was_dropped(row: SealedRow, dropped: Sequence[DroppedMonth]) -> bool:
    return any(month.first_at <= row.at < month.before_at for month in dropped)
