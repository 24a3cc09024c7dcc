"""Hearing of work that was queued, from the database's notifications."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import psycopg

from adapters.store.queries import statement
from adapters.store.rows import queued_of
from engine.records.work import Queued

_AGAIN_SECONDS = (0.2, 1.0, 5.0, 30.0)
_QUIET_SECONDS = 30.0


async def listen(url: str, wake: Callable[[Queued], None]) -> None:
    """Call `wake` whenever work may have been queued, until cancelled.

    Connects again when the connection is lost, with pauses of at most 30 seconds, and then calls `wake`, since a
    notification may have been missed. Raises nothing of its own.
    """
    failures = 0
    while True:
        try:
            async with aclosing(_notifications(url)) as heard:
                async for queued in heard:
                    failures = 0
                    wake(queued)
        except psycopg.Error:
            await asyncio.sleep(_AGAIN_SECONDS[min(failures, len(_AGAIN_SECONDS) - 1)])
            failures += 1


async def _notifications(url: str) -> AsyncGenerator[Queued, None]:
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True, application_name="samvik-listen")
    async with connection:
        await connection.execute(statement("listen_work"))
        yield Queued()
        while True:
            async for heard in connection.notifies(timeout=_QUIET_SECONDS):
                yield queued_of(heard.payload)
            # A connection that died silently is noticed only when it is used.
            await connection.execute(b"SELECT 1")
