"""The machine's own clock, identifiers and worker thread."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from engine.ports import Clock, Way

T = TypeVar("T")

LARGE_BYTES = 1_000_000
HUGE_BYTES = 10_000_000
"""From where on only one mail at a time is worked on in a process, for each way that mail goes."""


_NOISE = timedelta(seconds=0.5)


def _seconds_since_boot() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SystemClock:
    """Tells the machine's time, in UTC."""

    def now(self) -> datetime:
        """See engine.ports.Clock."""
        return datetime.now(UTC)


class DatabaseClock:
    """Tells the database's time, which nodes agree on, in UTC: it goes on from what was measured last.

    It counts by a clock that nobody sets and that runs while the machine sleeps, so that a node whose own clock jumps
    goes on deciding at the right time. Before anything was measured it tells the machine's time. `ahead` is how far
    the machine's clock was ahead at the last measurement.
    """

    def __init__(self, machine: Clock, counted: Callable[[], float] = _seconds_since_boot) -> None:
        self._machine, self._counted = machine, counted
        self._base: tuple[datetime, float] | None = None
        self.ahead = timedelta()

    def now(self) -> datetime:
        """See engine.ports.Clock."""
        if self._base is None:
            return self._machine.now()
        there, counted = self._base
        return there + timedelta(seconds=self._counted() - counted)

    async def measure(self, ask: Callable[[], Awaitable[datetime]]) -> timedelta:
        """Ask the database for its time, and return how far the machine's clock is ahead.

        The time is taken for that of the middle of the question. A difference below half a second, which may be the
        question's own, moves nothing: time never goes back for it.
        """
        begun = self._counted()
        there = await ask()
        ended = self._counted()
        now = there + timedelta(seconds=(ended - begun) / 2)
        self.ahead = self._machine.now() - now
        if self._base is None or abs(self.now() - now) > _NOISE:
            self._base = (now, ended)
        return self.ahead


class RandomIds:
    """Makes random UUIDs (version 4)."""

    def new(self) -> uuid.UUID:
        """See engine.ports.Ids."""
        return uuid.uuid4()


class LargeWorkThread:
    """Runs what is large in one worker thread, so that the loop goes on; small things are quicker done at once."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "samvik-large")
        self._rooms = {way: asyncio.Lock() for way in Way}

    async def run(self, size: int, step: Callable[[], T]) -> T:
        """See engine.ports.Offload."""
        if size < LARGE_BYTES:
            return step()
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)

    @asynccontextmanager
    async def room(self, way: Way, size: int, *, wait: bool = False) -> AsyncIterator[bool]:
        """See engine.ports.Offload."""
        room = self._rooms[way]
        if size < HUGE_BYTES:
            yield True
        elif room.locked() and not wait:
            yield False
        else:
            async with room:
                yield True
