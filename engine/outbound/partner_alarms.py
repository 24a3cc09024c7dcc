"""Alarms: troubles with a partner, counted as they happen and told by a tick, once for a partner and a cause.

Each try that fails and each word of a partner ends here, in the transaction that records it (`failed`, `worked`). What
operations is told, and when, is decided by `engine.outbound.alarm_moves` and written by `update_alarms` alone.
"""

from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.names import OPERATOR, HerId
from engine.outbound.alarm_moves import AlarmMove, on_closed_by_hand, on_failure, on_success, on_time
from engine.records.log import Action, Alarm, Cause
from engine.states.alarm import AlarmState


async def failed(commit: Commit, owner: HerId, partner: str, cause: Cause) -> None:
    """Count one more failure of a partner, or of our own way out, which is nobody's fault."""
    partner = "" if cause is Cause.INGEN_VEI_UT else partner
    new = Alarm(commit.ports.ids.new(), owner, partner, cause, AlarmState.LUKKET, 1, commit.now, commit.now)
    counted = await commit.uow.count_failure(owner, new)
    await _apply(commit, on_failure(counted, commit.now))


async def worked(commit: Commit, owner: HerId, partner: str, causes: frozenset[Cause]) -> None:
    """Note that something worked, so that these causes are over."""
    for alarm in await commit.uow.failing_alarms(owner, partner, sorted(causes)):
        await _apply(commit, on_success(alarm, commit.now))


async def update_alarms(ports: Ports) -> list[tuple[Action, Alarm]]:
    """Open, repeat and close the alarms that are due, each logged; return what operations is told now.

    It is safe to call on any node at any time.
    """
    now = ports.clock.now()
    alarms = [alarm for owner in (*ports.policy.hosted, OPERATOR) for alarm in await ports.store.list_alarms(owner)]
    told: list[tuple[Action, Alarm]] = []
    for alarm in alarms:
        if on_time(alarm, now) is not None:
            told += await _update(ports, alarm)
    return told


async def _update(ports: Ports, alarm: Alarm) -> list[tuple[Action, Alarm]]:
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, ports.clock.now(), ENGINE)
        held = await uow.alarm(alarm.owner, alarm.id)
        move = on_time(held, commit.now) if held else None
        if move is None:
            return []
        await _apply(commit, move)
        return [(Action(move.line.action), move.alarm)] if move.line else []


async def close_by_hand(commit: Commit, alarm: Alarm, reason: str) -> None:
    """Close an alarm that this transaction holds, because a person says so. Raises Refused where it is not open."""
    await _apply(commit, on_closed_by_hand(alarm, reason))


async def _apply(commit: Commit, move: AlarmMove) -> None:
    await commit.uow.keep_alarm(move.alarm.owner, move.alarm)
    if move.line is not None:
        await commit.log_lines(move.alarm.owner, move.alarm.id, [move.line])
