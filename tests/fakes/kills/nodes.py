"""Real nodes in processes of their own, to be killed at a hook and started again in a moment.

One process imports an engine's source tree once and forks a node whenever it is told to, so that a new node costs
what opening the engine costs. The nodes are those of `samvik run`; only their clock may be set ahead.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import psutil

from adapters.machine.kill_hooks import Step
from tests.fakes.waiting import PATIENCE

LOOK = 0.003
_NUMBERS = count(1)

_FORKING = """
import asyncio, os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from adapters.machine.logs import configure_logs
from adapters.node.node import Node
from adapters.settings import load_settings
from adapters.wiring.engine import engine

class Ahead:
    def __init__(self, seconds):
        self._by = timedelta(seconds=seconds)
    def now(self):
        return datetime.now(UTC) + self._by

async def run(settings, url, seconds):
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with engine(settings, url, Ahead(seconds)) as opened:
        node = Node(opened)
        await node.start()
        await stop.wait()
        await node.stop()

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    config, url, log, seconds = line.rstrip("\\n").split("\\t")
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for ours, theirs in ((nothing, 0), (said, 1), (said, 2)):
            os.dup2(ours, theirs)
        configure_logs()
        asyncio.run(run(load_settings(Path(config)), url, float(seconds)))
        os._exit(0)
    print(pid, flush=True)
"""


@dataclass
class Standing:
    """A process that stands at a step with something in hand."""

    step: Step
    pid: int
    subject: str
    place: Path

    def let_go(self) -> None:
        """Let it go on."""
        self.place.unlink()


@dataclass
class Nodes:
    """Two nodes of one engine: its configuration, its database, the source tree they run and the hooks' folder."""

    config: Path
    url: str
    tree: Path
    hooks: Path
    ahead: timedelta = timedelta(0)
    pids: list[int] = field(default_factory=list)
    deaths: int = 0
    """How many have been killed by us."""

    def __post_init__(self) -> None:
        self.hooks.mkdir(exist_ok=True)
        self._logs: dict[int, Path] = {}
        self._ready: set[int] = set()
        environment = {**os.environ, "PYTHONPATH": str(self.tree)}
        self._parent = subprocess.Popen(
            [sys.executable, "-c", _FORKING],
            env=environment,
            cwd=self.tree,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._said() == "ready"

    def start(self) -> None:
        """Start one node; it is not ready yet."""
        assert self._parent.stdin is not None
        log = self.config.parent / f"node-{next(_NUMBERS):04d}.log"
        line = (str(self.config), self.url, str(log), str(self.ahead.total_seconds()))
        self._parent.stdin.write("\t".join(line) + "\n")
        self._parent.stdin.flush()
        self.pids.append(int(self._said()))
        self._logs[self.pids[-1]] = log
        self._ready.discard(self.pids[-1])

    def ready(self) -> bool:
        """Say whether every living node has come so far as to listen."""
        self._ready |= {pid for pid in self.pids if pid not in self._ready and self._listens(pid)}
        return self._ready.issuperset(self.pids)

    def _listens(self, pid: int) -> bool:
        log = self._logs[pid]
        return log.exists() and '"action": "node_started"' in log.read_text("utf-8")

    def logged(self, action: str) -> list[str]:
        """Return the log lines of all nodes, the dead included, with an action."""
        lines = [line for log in self.config.parent.glob("node-*.log") for line in log.read_text("utf-8").splitlines()]
        return [line for line in lines if f'"action": "{action}"' in line]

    def alive(self) -> bool:
        """Say whether every node runs that we did not kill."""
        return all(psutil.pid_exists(pid) for pid in self.pids)

    def arm(self, step: Step) -> None:
        """Let the next process that comes to a step stand there."""
        (self.hooks / step.file).touch()

    def disarm(self) -> None:
        """Arm nothing more, and let everybody go."""
        for path in self.hooks.iterdir():
            path.unlink(missing_ok=True)

    def standing(self, step: Step) -> list[Standing]:
        """Return who stands at a step and has said what it has in hand."""
        found = []
        for place in self.hooks.glob(f"{step.file}.*"):
            told = place.read_text("utf-8")
            if told.endswith("\n"):
                found.append(Standing(step, int(place.suffix[1:]), told.strip(), place))
        return found

    def kill(self, victim: Standing) -> None:
        """Kill a standing process where it stands, and start another."""
        os.kill(victim.pid, signal.SIGKILL)
        self.pids.remove(victim.pid)
        self.deaths += 1
        _gone(victim.pid)
        victim.place.unlink()
        self.start()

    def restart(self, ahead: timedelta) -> None:
        """End both nodes as an operator does and start two whose clock is ahead by so much."""
        self.ahead = ahead
        pids, self.pids = self.pids, []
        for pid in pids:
            os.kill(pid, signal.SIGTERM)
        for pid in pids:
            _gone(pid)
        for _ in pids:
            self.start()

    def stop(self) -> None:
        """Kill everything, whatever became of the proof."""
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in self.pids:
            _gone(pid)
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.close()
        self._parent.wait(PATIENCE)
        self._parent.stdout.close()

    def _said(self) -> str:
        assert self._parent.stdout is not None
        return self._parent.stdout.readline().strip()


def _gone(pid: int) -> None:
    end = time.monotonic() + PATIENCE
    while psutil.pid_exists(pid):
        assert time.monotonic() < end, f"process {pid} does not end"
        time.sleep(LOOK)
