"""Nodes whose machine's clock is wrong: what they take in is due when others say, and they decide no deadline."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.checking.gathering import refuse_to_start
from adapters.machine.clocks import SystemClock
from adapters.node.node import IN_TURN, Node
from adapters.settings import Settings, load_settings
from adapters.wiring.engine import engine
from engine.codes.premise import PremiseCode
from engine.errors import OwnFault
from engine.inbound.storing import take_in
from engine.records.work import Work, WorkKind
from tests.fakes.engines.project import Project
from tests.fakes.engines.running_node import Running, import_parties, running

OFF = timedelta(hours=2)


class Wrong:
    """A machine's clock that is two hours ahead."""

    def now(self) -> datetime:
        """Return a time that is off."""
        return datetime.now(UTC) + OFF


@pytest.fixture
async def settings(tmp_path: Path, pg_url: str, quick_keys: Path) -> Settings:
    """Give the settings of an engine that is ready to start."""
    project = Project(tmp_path / "motor", pg_url)
    shutil.copytree(quick_keys, project.folder / "pki")
    await import_parties(project, pg_url)
    return load_settings(project.folder / "samvik.toml")


@pytest.fixture
async def here(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Running]:
    """Give a running node."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        yield found


async def test_mail_that_a_wrong_node_takes_is_due_at_once(
    settings: Settings, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node two hours ahead stores a mail and dies: another node is given it now, not in two hours (E9)."""
    monkeypatch.setattr("adapters.wiring.opening.SystemClock", Wrong)
    async with engine(settings, pg_url) as wrong:
        stored = await take_in(wrong.ports, b"From: a\r\n\r\nhei", "192.0.2.1")
    monkeypatch.undo()
    async with engine(settings, pg_url) as right:
        taken = await right.store.take_work(IN_TURN, SystemClock().now(), 10)
    assert [work.subject for work in taken] == [stored]


async def test_a_node_that_is_off_does_not_start(settings: Settings, pg_url: str) -> None:
    """`samvik run` refuses on a machine whose clock is over a minute off, with the seconds and the remedy."""
    await refuse_to_start(settings, pg_url, SystemClock())
    with pytest.raises(OwnFault) as caught:
        await refuse_to_start(settings, pg_url, Wrong())
    assert caught.value.statement.code == PremiseCode.REFUSES
    assert PremiseCode.CLOCK_OFF in str(caught.value)


@pytest.mark.parametrize("off", [True, False])
async def test_a_node_whose_clock_jumps_decides_no_deadline(
    here: Running, monkeypatch: pytest.MonkeyPatch, off: bool
) -> None:
    """While the machine's clock is off, deadlines are left to other nodes; mail is still taken in and read."""
    asked: list[WorkKind] = []

    async def take_work(kinds: list[WorkKind], _now: datetime, _most: int) -> list[Work]:
        asked.extend(kinds)
        return []

    await here.node.stop()
    if off:
        monkeypatch.setattr(here.engine.ports.clock, "_machine", Wrong())
    monkeypatch.setattr(here.engine.store, "take_work", take_work)
    monkeypatch.setattr("adapters.node.ticks.CLOCK_SECONDS", 0.01)
    node = Node(here.engine)
    await node.start()
    try:
        while node.clock_is_off is not off:
            await here.engine.store.database_time()
        # What it asked for before it looked at its clock says nothing, nor does what it was about to ask for.
        for _ in range(2):
            asked.clear()
            while len(asked) < 2 * len(IN_TURN):
                node.wake()
                await here.engine.store.database_time()
    finally:
        await node.stop()
    assert WorkKind.MOTTA in asked
    assert (WorkKind.FRIST in asked, WorkKind.SAK in asked) == (not off, not off)
