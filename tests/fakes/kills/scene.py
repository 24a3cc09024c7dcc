"""What the kill proof plays on: two nodes on one database and one inbox folder, a partner outside, and a killer.

What takes minutes in service is brought about at once where only waiting is left out: a lease that a dead node held
runs out, and a pause after a failure is over. A living node that was slow may lose its lease too, as in service.
"""

import asyncio
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.pq import ConnStatus

from adapters.machine.kill_hooks import Step
from adapters.machine.ports import free_port
from tests.fakes.engines.project import Project, environment
from tests.fakes.engines.running_node import import_parties
from tests.fakes.kills.judge import Verdict, judge
from tests.fakes.kills.letters import Deviation
from tests.fakes.kills.nodes import LOOK, PATIENCE, Nodes, Standing
from tests.fakes.kills.partner import Partner
from tests.fakes.partners.documents import reply
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import PROJECT

HELD_TOO_LONG = 179.5
"""Seconds that a lease of 180 has left when its work has been held for half of one: by a dead node, or a slow one."""

EVERY = 0.25
"""Seconds between two looks at what need not be waited for."""

_FREE = """
UPDATE work SET lease = NULL, lease_until = NULL, attempts = attempts + 1, deaths = deaths + 1
WHERE lease IS NOT NULL AND (subject::text = %(subject)s OR lease_until < now() + make_interval(secs => %(held)s))
"""
_HURRY = """
UPDATE work SET due = now()
WHERE lease IS NULL AND due > now() AND (kind IN ('motta', 'innboks') OR (kind = 'send' AND attempts > 0))
"""
_WAITING = """
SELECT count(*) FROM work WHERE kind IN ('motta', 'innboks') OR (kind = 'send' AND due <= now() + %(ahead)s)
"""


@dataclass
class Scene:
    """One engine with two nodes, and its partner."""

    project: Project
    url: str
    nodes: Nodes
    partner: Partner
    left: dict[str, bytes] = field(default_factory=dict)
    hits: Counter[Step] = field(default_factory=Counter)
    hurried: float = 0.0
    looking: psycopg.Connection | None = None

    @property
    def inbox(self) -> Path:
        """Return the folder of the party's record system."""
        return self.project.folder / "inbox" / LEVANGER_SERVICE

    def deviation(self) -> Deviation:
        """Let an office write a deviation and hand it over."""
        written = self.partner.write()
        self.partner.post(written)
        return written

    def reply(self) -> None:
        """Let the record system answer a deviation that stands in its folder, once each."""
        known = {path.name for path in (self.inbox / "in").glob("[!.]*")}
        asked = next(
            id
            for id, each in self.partner.deviations.items()
            if id in known and f"svar-{id}" not in self.left and each.office == GP_SERVICE
        )
        content = reply(asked, f"svar-{asked}")
        self.left[f"svar-{asked}"] = content
        (self.inbox / "utkast").write_bytes(content)
        (self.inbox / "utkast").rename(self.inbox / "out" / f"{asked}.xml")

    async def kills(
        self, step: Step, times: int, provoke: Callable[[], object], settled: Callable[[], bool] = lambda: True
    ) -> None:
        """Kill a node at a step so many times, each time with something in its hand that `provoke` has brought.

        The next comes when what it had in hand has gone its way without it, nothing else waits that would die
        beside the next, and `settled` says so.
        """
        for _ in range(times):
            self.nodes.arm(step)
            provoke()
            victim = await self.stood(step)
            assert victim.subject, f"nothing in hand at {step.file}"
            self.nodes.kill(victim)
            self.hits[step] += 1
            self.free(victim.subject)
            self.wake()
            await self.until(lambda: self._is_done() and settled())

    async def meet(self) -> None:
        """Let two nodes decide on two copies of a message at the same time: both stand just before they claim it."""
        written = self.partner.write()
        self.nodes.arm(Step.CLAIMING)
        self.partner.post(written)
        first = await self.stood(Step.CLAIMING)
        self.nodes.arm(Step.CLAIMING)
        self.partner.post(written)
        await self.stood(Step.CLAIMING, among=2)
        both = self.nodes.standing(Step.CLAIMING)
        assert {first.pid} < {each.pid for each in both}
        assert len({each.subject for each in both}) == 2
        for each in both:
            each.let_go()
        await self.quiet()

    async def stood(self, step: Step, among: int = 1) -> Standing:
        """Wait until so many stand at a step, and return the last."""
        await self.until(lambda: len(self.nodes.standing(step)) >= among)
        return self.nodes.standing(step)[-1]

    async def until(self, holds: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait until something holds; fail with what the nodes last said."""
        end = time.monotonic() + patience
        while not holds():
            assert time.monotonic() < end, self._told()
            await asyncio.sleep(LOOK)

    async def quiet(self, patience: float = PATIENCE) -> None:
        """Wait until nothing is under way on either side, with all nodes alive."""
        self.nodes.disarm()
        await self.until(self.nodes.ready, patience)
        await self.until(self._is_quiet, patience)
        assert self.nodes.alive(), "a node ended by itself"

    def judge(self) -> Verdict:
        """Return the verdict on all that was sent."""
        return judge(self.partner, self.inbox, self.left, self.url)

    def ask(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Ask the database from outside; `ahead` in a statement is how far the nodes' clock is ahead."""
        while True:
            try:
                cursor = self._looking().execute(statement, {"ahead": self.partner.ahead, **values})
                return cursor.fetchall() if cursor.description else []
            except psycopg.errors.DeadlockDetected:
                # It takes rows in any order, nodes take many at once: asked again, it finds them free.
                continue

    def _looking(self) -> psycopg.Connection:
        """Return the connection that looks, made anew where the database was restarted under it."""
        if self.looking is None or self.looking.pgconn.status != ConnStatus.OK or not _answers(self.looking):
            self.looking = psycopg.connect(self.url, autocommit=True)
        return self.looking

    def hurry(self, statement: str = _HURRY) -> None:
        """Let pauses be over, and tell the nodes."""
        if time.monotonic() > self.hurried + EVERY:
            self.hurried = time.monotonic()
            self.ask(statement)
            self.wake()

    def wake(self) -> None:
        """Tell the nodes to look for work."""
        self.ask("SELECT pg_notify('samvik_work', '')")

    def free(self, subject: str = "") -> None:
        """Let the leases run out that a dead node held: of what was in its hand, and of all that is held for long."""
        self.ask(_FREE, subject=subject, held=HELD_TOO_LONG)

    def _is_done(self) -> bool:
        """Say whether nothing is in the queue that is to be done now."""
        self.free()
        self.hurry()
        return self.ask(_WAITING) == [(0,)]

    def _is_quiet(self) -> bool:
        out = any((self.inbox / "out").iterdir()) if (self.inbox / "out").exists() else False
        return self._is_done() and self.partner.idle() and not out

    def _told(self) -> str:
        lines = [
            line
            for log in sorted(self.nodes.config.parent.glob("node-*.log"))[-4:]
            for line in log.read_text().splitlines()[-12:]
        ]
        work = self.ask("SELECT kind, subject, due, attempts, lease_until FROM work ORDER BY due LIMIT 8")
        standing = [path.name for path in self.nodes.hooks.iterdir()]
        mails = self.ask("SELECT id, state, reason FROM inbound WHERE deadline IS NOT NULL LIMIT 5")
        troubles = [line for word in ("work_postponed", "work_failed") for line in self.nodes.logged(word)[:4]]
        told = (*mails, *work, standing, *troubles, *lines)
        return "\n".join(["nothing came of it", *map(str, told)])


@asynccontextmanager
async def scene(folder: Path, url: str, keys: Path, *, tree: Path = PROJECT, more: str = "") -> AsyncIterator[Scene]:
    """Run two nodes of a source tree on an empty database, and a partner beside them."""
    await asyncio.to_thread(_migrate, url, tree)
    project, port = Project(folder, url), free_port()
    shutil.copytree(keys, folder / "pki", ignore=_not_ours)
    await import_parties(project, url)
    partner = Partner(keys, folder / "parties.toml", port)
    await partner.start()
    project.put("samvik.toml", _settings(url, port, partner.port) + more)
    nodes = Nodes(folder / "samvik.toml", url, tree, folder / "hooks")
    playing = None
    try:
        nodes.start()
        nodes.start()
        playing = Scene(project, url, nodes, partner)
        await playing.until(nodes.ready)
        yield playing
    finally:
        await partner.stop()
        nodes.stop()
        if playing is not None and playing.looking is not None:
            playing.looking.close()


def _not_ours(folder: str, names: list[str]) -> list[str]:
    """Leave the partners' private keys out: a node loads each, and must have none of them."""
    private = Path(folder).name == "private"
    return [name for name in names if private and not name.startswith(LEVANGER)]


def _answers(looking: psycopg.Connection) -> bool:
    try:
        looking.execute("SELECT 1")
    except psycopg.OperationalError:
        looking.close()
        return False
    return True


def _settings(url: str, port: int, relay: int) -> str:
    return "\n".join(
        (
            'parties = ["8090100"]',
            f'[database]\nurl = "{url}"',
            f"[listen]\nport = {port}",
            f"[relay]\nport = {relay}\ntimeout_seconds = 3",
            "[web]\nenabled = false",
            '[hooks]\ndirectory = "hooks"\n',
        )
    )


def _migrate(url: str, tree: Path) -> None:
    """Make the tables as a source tree says."""
    words = "import sys; from adapters.store.migrate import migrate; migrate(sys.argv[1])"
    surroundings = {**environment(), "PYTHONPATH": str(tree)}
    subprocess.run([sys.executable, "-c", words, url], check=True, cwd=tree, env=surroundings)
