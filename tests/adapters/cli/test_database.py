"""What commands say of a database that cannot be used, and who may change its schema."""

from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from adapters.postgres.embedded import EmbeddedPostgres
from adapters.store.migrate import known_migrations, migrate
from tests.fakes.engines.project import Project

SECRET = "hemmelig-passord"
BAD = (
    ({"password": SECRET}, "the log-in was refused"),
    ({"user": "nobody-here", "password": SECRET}, "the log-in was refused"),
    ({"dbname": "missing"}, "there is no such database"),
    ({"host": "127.0.0.1", "port": "1"}, "nobody takes connections there"),
    ({"host": "/nowhere"}, "nobody takes connections there"),
    ({"host": "no-such-host.invalid"}, "the host has no address"),
)


@pytest.mark.parametrize(("changed", "reason"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_a_database_that_lets_nobody_in_is_told_by_place_and_reason(
    tmp_path: Path, pg_url: str, changed: dict[str, str], reason: str
) -> None:
    """Host, port, name, reason, key and remedy stand in one sentence, and never the password."""
    url = make_conninfo(pg_url, **changed)
    told = Project(tmp_path / "motor", url).samvik("messages").sentence
    place = conninfo_to_dict(url)
    assert f"The database {place['dbname']} on {place['host']}, port {place['port']} (database.url)" in told
    assert reason in told
    assert SECRET not in told
    assert str(conninfo_to_dict(pg_url)["password"]) not in told


@pytest.mark.parametrize("url", ["postgresql://samvik:hemme@lig@db/samvik", "mysql://db/samvik", "postgresql://db:x/s"])
def test_a_url_that_is_none_is_told_without_repeating_it(tmp_path: Path, url: str) -> None:
    """A password with a sign in it that belongs to the URL is not printed."""
    told = Project(tmp_path / "motor", url).samvik("messages").sentence
    assert "database.url" in told
    assert "hemme" not in told
    assert "mysql" not in told


@pytest.fixture
def empty_url(pg_server: EmbeddedPostgres) -> str:
    """Give the URL of a database without a table."""
    pg_server.create_database("empty")
    try:
        yield pg_server.url("empty")
    finally:
        pg_server.drop_database("empty")


READING = (("messages",), ("parties", "show"), ("backup", "file"), ("log", "verify"))


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_only_migrate_changes_the_schema(tmp_path: Path, empty_url: str, words: tuple[str, ...]) -> None:
    """Another command leaves an empty database empty, and says what to do."""
    project = Project(tmp_path / "motor", empty_url)
    told = project.samvik(*words)
    assert told.code == 2
    assert "Run samvik migrate first" in told.sentence
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@pytest.mark.parametrize("words", [*READING, ("run",)], ids=lambda words: words[0])
def test_an_older_schema_is_told_and_left_as_it_is(tmp_path: Path, empty_url: str, words: tuple[str, ...]) -> None:
    """A database of an earlier version is migrated by `samvik migrate` alone: `run` refuses too."""
    migrate(empty_url, known_migrations()[:-1])
    project = Project(tmp_path / "motor", empty_url)
    told = project.process(*words)
    assert told.code == 2
    assert "lacks 1 migrations" in told.sentence
    assert project.samvik("migrate").out.split() == [known_migrations()[-1].name]
    assert project.samvik("messages").code != 0  # no register yet, but no word of migrations
