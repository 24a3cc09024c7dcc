"""A record system's folder and a node with PostgreSQL: what is renamed into out/ reaches the other side."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.folders.record_system import Outbox
from adapters.node import ticks
from engine.agreements.terms import ApprecBy
from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.xml import read_deviation
from engine.names import HerId
from engine.payload.party import DocumentParty
from engine.records.messages import Kind
from engine.register.parties import Registry
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.engines.running_node import LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, Running, running
from tests.fakes.partners import documents
from tests.fakes.waiting import comes

REPORTER, ASSURER = (
    Person(Role.MELDER, VERDAL_SERVICE, "Mette Moe"),
    Person(Role.KVALITETSSIKRER, VERDAL, "Kjell Krog"),
)


@pytest.fixture
async def here(
    tmp_path: Path, pg_url: str, quick_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    """Give a node that looks into its out folders all the time, with the AppRec left to record systems."""
    monkeypatch.setattr(ticks, "OUT_SECONDS", 0.05)
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        old = found.node.ports.policy.registry
        terms = replace(old.defaults(), apprec_by=ApprecBy.EPJ, apprec_deadline=timedelta(hours=1))
        found.node.use_registry(Registry(old.all(), [], terms))
        yield found


def home(here: Running) -> Path:
    """Return the folder of the party whose record system writes."""
    return here.project.folder / "inbox" / LEVANGER_SERVICE


def leave(here: Running, name: str, data: bytes) -> None:
    """Write a file beside the folder and rename it in."""
    (home(here) / name).write_bytes(data)
    (home(here) / name).rename(home(here) / "out" / name)


def party(here: Running, her: HerId) -> DocumentParty:
    """Return a party as documents name it."""
    return here.node.ports.policy.document_party(her)


async def received(here: Running) -> None:
    """Wait until the document stands in the party's folder."""

    async def exported() -> bool:
        return any(item.exported_at for item in await here.other.store.list_inbox(LEVANGER))

    await comes(exported)


async def opened(here: Running) -> str:
    """Report a deviation to the party with the folder, and return the MsgId of its thread."""
    ports = here.node.ports
    deviation = read_deviation((here.project.folder / "avvik.xml").read_bytes())
    case = await steps.new(ports, REPORTER, deviation, LEVANGER_SERVICE)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    case = await steps.send(ports, ASSURER, case.number)
    await received(here)
    return str(case.first_msg_id)


async def test_the_folders_stand_when_the_node_has_started(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """in/ and out/ of each folder party are made at the start, before any tick, for owner and group."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        for her in (LEVANGER_SERVICE, VERDAL_SERVICE):
            folders = sorted((found.project.folder / "inbox" / her).iterdir())
            assert [path.name for path in folders] == ["in", "out"]
            assert [path.stat().st_mode & 0o7777 for path in folders] == [0o750, 0o2770]


async def test_an_apprec_in_the_out_folder_delivers(here: Running) -> None:
    """A file renamed into out/ makes the sender's delivery LEVERT, and is gone."""
    sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
    await received(here)
    assert (await here.message(sent)).state is not DeliveryState.LEVERT
    leave(here, "kvittering.xml", documents.apprec(str(sent.msg_id), LEVANGER_SERVICE, VERDAL_SERVICE))
    await here.reaches(sent)

    async def gone() -> bool:
        return not list((home(here) / "out").iterdir())

    await comes(gone)
    assert not (home(here) / "failed").exists()


async def test_a_reply_in_the_out_folder_comes_to_the_reporters_case(here: Running) -> None:
    """A plain answer renamed into out/ comes to the reporter's case as SVAR_IKKE_VURDERT; ours is answered."""
    thread = await opened(here)
    leave(here, "svar.xml", documents.reply(thread, receiver=VERDAL_SERVICE))

    async def answered() -> bool:
        (case,) = await here.other.store.list_cases(VERDAL)
        return case.state is CaseState.SVAR_IKKE_VURDERT

    await comes(answered)
    (ours,) = await here.other.store.list_cases(LEVANGER)
    assert ours.state is CaseState.BESVART


async def test_two_nodes_on_one_folder_never_send_twice(here: Running) -> None:
    """Beside the running node others look into the same folder against the same database: each file counts once."""
    thread = await opened(here)
    sent = await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)

    async def both() -> bool:
        return len([row for row in await here.other.store.list_inbox(LEVANGER) if row.exported_at]) == 2

    await comes(both)
    ports = replace(here.other.ports, policy=replace(here.other.ports.policy, registry=here.node.ports.policy.registry))
    rivals = [Outbox(home(here).parent, lambda: ports, 1_000_000) for _ in range(2)]
    leave(here, "a.xml", documents.apprec(str(sent.msg_id), LEVANGER_SERVICE, VERDAL_SERVICE))
    for number in range(10):
        leave(here, f"b{number}.xml", documents.reply(thread, f"svar-{number}", receiver=VERDAL_SERVICE))
        leave(here, f"c{number}.xml", b"<x/>")
    await asyncio.gather(*(rival.look() for rival in rivals))

    async def empty() -> bool:
        await asyncio.gather(*(rival.look() for rival in rivals))
        return not list((home(here) / "out").iterdir())

    await comes(empty)
    rows = await here.other.store.list_outbound(LEVANGER)
    assert sorted(str(row.msg_id) for row in rows if row.kind is Kind.MELDING) == [f"svar-{n}" for n in range(10)]
    assert len([row for row in rows if row.kind is Kind.APPREC and row.msg_id == sent.msg_id]) == 1
    assert len(list((home(here) / "failed").iterdir())) == 20
    tasks = await here.other.store.list_tasks(LEVANGER)
    assert len([task for task in tasks if task.cause == "bad file from record system"]) == 10
