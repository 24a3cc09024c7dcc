"""How fast a mail must come, so that nobody holds a connection or a slot by sending a byte now and then."""

import asyncio
from collections.abc import Awaitable, Callable

FIRST_SECONDS = 60
"""How long a mail may take to come before anybody asks how fast it comes."""

DATA_SECONDS = 600
"""How long a mail may take to come, however fast it comes. What it waits for a slot does not count."""

BYTES_A_SECOND_IN_A_SLOT = 50_000
"""How fast a mail must come on average while it holds one of the few slots for large mails."""

STEP_BYTES = 16_384
"""How many bytes must come before they count. Asking the clock for each line would cost more than reading it."""


class Pace:
    """Moves `limit`, within which a mail is read: who brings bytes in time earns more time.

    `time` is the loop's clock, `rate` the bytes that must come each second on average; `busy` is told of each step.
    """

    def __init__(
        self, limit: asyncio.Timeout, time: Callable[[], float], rate: int, busy: Callable[[], None] = lambda: None
    ) -> None:
        self._limit = limit
        self._time = time
        self._rate = rate
        self._busy = busy
        self._began = time()
        self._brought = self._noted = 0
        self._ends = self._began + DATA_SECONDS
        self._allow()

    def brought(self, size: int) -> None:
        """Note that so many bytes came."""
        self._brought += size
        if self._brought - self._noted >= STEP_BYTES:
            self._noted = self._brought
            self._busy()
            self._allow()

    async def wait_for(self, slot: Awaitable[None]) -> None:
        """Wait for a slot. From then on the mail must come faster, since others may wait for the same."""
        asked = self._time()
        self._limit.reschedule(None)
        await slot
        self._began = self._time()
        self._ends += self._began - asked
        self._rate, self._brought, self._noted = BYTES_A_SECOND_IN_A_SLOT, 0, 0
        self._allow()

    def _allow(self) -> None:
        self._limit.reschedule(min(self._ends, self._began + FIRST_SECONDS + self._brought / self._rate))
