"""Migrations: applied once, in order, never changed; and the schema agrees with the engine's enums."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from itertools import count

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from adapters.postgres.embedded import EmbeddedPostgres
from adapters.store.migrate import Migration, known_migrations, migrate
from adapters.store.queries import names, parse, statement
from engine.errors import OwnFault, SamvikError, Unavailable
from engine.records.messages import ClaimKind, Kind
from engine.records.work import WorkKind
from engine.states.apprec import ApprecState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

_NUMBERS = count(1)
FIRST = Migration("0001_a.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);")
SECOND = Migration("0002_c.sql", "CREATE TABLE c (id int);")


@pytest.fixture
def empty_url(pg_server: EmbeddedPostgres) -> Iterator[str]:
    """Give the URL of a database without any table."""
    name = f"empty_{next(_NUMBERS)}"
    pg_server.create_database(name)
    yield pg_server.url(name)
    pg_server.drop_database(name)


def test_migrations_are_applied_once(empty_url: str) -> None:
    """Every known migration is applied in order the first time, and none the second."""
    assert migrate(empty_url) == [migration.name for migration in known_migrations()]
    assert migrate(empty_url) == []


def test_programs_that_start_together_migrate_once(empty_url: str) -> None:
    """Of several programs that migrate at the same moment one does it and the others find it done."""
    with ThreadPoolExecutor(4) as threads:
        applied = list(threads.map(migrate, [empty_url] * 4))
    assert sorted(map(len, applied)) == [0, 0, 0, len(known_migrations())]


def test_a_failed_migration_leaves_nothing(empty_url: str) -> None:
    """A file that fails half way is rolled back whole, and what came before it stays."""
    broken = Migration("0002_c.sql", "CREATE TABLE c (id int); SELECT 1 / 0;")
    with pytest.raises(OwnFault):
        migrate(empty_url, [FIRST, broken])
    assert migrate(empty_url, [FIRST, SECOND]) == ["0002_c.sql"]


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ([Migration(FIRST.name, FIRST.text + " "), SECOND], r"database\.migration_changed"),
        ([FIRST], r"database\.newer"),
        ([FIRST, Migration("0001_b.sql", "SELECT 1;"), SECOND], r"database\.migration_too_old"),
    ],
)
def test_a_history_that_differs_is_refused(empty_url: str, later: list[Migration], told: str) -> None:
    """A changed file, a database newer than the code, and a file put in before the last one are refused."""
    migrate(empty_url, [FIRST, SECOND])
    with pytest.raises(OwnFault, match=told):
        migrate(empty_url, later)


@pytest.mark.parametrize(
    ("name", "port", "kind"), [("missing", "", OwnFault), ("postgres", "1", Unavailable)], ids=["lasting", "passing"]
)
def test_a_database_that_is_not_there_is_told(
    pg_server: EmbeddedPostgres, name: str, port: str, kind: type[SamvikError]
) -> None:
    """What lasts is our fault, what may pass is waited for; neither repeats the URL and its password."""
    url = make_conninfo(pg_server.url(name), **({"port": port} if port else {}))
    with pytest.raises(kind) as caught:
        migrate(url)
    assert "samvik:" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("constraint", "enum"),
    [
        ("inbound_state", InboundState),
        ("inbound_kind", Kind),
        ("inbound_apprec", ApprecState),
        ("outbound_state", DeliveryState),
        ("outbound_kind", Kind),
        ("ledger_kind", ClaimKind),
        ("work_kind", WorkKind),
    ],
)
def test_check_lists_equal_the_enums(pg_url: str, constraint: str, enum: type[StrEnum]) -> None:
    """Each list of allowed values in the schema is the list of the engine's enum, no more and no less."""
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s AND coninhcount = 0"
    with psycopg.connect(pg_url) as connection:
        rows = connection.execute(query, [constraint]).fetchall()
    assert len(rows) == 1
    assert set(re.findall(r"'([^']+)'::text", rows[0][0])) == {str(member) for member in enum}


def test_every_hot_table_carries_its_owner(pg_url: str) -> None:
    """Each table but the few that belong to no party has an owner column that is never empty."""
    without = {"migration", "refusal", "registry_version", "restoration", "seal", "dropped_month", "web_attempt"}
    without |= {"key_check", "anchor_file"}  # the keys and the log are the engine's
    without |= {"mailbox", "mailbox_mail"}  # what lies in a mailbox is nobody's before it has been read
    query = """
        SELECT relname, bool_or(attname = 'owner' AND attnotnull) FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') GROUP BY relname"""
    with psycopg.connect(pg_url) as connection:
        found = dict(connection.execute(query).fetchall())
    assert {name for name, owned in found.items() if not owned} == without


async def test_every_named_statement_is_accepted_by_the_server(pg_url: str) -> None:
    """Every block of SQL parses and names only what exists, whether a test runs it or not."""
    async with await psycopg.AsyncConnection.connect(pg_url, autocommit=True) as connection:
        for name in names():
            text = re.sub(r"%\((\w+)\)[bs]", "NULL", statement(name).decode())
            if text.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                await connection.execute(f"EXPLAIN {text}".encode())


@pytest.mark.parametrize(
    "text",
    ["-- name: a\nSELECT 1;", "-- name: a\n-- What.\n", "-- name: a\n-- A.\nSELECT 1;\n-- name: a\n-- A.\nSELECT 2;"],
)
def test_a_block_without_words_or_twice_is_refused(text: str) -> None:
    """A named statement has a description and a body, and its name once."""
    with pytest.raises(ValueError, match="block a"):
        parse(text)


def test_a_fragment_is_put_wherever_it_is_named() -> None:
    """The columns of a table are listed once; a fragment is no statement, and must be there."""
    text = "-- fragment: columns\n-- A row.\na, b\n-- name: one\n-- One.\nSELECT {columns} FROM t;\n"
    assert parse(text) == {"one": b"SELECT a, b FROM t;"}
    with pytest.raises(ValueError, match="block one names fragments"):
        parse("-- name: one\n-- One.\nSELECT {columns} FROM t;")
    with pytest.raises(ValueError, match="block columns comes twice"):
        parse(text + "-- fragment: columns\n-- Again.\na\n")
