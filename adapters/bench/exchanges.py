"""How many exchanges a second two engines on this machine carry, and what that costs.

Two engines with their own keys, registers and databases exchange deviations of 20 kB over real SMTP: each business
message, its signed Acknowledgment, the AppRec and its signed Acknowledgment. Nothing is made cheaper than in service:
RSA 3072, a durable PostgreSQL with synchronous_commit=on, the opened case and the folder inbox included. Both engines
are Samvik, as the register says, so that the receiver makes the PDF, into its folder.
docs/performance.md tells the method.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import pairwise

from adapters.bench.counting import Bystander, Counted, ServerCounters, compare
from adapters.bench.figures import Figures, Floor, Statement
from adapters.bench.fleet import Fleet, Pressure
from adapters.bench.floor import Samples, crypto_floor
from adapters.bench.hearing import Times
from adapters.bench.setting import RECEIVING, SENDING, Setting, bench_setting
from adapters.bench.windows import Look, courses, median_of, window
from adapters.bench.worker import Submitted

HOPE_SECONDS = 60.0
"""How long nothing more may come to its end before what is under way is given up."""
STEADY_SECONDS = 120.0
"""How long a slow machine may take until as many exchanges are complete as are under way."""
LOOK_SECONDS = 0.2
SAMPLE_EVERY_SECONDS = 5.0
MOST_STATEMENTS = 10
LONGEST_STATEMENT = 200

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: so many windows of so many seconds, with so many nodes an engine, under this pressure."""

    seconds: float
    windows: int
    warm_up: float
    processes: int
    pressure: Pressure
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Measured:
    """What the engines did, and what the databases say of it."""

    looks: list[Look]
    floor_cpu_ms: float
    statements: list[Counted]
    submitted: Submitted
    unfinished: int
    heard: list[Times]
    peak_rss_mb: dict[str, float]


def exchanges(plan: Plan, say: Say) -> Figures:
    """Measure as planned; then drain, compare and measure the floor. `say` is told what is being done."""
    return asyncio.run(_exchanges(plan, say))


async def _exchanges(plan: Plan, say: Say) -> Figures:
    say("Setting up two engines, their keys and a durable database ...")
    async with bench_setting() as setting:
        with ExitStack() as stack:
            sending = stack.enter_context(closing(Bystander(setting.sending.url)))
            receiving = stack.enter_context(closing(Bystander(setting.receiving.url)))
            counters = stack.enter_context(
                closing(ServerCounters(setting.server.url("postgres"), (SENDING, RECEIVING)))
            )
            measured = _measured(setting, plan, counters, (sending, receiving), say)
            say("Measuring the crypto floor ...")
            mail_bytes = receiving.mail_bytes()
            floor = Floor(crypto_floor(mail_bytes), measured.floor_cpu_ms)
            return _figures(plan, measured, receiving, floor, mail_bytes)


def _measured(
    setting: Setting, plan: Plan, counters: ServerCounters, bystanders: Sequence[Bystander], say: Say
) -> _Measured:
    fleet = Fleet(setting, plan.processes, plan.pressure, plan.seed, counters)
    say(f"Warming up for {plan.warm_up:g} s, then measuring {plan.windows} times {plan.seconds:g} s ...")
    time.sleep(plan.warm_up)
    _become_steady(fleet, plan)
    samples = Samples(bystanders[-1].mail_bytes())
    counters.forget_statements()
    looks = [_look(fleet, samples)]
    for _ in range(plan.windows):
        _pass(plan.seconds, samples)
        looks.append(_look(fleet, samples))
    statements = counters.costliest(MOST_STATEMENTS)
    say("Draining what is under way ...")
    submitted = fleet.quiet()
    unfinished = _drain(bystanders)
    return _Measured(looks, samples.cpu_ms(), statements, submitted, unfinished, fleet.heard(), fleet.stop())


def _look(fleet: Fleet, samples: Samples) -> Look:
    """Look at all; the samples of the floor are no cost of counting."""
    look = fleet.look()
    return replace(look, own_seconds=look.own_seconds - samples.used)


def _pass(seconds: float, samples: Samples) -> None:
    """Let a window pass; take a sample of the floor in the middle of each of its parts."""
    begun = time.monotonic()
    parts = max(1, round(seconds / SAMPLE_EVERY_SECONDS))
    for part in range(parts):
        time.sleep(max(0.0, begun + (part + 0.5) * seconds / parts - time.monotonic()))
        samples.take()
    time.sleep(max(0.0, begun + seconds - time.monotonic()))


def _become_steady(fleet: Fleet, plan: Plan) -> None:
    """Wait until as many exchanges are complete as are kept under way: the first ones meet engines without a queue."""
    end = time.monotonic() + STEADY_SECONDS
    while fleet.complete() < (plan.pressure.in_flight or 0) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)


def _drain(bystanders: Sequence[Bystander]) -> int:
    """Wait until nothing is under way, or nothing has moved for long; return how much is left."""
    left = least = sum(each.unfinished() for each in bystanders)
    end = time.monotonic() + HOPE_SECONDS
    while left and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
        left = sum(each.unfinished() for each in bystanders)
        if left < least:
            least, end = left, time.monotonic() + HOPE_SECONDS
    return left


def _figures(plan: Plan, measured: _Measured, receiving: Bystander, floor: Floor, mail_bytes: int) -> Figures:
    inbox, submitted = receiving.inbox(), measured.submitted
    found = courses(submitted.sent, measured.heard, inbox, receiving.completed())
    even = plan.pressure.rate is not None
    windows = [window(before, after, found, even=even) for before, after in pairwise(measured.looks)]
    median, tally = median_of(windows), compare([each.msg_id for each in submitted.sent], [row[1] for row in inbox])
    count = max(sum(each.exchanges for each in windows), 1)
    return Figures(
        median=median,
        windows=windows,
        floor=floor,
        ratio_by_rate=round(median.exchanges_per_second / floor.exchanges_per_second, 4),
        ratio_by_cpu=round(floor.cpu_ms / median.cpu_ms, 4) if median.exchanges else 0.0,
        sent=len(submitted.sent),
        lost=tally.lost,
        duplicated=tally.duplicated,
        unfinished=measured.unfinished,
        refused=submitted.refused,
        peak_rss_mb={engine: round(peak, 1) for engine, peak in measured.peak_rss_mb.items()},
        mail_bytes=mail_bytes,
        processes=plan.processes,
        in_flight=plan.pressure.in_flight,
        rate=plan.pressure.rate,
        costliest_statements=[
            Statement(round(each.calls / count, 2), round(each.ms / count, 3), _shortened(each.text))
            for each in measured.statements
        ],
    )


def _shortened(text: str) -> str:
    """Return the beginning and the end of a long statement: its table, and what it looks for or locks."""
    half = LONGEST_STATEMENT // 2
    return text if len(text) <= LONGEST_STATEMENT else f"{text[:half]} ... {text[-half:]}"
