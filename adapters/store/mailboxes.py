"""Mailboxes: which of their mails are stored, in a transaction; and which node empties one now."""

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
        """Remember a mail; return what stood under its key before. Raises Unavailable should the row come and go."""
        for _ in range(_TRIES):
            if await self._one("claim_collected", **asdict(mail)):
                return None
            if held := await self._one("collected", mailbox=mail.mailbox, validity=mail.validity, uid=mail.uid):
                return CollectedMail(**held)
        raise Unavailable(DatabaseCode.UNDECIDED)

    async def replace_collected(self, mail: CollectedMail) -> None:
        """Write what stands under a key anew."""
        await self._count("replace_collected", asdict(mail))

    async def renumbered(self, mail: CollectedMail) -> UUID | None:
        """Return the stored mail of the same content that waited for its delete under another validity."""
        row = await self._one("renumbered", **asdict(mail))
        inbound: UUID | None = row["inbound"] if row else None
        return inbound

    async def waiting_for_delete(self, mailbox: str, validity: str) -> list[str]:
        """Return the uids that are stored and not known to be deleted."""
        return [row["uid"] for row in await self._all("waiting_for_delete", mailbox=mailbox, validity=validity)]

    async def mark_deleted(self, mailbox: str, validity: str, uids: Sequence[str], at: datetime) -> None:
        """Note that these mails are gone from the mailbox."""
        values = {"mailbox": mailbox, "validity": validity, "uids": list(uids), "at": at}
        await self._count("mark_deleted", values)


class Hold:
    """A session of the database that holds a mailbox for this node, until it ends or says nothing for too long."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def beat(self) -> None:
        """Give a sign of life. Raises Unavailable where the hold is lost, as far as can be known."""
        with database_faults():
            await self._connection.execute(b"SELECT 1")


class Mailboxes:
    """Who empties which mailbox, and since when that fails. Every method raises as PostgresStore's do."""

    def __init__(self, url: str, connection: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
        self._url = url
        self._connection = connection

    @asynccontextmanager
    async def held(self, name: str, silence_seconds: float) -> AsyncIterator[Hold | None]:
        """Hold a mailbox while the context lasts; None where another node holds it.

        A node that died loses it at once, one that is silent for `silence_seconds` then.
        """
        async with AsyncExitStack() as closing:
            with database_faults():
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
        """Note that a mailbox could not be emptied; return since when that is so."""
        rows = await self._run("mailbox_failed", name=name, at=at)
        since: datetime = rows[0]["failing_since"]
        return since

    async def emptied(self, name: str) -> bool:
        """Note that a mailbox was emptied; say whether it had failed before."""
        return bool(await self._run("mailbox_emptied", name=name))

    async def _run(self, statement_name: str, **values: object) -> list[DictRow]:
        async with self._connection() as connection:
            return await fetch_all(connection, statement_name, values)
