"""Slow, greylisting and dead partners beside good ones: what they cost the good ones, in paired halves of one run.

In each pair one half has the good partners' traffic alone, the other the same with thirty bad partners pressing all the
time; which comes first alternates. SAMVIK_PROOF_PAIRS changes the number of pairs.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

import psycopg
import pytest

from adapters.settings import load_settings
from adapters.wiring.engine import engine
from engine.commit.ports import Ports
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.names import HerId
from engine.records.messages import OutgoingMessage
from tests.fakes.engines.project import COMMAND, Project, environment
from tests.fakes.engines.running_node import VERDAL_SERVICE, import_parties
from tests.fakes.servers.moody_relay import MoodyRelay
from tests.fakes.world.surroundings import PlainPdf
from tests.proofs.conftest import Tell

pytestmark = [pytest.mark.proof, pytest.mark.alone]

PAIRS = int(os.environ.get("SAMVIK_PROOF_PAIRS", "5"))
GOOD, BAD_OF_A_KIND, MESSAGES_OF_A_BAD = 6, 10, 4
RATE, HALF_SECONDS = 6.0, 10.0
PRESS_EVERY_SECONDS = 2.0
A_HALF = round(RATE * HALF_SECONDS)
MOST_RATIO = 1.3
LATER = timedelta(days=30)
RELAY_PATIENCE = 12
PARTIES = {
    "good": [HerId(str(9_100_000 + number)) for number in range(GOOD)],
    **{
        kind: [HerId(str(9_200_000 + 1_000 * place + number)) for number in range(BAD_OF_A_KIND)]
        for place, kind in enumerate(("slow", "grey", "dead"))
    },
}


def _party(kind: str, number: int, her: HerId) -> str:
    return (
        f'\n[[party]]\nher = "{her}"\nname = "Legekontor {kind} {number}"\nkind = "enterprise"\n'
        f'organisation_number = "999000037"\nedi_address = "{kind}{number}@testedi.nhn.no"\n'
        f'contact_point = "{her}"\ndeviation_service = "{her}"\ncertificates = [\n'
        '  { purpose = "signing", file = "pki/certs/8090300-signing.pem" },\n'
        '  { purpose = "encryption", file = "pki/certs/8090300-encryption.pem" },\n]\n'
    )


def _project(folder: Path, url: str, keys: Path, port: int) -> Project:
    project = Project(folder, url, port)
    shutil.copytree(keys, folder / "pki")
    more = "".join(_party(kind, number, her) for kind, hers in PARTIES.items() for number, her in enumerate(hers))
    project.put("parties.toml", (folder / "parties.toml").read_text("utf-8") + more)
    settings = (folder / "samvik.toml").read_text("utf-8")
    project.put("samvik.toml", settings.replace("[relay]\n", f"[relay]\ntimeout_seconds = {RELAY_PATIENCE}\n"))
    return project


class Halves:
    """Releases what was queued beforehand, and asks the relay when it arrived."""

    def __init__(self, url: str, relay: MoodyRelay, good: list[OutgoingMessage], bad: list[OutgoingMessage]) -> None:
        self._db = psycopg.connect(url, autocommit=True)
        self._relay, self._good, self._bad = relay, good, bad

    def close(self) -> None:
        """Ask the database no more."""
        self._db.close()

    async def half(self, *, pressed: bool) -> float:
        """Release the next good messages at an even rate; return their p95 in seconds."""
        mine, self._good = self._good[:A_HALF], self._good[A_HALF:]
        pressing = asyncio.create_task(self._press()) if pressed else None
        released = {}
        for message in mine:
            released[str(message.header.message_id)] = datetime.now(UTC)
            self._due([message], datetime.now(UTC))
            await asyncio.sleep(1 / RATE)
        async with asyncio.timeout(60):
            while not released.keys() <= self._relay.arrived.keys():  # noqa: ASYNC110 a relay tells nobody
                await asyncio.sleep(0.05)
        if pressing is not None:
            pressing.cancel()
            self._due(self._bad, datetime.now(UTC) + LATER)
            # What still hangs must not reach into the next half.
            await asyncio.sleep(RELAY_PATIENCE + 1)
        took = [(self._relay.arrived[id] - at).total_seconds() for id, at in released.items()]
        return quantiles(took, n=20, method="inclusive")[18]

    async def warm(self, count: int) -> None:
        """Let some good messages go, so that every good partner has answered."""
        first, self._good = self._good[:count], self._good[count:]
        self._due(first, datetime.now(UTC))
        wanted = {str(message.header.message_id) for message in first}
        async with asyncio.timeout(60):
            while not wanted <= self._relay.arrived.keys():  # noqa: ASYNC110 a relay tells nobody
                await asyncio.sleep(0.05)

    async def _press(self) -> None:
        while True:
            self._due(self._bad, datetime.now(UTC))
            await asyncio.sleep(PRESS_EVERY_SECONDS)

    def _due(self, messages: list[OutgoingMessage], at: datetime) -> None:
        ids = [message.id for message in messages]
        self._db.execute(
            "UPDATE work SET due = %s WHERE subject = ANY(%s) AND kind = 'send' AND lease IS NULL", (at, ids)
        )
        self._db.execute("SELECT pg_notify('samvik_work', 'send')")


async def _queued(ports: Ports, project: Project, url: str) -> tuple[list[OutgoingMessage], list[OutgoingMessage]]:
    """Queue all messages, good ones in turn, and let none of them be due."""
    deviation = read_deviation((project.folder / "avvik.xml").read_bytes())
    count = GOOD * 3 + 2 * PAIRS * A_HALF
    receivers = [PARTIES["good"][number % GOOD] for number in range(count)]
    good = [await submit(ports, deviation, VERDAL_SERVICE, her) for her in receivers]
    others = [her for kind in ("slow", "grey", "dead") for her in PARTIES[kind]]
    bad = [await submit(ports, deviation, VERDAL_SERVICE, her) for her in others for _ in range(MESSAGES_OF_A_BAD)]
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("UPDATE work SET due = %s WHERE kind = 'send'", (datetime.now(UTC) + LATER,))
    return good, bad


@asynccontextmanager
async def _node(project: Project) -> AsyncIterator[None]:
    told = project.folder / "node.log"
    with told.open("wb") as log:
        node = await asyncio.create_subprocess_exec(
            *COMMAND, "run", cwd=project.folder, env=environment(), stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(60):
            while b"node_started" not in told.read_bytes():
                assert node.returncode is None
                await asyncio.sleep(0.1)
        yield
    finally:
        node.terminate()
        await node.wait()


async def test_bad_partners_cost_good_ones_next_to_nothing(
    pg_url: str, quick_keys: Path, tmp_path: Path, tell: Tell
) -> None:
    """The median over five pairs of the good partners' p95 under pressure, by that without, is below 1.3."""
    relay = MoodyRelay()
    project = _project(tmp_path / "motor", pg_url, quick_keys, await relay.start())
    await import_parties(project, pg_url)
    settings = load_settings(project.folder / "samvik.toml")
    async with engine(settings, pg_url) as opened:
        good, bad = await _queued(replace(opened.ports, pdf=PlainPdf()), project, pg_url)
    halves, pairs = Halves(pg_url, relay, good, bad), []
    async with _node(project):
        await halves.warm(GOOD * 3)
        for number in range(PAIRS):
            order = [True, False] if number % 2 else [False, True]
            took = {pressed: await halves.half(pressed=pressed) for pressed in order}
            pairs.append((took[False], took[True]))
    halves.close()
    await relay.stop()
    ratio = median(pressed / alone for alone, pressed in pairs)
    told = ", ".join(f"{alone * 1000:.0f}/{pressed * 1000:.0f} ms" for alone, pressed in pairs)
    tried = ", ".join(f"{kind} {count}" for kind, count in sorted(relay.tries.items()))
    tell(f"good partners' p95 alone/pressed: {told}; median ratio {ratio:.2f}; tries: {tried}")
    assert all(relay.tries.get(kind, 0) >= BAD_OF_A_KIND for kind in ("slow", "grey", "dead"))
    assert ratio < MOST_RATIO
