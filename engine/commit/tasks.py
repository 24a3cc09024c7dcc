"""Tasks of the operations desk; also those about things without a database row, such as a file left in a folder.

`what` names the thing and is not shown. The id of the task's subject is derived from it, so that every node and every
look opens the same task.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from engine.codes.operations import OperationsCode
from engine.codes.statement import Statement
from engine.commit.move import NewTask
from engine.commit.ports import Ports
from engine.names import HerId
from engine.records.log import Event, Task
from engine.states.role import Role


async def call_once(ports: Ports, her: HerId, what: str, cause: str, text: str, actor: str, reason: str) -> UUID:
    """Open a task about a thing of the party `her`, unless the same is open; return the id of its subject.

    `text` and `reason` are stored statements; `reason` goes to the log.
    """
    owner, now, subject = ports.policy.owner_of(her) or her, ports.clock.now(), subject_of(what)
    async with ports.store.begin() as uow:
        task = Task(ports.ids.new(), owner, subject, cause, text, Role.DRIFT, now, now + DESK_DEADLINE)
        if await uow.open_task(owner, task):
            await uow.log(owner, Event(now, subject, cause, actor, {"reason": reason}))
    return subject


async def call_off(ports: Ports, her: HerId, what: str) -> None:
    """Close the tasks about a thing: it was taken after all."""
    outcome = str(Statement.of(OperationsCode.TAKEN_AFTER_ALL))
    async with ports.store.begin() as uow:
        await uow.close_tasks_of(ports.policy.owner_of(her) or her, subject_of(what), ports.clock.now(), outcome)


def desk_task(cause: StrEnum, said: Statement | str, now: datetime, role: Role = Role.DRIFT) -> NewTask:
    """Return a task about a mail or message, for the operations desk or another role, due as the desk's tasks are."""
    return NewTask(cause, said, role, now + DESK_DEADLINE)


def subject_of(what: str) -> UUID:
    """Return the id that tasks and events about a thing have as their subject."""
    return UUID(bytes=hashlib.sha256(what.encode("utf-8", "surrogatepass")).digest()[:16], version=5)


DESK_DEADLINE = timedelta(days=1)
"""How long the operations desk has to act on what alarms."""
