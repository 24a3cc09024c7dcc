"""The nodes of the benchmark, each in a process of its own, and the CPU of the database server beside them."""

import multiprocessing
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import psutil

from adapters.bench.setting import RECEIVER, SENDER, Setting
from adapters.bench.worker import Role, Sent, Usage, work
from engine.codes.start import StartCode
from engine.errors import OwnFault

START_SECONDS = 60.0
UNDER_WAY_A_PROCESS = 12
"""Messages that each sending process keeps without their application receipt: enough that no node idles."""


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def usage(self, command: str) -> Usage:
        """Return what the process has used so far; 'usage' only asks, 'stop' ends it too."""
        self.pipe.send(command)
        answer: Usage = self.pipe.recv()
        return answer

    def quiet(self) -> list[Sent]:
        """Submit no more; return what was submitted."""
        self.pipe.send("quiet")
        answer: list[Sent] = self.pipe.recv()
        return answer


class Nodes:
    """Nodes of one engine that only receive, running."""

    def __init__(self, roles: Sequence[Role]) -> None:
        self._workers = _started(roles)

    def stop(self) -> float:
        """Stop them; return the most memory that one of them had at once, in MB."""
        return _stopped(self._workers)


class Fleet:
    """All nodes of both engines, running."""

    def __init__(self, setting: Setting, processes: int, seed: int) -> None:
        self._server = psutil.Process(setting.server.pid)
        under_way = UNDER_WAY_A_PROCESS * processes
        receiving = [Role(setting.receiving.config, setting.receiving.url, seed) for _ in range(processes)]
        sending = [
            Role(setting.sending.config, setting.sending.url, seed + number, SENDER, RECEIVER, under_way)
            for number in range(processes)
        ]
        # Whoever receives must listen before the first message leaves.
        self._receivers = _started(receiving)
        self._senders = _started(sending)

    def cpu_seconds(self) -> dict[str, float]:
        """Return what all nodes and the database have used so far, by stage."""
        total: defaultdict[str, float] = defaultdict(float)
        for worker in self._receivers + self._senders:
            for stage, seconds in worker.usage("usage").cpu_seconds.items():
                total[stage] += seconds
        total["database"] = sum(_cpu_seconds(each) for each in self._server.children())
        return total

    def quiet(self) -> list[Sent]:
        """Submit no more; return everything that was submitted."""
        return [sent for worker in self._senders for sent in worker.quiet()]

    def stop(self) -> float:
        """Stop all nodes; return the most memory that one of them had at once, in MB."""
        return _stopped(self._receivers + self._senders)


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


def _stopped(workers: Sequence[_Worker]) -> float:
    peaks = [worker.usage("stop").peak_rss_mb for worker in workers]
    for worker in workers:
        worker.process.join(START_SECONDS)
    return max(peaks)


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
