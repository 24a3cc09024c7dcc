"""A mailbox of 1 000 mails, 50 of them broken, emptied by nodes that are killed: each mail is processed once.

SAMVIK_PROOF_SEED chooses the broken mails, the order of all, and when the nodes die.
"""

import asyncio
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from adapters.registry.parties_file import load_registry
from tests.fakes.engines.project import COMMAND, Project, environment
from tests.fakes.engines.running_node import import_parties
from tests.fakes.partners.mailbox_load import MOST_BYTES, Partner, broken, msg_id
from tests.fakes.servers.dovecot import Dovecot, dovecot
from tests.proofs.conftest import Tell

pytestmark = pytest.mark.proof

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261126"))
GOOD, BROKEN, KILLS = 950, 50, 3
PATIENCE = 240.0
LOOK = 0.005


@pytest.mark.parametrize(("protocol", "tls"), [("pop3", "implicit"), ("imap", "starttls")])
def test_a_thousand_mails_are_processed_once(
    protocol: str, tls: str, pg_url: str, quick_keys: Path, tmp_path: Path, tell: Tell
) -> None:
    """950 documents stand in the inbox once each, 50 mails in quarantine with a reason, and the mailbox is empty."""
    begun, chance = time.monotonic(), random.Random(SEED)
    project = _project(tmp_path / "motor", pg_url, quick_keys)
    with dovecot() as server:
        project.put("samvik.toml", _settings(project) + server.settings(project.folder, protocol, tls))
        mails = _mails(project, chance)
        server.put(*mails)
        written = time.monotonic()
        for most_left in sorted((chance.randrange(30, len(mails) - 30) for _ in range(KILLS)), reverse=True):
            _killed_when(project, server, most_left, chance.random() * 0.02)
            _let_leases_run_out(pg_url)
        with _running(project) as node:
            _wait(node, lambda: server.left() == 0 and not _waiting(pg_url))
        _judge(pg_url, server)
    took = f"{written - begun:.0f} s to write, {time.monotonic() - written:.0f} s to collect and process"
    told = f"{len(mails)} mails, {BROKEN} broken, {KILLS} kills, seed {SEED}; {took}"
    tell(f"{protocol}: {told}")


def _project(folder: Path, url: str, keys: Path) -> Project:
    # No relay listens on port 1: what is answered stays queued, which is not what is proved here.
    project = Project(folder, url, relay_port=1)
    shutil.copytree(keys, folder / "pki")
    asyncio.run(import_parties(project, url))
    return project


def _settings(project: Project) -> str:
    return (project.folder / "samvik.toml").read_text("utf-8") + f"[limits]\nmost_mail_bytes = {MOST_BYTES}\n"


def _mails(project: Project, chance: random.Random) -> list[bytes]:
    partner = Partner(
        project.folder / "pki", load_registry(project.folder / "parties.toml"), datetime.now(UTC).replace(microsecond=0)
    )
    mails = [partner.mail(number) for number in range(GOOD)]
    mails += broken(BROKEN, chance, mails[0])
    chance.shuffle(mails)
    return mails


def _killed_when(project: Project, server: Dovecot, most_left: int, later: float) -> None:
    """Run a node until no more than so many mails are left, and kill it a moment later, wherever it is."""
    with _running(project) as node:
        _wait(node, lambda: server.left() <= most_left)
        time.sleep(later)


def _let_leases_run_out(url: str) -> None:
    """Bring about now what three minutes would: what the dead node was processing is free for the next."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE work SET lease_until = now() - interval '1 second' WHERE lease IS NOT NULL")


@contextmanager
def _running(project: Project) -> Iterator[subprocess.Popen[bytes]]:
    with (project.folder / "log").open("ab") as log:
        node = subprocess.Popen([*COMMAND, "run"], cwd=project.folder, env=environment(), stderr=log)
        try:
            yield node
        finally:
            node.send_signal(signal.SIGKILL)
            node.wait()


def _wait(node: subprocess.Popen[bytes], until) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        assert node.poll() is None, "the node ended by itself"
        assert time.monotonic() < end
        time.sleep(LOOK)


def _waiting(url: str) -> bool:
    time.sleep(0.2)
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM work WHERE kind = 'motta' LIMIT 1").fetchone() is not None


def _judge(url: str, server: Dovecot) -> None:
    assert server.left() == 0
    with psycopg.connect(url) as connection:
        states = dict(connection.execute("SELECT state, count(*) FROM inbound GROUP BY state").fetchall())
        reasons = [row[0] for row in connection.execute("SELECT reason FROM inbound WHERE state = 'KARANTENE'")]
        peers = [row[0] for row in connection.execute("SELECT DISTINCT peer FROM inbound")]
        inbox = sorted(row[0] for row in connection.execute("SELECT msg_id FROM inbox_item"))
        ledger = connection.execute("SELECT count(*), count(DISTINCT inbound) FROM mailbox_mail").fetchone()
    assert inbox == [msg_id(number) for number in range(GOOD)]
    assert states.pop("KARANTENE") == BROKEN
    assert sum(states.values()) == GOOD
    assert all(reasons), reasons
    assert peers == ["mailbox edi"]
    assert ledger == (GOOD + BROKEN, GOOD + BROKEN)
