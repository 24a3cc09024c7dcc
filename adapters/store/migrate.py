"""Bringing a database up to the code: numbered SQL files, forward only, each applied once in a transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import psycopg

from adapters.store.faults import database_faults
from adapters.store.queries import statement
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault


@dataclass(frozen=True, slots=True)
class Migration:
    """One file under `schemas/sql/`."""

    name: str
    text: str

    @property
    def sha256(self) -> bytes:
        """The digest that shows later whether the file has changed."""
        return hashlib.sha256(self.text.encode()).digest()


def known_migrations() -> list[Migration]:
    """Return the migrations that this version of the code brings, in order."""
    folder = resources.files("schemas") / "sql"
    files = (file for file in folder.iterdir() if file.name.endswith(".sql"))
    return sorted((Migration(file.name, file.read_text("utf-8")) for file in files), key=lambda found: found.name)


def migrate(url: str, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Apply the migrations that the database lacks and return their names; several callers wait for one another.

    Raises OwnFault when an applied file has changed since, or the database knows one that the code does not;
    Unavailable when the database cannot be reached.
    """
    wanted = known_migrations() if migrations is None else migrations
    with database_faults(url), psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement("lock_migrations"))
        connection.execute(statement("make_migration_table"))
        applied: dict[str, bytes] = dict(connection.execute(statement("applied_migrations")).fetchall())
        _check(applied, wanted)
        missing = [migration for migration in wanted if migration.name not in applied]
        for migration in missing:
            _apply(connection, migration)
        return [migration.name for migration in missing]


def require_schema(url: str) -> None:
    """Raise OwnFault, with the remedy, where the database has not the schema of this program; change nothing.

    Raises Unavailable when the database cannot be reached.
    """
    standing = schema_standing(url)
    if standing.is_empty:
        raise OwnFault(DatabaseCode.EMPTY)
    if standing.missing:
        raise OwnFault(DatabaseCode.BEHIND, number=len(standing.missing), migration=standing.missing[0])


@dataclass(frozen=True, slots=True)
class SchemaStanding:
    """How a database stands to this program: whether nothing was ever applied, and what it lacks."""

    is_empty: bool
    missing: tuple[str, ...]


def schema_standing(url: str, migrations: Sequence[Migration] | None = None) -> SchemaStanding:
    """Return how a database stands to the migrations. Raises OwnFault as `migrate` does, Unavailable likewise."""
    wanted = known_migrations() if migrations is None else migrations
    with database_faults(url), psycopg.connect(url, autocommit=True) as connection:
        applied: dict[str, bytes] = {}
        if connection.execute(statement("has_migration_table")).fetchone() != (None,):
            applied = dict(connection.execute(statement("applied_migrations")).fetchall())
    _check(applied, wanted)
    return SchemaStanding(not applied, tuple(each.name for each in wanted if each.name not in applied))


def _check(applied: dict[str, bytes], wanted: Sequence[Migration]) -> None:
    names = [migration.name for migration in wanted]
    if unknown := sorted(set(applied) - set(names)):
        raise OwnFault(DatabaseCode.NEWER, migration=unknown[0])
    for migration in wanted:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise OwnFault(DatabaseCode.MIGRATION_CHANGED, migration=migration.name)
    if applied and any(name not in applied and name < max(applied) for name in names):
        raise OwnFault(DatabaseCode.MIGRATION_TOO_OLD, migration=max(applied))


def _apply(connection: psycopg.Connection[tuple[str, bytes]], migration: Migration) -> None:
    with connection.transaction():
        connection.execute(migration.text.encode())
        connection.execute(statement("record_migration"), {"name": migration.name, "sha256": migration.sha256})
