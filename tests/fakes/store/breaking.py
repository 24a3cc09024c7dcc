"""A store in memory that fails once, at a chosen commit: just before it, or just after, when nobody hears of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from tests.fakes.store.memory import MemoryStore
from tests.fakes.store.unit import MemoryUnitOfWork


class Died(Exception):
    """Raised where a node dies: nothing of ours may catch it."""


class BreakingStore(MemoryStore):
    """Dies at the commit that `at` counts down to; leases run out at once, as they do after a death."""

    def __init__(self, at: int, moment: Literal["before", "after"]) -> None:
        super().__init__(lease_seconds=0)
        self.broken = False
        self._left = at
        self._moment = moment

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryUnitOfWork]:
        """Open a transaction like any other, and die at its commit if it is the one."""
        async with super().begin() as unit:
            yield unit
            self._left -= 1
            if self._left == 0 and self._moment == "before":
                self._die()
        if self._left == 0 and self._moment == "after" and not self.broken:
            self._die()

    def _die(self) -> None:
        self.broken = True
        raise Died
