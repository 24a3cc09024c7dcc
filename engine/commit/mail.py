"""The transaction that decides one mail, and the outcome."""

from dataclasses import dataclass
from datetime import timedelta

from engine.commit.commit import Commit
from engine.commit.tasks import DESK_DEADLINE
from engine.msh.reading import UNKNOWN
from engine.names import HerId, MsgId
from engine.records.messages import Header, IncomingMail, Kind
from engine.states.apprec import ApprecState
from engine.states.inbound import InboundEvent

TIME_TO_READ = timedelta(minutes=15)
"""How long a mail may lie unread before that is a fault of ours."""


@dataclass(frozen=True, slots=True)
class MailCommit(Commit):
    """The transaction that decides one mail."""

    mail: IncomingMail


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
