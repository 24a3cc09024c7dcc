"""The nodes of the benchmark, each in a process of its own, and looks at what they and the database have used."""

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from adapters.bench.counting import ServerCounters
from adapters.bench.hearing import Times
from adapters.bench.processor import tree_cpu_seconds
from adapters.bench.setting import RECEIVER, RECEIVING, SENDER, SENDING, Setting
from adapters.bench.windows import Look
from adapters.bench.worker import Load, Role, Submitted, Usage, work
from engine.codes.start import StartCode
from engine.errors import OwnFault

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Pressure:
    """What the sending engine is to submit: so many at once without AppRec, or at an even `rate` a second."""

    in_flight: int | None
    rate: float | None

    def share(self, number: int, of: int) -> Load:
        """Return what one of so many nodes submits."""
        if self.rate is not None:
            return Load(SENDER, RECEIVER, every=of / self.rate, first=number / self.rate)
        in_flight = self.in_flight or 0
        return Load(SENDER, RECEIVER, in_flight // of + (number < in_flight % of))


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection


class Nodes:
    """Nodes of one engine, running."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._workers = _started(roles)

    def ask(self, command: str) -> list[Any]:
        """Return what each answers to a command of `adapters.bench.worker.work`."""
        for worker in self._workers:
            worker.pipe.send(command)
        return [worker.pipe.recv() for worker in self._workers]

    def usage(self) -> list[Usage]:
        """Return what each has used so far."""
        return self.ask("usage")

    def stop(self) -> float:
        """Stop them; return the most memory that one of them had at once, in MB."""
        usages: list[Usage] = self.ask("stop")
        for worker in self._workers:
            worker.process.join(START_SECONDS)
        return max(each.peak_rss_mb for each in usages)


class Fleet:
    """All nodes of both engines, running."""

    def __init__(
        self, setting: Setting, processes: int, pressure: Pressure, seed: int, counters: ServerCounters
    ) -> None:
        self._server = setting.server.pid
        self._counters = counters
        receiving, sending = setting.receiving, setting.sending
        # Whoever receives must listen before the first message leaves.
        self._receivers = Nodes([Role(receiving.config, receiving.url, seed)] * processes)
        self._senders = Nodes(
            [
                Role(sending.config, sending.url, seed + number, pressure.share(number, processes))
                for number in range(processes)
            ]
        )

    def look(self) -> Look:
        """Return what all have used and counted until now."""
        at = time.time()
        nodes = {
            f"{side} {number}": usage.cpu_seconds
            for side, found in ((SENDING, self._senders.usage()), (RECEIVING, self._receivers.usage()))
            for number, usage in enumerate(found, 1)
        }
        return Look(at, nodes, tree_cpu_seconds(self._server), time.process_time(), self._counters.read())

    def complete(self) -> int:
        """Return how many exchanges were complete until now."""
        return sum(each.complete for each in self._receivers.usage())

    def quiet(self) -> Submitted:
        """Submit no more; return everything that was submitted."""
        found: list[Submitted] = self._senders.ask("quiet")
        return Submitted([sent for each in found for sent in each.sent], sum(each.refused for each in found))

    def heard(self) -> list[Times]:
        """Return what each node heard of the exchanges."""
        return [*self._senders.ask("heard"), *self._receivers.ask("heard")]

    def stop(self) -> dict[str, float]:
        """Stop all nodes; return the most memory that one of each engine had at once, in MB."""
        return {SENDING: self._senders.stop(), RECEIVING: self._receivers.stop()}


def _started(roles: Sequence[Role]) -> list[_Worker]:
    context = multiprocessing.get_context("spawn")
    workers: list[_Worker] = []
    for role in roles:
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(role, theirs), daemon=True)
        process.start()
        workers.append(_Worker(process, ours))
    for worker in workers:
        if not worker.pipe.poll(START_SECONDS):
            raise OwnFault(StartCode.NODE_SILENT, seconds=round(START_SECONDS))
        worker.pipe.recv()
    return workers
