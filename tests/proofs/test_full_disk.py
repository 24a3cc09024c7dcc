"""The store's disk is full while mail comes, down to where PostgreSQL ends itself: nothing taken is lost.

`samvik run` with two nodes and its own database on a small tmpfs; the partner and the judge of the kill proof. Making a
tmpfs needs root: elsewhere the proof is skipped.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from adapters.machine.ports import free_port
from adapters.postgres.cluster import read_postmaster
from adapters.postgres.embedded import running_url
from tests.fakes.engines.project import COMMAND, Project, environment
from tests.fakes.kills.judge import judge
from tests.fakes.kills.letters import Deviation
from tests.fakes.kills.partner import Partner
from tests.fakes.world.parties import LEVANGER_SERVICE
from tests.proofs.conftest import Tell

pytestmark = pytest.mark.proof

HITS = int(os.environ.get("SAMVIK_PROOF_KILLS", "10"))
DISK_MB = 160
PATIENCE = 90.0
MOST_TRIES = 2_000
_WAITING = "SELECT count(*) FROM work WHERE kind IN ('motta', 'innboks') OR (kind = 'send' AND due <= now())"


@pytest.fixture
def disk() -> Iterator[Path]:
    """Give a small file system of its own."""
    folder = Path(tempfile.mkdtemp(prefix="samvik-disk-"))
    folder.chmod(0o711)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0711", "samvik", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("A tmpfs cannot be mounted here; that takes root.")
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


class Run:
    """`samvik run --processes 2` with the partner beside it."""

    def __init__(self, project: Project, disk: Path, partner: Partner) -> None:
        self.project = project
        self.disk = disk
        self.partner = partner
        self._log = project.folder / "log"
        with self._log.open("wb") as log:
            command = [*COMMAND, "run", "--processes", "2"]
            self.process = subprocess.Popen(command, cwd=project.folder, env=environment(), stderr=log)

    @property
    def url(self) -> str:
        """Return the database's URL."""
        return str(running_url(self.disk / "data"))

    def logged(self, action: str) -> int:
        """Count the lines of the log with an action."""
        return self._log.read_text("utf-8").count(f'"action": "{action}"')

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; the run must not end meanwhile."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert self.process.poll() is None, "samvik run ended"
            assert time.monotonic() < end, self._log.read_text("utf-8")[-4_000:]
            await asyncio.sleep(0.02)

    def fill(self) -> None:
        """Leave no byte free on the disk."""
        with suppress(OSError), (self.disk / "ballast").open("ab", buffering=0) as file:
            while True:
                file.write(bytes(65_536))
        with suppress(OSError), (self.disk / "ballast").open("ab", buffering=0) as file:
            while True:
                file.write(bytes(512))

    def settled(self) -> bool:
        """Say whether nothing is left to do; pauses after failures are cut short."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.url) as looking:
            looking.execute("UPDATE work SET due = now() WHERE lease IS NULL AND due > now() AND attempts > 0")
            looking.execute("UPDATE work SET lease_until = now() WHERE lease_until < now() + interval '170 seconds'")
            return looking.execute(_WAITING).fetchone() == (0,) and self.partner.idle()
        return False


async def test_a_full_disk_takes_nothing_that_it_cannot_keep(
    disk: Path, quick_keys: Path, tmp_path: Path, tell: Tell
) -> None:
    """While the disk is full every mail is put off with 451; when there is room again all goes on, by itself."""
    begun = time.monotonic()
    run, codes = _started(tmp_path / "motor", disk, quick_keys), Counter()
    try:
        await run.partner.start()
        await run.until(lambda: run.logged("node_started") == 2)
        first = [run.partner.post(run.partner.write()) for _ in range(3)]
        await asyncio.gather(*first)
        await run.until(run.settled)
        waiting = await _while_full(run, codes)
        _use_up_the_journal(run)
        await run.until(lambda: run.logged("database_ended") > 0)
        waiting += await _put_off(run, codes, HITS)
        (disk / "ballast").unlink()
        await run.until(lambda: run.logged("database_is_back") > 0)
        for deviation in waiting:
            run.partner.post(deviation)
        await run.until(run.settled)
        verdict = judge(run.partner, run.project.folder / "inbox" / LEVANGER_SERVICE, {}, run.url)
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(PATIENCE) == 0
    finally:
        await run.partner.stop()
        _end(run)
    told = f"full disk: {verdict}; answers {dict(codes)}; {len(run.partner.deviations)} deviations"
    tell(f"{told}; {time.monotonic() - begun:.0f} s")
    assert verdict.clean, "\n".join((told, *verdict.lost, *verdict.doubled, *verdict.astray))
    assert run.logged("node_died") == 0


def _started(folder: Path, disk: Path, keys: Path) -> Run:
    project, port, relay = Project(folder), free_port(), free_port()
    shutil.copytree(keys, folder / "pki")
    settings = (
        f'data_dir = "{disk / "data"}"\nparties = ["8090100"]\n[listen]\nport = {port}\n[relay]\nport = {relay}\n'
        "timeout_seconds = 5\n[web]\nenabled = false\n"
    )
    project.put("samvik.toml", settings)
    assert project.process("migrate").code == 0
    imported = project.process("parties", "import", "parties.toml", "--yes")
    assert imported.code == 0, imported.err
    partner = Partner(keys, folder / "parties.toml", port, port=relay)
    return Run(project, disk, partner)


async def _while_full(run: Run, codes: Counter[int]) -> list[Deviation]:
    """Fill the disk and send mail until enough of it was put off; return what was."""
    run.fill()
    waiting: list[Deviation] = []
    for _ in range(MOST_TRIES):
        if len(waiting) >= HITS:
            return waiting
        # What other programs let go of, such as a log or an old journal, is filled too.
        run.fill()
        waiting += await _put_off(run, codes, 1, also_taken=True)
    raise AssertionError(f"the disk does not get full: {codes}")


async def _put_off(run: Run, codes: Counter[int], times: int, *, also_taken: bool = False) -> list[Deviation]:
    """Send mails once each; return what was not taken, which must have been told to come again."""
    written = [run.partner.write() for _ in range(times)]
    answers = await asyncio.gather(*(run.partner.try_once(run.partner.mail(each), patience=30) for each in written))
    codes.update(answers)
    for deviation, code in zip(written, answers, strict=True):
        assert code == 451 or (code == 250 and also_taken), code
        deviation.taken = code == 250
    return [each for each in written if not each.taken]


def _use_up_the_journal(run: Run) -> None:
    """Make PostgreSQL need a new piece of its journal, for which there is no room: it ends itself (PANIC)."""
    with suppress(psycopg.OperationalError), psycopg.connect(run.url, autocommit=True) as connection:
        for _ in range(100):
            run.fill()
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("SELECT pg_logical_emit_message(true, 'prove', repeat('x', 1000))")


def _end(run: Run) -> None:
    """Leave no process behind, whatever became of the proof."""
    found = read_postmaster(run.disk / "data" / "pg" / "data")
    if run.process.poll() is None:
        run.process.kill()
        run.process.wait()
        if found is not None:
            with suppress(ProcessLookupError):
                os.kill(found.pid, signal.SIGQUIT)
                while Path(f"/proc/{found.pid}").exists():
                    time.sleep(0.05)
