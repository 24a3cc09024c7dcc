"""Case numbers in the database: counted on from before, and unique to an enterprise whatever anybody does."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from adapters.postgres.embedded import EmbeddedPostgres
from adapters.store.migrate import known_migrations, migrate
from adapters.store.queries import statement

NEW = "0006_case_numbers.sql"
ADD = """
    INSERT INTO case_file (id, owner, number, kind, reporting, ours, theirs, state, opened_at, deadline, leg,
                           partner_number, reason, content)
    VALUES (%(id)s, %(owner)s, %(number)s, %(kind)s, true, '1', '2', 'KLADD', now(), now(), 1, '', '', '')"""
COUNT = """
    INSERT INTO case_counter (owner, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (owner, year) DO UPDATE SET last = case_counter.last + 1 RETURNING last"""


def row(place: int, owner: str, number: str, kind: str = "AVVIK") -> dict[str, object]:
    """Return the columns of a case that matter here."""
    return {"id": UUID(int=place), "owner": owner, "number": number, "kind": kind}


@pytest.fixture
def older(pg_server: EmbeddedPostgres) -> Iterator[str]:
    """Give the URL of a database as it was before enterprises counted their own cases."""
    pg_server.create_database("older_numbers")
    url = pg_server.url("older_numbers")
    migrate(url, [found for found in known_migrations() if found.name < NEW])
    yield url
    pg_server.drop_database("older_numbers")


def test_numbers_go_on_from_what_an_older_engine_gave(older: str) -> None:
    """Each enterprise counts on from its own highest number of each year; a number of another shape counts nothing."""
    with psycopg.connect(older) as connection:
        given = [("100", "AVVIK-2026-000007"), ("100", "AVVIK-2026-000003"), ("200", "AVVIK-2026-000009")]
        given += [("100", "AVVIK-2025-000041"), ("100", "AVVIK-2026-99999999999"), ("300", "DEMO-001")]
        for place, (owner, number) in enumerate(given):
            connection.execute(ADD, row(place, owner, number))
    assert migrate(older)[-1] >= NEW
    with psycopg.connect(older) as connection:
        asked = [("100", 2026), ("100", 2025), ("200", 2026), ("300", 2026), ("100", 2027)]
        following = [connection.execute(COUNT, each).fetchone() for each in asked]
    assert following == [(8,), (42,), (10,), (1,), (1,)]


def test_older_cases_keep_what_their_kind_says(older: str) -> None:
    """What an older engine took for information gets no clock; no case counts as confirmed."""
    with psycopg.connect(older) as connection:
        for place, kind in enumerate(("AVVIK", "AVVIK_ORIENTERING", "RAABRA", "FORBEDRINGSFORSLAG")):
            connection.execute(ADD, row(place, "100", f"AVVIK-2026-{place}", kind))
    migrate(older)
    with psycopg.connect(older) as connection:
        found = connection.execute("SELECT for_information, confirmed_at FROM case_file ORDER BY id").fetchall()
    assert found == [(False, None), (True, None), (True, None), (False, None)]


def test_an_enterprise_has_a_number_once(pg_url: str) -> None:
    """The database itself refuses a second case of the same number, and lets another enterprise have it."""
    with psycopg.connect(pg_url, autocommit=True) as connection:
        connection.execute(ADD, row(1, "100", "AVVIK-2026-000001"))
        connection.execute(ADD, row(2, "200", "AVVIK-2026-000001"))
        with pytest.raises(UniqueViolation):
            connection.execute(ADD, row(3, "100", "AVVIK-2026-000001"))


def test_a_case_is_looked_up_by_an_index(pg_url: str) -> None:
    """Among twenty thousand cases of an enterprise, number and own id are found by their unique keys."""
    many = ADD.replace(
        "VALUES (%(id)s, %(owner)s, %(number)s, %(kind)s,", "SELECT gen_random_uuid(), '100', n::text, '',"
    )
    with psycopg.connect(pg_url, autocommit=True) as connection:
        connection.execute(f"{many.rstrip().removesuffix(')')} FROM generate_series(1, 20000) AS n")
        connection.execute("ANALYZE case_file")
        asked = {"owner": "100", "number": "17", "id": UUID(int=1)}
        plan = connection.execute(b"EXPLAIN " + statement("case_by_number"), asked).fetchall()
    told = " ".join(line for (line,) in plan)
    assert "case_file_owner_number_key" in told
    assert "case_file_pkey" in told
