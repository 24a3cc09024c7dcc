"""Alarms in a transaction on the in-memory store (engine.ports.UnitOfWork)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from engine.names import HerId
from engine.records.log import Alarm, Cause
from engine.states.alarm import FAILING
from tests.fakes.store.partners import MemoryPartners
from tests.fakes.store.tables import Tables, require_owner


class MemoryAlarms(MemoryPartners):
    """What fails with which partner, and what each has shown of itself (engine.ports.UnitOfWork)."""

    tables: Tables

    async def count_failure(self, owner: HerId, alarm: Alarm) -> Alarm:
        """Count one more failure, or begin with `alarm`."""
        require_owner(owner, alarm.owner)
        held = next((each for each in self.tables.alarms.values() if _key(each) == _key(alarm)), None)
        counted = replace(held, count=held.count + 1, last_at=max(held.last_at, alarm.last_at)) if held else alarm
        self.tables.alarms[counted.id] = counted
        return counted

    async def failing_alarms(self, owner: HerId, partner: str, causes: Sequence[Cause]) -> list[Alarm]:
        """Return what fails for a partner, or for our own way out, by these causes."""
        return sorted(
            (
                each
                for each in self.tables.alarms.values()
                if each.owner == owner
                and each.partner in {partner, ""}
                and each.cause in causes
                and each.state in FAILING
            ),
            key=lambda each: (each.partner, each.cause),
        )

    async def alarm(self, owner: HerId, id: UUID) -> Alarm | None:
        """Return the alarm."""
        found = self.tables.alarms.get(id)
        return found if found and found.owner == owner else None

    async def keep_alarm(self, owner: HerId, alarm: Alarm) -> None:
        """Write what can change of an alarm."""
        require_owner(owner, alarm.owner)
        held = self.tables.alarms.get(alarm.id)
        if held and held.owner == owner:
            self.tables.alarms[alarm.id] = alarm


def _key(alarm: Alarm) -> tuple[HerId, str, Cause]:
    return alarm.owner, alarm.partner, alarm.cause
