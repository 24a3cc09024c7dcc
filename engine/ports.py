"""What the engine needs of the world. Adapters implement these; the tests' fakes pass the same contract suite.

Every method on rows that belong to a party takes the owner first: the HER-id of the enterprise at the root of the
party's tree, or OPERATOR. With the wrong owner it finds nothing and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from engine.case.record import Case
from engine.channel_port import ChannelPort
from engine.client_port import ClientPort
from engine.names import HerId, MessageId, MsgId
from engine.records import (
    CaseFile,
    Claim,
    ClaimKind,
    Client,
    CollectedMail,
    Event,
    Inbound,
    InboxItem,
    Outbound,
    RegistryVersion,
    StoredEvent,
    Task,
    Work,
    WorkKind,
)
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

T = TypeVar("T")


class UnitOfWork(ClientPort, ChannelPort, Protocol):
    """One transaction. Leaving the context without an error commits it, an error rolls all of it back."""

    # inbound mail
    async def add_inbound(self, owner: HerId, mail: Inbound, raw: bytes) -> None:
        """Store a mail and its bytes."""

    async def inbound(self, owner: HerId, id: UUID) -> Inbound | None:
        """Return the mail, locked until the transaction ends."""

    async def raw(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the bytes of a mail as they came."""

    async def settle_inbound(self, owner: HerId, mail: Inbound, was: InboundState) -> bool:
        """Write every field of `mail` if it still is `owner`'s and in state `was`; `mail` may name a new owner."""

    async def undecided(self, owner: HerId, most: int) -> list[Inbound]:
        """Return mails that nobody has decided on, oldest first: unread, waiting, or in quarantine with an addressee.

        What was verified is never among them.
        """

    async def saw_mail(self, owner: HerId, mail: Inbound, message_id: MessageId, since: datetime) -> bool:
        """Say whether another copy of a mail, by Message-ID and bytes, came since then and was verified."""

    # mailboxes: their rows belong to the engine and to no party
    async def claim_collected(self, mail: CollectedMail) -> CollectedMail | None:
        """Remember a mail of a mailbox by the unique key (mailbox, validity, uid).

        Returns None where it is new, otherwise what stands there, locked and unchanged.
        """

    async def replace_collected(self, mail: CollectedMail) -> None:
        """Write what stands under a key anew, as of a mail that was not deleted yet."""

    async def renumbered(self, mail: CollectedMail) -> UUID | None:
        """Return the stored mail of the same digest and size that waits for its delete under another validity.

        It waits no more then: each vouches for one.
        """

    async def waiting_for_delete(self, mailbox: str, validity: str) -> list[str]:
        """Return the uids that are stored and not known to be deleted."""

    async def mark_deleted(self, mailbox: str, validity: str, uids: Sequence[str], at: datetime) -> None:
        """Note that these mails are gone from the mailbox."""

    # outgoing messages
    async def add_outbound(self, owner: HerId, message: Outbound, mime: bytes, document: bytes | None) -> None:
        """Store a message, the MIME entity to send (without mail headers), and the business document inside."""

    async def outbound(self, owner: HerId, id: UUID) -> Outbound | None:
        """Return the message, locked until the transaction ends."""

    async def mime(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the stored MIME entity of an outgoing message."""

    async def document(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the stored business document of an outgoing message, None for signals."""

    async def keep_partner_word(self, owner: HerId, id: UUID, word: bytes) -> None:
        """Keep what the partner wrote about our message, encrypted like content; a later word replaces it."""

    async def partner_word(self, owner: HerId, id: UUID) -> bytes | None:
        """Return what the partner last wrote about our message, None where it wrote nothing."""

    async def outbound_by_message_id(self, owner: HerId, message_id: MessageId) -> Outbound | None:
        """Return our message with this ebXML MessageId, locked, or None."""

    async def outbound_by_msg_id(self, owner: HerId, msg_id: MsgId) -> list[Outbound]:
        """Return our business messages that carried this MsgId, newest first, locked."""

    async def settle_outbound(self, owner: HerId, message: Outbound, was: DeliveryState) -> bool:
        """Write state, deadline, attempts, sent_at, reason if the message still is in state `was`."""

    # the ledger
    async def claim(
        self, owner: HerId, kind: ClaimKind, party: HerId, id: str, digest: bytes, answer: UUID | None, now: datetime
    ) -> Claim:
        """Claim an id for this digest, by the unique key of the ledger; say what it held before."""

    async def look_up_claim(self, owner: HerId, kind: ClaimKind, party: HerId, id: str) -> Claim | None:
        """Return the claim on an id as SAME with its answer, or None; claims nothing."""

    async def set_claim_answer(self, owner: HerId, kind: ClaimKind, party: HerId, id: str, answer: UUID) -> None:
        """Record the answer that a later duplicate gets."""

    async def may_refuse(self, party: HerId, message_id: str, now: datetime, most_an_hour: int) -> bool:
        """Say whether an unauthenticated refusal may be sent: once an id, and a limited number an hour a party."""

    # work
    async def add_work(self, owner: HerId, kind: WorkKind, subject: UUID, partner: str, due: datetime) -> None:
        """Queue work; where the same kind waits for the same subject, only its due time changes."""

    async def drop_work(self, owner: HerId, kind: WorkKind, subject: UUID) -> None:
        """Take work out of the queue, if it is there."""

    async def finish_work(self, work: Work) -> bool:
        """Take work out of the queue if our lease still holds; False means that another node has it now.

        Work that was added anew since it was taken stays in the queue, free, at its new due time.
        """

    async def postpone_work(self, work: Work, due: datetime) -> bool:
        """Give work back with one attempt more, due later, if our lease still holds."""

    # cases
    async def next_case_number(self, owner: HerId, year: int) -> int:
        """Count an enterprise's next case of a year, from 1; rolled back, the number is given again."""

    async def add_case(self, owner: HerId, case: Case, content: bytes) -> None:
        """Open a case; `content` is its draft or what was received, encrypted by the store."""

    async def case(self, owner: HerId, id: UUID) -> Case | None:
        """Return the case, locked until the transaction ends."""

    async def case_content(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the content of a case."""

    async def case_by_number(self, owner: HerId, number: str) -> Case | None:
        """Return the case with this readable number or own id, locked until the transaction ends."""

    async def cases_by_conversation(self, owner: HerId, conversation: MsgId) -> list[Case]:
        """Return a party's cases of one conversation, oldest first, locked."""

    async def case_by_delivery(self, owner: HerId, delivery: UUID) -> Case | None:
        """Return the case whose deviation an outgoing message carried, locked."""

    async def settle_case(self, owner: HerId, case: Case, was: CaseState) -> bool:
        """Write every field of the case that can change, if it still is in state `was`."""

    async def keep_case_content(self, owner: HerId, id: UUID, content: bytes) -> None:
        """Replace the content of a case."""

    async def add_case_files(self, owner: HerId, id: UUID, files: Sequence[CaseFile]) -> None:
        """Keep the files that go along with a case's deviation, names and content encrypted by the store.

        Raises OwnFault where the case is not `owner`'s.
        """

    async def case_files(self, owner: HerId, id: UUID) -> list[CaseFile]:
        """Return the files of a case in the order that they were given."""

    async def claim_reminder(self, owner: HerId, case_id: UUID, leg: int, at: datetime, message: UUID) -> bool:
        """Take the one reminder of a leg, by its unique key; False where it was taken before (promise 6)."""

    async def reminder_of(self, owner: HerId, case_id: UUID, leg: int) -> UUID | None:
        """Return the message that reminds of a leg, None where there is none, or it was called back."""

    async def call_back_reminder(self, owner: HerId, case_id: UUID, leg: int) -> None:
        """Note that the reminder of a leg never left, so that another may be claimed."""

    async def case_of_reminder(self, owner: HerId, message: UUID) -> Case | None:
        """Return the case that an outgoing message reminds of, called back or not, locked."""

    # inbox, tasks, events
    async def add_inbox_item(self, owner: HerId, item: InboxItem, document: bytes) -> None:
        """Put a document into a party's inbox."""

    async def inbox_item(self, owner: HerId, id: UUID) -> tuple[InboxItem, bytes] | None:
        """Return an inbox item with its document."""

    async def inbox_item_by_msg_id(self, owner: HerId, sender: HerId, msg_id: MsgId) -> tuple[InboxItem, bytes] | None:
        """Return the inbox item whose document bore this MsgId of this sender, with the document."""

    async def received(self, owner: HerId, receiver: HerId, msg_id: MsgId) -> list[InboxItem]:
        """Return what came into one inbox under a MsgId, newest first: each sender may have used it once."""

    async def inbox_thread(self, owner: HerId, conversation: MsgId) -> list[InboxItem]:
        """Return what came into a party's inboxes in one conversation, its first message included, oldest first."""

    async def take_item(self, owner: HerId, id: UUID, by: str, at: datetime) -> InboxItem | None:
        """Note who took an item, unless it was taken before; return it as it stands then, None where there is none."""

    async def mark_exported(self, owner: HerId, id: UUID, at: datetime) -> None:
        """Note that the item stands in the party's folder."""

    async def open_task(self, owner: HerId, task: Task) -> bool:
        """Open a task; False where one with the same subject and cause is open already."""

    async def close_task(self, owner: HerId, id: UUID, at: datetime, by: str, outcome: str) -> bool:
        """Close an open task."""

    async def close_tasks_of(self, owner: HerId, subject: UUID, at: datetime, outcome: str) -> int:
        """Close every open task of a subject that has come to rest."""

    async def log(self, owner: HerId, event: Event) -> None:
        """Append to the event log."""


class Store(Protocol):
    """The database: transactions, the work queue, and what people look at."""

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction. Raises Unavailable when the database cannot be reached."""

    async def take_work(self, kinds: Sequence[WorkKind], now: datetime, most: int, busy: Sequence[str]) -> list[Work]:
        """Lease due work, oldest first, none for partners in `busy`; the lease runs on the database's clock."""

    async def return_expired_work(self) -> int:
        """Free what dead nodes held; return how many."""

    async def next_due(self, kinds: Sequence[WorkKind]) -> datetime | None:
        """Return when the next unleased work falls due."""

    async def list_inbound(self, owner: HerId, state: InboundState | None = None, most: int = 200) -> list[Inbound]:
        """Return a party's mails, newest first."""

    async def list_outbound(self, owner: HerId, state: DeliveryState | None = None, most: int = 200) -> list[Outbound]:
        """Return a party's outgoing messages, newest first."""

    async def list_inbox(self, owner: HerId, receiver: HerId | None = None, most: int = 200) -> list[InboxItem]:
        """Return what stands in a party's inbox, newest first."""

    async def untaken(self, owner: HerId, receiver: HerId, after: UUID | None, most: int) -> list[InboxItem]:
        """Return what nobody has taken from one inbox, oldest first; `after` is the item that a page follows.

        One that is not in that inbox is followed by nothing.
        """

    async def list_clients(self) -> list[Client]:
        """Return every client there ever was, by name, the newest of a name first."""

    async def list_cases(self, owner: HerId, state: CaseState | None = None, most: int = 200) -> list[Case]:
        """Return a party's cases, newest first."""

    async def list_tasks(self, owner: HerId, *, open_only: bool = True, most: int = 1_000) -> list[Task]:
        """Return a party's tasks, the most urgent first."""

    async def timeline(self, owner: HerId, subject: UUID) -> list[StoredEvent]:
        """Return the events of one mail or message, in order."""

    async def find(self, owner: HerId, text: str) -> list[Inbound | Outbound]:
        """Return messages whose own id, ebXML MessageId, MsgId, ConversationId or RefToMessageId is `text`."""

    async def listen(self, wake: Callable[[], None]) -> None:
        """Call `wake` whenever work may have been queued, until cancelled; also after each lost connection."""

    async def ensure_partitions(self, now: datetime) -> None:
        """Make room for this month and the next ones. Safe to call at any time, by any node."""

    async def add_registry_version(self, content: str, sha256: bytes, by: str, at: datetime) -> int:
        """Keep an imported version of the party register; return its number, higher than any before."""

    async def registry_versions(self, most: int = 50) -> list[RegistryVersion]:
        """Return the versions of the party register, newest first; the first is the one that counts."""


class SmtpOutcome(StrEnum):
    """What became of one try to hand a mail over: taken, not now, never, or nobody knows."""

    TAKEN = "taken"
    POSTPONED = "postponed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """The outcome and the mail server's own words, or ours where it had none."""

    outcome: SmtpOutcome
    text: str


class Transport(Protocol):
    """Hands mails to a mail server."""

    async def send(self, sender: str, receiver: str, mail: bytes) -> SmtpReply:
        """Try once to hand over one mail; never raises for what the network or the server does."""


@dataclass(frozen=True, slots=True)
class HookReply:
    """What a webhook answered: its HTTP status, None where there was no answer, and our own words on it."""

    status: int | None
    text: str


class Hooks(Protocol):
    """Hands notices to record systems. `base` is where they reach this engine over HTTP."""

    base: str

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> HookReply:
        """Try once to hand over a notice, in bounded time; never raises for what the network or the server does."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the time now, aware, in UTC."""


class Ids(Protocol):
    """Makes identifiers that nobody has used before."""

    def new(self) -> UUID:
        """Return a new random UUID."""


class KeyStore(Protocol):
    """Our private keys. Keys never leave it; it signs and unwraps by the certificate they belong to.

    Signing and unwrapping raise OwnFault where the key is not here, Unavailable where what keeps it does not answer.
    """

    def holds(self, certificate: bytes) -> bool:
        """Say whether the key of this certificate (DER) is here."""

    def sign(self, certificate: bytes, data: bytes) -> bytes:
        """Return RSASSA-PKCS1-v1_5 with SHA-256 over `data` by the key of this certificate (DER)."""

    def unwrap(self, certificate: bytes, wrapped: bytes, padding: str) -> bytes | None:
        """Return the content key that was encrypted to this certificate (DER), None where that fails.

        `padding` is 'pkcs1v15', 'oaep-sha1' or 'oaep-sha256'.
        """


class RevocationSource(Protocol):
    """Answers whether a certificate has been revoked."""

    def is_revoked(self, certificate: bytes, issuer: bytes, at: datetime) -> bool:
        """Say whether `certificate` (DER) was revoked by `issuer` (DER) at that time.

        Raises Unavailable when no revocation list of that issuer, valid at that time, can be had.
        """


class AttachmentScanner(Protocol):
    """Looks for viruses in files."""

    async def scan(self, contents: Sequence[bytes]) -> tuple[int, str] | None:
        """Return which of some files, from 1, has something in it and what, in printable ASCII; None for clean ones.

        Raises Unavailable when the scanner cannot be reached or gives no verdict in time.
        """


class PdfRenderer(Protocol):
    """Renders a document for people."""

    def render(self, title: str, sections: Sequence[tuple[str, str]], made_at: datetime) -> bytes:
        """Return a PDF with a title and headed sections; the same input gives the same bytes."""


class Offload(Protocol):
    """Runs a step of work where it does not hold others up."""

    async def run(self, size: int, step: Callable[[], T]) -> T:
        """Return what `step` returns; `size` is the bytes it works on. `step` touches nothing but its own data."""
