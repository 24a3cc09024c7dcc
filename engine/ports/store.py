"""The database: transactions, the work queue, and what people look at."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from engine.case.record import Case
from engine.names import HerId
from engine.ports.case_rows import CaseRows
from engine.ports.channel_rows import ChannelRows
from engine.ports.client_rows import ClientRows
from engine.ports.desk_rows import DeskRows
from engine.ports.mail_rows import InboundRows, LedgerRows, MailboxRows, OutboundRows
from engine.ports.operations_rows import AlarmRows, RestorationRows
from engine.ports.partner_rows import PartnerRows
from engine.ports.work_rows import WorkRows
from engine.records.inbox import Client, ReceivedDocument
from engine.records.log import Alarm, StoredEvent, Task
from engine.records.messages import IncomingMail, Kept, OutgoingMessage
from engine.records.versions import RegistryVersion
from engine.records.work import Queued, Work, WorkKind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState

T = TypeVar("T")


class UnitOfWork(
    InboundRows,
    MailboxRows,
    OutboundRows,
    LedgerRows,
    WorkRows,
    CaseRows,
    ClientRows,
    ChannelRows,
    DeskRows,
    AlarmRows,
    RestorationRows,
    PartnerRows,
    Protocol,
):
    """One transaction. Leaving the context without an error commits it, an error rolls all of it back."""


class Store(Protocol):
    """The database: transactions, the work queue, and what people look at."""

    def begin(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a transaction. Raises Unavailable when the database cannot be reached."""

    async def share(self, do: Callable[[UnitOfWork], Awaitable[T]], keys: frozenset[str] | None = frozenset()) -> T:
        """Return what `do` returns once it is committed, in a transaction that others may share who wait as well.

        Two that have a key in common, such as a conversation, never share one; where `keys` is None nobody does. A
        shared transaction that fails, whoever is to blame, is undone and each of its pieces of work is done by itself:
        `do` is then called again, so it may change nothing but through the unit of work. Raises what `do` raises, and
        Unavailable like `begin`.
        """

    async def take_work(self, kinds: Sequence[WorkKind], now: datetime, most: int) -> list[Work]:
        """Lease due work, oldest first; the lease runs on the database's clock.

        A suspect comes alone when it is the oldest, and is left for another time when it is not.
        """

    async def take_work_of(self, kind: WorkKind, now: datetime, windows: Mapping[str, int], most: int) -> list[Work]:
        """Lease due work of the partners in `windows`, at most that many each; reads no more rows than it may take."""

    async def take_work_of_others(
        self, kind: WorkKind, now: datetime, closed: Collection[str], most: int
    ) -> list[Work]:
        """Lease one piece of due work of each partner that is not in `closed`, those waiting longest first."""

    async def kept_of_strangers(self) -> Kept:
        """Return what is kept of mail that nobody vouched for, or has not vouched for yet, whoever it is for."""

    async def return_expired_work(self) -> int:
        """Free what dead nodes held; return how many."""

    async def list_inbound(
        self, owner: HerId, state: InboundState | None = None, most: int = 200
    ) -> list[IncomingMail]:
        """Return a party's mails, newest first."""

    async def list_outbound(
        self, owner: HerId, state: DeliveryState | None = None, most: int = 200
    ) -> list[OutgoingMessage]:
        """Return a party's outgoing messages, newest first."""

    async def list_inbox(self, owner: HerId, receiver: HerId | None = None, most: int = 200) -> list[ReceivedDocument]:
        """Return what stands in a party's inbox, newest first."""

    async def find_in_inbox(self, owner: HerId, text: str, most: int) -> list[ReceivedDocument]:
        """Return what stands in a party's inboxes under an own id or a MsgId that begins with `text`, newest first."""

    async def untaken(self, owner: HerId, receiver: HerId, after: UUID | None, most: int) -> list[ReceivedDocument]:
        """Return what nobody has taken from one inbox, oldest first; `after` is the item that a page follows.

        One that is not in that inbox is followed by nothing.
        """

    async def list_clients(self) -> list[Client]:
        """Return every client there ever was, by name, the newest of a name first."""

    async def list_cases(self, owner: HerId, state: CaseState | None = None, most: int = 200) -> list[Case]:
        """Return a party's cases, newest first."""

    async def list_tasks(self, owner: HerId, *, open_only: bool = True, most: int = 1_000) -> list[Task]:
        """Return a party's tasks, the most urgent first."""

    async def list_alarms(self, owner: HerId, most: int = 1_000) -> list[Alarm]:
        """Return a party's alarms that are not LUKKET, the oldest first."""

    async def timeline(self, owner: HerId, subject: UUID) -> list[StoredEvent]:
        """Return the events of one mail or message, in order."""

    async def find(self, owner: HerId, text: str) -> list[IncomingMail | OutgoingMessage]:
        """Return messages whose own id, ebXML MessageId, MsgId, ConversationId or RefToMessageId is `text`."""

    async def listen(self, wake: Callable[[Queued], None]) -> None:
        """Call `wake` whenever work may have been queued, until cancelled.

        Deadlines wake nobody. It is called with Queued() after each lost connection.
        """

    async def ensure_partitions(self, now: datetime) -> None:
        """Make room for this month and the next ones. Safe to call at any time, by any node."""

    async def add_registry_version(self, content: str, sha256: bytes, by: str, at: datetime) -> int:
        """Keep an imported version of the party register; return its number, higher than any before."""

    async def registry_versions(self, most: int = 50) -> list[RegistryVersion]:
        """Return the versions of the party register, newest first; the first is the one that counts."""
