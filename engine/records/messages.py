"""The rows that use cases read and write. Times are aware and in UTC, bytes are what went over the wire.

Records never hold free text of a document but as bytes named `document`, `raw` or `mime`, which the store encrypts.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.names import ConversationId, CpaId, HerId, MessageId, MsgId
from engine.states.apprec import ApprecState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState


class Kind(StrEnum):
    """What a message is for the message service."""

    MELDING = "melding"
    APPREC = "apprec"
    KVITTERING = "kvittering"
    FEIL = "feil"


@dataclass(frozen=True, slots=True)
class Header:
    """What the envelope says about itself; every field None until one has been read.

    Where nobody vouches for it (`vouched`), its ids are a stranger's words: a store keeps marks of them.
    """

    message_id: MessageId | None = None
    conversation_id: ConversationId | None = None
    ref_to: MessageId | None = None
    cpa_id: CpaId | None = None
    from_her: HerId | None = None
    to_her: HerId | None = None
    service: str | None = None
    action: str | None = None
    vouched: bool = True


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """A mail that came in. `reason` is our own sentence on why it stands where it stands.

    `pile` is set in quarantine where nobody vouches for the mail: those alike lie in one pile, with one task.
    `verified` says that the register vouches for who signed it. `reduced_at` is since when only its header is kept.
    """

    id: UUID
    owner: HerId
    received_at: datetime
    state: InboundState
    deadline: datetime | None
    peer: str
    size: int
    sha256: bytes
    mail_id: str = ""
    kind: Kind | None = None
    header: Header = field(default_factory=Header)
    msg_id: MsgId | None = None
    apprec: ApprecState = ApprecState.INGEN
    reason: str = ""
    pile: UUID | None = None
    verified: bool = False
    reduced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of mail that nobody vouched for: bytes of those that are whole, and how many there are at all."""

    size: int = 0
    mails: int = 0


@dataclass(frozen=True, slots=True)
class CollectedMail:
    """What is remembered of a mail from a mailbox, so that it is stored once.

    `validity` is IMAP's UIDVALIDITY, '' over POP3; `inbound` the stored mail, `sha256` the digest of what was stored
    of it, `size` its bytes as it stood in the mailbox.
    """

    mailbox: str
    validity: str
    uid: str
    inbound: UUID
    sha256: bytes
    size: int
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message that goes out. Its bytes never change once stored; a resend sends them again.

    `reference_digests` maps each signed reference (URI) to its base64 digest, to compare an Acknowledgment with.
    `resend_interval` is seconds between tries, `resend_limit` how many resends follow the first try;
    `apprec_deadline` is seconds from the Acknowledgment to the alarm. `answers` is the mail that this answers.
    """

    id: UUID
    owner: HerId
    created_at: datetime
    kind: Kind
    state: DeliveryState
    deadline: datetime | None
    header: Header
    to_address: str
    from_address: str
    reference_digests: dict[str, str] = field(default_factory=dict)
    resend_interval: int = 43_200
    resend_limit: int = 5
    apprec_deadline: int = 14_400
    attempts: int = 0
    sent_at: datetime | None = None
    msg_id: MsgId | None = None
    answers: UUID | None = None
    receiver_her: HerId | None = None
    sender_her: HerId | None = None
    reason: str = ""


class AnswerKind(StrEnum):
    """Why a mail is answered that leaves no claim, or a Ping: each kind has a count of its own.

    Its sender is not verified; a verified message is to none of ours, or breaks a rule; a verified Ping.
    """

    UNVERIFIED = "unverified"
    NOT_OURS = "not ours"
    BROKEN = "broken"
    PING = "ping"


class Answering(StrEnum):
    """Whether a mail may be answered: once now, or not since it was before, or since the hour's answers are used up."""

    DUE = "due"
    GIVEN = "given"
    ENOUGH = "enough"


class ClaimKind(StrEnum):
    """What an id was claimed as: an ebXML MessageId, the MsgId of a document that came, or of one written for us."""

    EBXML = "ebxml"
    MSGID = "msgid"
    SENT = "sendt"


class ClaimOutcome(StrEnum):
    """What the ledger knew: nothing, the same content, or other content under the same id."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Claim:
    """What came of a claim. `answer` is the stored answer to send again: an outgoing message, None where none is."""

    outcome: ClaimOutcome
    answer: UUID | None = None
    claimed_at: datetime | None = None
