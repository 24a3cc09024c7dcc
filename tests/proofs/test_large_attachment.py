"""A file of 26 MB goes from one engine to another, byte for byte, and neither process grows by 400 MB (T25)."""

import asyncio
import hashlib
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from adapters.machine.ports import free_ports
from adapters.postgres.embedded import EmbeddedPostgres
from tests.fakes.engines.project import COMMAND, Project, environment
from tests.fakes.engines.running_node import import_parties
from tests.proofs.conftest import Tell

pytestmark = [pytest.mark.proof, pytest.mark.alone]

MUNICIPAL, GP = '"8090100", "8090200"', '"8090300"'
SIZE, AGREED = 26_000_000, 40_000_000
MOST_GROWTH = 400_000_000
PATIENCE = 120.0


class Running:
    """A node as a process, with its folder and its database."""

    def __init__(self, project: Project, url: str, port: int) -> None:
        self.project = project
        self.url = url
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def one(self, query: str) -> object:
        """Return the one value of a query."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[call-overload]
            return row[0] if row else None

    def memory(self, line: str) -> int:
        """Return a line of what the kernel counts for the process, in bytes."""
        assert self.process is not None
        text = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        found = next(each for each in text.splitlines() if each.startswith(line))
        return int(found.split()[1]) * 1024

    def forget_peak(self) -> None:
        """Let the kernel count the peak from now on."""
        assert self.process is not None
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", "utf-8")


@contextmanager
def node(running: Running) -> Iterator[Running]:
    """Run a node for a while."""
    with (running.project.folder / "log").open("ab") as log:
        running.process = subprocess.Popen([*COMMAND, "run"], cwd=running.project.folder, env=environment(), stderr=log)
        try:
            wait(lambda: answers(running.port), running)
            yield running
        finally:
            running.process.send_signal(signal.SIGTERM)
            running.process.wait(30)


def answers(port: int) -> bool:
    """Say whether somebody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def wait(true: Callable[[], bool], *nodes: Running) -> None:
    """Wait until something is so while the nodes live."""
    end = time.monotonic() + PATIENCE
    while not true():
        for each in nodes:
            assert each.process is not None
            assert each.process.poll() is None, "the node ended by itself"
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def engines(pg_server: EmbeddedPostgres, quick_keys: Path, tmp_path: Path) -> Iterator[tuple[Running, Running]]:
    """Run the GP's node and the municipalities', each the other's relay."""
    ports = free_ports(2)
    with ExitStack() as closing:
        made = []
        for name, parties, mine, theirs in [("gp", GP, 0, 1), ("municipal", MUNICIPAL, 1, 0)]:
            pg_server.create_database(f"large_{name}", template="samvik_template")
            closing.callback(pg_server.drop_database, f"large_{name}")
            url = pg_server.url(f"large_{name}")
            project = Project(tmp_path / name, url, ports[theirs], parties)
            settings = (project.folder / "samvik.toml").read_text("utf-8")
            project.put("samvik.toml", settings.replace("[listen]\nport = 0", f"[listen]\nport = {ports[mine]}"))
            register = (project.folder / "parties.toml").read_text("utf-8")
            agreed = f"level = 1\nattachment_most_bytes = {AGREED}\n"
            project.put("parties.toml", register.replace("level = 1\n", agreed))
            shutil.copytree(quick_keys, project.folder / "pki")
            asyncio.run(import_parties(project, url))
            made.append(Running(project, url, ports[mine]))
        gp, municipal = (closing.enter_context(node(each)) for each in made)
        yield gp, municipal


def picture(project: Project, size: int, seed: int = 0) -> Path:
    """Write a TIFF of so many bytes that nothing can pack."""
    noise = b"".join(hashlib.sha256(b"%d %d" % (seed, each)).digest() for each in range(size // 32 + 1))
    return project.put(f"ct-{seed}.tif", (b"II*\0" + noise)[:size])


def send(running: Running, file: Path) -> None:
    """Queue the example deviation with a file, as a person does."""
    words = ("send", "avvik.xml", "--from", "8090301", "--to", "8090101", "--attach", file.name)
    done = running.project.samvik(*words)
    assert done.code == 0, done.err


def delivered(running: Running) -> int:
    """Return how many deviations of a node have their AppRec."""
    found = running.one("SELECT count(*) FROM outbound WHERE kind = 'melding' AND state = 'LEVERT'")
    assert isinstance(found, int)
    return found


def test_26_mb_arrive_byte_for_byte_in_little_memory(engines: tuple[Running, Running], tell: Tell) -> None:
    """One file of 26 MB, then three at once: each stands in the receiver's folder as it was, in bounded memory."""
    gp, municipal = engines
    small = gp.project.put("liten.pdf", b"%PDF-1.7\n")
    send(gp, small)
    wait(lambda: delivered(gp) == 1, *engines)
    lines = []
    for count in (1, 3):
        files = [picture(gp.project, SIZE, count * 10 + number) for number in range(count)]
        before = [each.memory("VmRSS") for each in engines]
        for each in engines:
            each.forget_peak()
        done, begun = delivered(gp), time.monotonic()
        for file in files:
            send(gp, file)
        wait(lambda done=done, count=count: delivered(gp) == done + count, *engines)
        took = time.monotonic() - begun
        wait(lambda files=files: all(in_folder(municipal, file) for file in files), *engines)
        grown = [each.memory("VmHWM") - was for each, was in zip(engines, before, strict=True)]
        lines.append(
            f"{count} at once: {took:.0f} s; sender {_mb(before[0])} + {_mb(grown[0])} MB, "
            f"receiver {_mb(before[1])} + {_mb(grown[1])} MB"
        )
        tell(lines[-1])
        assert max(grown) < MOST_GROWTH, lines


def in_folder(running: Running, file: Path) -> bool:
    """Say whether a file stands in the receiver's folder with the same bytes."""
    found = list((running.project.folder / "inbox" / "8090101" / "in").glob(f"*/attachments/*{file.name}"))
    return len(found) == 1 and found[0].read_bytes() == file.read_bytes()


def _mb(size: int) -> int:
    return round(size / 1_000_000)


@pytest.mark.parametrize(
    ("size", "compress", "told"),
    [
        (
            29_000_000,
            "false",
            r"a mail may have 51200000 bytes .*; the largest file is ct-0.tif, 52912314 bytes \(52.9 MB\) on the wire",
        ),
        (
            38_000_000,
            "true",
            r"a mail may have 51200000 bytes .*; the largest file is ct-0.tif, 53\d{6} bytes \(53.\d MB\) on the wire",
        ),
        (39_000_000, "true", "52000000 bytes before they are packed, of at most 51200000; the largest is ct-0.tif"),
    ],
)
def test_what_is_too_large_is_stopped_before_anything_is_stored(
    engines: tuple[Running, Running], size: int, compress: str, told: str
) -> None:
    """The command names the file and what it would be, as it is, packed or before that; nothing is queued."""
    gp, _ = engines
    register = (gp.project.folder / "parties.toml").read_text("utf-8")
    gp.project.put("parties.toml", register.replace("level = 1\n", f"level = 1\ncompress = {compress}\n"))
    asyncio.run(import_parties(gp.project, gp.url))
    file = picture(gp.project, size)
    done = gp.project.process("send", "avvik.xml", "--from", "8090301", "--to", "8090101", "--attach", file.name)
    assert done.code == 1
    assert re.search(told, done.sentence), done.sentence
    assert gp.one("SELECT count(*) FROM outbound") == 0
