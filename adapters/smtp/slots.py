"""Limits how many mails are in memory while they arrive, and shares the room fairly between those that send them."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


class FairSlots:
    """A number of slots. Where there are several, no peer holds all of them.

    A free one goes to the waiting peer that holds fewest, of equals to the one whose last turn is longest ago. So who
    asks a hundred times waits for itself: any other peer is next.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._most_a_peer = max(1, number - 1)
        self._held: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def waiting(self) -> int:
        """Return how many wait for a slot."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def slot(self, peer: str) -> AsyncIterator[None]:
        """Hold a slot for a peer; wait until it is that peer's turn."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(peer, deque()).append(turn)
        self._share_out()
        try:
            await turn
            yield
        finally:
            # A turn may come in the same moment as a cancellation: it must not be lost.
            if turn.done() and not turn.cancelled():
                self._free += 1
                self._held[peer] -= 1
            else:
                self._withdraw(peer, turn)
            self._share_out()

    def _share_out(self) -> None:
        while self._free and (peer := self._next()) is not None:
            # Peers stand in the order in which they began to wait; after a turn they stand last.
            line = self._waiting.pop(peer)
            turn = line.popleft()
            if line:
                self._waiting[peer] = line
            if not turn.cancelled():
                self._free -= 1
                self._held[peer] += 1
                turn.set_result(None)

    def _next(self) -> str | None:
        self._held = +self._held
        may = [peer for peer in self._waiting if self._held[peer] < self._most_a_peer]
        return min(may, key=lambda peer: self._held[peer], default=None)

    def _withdraw(self, peer: str, turn: asyncio.Future[None]) -> None:
        line = self._waiting.get(peer, deque())
        if turn in line:
            line.remove(turn)
        if peer in self._waiting and not line:
            del self._waiting[peer]


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of one process: some for mails above SMALL_MAIL_BYTES, one for a mail above HUGE_BYTES."""

    large: FairSlots
    huge: FairSlots
