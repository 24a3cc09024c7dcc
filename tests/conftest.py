"""Fixtures that several suites share."""

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from adapters.keys import files, pki
from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres, temporary_embedded
from adapters.registry.parties_file import read_enterprises
from adapters.store.migrate import migrate
from adapters.store.postgres import PostgresStore
from tests.fakes.store.memory import MemoryStore
from tests.fakes.world.surroundings import PROJECT

pytest_plugins = ["tests.official"]

_NUMBERS = count(1)
_TEMPLATE = "samvik_template"
_ROOM_BYTES = 2 * 1024**3


# Machines are shared: a property is judged by what it finds, never by how long it took to draw or to check.
settings.register_profile("samvik", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("samvik")

# A node of a test logs while a command of the same process writes: what a command writes holds no lines of a node.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))


@pytest.fixture(scope="session")
def pg_server() -> Iterator[EmbeddedPostgres]:
    """Run one embedded server for the session, with a migrated database to copy."""
    with temporary_embedded(_memory_folder()) as server:
        server.create_database(_TEMPLATE)
        migrate(server.url(_TEMPLATE))
        yield server
    assert not Path(f"/proc/{server.pid}").exists(), "a server was left behind"


@pytest.fixture
def pg_url(pg_server: EmbeddedPostgres) -> Iterator[str]:
    """Give the URL of a fresh migrated database, dropped after the test."""
    name = f"test_{next(_NUMBERS)}"
    pg_server.create_database(name, template=_TEMPLATE)
    yield pg_server.url(name)
    pg_server.drop_database(name)


@pytest.fixture(scope="session")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> AtRest:
    """Give a key ring for content at rest."""
    path: Path = tmp_path_factory.mktemp("keys") / "at-rest.json"
    return AtRest.create(path)


@pytest.fixture(scope="session", autouse=True)
def keys_are_proved_once() -> Iterator[None]:
    """Load a key a second time as it was the first: that its primes are primes takes a twentieth of a second to see."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(files, "load_pem_private_key", cache(files.load_pem_private_key))
        yield


@pytest.fixture(autouse=True)
def logs_are_set_up_as_before() -> Iterator[None]:
    """Leave no test what another made of the log: commands that run in this process set it up for themselves."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
async def real(pg_url: str, at_rest: AtRest) -> AsyncIterator[PostgresStore]:
    """Give an open store on PostgreSQL."""
    store = PostgresStore(pg_url, at_rest)
    await store.open()
    yield store
    await store.close()


@pytest.fixture(params=["fake", "postgres"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[MemoryStore | PostgresStore]:
    """Give an open store: the fake, then the real one."""
    if request.param == "fake":
        yield MemoryStore()
        return
    opened = PostgresStore(request.getfixturevalue("pg_url"), request.getfixturevalue("at_rest"))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def quick_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what `pki init` makes for the demo's register, with keys that are short and quick to load."""
    folder = tmp_path_factory.mktemp("pki") / "pki"
    enterprises = read_enterprises(PROJECT / "config" / "demo" / "parties.toml")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pki, "TestAuthority", partial(pki.TestAuthority, key_bits=2048))
        pki.make_pki(folder, enterprises, datetime.now(UTC))
    return folder


def _memory_folder() -> Path | None:
    """Return a folder in memory where there is room: a database there is copied many times faster than on disk."""
    folder = Path("/dev/shm")
    roomy = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM_BYTES
    return folder if roomy else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let no skipped test pass unnoticed in CI."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
