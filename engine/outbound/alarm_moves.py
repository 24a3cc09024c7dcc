"""What failures, successes and time do to an alarm, decided from its row and the time alone.

`engine.outbound.partner_alarms` writes what is decided here. How patient operations is with a cause stands in TERMS.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.commit.move import LogLine
from engine.records.log import Action, Alarm, Cause
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
"""What shows that a cause is over."""


@dataclass(frozen=True, slots=True)
class AlarmMove:
    """What becomes of an alarm. `line` is what operations is told, None where that is nothing."""

    alarm: Alarm
    line: LogLine | None = None


def on_failure(counted: Alarm, now: datetime) -> AlarmMove:
    """Return what one more failure does to an alarm that has counted it; one that was closed begins anew."""
    if counted.state is AlarmState.LUKKET:
        counted = replace(counted, count=1, first_at=now, told_at=None)
    return _moved(counted, AlarmEvent.FAILED)


def on_success(alarm: Alarm, now: datetime) -> AlarmMove:
    """Return what it does to an alarm that something worked."""
    return _moved(replace(alarm, last_at=now), AlarmEvent.WORKED)


def on_time(alarm: Alarm, now: datetime) -> AlarmMove | None:
    """Return what time alone does to an alarm now: open it, tell it again, close or forget it; None for nothing."""
    event = _due(alarm, now)
    if event is None:
        return None
    action = _told(alarm.state, event)
    if action is None:
        return _moved(alarm, event)
    return _moved(replace(alarm, told_at=now), event, action)


def on_closed_by_hand(alarm: Alarm, reason: str) -> AlarmMove:
    """Return what it does to an alarm that a person closes it. Raises Refused where it is not open."""
    return _moved(alarm, AlarmEvent.SETTLED, Action.ALARM_CLOSED, {"reason": reason})


def _due(alarm: Alarm, now: datetime) -> AlarmEvent | None:
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


def _told(before: AlarmState, event: AlarmEvent) -> Action | None:
    if event is AlarmEvent.CALM:
        return Action.ALARM_CLOSED if before is AlarmState.BEDRET else None
    return Action.ALARM_OPENED if event is AlarmEvent.LASTED else Action.ALARM_REPEATED


def _moved(
    alarm: Alarm, event: AlarmEvent, action: Action | None = None, data: Mapping[str, str] | None = None
) -> AlarmMove:
    moved = replace(alarm, state=advance(ALARM, alarm.state, event).state)
    if action is None:
        return AlarmMove(moved)
    told = {"partner": moved.partner, "cause": moved.cause, "count": str(moved.count), "state": moved.state}
    return AlarmMove(moved, LogLine(action, {**told, **(data or {})}))
