"""How tests wait for what another task, process or server brings about."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE = 60.0
"""Seconds. Only a test that fails waits so long: a machine that is busy elsewhere must make no test red."""

_LOOK = 0.02


async def comes(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds in a database or another process. Raises TimeoutError when it does not come."""
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 rows and files tell nobody when they change
            await asyncio.sleep(_LOOK)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds in this process or on disk. Raises TimeoutError when it does not come."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 threads and files tell nobody when they change
            await asyncio.sleep(_LOOK)
