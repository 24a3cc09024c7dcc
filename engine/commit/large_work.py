"""Huge work, one piece at a time in a process for each way it goes: what came, and what is sent."""

from contextlib import AsyncExitStack
from datetime import timedelta

from engine.commit.ports import Ports
from engine.ports import UnitOfWork, Way
from engine.records.work import Work

PAUSE = timedelta(seconds=2)
"""How long huge work waits before it is looked at again whether there is room for it."""


async def has_room(uow: UnitOfWork, ports: Ports, work: Work, way: Way, held: AsyncExitStack) -> bool:
    """Say whether a piece of work may be done now; what is huge has the room to itself until `held` is left.

    Where another piece has it, the work is put back for a moment: that is no attempt.
    """
    size = await uow.weight(work.owner, work.kind, work.subject)
    if await held.enter_async_context(ports.offload.room(way, size)):
        return True
    await uow.put_back_work(work, ports.clock.now() + PAUSE)
    return False
