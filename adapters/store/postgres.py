"""The store on PostgreSQL: transactions, the work queue, and what people look at (engine.ports.Store)."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import Context, copy_context
from copy import copy
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from adapters.keys.at_rest import AtRest
from adapters.machine import kill_hooks
from adapters.machine.metering import charged
from adapters.store.alarms import AlarmRows
from adapters.store.case import CaseRows
from adapters.store.channels import ChannelRows
from adapters.store.clients import ClientRows, client_of
from adapters.store.desk import DeskRows
from adapters.store.faults import database_faults
from adapters.store.hearing import listen
from adapters.store.inbound import InboundRows
from adapters.store.key_checks import check_ring
from adapters.store.lane import Do, InDoubt, Lane, NotBegun
from adapters.store.ledger import LedgerRows
from adapters.store.lists import Lists
from adapters.store.log_ins import LogIns
from adapters.store.looking import Looking
from adapters.store.mailboxes import Mailboxes, MailboxRows
from adapters.store.outbound import OutboundRows
from adapters.store.partitions import make_partitions
from adapters.store.partners import PartnerRows, Remembered
from adapters.store.queries import statement
from adapters.store.restorations import RestorationRows
from adapters.store.rows import registry_of, work_of
from adapters.store.session import Alone, Connection, fetch_all
from adapters.store.sharing import Shared, Steps
from adapters.store.work import WorkRows
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault, SamvikError
from engine.names import OPERATOR, HerId
from engine.records.inbox import Client
from engine.records.log import Event
from engine.records.messages import Kept
from engine.records.versions import RegistryVersion
from engine.records.work import SUSPECT_DEATHS, Queued, Work, WorkKind

T = TypeVar("T")

_LOOKING_AT_ONCE = 4


LARGEST_KEPT_BYTES = 4_000_000
"""The driver never frees the memory of a large value, so a connection that carried one is closed."""


class _Expected(logging.Filter):
    """Drops the pool's warnings about connections that we close ourselves."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every other record."""
        return not record.msg.startswith("discarding closed connection")


logging.getLogger("psycopg.pool").addFilter(_Expected())


class PostgresUnitOfWork(
    InboundRows,
    MailboxRows,
    OutboundRows,
    LedgerRows,
    WorkRows,
    CaseRows,
    ClientRows,
    ChannelRows,
    DeskRows,
    AlarmRows,
    RestorationRows,
    PartnerRows,
):
    """One piece of work in a transaction on PostgreSQL (engine.ports.UnitOfWork)."""


class PostgresStore(Lists):
    """The database behind a pool of connections; open before use, close after.

    `lease_seconds` is how long a node may hold work without a sign of life, on the database's clock. Every method
    raises Unavailable when the database does not answer, and OwnFault when it refuses.
    """

    def __init__(
        self,
        url: str,
        at_rest: AtRest,
        *,
        lease_seconds: float = 60.0,
        least_connections: int = 1,
        most_connections: int = 8,
        wait_seconds: float = 10.0,
    ) -> None:
        self._url = url
        self._at_rest = at_rest
        self._lease_seconds = lease_seconds
        self._wait_seconds = wait_seconds
        self._remembered = Remembered()
        self.hear: Callable[[HerId, Event], None] | None = None
        """Hears of every event of the log, once it is committed."""
        self._lane = Lane(self._transact)
        self._lanes = [self._lane]
        # Pages use only some of the connections, so that the engine always has some for its own work.
        self._looking = asyncio.Semaphore(_LOOKING_AT_ONCE)
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=psycopg.AsyncConnection[DictRow],
            kwargs={"autocommit": True, "row_factory": dict_row, "application_name": "samvik"},
            min_size=least_connections,
            max_size=most_connections,
            timeout=wait_seconds,
            configure=_configure,
            open=False,
        )

    async def open(self) -> None:
        """Connect. Raises Unavailable when the database does not answer in time."""
        with database_faults(self._url):
            try:
                await self._pool.open(wait=True, timeout=self._wait_seconds)
            except psycopg.OperationalError:
                await self._pool.close()
                raise

    async def database_time(self) -> datetime:
        """Return the time of the database's clock now."""
        now: datetime = (await self._read("database_time"))[0]["now"]
        return now

    @property
    def at_rest(self) -> AtRest:
        """Return the key ring that this store seals under."""
        return self._at_rest

    async def check_ring(self) -> None:
        """Raise OwnFault where the key ring is not the one that this database was filled under."""
        async with self._connection() as connection:
            await check_ring(connection, self._at_rest)

    async def close(self) -> None:
        """Give back the connections, once what waits for a transaction has had it. May be repeated."""
        for lane in self._lanes:
            await lane.close()
        await self._pool.close()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresUnitOfWork]:
        """Open a transaction, committed when the context ends without an error.

        Raises OwnFault and commits nothing when a statement failed, even if the caller caught its error.
        """
        async with self._connection() as connection:
            unit = PostgresUnitOfWork(Alone(connection), self._at_rest, self._remembered)
            async with self._committing(connection, [(unit, None)]):
                yield unit
                _check_stored(connection)
                await unit.write_log()

    async def share(
        self, do: Callable[[PostgresUnitOfWork], Awaitable[T]], keys: frozenset[str] | None = frozenset()
    ) -> T:
        """Return what `do` returns, in a transaction that others who wait at the same time may share; it is committed.

        See engine.ports.Store.
        """
        return await self._lane.run(do, keys)

    def apart(self) -> "PostgresStore":
        """Return this store with shared transactions of its own: what is done there keeps nobody waiting here.

        It is closed with this one.
        """
        other = copy(self)
        other._lane = Lane(other._transact)
        self._lanes.append(other._lane)
        return other

    async def _transact(self, pieces: Sequence[tuple[Do, Context]]) -> list[Any]:
        """Run pieces of work in one transaction.

        Raises NotBegun where none of them has begun, InDoubt where they may be committed, anything else where not.
        """
        steps = Steps()
        try:
            async with self._connection() as connection:
                steps.begun = True
                return await self._transact_on(connection, pieces, steps)
        except SamvikError as error:
            if steps.begun and not steps.in_doubt:
                raise
            raise (InDoubt if steps.begun else NotBegun)(error) from error

    async def _transact_on(
        self, connection: Connection, pieces: Sequence[tuple[Do, Context]], steps: Steps
    ) -> list[Any]:
        shared = Shared(connection)
        parts = [shared.part() if len(pieces) > 1 else Alone(connection) for _ in pieces]
        units = [
            (PostgresUnitOfWork(part, self._at_rest, self._remembered), context)
            for part, (_, context) in zip(parts, pieces, strict=True)
        ]
        work = [
            (partial(_to_its_log, do, unit), context) for (do, context), (unit, _) in zip(pieces, units, strict=True)
        ]
        async with self._committing(connection, units, steps):
            return await shared.run(work)

    @asynccontextmanager
    async def _committing(
        self,
        connection: Connection,
        units: Sequence[tuple[PostgresUnitOfWork, Context | None]],
        steps: Steps | None = None,
    ) -> AsyncIterator[None]:
        """Commit what is done in this context, unless it raises; tell of what was logged."""
        steps = steps or Steps()
        try:
            async with connection.transaction():
                yield
                _check_stored(connection)
                changes = kill_hooks.are_on() and await _has_changes(connection)
                if changes:
                    _in_each(units, kill_hooks.before_commit)
                steps.asked = True
        except psycopg.Error:
            steps.in_doubt = steps.asked and connection.broken
            raise
        if changes:
            _in_each(units, kill_hooks.after_commit)
        for unit, context in units:
            self._tell(unit.logged, context or copy_context())
        if max(unit.largest for unit, _ in units) > LARGEST_KEPT_BYTES:
            await connection.close()

    def _tell(self, logged: Sequence[tuple[HerId, Event]], context: Context) -> None:
        """Tell who listens; it is committed, so that whatever fails in this fails nobody's work."""
        if self.hear is not None:
            with suppress(Exception):  # a log that cannot be written, mostly: there is nowhere to tell it
                for owner, event in logged:
                    context.run(self.hear, owner, event)

    @asynccontextmanager
    async def reading_as(self, owner: HerId) -> AsyncIterator[Looking]:
        """Open a read-only transaction that sees only the rows of one owner, whatever its statements ask for.

        It runs as the role samvik_web, and row-level security shows that role only `owner`'s rows (design.md 6).
        Raises OwnFault when `raise_fence` was never called on this database.
        """
        async with self._looking, self._connection() as connection, connection.transaction():
            await connection.execute(statement("begin_looking"))
            await fetch_all(connection, "look_as", {"owner": owner})
            yield Looking(connection, self._at_rest)

    async def raise_fence(self) -> None:
        """Make the database role of the pages, with the right to read what pages show. Any node may repeat this.

        Raises OwnFault, with the remedy, when the engine's database user may not make or use that role.
        """
        async with self._connection() as connection:
            await connection.execute(statement("raise_fence"))
        try:
            async with self.reading_as(OPERATOR) as looking:
                await looking.counts(OPERATOR, ())
        except OwnFault:
            raise OwnFault(DatabaseCode.NO_FENCE) from None

    def mailboxes(self) -> Mailboxes:
        """Return who empties which mailbox."""
        return Mailboxes(self._url, self._connection)

    def log_ins(self) -> LogIns:
        """Return the users of the pages, with their sessions."""
        return LogIns(self._connection)

    async def take_work(self, kinds: Sequence[WorkKind], now: datetime, most: int) -> list[Work]:
        """Lease due work, oldest first; the lease runs on the database's clock.

        A suspect (work that may have crashed a node) is leased alone, and only when it is the oldest.
        """
        asked = {"kinds": [kind.value for kind in kinds], "suspect_deaths": SUSPECT_DEATHS}
        return await self._leased("take_work", now=now, most=most, **asked)

    async def take_work_of(self, kind: WorkKind, now: datetime, windows: Mapping[str, int], most: int) -> list[Work]:
        """Lease due work of the partners in `windows`, oldest first; the value is the most pieces for that partner."""
        asked = {"partners": list(windows), "windows": list(windows.values())}
        return await self._leased("take_work_of", kind=kind.value, now=now, most=most, **asked)

    async def take_work_of_others(
        self, kind: WorkKind, now: datetime, closed: Collection[str], most: int
    ) -> list[Work]:
        """Lease one piece of due work for each partner that is not in `closed`; the longest waiting first."""
        return await self._leased("take_work_of_others", kind=kind.value, now=now, most=most, closed=list(closed))

    async def kept_of_strangers(self) -> Kept:
        """Return what is kept of mail that nobody vouched for, or has not vouched for yet, whoever it is for."""
        row = (await self._read("kept_of_strangers"))[0]
        return Kept(int(row["size"]), int(row["mails"]))

    async def return_expired_work(self) -> int:
        """Return the work of dead nodes to the queue, with one attempt more; return how many pieces."""
        async with self._connection() as connection:
            return (await connection.execute(statement("return_expired_work"))).rowcount

    async def add_registry_version(self, content: str, sha256: bytes, by: str, at: datetime) -> int:
        """Keep an imported version of the party register; return its number, higher than any before."""
        rows = await self._read("add_registry_version", content=content, sha256=sha256, by=by, at=at)
        number: int = rows[0]["id"]
        return number

    async def registry_versions(self, most: int = 50) -> list[RegistryVersion]:
        """Return the versions of the party register, newest first; the first is the one that counts."""
        return [registry_of(row) for row in await self._read("registry_versions", most=most)]

    async def list_clients(self) -> list[Client]:
        """Return every client, revoked ones too, by name; the newest of a name first."""
        return [client_of(self._at_rest, row) for row in await self._read("list_clients")]

    async def ensure_partitions(self, now: datetime) -> None:
        """Make the partitions of this month and the next three. Any node may call this at any time."""
        async with self._connection() as connection:
            await make_partitions(connection, now)

    async def listen(self, wake: Callable[[Queued], None]) -> None:
        """Call `wake` whenever work may have been queued, and after each lost connection, until cancelled."""
        await listen(self._url, wake)

    async def _leased(self, name: str, **values: object) -> list[Work]:
        rows = await self._read(name, lease_seconds=self._lease_seconds, **values)
        return sorted((work_of(row) for row in rows), key=lambda work: (work.due, work.subject))

    async def _read(self, name: str, **values: object) -> list[DictRow]:
        async with self._connection() as connection:
            return await fetch_all(connection, name, values)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        connection: Connection | None = None
        with database_faults(self._url):
            try:
                async with self._pool.connection() as connection:
                    yield connection
            except psycopg.OperationalError:
                # One that was cut is seldom alone, and each of the others would cost somebody a failure of their own.
                if connection is not None and connection.broken:
                    await self._pool.check()
                raise


def _check_stored(connection: Connection) -> None:
    """Raise OwnFault where a statement of this transaction failed, whoever has caught its error."""
    if connection.info.transaction_status is TransactionStatus.INERROR:
        raise OwnFault(DatabaseCode.NOT_STORED)


async def _to_its_log(do: Callable[[PostgresUnitOfWork], Awaitable[T]], unit: PostgresUnitOfWork) -> T:
    result = await charged(do(unit))
    await unit.write_log()
    return result


def _in_each(units: Sequence[tuple[PostgresUnitOfWork, Context | None]], hook: Callable[[], None]) -> None:
    """Call a hook for each piece of work, in its own context where it has one."""
    for _, context in units:
        hook() if context is None else context.run(hook)


async def _has_changes(connection: Connection) -> bool:
    return bool((await fetch_all(connection, "has_changes", {}))[0]["changes"])


async def _configure(connection: Connection) -> None:
    await connection.execute(statement("session_settings"))
