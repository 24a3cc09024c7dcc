"""The one way to move a state machine.

A table is a mapping from state to a mapping from event to what follows: a next state, IGNORE (logged, nothing
moves), TASK (kept and shown to a person, nothing moves) or REFUSE (our caller's error). Tables are total, which
`check_total` proves in the tests, so that nothing from outside can raise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Generic, TypeVar

from engine.codes.operations import OperationsCode
from engine.errors import Refused


class Otherwise(Enum):
    """What follows when no state does."""

    IGNORE = "ignore"
    TASK = "task"
    REFUSE = "refuse"


IGNORE, TASK, REFUSE = Otherwise.IGNORE, Otherwise.TASK, Otherwise.REFUSE

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)
Table = Mapping[S, Mapping[E, S | Otherwise]]


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """What an event did: `moved` to `state`, or left it there with `task` set when a person must look."""

    state: S
    moved: bool
    task: bool


def advance(table: Table[S, E], state: S, event: E) -> Step[S]:
    """Return what `event` does in `state`.

    Raises Refused, naming the state and what is allowed from it, where the table says REFUSE.
    """
    target = table[state][event]
    if target is REFUSE:
        raise Refused(OperationsCode.NOT_POSSIBLE, event=event, state=state, ways=_allowed(table, state))
    if isinstance(target, Otherwise):
        return Step(state, moved=False, task=target is TASK)
    return Step(target, moved=target != state, task=False)


def check_total(table: Table[S, E], states: Iterable[S], events: Iterable[E]) -> list[str]:
    """Return a sentence for each state and event that the table does not answer."""
    wanted = list(events)
    missing = ((state, event) for state in states for event in wanted if event not in table.get(state, {}))
    return [f"{state} says nothing of {event}" for state, event in missing]


def _allowed(table: Table[S, E], state: S) -> str:
    """Return what a caller may do in a state: only such events are ever refused, the others come from outside."""
    ours = {event for row in table.values() for event, target in row.items() if target is REFUSE}
    ways = [event for event, target in table[state].items() if event in ours and not isinstance(target, Otherwise)]
    return ", ".join(ways) or "-"
