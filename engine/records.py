"""The rows that use cases read and write. Times are aware and in UTC, bytes are what went over the wire.

Records never hold free text of a document but as bytes named `document`, `raw` or `mime`, which the store encrypts.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from engine.case.channel import Channel
from engine.names import ConversationId, CpaId, HerId, MessageId, MsgId
from engine.states.alarm import AlarmState
from engine.states.apprec import ApprecState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState


class Kind(StrEnum):
    """What a message is for the message service."""

    MELDING = "melding"
    APPREC = "apprec"
    KVITTERING = "kvittering"
    FEIL = "feil"


class WorkKind(StrEnum):
    """What a node can do: process a mail, send a message, look at a deadline or case, fill a folder, tell a client.

    BREV puts an answer into the folder of its channel.
    """

    MOTTA = "motta"
    SEND = "send"
    FRIST = "frist"
    INNBOKS = "innboks"
    SAK = "sak"
    VARSEL = "varsel"
    BREV = "brev"


SUSPECT_DEATHS = 2
"""How many nodes may have died of a mail when it is a suspect."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work under lease.

    `partner` is the key that concurrency is shared out by, '' for none; `attempts` is how often it was begun before,
    `deaths` how often its lease ran out then.
    """

    kind: WorkKind
    owner: HerId
    subject: UUID
    partner: str
    due: datetime
    attempts: int
    lease: UUID
    deaths: int = 0

    @property
    def suspect(self) -> bool:
        """Say whether nodes may have died of it: it is taken and done alone, lest what lies beside it is blamed too."""
        return self.kind is WorkKind.MOTTA and self.deaths >= SUSPECT_DEATHS


@dataclass(frozen=True, slots=True)
class Header:
    """What the signed envelope says about itself; every field None until a valid signature has been seen."""

    message_id: MessageId | None = None
    conversation_id: ConversationId | None = None
    ref_to: MessageId | None = None
    cpa_id: CpaId | None = None
    from_her: HerId | None = None
    to_her: HerId | None = None
    service: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """A mail that came in. `reason` is our own sentence on why it stands where it stands."""

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
class Outbound:
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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of what happened. `data` holds codes, ids and replies only; `actor` is a role, node or partner."""

    at: datetime
    subject: UUID
    action: str
    actor: str
    data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the store numbered it."""

    id: int
    owner: HerId
    event: Event


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person must look at. At most one open task exists for a subject and a cause."""

    id: UUID
    owner: HerId
    subject: UUID
    cause: str
    text: str
    role: str
    opened_at: datetime
    due: datetime
    done_at: datetime | None = None
    done_by: str = ""
    outcome: str = ""


class Cause(StrEnum):
    """What can be wrong with a partner, or with our own way out."""

    INGEN_VEI_UT = "ingen vei ut"
    UTSATT = "utsatt"
    AVVIST_TRANSPORT = "avvist transport"
    INGEN_KVITTERING = "ingen kvittering"
    INGEN_APPREC = "ingen apprec"
    AVVIST = "avvist"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A trouble with one partner (its enterprise's HER-id, '' for our own way out) by one cause.

    `count` is failures since `first_at`; `last_at` is when it last failed, or first worked again; `told_at` is when
    operations was told last, None where it was not.
    """

    id: UUID
    owner: HerId
    partner: str
    cause: Cause
    state: AlarmState
    count: int
    first_at: datetime
    last_at: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A document in a party's inbox. `receiver` is the HER-id whose inbox it is, `addressed_to` the one written.

    `taken_by` is the client of the party that took it over HTTP, '' where none has.
    """

    id: UUID
    owner: HerId
    receiver: HerId
    addressed_to: HerId
    sender: HerId
    msg_id: MsgId
    message_type: str
    received_at: datetime
    inbound: UUID
    conversation: MsgId | None = None
    parent: MsgId | None = None
    note: str = ""
    exported_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a client wants to hear of documents (http or https), and the secret that notices to it are signed with."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    """A record system that asks over HTTP, for one party. Its token is kept nowhere; one that is revoked is nobody."""

    id: UUID
    owner: HerId
    name: str
    her: HerId
    created_at: datetime
    revoked_at: datetime | None = None
    webhook: Webhook | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """That a client is still to be told of a document; the id is the same over all tries."""

    id: UUID
    owner: HerId
    client: UUID
    item: UUID
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Shipment:
    """What came by a folder of shipments and opened a case; `id` is its sender's, `sha256` that of all that came."""

    owner: HerId
    source: str
    id: str
    case_id: UUID
    sha256: bytes
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """An answer that goes by another channel, never by mail. `delivered_on` is a day in Oslo.

    `source` and `shipment` name the folder and the shipment that it answers, '' where a person sends it.
    """

    id: UUID
    owner: HerId
    case_id: UUID
    channel: Channel
    made_at: datetime
    source: str = ""
    shipment: str = ""
    exported_at: datetime | None = None
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file that goes along with a case's deviation; `mime_type` is what it is, by its bytes."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RegistryVersion:
    """A version of the party register as it was imported: by whom, the text, and the SHA-256 of the file."""

    id: int
    imported_at: datetime
    imported_by: str
    sha256: bytes
    content: str


@dataclass(frozen=True, slots=True)
class Restoration:
    """A restore from a backup: when it was made and restored, and by whom. Sending is held until it is released."""

    id: UUID
    backup_at: datetime
    restored_at: datetime
    restored_by: str


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
