"""Cases and messages for decisions about cases: plain ones, each field to be replaced where a test cares."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from engine.case.record import Case
from engine.names import MsgId
from engine.records.messages import OutgoingMessage
from engine.states.case import CaseState
from tests.fakes.store import rows
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE

NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
"""A Monday at noon in Oslo."""

STARTED = {"start": date(2026, 3, 2), "due": date(2026, 4, 1), "reminder_at": datetime(2026, 4, 7, 6, tzinfo=UTC)}
"""A clock that started on NOW: due before Easter, so that the reminder leaves on the Tuesday after it."""


def reported(state: CaseState = CaseState.LEVERT, **changed: Any) -> Case:
    """Return the GP's case, reported to Levanger and sent."""
    plain = Case(
        id=UUID(int=1),
        owner=GP,
        number="AVVIK-2026-000001",
        kind="AVVIK",
        reporting=True,
        our_her=GP_SERVICE,
        their_her=LEVANGER_SERVICE,
        state=state,
        opened_at=NOW,
        deadline=datetime(2026, 3, 9, 23, tzinfo=UTC),
        first_msg_id=MsgId("first"),
        last_msg_id=MsgId("first"),
        delivery=UUID(int=101),
    )
    return replace(plain, **changed)


def received(state: CaseState = CaseState.UNDER_BEHANDLING, **changed: Any) -> Case:
    """Return Levanger's case, received from the GP."""
    sides = {"owner": LEVANGER, "our_her": LEVANGER_SERVICE, "their_her": GP_SERVICE, "reporting": False}
    return replace(reported(state), **{"delivery": None, **sides, **changed})


def delivery(**changed: Any) -> OutgoingMessage:
    """Return the GP's message that carried the deviation."""
    return rows.message(101, **{"owner": GP, "created_at": NOW, **changed})
