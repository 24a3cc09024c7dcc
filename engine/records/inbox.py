"""What stands in inboxes, and who fetches it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from engine.names import HerId, MsgId


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """A document in a party's inbox. `receiver` is the HER-id whose inbox it is, `addressed_to` the one written.

    `made_at` is when it was made or first sent, the earlier of what its sender wrote; None for one that an older
    version of ours stored.
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
    made_at: datetime | None = None
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
