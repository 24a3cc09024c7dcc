"""Where one mail is decided: the transaction, the surroundings, the time; and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from engine.deliveries import DESK_DEADLINE
from engine.errors import Refused
from engine.msh.reading import UNKNOWN
from engine.names import HerId, MsgId
from engine.ports import UnitOfWork
from engine.records import Header, Inbound, InboxItem, Kind, Task
from engine.states.apprec import ApprecState
from engine.states.inbound import InboundEvent
from engine.world import World

TIME_TO_READ = timedelta(minutes=15)
"""How long a mail may lie unread before that is a fault of ours."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One mail on the table, in the transaction that decides it."""

    uow: UnitOfWork
    world: World
    mail: Inbound
    now: datetime


@dataclass(frozen=True, slots=True)
class RecordDesk:
    """A word from the record system of the party `her`, in the transaction that decides it.

    `about` is the one inbox item that it must be about, where it was said to that item's address.
    """

    uow: UnitOfWork
    world: World
    owner: HerId
    her: HerId
    now: datetime
    about: UUID | None = None

    @property
    def actor(self) -> str:
        """Return who acts, as the event log names it."""
        return f"epj@{self.her}"

    def check_about(self, item: InboxItem) -> None:
        """Raise Refused where the word is about another item than the one that it was said to."""
        if self.about not in {None, item.id}:
            raise Refused("Dokumentet gjelder en annen melding enn den som adressen viser til. Bruk adressen til den.")


class Heard(StrEnum):
    """What came of a record system's word: sent on, nothing new, or against what the sender was told: for a person."""

    SENT = "sent"
    KNOWN = "known"
    CALLED = "called"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a mail leaves MOTTATT: the event for its state machine, and what its row then says.

    `deadline` is how long the owner of the new state has, where it has one.
    """

    owner: HerId
    event: InboundEvent
    reason: str = ""
    header: Header = UNKNOWN
    kind: Kind | None = None
    msg_id: MsgId | None = None
    apprec: ApprecState = ApprecState.INGEN
    deadline: timedelta = DESK_DEADLINE


async def open_task(desk: Desk, owner: HerId, cause: str, text: str, role: str = "drift") -> None:
    """Show a mail to the operations desk, or another role, unless it is shown for the same cause already."""
    due = desk.now + DESK_DEADLINE
    task = Task(desk.world.ids.new(), owner, desk.mail.id, cause, text, role, desk.now, due)
    await desk.uow.open_task(owner, task)
