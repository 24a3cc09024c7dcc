"""The delivery log as the operations desk reads it: every message of every party served here, and its timeline."""

from adapters.store.lists import ALL, MOST_FOUND, Narrowed, newest_first
from adapters.wiring.desk import Desk
from engine.codes.message import MessageCode
from engine.codes.operations import OperationsCode
from engine.errors import Refused
from engine.names import OPERATOR
from engine.records.log import StoredEvent
from engine.records.messages import IncomingMail, OutgoingMessage
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

SHORTEST_PREFIX = 8


async def log_rows(
    desk: Desk, state: str | None = None, most: int = MOST_FOUND, narrowed: Narrowed = ALL
) -> list[IncomingMail | OutgoingMessage]:
    """Return the newest messages that the operations desk may see, at most so many, newest first.

    `narrowed` says what they are older than. Raises Refused for an unknown state.
    """
    known = {each.value for each in (*InboundState, *DeliveryState)}
    if state is not None and state not in known:
        raise Refused(OperationsCode.NO_STATE, state=state, states=sorted(known))
    rows: list[IncomingMail | OutgoingMessage] = []
    for owner in desk.owners:
        if state is None or state in InboundState.__members__:
            rows += await desk.store.list_inbound(owner, InboundState(state) if state else None, most, narrowed)
        if state is None or state in DeliveryState.__members__:
            rows += await desk.store.list_outbound(owner, DeliveryState(state) if state else None, most, narrowed)
    return newest_first(rows)[:most]


async def find_messages(desk: Desk, id: str, most: int = MOST_FOUND) -> list[IncomingMail | OutgoingMessage]:
    """Return messages by any id, else by the beginning of any, newest first. Raises Refused where there is none."""
    found: list[IncomingMail | OutgoingMessage] = []
    for owner in desk.owners:
        found += await desk.store.find(owner, id, most)
    if not found and len(id) >= SHORTEST_PREFIX:
        for owner in desk.owners:
            found += await desk.store.find_beginning(owner, id, most)
    if not found:
        raise Refused(MessageCode.NOT_FOUND, id=id[:64])
    return newest_first(found)[:most]


async def find_message(desk: Desk, id: str) -> IncomingMail | OutgoingMessage:
    """Return the message that has `id` among its ids. Raises Refused when none has it, or several."""
    found = await find_messages(desk, id)
    if len(found) > 1:
        raise Refused(MessageCode.SEVERAL, number=len(found), id=id[:64])
    return found[0]


async def events_of(desk: Desk, found: IncomingMail | OutgoingMessage) -> list[StoredEvent]:
    """Return what happened to a message, in order; what happened before its party was known stands with OPERATOR."""
    events = await desk.store.timeline(found.owner, found.id)
    if found.owner != OPERATOR:
        events += await desk.store.timeline(OPERATOR, found.id)
    return sorted(events, key=lambda stored: stored.id)
