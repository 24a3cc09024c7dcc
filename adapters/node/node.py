"""A node: one asyncio loop that takes mail in, processes, sends and keeps time, against one database.

Nodes share nothing but PostgreSQL. Work is leased there; any other node frees what a dead node held
(adapters.node.ticks). Sending is shared out among partners by what each of them answers, and so are notices
(engine.outbound.partner_slots).

Diagnostics: work that fails with Unavailable or OwnFault is put back with a longer wait each time and logged as
`work_postponed`; anything else is our bug, logged as `work_failed` with the type of the error, and tried again too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from uuid import UUID

import structlog

from adapters.api.app import make_api
from adapters.api.webhooks import WebhookSender
from adapters.folders.edialog import Shipments
from adapters.folders.edialog_answers import LetterBox
from adapters.folders.inbox import InboxFolder
from adapters.folders.record_system import Outbox
from adapters.machine import kill_hooks, message_log
from adapters.machine.metering import Meter
from adapters.mailbox.room import MailRoom
from adapters.node.partner_queue import SharedQueue, Taken
from adapters.node.strangers import RoomForStrangers
from adapters.node.ticks import Scheduler
from adapters.smtp.listener import Desk, Listener
from adapters.smtp.sender import SmtpSender
from adapters.smtp.slots import FairSlots
from adapters.web.app import make_app
from adapters.web.server import WebServer
from adapters.web.site import Site
from adapters.wiring.engine import Engine
from adapters.wiring.environment import addresses
from engine.codes.operations import OperationsCode
from engine.commit.ports import Ports
from engine.delivery.send import deliver
from engine.errors import SamvikError
from engine.inbound.desk import desk_addresses, take_for_desk
from engine.inbound.receive import give_up, receive
from engine.inbound.storing import take_in
from engine.inbox.notices import notify
from engine.operations.deadlines import look_at
from engine.outbound.looking import IDLE_SECONDS
from engine.outbound.partner_slots import Sign, sign_of
from engine.records.work import Queued, Work, WorkKind
from engine.register.parties import Registry

PROCESSING_SLOTS = 12
"""How many pieces of work are done at once in turn: enough to fill a shared transaction, few enough for the memory."""

IN_TURN = (WorkKind.MOTTA, WorkKind.FRIST, WorkKind.SAK, WorkKind.INNBOKS, WorkKind.BREV)
"""What is done in the order that it fell due, whoever it is for."""
BY_THE_CLOCK = {WorkKind.FRIST, WorkKind.SAK}
"""Deadlines, which a node whose clock cannot be trusted leaves to others."""
NOTICE_SLOTS = 10
READY_SECONDS = 3.0
GRACE_SECONDS = 5.0
_COMMITS = {
    WorkKind.MOTTA: kill_hooks.Commit.DECIDE,
    WorkKind.INNBOKS: kill_hooks.Commit.INBOX,
    WorkKind.FRIST: kill_hooks.Commit.DUE,
    WorkKind.SAK: kill_hooks.Commit.DUE,
}
"""What the commits of each kind of work are for; a sender names its own when it has something to send."""

_WORKER_OF = {WorkKind.SEND: 1, WorkKind.VARSEL: 2}
"""Which of a node's workers does a kind of work; the first does all others."""

_log = structlog.get_logger()

Take = Callable[[int], Awaitable[Taken]]
"""Takes work from the queue, told how much is under way."""


class Node:
    """Runs an engine until it is stopped; `meter` sees what work costs.

    Once started, `port` is where it listens and `web_port` where it serves pages and record systems, 0 for neither.
    """

    def __init__(self, engine: Engine, meter: Meter | None = None) -> None:
        self._engine = engine
        self._meter = meter or Meter()
        self._ports = engine.ports
        self._sender = SmtpSender(engine.settings.relay)
        clock = engine.ports.clock
        connections = engine.settings.relay.most_connections
        self._sending = SharedQueue(engine.store, clock, WorkKind.SEND, connections)
        self._notices = SharedQueue(engine.store, clock, WorkKind.VARSEL, NOTICE_SLOTS)
        self._webhooks = WebhookSender(engine.settings.api)
        self._folder = InboxFolder(engine.settings.inbox_dir)
        most = engine.settings.limits.most_mail_bytes
        self._outbox = Outbox(engine.settings.inbox_dir, lambda: self._ports, most)
        self._wakes = (asyncio.Event(), asyncio.Event(), asyncio.Event())
        self._beside = engine.store
        self._listening: asyncio.Task[None] | None = None
        self._workers: list[asyncio.Task[None]] = []
        self._stopping = False
        settings, huge = engine.settings, FairSlots(1)
        desk = Desk(self._take_for_desk, lambda: desk_addresses(self._addresses()))
        self._listener = Listener(settings.listen, settings.limits, self._take_in, self._addresses, huge, desk)
        self._shipments = Shipments(settings.edialog, lambda: self._ports, most)
        self._letters = LetterBox(settings.edialog)
        looks = (self._outbox.look, self._shipments.look)
        self._strangers = RoomForStrangers(lambda: self._ports.policy.strangers)
        self._scheduler = Scheduler(engine, lambda: self._ports, self.use_registry, looks, self._strangers)
        boxes = engine.store.mailboxes()
        self._mailboxes = MailRoom(settings, boxes, lambda: self._ports, self._meter, huge, self._strangers.take)
        self._web: WebServer | None = None
        self.port = 0
        self.web_port = 0

    async def start(self) -> None:
        """Listen, and begin to work."""
        await self._tell_of_hold()
        await self._scheduler.strangers()
        await asyncio.to_thread(self._outbox.prepare)
        self._sender.check()
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
        store.hear = message_log.tell
        self._beside = store.apart()
        self._listening = asyncio.create_task(store.listen(self._hear))
        self._workers = [
            asyncio.create_task(self._work(self._wakes[0], self._take_in_turn)),
            asyncio.create_task(self._work(self._wakes[1], self._sending.take)),
            asyncio.create_task(self._work(self._wakes[2], self._notices.take)),
        ]
        parties = list(self._engine.settings.parties)
        _log.info("node_started", port=self.port, web_port=self.web_port, parties=parties)

    async def _tell_of_hold(self) -> None:
        async with self._engine.store.begin() as uow:
            held = await uow.restoration()
        if held is not None:
            _log.warning("sending_is_held", restored_at=held.restored_at.isoformat(), remedy="samvik restore release")

    async def stop(self) -> None:
        """Finish what is being committed, and stop. Whatever was not finished stays in the queue."""
        await self._scheduler.stop()
        await self._stop_web()
        await self._mailboxes.stop()
        await self._listener.stop()
        self._stopping = True
        self.wake()
        if self._listening is not None:
            await _end(self._listening)
            self._listening = None
            await asyncio.gather(*self._workers, return_exceptions=True)
        await self._sender.close()
        _log.info("node_stopped", port=self.port)

    async def _ready(self) -> str:
        if self._stopping:
            return "stopping"
        if self.clock_is_off:
            return "clock"
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._engine.store.database_time()
        except (SamvikError, TimeoutError):
            return "database"
        return ""

    def wake(self) -> None:
        """Look for work now: some was queued, or the clock has jumped."""
        for kind in (WorkKind.MOTTA, WorkKind.SEND, WorkKind.VARSEL):
            self._hear(Queued(kind))

    def _hear(self, queued: Queued) -> None:
        """Look for what was queued."""
        if queued.kind is None:
            self.wake()
            return
        queue = {WorkKind.SEND: self._sending, WorkKind.VARSEL: self._notices}.get(queued.kind)
        if queue is not None:
            queue.hear_queued(queued.partner)
        self._wakes[_WORKER_OF.get(queued.kind, 0)].set()

    def use_registry(self, registry: Registry) -> None:
        """Decide by another version of the register from now on."""
        self._ports = replace(self._ports, policy=replace(self._ports.policy, registry=registry))

    @property
    def clock_is_off(self) -> bool:
        """Return whether this machine's clock is over a minute from the database's: no deadline is decided on then."""
        return self._scheduler.clock_is_off

    @property
    def ports(self) -> Ports:
        """Return the surroundings that this node decides in now."""
        return self._ports

    async def _start_web(self) -> None:
        settings, store = self._engine.settings, self._engine.store
        site = api = None
        if settings.web.enabled:
            await store.raise_fence()
            site = Site(settings, store, lambda: self._ports)
        if settings.api.enabled:
            api = make_api(lambda: self._ports, store.log_ins(), settings.limits.most_mail_bytes)
        if site or api:
            self._web = WebServer(settings.web, make_app(site, api, self._ready))
            self.web_port = await self._web.start()

    async def _stop_web(self) -> None:
        if self._web is not None:
            await self._web.stop()
            self._web = None

    async def _take_in(self, raw: bytes, peer: str) -> UUID:
        room = self._strangers.take(len(raw))
        return await self._meter.run("listen", take_in(self._ports, raw, peer, strangers=room))

    async def _take_for_desk(self, raw: bytes, peer: str) -> UUID:
        room = self._strangers.take(len(raw))
        return await self._meter.run("listen", take_for_desk(self._ports, raw, peer, strangers=room))

    def _addresses(self) -> set[str]:
        found = addresses(self._ports.policy.registry)
        return {address.lower() for her_id, address in found if address and self._ports.policy.owner_of(her_id)}

    async def _work(self, wake: asyncio.Event, take: Take) -> None:
        """Begin what `take` gives, and rest as long as it says or until some work is queued."""
        running: set[asyncio.Task[None]] = set()
        try:
            while not self._stopping:
                wake.clear()
                taken = await self._taken(take, len(running))
                running = await self._begin(taken.work, running)
                await _rest(wake, running if taken.full else (), taken.rest)
                running = {task for task in running if not task.done()}
        finally:
            await _finish(running)

    async def _begin(self, taken: list[Work], running: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
        """Begin what was taken beside what runs; a suspect is done by itself."""
        suspect = any(work.suspect for work in taken)
        if suspect:
            await self._all_done(running)
        running = running | {asyncio.create_task(self._do(work)) for work in taken}
        if suspect:
            await self._all_done(running)
            self.wake()
        return running

    async def _all_done(self, running: Collection[asyncio.Task[None]]) -> None:
        """Wait until nothing runs beside a suspect; a node that is told to stop does not wait."""
        while not self._stopping and not all(task.done() for task in running):
            await asyncio.wait(running, timeout=IDLE_SECONDS)

    async def _taken(self, take: Take, under_way: int) -> Taken:
        try:
            return await take(under_way)
        except SamvikError as error:
            _log.error("no_work_to_be_had", reason=str(error))
            await asyncio.sleep(IDLE_SECONDS)
            return Taken([])

    async def _take_in_turn(self, under_way: int) -> Taken:
        most = PROCESSING_SLOTS - under_way
        if most <= 0:
            return Taken([], full=True)
        kinds = [kind for kind in IN_TURN if not (self.clock_is_off and kind in BY_THE_CLOCK)]
        work = await self._engine.store.take_work(kinds, self._ports.clock.now(), most)
        return Taken(work, full=len(work) == most)

    async def _do(self, work: Work) -> None:
        structlog.contextvars.bind_contextvars(work=work.kind, subject=str(work.subject), owner=work.owner)
        try:
            with kill_hooks.in_hand(work.subject, _COMMITS.get(work.kind)):
                await self._meter.run(work.kind, self._steps()[work.kind](work))
        except SamvikError as error:
            _log.warning("work_postponed", reason=str(error))
            await self._put_back(work, error)
        except Exception as error:  # a bug of ours must cost one message a wait, never the node
            _log.error("work_failed", error=type(error).__name__)
            await self._put_back(work, SamvikError(OperationsCode.OUR_ERROR, kind=type(error).__name__))

    def _steps(self) -> dict[WorkKind, Callable[[Work], Awaitable[None]]]:
        return {
            WorkKind.MOTTA: lambda work: receive(work, self._ports),
            WorkKind.SEND: self._send,
            WorkKind.FRIST: lambda work: look_at(work, self._ports),
            WorkKind.SAK: lambda work: look_at(work, self._ports),
            WorkKind.INNBOKS: lambda work: self._folder.fill(work, self._ports),
            WorkKind.BREV: lambda work: self._letters.post(work, self._ports),
            WorkKind.VARSEL: self._notify,
        }

    async def _send(self, work: Work) -> None:
        sign = Sign.NOTHING
        # Partners that answer well wait for no transaction of the others.
        ports = self._ports if self._sending.flows(work.partner) else replace(self._ports, store=self._beside)
        try:
            sign = sign_of(await deliver(work, ports, self._sender))
        finally:
            self._sending.hear(work, sign)

    async def _notify(self, work: Work) -> None:
        sign = Sign.NOTHING
        try:
            sign = await notify(work, self._ports, self._webhooks)
        finally:
            self._notices.hear(work, sign)

    async def _put_back(self, work: Work, error: SamvikError) -> None:
        try:
            await give_up(work, self._ports, error)
        except SamvikError as second:
            # The lease runs out by itself, and the work comes back then.
            _log.error("work_left_to_its_lease", reason=str(second))


async def _rest(wake: asyncio.Event, running: Collection[asyncio.Task[None]], seconds: float) -> None:
    waiter = asyncio.create_task(wake.wait())
    try:
        await asyncio.wait({waiter, *running}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiter.cancel()


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
