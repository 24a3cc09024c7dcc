"""What partners have shown of themselves, in a transaction on the in-memory store (engine.ports.UnitOfWork)."""

from datetime import datetime

from engine.names import HerId
from tests.fakes.store.tables import Tables


class MemoryPartners:
    """The part of a transaction that is about partners."""

    tables: Tables

    async def note_samvik(self, owner: HerId, partner: HerId, at: datetime) -> None:
        """Remember that a partner has Samvik."""
        self.tables.samvik.setdefault((owner, partner), at)

    async def has_shown_samvik(self, owner: HerId, partner: HerId) -> bool:
        """Say whether a partner has shown that it has Samvik."""
        return (owner, partner) in self.tables.samvik
