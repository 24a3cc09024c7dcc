"""Mails of mailboxes in a transaction on the in-memory store (engine.ports.UnitOfWork)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from engine.records.messages import CollectedMail
from tests.fakes.store.tables import Tables


class MemoryMailboxes:
    """Which mails of mailboxes are stored (engine.ports.UnitOfWork)."""

    tables: Tables

    async def claim_collected(self, mail: CollectedMail) -> CollectedMail | None:
        """Remember a mail; return what stood under its key before."""
        held = self.tables.collected.get(_key(mail))
        if held is None:
            self.tables.collected[_key(mail)] = (mail, None)
        return held[0] if held else None

    async def replace_collected(self, mail: CollectedMail) -> None:
        """Write what stands under a key anew."""
        self.tables.collected[_key(mail)] = (mail, None)

    async def renumbered(self, mail: CollectedMail) -> UUID | None:
        """Return the stored mail of the same content that waited for its delete under another validity."""
        found = [
            row
            for row, gone in self.tables.collected.values()
            if gone is None
            and (row.mailbox, row.sha256, row.size) == (mail.mailbox, mail.sha256, mail.size)
            and row.validity != mail.validity
        ]
        if not found:
            return None
        first = min(found, key=lambda row: (row.stored_at, row.uid))
        self.tables.collected[_key(first)] = (first, mail.stored_at)
        return first.inbound

    async def waiting_for_delete(self, mailbox: str, validity: str) -> list[str]:
        """Return the uids that are stored and not known to be deleted."""
        rows = self.tables.collected.values()
        return sorted(row.uid for row, gone in rows if gone is None and _key(row)[:2] == (mailbox, validity))

    async def mark_deleted(self, mailbox: str, validity: str, uids: Sequence[str], at: datetime) -> None:
        """Note that these mails are gone from the mailbox."""
        for uid in uids:
            row, gone = self.tables.collected.get((mailbox, validity, uid), (None, None))
            if row is not None and gone is None:
                self.tables.collected[_key(row)] = (row, at)


def _key(mail: CollectedMail) -> tuple[str, str, str]:
    return mail.mailbox, mail.validity, mail.uid
