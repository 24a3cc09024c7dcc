"""Mail that came in, in a transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from adapters.store.packing import packed_mail, unpacked
from adapters.store.rows import inbound_of, inbound_values
from adapters.store.session import Session, require_owner
from engine.names import OPERATOR, HerId, MessageId
from engine.records.messages import IncomingMail
from engine.states.inbound import InboundState


class InboundRows(Session):
    """The part of a unit of work that is about mail (engine.ports.UnitOfWork)."""

    async def add_inbound(self, owner: HerId, mail: IncomingMail, raw: bytes) -> None:
        """Store a mail and its bytes, encrypted. Raises OwnFault when the mail names another owner."""
        require_owner(owner, mail.owner)
        await self._count("add_inbound", {**self._values(mail), "raw": self._sealed_raw(owner, mail.id, raw)})

    async def inbound(self, owner: HerId, id: UUID) -> IncomingMail | None:
        """Return the mail, locked until the transaction ends."""
        row = await self._one("inbound", owner=owner, id=id)
        return inbound_of(row) if row else None

    async def raw(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the bytes of a mail as they came. Raises OwnFault when they do not open."""
        row = await self._one("inbound_raw", owner=owner, id=id)
        return self._opened_raw(owner, id, row["raw"]) if row else None

    async def settle_inbound(
        self, owner: HerId, mail: IncomingMail, was: InboundState, raw: bytes | None = None
    ) -> bool:
        """Write every field of `mail` except its id and time of receipt, if it is still in state `was`.

        When `mail` names another owner, the row moves to that owner, and its bytes are sealed again for it: `raw`, or
        where that is None what is stored.
        """
        values = {**self._values(mail), "old_owner": owner, "was": was.value}
        settled = await self._count("settle_inbound", values) == 1
        if settled and mail.owner != owner:
            await self._move(owner, mail, raw)
        return settled

    async def piled(self, owner: HerId, pile: UUID, after: UUID | None, most: int) -> list[IncomingMail]:
        """Return mails of a pile that are in quarantine, by id, those after `after`, locked; some may be moving now."""
        return [inbound_of(row) for row in await self._all("piled", owner=owner, pile=pile, after=after, most=most)]

    async def undecided(self, owner: HerId, to: Sequence[HerId], since: datetime, most: int) -> list[IncomingMail]:
        """Return mails that came since then and were not decided on, oldest first."""
        rows = await self._all("undecided", owner=owner, nobody=OPERATOR, to=list(to), since=since, most=most)
        return [inbound_of(row) for row in rows]

    async def unverified(self, owner: HerId, before: datetime, most: int, *, whole: bool) -> list[IncomingMail]:
        """Return decided mails that nobody vouched for and that came before then, oldest first: whole ones or not."""
        rows = await self._all("unverified", owner=owner, before=before, most=most, whole=whole)
        return [inbound_of(row) for row in rows]

    async def reduce(self, owner: HerId, id: UUID, head: bytes, at: datetime) -> bool:
        """Keep only the header of a mail that nobody vouched for; False for any other, and where it is done already."""
        values = {"owner": owner, "id": id, "at": at, "raw": self._sealed_raw(owner, id, head)}
        return await self._count("reduce", values) == 1

    async def forget(self, owner: HerId, id: UUID) -> bool:
        """Remove a mail of which only the header is kept; False for any other."""
        return await self._count("forget", {"owner": owner, "id": id}) == 1

    async def copies(self, owner: HerId, message_id: MessageId, since: datetime, most: int) -> int:
        """Return how many copies of a message came since then, `most` where there are more."""
        row = await self._one("copies", owner=owner, message_id=message_id, since=since, most=most)
        return int(row["number"]) if row else 0

    async def saw_mail(self, owner: HerId, mail: IncomingMail, message_id: MessageId, since: datetime) -> bool:
        """True when another copy of a mail (same Message-ID and bytes) came since then and was verified."""
        values = {"id": mail.id, "mail_id": mail.mail_id, "sha256": mail.sha256, "message_id": message_id}
        return await self._one("saw_mail", owner=owner, since=since, **values) is not None

    def _values(self, mail: IncomingMail) -> dict[str, object]:
        return inbound_values(mail if mail.header.vouched else replace(mail, header=self._marked(mail.header)))

    async def _move(self, owner: HerId, mail: IncomingMail, raw: bytes | None) -> None:
        # Step by step: no more copies of a large mail in memory than needed.
        content = await self.raw(owner, mail.id) if raw is None else raw
        if content is not None:
            content = self._sealed_raw(mail.owner, mail.id, content)
            moved = {"id": mail.id, "owner": mail.owner, "old_owner": owner, "raw": content}
            await self._count("move_inbound", moved)

    def _sealed_raw(self, owner: HerId, id: UUID, raw: bytes) -> bytes:
        return self._at_rest.seal(packed_mail(raw), owner, str(id), "inbound.raw")

    def _opened_raw(self, owner: HerId, id: UUID, sealed: bytes) -> bytes:
        return unpacked(self._at_rest.open(sealed, owner, str(id), "inbound.raw"))
