"""The months of the partitioned tables: made ahead, and dropped whole by retention."""

from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg import sql

from adapters.store.queries import statement
from adapters.store.session import Connection, fetch_all
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault
from engine.operations.event_log import DroppedMonth, dropped_mark

PARTITIONED = {"inbound": "received_at", "outbound": "created_at", "event": "at"}
"""Each partitioned table with the column that its months go by."""

_MONTHS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one table, in UTC."""

    parent: str
    first_at: datetime

    @property
    def before_at(self) -> datetime:
        """The first moment of the month after."""
        return _next_month(self.first_at)

    @classmethod
    def named(cls, parent: str, table: str) -> "Month":
        """Return the month that a partition is named for. Raises OwnFault for another name."""
        month = _month_named(parent, table)
        if month is None:
            raise OwnFault(DatabaseCode.NO_MONTH, table=table, parent=parent)
        return month

    @property
    def table(self) -> str:
        """The name of the partition."""
        return f"{self.parent}_{self.first_at:%Y_%m}"


async def make_partitions(connection: Connection, now: datetime) -> list[str]:
    """Make what is missing for this month and the next three, each in its own transaction; return their names.

    Rows that stand in the default partition because a month was missing are moved into it.
    """
    made = []
    for parent in PARTITIONED:
        first_at = _month_of(now)
        for _ in range(1 + _MONTHS_AHEAD):
            month = Month(parent, first_at)
            if await make_month(connection, month):
                made.append(month.table)
            first_at = month.before_at
    return made


async def drop_months(
    connection: Connection, parent: str, before: datetime, now: datetime, log_key: bytes
) -> list[str]:
    """Drop the months of a table that ended at or before `before`; return their names, oldest first.

    Each drop is recorded in the same transaction, with a mark made with the log key. So the check of the event log
    does not report these months as missing.
    """
    dropped = []
    for name in await _names(connection, parent):
        month = _month_named(parent, name)
        if month is not None and month.before_at <= before:
            await _drop(connection, month, now, log_key)
            dropped.append(name)
    return dropped


async def months_of(connection: Connection, parent: str) -> list[Month]:
    """Return the months that a table has, oldest first."""
    found = (_month_named(parent, name) for name in await _names(connection, parent))
    return [month for month in found if month is not None]


async def make_month(connection: Connection, month: Month) -> bool:
    """Make one month, in the caller's transaction or else its own; return whether it was missing."""
    async with connection.transaction():
        await fetch_all(connection, "lock_partitions", {})
        if month.table in await _names(connection, month.parent):
            return False
        for command in _commands(month):
            await connection.execute(command)
    return True


def _commands(month: Month) -> list[sql.Composed]:
    """Return the statements that make a month and move its rows out of the default partition."""
    names = {
        "table": sql.Identifier(month.table),
        "parent": sql.Identifier(month.parent),
        "spare": sql.Identifier(f"{month.parent}_default"),
        "column": sql.Identifier(PARTITIONED[month.parent]),
        "first": sql.Literal(month.first_at),
        "before": sql.Literal(month.before_at),
    }
    templates = (
        sql.SQL("CREATE TABLE {table} (LIKE {parent} INCLUDING ALL)"),
        sql.SQL("LOCK TABLE {spare} IN ACCESS EXCLUSIVE MODE"),
        sql.SQL(
            "WITH moved AS (DELETE FROM {spare} WHERE {column} >= {first} AND {column} < {before} RETURNING *) "
            "INSERT INTO {table} SELECT * FROM moved"
        ),
        sql.SQL("ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES FROM ({first}) TO ({before})"),
    )
    return [template.format(**names) for template in templates]


async def _drop(connection: Connection, month: Month, now: datetime, log_key: bytes) -> None:
    mark = dropped_mark(log_key, DroppedMonth(month.first_at, month.before_at, now))
    values = {
        "parent": month.parent,
        "first_at": month.first_at,
        "before_at": month.before_at,
        "now": now,
        "mac": mark,
    }
    async with connection.transaction():
        await fetch_all(connection, "lock_partitions", {})
        await connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(month.table)))
        await connection.execute(statement("record_dropped_month"), values)


async def _names(connection: Connection, parent: str) -> list[str]:
    rows = await fetch_all(connection, "partition_names", {"parent": parent})
    return [row["name"] for row in rows]


def _month_named(parent: str, name: str) -> Month | None:
    try:
        first_at = datetime.strptime(name.removeprefix(f"{parent}_"), "%Y_%m").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Month(parent, first_at)


def _month_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_month(first_at: datetime) -> datetime:
    year, month = divmod(first_at.year * 12 + first_at.month, 12)
    return first_at.replace(year=year, month=month + 1)
