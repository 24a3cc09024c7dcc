"""The mailboxes of an engine. One node at a time empties a mailbox, and each mailbox has its own pace.

Diagnostics: `mailbox_emptied` with a count, if there was mail; `mailbox_failed` with the reason: tried again with
growing pauses, and a task after a quarter of an hour; `mail_not_collected` for a mail that had to be left behind.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from adapters.machine.metering import Meter
from adapters.mailbox.collector import Collector
from adapters.mailbox.opening import check
from adapters.settings import Mailbox, Settings
from adapters.smtp.slots import FairSlots, Slots
from adapters.store.mailboxes import Hold, Mailboxes
from engine.codes.mailbox import MailboxCode
from engine.codes.operations import OperationsCode
from engine.codes.statement import Statement
from engine.commit.ports import Ports
from engine.errors import SamvikError, Unavailable
from engine.inbound.mailbox import (
    MailboxMail,
    collect,
    forget_others,
    note_deleted,
    note_gone,
    pause_after,
    tell_of_failure,
    tell_of_success,
)

SILENCE_SECONDS = 60.0
BEAT_SECONDS = 15.0

_log = structlog.get_logger()


class MailRoom:
    """Collects from all configured mailboxes until it is stopped. `ports` returns the node's current ports.

    `room` says whether there is room for a mail of a stranger with so many bytes.
    """

    def __init__(
        self,
        settings: Settings,
        rows: Mailboxes,
        ports: Callable[[], Ports],
        meter: Meter,
        huge: FairSlots,
        room: Callable[[int], bool],
    ) -> None:
        large = Slots(FairSlots(settings.listen.most_large_mails), huge)
        most = settings.limits.most_mail_bytes
        self._places = settings.mailbox
        self._boxes = [_Box(place, rows, ports, meter, most, large, room) for place in settings.mailbox]
        self._ports = ports
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to collect. Raises OwnFault when a password or an issuer cannot be read."""
        for place in self._places:
            check(place)
        await forget_others(self._ports(), [place.name for place in self._places])
        self._tasks = [asyncio.create_task(box.run()) for box in self._boxes]

    async def stop(self) -> None:
        """Stop at once. Nothing is lost: stored mails are known, and all others are still in the mailbox."""
        for task in self._tasks:
            # In Python 3.11 a cancellation can be lost when it comes together with a result.
            while not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=1.0)
        self._tasks = []


class _Box:
    """One mailbox with its lease, its pauses and its tasks for operations (adapters.mailbox.collector.Shelf)."""

    def __init__(
        self,
        place: Mailbox,
        rows: Mailboxes,
        ports: Callable[[], Ports],
        meter: Meter,
        most_bytes: int,
        large: Slots,
        room: Callable[[int], bool],
    ) -> None:
        self._name = place.name
        self._poll = timedelta(seconds=place.poll_seconds)
        self._rows = rows
        self._ports = ports
        self._meter = meter
        self._room = room
        self._ours = False
        self._collector = Collector(place, most_bytes, self, large)

    async def run(self) -> None:
        """Empty the mailbox again and again, whenever no other node does."""
        failures = 0
        while True:
            try:
                async with self._held():
                    failures = failures + 1 if self._ours and not await self._look() else 0
            except SamvikError as fault:
                _log.warning("mailbox_not_to_be_had", mailbox=self._name, reason=str(fault))
                failures += 1
            except Exception as error:  # a bug of ours must cost one mailbox a wait, not its collector
                _log.error("mailbox_not_to_be_had", mailbox=self._name, reason=type(error).__name__)
                failures += 1
            await asyncio.sleep(pause_after(failures, self._poll).total_seconds())

    async def store(self, mail: MailboxMail) -> None:
        """See Shelf."""
        if not self._ours:
            raise Unavailable(MailboxCode.OTHER_NODE)
        strangers = self._room(len(mail.raw))
        await self._meter.run("collect", collect(self._ports(), mail, strangers=strangers))

    async def deleted(self, validity: str, keys: Collection[str]) -> None:
        """See Shelf."""
        await note_deleted(self._ports(), self._name, validity, keys)

    async def listed(self, validity: str, keys: Collection[str]) -> None:
        """See Shelf."""
        await note_gone(self._ports(), self._name, validity, keys)

    async def _look(self) -> bool:
        """Empty the mailbox, again for as long as its server tells of new mail; return whether that went well."""
        try:
            while True:
                count = await self._collector.empty()
                if count:
                    _log.info("mailbox_emptied", mailbox=self._name, count=count)
                if await self._rows.emptied(self._name):
                    await tell_of_success(self._ports(), self._name)
                if not await self._collector.news(self._poll.total_seconds()):
                    return True
        except SamvikError as fault:
            await self._failed(str(fault))
        except Exception as error:  # a bug of ours must cost one mailbox a wait, never the node
            await self._failed(str(Statement.of(OperationsCode.OUR_ERROR, kind=type(error).__name__)))
        return False

    async def _failed(self, reason: str) -> None:
        _log.warning("mailbox_failed", mailbox=self._name, reason=reason)
        since = await self._rows.failed(self._name, self._ports().clock.now())
        await tell_of_failure(self._ports(), self._name, since, reason)

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        """Reserve the mailbox, unless another node has it, for as long as this node gives signs of life."""
        async with self._rows.held(self._name, SILENCE_SECONDS) as hold:
            self._ours = hold is not None
            beating = asyncio.create_task(self._beat(hold)) if hold else None
            try:
                yield
            finally:
                await self._collector.close()
                self._ours = False
                if beating is not None:
                    beating.cancel()
                    await asyncio.wait({beating})

    async def _beat(self, hold: Hold) -> None:
        try:
            while True:
                await asyncio.sleep(BEAT_SECONDS)
                await hold.beat()
        except SamvikError:
            self._ours = False
