"""What a mail can amount to: one class for each outcome, with what the next step needs of it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from engine.codes.statement import Statement
from engine.errors import Finding, PayloadFault
from engine.msh.bounce import Bounce
from engine.msh.envelope import EbxmlError, Envelope
from engine.msh.reading import UNKNOWN, Reading
from engine.msh.signature import Signed
from engine.names import HerId, MsgId
from engine.payload.apprec import AppRec
from engine.payload.msghead import DocumentIdentity, MsgHead
from engine.records.messages import Header
from engine.register.receiver import Destination


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Nothing that anyone may answer: kept, shown to a person. `verified` where the register vouches for the signer.

    `told` are the errors that an unverified MessageError lists.
    """

    reason: str
    header: Header = UNKNOWN
    owner: HerId | None = None
    verified: bool = False
    told: tuple[EbxmlError, ...] = ()


@dataclass(frozen=True, slots=True)
class Returned:
    """A report of a mail server about a mail that carried a delivery of ours, as it says itself."""

    owner: HerId
    delivery: UUID
    bounce: Bounce


@dataclass(frozen=True, slots=True)
class Wait:
    """Cannot be decided now; tried again later. `header` is that of a signed envelope, its sender perhaps revoked."""

    reason: str
    header: Header = UNKNOWN


@dataclass(frozen=True, slots=True)
class Unverified:
    """A message to us whose signature failed: it names itself, but nobody has vouched for it."""

    owner: HerId
    header: Header
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verified:
    """A message whose signer the register vouches for. `owner` is the enterprise of ours that it is addressed to.

    `notes` are Warnings: where message and document depart from the rules without being refused for it.
    """

    owner: HerId
    reading: Reading
    signed: Signed
    envelope: Envelope
    notes: tuple[Finding, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class RuleBroken(Verified):
    """A verified message that breaks a rule of the message service: a MessageError."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Signal(Verified):
    """A verified Acknowledgment or MessageError."""


@dataclass(frozen=True, slots=True)
class Ping(Verified):
    """A verified Ping from a partner whose agreement has it answered."""


@dataclass(frozen=True, slots=True)
class ApprecReceived(Verified):
    """A verified message with an AppRec."""

    apprec: AppRec


@dataclass(frozen=True, slots=True)
class ApprecUnreadable(Verified):
    """A verified message with an AppRec that cannot be read. It is never answered with another."""

    fault: PayloadFault


@dataclass(frozen=True, slots=True)
class DocumentRefused(Verified):
    """A verified message whose document is refused: an AppRec with status 2. `thread` is what it refers to.

    `told` replaces the fault's text to the sender where it names something private that our log must not hold; `task`
    calls a person of ours.
    """

    fault: PayloadFault
    identity: DocumentIdentity | None
    thread: tuple[MsgId, ...] = ()
    told: Statement | None = field(default=None, kw_only=True)
    task: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class DocumentTaken(Verified):
    """A verified message with a document for `destination`. `digest` is SHA-256 of the document."""

    head: MsgHead
    document: bytes
    digest: bytes
    destination: Destination


Claimable = Signal | Ping | ApprecReceived | ApprecUnreadable | DocumentRefused | DocumentTaken
Verdict = Quarantine | Returned | Wait | Unverified | RuleBroken | Claimable


def is_verified(found: Verdict) -> bool:
    """Say whether the register vouches for who signed a mail."""
    return isinstance(found, Verified) or (isinstance(found, Quarantine) and found.verified)


def may_enter_when_full(found: Verdict) -> bool:
    """Say whether a mail is taken where there is no room for strangers' mail.

    A bounce names a random id that only those know who carried our mail; what waits may turn out to be a partner's.
    """
    return is_verified(found) or isinstance(found, Returned | Wait)


def mail_id_of(found: Verdict) -> str:
    """Return the Message-ID of the mail itself, '' where it has none that can be read."""
    mail = found.reading.mail if isinstance(found, Verified) else None
    return mail.message_id if mail else ""


def ids_of(found: Verdict) -> frozenset[str] | None:
    """Return what a mail has in common with others that must not be decided on together with it; None for all others.

    They are the ids of its message and thread, in the envelope and in the document: a record system may give each
    message of a thread a conversation of its own. What strangers get, and Pings, is counted: each is decided on alone.
    """
    if not isinstance(found, Verified) or isinstance(found, RuleBroken | Ping):
        return None
    envelope = found.envelope
    head = found.head if isinstance(found, DocumentTaken) else None
    in_document = (head.msg_id, head.conversation, head.parent) if head else ()
    named = (envelope.message_id, envelope.conversation_id, envelope.ref_to, *in_document)
    return frozenset(each.lower() for each in named if each)


def original_of(found: DocumentRefused, now: datetime) -> tuple[MsgId, str, datetime]:
    """Return id, type and time that an AppRec about an unreadable document refers to.

    What the document does not tell is taken from the envelope: its MessageId, Action and Timestamp. Where neither has a
    time that can be read, it is `now`: nobody waits for an answer because of that.
    """
    envelope, identity = found.envelope, found.identity
    written = (identity.gen_date if identity else None) or envelope.timestamp or now
    msg_id = (identity.msg_id if identity else None) or MsgId(envelope.message_id)
    return msg_id, (identity.type if identity else None) or envelope.action, written
