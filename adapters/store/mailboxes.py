"""Mailboxes: which of their mails are stored (in a transaction), and which node empties each."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from adapters.store.faults import database_faults
from adapters.store.session import Connection, Session, fetch_all
from engine.codes.database import DatabaseCode
from engine.errors import Unavailable
from engine.records.messages import CollectedMail

_TRIES = 3
_CONNECT_SECONDS = 10


class MailboxRows(Session):
    """The part of a unit of work that is about mail in mailboxes (engine.ports.UnitOfWork)."""

    async def claim_collected(self, mail: CollectedMail) -> CollectedMail | None:
        """Store the key of a mail and return None, or return the row that has the key already.

        Raises Unavailable when that row is removed again and again."""
        for _ in range(_TRIES):
            if await self._one("claim_collected", **asdict(mail)):
                return None
            if held := await self._one("collected", mailbox=mail.mailbox, validity=mail.validity, uid=mail.uid):
                return CollectedMail(**held)
        raise Unavailable(DatabaseCode.UNDECIDED)

    async def replace_collected(self, mail: CollectedMail) -> None:
        """Replace the row of a key."""
        await self._count("replace_collected", asdict(mail))

    async def renumbered(self, mail: CollectedMail) -> UUID | None:
        """Return a stored mail with the same content under another UIDVALIDITY, and note that one as deleted."""
        row = await self._one("renumbered", **asdict(mail))
        inbound: UUID | None = row["inbound"] if row else None
        return inbound

    async def waiting_for_delete(self, mailbox: str, validity: str) -> list[str]:
        """Return the uids of stored mails that may still be in the mailbox."""
        return [row["uid"] for row in await self._all("waiting_for_delete", mailbox=mailbox, validity=validity)]

    async def mark_deleted(self, mailbox: str, validity: str, uids: Sequence[str], at: datetime) -> None:
        """Note that these mails are gone from the mailbox."""
        values = {"mailbox": mailbox, "validity": validity, "uids": list(uids), "at": at}
        await self._count("mark_deleted", values)


class Hold:
    """A database session that reserves a mailbox for this node. The reservation ends with the session, or when the node
    gives no sign of life for too long."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def beat(self) -> None:
        """Give a sign of life. Raises Unavailable when the reservation is lost, or nobody can tell."""
        with database_faults():
            await self._connection.execute(b"SELECT 1")


class Mailboxes:
    """Which node empties which mailbox, and since when that fails. Raises what PostgresStore raises."""

    def __init__(self, url: str, connection: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
        self._url = url
        self._connection = connection

    @asynccontextmanager
    async def held(self, name: str, silence_seconds: float) -> AsyncIterator[Hold | None]:
        """Reserve a mailbox while the context lasts; None when another node has it.

        A node that dies loses its reservation at once; a node that hangs loses it after `silence_seconds`.
        """
        async with AsyncExitStack() as closing:
            with database_faults(self._url):
                opening = AsyncConnection[DictRow].connect(
                    self._url,
                    autocommit=True,
                    row_factory=dict_row,
                    application_name="samvik-mailbox",
                    connect_timeout=_CONNECT_SECONDS,
                )
                session = await closing.enter_async_context(await opening)
                await fetch_all(session, "holding_settings", {"milliseconds": round(silence_seconds * 1_000)})
                rows = await fetch_all(session, "hold_mailbox", {"name": name})
            yield Hold(session) if rows[0]["held"] else None

    async def failed(self, name: str, at: datetime) -> datetime:
        """Note that a mailbox could not be emptied; return since when it has failed."""
        rows = await self._run("mailbox_failed", name=name, at=at)
        since: datetime = rows[0]["failing_since"]
        return since

    async def emptied(self, name: str) -> bool:
        """Note that a mailbox was emptied; say whether it had failed before."""
        return bool(await self._run("mailbox_emptied", name=name))

    async def _run(self, statement_name: str, **values: object) -> list[DictRow]:
        async with self._connection() as connection:
            return await fetch_all(connection, statement_name, values)
