"""The machine's own clock, and the database's, which nodes agree on."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what short commands import shall be little, and of the ports they need this one name
    from engine.ports import Clock

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

    def __init__(self, machine: "Clock", counted: Callable[[], float] = _seconds_since_boot) -> None:
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
