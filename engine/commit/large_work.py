"""Run at most one large mail (over 10 MB) at a time, per process and direction: incoming, and outgoing."""

from contextlib import AsyncExitStack
from datetime import timedelta

from engine.commit.ports import Ports
from engine.ports import UnitOfWork, Way
from engine.records.work import Work

PAUSE = timedelta(seconds=2)
"""How long large work waits before it is tried again."""


async def has_room(uow: UnitOfWork, ports: Ports, work: Work, way: Way, held: AsyncExitStack) -> bool:
    """Return whether a piece of work may be done now. Large work runs alone in its direction until `held` is left.

    While other large work runs, this work is put back for a moment, which counts as no attempt.
    """
    size = await uow.weight(work.owner, work.kind, work.subject)
    if await held.enter_async_context(ports.offload.room(way, size)):
        return True
    await uow.put_back_work(work, ports.clock.now() + PAUSE)
    return False
