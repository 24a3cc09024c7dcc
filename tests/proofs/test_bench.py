"""`samvik bench` as a user runs it: nothing is lost or doubled, and every figure is there."""

import json
import subprocess
import sys

import pytest

from tests.proofs.conftest import Tell

pytestmark = [pytest.mark.proof, pytest.mark.alone]

CODE = "from adapters.cli.main import main; main()"
STAGES = {"submit", "listen", "motta", "send", "loop", "database"}


@pytest.mark.parametrize("processes", [1, 2])
def test_two_engines_exchange_deviations_and_lose_none(processes, tell: Tell):
    """After the drain every MsgId that was sent is in the receiver's inbox, once."""
    command = [sys.executable, "-W", "error", "-c", CODE, "bench", "--seconds", "10", "--json"]
    done = subprocess.run([*command, "--processes", str(processes)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    tell(f"{figures['exchanges_per_second']} exchanges/s with {processes} nodes an engine, lost {figures['lost']}")
    assert (figures["lost"], figures["duplicated"]) == (0, 0)
    assert figures["sent"] >= figures["exchanges"] > 0
    assert 0 < figures["latency_p50_ms"] <= figures["latency_p95_ms"]
    assert figures["exchanges_per_second"] < figures["crypto_floor_per_second"]
    assert figures["peak_rss_mb"] > 0
    assert set(figures["cpu_ms_by_stage"]) >= STAGES
    assert figures["processes"] == processes


@pytest.mark.parametrize("door", ["listener", "pop3"])
def test_mail_that_arrives_at_an_even_rate_reaches_the_inbox_once(door, tell: Tell):
    """Every mail that came to a door is in the inbox folder, once, and how long it took is told."""
    command = [sys.executable, "-W", "error", "-c", CODE, "bench", "--door", door, "--rate", "20", "--seconds", "15"]
    done = subprocess.run([*command, "--processes", "2", "--json"], capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    p50, p95 = figures["latency_p50_ms"], figures["latency_p95_ms"]
    tell(f"{door}, 20 mails/s: in the inbox after {p50:.0f} ms (p50), {p95:.0f} ms (p95)")
    assert (figures["lost"], figures["duplicated"], figures["sent"]) == (0, 0, 320)
    assert 0 < figures["latency_p50_ms"] <= figures["latency_p95_ms"]
