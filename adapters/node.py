"""A node: one asyncio loop that takes mail in, processes, sends and keeps time, against one database.

Nodes share nothing but PostgreSQL. Work is leased there; what a dead node held is freed by any other (adapters.
scheduler). A slow partner holds at most PER_PARTNER of the sending slots, a slow webhook PER_CLIENT of its own.

Diagnostics: work that fails with Unavailable or OwnFault is put back with a longer wait each time and logged as
`work_postponed`; anything else is our bug, logged as `work_failed` with the type of the error, and tried again too.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

import structlog

from adapters.api.app import make_api
from adapters.api.webhooks import WebhookSender
from adapters.inbox.folder import InboxFolder
from adapters.inbox.letters import LetterBox
from adapters.inbox.outbox import Outbox
from adapters.inbox.shipments import Shipments
from adapters.mailbox.room import MailRoom
from adapters.metering import Meter
from adapters.scheduler import Scheduler
from adapters.smtp.listener import Listener
from adapters.smtp.sender import SmtpSender
from adapters.web.app import make_app
from adapters.web.server import WebServer
from adapters.web.site import Site
from adapters.wiring import Engine, addresses
from engine.errors import SamvikError
from engine.notices import notify
from engine.overdue import look_at
from engine.receive import give_up, receive, take_in
from engine.records import Work, WorkKind
from engine.routing.parties import Registry
from engine.send import deliver
from engine.world import World

PROCESSING_SLOTS = 4
SENDING_SLOTS = 20
PER_PARTNER = 4
NOTICE_SLOTS = 8
PER_CLIENT = 2
IDLE_SECONDS = 1.0
GRACE_SECONDS = 5.0

_log = structlog.get_logger()


class Node:
    """Runs an engine until it is stopped; `meter` sees what work costs.

    Once started, `port` is where it listens and `web_port` where it serves pages and record systems, 0 for neither.
    """

    def __init__(self, engine: Engine, meter: Meter | None = None) -> None:
        self._engine = engine
        self._meter = meter or Meter()
        self._world = engine.world
        self._sender = SmtpSender(engine.settings.relay)
        self._hooks = WebhookSender(engine.settings.api)
        self._folder = InboxFolder(engine.settings.inbox_dir)
        most = engine.settings.limits.most_mail_bytes
        self._outbox = Outbox(engine.settings.inbox_dir, lambda: self._world, most)
        self._wakes = (asyncio.Event(), asyncio.Event(), asyncio.Event())
        self._listening: asyncio.Task[None] | None = None
        self._workers: list[asyncio.Task[None]] = []
        self._stopping = False
        self._listener = Listener(engine.settings.listen, engine.settings.limits, self._take_in, self._addresses)
        self._shipments = Shipments(engine.settings.edialog, lambda: self._world, most)
        self._letters = LetterBox(engine.settings.edialog)
        looks = (self._outbox.look, self._shipments.look)
        self._scheduler = Scheduler(engine, lambda: self._world, self.use_registry, looks)
        self._mailboxes = MailRoom(engine.settings, engine.store.mailboxes(), lambda: self._world, self._meter)
        self._web: WebServer | None = None
        self.port = 0
        self.web_port = 0

    async def start(self) -> None:
        """Listen, and begin to work."""
        await asyncio.to_thread(self._outbox.prepare)
        await asyncio.to_thread(self._shipments.prepare)
        await self._start_web()
        try:
            await self._mailboxes.start()
            self.port = await self._listener.start()
        except SamvikError:
            await self._mailboxes.stop()
            await self._stop_web()
            raise
        self._scheduler.start()
        store, self._stopping = self._engine.store, False
        processing = (WorkKind.MOTTA, WorkKind.FRIST, WorkKind.SAK, WorkKind.INNBOKS, WorkKind.BREV)
        self._listening = asyncio.create_task(store.listen(self.wake))
        self._workers = [
            asyncio.create_task(self._work(self._wakes[0], processing, PROCESSING_SLOTS, PROCESSING_SLOTS)),
            asyncio.create_task(self._work(self._wakes[1], (WorkKind.SEND,), SENDING_SLOTS, PER_PARTNER)),
            asyncio.create_task(self._work(self._wakes[2], (WorkKind.VARSEL,), NOTICE_SLOTS, PER_CLIENT)),
        ]
        parties = list(self._engine.settings.parties)
        _log.info("node_started", port=self.port, web_port=self.web_port, parties=parties)

    async def stop(self) -> None:
        """Finish what is being committed, and stop. Whatever was not finished stays in the queue."""
        self._scheduler.stop()
        await self._stop_web()
        await self._mailboxes.stop()
        await self._listener.stop()
        self._stopping = True
        self.wake()
        if self._listening is not None:
            await _end(self._listening)
            self._listening = None
            await asyncio.gather(*self._workers, return_exceptions=True)
        _log.info("node_stopped", port=self.port)

    def wake(self) -> None:
        """Look for work now: some was queued, or the clock has jumped."""
        for wake in self._wakes:
            wake.set()

    def use_registry(self, registry: Registry) -> None:
        """Decide by another version of the register from now on."""
        self._world = replace(self._world, registry=registry)

    @property
    def world(self) -> World:
        """Return the surroundings that this node decides in now."""
        return self._world

    async def _start_web(self) -> None:
        settings, store = self._engine.settings, self._engine.store
        site = api = None
        if settings.web.enabled:
            await store.raise_fence()
            site = Site(settings, store, lambda: self._world)
        if settings.api.enabled:
            api = make_api(lambda: self._world, store.log_ins(), settings.limits.most_mail_bytes)
        if site or api:
            self._web = WebServer(settings.web, make_app(site, api))
            self.web_port = await self._web.start()

    async def _stop_web(self) -> None:
        if self._web is not None:
            await self._web.stop()
            self._web = None

    async def _take_in(self, raw: bytes, peer: str) -> UUID:
        return await self._meter.run("listen", take_in(self._world, raw, peer))

    def _addresses(self) -> set[str]:
        found = addresses(self._world.registry)
        return {address.lower() for her, address in found if address and self._world.owner_of(her)}

    async def _work(self, wake: asyncio.Event, kinds: Sequence[WorkKind], slots: int, per_partner: int) -> None:
        """Take due work while there are free slots; wait for a wake-up, or a second, when there is none."""
        running: dict[asyncio.Task[None], Work] = {}
        try:
            while not self._stopping:
                wake.clear()
                most = min(slots - len(running), _share_left(running.values(), per_partner))
                taken = await self._take(kinds, most, _busy(running.values(), per_partner))
                for work in taken:
                    running[asyncio.create_task(self._do(work))] = work
                if len(taken) < max(most, 1):
                    await _rest(wake, running)
                for task in [task for task in running if task.done()]:
                    del running[task]
        finally:
            await _finish(running)

    async def _take(self, kinds: Sequence[WorkKind], most: int, busy: Sequence[str]) -> list[Work]:
        if most < 1:
            return []
        try:
            return await self._engine.store.take_work(kinds, self._world.clock.now(), most, busy)
        except SamvikError as error:
            _log.error("no_work_to_be_had", reason=str(error))
            await asyncio.sleep(IDLE_SECONDS)
            return []

    async def _do(self, work: Work) -> None:
        structlog.contextvars.bind_contextvars(work=work.kind, subject=str(work.subject), owner=work.owner)
        try:
            await self._meter.run(work.kind, self._steps()[work.kind](work))
        except SamvikError as error:
            _log.warning("work_postponed", reason=str(error))
            await self._put_back(work, error)
        except Exception as error:  # a bug of ours must cost one message a wait, never the node
            _log.error("work_failed", error=type(error).__name__)
            await self._put_back(work, SamvikError(f"an error of ours ({type(error).__name__})"))

    def _steps(self) -> dict[WorkKind, Callable[[Work], Awaitable[None]]]:
        return {
            WorkKind.MOTTA: lambda work: receive(work, self._world),
            WorkKind.SEND: lambda work: deliver(work, self._world, self._sender),
            WorkKind.FRIST: lambda work: look_at(work, self._world),
            WorkKind.SAK: lambda work: look_at(work, self._world),
            WorkKind.INNBOKS: self._fill_folder,
            WorkKind.BREV: lambda work: self._letters.post(work, self._world),
            WorkKind.VARSEL: lambda work: notify(work, self._world, self._hooks),
        }

    async def _put_back(self, work: Work, error: SamvikError) -> None:
        try:
            await give_up(work, self._world, error)
        except SamvikError as second:
            # The lease runs out by itself, and the work comes back then.
            _log.error("work_left_to_its_lease", reason=str(second))

    async def _fill_folder(self, work: Work) -> None:
        async with self._engine.store.begin() as uow:
            found = await uow.inbox_item(work.owner, work.subject)
        if found is None:
            raise SamvikError(f"inbox item {work.subject} is gone")
        await asyncio.to_thread(self._folder.write, *found)
        async with self._engine.store.begin() as uow:
            await uow.finish_work(work)
            await uow.mark_exported(work.owner, work.subject, self._world.clock.now())


async def _rest(wake: asyncio.Event, running: dict[asyncio.Task[None], Work]) -> None:
    waiter = asyncio.create_task(wake.wait())
    try:
        await asyncio.wait({waiter, *running}, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiter.cancel()


def _busy(running: Iterable[Work], per_partner: int) -> list[str]:
    counts = Counter(work.partner for work in running if work.partner)
    return [partner for partner, count in counts.items() if count >= per_partner]


def _share_left(running: Iterable[Work], per_partner: int) -> int:
    """Return how much may be taken at once although all of it may be for one partner that is not busy yet."""
    counts = Counter(work.partner for work in running if work.partner)
    return per_partner - max((count for count in counts.values() if count < per_partner), default=0)


async def _finish(running: Collection[asyncio.Task[None]]) -> None:
    """Let work under way come to its commit; what takes longer is dropped and comes back when its lease runs out."""
    if running:
        _, late = await asyncio.wait(running, timeout=GRACE_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it ends: in Python 3.11 wait_for loses a cancellation that comes together with its result.

    Workers are told to stop by a flag for the same reason.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=IDLE_SECONDS)
