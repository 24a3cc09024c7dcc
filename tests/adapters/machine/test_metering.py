"""The meter: CPU time goes to the stage whose step used it, and the work does not notice."""

import asyncio
import time

import pytest

from adapters.machine.metering import Meter


def burn(seconds):
    """Use CPU for a while."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def test_each_stage_is_charged_what_its_own_steps_cost():
    """Two pieces of work that take turns on one loop are told apart."""
    meter, turns = Meter(), asyncio.Event()

    async def heavy():
        burn(0.03)
        await turns.wait()
        burn(0.03)

    async def light():
        turns.set()

    await asyncio.gather(meter.run("heavy", heavy()), meter.run("light", light()))
    assert meter.seconds["heavy"] >= 0.06
    assert meter.seconds["light"] < 0.03


async def test_waiting_costs_nothing():
    """Time in which others work is not charged to who waits."""
    meter, done = Meter(), asyncio.Event()

    async def other():
        burn(0.05)
        done.set()

    await asyncio.gather(meter.run("waits", done.wait()), other())
    assert meter.seconds["waits"] < 0.03


async def test_results_and_errors_come_through():
    """Metered work returns and raises as it would alone."""
    meter = Meter()

    async def gives():
        await asyncio.sleep(0)
        return 42

    async def fails():
        await asyncio.sleep(0)
        raise ValueError("no")

    assert await meter.run("gives", gives()) == 42
    with pytest.raises(ValueError, match="no"):
        await meter.run("fails", fails())


async def test_a_cancellation_reaches_the_work():
    """Metered work can tidy up when its task is cancelled."""
    meter, begun, tidied = Meter(), asyncio.Event(), []

    async def long():
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            tidied.append(True)

    task = asyncio.create_task(meter.run("long", long()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert tidied == [True]
