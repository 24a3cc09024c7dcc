"""Identifiers, and the worker thread for what is large."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from engine.ports import Way

T = TypeVar("T")

LARGE_BYTES = 1_000_000
HUGE_BYTES = 10_000_000
"""From where on only one mail at a time is worked on in a process, for each way that mail goes."""


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
