"""One connection inside a transaction, with what all parts of the store need of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow

from adapters.keys.at_rest import AtRest
from adapters.store.queries import statement
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault
from engine.names import HerId
from engine.records.messages import Header
from engine.records.unvouched import hidden

Connection = AsyncConnection[DictRow]

_CONTENT = {"inbound_raw", "outbound_mime", "outbound_document", "inbox_item", "inbox_item_by_msg_id"}
"""Statements that return large bytes: as text they would be written in hexadecimal, twice as large."""


class Session:
    """A transaction under way. Its parts (mails, messages, ledger, work, desk) inherit from it."""

    def __init__(self, connection: Connection, at_rest: AtRest) -> None:
        self._connection = connection
        self._at_rest = at_rest
        self.largest = 0
        """The bytes of the largest value that went over the connection."""

    async def _all(self, name: str, /, **values: object) -> list[DictRow]:
        rows = await fetch_all(self._connection, name, values)
        for row in rows:
            self._weigh(row)
        return rows

    async def _one(self, name: str, /, **values: object) -> DictRow | None:
        rows = await self._all(name, **values)
        return rows[0] if rows else None

    async def _count(self, name: str, values: Mapping[str, object]) -> int:
        """Run a statement that changes rows and return how many it changed."""
        self._weigh(values)
        cursor = await self._connection.execute(statement(name), storable(values))
        return cursor.rowcount

    def _marked(self, header: Header) -> Header:
        """Return a header that nobody vouches for as it is kept: its ids are marks."""
        return hidden(header, self._at_rest.mark_of)

    def _weigh(self, values: Mapping[str, object]) -> None:
        self.largest = max(
            [self.largest, *(len(value) for value in values.values() if isinstance(value, bytes | bytearray))]
        )


async def fetch_all(connection: Connection, name: str, values: Mapping[str, object]) -> list[DictRow]:
    """Run the named statement and return its rows."""
    cursor = await connection.execute(statement(name), storable(values), binary=name in _CONTENT)
    return await cursor.fetchall()


def storable(values: Mapping[str, object]) -> dict[str, Any]:
    """Return the values with each NUL and lone surrogate in a text replaced by U+FFFD.

    PostgreSQL takes neither, and a mail whose headers hold one must still be stored.
    """
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def clean(text: str) -> str:
    """Return the text as it will be stored."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def uuid_in(text: str) -> UUID | None:
    """Return the UUID in a text, None when the text is not a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


def require_owner(owner: HerId, of_row: HerId) -> None:
    """Raise OwnFault when a new row names another owner than the one it is added for."""
    if owner != of_row:
        raise OwnFault(DatabaseCode.OTHER_OWNER)
