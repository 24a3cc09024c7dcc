"""The meter: CPU time goes to the stage whose step used it, and the work does not notice."""

import asyncio
import time
from contextvars import copy_context

import pytest

from adapters.machine.metering import Meter, charged


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


async def test_what_another_task_does_for_a_stage_is_charged_to_it():
    """Work that is done by a task of its own, in the context of who asked for it, counts to that one's stage."""
    meter = Meter()

    async def asked():
        burn(0.03)
        return 7

    async def asks():
        return await asyncio.create_task(charged(asked()), context=copy_context())

    assert await meter.run("stage", asks()) == 7
    assert meter.seconds["stage"] >= 0.03
    assert await charged(asked()) == 7
    assert set(meter.seconds) == {"stage"}


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
