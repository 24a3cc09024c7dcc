"""Alarms in a transaction: what fails, and with which partner."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from adapters.store.rows import alarm_of
from adapters.store.session import Session, require_owner
from engine.names import HerId
from engine.records.log import Alarm, Cause
from engine.states.alarm import FAILING


class AlarmRows(Session):
    """The part of a unit of work that is about alarms (engine.ports.UnitOfWork)."""

    async def count_failure(self, owner: HerId, alarm: Alarm) -> Alarm:
        """Count one more failure in the partner's alarm of this cause, or insert `alarm`; return the row, locked.

        Raises OwnFault when the alarm names another owner.
        """
        require_owner(owner, alarm.owner)
        (row,) = await self._all("count_failure", **asdict(alarm))
        return alarm_of(row)

    async def failing_alarms(self, owner: HerId, partner: str, causes: Sequence[Cause]) -> list[Alarm]:
        """Return the open alarms of a partner and of our own way out that have one of these causes; locked."""
        asked = {"causes": " ".join(causes), "states": " ".join(sorted(FAILING))}
        rows = await self._all("failing_alarms", owner=owner, partner=partner, **asked)
        if rows:
            # Others that share the transaction have read the same rows, and would move the same alarm once more.
            self._statements.insist_alone()
        return [alarm_of(row) for row in rows]

    async def alarm(self, owner: HerId, id: UUID) -> Alarm | None:
        """Return the alarm, locked until the transaction ends."""
        row = await self._one("alarm", owner=owner, id=id)
        return alarm_of(row) if row else None

    async def keep_alarm(self, owner: HerId, alarm: Alarm) -> None:
        """Write state, count and times of an alarm that this transaction holds."""
        require_owner(owner, alarm.owner)
        await self._count("keep_alarm", asdict(alarm))
