"""What is found out about a real database, and which of it stops a node."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from adapters.checking.database import facts_of
from adapters.machine.clocks import SystemClock
from adapters.machine.ports import free_port
from adapters.postgres.embedded import EmbeddedPostgres
from engine.codes.premise import PremiseCode
from engine.operations.premises import Weight, of_clock, of_database

_NUMBERS = count(1)


class Ahead:
    """A clock that is ahead of the right time."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        """Return a time that is off."""
        return datetime.now(UTC) + self._by


@pytest.fixture
def made(pg_server: EmbeddedPostgres) -> Iterator[Callable[[str], str]]:
    """Make databases by the words of CREATE DATABASE, and drop them afterwards."""
    names: list[str] = []

    def make(words: str) -> str:
        names.append(f"premise_{next(_NUMBERS)}")
        with psycopg.connect(pg_server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {names[-1]} TEMPLATE template0 {words}".encode())
        return pg_server.url(names[-1])

    yield make
    for name in names:
        pg_server.drop_database(name)


async def codes(url: str) -> dict[str, Weight]:
    """Return what is said of a database in production, with its weight."""
    facts, _ = await facts_of(url, SystemClock())
    return {each.said.code: each.weight for each in of_database(facts, production=True)}


async def test_a_good_database_holds(pg_url: str) -> None:
    """The database of the tests is good but for its speed: it need not survive a power cut, and we own the server."""
    assert await codes(pg_url) == {PremiseCode.NOT_DURABLE: Weight.STOP, PremiseCode.SUPERUSER: Weight.NOTE}


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
async def test_another_encoding_stops(made: Callable[[str], str], encoding: str) -> None:
    """A database that cannot hold every letter is refused before anything is stored in it (C3)."""
    url = made(f"ENCODING '{encoding}' LOCALE 'C'")
    assert (await codes(url))[PremiseCode.ENCODING] is Weight.STOP


@pytest.mark.parametrize(
    ("setting", "code", "weight"),
    [
        ("default_transaction_read_only = on", PremiseCode.READ_ONLY, Weight.STOP),
        ("idle_session_timeout = '5min'", PremiseCode.TIMEOUT, Weight.NOTE),
    ],
)
async def test_settings_that_break_something_are_told(
    made: Callable[[str], str], setting: str, code: PremiseCode, weight: Weight
) -> None:
    """What the administrator set for the database, and what it does to us."""
    url = made("ENCODING 'UTF8' LOCALE 'C'")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {conninfo_to_dict(url)['dbname']} SET {setting}".encode())
    assert (await codes(url))[code] is weight


async def test_a_role_that_may_make_no_tables_stops(made: Callable[[str], str]) -> None:
    """Tables for a month are made while nodes run: without the right to, mail would come to a halt."""
    url = made("ENCODING 'UTF8' LOCALE 'C'")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(b"REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.execute(b"CREATE ROLE guest LOGIN PASSWORD 'guest'")
    try:
        found = await codes(psycopg.conninfo.make_conninfo(url, user="guest", password="guest"))
        assert found[PremiseCode.MAY_NOT_CREATE] is Weight.STOP
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(b"DROP ROLE guest")


@pytest.mark.parametrize(
    ("seconds", "weight"), [(0, Weight.HOLDS), (-30, Weight.NOTE), (7_200, Weight.STOP), (-90, Weight.STOP)]
)
async def test_a_clock_that_is_off_stops(pg_url: str, seconds: int, weight: Weight) -> None:
    """The clock here is compared with the database's; over a minute is too much, either way (E9)."""
    _, ahead = await facts_of(pg_url, Ahead(timedelta(seconds=seconds)))
    assert abs(ahead.total_seconds() - seconds) < 5
    assert of_clock(ahead).weight is weight


@pytest.mark.parametrize(("mode", "stops"), [("transaction", True), ("session", False)])
async def test_a_pooler_that_changes_sessions_stops(pg_url: str, tmp_path: Path, mode: str, stops: bool) -> None:
    """A real PgBouncer is found out in transaction mode, and let be in session mode (C3)."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    if not Path(program).exists():
        pytest.skip("pgbouncer is not installed")
    with pooler(pg_url, tmp_path, mode, program) as url:
        assert (PremiseCode.POOLER in await codes(url)) is stops


class pooler:
    """A running PgBouncer in front of a database."""

    def __init__(self, url: str, folder: Path, mode: str, program: str) -> None:
        there = conninfo_to_dict(url)
        self._port = free_port()
        (folder / "users").write_text(f'"{there["user"]}" "{there["password"]}"\n', "utf-8")
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\n{there['dbname']} = host={there['host']} port={there['port']}\n[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {self._port}\nauth_type = plain\nauth_file = {folder}/users\n"
            f"pool_mode = {mode}\nunix_socket_dir =\nignore_startup_parameters = extra_float_digits\n",
            "utf-8",
        )
        self._url = f"postgresql://{there['user']}:{there['password']}@127.0.0.1:{self._port}/{there['dbname']}"
        self._words, self._folder = [program, str(folder / "pgbouncer.ini")], folder

    def __enter__(self) -> str:
        how = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        if how:
            for each in (self._folder, *self._folder.parents):
                if each.stat().st_uid == os.geteuid() and str(each).startswith("/tmp/"):
                    each.chmod(each.stat().st_mode | 0o011)
            (self._folder / "users").chmod(0o644)
        self._process = subprocess.Popen(self._words, stderr=subprocess.PIPE, text=True, **how)
        assert self._process.stderr is not None
        said = []
        for line in self._process.stderr:
            said.append(line)
            if "process up" in line:
                return self._url
        raise AssertionError("".join(said))

    def __exit__(self, *_error: object) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=20)
