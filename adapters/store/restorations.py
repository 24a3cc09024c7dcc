"""Restores from a backup, in a transaction. A restore holds all sending until its release."""

from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from adapters.store.session import Session
from engine.records.versions import Restoration


class RestorationRows(Session):
    """The part of a unit of work that is about restores (engine.ports.UnitOfWork)."""

    async def keep_restoration(self, restoration: Restoration) -> None:
        """Store a restore. Until its release, no work is leased that sends something."""
        await self._count("add_restoration", asdict(restoration))

    async def restoration(self) -> Restoration | None:
        """Return the restore that is not released, locked."""
        row = await self._one("restoration")
        if row is None:
            return None
        times = {name: row[name].astimezone(UTC) for name in ("backup_at", "restored_at")}
        return Restoration(id=row["id"], restored_by=row["restored_by"], **times)

    async def release_restoration(self, id: UUID, at: datetime, by: str) -> None:
        """Let messages be leased for sending again."""
        await self._count("release_restoration", {"id": id, "at": at, "by": by})

    async def last_restored(self) -> datetime | None:
        """Return when a backup was last restored, None when that never happened."""
        row = await self._one("last_restored", asked=1)
        at: datetime | None = row["at"] if row else None
        return at.astimezone(UTC) if at else None
