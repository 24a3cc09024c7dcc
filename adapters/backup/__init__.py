"""Backup and restore of the database: one file, sealed under the key ring, restored in one transaction.

The key ring, the configuration, the keys and `seals.log` are files of the owner's and no part of it. A restore holds
all sending in the very commit that brings the rows back (engine.operations.restore).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from psycopg import IsolationLevel

from adapters.backup.sealed_file import SealedReader, SealedWriter
from adapters.backup.tables import Header, Say, read_header, read_tables, skip_tables, write_tables
from adapters.keys.at_rest import AtRest
from adapters.machine.system import RandomIds
from adapters.sealing.event_log import EventLog
from adapters.store.migrate import known_migrations
from adapters.store.own_connection import own_connection
from adapters.store.partners import Remembered
from adapters.store.postgres import PostgresUnitOfWork
from adapters.store.queries import statement
from adapters.store.session import Alone, Connection, fetch_all
from engine.codes.backup import BackupCode
from engine.commit.ports import Ports
from engine.errors import OwnFault, Refused
from engine.operations.restore import settle_restored
from engine.ports import Clock
from engine.records.versions import Restoration


@dataclass(frozen=True, slots=True)
class Site:
    """The engine that a backup is of or goes to: its database, key ring and event log, and what it is called.

    `ports_of` makes the surroundings of decisions from the text of the party register.
    """

    url: str
    at_rest: AtRest
    log: EventLog
    environment: str
    parties: tuple[str, ...]
    ports_of: Callable[[str], Ports]
    clock: Clock


async def back_up(site: Site, path: Path, say: Say) -> Header:
    """Write all that one snapshot of the database holds to a new file; nodes may run meanwhile.

    Raises OwnFault where the file exists or cannot be written, Unavailable where the database does not answer.
    """
    async with own_connection(site.url, "backup") as connection:
        await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        with SealedWriter(path, site.at_rest, RandomIds().new()) as file:
            async with connection.transaction():
                # The snapshot is taken by the first statement, so nothing that it holds is later than this.
                about = {"made_at": site.clock.now().isoformat(), **_named(site)}
                return await write_tables(connection, file, about, say)


def check(path: Path, at_rest: AtRest) -> tuple[Header, int]:
    """Read a whole backup; return what it says of itself, and the bytes of its rows. Raises OwnFault."""
    with SealedReader(path, at_rest) as file:
        header = read_header(file)
        size = skip_tables(file, header)
        _check_end(file)
        return header, size


async def restore(site: Site, path: Path, by: str, say: Say, *, replace: bool) -> tuple[Restoration, int]:
    """Replace the whole database by a backup and hold all sending; return that, and how many messages are in doubt.

    Raises Refused where the database is in use, or holds something and `replace` is not set; OwnFault where the file
    is no whole backup of this engine. Nothing has then changed.
    """
    with SealedReader(path, site.at_rest) as file:
        header = read_header(file)
        _check_header(site, header)
        async with own_connection(site.url, "backup") as connection, connection.transaction():
            await _check_target(connection, replace=replace)
            await read_tables(connection, file, header, say)
            _check_end(file)
            made_at = datetime.fromisoformat(header.made_at).astimezone(UTC)
            restoration = Restoration(RandomIds().new(), made_at, site.clock.now(), by)
            return restoration, await _settle(site, connection, restoration)


async def _settle(site: Site, connection: Connection, restoration: Restoration) -> int:
    """Do what follows from a restore in its own transaction, by the register that came with it."""
    await connection.execute(statement("forget_leases"))
    versions = await fetch_all(connection, "registry_versions", {"most": 1})
    if not versions:
        raise OwnFault(BackupCode.NO_REGISTER)
    unit = PostgresUnitOfWork(Alone(connection), site.at_rest, Remembered())
    in_doubt = await settle_restored(unit, site.ports_of(versions[0]["content"]), restoration)
    await unit.write_log()
    await site.log.note_restore(connection, restoration)
    return in_doubt


def _check_header(site: Site, header: Header) -> None:
    if header.migrations != [migration.name for migration in known_migrations()]:
        raise OwnFault(BackupCode.OTHER_VERSION, migration=header.migrations[-1])
    here = _named(site)
    if (header.environment, header.parties) != (here["environment"], here["parties"]):
        raise OwnFault(BackupCode.OTHER_ENGINE, environment=header.environment, parties=header.parties)


def _check_end(file: SealedReader) -> None:
    if file.read(1):
        raise OwnFault(BackupCode.GOES_ON)


async def _check_target(connection: Connection, *, replace: bool) -> None:
    await connection.execute(statement("lock_migrations"))
    (others,) = await fetch_all(connection, "others_connected", {})
    if others["number"]:
        raise Refused(BackupCode.IN_USE)
    if not replace and await fetch_all(connection, "registry_versions", {"most": 1}):
        raise Refused(BackupCode.NOT_EMPTY)


def _named(site: Site) -> dict[str, object]:
    return {"environment": site.environment, "parties": sorted(site.parties)}
