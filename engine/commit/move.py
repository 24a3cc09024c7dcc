"""What every decision consists of: tasks to open, and lines to log. A pure decision makes them; apply writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.codes.statement import Statement
from engine.states.role import Role


@dataclass(frozen=True, slots=True)
class NewTask:
    """A person of a role is called until `due` (UTC). A subject has at most one open task of a cause.

    With `pile` the task is about a whole pile of mails, and counts them.
    """

    cause: StrEnum
    said: Statement | str
    role: Role
    due: datetime
    pile: UUID | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the event log: what happened, with ids, codes and stored statements."""

    action: StrEnum
    data: Mapping[str, str] = field(default_factory=dict)
