"""Sealing the event log, and verifying it against its seals, the log key and the anchor file."""

import socket
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import psycopg
from psycopg import IsolationLevel
from psycopg.rows import DictRow, dict_row

from adapters.keys.at_rest import AtRest
from adapters.sealing import anchor
from adapters.sealing.anchor import Anchored, Begun, anchored
from adapters.sealing.log_check import Chain, check_rows, check_unsealed, found_row, went_with_a_restore
from adapters.store.faults import database_faults
from adapters.store.queries import statement
from adapters.store.rows import event_of
from adapters.store.session import Connection, fetch_all
from engine.codes.log import LogCode
from engine.codes.statement import Statement
from engine.errors import OwnFault
from engine.operations.event_log import (
    FIRST_PREVIOUS,
    DroppedMonth,
    LostSeals,
    Seal,
    SealedRow,
    begun_mark,
    dropped_mark,
    lost_mark,
    row_hash,
    same,
    seal_hash,
)
from engine.records.versions import Restoration

_EVENTS_A_SEAL = 5_000
_SEALS_AT_ONCE = 20
_MOST_FINDINGS = 1_000


class EventLog:
    """The event log of one database. `anchor_path` is `seals.log` in the data folder of the node that seals.

    Every method raises Unavailable when the database does not answer.
    """

    def __init__(self, url: str, at_rest: AtRest, anchor_path: Path) -> None:
        self._url = url
        self._key = at_rest.log_key()
        self._anchor = anchor_path
        self._noted = False
        self.begun_after = 0
        """The seal after which the anchor file was begun by this object, at a place that had none before."""
        self._place = f"{socket.gethostname()}:{anchor_path.resolve()}"

    async def seal_events(self, now: datetime) -> int:
        """Seal every committed event that has no seal yet and anchor the seals; return how many events.

        One node at a time. Seals that a crash kept from the anchor file are anchored by the next call. Raises OwnFault
        where the anchor file is gone from where it was begun, or its end cannot be read: events are sealed even then.
        """
        count = 0
        async with self._connection() as connection:
            await self._begin_where_new(connection, now)
            while batch := await self._seal_batch(connection, now):
                count += batch
            if not anchor.is_there(self._anchor):
                raise OwnFault(LogCode.ANCHOR_GONE, path=self._anchor)
            await self._catch_up(connection)
        return count

    async def begin_anchor(self, now: datetime) -> int:
        """Make an anchor file where there is none; return the seal that it begins after.

        Of an end that was cut off before that it knows nothing, so a person decides it.
        """
        async with self._connection() as connection, connection.transaction():
            await fetch_all(connection, "lock_log", {})
            return await self._begin(connection, now)

    async def note_restore(self, connection: Connection, restoration: Restoration) -> None:
        """Vouch, in the transaction of a restore, for the seals that are anchored and gone with what it replaced."""
        last = await fetch_all(connection, "last_seal", {})
        lost = LostSeals(1 + (last[0]["id"] if last else 0), anchor.last_seal(self._anchor), restoration.restored_at)
        mark = lost_mark(self._key, lost)
        values = {"id": restoration.id, "first": lost.first, "last": lost.last, "mac": mark}
        await connection.execute(statement("note_lost_seals"), values)
        await self._begin(connection, restoration.restored_at)

    async def verify_log(self) -> list[Statement]:
        """Return a sentence for each changed, removed, inserted or cut-off event and each broken or missing seal.

        Nothing when all is well; at most 1000 sentences. Months that retention dropped are not missed.
        """
        # What is anchored before the snapshot is in the snapshot; what is anchored later must not be missed.
        length = anchor.whole_length(self._anchor)
        async with self._connection() as connection:
            await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            async with connection.transaction():
                findings: list[Statement] = []
                async for finding in self._findings(connection, length):
                    findings.append(finding)
                    if len(findings) == _MOST_FINDINGS:
                        break
        return findings

    async def _begin_where_new(self, connection: Connection, now: datetime) -> None:
        """Make the anchor file of a place that never had one: a new engine's, or that of one more machine."""
        if self._noted:
            return
        async with connection.transaction():
            await fetch_all(connection, "lock_log", {})
            if not await fetch_all(connection, "begun_anchor", {"place": self._place}):
                if anchor.is_there(self._anchor):
                    await connection.execute(statement("note_anchor"), {"place": self._place, "at": now, "after": 0})
                else:
                    self.begun_after = await self._begin(connection, now)
        self._noted = True

    async def _begin(self, connection: Connection, now: datetime) -> int:
        if anchor.is_there(self._anchor):
            return anchor.last_seal(self._anchor)
        last = await fetch_all(connection, "last_seal", {})
        after = last[0]["id"] if last else 0
        await connection.execute(statement("note_anchor"), {"place": self._place, "at": now, "after": after})
        anchor.begin(self._anchor, Begun(after, now, begun_mark(self._key, after, now)))
        return int(after)

    async def _seal_batch(self, connection: Connection, now: datetime) -> int:
        async with connection.transaction():
            await fetch_all(connection, "lock_log", {})
            rows = await fetch_all(connection, "unsealed_events", {"most": _EVENTS_A_SEAL})
            if not rows:
                return 0
            last = await fetch_all(connection, "last_seal", {})
            seal = self._make_seal(rows, last[0] if last else None, now)
            await _write(connection, seal)
        return len(rows)

    def _make_seal(self, rows: list[DictRow], last: DictRow | None, now: datetime) -> Seal:
        # A number that the anchor knows is never used again, or a cut-off seal could be replaced unseen.
        number = 1 + max(last["id"] if last else 0, anchor.last_seal(self._anchor))
        sealed = tuple(SealedRow(row["id"], row["at"], row_hash(event_of(row))) for row in rows)
        bare = Seal(number, now, sealed, last["hash"] if last else FIRST_PREVIOUS)
        return Seal(number, now, sealed, bare.previous, seal_hash(self._key, bare))

    async def _catch_up(self, connection: Connection) -> None:
        async with connection.transaction():
            await fetch_all(connection, "lock_log", {})
            after = anchor.last_seal(self._anchor)
            async for seal in _seals(connection, after):
                events = [row.id for row in seal.rows]
                anchor.append(self._anchor, [anchored(seal.id, events, seal.hash)])

    async def _findings(self, connection: Connection, length: int | None) -> AsyncIterator[Statement]:
        dropped: list[DroppedMonth] = []
        for row in await fetch_all(connection, "dropped_months", {}):
            month = DroppedMonth(row["first_at"], row["before_at"], row["dropped_at"])
            if same(dropped_mark(self._key, month), row["mac"]):
                dropped.append(month)
            else:
                yield Statement.of(LogCode.MONTH_NOT_OURS, month=f"{month.first_at:%Y-%m}")
        lost: list[LostSeals] = []
        for row in await fetch_all(connection, "lost_seals", {}):
            found = LostSeals(row["first_seal"], row["last_seal"], row["restored_at"])
            if same(lost_mark(self._key, found), row["mac"]):
                lost.append(found)
            else:
                yield Statement.of(LogCode.RESTORE_NOT_OURS, day=found.restored_at)
        async for finding in self._seal_findings(connection, length, dropped, lost):
            yield finding
        async for row in _without_seal(connection):
            for finding in check_unsealed(self._key, found_row(row)):
                yield finding

    async def _seal_findings(
        self, connection: Connection, length: int | None, dropped: list[DroppedMonth], lost: list[LostSeals]
    ) -> AsyncIterator[Statement]:
        chain, against = Chain(self._key, lost), _AnchorWalk(self._anchor, length or 0, lost, self._key)
        async for seal in _seals(connection, None):
            for finding in (*against.until(seal), *chain.follow(seal)):
                yield finding
            asked = {"events": [row.id for row in seal.rows], "seal": seal.id}
            rows = [found_row(row) for row in await fetch_all(connection, "events_of_seal", asked)]
            for finding in check_rows(self._key, seal, rows, dropped):
                yield finding
        if length is None and chain.number:
            yield Statement.of(LogCode.NO_ANCHOR, file=self._anchor.name)
        for finding in against.rest():
            yield finding

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        with database_faults(self._url):
            connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, row_factory=dict_row)
            async with connection:
                await connection.execute(statement("log_settings"))
                yield connection


class _AnchorWalk:
    """Goes through the anchor file in step with the seals of the database."""

    def __init__(self, path: Path, length: int, lost: Sequence[LostSeals], key: bytes) -> None:
        self._lost = lost
        self._key = key
        self._lines = anchor.read(path, length)
        self._next = next(self._lines, None)

    def until(self, seal: Seal) -> Iterator[Statement]:
        """Yield what the anchor file misses before this seal, and whether it knows another one by its number."""
        while self._next is not None and (not isinstance(self._next, Anchored) or self._next.seal <= seal.id):
            if isinstance(self._next, Anchored) and self._next.seal == seal.id:
                if not same(self._next.hash, seal.hash):
                    yield Statement.of(LogCode.OTHER_SEAL, seal=seal.id)
            else:
                yield from self._missed(self._next)
            self._next = next(self._lines, None)

    def rest(self) -> Iterator[Statement]:
        """Yield what the anchor file knows beyond the last seal of the database."""
        while self._next is not None:
            yield from self._missed(self._next)
            self._next = next(self._lines, None)

    def _missed(self, line: Anchored | Begun | int) -> Iterator[Statement]:
        if isinstance(line, int):
            yield Statement.of(LogCode.LINE_UNREADABLE, line=line)
            return
        if isinstance(line, Begun):
            if not same(begun_mark(self._key, line.after, line.at), line.mark):
                yield Statement.of(LogCode.ANCHOR_NOT_OURS, seal=line.after)
            return
        if went_with_a_restore(self._lost, line.seal):
            return
        yield Statement.of(LogCode.SEAL_CUT, seal=line.seal)
        for event in islice(line.events(), _MOST_FINDINGS):
            yield Statement.of(LogCode.EVENT_CUT, event=event, seal=line.seal)


async def _write(connection: Connection, seal: Seal) -> None:
    events = [row.id for row in seal.rows]
    values = {
        "id": seal.id,
        "made_at": seal.made_at,
        "events": events,
        "times": [row.at for row in seal.rows],
        "hashes": [row.hash for row in seal.rows],
        "previous": seal.previous,
        "hash": seal.hash,
    }
    await connection.execute(statement("add_seal"), values)
    await connection.execute(statement("mark_sealed"), {"seal": seal.id, "events": events})


async def _seals(connection: Connection, after: int | None) -> AsyncIterator[Seal]:
    """Yield the seals after one in order: with None all, whatever numbers somebody gave them."""
    while rows := await fetch_all(connection, "seals_after", {"after": after, "most": _SEALS_AT_ONCE}):
        for row in rows:
            yield Seal(row["id"], row["made_at"], tuple(_sealed_rows(row)), row["previous"], row["hash"])
        after = rows[-1]["id"]


def _sealed_rows(row: DictRow) -> Iterable[SealedRow]:
    # A tampered seal may have arrays of different lengths; its hash then tells, whatever is left out here.
    for id, at, digest in zip(row["events"], row["times"], row["hashes"], strict=False):
        yield SealedRow(id, at.astimezone(UTC), digest)


async def _without_seal(connection: Connection) -> AsyncIterator[DictRow]:
    asked: dict[str, object] = {"after": None, "at": None, "most": _EVENTS_A_SEAL}
    while rows := await fetch_all(connection, "events_without_seal", asked):
        for row in rows:
            yield row
        asked |= {"after": rows[-1]["id"], "at": rows[-1]["at"]}
