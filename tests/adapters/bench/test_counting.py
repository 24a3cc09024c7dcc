"""What the server counts, and what processes use, against a real server and real processes."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from adapters.bench.counting import STATEMENTS_LIBRARY, Counters, ServerCounters
from adapters.bench.fleet import Pressure
from adapters.bench.processor import peak_rss_mb, tree_cpu_seconds
from adapters.bench.worker import Load
from adapters.postgres.embedded import start_embedded
from tests.fakes.waiting import until

CHILD = """
import subprocess, sys, time
ended = [sys.executable, "-c", "import time\\nwhile time.process_time() < 0.5: pass"]
subprocess.run(ended)
living = subprocess.Popen([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.5: pass\\ninput()"],
                          stdin=subprocess.PIPE)
while time.process_time() < 0.5: pass
print("done", flush=True)
input()
living.communicate(b"\\n")
"""


@pytest.fixture(scope="module")
def server():
    """Run a server that counts statements, with a database that is counted and one that is not."""
    folder = Path(tempfile.mkdtemp(prefix="samvik-test-"))
    folder.chmod(0o711)
    with start_embedded(folder / "data", durable=False, preload=STATEMENTS_LIBRARY) as running:
        for name in ("counted", "other"):
            running.create_database(name)
            with psycopg.connect(running.url(name)) as connection:
                connection.execute("CREATE TABLE kept (number int)")
        yield running
    shutil.rmtree(folder)


@pytest.fixture
def counters(server):
    """Look at what is counted of one database."""
    found = ServerCounters(server.url("postgres"), ["counted"])
    yield found
    found.close()


def work_in(server, database):
    """Commit two transactions of two statements, and one that is rolled back; what was counted is told at the end."""
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        for number in range(2):
            with connection.transaction():
                connection.execute("SELECT %s::int", (number,))
                connection.execute("INSERT INTO kept SELECT generate_series(1, 10000)")
        with connection.transaction():
            connection.execute("SELECT 'rolled back'")
            raise psycopg.Rollback


async def test_commits_and_statements_of_the_named_databases_count(server, counters):
    """Three BEGIN, two COMMIT, one ROLLBACK, five statements: eleven, of two commits that wrote WAL."""
    before = counters.read()
    work_in(server, "counted")
    # A backend reports late, at its end at the latest. Starting a connection commits something of its own.
    await until(lambda: counters.read().since(before).wal_bytes > 500_000)
    after = counters.read().since(before)
    assert 2 <= after.commits <= 4
    assert after.statements == 11
    work_in(server, "other")
    assert counters.read().since(before).statements == 11


def test_the_costliest_statement_stands_first_without_its_values(server, counters):
    """What was said before they were forgotten is gone."""
    work_in(server, "counted")
    counters.forget_statements()
    with psycopg.connect(server.url("counted"), autocommit=True) as connection:
        for value in (1, 2, 3):
            connection.execute("SELECT  %s::int,\n pg_sleep(0.02)", (value,))
            connection.execute("SELECT 'quick'")
    first, second = counters.costliest(5)
    assert (first.text, first.calls) == ("SELECT $1::int, pg_sleep($2)", 3)
    assert first.ms > 60
    assert (second.text, second.calls) == ("SELECT $1", 3)


def test_counters_are_compared_one_by_one():
    """Each is taken off its own."""
    assert Counters(5, 50, 500, 5000).since(Counters(1, 20, 300, 4000)) == Counters(4, 30, 200, 1000)


def test_the_processor_time_of_a_tree_has_children_that_live_and_that_have_ended():
    """Three processes of half a second each, one of them over: a second and a half."""
    with subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"done\n"
        least = tree_cpu_seconds(process.pid)
        process.communicate(b"\n")
    assert 0.95 < least < 2.5
    assert tree_cpu_seconds(process.pid) == 0.0


def test_the_peak_of_memory_is_this_process_own():
    """A process that is started by a large one begins small."""
    code = "from adapters.bench.processor import peak_rss_mb; print(peak_rss_mb())"
    ballast = bytearray(300_000_000)
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 5 < float(child.stdout) < 100
    assert peak_rss_mb() > len(ballast) / 2**20


@pytest.mark.parametrize(("in_flight", "nodes"), [(40, 1), (40, 3), (2, 4)])
def test_nodes_share_what_is_kept_under_way(in_flight, nodes):
    """Together it is what was asked for, and no node has two more than another."""
    shares = [Pressure(in_flight, None).share(number, nodes) for number in range(nodes)]
    counts = [each.in_flight for each in shares]
    assert (sum(counts), max(counts) - min(counts) <= 1) == (in_flight, True)
    assert {each.every for each in shares} == {None}


def test_nodes_take_turns_at_an_even_rate():
    """Three nodes at six a second are due twice a second each, a sixth of a second apart."""
    shares = [Pressure(None, 6.0).share(number, 3) for number in range(3)]
    assert [(each.every, each.first) for each in shares] == [(0.5, pytest.approx(number / 6)) for number in range(3)]
    assert isinstance(shares[0], Load)
