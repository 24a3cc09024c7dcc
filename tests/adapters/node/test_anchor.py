"""A node whose anchor file was removed: a person is called, and nothing is made anew behind that person's back."""

from dataclasses import replace
from pathlib import Path

from adapters.sealing.event_log import EventLog
from adapters.wiring.opening import key_ring
from engine.commit.actor import operator
from engine.names import OPERATOR
from engine.operations.anchors import note_begun
from engine.records.log import TaskCause
from tests.fakes.engines.running_node import LEVANGER_SERVICE, VERDAL_SERVICE, Running, running


async def causes(here: Running) -> list[str]:
    """Return what people are called for about the anchor."""
    tasks = await here.other.store.list_tasks(OPERATOR)
    return [task.text for task in tasks if task.cause == TaskCause.ANCHOR]


async def test_a_removed_anchor_calls_a_person_once(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """One task however often the log is sealed; it closes when a person lets the file begin anew."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as here:
        scheduler, anchor = here.node._scheduler, here.engine.settings.data_dir / "seals.log"
        await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
        await scheduler._guarded(scheduler._seal)
        assert anchor.exists()
        assert await causes(here) == []
        anchor.unlink()
        for _ in range(3):
            await scheduler._guarded(scheduler._seal)
        (said,) = await causes(here)
        assert said.startswith("log.anchor_gone ")
        assert not anchor.exists()
        seal = await here.other.log.begin_anchor(here.other.ports.clock.now())
        await note_begun(here.other.ports, operator("kari"), seal, "Disken er byttet")
        await scheduler._guarded(scheduler._seal)
        assert await causes(here) == []


async def test_a_new_machine_tells_that_it_begins_late(tmp_path: Path, pg_url: str, quick_keys: Path) -> None:
    """A node that begins its anchor beside a log with seals says after which: it may be that somebody removed one."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as here:
        await here.submit(VERDAL_SERVICE, LEVANGER_SERVICE)
        scheduler = here.node._scheduler
        await scheduler._guarded(scheduler._seal)
        settings, engine = here.engine.settings, here.engine
        scheduler._engine = replace(engine, log=EventLog(pg_url, key_ring(settings), tmp_path / "annen.log"))
        for _ in range(2):
            await scheduler._guarded(scheduler._seal)
        (said,) = await causes(here)
        assert said.startswith("log.anchor_begun ")
