"""A node as it runs: what wakes it, what it shares out, what it survives, and how it ends."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from adapters.node import node as node_module
from adapters.node import ticks
from adapters.node.node import Node
from adapters.smtp.listener import Listener
from engine.names import OPERATOR
from engine.records.work import Work, WorkKind
from tests.fakes.engines.running_node import (
    ADDRESS,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    VERDAL,
    VERDAL_SERVICE,
    Running,
    import_parties,
    running,
)
from tests.fakes.servers.revocation import WebFiles
from tests.fakes.waiting import PATIENCE, comes, until

Open = Callable[[], AbstractAsyncContextManager[Running]]


@pytest.fixture
def opened(tmp_path: Path, pg_url: str, quick_keys: Path) -> Open:
    """Give what opens a running node on a fresh database."""
    return lambda: running(tmp_path / "motor", pg_url, quick_keys)


@pytest.fixture
async def here(opened: Open) -> AsyncIterator[Running]:
    """Give a running node."""
    async with opened() as found:
        yield found


async def test_work_is_taken_up_when_it_is_queued(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message queued by another process wakes an idle node through the database, without waiting for its turn."""
    monkeypatch.setattr(node_module, "IDLE_SECONDS", 600.0)
    async with opened() as here:
        sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
        await here.reaches(sent)


async def test_a_document_reaches_the_folder(here: Running) -> None:
    """What is for a party with a folder is written there by the node, and the item is marked as exported."""
    sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)

    async def exported() -> bool:
        return any(item.exported_at for item in await here.other.store.list_inbox(LEVANGER))

    await comes(exported)
    folder = here.project.folder / "inbox" / LEVANGER_SERVICE / "in" / str(sent.msg_id)
    assert json.loads((folder / "metadata.json").read_text("utf-8"))["sender_her"] == VERDAL_SERVICE


async def test_a_hanging_partner_gets_one_slot_and_others_theirs(here: Running) -> None:
    """Of what waits for a partner that never answered, one message is tried; others get theirs at once."""
    await here.node.stop()
    hanging, may_go = 0, asyncio.Event()

    async def hang(_raw: bytes, _peer: str) -> str:
        nonlocal hanging
        hanging += 1
        await may_go.wait()
        return "tatt"

    settings = here.engine.settings
    listener = Listener(settings.listen, settings.limits, hang, lambda: {"namdalen@testedi.nhn.no"})
    here.network.route("namdalen@testedi.nhn.no", await listener.start())
    for _ in range(8):
        await here.submit(LEVANGER_SERVICE, GP_SERVICE)
    sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    successor = Node(here.engine)
    await successor.start()
    here.network.route(ADDRESS, successor.port)
    try:
        await here.reaches(sent)
        await until(lambda: hanging > 0)
        assert hanging == 1
        may_go.set()
        await until(lambda: hanging == 8)
    finally:
        may_go.set()
        await successor.stop()
        await listener.stop()


async def test_an_error_of_ours_costs_one_item_a_wait(here: Running, capfd: pytest.CaptureFixture[str]) -> None:
    """Where a step fails with an error that nobody foresaw the work is put back, and the node goes on with the rest."""
    inbox = here.project.folder / "inbox"
    shutil.rmtree(inbox)
    inbox.write_text("ingen mappe", "utf-8")
    first = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)

    async def postponed() -> bool:
        async with await psycopg.AsyncConnection.connect(here.url) as connection:
            rows = await connection.execute("SELECT attempts FROM work WHERE kind = 'innboks' AND attempts > 0")
            return bool(await rows.fetchall())

    await comes(postponed)
    inbox.unlink()
    second = await here.submit(LEVANGER_SERVICE, VERDAL_SERVICE)
    await here.reaches(second)
    async with await psycopg.AsyncConnection.connect(here.url) as connection:
        await connection.execute("UPDATE work SET due = now() WHERE kind = 'innboks'")
    here.node.wake()

    async def written() -> bool:
        return (inbox / LEVANGER_SERVICE / "in" / str(first.msg_id) / "metadata.json").exists()

    await comes(written)
    assert "Traceback" not in capfd.readouterr().err


async def test_a_new_register_is_taken_up(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import reaches a running node by its tick; one that does not fit the environment never does."""
    monkeypatch.setattr(ticks, "REGISTRY_SECONDS", 0.05)
    async with opened() as here:
        text = (here.project.folder / "parties.toml").read_text("utf-8")
        here.project.put("feil.toml", text.replace("namdalen@testedi", "namdalen@edi").replace("Levanger k", "Feil k"))
        await import_parties(here.project, here.url, "feil.toml")
        with pytest.raises(Exception, match=r"start\.production_address"):
            await here.node._scheduler._registry()
        assert here.node.ports.policy.registry.get(LEVANGER).name == "Levanger kommune"
        here.project.put("ny.toml", text.replace("Levanger kommune", "Nye Levanger"))
        await import_parties(here.project, here.url, "ny.toml")

        async def known() -> bool:
            return here.node.ports.policy.registry.get(LEVANGER).name == "Nye Levanger"

        await comes(known)


async def test_what_a_dead_node_held_is_done_by_another(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work whose lease has run out is freed by the rescue tick, and done."""
    monkeypatch.setattr(ticks, "RESCUE_SECONDS", 0.05)
    async with opened() as here:
        await here.node.stop()
        sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
        (held,) = await here.other.store.take_work([WorkKind.SEND], datetime.now(UTC), 9)
        assert held.subject == sent.id
        successor = Node(here.engine)
        await successor.start()
        here.network.route(ADDRESS, successor.port)
        try:
            async with await psycopg.AsyncConnection.connect(here.url) as connection:
                await connection.execute("UPDATE work SET lease_until = clock_timestamp() WHERE lease IS NOT NULL")
            await here.reaches(sent)
        finally:
            await successor.stop()


async def test_stop_leaves_nothing_running(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """After stop() no task of the node is left, its port is closed, and what was under way is still in the queue."""
    before = asyncio.all_tasks()
    async with running(tmp_path / "motor", pg_url, quick_keys) as here:
        await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
        port = here.node.port
        async with asyncio.timeout(PATIENCE):
            await here.node.stop()
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", port)
        rows = [*await here.other.store.list_outbound(VERDAL), *await here.other.store.list_outbound(LEVANGER)]
        assert rows
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not [task.get_coro() for task in left]
    shutil.rmtree(tmp_path / "motor")


async def test_stop_ends_at_whatever_moment_it_comes(here: Running) -> None:
    """A node that is stopped while it is still asking the database for its first work ends all the same."""
    await here.node.stop()
    for steps in range(0, 3_000, 100):
        node = Node(here.engine)
        await node.start()
        for _ in range(steps):
            await asyncio.sleep(0)
        async with asyncio.timeout(PATIENCE):
            await node.stop()


async def test_a_node_survives_a_database_that_goes_away(here: Running) -> None:
    """When every connection to the database is cut the node finds its way back and goes on."""
    async with await psycopg.AsyncConnection.connect(here.url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    sent = None
    async with asyncio.timeout(PATIENCE):
        while sent is None:
            try:
                sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
            except Exception:  # noqa: S112
                continue
    await here.reaches(sent)


async def test_a_node_tells_of_a_silent_source_of_revocation(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """From its start a node fetches revocation lists, and calls operations for one that it does not get."""
    with WebFiles().running() as web:
        async with running(
            tmp_path / "motor", pg_url, quick_keys, f'[revocation]\nlists = ["{web.url}/a.crl"]\n'
        ) as here:

            async def told() -> bool:
                tasks = await here.other.store.list_tasks(OPERATOR)
                return [task.cause for task in tasks] == ["revocation source silent"]

            await comes(told)
    assert web.asked


async def test_a_mail_that_nodes_may_have_died_of_is_processed_alone(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a suspect does to its node falls on it alone: nothing else is leased while it is processed."""
    mails, together, under_way = [UUID(int=number) for number in range(1, 9)], {}, set()

    async def processed(one: Work, ports: object) -> None:
        under_way.add(one.subject)
        await asyncio.sleep(0.02)
        leased = {row for (row,) in _asked(url, "SELECT subject FROM work WHERE lease IS NOT NULL")}
        together[one.subject] = (under_way | leased) - {one.subject}
        under_way.discard(one.subject)
        async with here.other.store.begin() as unit:
            await unit.finish_work(one)

    monkeypatch.setattr(node_module, "receive", processed)
    async with opened() as here:
        url = here.url
        with psycopg.connect(url) as connection:
            for number, mail in enumerate(mails):
                connection.execute(
                    "INSERT INTO work (owner, kind, subject, partner, due, deaths) VALUES ('0', 'motta', %s, '',"
                    " now() - make_interval(secs => %s), %s)",
                    (mail, 100 - number, 2 * (number % 4 == 1)),
                )
        here.node.wake()

        async def done() -> bool:
            return len(together) == len(mails)

        await comes(done)
    suspects = {mail for number, mail in enumerate(mails) if number % 4 == 1}
    assert {mail for mail in suspects if together[mail]} == set()
    assert any(together[mail] for mail in mails if mail not in suspects)


def _asked(url: str, question: str) -> list[tuple[UUID]]:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchall()
