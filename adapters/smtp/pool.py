"""Connections to the mail server that are kept open between mails, each for a while."""

import asyncio

from adapters.settings import Relay
from adapters.smtp.relay_line import RelayLine


class RelayPool:
    """The idle connections of a sender. A lent connection has one user until it is given back."""

    def __init__(self, relay: Relay) -> None:
        self._seconds = relay.idle_seconds
        self._idle: dict[RelayLine, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    def lend(self) -> RelayLine | None:
        """Return the idle connection that was used last and seems alive, None when there is none."""
        while self._idle:
            line, timer = self._idle.popitem()
            timer.cancel()
            if line.usable:
                return line
            line.close()
        return None

    def give_back(self, line: RelayLine) -> None:
        """Keep a connection for the next mail, for the configured time; close it when it cannot be used again."""
        if not line.usable or self._closed:
            self._end(line)
            return
        self._idle[line] = asyncio.get_running_loop().call_later(self._seconds, self._expire, line)

    async def close(self) -> None:
        """End all idle connections, and every connection that is given back later."""
        self._closed = True
        while (line := self.lend()) is not None:
            self._end(line)
        if self._ending:
            await asyncio.wait(set(self._ending))

    def _expire(self, line: RelayLine) -> None:
        if self._idle.pop(line, None) is not None:
            self._end(line)

    def _end(self, line: RelayLine) -> None:
        if not line.usable:
            line.close()
            return
        task = asyncio.create_task(line.quit())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
