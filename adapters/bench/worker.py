"""One node of the benchmark in a process of its own; the sender's also submits. It answers commands over a pipe."""

import asyncio
import random
import resource
import time
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from multiprocessing.connection import Connection
from pathlib import Path

from adapters.bench.counting import Bystander
from adapters.bench.filling import filled
from adapters.machine.logs import configure_logs
from adapters.machine.metering import Meter
from adapters.node.node import Node
from adapters.settings import load_settings
from adapters.wiring.engine import Engine, engine
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.names import HerId

SUBMITTERS = 2
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Role:
    """What a worker is: its engine's configuration and database; who submits to whom and how much at once, if it does.

    `under_way` bounds the messages of the whole engine that have no application receipt yet.
    """

    config: Path
    url: str
    seed: int
    sender: HerId | None = None
    receiver: HerId | None = None
    under_way: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A business message that was submitted: its MsgId, and when."""

    msg_id: str
    at: datetime


@dataclass(slots=True)
class Usage:
    """What a process has used since it began: CPU seconds by stage, and the most memory at once, in MB."""

    cpu_seconds: dict[str, float] = field(default_factory=dict)
    peak_rss_mb: float = 0.0


def work(role: Role, pipe: Connection) -> None:
    """Run a node until told to stop. 'usage' gives Usage, 'quiet' ends submitting and gives all Sent, 'stop' Usage."""
    configure_logs(quiet=True)
    asyncio.run(_Worker(role, pipe).run())


class _Worker:
    def __init__(self, role: Role, pipe: Connection) -> None:
        self._role = role
        self._pipe = pipe
        self._meter = Meter()
        self._quiet = asyncio.Event()
        self._looking = Bystander(role.url)
        self._sent: list[Sent] = []
        self._random = random.Random(role.seed)  # noqa: S311 filler text, no secret

    async def run(self) -> None:
        """Serve until the command 'stop'."""
        async with engine(load_settings(self._role.config), self._role.url) as opened:
            node = Node(opened, self._meter)
            await node.start()
            self._pipe.send("ready")
            submitters = [
                asyncio.create_task(self._submit(opened)) for _ in range(SUBMITTERS if self._role.sender else 0)
            ]
            try:
                await self._obey(submitters)
            finally:
                for task in submitters:
                    task.cancel()
                await node.stop()
        self._looking.close()
        self._pipe.send(self._usage())

    async def _obey(self, submitters: list[asyncio.Task[None]]) -> None:
        while (command := await asyncio.to_thread(self._pipe.recv)) != "stop":
            if command == "quiet":
                self._quiet.set()
                await asyncio.gather(*submitters)
            self._pipe.send(self._sent if command == "quiet" else self._usage())

    def _usage(self) -> Usage:
        seconds = dict(self._meter.seconds)
        seconds["loop"] = time.process_time() - sum(seconds.values())
        return Usage(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

    async def _submit(self, opened: Engine) -> None:
        sender, receiver = self._role.sender, self._role.receiver
        example = read_deviation(resources.files("config").joinpath("examples/avvik.xml").read_bytes())
        while not self._quiet.is_set() and sender and receiver:
            if await self._is_enough():
                await asyncio.sleep(LOOK_SECONDS)
                continue
            deviation = filled(example, self._random)
            at = opened.ports.clock.now()
            message = await self._meter.run("submit", submit(opened.ports, deviation, sender, receiver))
            self._sent.append(Sent(str(message.msg_id), at))

    async def _is_enough(self) -> bool:
        return await asyncio.to_thread(self._looking.under_way) >= self._role.under_way
