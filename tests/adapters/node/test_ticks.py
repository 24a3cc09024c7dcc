"""Ticks end with their node: what runs comes to its end, what hangs is cut off with one line."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.node import ticks
from adapters.node.ticks import Scheduler
from tests.fakes.engines.running_node import Running, running


@pytest.fixture
async def here(tmp_path: Path, pg_url: str, quick_keys: Path) -> AsyncIterator[Running]:
    """Give a running node, whose engine the ticks here are of."""
    async with running(tmp_path / "motor", pg_url, quick_keys) as found:
        yield found


@pytest.mark.parametrize("hangs", [True, False])
async def test_a_node_that_stops_during_a_tick_leaves_one_line_at_most(
    here: Running, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, hangs: bool
) -> None:
    """SIGTERM in the middle of a tick prints no traceback; a tick that would soon be done is waited for (C13)."""
    monkeypatch.setattr(ticks, "OUT_SECONDS", 0.01)
    monkeypatch.setattr(ticks, "GRACE_SECONDS", 0.05 if hangs else 10)
    begun, ends, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def look() -> None:
        begun.set()
        await ends.wait()
        done.set()

    scheduler = Scheduler(here.engine, lambda: here.engine.ports, here.node.use_registry, [look], here.node._strangers)
    with capture_logs() as lines, caplog.at_level(logging.WARNING):
        scheduler.start()
        await begun.wait()
        stopping = asyncio.create_task(scheduler.stop())
        if not hangs:
            asyncio.get_running_loop().call_soon(ends.set)
        await stopping
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert done.is_set() is not hangs
    assert [line["event"] for line in lines if line.get("tick") == "look"] == (["tick_cut_off"] if hangs else [])
    assert not [record for record in caplog.records if "maximum" not in record.msg]
