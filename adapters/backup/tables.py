"""What a backup holds: every table by COPY out of one snapshot, and into one transaction.

The content is a header (JSON), then each table's rows in PostgreSQL's binary COPY format, cut into stretches. Each part
has its length in front, eight bytes, big-endian; a stretch of length 0 ends a table.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from typing import Any, Protocol

from psycopg import AsyncCursor, sql
from psycopg.rows import DictRow

from adapters.store.partitions import PARTITIONED, Month, make_month, months_of
from adapters.store.session import Connection, fetch_all
from engine.codes.backup import BackupCode
from engine.errors import OwnFault

STRETCH_BYTES = 1_000_000
LONGEST_HEADER = 10_000_000
_LENGTH = 8

Say = Callable[[str], None]


class Sink(Protocol):
    """Takes the content of a backup."""

    def write(self, data: bytes) -> None:
        """Append to the content."""


class Source(Protocol):
    """Gives the content of a backup."""

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer at the end."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup says of itself: when and where it was made, and what follows. `made_at` is ISO 8601 in UTC."""

    made_at: str
    environment: str
    parties: list[str]
    migrations: list[str]
    tables: dict[str, list[str]]
    months: dict[str, list[str]]
    sequences: dict[str, int]


async def write_tables(connection: Connection, sink: Sink, about: Mapping[str, Any], say: Say) -> Header:
    """Write everything that the transaction of this connection sees; `about` are the first three fields."""
    tables = await _tables(connection)
    migrations = [row["name"] for row in await fetch_all(connection, "applied_migrations", {})]
    months = {parent: [month.table for month in await months_of(connection, parent)] for parent in PARTITIONED}
    sequences = {row["name"]: row["at"] for row in await fetch_all(connection, "sequences_to_back_up", {})}
    header = Header(**about, migrations=migrations, tables=tables, months=months, sequences=sequences)
    _write_part(sink, json.dumps(asdict(header)).encode())
    for name, columns in tables.items():
        say(name)
        copy = sql.SQL("COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT binary)")
        await _copy_out(connection, sink, copy.format(columns=_names(columns), table=sql.Identifier(name)))
    return header


def read_header(source: Source) -> Header:
    """Read what a backup says of itself. Raises OwnFault where it is none that this program can read."""
    try:
        return Header(**json.loads(source.read(_read_length(source, LONGEST_HEADER))))
    except (ValueError, TypeError):
        raise OwnFault(BackupCode.OTHER_KIND) from None


async def read_tables(connection: Connection, source: Source, header: Header, say: Say) -> None:
    """Replace the rows of every table by those of the backup, in the transaction of this connection.

    Raises OwnFault where the backup and the database do not have the same tables.
    """
    ours = await _tables(connection)
    if ours != header.tables:
        raise OwnFault(BackupCode.OTHER_TABLES)
    for parent, names in header.months.items():
        for name in names:
            await make_month(connection, Month.named(parent, name))
    await connection.execute(sql.SQL("TRUNCATE {}").format(_names([*ours, "web_session"])))
    for name, columns in ours.items():
        say(name)
        copy = sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT binary)")
        await _copy_in(connection, source, copy.format(columns=_names(columns), table=sql.Identifier(name)))
    for name, at in header.sequences.items():
        await fetch_all(connection, "set_sequence", {"name": name, "at": at})


def skip_tables(source: Source, header: Header) -> int:
    """Read a backup to its end without a database; return the bytes of rows. Raises OwnFault where it is not whole."""
    return sum(len(stretch) for _ in header.tables for stretch in _stretches(source))


async def _tables(connection: Connection) -> dict[str, list[str]]:
    """Return each table with its columns, those that others refer to first."""
    found = {row["name"]: row["columns"] for row in await fetch_all(connection, "tables_to_back_up", {})}
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in found})
    for row in await fetch_all(connection, "foreign_keys", {}):
        if {row["referring"], row["referred"]} <= found.keys():
            order.add(row["referring"], row["referred"])
    return {name: found[name] for name in order.static_order()}


async def _copy_out(connection: Connection, sink: Sink, command: sql.Composed) -> None:
    waiting = bytearray()
    cursor: AsyncCursor[DictRow] = connection.cursor()
    async with cursor, cursor.copy(command) as copy:
        async for data in copy:
            waiting += data
            if len(waiting) >= STRETCH_BYTES:
                _write_part(sink, bytes(waiting))
                waiting.clear()
    if waiting:
        _write_part(sink, bytes(waiting))
    _write_part(sink, b"")


async def _copy_in(connection: Connection, source: Source, command: sql.Composed) -> None:
    cursor: AsyncCursor[DictRow] = connection.cursor()
    async with cursor, cursor.copy(command) as copy:
        for stretch in _stretches(source):
            await copy.write(stretch)


def _write_part(sink: Sink, data: bytes) -> None:
    sink.write(len(data).to_bytes(_LENGTH, "big") + data)


def _stretches(source: Source) -> Iterator[bytes]:
    while length := _read_length(source, 1 << 40):
        yield source.read(length)


def _read_length(source: Source, most: int) -> int:
    head = source.read(_LENGTH)
    length = int.from_bytes(head, "big")
    if len(head) != _LENGTH or length > most:
        raise OwnFault(BackupCode.CUT_OFF)
    return length


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
