"""What a database says of itself: its premises, and its clock against ours."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from adapters.store.faults import database_faults, place_of
from adapters.store.queries import statement
from engine.operations.premises import DatabaseFacts
from engine.ports import Clock

_CONNECT_SECONDS = 10


async def facts_of(url: str, clock: Clock) -> tuple[DatabaseFacts, timedelta]:
    """Return what a database says, and how far the clock here is ahead. Raises OwnFault or Unavailable."""
    with database_faults(url):
        async with await _connected(url) as first, await _connected(url) as second:
            said = await _row(first, "premises")
            ahead = await clock_ahead(first, clock)
            pooled = await _is_pooled(first, second)
    facts = DatabaseFacts(
        name=place_of(url).name,
        encoding=said["encoding"],
        version=said["version"],
        pooled=pooled,
        read_only=said["read_only"],
        standby=said["standby"],
        durable=said["durable"],
        idle_session_ms=said["idle_session_ms"],
        may_create=said["may_create"],
        superuser=said["superuser"],
        free=said["free"],
    )
    return facts, ahead


async def clock_ahead(connection: psycopg.AsyncConnection[DictRow], clock: Clock) -> timedelta:
    """Return how far the clock of this machine is ahead of the database's, to half the time of one question."""
    before = clock.now()
    there: datetime = (await _row(connection, "database_time"))["now"]
    after = clock.now()
    return before + (after - before) / 2 - there


async def _is_pooled(first: psycopg.AsyncConnection[DictRow], second: psycopg.AsyncConnection[DictRow]) -> bool:
    """Say whether something between us and the server gives our sessions to others between transactions.

    What a session sets must still be there while another session of ours is in a transaction, and two sessions never
    have the same server process.
    """
    one = await _row(first, "mark_session")
    async with second.transaction():
        other = await _row(second, "session_mark")
        again = await _row(first, "session_mark")
    return other["mark"] == one["mark"] or again != one or other["pid"] == one["pid"]


async def _connected(url: str) -> psycopg.AsyncConnection[DictRow]:
    return await psycopg.AsyncConnection[DictRow].connect(
        url,
        autocommit=True,
        row_factory=dict_row,
        application_name="samvik-check",
        connect_timeout=_CONNECT_SECONDS,
        prepare_threshold=None,
    )


async def _row(connection: psycopg.AsyncConnection[DictRow], name: str) -> dict[str, Any]:
    found = await (await connection.execute(statement(name))).fetchone()
    return found or {}
