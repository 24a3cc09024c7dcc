"""Where one mail is decided: the transaction, the surroundings, the time; and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.commit.ports import Ports
from engine.commit.tasks import DESK_DEADLINE
from engine.msh.reading import UNKNOWN
from engine.names import HerId, MsgId
from engine.ports import UnitOfWork
from engine.records.log import Task
from engine.records.messages import Header, Inbound, Kind
from engine.states.apprec import ApprecState
from engine.states.inbound import InboundEvent

TIME_TO_READ = timedelta(minutes=15)
"""How long a mail may lie unread before that is a fault of ours."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One mail on the table, in the transaction that decides it."""

    uow: UnitOfWork
    ports: Ports
    mail: Inbound
    now: datetime


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
    task = Task(desk.ports.ids.new(), owner, desk.mail.id, cause, text, role, desk.now, due)
    await desk.uow.open_task(owner, task)
