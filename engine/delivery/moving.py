"""Move an outgoing message and let its case follow: the one way in which a delivery goes on."""

from collections.abc import Mapping
from datetime import datetime

from engine.casework.following import after_delivery
from engine.commit.commit import Commit
from engine.outbound.transitions import move_message
from engine.records.log import Cause
from engine.records.messages import OutgoingMessage
from engine.states.delivery import NEEDS_ACTION, DeliveryEvent, DeliveryState

FOLLOWED = NEEDS_ACTION | {
    DeliveryState.LEVERT,
    DeliveryState.LEVERT_MED_FEIL,
    DeliveryState.LEVERT_MANUELT,
    DeliveryState.KANSELLERT,
}
"""States of a delivery that its case follows: it was delivered, it needs a person, or it was cancelled."""

_REPORTS = frozenset({DeliveryEvent.RETURNED, DeliveryEvent.NOTICED})


async def advance_message(
    commit: Commit,
    message: OutgoingMessage,
    event: DeliveryEvent,
    data: Mapping[str, str] | None = None,
    *,
    confirmed_at: datetime | None = None,
    trouble: Cause | None = None,
) -> OutgoingMessage:
    """Advance a message by one event and let the case whose deviation it carries follow; return it as it now is.

    `data` goes to the log; its `reason` also to the message. `confirmed_at` is the time that the receiver's own
    confirmation bears. `trouble` is what a try that was put off says about the partner or our way out. Raises Refused
    where the table refuses, OwnFault where another node moved the message first.
    """
    moved = await move_message(commit, message, event, data or {}, trouble)
    if is_news(event, message.state, moved.state):
        await after_delivery(commit.uow, commit.ports, moved, commit.now, confirmed_at)
    return moved


def is_news(event: DeliveryEvent, before: DeliveryState, after: DeliveryState) -> bool:
    """Return whether a case must hear of an event. A mail server's report that moves nothing is no news to it."""
    return after in FOLLOWED and not (event in _REPORTS and before is after)
