"""Alarms: troubles with a partner, counted as they happen and told by a tick, once for a partner and a cause.

Each failing try and each word of a partner ends here, in the transaction that records it (`failed`, `worked`); what
operations is told, and when, is decided by `look_at_alarms` alone. The terms of a cause stand in one table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain

from engine.commit.ports import Ports
from engine.names import OPERATOR, HerId
from engine.ports import UnitOfWork
from engine.records.log import Alarm, Cause, Event
from engine.states.alarm import ALARM, AlarmEvent, AlarmState
from engine.states.delivery import DeliveryEvent, DeliveryState
from engine.states.table import advance

REPEAT_EVERY = timedelta(hours=4)
"""How long an open alarm is left alone before it is told again."""
CALM_FOR = timedelta(minutes=15)
"""How long a cause must be quiet after something worked before its alarm closes."""
FORGOTTEN_AFTER = timedelta(days=1)
"""How long a trouble that was not worth an alarm is remembered."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long and how often a cause must fail before it is told."""

    patience: timedelta
    least: int


AT_ONCE = Terms(timedelta(0), 1)
TERMS: dict[Cause, Terms] = {
    Cause.INGEN_VEI_UT: Terms(timedelta(minutes=15), 2),
    Cause.UTSATT: Terms(timedelta(minutes=15), 3),
    Cause.AVVIST_TRANSPORT: AT_ONCE,
    Cause.INGEN_KVITTERING: AT_ONCE,
    Cause.INGEN_APPREC: AT_ONCE,
    Cause.AVVIST: AT_ONCE,
}

CAUSE_OF: dict[DeliveryState, Cause] = {
    DeliveryState.TRANSPORTFEIL: Cause.AVVIST_TRANSPORT,
    DeliveryState.UBEKREFTET: Cause.INGEN_KVITTERING,
    DeliveryState.MANGLER_APPREC: Cause.INGEN_APPREC,
    DeliveryState.AVVIST: Cause.AVVIST,
}
"""States that a message comes to by a trouble with its partner."""

_SENT = frozenset({Cause.INGEN_VEI_UT, Cause.UTSATT})
_HEARD = frozenset({Cause.INGEN_KVITTERING, Cause.AVVIST_TRANSPORT})
OVER_BY: Mapping[DeliveryEvent, frozenset[Cause]] = {
    DeliveryEvent.HANDED_OVER: _SENT,
    DeliveryEvent.HANDED_OVER_LAST: _SENT,
    DeliveryEvent.ACKNOWLEDGED: _HEARD,
    DeliveryEvent.ACKNOWLEDGED_LAST: _HEARD,
    DeliveryEvent.APPREC_OK: _HEARD | {Cause.INGEN_APPREC, Cause.AVVIST},
    DeliveryEvent.APPREC_PARTLY: _HEARD | {Cause.INGEN_APPREC},
    DeliveryEvent.APPREC_REFUSED: _HEARD | {Cause.INGEN_APPREC},
}
"""What shows that a cause is no more."""


class Telling(StrEnum):
    """What operations is told of an alarm, in the words of the event log."""

    OPENED = "alarm opened"
    REPEATED = "alarm repeated"
    CLOSED = "alarm closed"


async def failed(uow: UnitOfWork, ports: Ports, owner: HerId, partner: str, cause: Cause, now: datetime) -> None:
    """Count one more failure of a partner. A partner of '' is our own way out."""
    partner = "" if cause is Cause.INGEN_VEI_UT else partner
    new = Alarm(ports.ids.new(), owner, partner, cause, AlarmState.LUKKET, 1, now, now)
    alarm = await uow.count_failure(owner, new)
    if alarm.state is AlarmState.LUKKET:
        alarm = replace(alarm, count=1, first_at=now, told_at=None)
    await _move(uow, alarm, AlarmEvent.FAILED)


async def worked(uow: UnitOfWork, owner: HerId, partner: str, causes: frozenset[Cause], now: datetime) -> None:
    """Note that something worked, so that these causes are no more."""
    for alarm in await uow.failing_alarms(owner, partner, sorted(causes)):
        await _move(uow, replace(alarm, last_at=now), AlarmEvent.WORKED)


async def look_at_alarms(ports: Ports) -> list[tuple[Telling, Alarm]]:
    """Open, repeat and close what is due, each logged; return what operations is told now. Safe on any node."""
    now = ports.clock.now()
    found = [alarm for owner in (*ports.policy.hosted, OPERATOR) for alarm in await ports.store.list_alarms(owner)]
    told = [await _look(ports, alarm, now) for alarm in found if _due(alarm, now) is not None]
    return list(chain.from_iterable(told))


async def settle(uow: UnitOfWork, alarm: Alarm, by: str, reason: str, now: datetime) -> None:
    """Close an alarm that this transaction holds, because a person says so. Raises Refused where none is open."""
    moved = await _move(uow, alarm, AlarmEvent.SETTLED)
    await uow.log(alarm.owner, _event(moved, Telling.CLOSED, now, {"name": by, "reason": reason}))


async def _look(ports: Ports, alarm: Alarm, now: datetime) -> list[tuple[Telling, Alarm]]:
    async with ports.store.begin() as uow:
        held = await uow.alarm(alarm.owner, alarm.id)
        event = _due(held, now) if held else None
        if held is None or event is None:
            return []
        telling = _telling(held, event)
        if telling is None:
            await _move(uow, held, event)
            return []
        moved = await _move(uow, replace(held, told_at=now), event)
        await uow.log(held.owner, _event(moved, telling, now, {}))
        return [(telling, moved)]


def _due(alarm: Alarm, now: datetime) -> AlarmEvent | None:
    """Return what time alone does to an alarm now."""
    terms = TERMS[alarm.cause]
    if alarm.state is AlarmState.OBSERVERT:
        if alarm.count >= terms.least and now - alarm.first_at >= terms.patience:
            return AlarmEvent.LASTED
        return AlarmEvent.CALM if now - alarm.last_at >= FORGOTTEN_AFTER else None
    if alarm.state is AlarmState.APEN and alarm.told_at is not None and now - alarm.told_at >= REPEAT_EVERY:
        return AlarmEvent.REPEAT_DUE
    if alarm.state is AlarmState.BEDRET and now - alarm.last_at >= CALM_FOR:
        return AlarmEvent.CALM
    return None


def _telling(before: Alarm, event: AlarmEvent) -> Telling | None:
    if event is AlarmEvent.CALM:
        return Telling.CLOSED if before.state is AlarmState.BEDRET else None
    return Telling.OPENED if event is AlarmEvent.LASTED else Telling.REPEATED


async def _move(uow: UnitOfWork, alarm: Alarm, event: AlarmEvent) -> Alarm:
    """Advance an alarm whose row this transaction holds."""
    moved = replace(alarm, state=advance(ALARM, alarm.state, event).state)
    await uow.keep_alarm(alarm.owner, moved)
    return moved


def _event(alarm: Alarm, action: str, now: datetime, data: Mapping[str, str]) -> Event:
    told = {"partner": alarm.partner, "cause": alarm.cause, "count": str(alarm.count), "state": alarm.state}
    return Event(now, alarm.id, action, "drift" if data else "motor", {**told, **data})
