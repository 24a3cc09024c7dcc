"""What only the PostgreSQL store does: faults, months, hostile text, and staying awake."""

import asyncio
import logging
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres
from adapters.store.faults import database_faults
from adapters.store.partitions import drop_months
from adapters.store.postgres import PostgresStore
from adapters.store.queries import statement
from engine.errors import OwnFault, Unavailable
from engine.names import OPERATOR
from engine.records.work import Queued, WorkKind
from tests.fakes.store.rows import OURS, decided, event, mail, message
from tests.fakes.waiting import PATIENCE
from tests.fakes.world.clock import START


async def test_an_unreachable_database_is_unavailable(
    pg_server: EmbeddedPostgres, at_rest: AtRest, caplog: pytest.LogCaptureFixture
) -> None:
    """Opening a store on a database that is not there gives Unavailable, without the password anywhere."""
    store = PostgresStore(pg_server.url("missing"), at_rest, wait_seconds=0.2)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Unavailable) as caught:
        await store.open()
    secret = pg_server.url().split(":")[2].split("@")[0]
    assert secret not in str(caught.value) + caplog.text
    with pytest.raises(Unavailable):
        await store.list_tasks(OURS)


async def test_a_lost_connection_is_unavailable_and_passes(real: PostgresStore, pg_url: str) -> None:
    """A connection cut in a transaction gives Unavailable, stores nothing, and the next transaction works."""

    async def cut_off() -> None:
        async with real.begin() as unit:
            await unit.add_inbound(OURS, decided(), b"")
            _cut(pg_url, "samvik")
            await unit.log(OURS, event())

    with pytest.raises(Unavailable):
        await cut_off()
    async with real.begin() as unit:
        assert await unit.inbound(OURS, decided().id) is None


async def test_a_swallowed_failure_is_not_taken_for_a_commit(real: PostgresStore) -> None:
    """A use case that goes on after a failed statement is told that nothing was stored."""

    async def swallow() -> None:
        async with real.begin() as unit:
            await unit.add_inbound(OURS, decided(), b"")
            with pytest.raises(psycopg.errors.UniqueViolation):
                await unit.add_inbound(OURS, decided(), b"")

    with pytest.raises(OwnFault, match=r"database\.not_stored"):
        await swallow()
    assert await real.list_inbound(OURS) == []


async def test_the_server_s_words_go_no_further(real: PostgresStore) -> None:
    """A refused statement becomes our own fault with the code alone: the server's text quotes values."""

    async def twice() -> None:
        async with real.begin() as unit:
            await unit.add_inbound(OURS, decided(), b"")
            await unit.add_inbound(OURS, decided(), b"")

    with pytest.raises(OwnFault, match="UniqueViolation 23505") as caught:
        await twice()
    assert str(decided().id) not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (psycopg.OperationalError, Unavailable),
        (psycopg.errors.DeadlockDetected, Unavailable),
        (psycopg.errors.QueryCanceled, Unavailable),
        (psycopg.errors.DiskFull, Unavailable),
        (psycopg.InterfaceError, Unavailable),
        (psycopg.errors.CheckViolation, OwnFault),
        (psycopg.DataError, OwnFault),
    ],
)
def test_database_errors_become_ours(error: type[psycopg.Error], becomes: type[Exception]) -> None:
    """What may pass is Unavailable and what never will is our own fault; neither repeats the driver's text."""
    with pytest.raises(becomes) as caught, database_faults():
        raise error("sensitivt")
    assert "sensitivt" not in str(caught.value)


async def test_hostile_text_is_stored(real: PostgresStore) -> None:
    """A mail whose sender wrote NUL and broken Unicode into its headers is stored, those characters replaced."""
    hostile = mail(peer="a\x00b", mail_id="<\ud800\udc00\ud83d\ude00>", reason="'; DROP TABLE inbound; --")
    async with real.begin() as unit:
        await unit.add_inbound(OPERATOR, hostile, b"\x00")
        await unit.add_outbound(OURS, message(reference_digests={"a\x00": "b\ud800"}), b"", None)
        found = await unit.inbound(OPERATOR, hostile.id)
        sent = await unit.outbound(OURS, message().id)
    assert found is not None
    assert sent is not None
    assert found.peer == "a�b"
    assert found.reason == hostile.reason
    assert sent.reference_digests == {"a�": "b�"}


async def test_months_are_made_ahead_and_take_their_rows(real: PostgresStore, pg_url: str) -> None:
    """Rows stored before their month was made move into it, later ones go there, and the default stays empty."""
    async with real.begin() as unit:
        await unit.add_inbound(OURS, decided(1), b"one")
    await real.ensure_partitions(START)
    async with real.begin() as unit:
        await unit.add_inbound(OURS, decided(2, received_at=START + timedelta(days=31)), b"two")
        await unit.add_inbound(OURS, decided(3, received_at=START - timedelta(days=400)), b"three")
    counted = {name: _count(pg_url, name) for name in ("inbound_2026_03", "inbound_2026_04", "inbound_default")}
    assert counted == {"inbound_2026_03": 1, "inbound_2026_04": 1, "inbound_default": 1}
    assert _count(pg_url, "inbound_2026_06") == 0
    async with real.begin() as unit:
        assert [await unit.raw(OURS, UUID(int=number)) for number in (1, 2, 3)] == [b"one", b"two", b"three"]


async def test_nodes_make_months_together(real: PostgresStore) -> None:
    """Nodes that make months at the same moment do not stand in one another's way."""
    await asyncio.gather(*(real.ensure_partitions(START) for _ in range(4)))


async def test_only_ended_months_are_dropped(real: PostgresStore, at_rest: AtRest) -> None:
    """Dropping takes the months that ended before the limit with all their rows, and leaves later ones."""
    await real.ensure_partitions(START)
    april = decided(2, received_at=START + timedelta(days=31))
    async with real.begin() as unit:
        await unit.add_inbound(OURS, decided(1), b"")
        await unit.add_inbound(OURS, april, b"")
    async with real._connection() as connection:
        limit = START + timedelta(days=45)
        assert await drop_months(connection, "inbound", limit, limit, at_rest.log_key()) == ["inbound_2026_03"]
        assert await drop_months(connection, "inbound", limit, limit, at_rest.log_key()) == []
    assert await real.list_inbound(OURS) == [april]


async def test_december_is_followed_by_january(real: PostgresStore, pg_url: str) -> None:
    """Months made at the end of a year go on into the next."""
    await real.ensure_partitions(START.replace(month=11))
    for name in ("event_2026_11", "event_2026_12", "event_2027_01", "event_2027_02"):
        assert _count(pg_url, name) == 0


async def test_connections_that_were_cut_cost_one_failure(at_rest: AtRest, pg_url: str) -> None:
    """When a database has ended every idle connection, who asks first hears of it, and everybody after is served."""
    store = PostgresStore(pg_url, at_rest, least_connections=4)
    await store.open()
    await store.database_time()
    _cut(pg_url, "samvik")
    with pytest.raises(Unavailable):
        await store.database_time()
    for _ in range(8):
        await store.database_time()
    await store.close()


async def test_a_listener_survives_a_lost_connection(real: PostgresStore, pg_url: str) -> None:
    """A listening node whose connection is cut connects again, and is woken since it may have missed word."""
    woken: asyncio.Queue[Queued] = asyncio.Queue()
    listener = asyncio.create_task(real.listen(woken.put_nowait))
    await asyncio.wait_for(woken.get(), PATIENCE)
    _cut(pg_url, "samvik-listen")
    await asyncio.wait_for(woken.get(), PATIENCE)
    async with real.begin() as unit:
        await unit.add_work(OURS, WorkKind.SEND, UUID(int=1), "", START)
    await asyncio.wait_for(woken.get(), PATIENCE)
    listener.cancel()
    await asyncio.wait([listener])


async def test_what_was_queued_is_told_with_its_kind_and_partner(real: PostgresStore) -> None:
    """Who listens hears once a commit of each partner that work was queued for; work for nobody has its kind alone."""
    heard: asyncio.Queue[Queued] = asyncio.Queue()
    listener = asyncio.create_task(real.listen(heard.put_nowait))
    assert await asyncio.wait_for(heard.get(), PATIENCE) == Queued()
    async with real.begin() as unit:
        for number, partner in enumerate(["8090301", "8090301", "8090302"]):
            await unit.add_work(OURS, WorkKind.SEND, UUID(int=number), partner, START)
        await unit.add_work(OURS, WorkKind.MOTTA, UUID(int=9), "", START)
        await unit.add_work(OURS, WorkKind.VARSEL, UUID(int=10), "", START)
    told = [await asyncio.wait_for(heard.get(), PATIENCE) for _ in range(4)]
    sent = [Queued(WorkKind.SEND, partner) for partner in ("8090301", "8090302")]
    assert told == [*sent, Queued(WorkKind.MOTTA), Queued(WorkKind.VARSEL)]
    listener.cancel()
    await asyncio.wait([listener])


async def test_commits_are_durable_whatever_the_server_says(pg_url: str, at_rest: AtRest) -> None:
    """Every connection of the store commits synchronously and in UTC, also where the database has it otherwise."""
    with psycopg.connect(pg_url, autocommit=True) as connection:
        command = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
        connection.execute(command.format(sql.Identifier(connection.info.dbname)))
    fresh = PostgresStore(pg_url, at_rest)
    await fresh.open()
    async with fresh._connection() as connection:
        row = await (await connection.execute("SHOW synchronous_commit")).fetchone()
        zone = await (await connection.execute("SHOW timezone")).fetchone()
    await fresh.close()
    assert (row, zone) == ({"synchronous_commit": "on"}, {"TimeZone": "UTC"})


def _cut(url: str, program: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = %s",
            [program],
        )


def _count(url: str, table: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    return int(row[0]) if row else -1


@pytest.mark.parametrize("table", ["inbound", "outbound"])
async def test_the_beginning_of_an_id_is_looked_up_by_indexes(real: PostgresStore, pg_url: str, table: str) -> None:
    """Among many messages each place of an id is found by its own index, and no table is read through."""
    async with real.begin() as unit:
        await unit.add_inbound(OURS, decided(), b"")
        await unit.add_outbound(OURS, message(), b"", b"")
    asked = {"owner": OURS, "one": "doc", "other": "DOC", "low": UUID(int=1), "high": UUID(int=9), "most": 5}
    with psycopg.connect(pg_url) as connection:
        connection.execute(
            sql.SQL(
                "INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), "
                "'msg_id', gen_random_uuid()))).* FROM {table} t, generate_series(1, 20000)"
            ).format(table=sql.Identifier(table))
        )
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
        rows = connection.execute(b"EXPLAIN " + statement(f"find_beginning_in_{table}"), asked).fetchall()
    plan = " ".join(line for (line,) in rows)
    assert "Seq Scan" not in plan
    assert "BitmapOr" in plan
