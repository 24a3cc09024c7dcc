"""What the delivery-log page puts first: the figures at its top, what needs action, and the note of who looked.

Which states count for which figure is decided here; pages and stores only count and show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from uuid import UUID

from engine.case.calendar import oslo_date
from engine.case.record import Case
from engine.casework import originals
from engine.commit.actor import Person
from engine.commit.ports import Ports
from engine.names import HerId
from engine.records.log import Event
from engine.states import case as cases
from engine.states import delivery, inbound
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

LOOKED_AT = "looked at"
LOOKS = frozenset({LOOKED_AT, originals.LOOKED, originals.NOT_SHOWN})
"""Actions of events that say who looked; they are no part of what happened."""


class Figure(StrEnum):
    """A figure at the top of the page."""

    WAITING = "waiting"
    UNACKNOWLEDGED = "unacknowledged"
    WITHOUT_APPREC = "without_apprec"
    QUARANTINED = "quarantined"
    OPEN_TASKS = "open_tasks"
    PAST_DUE = "past_due"


COUNTED: dict[Figure, frozenset[StrEnum]] = {
    Figure.WAITING: frozenset({DeliveryState.KO}),
    Figure.UNACKNOWLEDGED: frozenset({DeliveryState.SENDT, DeliveryState.SENDT_UKJENT, DeliveryState.UBEKREFTET}),
    Figure.WITHOUT_APPREC: frozenset({DeliveryState.TRANSPORTKVITTERT, DeliveryState.MANGLER_APPREC}),
    Figure.QUARANTINED: frozenset({InboundState.KARANTENE}),
}
"""States whose messages make up a figure; tasks and cases are counted by themselves."""

COUNTED_STATES = frozenset(state for states in COUNTED.values() for state in states)
OWES_ANSWER = cases.PARTNER_HAS_IT
"""States of a case in which the answer is still to come: past the due date they are late."""

WAITING_OUT, ALARMING_OUT = frozenset(delivery.OWNER_OF), delivery.NEEDS_ACTION
WAITING_IN, ALARMING_IN = frozenset(inbound.OWNER_OF), inbound.NEEDS_ACTION


GRACE = timedelta(minutes=15)
"""How long what the engine itself must do may be due before a person should see it."""

_OWNERS: dict[StrEnum, str] = dict(chain[tuple[StrEnum, str]](delivery.OWNER_OF.items(), inbound.OWNER_OF.items()))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who must act next on a row, '' where nobody must; whether the time for it is over, and a person should look."""

    owner: str
    late: bool
    pressing: bool


def figures(counts: Mapping[str, int], open_tasks: int, past_due: int) -> dict[Figure, int]:
    """Return every figure from the number of messages in each state."""
    found = {figure: sum(counts.get(state, 0) for state in states) for figure, states in COUNTED.items()}
    return found | {Figure.OPEN_TASKS: open_tasks, Figure.PAST_DUE: past_due}


def waiting(state: StrEnum, deadline: datetime | None, now: datetime) -> Waiting:
    """Return who must act on a message or case in a state: pressing is an alarming state or a deadline gone by."""
    if isinstance(state, cases.CaseState):
        owner = cases.OPEN[state][0] if state in cases.OPEN else ""
        late = bool(owner) and deadline is not None and deadline <= now
        return Waiting(owner, late, pressing=late)
    owner = _OWNERS.get(state, "")
    alarming = state in ALARMING_OUT | ALARMING_IN
    late = bool(owner) and deadline is not None and deadline <= (now if alarming else overdue_since(now))
    return Waiting(owner, late, pressing=alarming or late)


def overdue_since(now: datetime) -> datetime:
    """Return the time that a message's deadline must lie before for the message to be overdue."""
    return now - GRACE


def answer_is_late(case: Case, now: datetime) -> bool:
    """Say whether the answer to a case is still to come after its due date, in Oslo."""
    return case.state in OWES_ANSWER and case.due is not None and case.due < oslo_date(now)


async def note_look(ports: Ports, owner: HerId, subject: UUID, who: Person, name: str) -> None:
    """Log that a person looked at one message or case of `owner`."""
    event = Event(ports.clock.now(), subject, LOOKED_AT, str(who), {"name": name})
    async with ports.store.begin() as uow:
        await uow.log(owner, event)
