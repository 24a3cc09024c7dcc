"""Rows by the id, or the beginning of the id, that a person types: tasks, alarms, and where a list goes on."""

from datetime import datetime
from uuid import UUID

from adapters.showing.delivery_log import SHORTEST_PREFIX, find_message
from adapters.store.lists import made_at
from adapters.wiring.desk import Desk
from engine.codes.case import CaseCode
from engine.codes.message import MessageCode
from engine.codes.operations import OperationsCode
from engine.errors import Refused
from engine.names import HerId

_LONGEST_SHOWN = 64

Place = tuple[datetime, UUID]
"""Where a row stands in a list that is sorted by time."""


async def find_task(desk: Desk, id: str) -> UUID:
    """Return the id of the open task whose id begins with `id`. Raises Refused where not one does."""
    _check_length(id)
    tasks = [task for owner in desk.owners for task in await desk.store.find_tasks(owner, id, 2)]
    if len(tasks) != 1:
        raise Refused(OperationsCode.SEVERAL_TASKS if tasks else OperationsCode.NO_TASK, id=id[:_LONGEST_SHOWN])
    return tasks[0].id


async def find_alarm(desk: Desk, id: str) -> UUID:
    """Return the id of the alarm that is on and whose id begins with `id`. Raises Refused where not one does."""
    _check_length(id)
    alarms = [alarm for owner in desk.owners for alarm in await desk.store.find_alarms(owner, id, 2)]
    if len(alarms) != 1:
        raise Refused(OperationsCode.SEVERAL_ALARMS if alarms else OperationsCode.NO_ALARM, id=id[:_LONGEST_SHOWN])
    return alarms[0].id


async def message_with(desk: Desk, id: str) -> Place:
    """Return the place of the message that has `id` among its ids. Raises Refused where not one has it."""
    found = await find_message(desk, id)
    return made_at(found), found.id


async def item_with(desk: Desk, owner: HerId, id: str) -> Place:
    """Return the place of the inbox item whose id or MsgId begins with `id`. Raises Refused where not one does."""
    _check_length(id)
    items = await desk.store.find_in_inbox(owner, id, 2)
    if len(items) != 1:
        raise Refused(MessageCode.SEVERAL_ITEMS if items else MessageCode.NO_ITEM, id=id[:_LONGEST_SHOWN])
    return items[0].received_at, items[0].id


async def case_with(desk: Desk, owner: HerId, number: str) -> Place:
    """Return the place of the case with a number or id. Raises Refused where there is none."""
    async with desk.store.begin() as uow:
        case = await uow.case_by_number(owner, number)
    if case is None:
        raise Refused(CaseCode.NOT_FOUND, number=number[:_LONGEST_SHOWN])
    return case.opened_at, case.id


def _check_length(id: str) -> None:
    if len(id) < SHORTEST_PREFIX:
        raise Refused(MessageCode.ID_TOO_SHORT, least=SHORTEST_PREFIX)
