"""Nodes are killed at every named step with a message in their hands: nothing is lost, nothing is there twice.

Two nodes run on one database and one inbox folder. The partner and the judge stand outside (tests/fakes/kills/).
The full disk has a proof of its own (test_full_disk.py).
SAMVIK_PROOF_SEED orders the steps, SAMVIK_PROOF_KILLS says how often each is hit (10).
"""

import asyncio
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

from adapters.machine.kill_hooks import Step
from adapters.postgres.embedded import EmbeddedPostgres, start_embedded
from adapters.settings import Hooks, load_settings
from adapters.wiring.engine import engine
from engine.deviation.follow_up import FollowUpKind, follow_up_in
from engine.errors import OwnFault
from engine.payload.msghead import read_msghead
from engine.records.messages import Kind
from tests.fakes.engines.reporting import report
from tests.fakes.kills.broken_builds import COMMIT_AFTER_250, LOOK_UP_FIRST, SHARED_COMMIT_AFTER_250, Patch, broken
from tests.fakes.kills.judge import documents
from tests.fakes.kills.letters import SNASA_SERVICE
from tests.fakes.kills.scene import Scene, scene
from tests.fakes.servers.dovecot import dovecot
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import PROJECT
from tests.proofs.conftest import Tell

pytestmark = pytest.mark.proof

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261126"))
KILLS = int(os.environ.get("SAMVIK_PROOF_KILLS", "10"))
NAMDALEN = "namdalen@testedi.nhn.no"
HANGS = ("connect", "RCPT", "DATA")
_NUMBERS = count(1)
_ALL_SENDS = "UPDATE work SET due = now() WHERE kind = 'send' AND lease IS NULL"


@dataclass
class Home:
    """A durable database server of the proof's own, keys, and what all tests have hit."""

    folder: Path
    keys: Path
    server: EmbeddedPostgres
    hits: Counter[str]

    @asynccontextmanager
    async def scene(self, tree: Path = PROJECT, more: str = "") -> AsyncIterator[Scene]:
        """Play on an empty database, and hold what was hit."""
        number = next(_NUMBERS)
        self.server.create_database(f"kill_{number}")
        url = self.server.url(f"kill_{number}")
        async with scene(self.folder / str(number), url, self.keys, tree=tree, more=more) as played:
            yield played
        if tree == PROJECT:
            self.hits.update({step.file: times for step, times in played.hits.items()})
        self.server.drop_database(f"kill_{number}")

    def restart(self, how: signal.Signals) -> None:
        """Stop the database server, by SIGINT as `pg_ctl stop -m fast` or by SIGQUIT as immediate, and start it."""
        os.kill(self.server.pid, how)
        while not self.server.ended:
            time.sleep(0.005)
        for _ in range(200):
            try:
                self.server.revive()
            except OwnFault:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the database does not start again")


@pytest.fixture(scope="module")
def home(quick_keys: Path) -> Iterator[Home]:
    """Give the place of the proof, in memory where there is such a folder: what is killed are processes, not power."""
    parent = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="samvik-kill-", dir=parent))
    folder.chmod(0o711)
    with start_embedded(folder / "database") as server:
        found = Home(folder, quick_keys, server, Counter())
        yield found
    shutil.rmtree(folder)


def _report(home: Home, played: Scene, what: str, tell: Tell) -> None:
    """Tell what was hit and what the judge found, and fail where that is anything."""
    verdict = played.judge()
    hits = ", ".join(f"{step.file} {times}" for step, times in played.hits.items())
    sent, came = len(played.partner.deviations), len(documents(played.partner))
    told = f"{what}: {verdict}; {sent} deviations in, {came} documents out, {played.nodes.deaths} kills; {hits}"
    tell(told)
    assert verdict.clean, "\n".join((told, *verdict.lost, *verdict.doubled, *verdict.astray))


async def test_a_node_that_dies_at_any_step_loses_and_doubles_nothing(home: Home, tell: Tell) -> None:
    """At each step of mail in, decision, folder, record system and mail out a node is killed again and again."""
    steps = [step for step in Step if not step.name.startswith(("COLLECT", "DUE"))]
    random.Random(SEED).shuffle(steps)
    async with home.scene() as played:
        for _ in range(KILLS):
            played.deviation()
        await played.quiet()
        for step in steps:
            of_record_system = step.name.startswith("OUT")
            await played.kills(step, KILLS, played.reply if of_record_system else played.deviation)
        await played.quiet()
        assert {step: played.hits[step] for step in steps} == dict.fromkeys(steps, KILLS)
        verified = await asyncio.to_thread(played.project.process, "log", "verify")
        assert verified.code == 0, verified.out
        _report(home, played, "killed at every step", tell)


async def test_two_nodes_that_decide_at_once_decide_once(home: Home, tell: Tell) -> None:
    """Two copies of a message are decided on by two nodes at the same time: one inbox item, one set of receipts."""
    async with home.scene() as played:
        for _ in range(KILLS):
            await played.meet()
        _report(home, played, f"decided at once, {KILLS} times", tell)


async def test_a_database_that_restarts_under_a_message_costs_nothing(home: Home, tell: Tell) -> None:
    """The database is stopped and started while a node stands at a step with a message: the node lives and goes on."""
    steps = (
        Step.MAIL_BEFORE_COMMIT,
        Step.MAIL_AFTER_COMMIT,
        Step.DECIDE_BEFORE_COMMIT,
        Step.INBOX_BEFORE_COMMIT,
        Step.OUT_BEFORE_COMMIT,
        Step.SEND_AFTER_DATA,
        Step.SENT_BEFORE_COMMIT,
    )
    restarts = 0
    async with home.scene() as played:
        played.deviation()
        await played.quiet()
        while restarts < KILLS:
            step = steps[restarts % len(steps)]
            played.nodes.arm(step)
            (played.reply if step is Step.OUT_BEFORE_COMMIT else played.deviation)()
            standing = await played.stood(step)
            home.restart((signal.SIGINT, signal.SIGQUIT)[restarts % 2])
            standing.let_go()
            restarts += 1
            await played.quiet()
        home.hits["database-restart"] += restarts
        _report(home, played, f"database restarted {restarts} times", tell)


async def test_a_mail_server_that_hangs_holds_up_nobody_else(home: Home, tell: Tell) -> None:
    """A mail server that falls silent at any point costs a wait: what may be out is SENDT_UKJENT, and all arrives."""
    async with home.scene() as played:
        for where in HANGS:
            hung = await _hang(played, where)
            assert hung >= KILLS
            home.hits[f"mail-server-hangs-{where}".lower()] += hung
            await played.quiet()
        assert played.nodes.logged("work_rescued") == []
        _report(home, played, "mail server hanging", tell)


async def _hang(played: Scene, where: str) -> int:
    """Let the partner's mail server fall silent for an office until enough mails hang; return how many did."""
    partner, before = played.partner, played.partner.hung
    partner.hang, partner.hang_for = where, NAMDALEN
    for _ in range(KILLS):
        played.deviation()
    neighbour = partner.write(SNASA_SERVICE)
    partner.post(neighbour)
    # Signals are at rest after DATA, and go first: an application receipt must hang, too.
    while partner.hung - before < KILLS or (where == "DATA" and not _unknown(played)):
        await _hang_some_more(played)
    if where != "connect":
        await played.until(lambda: any(got.ref_to == neighbour.message_id for got in partner.got))
    assert _unknown(played) == (where == "DATA")
    partner.hang = ""
    await partner.ask_again()
    await _as_new(played)
    played.hurry(_ALL_SENDS)
    return partner.hung - before


def _unknown(played: Scene) -> bool:
    """Say whether a message has ever been SENDT_UKJENT: the partner may have acknowledged it since."""
    return bool(played.ask("SELECT 1 FROM event WHERE data ->> 'state' = 'SENDT_UKJENT' LIMIT 1"))


async def _hang_some_more(played: Scene) -> None:
    """Let some mails hang; a node then gives its partner a rest, so that it is started anew when all have ended."""
    hung = played.partner.hung
    await played.until(lambda: played.partner.hung > hung)
    await _as_new(played)


async def _as_new(played: Scene) -> None:
    """Start all nodes anew when they have nothing in hand: they know nothing of who answered how."""
    await played.until(lambda: not played.ask("SELECT 1 FROM work WHERE lease IS NOT NULL"))
    played.nodes.restart(played.partner.ahead)
    await played.until(played.nodes.ready)


async def test_a_reminder_leaves_once_whoever_dies_over_it(home: Home, tell: Tell) -> None:
    """Cases that people approved run out unanswered; nodes die as they remind: each gets its one reminder."""
    async with home.scene() as played:
        for _ in range(2 * KILLS):
            await _approve(played)
        await played.quiet()
        due = played.ask("SELECT max(due) FROM work WHERE kind = 'sak'")[0][0]
        assert isinstance(due, datetime)
        played.ask("UPDATE work SET due = due + interval '90 days' WHERE kind = 'sak'")
        played.partner.ahead = due - datetime.now(UTC) + timedelta(minutes=1)
        played.nodes.restart(played.partner.ahead)
        await played.until(played.nodes.ready)
        for step in (Step.DUE_BEFORE_COMMIT, Step.DUE_AFTER_COMMIT):
            await played.kills(step, KILLS, lambda: _let_fall_due(played), lambda: not _overdue(played))
        await played.quiet()
        reminders = _reminders(played)
        assert sorted(Counter(reminders.values()).values()) == [1] * (2 * KILLS)
        played.left.update(dict.fromkeys(reminders, b""))
        _report(home, played, "killed over reminders", tell)


async def _approve(played: Scene) -> None:
    """Draft, approve and send a case, as the desk does; what goes out is the engine's own document."""
    settings = load_settings(played.project.folder / "samvik.toml").model_copy(update={"hooks": Hooks()})
    async with engine(settings, played.url) as opened:
        await report(SimpleNamespace(ports=opened.ports), LEVANGER_SERVICE, GP_SERVICE)
        rows = await opened.store.list_outbound(LEVANGER)
    played.left.update({str(row.msg_id): b"" for row in rows if row.kind is Kind.MELDING})


def _let_fall_due(played: Scene) -> None:
    played.ask(
        "UPDATE work SET due = due - interval '90 days' WHERE (owner, kind, subject) IN"
        " (SELECT owner, kind, subject FROM work WHERE kind = 'sak' AND due > now() + interval '90 days' LIMIT 1)"
    )
    played.wake()


def _overdue(played: Scene) -> bool:
    return bool(played.ask("SELECT 1 FROM work WHERE kind = 'sak' AND due <= now() + %(ahead)s"))


def _reminders(played: Scene) -> dict[str, str]:
    """Return the reminders that came, by MsgId, with the conversation that each belongs to."""
    found = {}
    for msg_id, came in documents(played.partner).items():
        head = read_msghead(came[0].document)
        follow_up = follow_up_in(head.attachments)
        if follow_up is not None and follow_up.kind is FollowUpKind.PURRING:
            found[msg_id] = str(head.conversation)
    return found


async def test_a_mailbox_is_emptied_once_whoever_dies_over_it(home: Home, tell: Tell) -> None:
    """Between store, commit, delete and note a node dies with a mail of the mailbox: each is processed once."""
    with dovecot() as server:
        folder = home.folder / "postkasse"
        folder.mkdir()
        async with home.scene(more=server.settings(folder, "imap")) as played:

            def put() -> None:
                written = played.partner.write()
                server.put(played.partner.mail(written))
                written.taken = True

            for step in (Step.COLLECT_BEFORE_COMMIT, Step.COLLECT_AFTER_COMMIT, Step.COLLECT_AFTER_DELETE):
                await played.kills(step, KILLS, put, lambda: server.left() == 0)
            await played.quiet()
            _report(home, played, "killed over a mailbox", tell)


@pytest.mark.parametrize(
    "patches", [COMMIT_AFTER_250, SHARED_COMMIT_AFTER_250], ids=["any commit", "the shared commit"]
)
async def test_a_build_that_answers_before_a_commit_is_caught(
    home: Home, tell: Tell, patches: tuple[Patch, ...], request: pytest.FixtureRequest
) -> None:
    """The same kills and the same judge find mails lost by a build that says 250 before what it stands for."""
    name = request.node.callspec.id
    async with home.scene(broken(home.folder / name, *patches)) as played:
        await played.kills(Step.MAIL_AFTER_250, KILLS, played.deviation)
        await played.quiet()
        verdict = played.judge()
    tell(f"broken build, 250 before {name}: {verdict}")
    assert verdict.lost


async def test_a_build_that_looks_before_it_claims_is_caught(home: Home, tell: Tell) -> None:
    """The same meetings and the same judge find messages doubled by a build without the unique key."""
    tree = broken(home.folder / "look-up-first", *LOOK_UP_FIRST)
    async with home.scene(tree) as played:
        for _ in range(3):
            await played.meet()
        verdict = played.judge()
    tell(f"broken build, look-up instead of the unique key: {verdict}")
    assert verdict.doubled
