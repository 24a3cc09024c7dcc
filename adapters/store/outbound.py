"""Messages that go out, in a transaction."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from adapters.store.packing import packed_document, packed_mail, unpacked
from adapters.store.rows import outbound_of, outbound_values
from adapters.store.session import Session, require_owner
from engine.names import HerId, MessageId, MsgId
from engine.records.messages import OutgoingMessage
from engine.states.delivery import DeliveryState


class OutboundRows(Session):
    """The part of a unit of work that is about outgoing messages (engine.ports.UnitOfWork)."""

    async def add_outbound(self, owner: HerId, message: OutgoingMessage, mime: bytes, document: bytes | None) -> None:
        """Store a message, the MIME entity and the business document, both encrypted.

        Raises OwnFault when the message names another owner.
        """
        require_owner(owner, message.owner)
        place = (owner, str(message.id))
        sealed = self._at_rest.seal(packed_mail(mime), *place, "outbound.mime")
        content = {"mime": sealed, "document": None}
        if document is not None:
            content["document"] = self._at_rest.seal(packed_document(document), *place, "outbound.document")
        kept = message if message.header.vouched else replace(message, header=self._marked(message.header))
        await self._count("add_outbound", {**outbound_values(kept), **content})

    async def outbound(self, owner: HerId, id: UUID) -> OutgoingMessage | None:
        """Return the message, locked until the transaction ends."""
        row = await self._one("outbound", owner=owner, id=id)
        return outbound_of(row) if row else None

    async def mime(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the stored MIME entity. Raises OwnFault when it does not open."""
        return await self._unpacked(owner, id, "mime")

    async def document(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the stored business document, None for signals. Raises OwnFault when it does not open."""
        return await self._unpacked(owner, id, "document")

    async def keep_partner_word(self, owner: HerId, id: UUID, word: bytes) -> None:
        """Keep what the partner wrote about our message, encrypted."""
        sealed = self._at_rest.seal(word, owner, str(id), "outbound.partner_word")
        await self._count("keep_partner_word", {"owner": owner, "id": id, "partner_word": sealed})

    async def partner_word(self, owner: HerId, id: UUID) -> bytes | None:
        """Return what the partner last wrote about our message. Raises OwnFault when it does not open."""
        return await self._content(owner, id, "partner_word")

    async def outbound_by_message_id(self, owner: HerId, message_id: MessageId) -> OutgoingMessage | None:
        """Return our message with this ebXML MessageId, locked, or None."""
        row = await self._one("outbound_by_message_id", owner=owner, message_id=message_id)
        return outbound_of(row) if row else None

    async def outbound_by_msg_id(self, owner: HerId, msg_id: MsgId) -> list[OutgoingMessage]:
        """Return our business messages that carried this MsgId, newest first, locked."""
        return [outbound_of(row) for row in await self._all("outbound_by_msg_id", owner=owner, msg_id=msg_id)]

    async def outbound_in(self, owner: HerId, states: Sequence[DeliveryState]) -> list[OutgoingMessage]:
        """Return all of a party's outgoing messages in these states, oldest first, locked."""
        rows = await self._all("outbound_in", owner=owner, states=[state.value for state in states])
        return [outbound_of(row) for row in rows]

    async def settle_outbound(self, owner: HerId, message: OutgoingMessage, was: DeliveryState) -> bool:
        """Write state, deadline, attempts, sent_at and reason, if the message is still in state `was`."""
        values = {**outbound_values(message), "owner": owner, "was": was.value}
        return await self._count("settle_outbound", values) == 1

    async def _unpacked(self, owner: HerId, id: UUID, column: str) -> bytes | None:
        kept = await self._content(owner, id, column)
        return None if kept is None else unpacked(kept)

    async def _content(self, owner: HerId, id: UUID, column: str) -> bytes | None:
        row = await self._one(f"outbound_{column}", owner=owner, id=id)
        if row is None or row["content"] is None:
            return None
        return self._at_rest.open(row["content"], owner, str(id), f"outbound.{column}")
