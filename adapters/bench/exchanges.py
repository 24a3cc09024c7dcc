"""How many exchanges a second two engines on this machine carry, and what that costs.

Two engines with their own keys, registers and databases exchange deviations of 20 kB over real SMTP: each business
message, its signed Acknowledgment, the AppRec and its signed Acknowledgment. Nothing is made cheaper than in service:
RSA 3072, a durable PostgreSQL with synchronous_commit=on, the opened case and the folder inbox included. Both engines
are Samvik, as the register says, so that the receiver makes the PDF, into its folder.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from adapters.bench.counting import Bystander, compare
from adapters.bench.figures import Figures
from adapters.bench.fleet import Fleet
from adapters.bench.floor import crypto_floor
from adapters.bench.reading import percentile
from adapters.bench.setting import Setting, bench_setting
from adapters.bench.worker import Sent

WARM_UP_SECONDS = 5.0
DRAIN_SECONDS = 120.0
LOOK_SECONDS = 0.2
MESSAGES_AN_EXCHANGE = 4

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Window:
    """What happened between two looks at what was committed."""

    seconds: float
    exchanges: int
    cpu_ms_by_stage: dict[str, float]


def exchanges(seconds: float, processes: int, say: Say, seed: int = 1) -> Figures:
    """Measure for `seconds` with `processes` nodes an engine; then drain, compare and measure the floor.

    `say` is told what is being done.
    """
    return asyncio.run(_exchanges(seconds, processes, say, seed))


async def _exchanges(seconds: float, processes: int, say: Say, seed: int) -> Figures:
    say("Setting up two engines, their keys and a durable database ...")
    async with bench_setting() as setting:
        return _measure(setting, seconds, processes, say, seed)


def _measure(setting: Setting, seconds: float, processes: int, say: Say, seed: int) -> Figures:
    with closing(Bystander(setting.sending.url)) as sending, closing(Bystander(setting.receiving.url)) as receiving:
        fleet = Fleet(setting, processes, seed)
        say(f"Warming up for {WARM_UP_SECONDS:.0f} s, then measuring for {seconds:.0f} s ...")
        time.sleep(WARM_UP_SECONDS)
        window = _window(fleet, receiving, seconds)
        say("Draining what is under way ...")
        sent = fleet.quiet()
        _drain((sending, receiving))
        peak = fleet.stop()
        say("Measuring the crypto floor ...")
        tally = compare([each.msg_id for each in sent], receiving.inbox())
        mail_bytes = receiving.mail_bytes()
        latencies = _latencies(sent, receiving)
        return Figures(
            exchanges_per_second=round(window.exchanges / window.seconds, 2),
            latency_p50_ms=percentile(latencies, 50),
            latency_p95_ms=percentile(latencies, 95),
            lost=tally.lost,
            duplicated=tally.duplicated,
            peak_rss_mb=round(peak, 1),
            cpu_ms_by_stage=window.cpu_ms_by_stage,
            crypto_floor_per_second=round(crypto_floor(mail_bytes), 2),
            seconds=round(window.seconds, 2),
            processes=processes,
            exchanges=window.exchanges,
            sent=len(sent),
            mail_bytes=mail_bytes,
        )


def _window(fleet: Fleet, receiving: Bystander, seconds: float) -> _Window:
    used = fleet.cpu_seconds()
    begun, before = time.monotonic(), receiving.complete()
    time.sleep(seconds)
    after, ended = receiving.complete(), time.monotonic()
    used_then = fleet.cpu_seconds()
    exchanges = after - before
    messages = max(exchanges, 1) * MESSAGES_AN_EXCHANGE
    by_stage = {
        stage: round((used_then[stage] - used.get(stage, 0.0)) * 1000 / messages, 2) for stage in sorted(used_then)
    }
    return _Window(ended - begun, exchanges, by_stage)


def _drain(looking: Sequence[Bystander]) -> None:
    """Wait until nothing is under way, or until it cannot be hoped for any more: what is missing then is lost."""
    end = time.monotonic() + DRAIN_SECONDS
    while any(each.unfinished() for each in looking) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)


def _latencies(sent: Sequence[Sent], receiving: Bystander) -> list[float]:
    completed = receiving.completed_at()
    return [(completed[each.msg_id] - each.at).total_seconds() * 1000 for each in sent if each.msg_id in completed]
