"""What a decision on a mail knows, and what it consists of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from engine.commit.mail import Outcome
from engine.commit.move import LogLine, NewTask
from engine.errors import Finding
from engine.names import HerId, MsgId
from engine.outbound.outgoing import Status
from engine.payload.apprec import ApprecError
from engine.payload.party import DocumentParty
from engine.records.messages import Answering, Claim, Header


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows that a decision needs; only what the verdict asks for is filled in.

    `claim` is what the ledger held under the MessageId, `document` what it held under the MsgId. `answering` says
    whether what leaves no claim, or a Ping, may be answered; `just_answered` that the very same mail was answered a
    moment ago, `copies_answered` that so many copies of the message were lately that this one is not.
    """

    claim: Claim | None = None
    document: Claim | None = None
    answering: Answering = Answering.ENOUGH
    just_answered: bool = False
    copies_answered: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """A MessageError with a finding, to the sender that `header` names, from our party `answer_as`."""

    owner: HerId
    header: Header
    answer_as: HerId
    finding: Finding


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a Ping."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A stored message of ours goes out again: the same bytes in a new mail (transport.md D)."""

    stored: UUID


@dataclass(frozen=True, slots=True)
class SendApprec:
    """A new AppRec about the document `original` (its MsgId, type and time).

    `kept` says that the same document under a new MessageId gets this AppRec again.
    """

    version: Literal["1.0", "1.1"]
    sender: HerId
    receiver: DocumentParty
    status: Status
    errors: tuple[ApprecError, ...]
    original: tuple[MsgId, str, datetime]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class RepeatApprec:
    """A stored AppRec document goes out again, in an envelope that answers the new message."""

    stored: UUID
    about: MsgId


Reply = Refuse | Pong | Repeat | SendApprec | RepeatApprec


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for a mail, in the order in which it is applied.

    `warnings` go on its timeline; `acknowledged` queues the Acknowledgment; `received` puts the document into its inbox
    and lets it do what it does to a case; then come `replies` and `tasks`. `outcome` is None where engine.delivery
    decides, because the mail is about a message of ours.
    """

    outcome: Outcome | None
    warnings: tuple[LogLine, ...] = ()
    acknowledged: bool = False
    received: bool = False
    replies: tuple[Reply, ...] = ()
    tasks: tuple[NewTask, ...] = ()
