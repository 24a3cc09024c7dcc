"""Short transactions that wait for one another share the next one: a commit is then paid for once.

Nobody waits for company when it is quiet: the first piece of work that comes begins a transaction at once. What comes
while it runs shares the next, up to a number of pieces. Where a transaction was shared it is not quiet: the next one
begins a few milliseconds later, with more of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

MOST_TOGETHER = 24
GATHER_SECONDS = 0.01
GRACE_SECONDS = 5.0
"""How long one that is told to stop waits for its piece of work, and how long the lane waits when it is closed."""

Do = Callable[[Any], Awaitable[Any]]
Transact = Callable[[Sequence[tuple[Do, Context]]], Awaitable[list[Any]]]
"""Runs pieces of work, each in its context, in one transaction; returns what each returns once it is committed."""


class NotShared(Exception):
    """A piece of work asked for what it may only have in a transaction of its own; the text says what for."""


class NotAgain(Exception):
    """A transaction failed for the reason given, and its pieces of work must not be run again for it."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


class NotBegun(NotAgain):
    """No transaction could be begun: none of its pieces has run."""


class InDoubt(NotAgain):
    """Nobody knows whether the transaction was committed: the answer to the commit was lost."""


class Stopped(Exception):
    """A piece of work was cancelled from within: what it waited for has been given up."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    do: Do
    keys: frozenset[str] | None
    context: Context = field(default_factory=copy_context)
    result: "asyncio.Future[Any]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    """The piece does not run, and will not."""


class Lane:
    """Runs pieces of work in transactions, one transaction at a time."""

    def __init__(self, transact: Transact, most: int = MOST_TOGETHER) -> None:
        self._transact = transact
        self._most = most
        self._queue: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None
        self._was_shared = False

    async def run(self, do: Callable[[Any], Awaitable[T]], keys: frozenset[str] | None = frozenset()) -> T:
        """Return what `do` returns, once that is committed.

        Two pieces with a key in common never share a transaction; one whose keys are None shares with nobody.

        `do` is called again where the transaction that it shared was undone; nothing of the first call is left then.
        It does not run any more when this returns, also where the caller is told to stop.
        """
        waiting = _Waiting(do, keys)
        self._queue.append(waiting)
        if self._running is None:
            # It serves many: what the one who came first has bound to its context is not theirs.
            self._running = asyncio.create_task(self._serve(), context=Context())
        try:
            result: T = await waiting.result
        except asyncio.CancelledError:
            if waiting not in self._queue:
                with suppress(TimeoutError):
                    async with asyncio.timeout(GRACE_SECONDS):
                        await waiting.ended.wait()
            raise
        return result

    async def close(self) -> None:
        """Wait until nothing waits or runs any more; what takes longer than GRACE_SECONDS is undone."""
        if self._running is not None:
            _, late = await asyncio.wait({self._running}, timeout=GRACE_SECONDS)
            for each in late:
                each.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _serve(self) -> None:
        try:
            while self._queue:
                if self._was_shared and len(self._queue) < self._most:
                    await asyncio.sleep(GATHER_SECONDS)
                together = self._next()
                if together:
                    await self._served(together)
                self._was_shared = len(together) > 1
        finally:
            self._running = None
            _end(self._queue)

    async def _served(self, together: list[_Waiting]) -> None:
        try:
            await self._transacted(together)
        finally:
            _end(together)

    def _next(self) -> list[_Waiting]:
        """Take from the queue what goes together: the longest waiting, and what has no key in common with it.

        Nor has it one in common with what waits longer and is left: what has a key in common is done in its order. What
        shares with nobody is overtaken by nobody.
        """
        self._queue = [each for each in self._queue if not each.result.done()]
        taken = self._queue[:1]
        held = taken[0].keys if taken else None
        for each in self._queue[1:]:
            if held is None or each.keys is None or len(taken) == self._most:
                break
            if not held & each.keys:
                taken.append(each)
            held |= each.keys
        self._queue = [each for each in self._queue if each not in taken]
        return taken

    async def _transacted(self, together: list[_Waiting]) -> bool:
        """Run pieces of work and give each its result; return whether a transaction could be begun."""
        try:
            results = await self._transact([(each.do, each.context.copy()) for each in together])
        except NotAgain as error:
            _give_all(together, [error.reason] * len(together))
            return not isinstance(error, NotBegun)
        except Exception as error:  # whatever it is, it is the fault of one of them, and goes to that one alone
            if len(together) > 1:
                await self._one_by_one(together, error)
                return True
            results = [error]
        _give_all(together, results)
        return True

    async def _one_by_one(self, together: list[_Waiting], error: Exception) -> None:
        import structlog  # lists, which come by here too, log nothing

        why = str(error) if isinstance(error, NotShared) else type(error).__name__
        structlog.get_logger().info("shared_transaction_undone", pieces=len(together), why=why)
        for place, each in enumerate(together):
            if each.result.done():
                continue  # who waited for it was told to stop
            if not await self._transacted([each]):
                # The database has gone: each of the others would wait as long for the same answer.
                reason = each.result.exception() if not each.result.cancelled() else None
                _give_all(together[place + 1 :], [reason or error] * len(together[place + 1 :]))
                return


def _give_all(together: Sequence[_Waiting], results: Sequence[Any]) -> None:
    for each, result in zip(together, results, strict=True):
        _give(each.result, result)


def _end(those: Sequence[_Waiting]) -> None:
    """Let nobody wait for what will not run any more."""
    for each in those:
        each.result.cancel()
        each.ended.set()


def _give(future: "asyncio.Future[Any]", result: object) -> None:
    if future.done():
        # Who waited for it was told to stop.
        return
    if isinstance(result, Stopped):
        future.cancel()
    elif isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
