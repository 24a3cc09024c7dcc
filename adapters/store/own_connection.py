"""A connection beside the pool, for work on the whole database: backup, restore, and a change of keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg.rows import DictRow, dict_row

from adapters.store.faults import database_faults
from adapters.store.queries import statement
from adapters.store.session import Connection


@asynccontextmanager
async def own_connection(url: str, name: str) -> AsyncIterator[Connection]:
    """Open a connection that PostgreSQL shows under a name; what is done on it may take long.

    Raises OwnFault or Unavailable with place and reason where the database cannot be used.
    """
    with database_faults(url):
        opening = psycopg.AsyncConnection[DictRow].connect(
            url, autocommit=True, row_factory=dict_row, application_name=name
        )
        async with await opening as connection:
            await connection.execute(statement("log_settings"))
            yield connection
