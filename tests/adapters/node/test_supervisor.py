"""`samvik run` as an operator runs it: several processes, one of them killed, and a clean end."""

import asyncio
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.machine.ports import free_port
from adapters.postgres.cluster import read_postmaster
from tests.fakes.engines.project import COMMAND, Project, environment
from tests.fakes.partners.wire import dialled
from tests.fakes.waiting import PATIENCE

ADDRESS = "innherred@testedi.nhn.no"
MAIL = b"Subject: ingen melding\r\n\r\nhei"


class Process:
    """A running command whose log lines can be waited for, and whose descendants can be counted."""

    def __init__(self, project: Project, *words: str) -> None:
        self._popen = subprocess.Popen(
            [*COMMAND, *words], cwd=project.folder, env=environment(), stderr=subprocess.PIPE, text=True
        )
        self._lines: list[dict[str, object]] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._popen.stderr is not None
        for line in self._popen.stderr:
            with self._changed:
                self._lines.append(json.loads(line) if line.startswith("{") else {"action": line})
                self._changed.notify_all()

    def logged(self, action: str, count: int = 1) -> list[dict[str, object]]:
        """Wait until an action stands in the log so many times, and return those lines."""

        def found() -> list[dict[str, object]]:
            return [line for line in self._lines if line["action"] == action]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= count, PATIENCE), self._lines
            return found()

    def everybody(self) -> set[int]:
        """Return the process and all that descend from it."""
        parents: dict[int, list[int]] = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = entry.read_text().rpartition(")")[2].split()
                parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
        found, new = set(), [self._popen.pid]
        while new:
            one = new.pop()
            found.add(one)
            new += parents.get(one, [])
        return found

    def nodes(self) -> list[int]:
        """Return the processes that are nodes."""
        return [pid for pid in self.everybody() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self._popen.send_signal(how)
        code = self._popen.wait(PATIENCE)
        self._reader.join()
        assert self._popen.stderr is not None
        self._popen.stderr.close()
        return code

    def kill(self) -> None:
        """End everything, whatever became of the test."""
        for pid in self.everybody() if self._popen.poll() is None else ():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._popen.wait()
        self._reader.join()
        assert self._popen.stderr is not None
        self._popen.stderr.close()


def left(pids: set[int]) -> list[str]:
    """Return the command lines of those processes that still run, after giving the last of them a moment to end."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        # The helper process of multiprocessing ends when it sees that its owner is gone.
        select.select([handle], [], [], 5)
        os.close(handle)
    found = (Path(f"/proc/{pid}/cmdline") for pid in pids)
    # An orphan that nobody has collected yet has an empty command line: it does not run.
    return [words for path in found if path.exists() and (words := path.read_bytes().replace(b"\0", b" ").decode())]


@pytest.fixture
def project(quick_keys: Path) -> Iterator[Project]:
    """Give a folder for an engine with its own embedded database, reachable also for the server's account."""
    folder = Path(tempfile.mkdtemp(prefix="samvik-run-"))
    folder.chmod(0o755)
    made = Project(folder)
    shutil.copytree(quick_keys, folder / "pki")
    port = free_port()
    text = (folder / "samvik.toml").read_text("utf-8")
    made.put("samvik.toml", text.replace("[listen]\nport = 0", f"[listen]\nport = {port}"))
    assert made.samvik("migrate").code == 0
    assert made.samvik("parties", "import", "parties.toml", "--yes").code == 0
    yield made
    shutil.rmtree(folder)


async def deliver(port: int) -> int:
    """Hand one mail over."""
    async with dialled(port) as line:
        return await line.mail(ADDRESS, MAIL)


def test_two_processes_take_mail_lose_one_and_end(project: Project) -> None:
    """Two nodes share a port, take mail, survive the SIGKILL of one, obey SIGTERM and leave no process behind."""
    running = Process(project, "run", "--processes", "2")
    try:
        started = running.logged("node_started", 2)
        ports = {line["port"] for line in started}
        assert len(ports) == 1
        port = int(str(ports.pop()))
        assert asyncio.run(deliver(port)) == 250
        everybody, victim = running.everybody(), running.nodes()[0]
        assert len(running.nodes()) == 2
        os.kill(victim, signal.SIGKILL)
        running.logged("node_died")
        running.logged("node_started", 3)
        assert len(running.nodes()) == 2
        for _ in range(4):
            assert asyncio.run(deliver(port)) == 250
        everybody |= running.everybody()
        listed = project.samvik("messages", "--json").json
        assert len(listed) == 5
        assert running.end() == 0
        assert left(everybody) == []
    finally:
        running.kill()
    assert not (project.folder / "data" / "pg" / "data" / "postmaster.pid").exists()
    states = {row["state"] for row in project.samvik("messages", "--json").json}
    assert states <= {"KARANTENE", "MOTTATT"}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_one_process_obeys(project: Project, how: signal.Signals) -> None:
    """A single node ends cleanly on each signal, with its database, and says so."""
    running = Process(project, "run")
    try:
        running.logged("node_started")
        everybody = running.everybody()
        assert running.end(how) == 0
        running.logged("node_stopped")
        assert left(everybody) == []
    finally:
        running.kill()


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_port_that_is_taken_stops_the_start(project: Project, processes: str) -> None:
    """Where another program holds the port the start is refused with host, port and key."""
    text = (project.folder / "samvik.toml").read_text("utf-8")
    port = re.search(r"\[listen\]\nport = (\d+)", text)
    assert port is not None
    with socket.socket() as other:
        # As another engine does, whose nodes share a port: the two would take each other's mail.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", int(port.group(1))))
        other.listen()
        refused = project.process("run", "--processes", processes)
    assert refused.code == 2
    assert f"127.0.0.1 port {port.group(1)} is in use already" in refused.err
    assert "listen.port" in refused.err
    assert refused.err.strip().splitlines()[-1].startswith("samvik: ")
    assert "Traceback" not in refused.err


def test_nodes_do_not_outlive_their_owner(project: Project) -> None:
    """When the owner process is killed its nodes stop by themselves: they would hold the port with no database."""
    running = Process(project, "run", "--processes", "2")
    everybody = running.everybody()
    try:
        running.logged("node_started", 2)
        everybody, nodes = running.everybody(), set(running.nodes())
        assert running.end(signal.SIGKILL) == -signal.SIGKILL
        assert left(nodes) == []
        assert project.samvik("messages").code == 0
        assert left(everybody) == []
    finally:
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_database_that_ends_is_started_again(project: Project, processes: str) -> None:
    """When the embedded server dies `samvik run` says so and starts it again, its nodes stay, and mail is taken."""
    running = Process(project, "run", "--processes", processes)
    try:
        port = int(str(running.logged("node_started", int(processes))[0]["port"]))
        assert asyncio.run(deliver(port)) == 250
        found = read_postmaster(project.folder / "data" / "pg" / "data")
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
        running.logged("database_ended")
        running.logged("database_is_back")
        codes = [asyncio.run(deliver(port))]
        # Each node hears once that its connections were cut; the kernel chooses which node is asked.
        while codes.count(250) < 4:
            codes.append(asyncio.run(deliver(port)))
        assert codes.count(451) <= int(processes)
        assert set(codes) <= {250, 451}
        everybody = running.everybody()
        assert running.end() == 0
        assert left(everybody) == []
        assert len(running.logged("node_started")) == int(processes)
    finally:
        running.kill()
    assert len(project.samvik("messages", "--json").json) == 1 + codes.count(250)
