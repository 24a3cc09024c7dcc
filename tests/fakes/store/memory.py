"""The store in memory (engine.ports.Store): one transaction at a time, an error leaves everything as it was."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from engine.case.record import Case
from engine.names import HerId
from engine.records.inbox import Client, ReceivedDocument
from engine.records.log import Alarm, StoredEvent, Task
from engine.records.messages import IncomingMail, Kept, OutgoingMessage
from engine.records.versions import RegistryVersion
from engine.records.work import SUSPECT_DEATHS, Queued, Work, WorkKind
from engine.states.alarm import AlarmState
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.store.marks import mark_of
from tests.fakes.store.tables import QueuedWork, Tables, WorkKey
from tests.fakes.store.unit import MemoryUnitOfWork

T = TypeVar("T")


class MemoryStore:
    """Holds everything in dictionaries. Leases run on the machine's own clock, like the database's."""

    def __init__(self, *, lease_seconds: float = 60.0) -> None:
        self.tables = Tables()
        self._lease_seconds = lease_seconds
        self._lock = asyncio.Lock()
        self._wakes: list[Callable[[Queued], None]] = []

    async def open(self) -> None:
        """Do nothing; here so that both stores are opened alike."""

    async def close(self) -> None:
        """Do nothing; here so that both stores are closed alike."""

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryUnitOfWork]:
        """Open a transaction, waiting for the one under way."""
        async with self._lock:
            unit = MemoryUnitOfWork(self.tables.copy())
            yield unit
            self.tables = unit.tables
        if unit.woke:
            for wake in self._wakes:
                wake(Queued())

    async def share(
        self, do: Callable[[MemoryUnitOfWork], Awaitable[T]], keys: frozenset[str] | None = frozenset()
    ) -> T:
        """Do it in a transaction of its own: nobody has to wait here."""
        async with self.begin() as unit:
            return await do(unit)

    async def kept_of_strangers(self) -> Kept:
        """Return what is kept of mail that nobody vouched for."""
        rows = [row for row, _ in self.tables.inbound.values() if not row.verified]
        return Kept(sum(row.size for row in rows if row.reduced_at is None), len(rows))

    async def take_work(self, kinds: Sequence[WorkKind], now: datetime, most: int) -> list[Work]:
        """Lease due work, oldest first."""
        async with self._lock:
            due = [
                (key, row)
                for key, row in self.tables.work.items()
                if key[1] in kinds and row.lease is None and row.due <= now and not self._is_held(key[1])
            ]
            due.sort(key=lambda found: (found[1].due, found[0][2]))
            suspects = [key for key, row in due if key[1] is WorkKind.MOTTA and row.deaths >= SUSPECT_DEATHS]
            if due and due[0][0] in suspects:
                return [self._lease(*found) for found in due[:1]]
            return [self._lease(key, row) for key, row in due[:most] if key not in suspects]

    async def take_work_of(self, kind: WorkKind, now: datetime, windows: Mapping[str, int], most: int) -> list[Work]:
        """Lease due work of these partners, at most so many each."""
        async with self._lock:
            left = dict(windows)
            taken: list[Work] = []
            for key, row in self._due(kind, now):
                if len(taken) < most and left.get(row.partner, 0) > 0:
                    left[row.partner] -= 1
                    taken.append(self._lease(key, row))
            return taken

    async def take_work_of_others(
        self, kind: WorkKind, now: datetime, closed: Collection[str], most: int
    ) -> list[Work]:
        """Lease one piece of due work of each other partner."""
        async with self._lock:
            first: dict[str, tuple[WorkKey, QueuedWork]] = {}
            for key, row in self._due(kind, now):
                if row.partner not in closed:
                    first.setdefault(row.partner, (key, row))
            return [self._lease(key, row) for key, row in list(first.values())[:most]]

    def _is_held(self, kind: WorkKind) -> bool:
        held = any(released is None for _, released in self.tables.restorations.values())
        return held and kind in {WorkKind.SEND, WorkKind.BREV, WorkKind.VARSEL}

    def _due(self, kind: WorkKind, now: datetime) -> list[tuple[WorkKey, QueuedWork]]:
        found = [
            (key, row)
            for key, row in self.tables.work.items()
            if key[1] is kind and row.lease is None and row.due <= now and not self._is_held(kind)
        ]
        return sorted(found, key=lambda each: (each[1].due, each[0][2]))

    async def return_expired_work(self) -> int:
        """Free work whose lease has run out."""
        async with self._lock:
            now = time.monotonic()
            expired = [key for key, row in self.tables.work.items() if row.lease and row.lease_until < now]
            for key in expired:
                row = self.tables.work[key]
                self.tables.work[key] = replace(row, lease=None, attempts=row.attempts + 1, deaths=row.deaths + 1)
            return len(expired)

    async def list_inbound(
        self, owner: HerId, state: InboundState | None = None, most: int = 200
    ) -> list[IncomingMail]:
        """Return a party's mails, newest first."""
        found = [
            mail for mail, _ in self.tables.inbound.values() if mail.owner == owner and state in (None, mail.state)
        ]
        return sorted(found, key=lambda mail: mail.received_at, reverse=True)[:most]

    async def list_outbound(
        self, owner: HerId, state: DeliveryState | None = None, most: int = 200
    ) -> list[OutgoingMessage]:
        """Return a party's outgoing messages, newest first."""
        rows = (message for message, *_ in self.tables.outbound.values())
        found = [message for message in rows if message.owner == owner and state in (None, message.state)]
        return sorted(found, key=lambda message: message.created_at, reverse=True)[:most]

    async def list_inbox(self, owner: HerId, receiver: HerId | None = None, most: int = 200) -> list[ReceivedDocument]:
        """Return what stands in a party's inbox, newest first."""
        rows = (item for item, _ in self.tables.inbox.values())
        found = [item for item in rows if item.owner == owner and receiver in (None, item.receiver)]
        return sorted(found, key=lambda item: item.received_at, reverse=True)[:most]

    async def find_in_inbox(self, owner: HerId, text: str, most: int) -> list[ReceivedDocument]:
        """Return what stands in a party's inboxes under an own id or a MsgId that begins with `text`, newest first."""
        items = await self.list_inbox(owner, most=len(self.tables.inbox))
        digits = text.replace("-", "").lower()
        return [item for item in items if item.msg_id.startswith(text) or (digits and item.id.hex.startswith(digits))][
            :most
        ]

    async def untaken(self, owner: HerId, receiver: HerId, after: UUID | None, most: int) -> list[ReceivedDocument]:
        """Return what nobody has taken from one inbox, oldest first."""
        mine = [item for item, _ in self.tables.inbox.values() if (item.owner, item.receiver) == (owner, receiver)]
        mine.sort(key=lambda item: (item.received_at, item.id))
        place = next((number for number, item in enumerate(mine, 1) if item.id == after), len(mine) if after else 0)
        return [item for item in mine[place:] if item.taken_at is None][:most]

    async def list_clients(self) -> list[Client]:
        """Return every client, by name, the newest of a name first."""
        rows = (client for client, _ in self.tables.clients.values())
        found = sorted(rows, key=lambda each: each.created_at, reverse=True)
        return sorted(found, key=lambda each: each.name)

    async def list_cases(self, owner: HerId, state: CaseState | None = None, most: int = 200) -> list[Case]:
        """Return a party's cases, newest first."""
        found = [case for case, _ in self.tables.cases.values() if case.owner == owner]
        wanted = [case for case in found if state is None or case.state is state]
        return sorted(wanted, key=lambda case: case.opened_at, reverse=True)[:most]

    async def list_alarms(self, owner: HerId, most: int = 1_000) -> list[Alarm]:
        """Return a party's alarms that are not over, the oldest first."""
        alarms = self.tables.alarms.values()
        found = [each for each in alarms if each.owner == owner and each.state is not AlarmState.LUKKET]
        return sorted(found, key=lambda each: (each.first_at, each.id))[:most]

    async def list_tasks(self, owner: HerId, *, open_only: bool = True, most: int = 1_000) -> list[Task]:
        """Return a party's tasks, the most urgent first."""
        tasks = self.tables.tasks.values()
        found = [task for task in tasks if task.owner == owner and not (open_only and task.done_at)]
        return sorted(found, key=lambda task: (task.due, task.opened_at))[:most]

    async def timeline(self, owner: HerId, subject: UUID) -> list[StoredEvent]:
        """Return the events of one mail or message."""
        return [found for found in self.tables.events if (found.owner, found.event.subject) == (owner, subject)]

    async def find(self, owner: HerId, text: str) -> list[IncomingMail | OutgoingMessage]:
        """Return messages that carry an id, newest first."""
        rows: list[IncomingMail | OutgoingMessage] = [*await self.list_inbound(owner, most=len(self.tables.inbound))]
        rows += await self.list_outbound(owner, most=len(self.tables.outbound))
        found = [row for row in rows if {text, mark_of(text)} & _ids(row)]
        return sorted(found, key=_made_at, reverse=True)[:200]

    async def listen(self, wake: Callable[[Queued], None]) -> None:
        """Call `wake` at once and whenever work was queued, until cancelled."""
        self._wakes.append(wake)
        try:
            wake(Queued())
            await asyncio.Event().wait()
        finally:
            self._wakes.remove(wake)

    async def ensure_partitions(self, now: datetime) -> None:
        """Do nothing: memory has no months."""

    async def add_registry_version(self, content: str, sha256: bytes, by: str, at: datetime) -> int:
        """Keep a version of the party register."""
        number = len(self.tables.registry) + 1
        self.tables.registry.append(RegistryVersion(number, at, by, sha256, content))
        return number

    async def registry_versions(self, most: int = 50) -> list[RegistryVersion]:
        """Return the versions of the party register, newest first."""
        return self.tables.registry[::-1][:most]

    def _lease(self, key: WorkKey, row: QueuedWork) -> Work:
        lease = uuid4()
        until = time.monotonic() + self._lease_seconds
        self.tables.work[key] = replace(row, lease=lease, lease_until=until, again=False)
        owner, kind, subject = key
        return Work(kind, owner, subject, row.partner, row.due, row.attempts, lease, row.deaths)


def _ids(row: IncomingMail | OutgoingMessage) -> set[str]:
    header = row.header
    wire = {header.message_id, header.conversation_id, header.ref_to, row.msg_id}
    return {str(row.id), *(str(id) for id in wire if id is not None)}


def _made_at(row: IncomingMail | OutgoingMessage) -> datetime:
    return row.received_at if isinstance(row, IncomingMail) else row.created_at
