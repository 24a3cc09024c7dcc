"""Lists and look-ups of a party's rows, the same for the engine's own connections and for a page's fenced one."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg.rows import DictRow

from adapters.keys.at_rest import AtRest
from adapters.store.case import opened_case
from adapters.store.rows import alarm_of, event_of, inbound_of, item_of, outbound_of, task_of
from adapters.store.session import uuid_in
from engine.case.record import Case
from engine.names import HerId
from engine.records.inbox import ReceivedDocument
from engine.records.log import Alarm, StoredEvent, Task
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

MOST_FOUND = 200
_ID_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Filter of a list: some states, a kind of message, and only rows older than a time.

    With `past`, the id of a row of that time, also those of the same time that a list shows after it.
    """

    states: Iterable[StrEnum] | None = None
    kind: Kind | None = None
    before: datetime | None = None
    past: UUID | None = None

    def values(self) -> dict[str, object]:
        """Return the parameters of the list statements."""
        states = None if self.states is None else [state.value for state in self.states]
        kind = self.kind.value if self.kind else None
        return {"states": states, "kind": kind, "before": self.before, "past": self.past}


ALL = Narrowed()


class Lists(ABC):
    """The reading part of a store (engine.ports.Store). Every method takes the owner of the rows first."""

    _at_rest: AtRest

    @abstractmethod
    async def _read(self, name: str, **values: object) -> list[DictRow]:
        """Run the named statement and return its rows."""

    async def list_inbound(
        self, owner: HerId, state: InboundState | None = None, most: int = MOST_FOUND, narrowed: Narrowed = ALL
    ) -> list[IncomingMail]:
        """Return a party's mails, newest first."""
        asked = _one_state(narrowed, state).values()
        return [inbound_of(row) for row in await self._read("list_inbound", owner=owner, most=most, **asked)]

    async def list_outbound(
        self, owner: HerId, state: DeliveryState | None = None, most: int = MOST_FOUND, narrowed: Narrowed = ALL
    ) -> list[OutgoingMessage]:
        """Return a party's outgoing messages, newest first."""
        asked = _one_state(narrowed, state).values()
        return [outbound_of(row) for row in await self._read("list_outbound", owner=owner, most=most, **asked)]

    async def list_inbox(
        self, owner: HerId, receiver: HerId | None = None, most: int = MOST_FOUND, narrowed: Narrowed = ALL
    ) -> list[ReceivedDocument]:
        """Return the documents in a party's inbox, newest first. Only the filter's time applies to them."""
        asked = {"owner": owner, "receiver": receiver, "most": most, "before": narrowed.before, "past": narrowed.past}
        return [item_of(row) for row in await self._read("list_inbox", **asked)]

    async def find_in_inbox(self, owner: HerId, text: str, most: int) -> list[ReceivedDocument]:
        """Return the documents in a party's inboxes whose own id or MsgId begins with `text`, newest first."""
        low, high = ids_beginning(text)
        asked = {"owner": owner, "text": text, "low": low, "high": high, "most": most}
        return [item_of(row) for row in await self._read("find_in_inbox", **asked)]

    async def untaken(self, owner: HerId, receiver: HerId, after: UUID | None, most: int) -> list[ReceivedDocument]:
        """Return the documents in one inbox that nobody has taken, oldest first, after the item `after`."""
        values = {"owner": owner, "receiver": receiver, "after": after, "most": most}
        return [item_of(row) for row in await self._read("untaken", **values)]

    async def list_cases(
        self, owner: HerId, state: CaseState | None = None, most: int = MOST_FOUND, narrowed: Narrowed = ALL
    ) -> list[Case]:
        """Return a party's cases, newest first. The filter's kind of message does not apply to cases."""
        asked = _one_state(narrowed, state).values()
        rows = await self._read("list_cases", owner=owner, most=most, **asked)
        return [opened_case(self._at_rest, row) for row in rows]

    async def list_alarms(self, owner: HerId, most: int = 1_000) -> list[Alarm]:
        """Return a party's alarms that are not LUKKET, the oldest first."""
        return [alarm_of(row) for row in await self._read("list_alarms", owner=owner, most=most)]

    async def list_tasks(self, owner: HerId, *, open_only: bool = True, most: int = 1_000) -> list[Task]:
        """Return a party's tasks, the most urgent first."""
        return [task_of(row) for row in await self._read("list_tasks", owner=owner, open_only=open_only, most=most)]

    async def find_tasks(self, owner: HerId, beginning: str, most: int) -> list[Task]:
        """Return a party's open tasks whose id begins with `beginning`."""
        low, high = ids_beginning(beginning)
        return [task_of(row) for row in await self._read("find_tasks", owner=owner, low=low, high=high, most=most)]

    async def find_alarms(self, owner: HerId, beginning: str, most: int) -> list[Alarm]:
        """Return a party's alarms that are not LUKKET and whose id begins with `beginning`."""
        low, high = ids_beginning(beginning)
        return [alarm_of(row) for row in await self._read("find_alarms", owner=owner, low=low, high=high, most=most)]

    async def timeline(self, owner: HerId, subject: UUID) -> list[StoredEvent]:
        """Return the events of one mail or message, in order."""
        return [event_of(row) for row in await self._read("timeline", owner=owner, subject=subject)]

    async def find(self, owner: HerId, text: str, most: int = MOST_FOUND) -> list[IncomingMail | OutgoingMessage]:
        """Return at most so many messages whose own id or one of whose wire ids is `text`, newest first."""
        id = uuid_in(text)
        return await self._found("find", owner, most, {"text": text, "low": id, "high": id})

    async def find_beginning(
        self, owner: HerId, text: str, most: int = MOST_FOUND
    ) -> list[IncomingMail | OutgoingMessage]:
        """Return at most so many messages of which an own or a wire id begins with `text`, newest first.

        The digits of a UUID are found in small letters and in capitals.
        """
        low, high = ids_beginning(text)
        one, other = (text, text) if low is None else (text.lower(), text.upper())
        asked = {"one": one, "other": other, "low": low, "high": high}
        return await self._found("find_beginning", owner, most, asked)

    async def _found(
        self, name: str, owner: HerId, most: int, asked: Mapping[str, object]
    ) -> list[IncomingMail | OutgoingMessage]:
        mails: list[IncomingMail | OutgoingMessage] = [
            inbound_of(row) for row in await self._read(f"{name}_in_inbound", owner=owner, most=most, **asked)
        ]
        rows = await self._read(f"{name}_in_outbound", owner=owner, most=most, **asked)
        return newest_first([*mails, *map(outbound_of, rows)])[:most]


def newest_first(rows: Iterable[IncomingMail | OutgoingMessage]) -> list[IncomingMail | OutgoingMessage]:
    """Return mails and messages by when they came or were made, the newest first; those of one time by id."""
    return sorted(rows, key=lambda row: (made_at(row), -row.id.int), reverse=True)


def made_at(found: IncomingMail | OutgoingMessage) -> datetime:
    """Return when a mail came in or a message was made."""
    return found.received_at if isinstance(found, IncomingMail) else found.created_at


def ids_beginning(text: str) -> tuple[UUID | None, UUID | None]:
    """Return the lowest and the highest id that begins with `text`, (None, None) when no id can begin so."""
    digits = text.replace("-", "").lower()
    if not 0 < len(digits) <= _ID_DIGITS or not set(digits) <= set("0123456789abcdef"):
        return None, None
    return UUID(digits.ljust(_ID_DIGITS, "0")), UUID(digits.ljust(_ID_DIGITS, "f"))


def _one_state(narrowed: Narrowed, state: StrEnum | None) -> Narrowed:
    return narrowed if state is None else replace(narrowed, states=(state,))
