"""The transaction that decides one mail, and the outcome."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from engine.codes.statement import Statement
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
    """The transaction that decides one mail; `raw` are its bytes, None where they are not at hand."""

    mail: IncomingMail
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Pile:
    """Where a mail goes that nobody vouches for: with all that name the same sender and have the same cause."""

    id: UUID
    said: Statement


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a mail leaves MOTTATT: the event for its state machine, and what its row then says.

    `deadline` is how long the owner of the new state has, where it has one. `pile` is where it lies in quarantine.
    """

    owner: HerId
    event: InboundEvent
    reason: str = ""
    header: Header = UNKNOWN
    kind: Kind | None = None
    msg_id: MsgId | None = None
    apprec: ApprecState = ApprecState.INGEN
    deadline: timedelta = DESK_DEADLINE
    pile: Pile | None = None
