"""Calls to the operations desk about what has no row of its own: a file that a record system left, a shipment's folder.

`what` tells the thing from every other, and is not shown. The call bears an id made of it: the same on every node, each
time it is looked at, so that it stands once however often it is met.
"""

import hashlib
from datetime import timedelta
from uuid import UUID

from engine.codes.operations import OperationsCode
from engine.codes.statement import Statement
from engine.commit.ports import Ports
from engine.names import HerId
from engine.records.log import Event, Task


async def call_once(ports: Ports, her: HerId, what: str, cause: str, text: str, actor: str, reason: str) -> UUID:
    """Show the desk a thing of the party `her`, once for as long as its task is open; return the id of the call.

    `reason` is a sentence of ours, for the log.
    """
    owner, now, subject = ports.policy.owner_of(her) or her, ports.clock.now(), subject_of(what)
    async with ports.store.begin() as uow:
        task = Task(ports.ids.new(), owner, subject, cause, text, "drift", now, now + DESK_DEADLINE)
        if await uow.open_task(owner, task):
            await uow.log(owner, Event(now, subject, cause, actor, {"reason": reason}))
    return subject


async def call_off(ports: Ports, her: HerId, what: str) -> None:
    """Close what was shown of a thing: it was taken after all."""
    outcome = str(Statement.of(OperationsCode.TAKEN_AFTER_ALL))
    async with ports.store.begin() as uow:
        await uow.close_tasks_of(ports.policy.owner_of(her) or her, subject_of(what), ports.clock.now(), outcome)


def subject_of(what: str) -> UUID:
    """Return the id that tasks and events about a thing bear."""
    return UUID(bytes=hashlib.sha256(what.encode("utf-8", "surrogatepass")).digest()[:16], version=5)


DESK_DEADLINE = timedelta(days=1)
"""How long the operations desk has to act on what alarms."""
