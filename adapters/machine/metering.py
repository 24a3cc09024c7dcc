"""CPU time by stage: what each piece of work costs, apart from what runs between its steps on the same loop."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Generator
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_stage: ContextVar[tuple[defaultdict[str, float], str] | None] = ContextVar("stage", default=None)


class Meter:
    """Adds up CPU seconds of this thread by stage."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    async def run(self, stage: str, work: Awaitable[T]) -> T:
        """Await `work`, counting what its own steps cost to `stage`; waiting costs nothing."""
        token = _stage.set((self.seconds, stage))
        try:
            metered: T = await _Metered(self.seconds, stage, work)
            return metered
        finally:
            _stage.reset(token)


async def charged(work: Awaitable[T]) -> T:
    """Await `work` in another task than the one that asked for it, and count it to that one's stage."""
    held = _stage.get()
    if held is None:
        return await work
    metered: T = await _Metered(*held, work)
    return metered


class _Metered:
    """Drives an awaitable step by step, as a task does."""

    def __init__(self, seconds: defaultdict[str, float], stage: str, work: Awaitable[Any]) -> None:
        self._seconds = seconds
        self._stage = stage
        self._steps = work.__await__()

    def __await__(self) -> Generator[Any, Any, Any]:
        result: Any = None
        failure: BaseException | None = None
        while True:
            begun = time.thread_time()
            try:
                waits_for = self._steps.throw(failure) if failure else self._steps.send(result)
            except StopIteration as end:
                return end.value
            finally:
                self._seconds[self._stage] += time.thread_time() - begun
            result, failure = None, None
            try:
                result = yield waits_for
            except BaseException as error:  # a cancellation, too, is the work's to see
                failure = error
