"""One node of the benchmark in a process of its own; the sender's also submits. It answers commands over a pipe."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from importlib import resources
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from adapters.bench.filling import Drafts
from adapters.bench.hearing import Hearing, Point
from adapters.bench.processor import peak_rss_mb
from adapters.machine.logs import configure_logs
from adapters.machine.metering import Meter
from adapters.node.node import Node
from adapters.settings import load_settings
from adapters.wiring.engine import Engine, engine
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.errors import SamvikError
from engine.names import HerId

BENCH = "bench"
"""The stage of what is no part of an engine: the drafts."""
SUBMITTERS = 4
"""How many a node submits at once, however many may be under way."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a sending node submits to whom: so many that have no AppRec yet at once, or one each `every` seconds.

    `first` is how many seconds after the start the first is due, where they are due at an even rate.
    """

    sender: HerId
    receiver: HerId
    in_flight: int = 0
    every: float | None = None
    first: float = 0.0


@dataclass(frozen=True, slots=True)
class Role:
    """What a worker is: its engine's configuration and database, and what it submits, if it does."""

    config: Path
    url: str
    seed: int
    load: Load | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A business message that was submitted: its row, its MsgId, when it was due and when the call returned.

    Times are seconds of the machine's clock since 1970.
    """

    id: UUID
    msg_id: str
    due: float
    returned: float


@dataclass(slots=True)
class Submitted:
    """All that a node has submitted, and how many the engine did not take."""

    sent: list[Sent] = field(default_factory=list)
    refused: int = 0


@dataclass(slots=True)
class Usage:
    """What a process has used since it began: CPU seconds by stage, and the most memory at once, in MB.

    `complete` is how many exchanges it has heard to be complete.
    """

    cpu_seconds: dict[str, float] = field(default_factory=dict)
    peak_rss_mb: float = 0.0
    complete: int = 0


def work(role: Role, pipe: Connection) -> None:
    """Run a node until told to stop.

    'usage' gives Usage, 'quiet' ends submitting and gives Submitted, 'heard' gives Times, 'stop' Usage.
    """
    configure_logs(quiet=True)
    asyncio.run(_Worker(role, pipe).run())


class _Worker:
    def __init__(self, role: Role, pipe: Connection) -> None:
        self._role = role
        self._pipe = pipe
        self._meter = Meter()
        self._quiet = asyncio.Event()
        # Whichever node of an engine hears an AppRec submits the next message, whoever submitted the one answered:
        # so many are under way in the whole engine, and no node need ask another.
        self._free = asyncio.Semaphore(role.load.in_flight if role.load else 0)
        self._hearing = Hearing(self._free.release)
        self._submitted = Submitted()
        example = read_deviation(resources.files("config").joinpath("examples/avvik.xml").read_bytes())
        self._drafts = Drafts(example, random.Random(role.seed))  # noqa: S311 filler text, no secret

    async def run(self) -> None:
        """Serve until the command 'stop'."""
        async with engine(load_settings(self._role.config), self._role.url) as opened:
            node = Node(opened, self._meter)
            await node.start()
            self._hearing.listen_in(opened.store)
            self._pipe.send("ready")
            submitting = asyncio.create_task(self._submit_all(opened))
            try:
                await self._obey(submitting)
            finally:
                submitting.cancel()
                await node.stop()
        self._pipe.send(self._usage())

    async def _obey(self, submitting: asyncio.Task[None]) -> None:
        while (command := await asyncio.to_thread(self._pipe.recv)) != "stop":
            match command:
                case "quiet":
                    self._quiet.set()
                    for _ in range(SUBMITTERS):
                        self._free.release()
                    await submitting
                    self._pipe.send(self._submitted)
                case "heard":
                    self._pipe.send(self._hearing.times)
                case _:
                    self._pipe.send(self._usage())

    def _usage(self) -> Usage:
        seconds = dict(self._meter.seconds)
        on_loop = time.thread_time()
        seconds["loop"] = on_loop - sum(seconds.values())
        seconds["threads"] = time.process_time() - on_loop
        return Usage(seconds, peak_rss_mb(), len(self._hearing.times[Point.COMPLETE]))

    async def _submit_all(self, opened: Engine) -> None:
        load = self._role.load
        if load is None:
            return
        async with asyncio.TaskGroup() as group:
            if load.every is not None:
                await self._submit_evenly(opened, load, load.every, group)
            else:
                for _ in range(SUBMITTERS):
                    group.create_task(self._submit_in_turn(opened, load))

    async def _submit_in_turn(self, opened: Engine, load: Load) -> None:
        """Submit a message whenever fewer are under way than may be."""
        while True:
            await self._free.acquire()
            if self._quiet.is_set():
                return
            await self._submit(opened, load, time.time())

    async def _submit_evenly(self, opened: Engine, load: Load, every: float, group: asyncio.TaskGroup) -> None:
        """Submit a message whenever one is due, whether the engine keeps up or not."""
        begun, number = time.time() + load.first, 0
        while not self._quiet.is_set():
            due = begun + number * every
            wait = due - time.time()
            if wait > 0:
                await asyncio.sleep(min(wait, 1.0))
                continue
            number += 1
            group.create_task(self._submit(opened, load, due))
            await asyncio.sleep(0)

    async def _submit(self, opened: Engine, load: Load, due: float) -> None:
        before = time.thread_time()
        draft = self._drafts.next()
        self._meter.seconds[BENCH] += time.thread_time() - before
        try:
            message = await self._meter.run("submit", submit(opened.ports, draft, load.sender, load.receiver))
        except SamvikError:
            self._submitted.refused += 1
            self._free.release()
            return
        self._submitted.sent.append(Sent(message.id, str(message.msg_id), due, time.time()))
