"""What a decision about a case consists of. Pure decisions make a `Move`; engine.casework.apply writes it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from engine.case.record import Case
from engine.commit.move import LogLine, NewTask
from engine.deviation.fields import Answer, Deviation
from engine.deviation.follow_up import FollowUpKind
from engine.errors import Refused
from engine.payload.attachment import Attachment
from engine.records.channels import CaseFile


@dataclass(frozen=True, slots=True)
class FollowUpToSend:
    """A message that our side sends in the thread of a case: a confirmation, an answer, the reminder, a withdrawal."""

    kind: FollowUpKind
    text: str = ""
    answer: Answer | None = None
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviationToSend:
    """The deviation itself, as the first message of a new thread."""

    deviation: Deviation
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterToWrite:
    """An answer that goes back by the channel that the case came by, as a PDF that a person sends."""

    answer: Answer
    final: bool


ToSend = FollowUpToSend | DeviationToSend | LetterToWrite


@dataclass(frozen=True, slots=True)
class Move:
    """What a step or an event does to a case.

    `was` is the case before; None opens it. `closes_tasks` closes every open task about the case before `tasks` are
    opened. `recalls_reminder` takes back the reminder to this receiver, if it can still be stopped. `message` is sent
    in the thread. Where no message can go, Refused is raised, or the move that `if_refused` returns is made instead.
    `content` is the new text of the deviation, encrypted by the store. `files` are kept with a case that is opened.
    """

    case: Case
    was: Case | None
    lines: tuple[LogLine, ...] = ()
    closes_tasks: bool = False
    tasks: tuple[NewTask, ...] = ()
    recalls_reminder: bool = False
    message: ToSend | None = None
    if_refused: Callable[[Refused], "Move"] | None = None
    content: bytes | None = None
    files: tuple[CaseFile, ...] = ()

    def sending(self, message: ToSend, if_refused: Callable[[Refused], "Move"] | None = None) -> Self:
        """Return this move with a message that is sent with it."""
        return replace(self, message=message, if_refused=if_refused)

    def calling(self, *tasks: NewTask) -> Self:
        """Return this move with more tasks."""
        return replace(self, tasks=(*self.tasks, *tasks))

    def then(self, later: "Move") -> Self:
        """Return one move that does this one and then `later`, which begins where this one ends."""
        tasks = later.tasks if later.closes_tasks else (*self.tasks, *later.tasks)
        return replace(
            self,
            case=later.case,
            lines=(*self.lines, *later.lines),
            closes_tasks=self.closes_tasks or later.closes_tasks,
            tasks=tasks,
            recalls_reminder=self.recalls_reminder or later.recalls_reminder,
        )
