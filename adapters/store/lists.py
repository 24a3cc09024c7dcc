"""Lists and look-ups of a party's rows, the same for the engine's own connections and for a page's fenced one."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
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
    """Filter of a list: some states, a kind of message, and only rows older than a time."""

    states: Iterable[StrEnum] | None = None
    kind: Kind | None = None
    before: datetime | None = None

    def values(self) -> dict[str, object]:
        """Return the parameters of the list statements."""
        states = None if self.states is None else [state.value for state in self.states]
        return {"states": states, "kind": self.kind.value if self.kind else None, "before": self.before}


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
        self, owner: HerId, receiver: HerId | None = None, most: int = MOST_FOUND
    ) -> list[ReceivedDocument]:
        """Return the documents in a party's inbox, newest first."""
        return [item_of(row) for row in await self._read("list_inbox", owner=owner, receiver=receiver, most=most)]

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

    async def timeline(self, owner: HerId, subject: UUID) -> list[StoredEvent]:
        """Return the events of one mail or message, in order."""
        return [event_of(row) for row in await self._read("timeline", owner=owner, subject=subject)]

    async def find(self, owner: HerId, text: str) -> list[IncomingMail | OutgoingMessage]:
        """Return at most 200 messages whose own id or one of whose wire ids is `text`, newest first."""
        id = uuid_in(text)
        return await self._found(owner, text, (id, id))

    async def find_beginning(self, owner: HerId, text: str) -> list[IncomingMail | OutgoingMessage]:
        """Return at most 200 messages whose own id begins with `text`, newest first."""
        return await self._found(owner, None, ids_beginning(text))

    async def _found(
        self, owner: HerId, text: str | None, ids: tuple[UUID | None, UUID | None]
    ) -> list[IncomingMail | OutgoingMessage]:
        asked = {"owner": owner, "text": text, "low": ids[0], "high": ids[1], "most": MOST_FOUND}
        mails: list[IncomingMail | OutgoingMessage] = [
            inbound_of(row) for row in await self._read("find_in_inbound", **asked)
        ]
        messages = [outbound_of(row) for row in await self._read("find_in_outbound", **asked)]
        return newest_first([*mails, *messages])[:MOST_FOUND]


def newest_first(rows: Iterable[IncomingMail | OutgoingMessage]) -> list[IncomingMail | OutgoingMessage]:
    """Return mails and messages by when they came or were made, the newest first."""
    return sorted(rows, key=made_at, reverse=True)


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
    return narrowed if state is None else Narrowed((state,), narrowed.kind, narrowed.before)
