"""Write what an event does to an outgoing message: its row, timers, tasks, log line and alarms, in one commit.

Import `engine.delivery.moving` instead: it also lets the case follow. An import-linter contract says so.
"""

from collections.abc import Mapping
from datetime import datetime

from engine.codes.message import MessageCode
from engine.commit.commit import Commit
from engine.errors import OwnFault
from engine.outbound.message_moves import AlarmSigns, MessageMove, decide, partner_of
from engine.outbound.partner_alarms import failed, worked
from engine.ports import UnitOfWork
from engine.records.log import Cause
from engine.records.messages import OutgoingMessage
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryEvent


async def move_message(
    commit: Commit,
    message: OutgoingMessage,
    event: DeliveryEvent,
    data: Mapping[str, str],
    trouble: Cause | None = None,
) -> OutgoingMessage:
    """Advance a message by one event, as `decide` says; return it as it now is.

    Raises Refused where the table refuses, OwnFault where another node moved the row first: the transaction then rolls
    back, and the work is done again.
    """
    return await _apply(commit, decide(commit.ports.policy, message, event, commit.now, data, trouble))


async def _apply(commit: Commit, move: MessageMove) -> OutgoingMessage:
    before, message = move.before, move.message
    await _apply_signs(commit, message, move.signs)
    await commit.log_lines(message.owner, message.id, [move.line])
    if message != before and not await commit.uow.settle_outbound(message.owner, message, was=before.state):
        raise OwnFault(MessageCode.MOVED_ELSEWHERE, id=message.id)
    if move.timers is not None:
        partner = partner_of(commit.ports.policy, message.header.to_her)
        await set_timers(commit.uow, message, partner, move.timers)
    for task in move.tasks:
        await commit.open_task(message.owner, message.id, task)
    if move.at_rest:
        await commit.uow.close_tasks_of(message.owner, message.id, commit.now, message.state)
    return message


async def _apply_signs(commit: Commit, message: OutgoingMessage, signs: AlarmSigns) -> None:
    """Count what a message meets for or against its partner."""
    if signs.over:
        await worked(commit, message.owner, signs.partner, signs.over)
    for cause in signs.failed:
        await failed(commit, message.owner, signs.partner, cause)


async def set_timers(
    uow: UnitOfWork, message: OutgoingMessage, partner: str, timers: Mapping[WorkKind, datetime]
) -> None:
    """Queue the sending to `partner` and the alarm of a message at their times; what has no time leaves the queue."""
    for kind in (WorkKind.SEND, WorkKind.FRIST):
        if kind in timers:
            await uow.add_work(message.owner, kind, message.id, partner, timers[kind])
        else:
            await uow.drop_work(message.owner, kind, message.id)
