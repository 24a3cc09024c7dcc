"""Many random histories of one case: in memory, and on PostgreSQL with two nodes that work at the same time.

SAMVIK_PROOF_SEED and SAMVIK_PROOF_HISTORIES choose what is played; a failure prints the shortest history.
"""

import asyncio
import multiprocessing
import os
import traceback
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace

import psycopg
import pytest
from hypothesis import HealthCheck, given, seed, settings

from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres
from adapters.store.postgres import PostgresStore
from engine.records.work import WorkKind
from tests.fakes.engines.history import begin, begun, histories, play
from tests.fakes.engines.pair import Pair, Side
from tests.proofs.conftest import Tell, count_of

pytestmark = pytest.mark.proof

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261122"))
COUNT = count_of("SAMVIK_PROOF_HISTORIES", full=10_000, share=3_000)
ON_POSTGRESQL = count_of("SAMVIK_PROOF_HISTORIES_ON_POSTGRESQL", full=300, share=150)
TABLES = (
    "inbound, outbound, event, ledger, refusal, work, inbox_item, task, "
    "case_file, case_attachment, case_counter, reminder, notice, shipment, letter"
)

_plain = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


def played_in_memory(seed_: int, count: int) -> str:
    """Play histories in this process; return the shortest that breaks a promise, '' where none does."""

    @seed(seed_)
    @settings(max_examples=count, **_plain)
    @given(history=histories)
    def played(history: list[str]) -> None:
        asyncio.run(_play_in_memory(history))

    try:
        played()
    except BaseException:  # a failure must reach the parent as text: hypothesis's own do not all pickle
        return traceback.format_exc()
    return ""


async def _play_in_memory(history: list[str]) -> None:
    await play(await begun(), history)


def test_no_history_in_memory_breaks_a_promise(tell: Tell) -> None:
    """Whatever happens to a case, it is reminded of at most once, never after an answer, and always has a deadline.

    Each core plays its share, from a seed of its own.
    """
    cores = len(os.sched_getaffinity(0))
    shares = [COUNT // cores + (number < COUNT % cores) for number in range(cores)]
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as pool:
        found = list(pool.map(played_in_memory, range(SEED, SEED + cores), shares))
    assert found == [""] * cores, "\n".join(found)
    _report(tell, f"{sum(shares)} histories in memory, {cores} shares")


def _report(tell: Tell, what: str) -> None:
    tell(f"{what}, seed {SEED}")


class TwoNodes(Side):
    """An engine whose two nodes take work at the same time, from one database."""

    async def work(self, *kinds: WorkKind) -> int:
        """Let both nodes do what is due."""
        first, second = await asyncio.gather(super().work(*kinds), super().work(*kinds))
        return first + second


@asynccontextmanager
async def _on_postgresql(urls: tuple[str, str], at_rest: AtRest) -> AsyncIterator[Pair]:
    pair = Pair()
    stores = [PostgresStore(url, at_rest) for url in urls]
    for store in stores:
        await store.open()
        await store.ensure_partitions(pair.clock.now())
    pair.gp = TwoNodes(replace(pair.gp.ports, store=stores[0]))
    pair.municipal = TwoNodes(replace(pair.municipal.ports, store=stores[1]))
    try:
        yield pair
    finally:
        for store in stores:
            await store.close()


def test_no_history_on_postgresql_with_two_nodes_breaks_a_promise(
    pg_server: EmbeddedPostgres, at_rest: AtRest, tell: Tell
) -> None:
    """The same holds on the real store with two nodes interleaved at each side."""
    names = ("histories_gp", "histories_municipal")
    for name in names:
        pg_server.create_database(name, template="samvik_template")
    urls = (pg_server.url(names[0]), pg_server.url(names[1]))

    @seed(SEED)
    @settings(max_examples=ON_POSTGRESQL, **_plain)
    @given(history=histories)
    def played(history: list[str]) -> None:
        for url in urls:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(f"TRUNCATE {TABLES}")
        asyncio.run(_play(urls, at_rest, history))

    played()
    _report(tell, f"{ON_POSTGRESQL} histories on PostgreSQL, two nodes a side")


async def _play(urls: tuple[str, str], at_rest: AtRest, history: list[str]) -> None:
    async with _on_postgresql(urls, at_rest) as pair:
        await begin(pair)
        await play(pair, history)
