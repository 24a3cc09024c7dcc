"""Mail that came, messages that go out, and the ids of both, in a transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.names import HerId, MessageId, MsgId
from engine.records.messages import (
    Answering,
    AnswerKind,
    Claim,
    ClaimKind,
    CollectedMail,
    IncomingMail,
    OutgoingMessage,
)
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState


class InboundRows(Protocol):
    """Mail that came in."""

    async def add_inbound(self, owner: HerId, mail: IncomingMail, raw: bytes) -> None:
        """Store a mail and its bytes."""

    async def inbound(self, owner: HerId, id: UUID) -> IncomingMail | None:
        """Return the mail, locked until the transaction ends."""

    async def raw(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the bytes of a mail as they came."""

    async def settle_inbound(
        self, owner: HerId, mail: IncomingMail, was: InboundState, raw: bytes | None = None
    ) -> bool:
        """Write every field of `mail` if it still is `owner`'s and in state `was`; `mail` may name a new owner."""

    async def piled(self, owner: HerId, pile: UUID, after: UUID | None, most: int) -> list[IncomingMail]:
        """Return mails of a pile that are in quarantine, by id, those after `after`, locked; some may be moving now."""

    async def undecided(self, owner: HerId, to: Sequence[HerId], since: datetime, most: int) -> list[IncomingMail]:
        """Return mails that came since then and that nobody has decided on, oldest first.

        They are unread; or wait, addressed to one of `to`; or stand so in quarantine under nobody's name after a wait.
        What was verified is never among them, nor what quarantine keeps of somebody who only claimed a name.
        """

    async def unverified(self, owner: HerId, before: datetime, most: int, *, whole: bool) -> list[IncomingMail]:
        """Return decided mails that nobody vouched for and that came before then: the oldest, those whole or not."""

    async def reduce(self, owner: HerId, id: UUID, head: bytes, at: datetime) -> bool:
        """Keep only the header of a mail that nobody vouched for; say whether that was done now."""

    async def forget(self, owner: HerId, id: UUID) -> bool:
        """Remove a mail of which only the header is kept; say whether it was there."""

    async def copies(self, owner: HerId, message_id: MessageId, since: datetime, most: int) -> int:
        """Return how many copies of a message came since then, `most` where there are more."""

    async def saw_mail(self, owner: HerId, mail: IncomingMail, message_id: MessageId, since: datetime) -> bool:
        """Say whether another copy of a mail, by Message-ID and bytes, came since then and was verified."""


class MailboxRows(Protocol):
    """What is remembered of mailboxes. These rows belong to the engine and to no party."""

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


class OutboundRows(Protocol):
    """Messages that go out."""

    async def add_outbound(self, owner: HerId, message: OutgoingMessage, mime: bytes, document: bytes | None) -> None:
        """Store a message, the MIME entity to send (without mail headers), and the business document inside."""

    async def outbound(self, owner: HerId, id: UUID) -> OutgoingMessage | None:
        """Return the message, locked until the transaction ends."""

    async def mime(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the stored MIME entity of an outgoing message."""

    async def document(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the stored business document of an outgoing message, None for signals."""

    async def keep_partner_word(self, owner: HerId, id: UUID, word: bytes) -> None:
        """Keep what the partner wrote about our message, encrypted like content; a later word replaces it."""

    async def partner_word(self, owner: HerId, id: UUID) -> bytes | None:
        """Return what the partner last wrote about our message, None where it wrote nothing."""

    async def outbound_by_message_id(self, owner: HerId, message_id: MessageId) -> OutgoingMessage | None:
        """Return our message with this ebXML MessageId, locked, or None."""

    async def outbound_by_msg_id(self, owner: HerId, msg_id: MsgId) -> list[OutgoingMessage]:
        """Return our business messages that carried this MsgId, newest first, locked."""

    async def settle_outbound(self, owner: HerId, message: OutgoingMessage, was: DeliveryState) -> bool:
        """Write state, deadline, attempts, sent_at, reason if the message still is in state `was`."""

    async def outbound_in(self, owner: HerId, states: Sequence[DeliveryState]) -> list[OutgoingMessage]:
        """Return all of a party's outgoing messages in these states, oldest first, locked."""


class LedgerRows(Protocol):
    """Ids that were claimed, and answers that were given."""

    async def claim(
        self, owner: HerId, kind: ClaimKind, party: HerId, id: str, digest: bytes, answer: UUID | None, now: datetime
    ) -> Claim:
        """Claim an id for this digest, by the unique key of the ledger; say what it held before."""

    async def look_up_claim(self, owner: HerId, kind: ClaimKind, party: HerId, id: str) -> Claim | None:
        """Return the claim on an id as SAME with its answer, or None; claims nothing."""

    async def set_claim_answer(self, owner: HerId, kind: ClaimKind, party: HerId, id: str, answer: UUID) -> None:
        """Record the answer that a later duplicate gets."""

    async def may_answer(
        self, kind: AnswerKind, party: HerId, message_id: str, digest: bytes, now: datetime, most_an_hour: int
    ) -> Answering:
        """Say whether a party may be answered: once an id and digest, and so often an hour of each kind. Counts it."""

    async def forget_answers(self, before: datetime) -> int:
        """Forget which answers were given before a time; return how many."""
