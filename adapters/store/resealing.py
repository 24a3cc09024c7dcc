"""Seals again, under the newest key, what older keys have sealed: row by row, while nodes run.

Each row is a transaction of its own, so memory holds one value at a time and a node waits for one row at most. What
was done stays done: a rotation that is broken off goes on where content is still under an older key.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from adapters.keys.at_rest import AtRest
from adapters.store.queries import statement
from adapters.store.session import Connection

MOST_IDS = 500
"""Rows that are listed at once, by their keys alone."""
HEAD_BYTES = 9

Sealed = tuple[bytes, str, str, str]
"""Sealed content with its place: owner, row, column."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed content. `key` is what tells its rows apart, `row` the SQL of its place's second part."""

    table: str
    column: str
    key: tuple[str, ...] = ("id",)
    row: str = "id::text"

    @property
    def name(self) -> str:
        """Return the third part of the place."""
        return f"{self.table}.{self.column}"


SEALED = (
    SealedColumn("inbound", "raw"),
    SealedColumn("outbound", "mime"),
    SealedColumn("outbound", "document"),
    SealedColumn("outbound", "partner_word"),
    SealedColumn("inbox_item", "document"),
    SealedColumn("case_file", "reason"),
    SealedColumn("case_file", "content"),
    SealedColumn("case_attachment", "name", ("case_id", "number"), "case_id::text || '/' || number::text"),
    SealedColumn("case_attachment", "content", ("case_id", "number"), "case_id::text || '/' || number::text"),
    SealedColumn("client", "webhook"),
    SealedColumn("shipment", "metadata", ("owner", "source", "id"), "source || '/' || id"),
    SealedColumn("letter", "pdf"),
)
"""Every column whose content is sealed (adapters.keys.at_rest)."""


async def count_by_key(connection: Connection) -> dict[str, int]:
    """Return how many values each key has sealed, by the key's id."""
    counts: dict[str, int] = {}
    for column in SEALED:
        query = sql.SQL(
            "SELECT encode(substring({column} FROM 2 FOR 8), 'hex') AS key_id, count(*) AS number FROM {table}"
            " WHERE {column} IS NOT NULL GROUP BY 1"
        ).format(**_names(column))
        for row in await (await connection.execute(query)).fetchall():
            counts[row["key_id"]] = counts.get(row["key_id"], 0) + row["number"]
    return counts


async def reseal(connection: Connection, at_rest: AtRest, say: Callable[[str, int], None]) -> int:
    """Seal everything again that the active key has not sealed; return how many values. `say` hears of each column.

    Raises OwnFault at content that does not open.
    """
    total = 0
    for column in SEALED:
        done = 0
        async for key in _older(connection, column, at_rest.active_head):
            done += await _reseal_one(connection, at_rest, column, key)
        if done:
            say(column.name, done)
        total += done
    return total


async def one_sealed(connection: Connection, column: SealedColumn) -> Sealed | None:
    """Return some content of a column with its place, None where there is none."""
    query = sql.SQL("SELECT {row} AS row, owner, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL LIMIT 1")
    found = await (await connection.execute(query.format(**_names(column)))).fetchone()
    return (bytes(found["sealed"]), found["owner"], found["row"], column.name) if found else None


async def _older(connection: Connection, column: SealedColumn, head: bytes) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the key of each row whose content another key has sealed, in the order of the keys."""
    last: Sequence[Any] | None = None
    while True:
        after: sql.Composable = sql.SQL("TRUE")
        if last is not None:
            values = sql.SQL(", ").join(map(sql.Literal, last))
            after = sql.SQL("({keys}) > ({values})").format(values=values, **_names(column))
        about = {"size": sql.Literal(HEAD_BYTES), "head": sql.Literal(head), "most": sql.Literal(MOST_IDS)}
        query = sql.SQL(
            "SELECT {keys} FROM {table} WHERE substring({column} FROM 1 FOR {size}) <> {head} AND {after}"
            " ORDER BY {keys} LIMIT {most}"
        ).format(after=after, **about, **_names(column))
        rows = await (await connection.execute(query)).fetchall()
        for row in rows:
            yield row
        if len(rows) < MOST_IDS:
            return
        last = [rows[-1][name] for name in column.key]


async def _reseal_one(connection: Connection, at_rest: AtRest, column: SealedColumn, key: Mapping[str, Any]) -> int:
    """Seal the content of one row again; 0 where a node has done it, or the row is gone."""
    where = sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in key.items()
    )
    names = {**_names(column), "where": where}
    async with connection.transaction():
        await connection.execute(statement("commit_without_waiting"))
        query = sql.SQL("SELECT {row} AS row, owner, {column} AS sealed FROM {table} WHERE {where} FOR UPDATE")
        found = await (await connection.execute(query.format(**names), binary=True)).fetchone()
        if found is None or found["sealed"] is None or at_rest.is_active(found["sealed"]):
            return 0
        place = (found["owner"], found["row"], column.name)
        again = at_rest.seal(at_rest.open(found.pop("sealed"), *place), *place)
        update = sql.SQL("UPDATE {table} SET {column} = %(again)s WHERE {where}").format(**names)
        return (await connection.execute(update, {"again": again})).rowcount


def _names(column: SealedColumn) -> dict[str, sql.Composable]:
    return {
        "table": sql.Identifier(column.table),
        "column": sql.Identifier(column.column),
        "keys": sql.SQL(", ").join(map(sql.Identifier, column.key)),
        "row": sql.SQL(column.row),
    }
