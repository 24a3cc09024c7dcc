"""`samvik bench` as a user runs it: nothing is lost or doubled, and every figure is there."""

import json
import subprocess
import sys

import pytest

from tests.proofs.conftest import Tell

pytestmark = [pytest.mark.proof, pytest.mark.alone]

CODE = "from adapters.cli.main import main; main()"
STAGES = {
    "postgresql",
    *(f"{engine} {stage}" for engine in ("sender", "receiver") for stage in ("listen", "motta", "send", "loop")),
    "sender submit",
    "receiver innboks",
}
PARTS = {"submitted", "in the inbox", "AppRec received", "AppRec acknowledged"}


def measured(*options: str) -> dict:
    """Return what a short run of the benchmark tells."""
    command = [sys.executable, "-W", "error", "-c", CODE, "bench", "--warm-up", "4", "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def check_whole(figures: dict) -> None:
    """Assert that nothing was lost or doubled, and that every figure is there."""
    ends = {name: figures[name] for name in ("lost", "duplicated", "unfinished", "refused")}
    assert ends == {"lost": 0, "duplicated": 0, "unfinished": 0, "refused": 0}
    for each in (figures["median"], *figures["windows"]):
        assert set(each["cpu_ms_by_stage"]) >= STAGES
        assert set(each["latency"]) == PARTS
        engines = sum(cost for name, cost in each["cpu_ms_by_process"].items() if name != "bench")
        # Rounded to a hundredth of a millisecond each.
        assert engines == pytest.approx(each["cpu_ms"], abs=0.1)
        assert sum(each["cpu_ms_by_stage"].values()) == pytest.approx(each["cpu_ms"], abs=0.3)
        # The document of 20 kB is stored at both ends.
        assert each["wal_bytes"] > 40_000
        assert min(each["commits"], each["statements"], each["wal_fsyncs"]) > 0
    assert figures["sent"] >= sum(each["exchanges"] for each in figures["windows"]) > 0
    assert 0 < figures["ratio_by_rate"] < 1
    assert 0 < figures["ratio_by_cpu"] < 1
    assert figures["floor"]["exchanges_per_second"] > figures["median"]["exchanges_per_second"]
    assert all(20 < peak < 1000 for peak in figures["peak_rss_mb"].values())


@pytest.mark.parametrize("processes", [1, 2])
def test_two_engines_exchange_deviations_and_lose_none(processes, tell: Tell):
    """After the drain every MsgId that was sent is in the receiver's inbox, once, and every figure is there."""
    figures = measured("--seconds", "10", "--processes", str(processes), "--in-flight", "12")
    check_whole(figures)
    median = figures["median"]
    tell(
        f"{median['exchanges_per_second']} exchanges/s with {processes} nodes an engine, {median['cpu_ms']:.0f} ms each"
        f" ({100 * figures['ratio_by_cpu']:.1f} % of the floor)"
    )
    nodes = {f"{engine} {number + 1}" for engine in ("sender", "receiver") for number in range(processes)}
    assert set(median["cpu_ms_by_process"]) == nodes | {"postgresql", "bench"}
    assert all(latency["p50_ms"] <= latency["p95_ms"] for latency in median["latency"].values())
    # Counting what is under way costs the engines next to nothing; it once cost 10 ms.
    assert median["cpu_ms_by_process"]["bench"] < 0.05 * median["cpu_ms"]


def test_at_an_even_rate_as_many_are_submitted_as_are_due(tell: Tell):
    """Two windows of eight seconds at one a second after a warm-up of four: 20 messages, give or take a look."""
    figures = measured("--seconds", "8", "--windows", "2", "--rate", "1")
    check_whole(figures)
    latency = figures["median"]["latency"]["AppRec acknowledged"]
    tell(f"1 exchange due a second: {latency['p50_ms']:.0f} ms (p50), {latency['p95_ms']:.0f} ms (p95)")
    assert len(figures["windows"]) == 2
    assert 19 <= figures["sent"] <= 24
    assert (figures["rate"], figures["in_flight"]) == (1.0, None)


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
