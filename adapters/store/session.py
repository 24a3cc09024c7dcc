"""One connection inside a transaction, with what all parts of the store need of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow

from adapters.keys.at_rest import AtRest
from adapters.store.queries import parameters_by_set, statement
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault
from engine.names import HerId
from engine.records.log import Event
from engine.records.messages import Header
from engine.records.unvouched import hidden

Connection = AsyncConnection[DictRow]

_CONTENT = {"inbound_raw", "outbound_mime", "outbound_document", "inbox_item", "inbox_item_by_msg_id"}
"""Statements that return large bytes: as text they would be written in hexadecimal, twice as large."""


LARGEST_SHARED_BYTES = 1_000_000
"""A piece of work with a larger value has a transaction to itself, so that many large ones are never held at once."""


class Statements(Protocol):
    """Runs the named statements of one piece of work."""

    async def rows(self, name: str, values: Mapping[str, object]) -> list[DictRow]:
        """Run a statement and return its rows."""

    async def rows_of_each(self, name: str, asked: Sequence[Mapping[str, object]]) -> list[list[DictRow]]:
        """Run a statement by set for several rows of values and return the rows of each."""

    async def changed(self, name: str, values: Mapping[str, object]) -> int:
        """Run a statement that changes rows and return how many it says it changed."""

    def insist_alone(self) -> None:
        """Go on only in a transaction that no other piece of work shares."""


class Alone:
    """The statements of a piece of work that has a transaction to itself."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def rows(self, name: str, values: Mapping[str, object]) -> list[DictRow]:
        """Run a statement and return its rows."""
        return await fetch_all(self._connection, name, values)

    async def rows_of_each(self, name: str, asked: Sequence[Mapping[str, object]]) -> list[list[DictRow]]:
        """Run a statement by set for several rows of values and return the rows of each."""
        return await fetch_by_set(self._connection, name, asked)

    async def changed(self, name: str, values: Mapping[str, object]) -> int:
        """Run a statement that changes rows and return how many it says it changed."""
        return await change(self._connection, name, values)

    def insist_alone(self) -> None:
        """Do nothing: this transaction is not shared."""


class Session:
    """A transaction under way. Its parts (mails, messages, ledger, work, desk) inherit from it."""

    def __init__(self, statements: Statements, at_rest: AtRest) -> None:
        self._statements = statements
        self._at_rest = at_rest
        self.logged: list[tuple[HerId, Event]] = []
        """What is written to the event log before the commit, and others hear of after it."""
        self.largest = 0
        """The bytes of the largest value that went over the connection."""

    async def _all(self, name: str, /, **values: object) -> list[DictRow]:
        rows = await self._statements.rows(name, values)
        for row in rows:
            self._weigh(row)
        return rows

    async def _one(self, name: str, /, **values: object) -> DictRow | None:
        rows = await self._all(name, **values)
        return rows[0] if rows else None

    async def _count(self, name: str, values: Mapping[str, object]) -> int:
        """Run a statement that changes rows and return how many it says it changed."""
        self._weigh(values)
        return await self._statements.changed(name, values)

    def _marked(self, header: Header) -> Header:
        """Return a header that nobody vouches for as it is kept: its ids are marks."""
        return hidden(header, self._at_rest.mark_of)

    def _weigh(self, values: Mapping[str, object]) -> None:
        sizes = [len(value) for value in values.values() if isinstance(value, bytes | bytearray)]
        self._bear(max(sizes, default=0))

    def _bear(self, size: int) -> None:
        """Take note of a value of so many bytes that goes over the connection, now or next."""
        self.largest = max(self.largest, size)
        if size > LARGEST_SHARED_BYTES:
            self._statements.insist_alone()


async def fetch_all(connection: Connection, name: str, values: Mapping[str, object]) -> list[DictRow]:
    """Run the named statement for one piece of work and return its rows."""
    if parameters_by_set(name):
        return (await fetch_by_set(connection, name, [values]))[0]
    cursor = await connection.execute(statement(name), storable(values), binary=name in _CONTENT)
    return await cursor.fetchall()


async def change(connection: Connection, name: str, values: Mapping[str, object]) -> int:
    """Run the named statement for one piece of work and return how many rows it says it changed."""
    if parameters_by_set(name):
        return len((await fetch_by_set(connection, name, [values]))[0])
    return (await connection.execute(statement(name), storable(values))).rowcount


async def fetch_by_set(connection: Connection, name: str, asked: Sequence[Mapping[str, object]]) -> list[list[DictRow]]:
    """Run a statement once for several pieces of work; return the rows of each, in the order that they are given.

    A statement that returns no rows gives none to each.
    """
    clean_values = [storable(values) for values in asked]
    arrays = {parameter: [values[parameter] for values in clean_values] for parameter in parameters_by_set(name)}
    cursor = await connection.execute(statement(name), arrays, binary=name in _CONTENT)
    found: list[list[DictRow]] = [[] for _ in asked]
    if cursor.description is not None:
        for row in await cursor.fetchall():
            found[row.pop("n") - 1].append(row)
    return found


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
