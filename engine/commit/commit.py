"""One transaction in which something is decided and applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.commit.actor import Actor
from engine.commit.move import LogLine, NewTask
from engine.commit.ports import Ports
from engine.names import HerId
from engine.ports import UnitOfWork
from engine.records.log import Event, Task


@dataclass(frozen=True, slots=True)
class Commit:
    """A transaction, what it acts through, its time (UTC), and who acts."""

    uow: UnitOfWork
    ports: Ports
    now: datetime
    actor: Actor

    async def log(self, owner: HerId, subject: UUID, action: StrEnum, data: Mapping[str, str] | None = None) -> None:
        """Append a line about a subject to the event log; the one who acts here stands on it."""
        await self.uow.log(owner, Event(self.now, subject, action, str(self.actor), dict(data or {})))

    async def log_lines(self, owner: HerId, subject: UUID, lines: Iterable[LogLine]) -> None:
        """Append lines about a subject to the event log, in order."""
        for line in lines:
            await self.log(owner, subject, line.action, line.data)

    async def open_task(self, owner: HerId, subject: UUID, new: NewTask) -> bool:
        """Call a person about a subject, or the pile that it came to; False where the same cause is open already."""
        task = Task(
            self.ports.ids.new(),
            owner,
            new.pile or subject,
            new.cause,
            str(new.said),
            new.role,
            self.now,
            new.due,
            latest=subject if new.pile else None,
        )
        return await self.uow.open_task(owner, task)
