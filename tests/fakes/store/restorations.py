"""Restores in a transaction on the in-memory store (engine.ports.UnitOfWork)."""

from datetime import datetime
from uuid import UUID

from engine.records.versions import Restoration
from tests.fakes.store.tables import Tables


class MemoryRestorations:
    """What holds all sending (engine.ports.UnitOfWork)."""

    tables: Tables

    async def keep_restoration(self, restoration: Restoration) -> None:
        """Remember a restore."""
        self.tables.restorations[restoration.id] = (restoration, None)

    async def restoration(self) -> Restoration | None:
        """Return the restore that is not released."""
        return next((each for each, released in self.tables.restorations.values() if released is None), None)

    async def release_restoration(self, id: UUID, at: datetime, by: str) -> None:
        """Hold nothing any more."""
        held, released = self.tables.restorations[id]
        self.tables.restorations[id] = (held, released or at)

    async def last_restored(self) -> datetime | None:
        """Return when a backup was restored last."""
        return max((each.restored_at for each, _ in self.tables.restorations.values()), default=None)
