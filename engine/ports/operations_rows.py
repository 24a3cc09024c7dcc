"""What the engine needs of a transaction for operations: alarms and restores (engine.ports.UnitOfWork)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.names import HerId
from engine.records.log import Alarm, Cause
from engine.records.versions import Restoration


class AlarmRows(Protocol):
    """What fails with which partner."""

    async def count_failure(self, owner: HerId, alarm: Alarm) -> Alarm:
        """Count one more failure of the alarm's partner and cause, or begin with `alarm`; return the row, locked."""

    async def failing_alarms(self, owner: HerId, partner: str, causes: Sequence[Cause]) -> list[Alarm]:
        """Return what fails (OBSERVERT, APEN) for a partner, or for our own way out, by these causes, locked."""

    async def alarm(self, owner: HerId, id: UUID) -> Alarm | None:
        """Return the alarm, locked until the transaction ends."""

    async def keep_alarm(self, owner: HerId, alarm: Alarm) -> None:
        """Write state, count and times of an alarm that this transaction holds."""


class RestorationRows(Protocol):
    """What holds all sending. These rows belong to the engine and to no party."""

    async def keep_restoration(self, restoration: Restoration) -> None:
        """Remember a restore; while it is not released nothing is leased that leaves us: messages, letters, notices."""

    async def restoration(self) -> Restoration | None:
        """Return the restore that is not released, locked."""

    async def release_restoration(self, id: UUID, at: datetime, by: str) -> None:
        """Let messages be leased for sending again."""

    async def last_restored(self) -> datetime | None:
        """Return when a backup was restored last, None where none ever was."""
