"""Two nodes under a flood of mails that are made to cost: they greet at once, and deliver good mail meanwhile.

The mails are of the kind that once froze a node for 23 seconds: namespace declarations over thousands of leaves, below
and above our bounds. SAMVIK_PROOF_MAILS changes their number, SAMVIK_PROOF_SEED what they are.
"""

import asyncio
import json
import os
import random
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles

import pytest

from adapters.demo.network import Network
from adapters.settings import load_settings
from adapters.wiring.engine import engine
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.names import OPERATOR
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.project import COMMAND, Project, environment
from tests.fakes.engines.running_node import ADDRESS, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, import_parties
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.partners.wire import dialled
from tests.proofs.conftest import Tell

pytestmark = [pytest.mark.proof, pytest.mark.alone]

MAILS = int(os.environ.get("SAMVIK_PROOF_MAILS", "200"))
SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "12"))
LINES, GOOD = 8, 10
MOST_SECONDS = 1.0
PATIENCE = 240.0
SHAPES = [(40, 30, 1_000, 4), (55, 31, 3_000, 4), (1, 30, 3_000, 900), (1, 26, 1_300, 40), (16, 1, 1_300, 40)]
"""Depth, declarations at each, leaves inside, length of a prefix: three above our bounds, two just below."""


def hostile(chance: random.Random) -> bytes:
    """Return a mail of one of the shapes, a little different each time."""
    depth, declared, leaves, length = chance.choice(SHAPES)
    leaves -= chance.randrange(100)
    prefix = b"p" * length
    nested = b"".join(
        b"<a " + b" ".join(b'xmlns:%s%d="u:%d"' % (prefix, at * declared + k, at) for k in range(declared)) + b">"
        for at in range(depth)
    )
    made = nested + b"<b/>" * leaves + b"</a>" * depth
    return payload_mail(Letter(), document(), lambda soap: soap.replace(b"</SOAP:Body>", made + b"</SOAP:Body>"))


@asynccontextmanager
async def node(project: Project, number: int) -> AsyncIterator[int]:
    """Run a node as a process; give the port that it listens on."""
    told = project.folder / f"node-{number}.log"
    with told.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, "run", cwd=project.folder, env=environment(), stdout=log, stderr=log
        )
    try:
        async with asyncio.timeout(60):
            while b"node_started" not in told.read_bytes():
                assert process.returncode is None, told.read_text()
                await asyncio.sleep(0.1)
        started = next(line for line in told.read_text().splitlines() if "node_started" in line)
        yield int(json.loads(started)["port"])
    finally:
        process.terminate()
        await process.wait()


async def flood(port: int, mails: list[bytes]) -> int:
    """Send mails over one connection; return how many were taken."""
    async with dialled(port) as line:
        return sum([await line.mail(ADDRESS, mail) == 250 for mail in mails])


async def greetings(ports: list[int], ends: asyncio.Event) -> list[float]:
    """Connect to each node in turn until told to end; return how long each took to greet, in seconds."""
    took: list[float] = []
    while not ends.is_set():
        for port in ports:
            begun = time.monotonic()
            async with dialled(port, greet=False) as line:
                assert await line.answer() == 220
            took.append(time.monotonic() - begun)
        await asyncio.sleep(0.1)
    return took


async def test_two_nodes_under_a_flood_greet_and_deliver(
    pg_url: str, quick_keys: Path, tmp_path: Path, tell: Tell
) -> None:
    """Half of the greetings come within a second, every good message is delivered, every hostile mail set aside."""
    network, chance = Network(), random.Random(SEED)
    project = Project(tmp_path / "motor", pg_url, await network.start())
    shutil.copytree(quick_keys, project.folder / "pki")
    await import_parties(project, pg_url)
    mails = [hostile(chance) for _ in range(MAILS)]
    deviation = read_deviation((project.folder / "avvik.xml").read_bytes())
    settings, ends = load_settings(project.folder / "samvik.toml"), asyncio.Event()
    async with engine(settings, pg_url) as opened, node(project, 1) as one, node(project, 2) as two:
        network.route(ADDRESS, one)
        greeted = asyncio.create_task(greetings([one, two], ends))
        begun = time.monotonic()
        flooding = [
            asyncio.create_task(flood((one, two)[line % 2], mails[line::LINES])) for line in range(min(LINES, MAILS))
        ]
        sent = [await submit(opened.ports, deviation, VERDAL_SERVICE, LEVANGER_SERVICE) for _ in range(GOOD)]
        assert sum(await asyncio.gather(*flooding)) == MAILS

        async def done() -> bool:
            rows = await opened.store.list_outbound(VERDAL)
            delivered = [row for row in rows if row.msg_id and row.state is DeliveryState.LEVERT]
            waiting = await opened.store.list_inbound(OPERATOR, InboundState.MOTTATT)
            return len(delivered) >= len(sent) and not waiting

        async with asyncio.timeout(PATIENCE):
            while not await done():  # noqa: ASYNC110 rows tell nobody when they change
                await asyncio.sleep(0.2)
        took = time.monotonic() - begun
        ends.set()
        seconds = await greeted
        kept = await opened.store.kept_of_strangers()
    await network.stop()
    middle, late, last = (round(1_000 * each) for each in (median(seconds), quantiles(seconds, n=20)[18], max(seconds)))
    tell(
        f"{MAILS} mails, seed {SEED}, in {took:.1f} s; {len(seconds)} greetings, median {middle} ms, p95 {late} ms, "
        f"slowest {last} ms; {GOOD} good messages delivered"
    )
    assert kept.mails == MAILS
    assert median(seconds) < MOST_SECONDS
