"""The delivery log as the operations desk reads it: every message of every party served here, and its timeline."""

from datetime import datetime
from uuid import UUID

from adapters.store.lists import ALL, MOST_FOUND, Narrowed, made_at, newest_first
from adapters.wiring.engine import Engine
from engine.codes.message import MessageCode
from engine.codes.operations import OperationsCode
from engine.errors import Refused
from engine.names import OPERATOR
from engine.operations.by_hand import owners
from engine.records.log import StoredEvent
from engine.records.messages import IncomingMail, OutgoingMessage
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

SHORTEST_PREFIX = 8


async def log_rows(
    opened: Engine, state: str | None = None, most: int = MOST_FOUND, narrowed: Narrowed = ALL
) -> list[IncomingMail | OutgoingMessage]:
    """Return the newest messages that the operations desk may see, at most so many, newest first.

    `narrowed` says what they are older than. Raises Refused for an unknown state.
    """
    known = {each.value for each in (*InboundState, *DeliveryState)}
    if state is not None and state not in known:
        raise Refused(OperationsCode.NO_STATE, state=state, states=sorted(known))
    rows: list[IncomingMail | OutgoingMessage] = []
    for owner in owners(opened.ports.policy):
        if state is None or state in InboundState.__members__:
            rows += await opened.store.list_inbound(owner, InboundState(state) if state else None, most, narrowed)
        if state is None or state in DeliveryState.__members__:
            rows += await opened.store.list_outbound(owner, DeliveryState(state) if state else None, most, narrowed)
    return newest_first(rows)[:most]


async def find_messages(opened: Engine, id: str, most: int = MOST_FOUND) -> list[IncomingMail | OutgoingMessage]:
    """Return messages by any id, else by the beginning of any, newest first. Raises Refused where there is none."""
    found: list[IncomingMail | OutgoingMessage] = []
    for owner in owners(opened.ports.policy):
        found += await opened.store.find(owner, id, most)
    if not found and len(id) >= SHORTEST_PREFIX:
        for owner in owners(opened.ports.policy):
            found += await opened.store.find_beginning(owner, id, most)
    if not found:
        raise Refused(MessageCode.NOT_FOUND, id=id[:64])
    return newest_first(found)[:most]


async def find_message(opened: Engine, id: str) -> IncomingMail | OutgoingMessage:
    """Return the message that has `id` among its ids. Raises Refused when none has it, or several."""
    found = await find_messages(opened, id)
    if len(found) > 1:
        raise Refused(MessageCode.SEVERAL, number=len(found), id=id[:64])
    return found[0]


async def row_with(opened: Engine, id: str) -> tuple[datetime, UUID]:
    """Return time and own id of the message that has `id` among its ids. Raises Refused where not one has it."""
    found = await find_message(opened, id)
    return made_at(found), found.id


async def find_task(opened: Engine, id: str) -> UUID:
    """Return the id of the open task whose id begins with `id`. Raises Refused where not one does."""
    _check_length(id)
    tasks = [task for owner in owners(opened.ports.policy) for task in await opened.store.find_tasks(owner, id, 2)]
    if len(tasks) != 1:
        raise Refused(OperationsCode.SEVERAL_TASKS if tasks else OperationsCode.NO_TASK, id=id[:64])
    return tasks[0].id


async def find_alarm(opened: Engine, id: str) -> UUID:
    """Return the id of the alarm that is on and whose id begins with `id`. Raises Refused where not one does."""
    _check_length(id)
    alarms = [alarm for owner in owners(opened.ports.policy) for alarm in await opened.store.find_alarms(owner, id, 2)]
    if len(alarms) != 1:
        raise Refused(OperationsCode.SEVERAL_ALARMS if alarms else OperationsCode.NO_ALARM, id=id[:64])
    return alarms[0].id


def _check_length(id: str) -> None:
    if len(id) < SHORTEST_PREFIX:
        raise Refused(MessageCode.ID_TOO_SHORT, least=SHORTEST_PREFIX)


async def events_of(opened: Engine, found: IncomingMail | OutgoingMessage) -> list[StoredEvent]:
    """Return what happened to a message, in order; what happened before its party was known stands with OPERATOR."""
    events = await opened.store.timeline(found.owner, found.id)
    if found.owner != OPERATOR:
        events += await opened.store.timeline(OPERATOR, found.id)
    return sorted(events, key=lambda stored: stored.id)
