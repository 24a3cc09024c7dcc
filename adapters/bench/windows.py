"""From two looks at everything that counts to the figures of the window between them. Nothing here looks or waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from adapters.bench.counting import Counters
from adapters.bench.figures import Latency, WindowFigures
from adapters.bench.hearing import Point, Times
from adapters.bench.reading import percentile
from adapters.bench.worker import BENCH, Sent

POSTGRESQL = "postgresql"
SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class Look:
    """What was used and counted until a moment (seconds since 1970).

    `nodes` has CPU seconds by stage for each node, whose name begins with its engine's; `own_seconds` is what the
    benchmark's own process has used.
    """

    at: float
    nodes: dict[str, dict[str, float]]
    server_seconds: float
    own_seconds: float
    counters: Counters


@dataclass(frozen=True, slots=True)
class Course:
    """When one exchange was due and when the call that submits it returned; when it reached each point."""

    due: float
    returned: float
    reached: dict[Point, float]

    @property
    def complete(self) -> float | None:
        """Return when the last acknowledgment was committed, None where it was not."""
        return self.reached.get(Point.COMPLETE)


def courses(
    sent: Iterable[Sent], heard: Sequence[Times], inbox: Iterable[tuple[UUID, str]], completed: Mapping[UUID, str]
) -> list[Course]:
    """Return the course of each exchange: what the nodes heard, for rows that the databases have committed.

    `inbox` and `completed` give the MsgId of mails in the receiver's inbox and of AppRecs that were acknowledged.
    """
    merged = {point: _merged(each[point] for each in heard) for point in Point}
    mails = {msg_id: merged[Point.INBOX].get(mail) for mail, msg_id in inbox}
    apprecs = {msg_id: merged[Point.COMPLETE].get(apprec) for apprec, msg_id in completed.items()}
    found = []
    for each in sent:
        reached = {
            Point.INBOX: mails.get(each.msg_id),
            Point.APPREC: merged[Point.APPREC].get(each.id),
            Point.COMPLETE: apprecs.get(each.msg_id),
        }
        known = {point: at for point, at in reached.items() if at is not None}
        found.append(Course(each.due, each.returned, known))
    return found


def _merged(parts: Iterable[Mapping[UUID, float]]) -> dict[UUID, float]:
    """Return when each row reached a point first, whichever node heard it."""
    first: dict[UUID, float] = {}
    for part in parts:
        for row, at in part.items():
            first[row] = min(at, first.get(row, at))
    return first


def window(before: Look, after: Look, found: Sequence[Course], *, even: bool) -> WindowFigures:
    """Return the figures of the time between two looks.

    Latencies are of what was complete in it; of what was due in it, complete or not yet, where messages are submitted
    at an even rate: else a backlog would hide its slowest.
    """
    done = [each for each in found if each.complete is not None and before.at <= each.complete < after.at]
    timed = [each for each in found if before.at <= each.due < after.at] if even else done
    count, seconds = len(done), after.at - before.at
    by_stage = _by_stage(before, after)
    by_process = _by_process(before, after)
    counted = after.counters.since(before.counters)
    return WindowFigures(
        seconds=round(seconds, 2),
        exchanges=count,
        exchanges_per_second=round(count / seconds, 2),
        cpu_ms=_each(sum(used for name, used in by_process.items() if name != BENCH) * 1000, count),
        cpu_ms_by_process={name: _each(used * 1000, count) for name, used in by_process.items()},
        cpu_ms_by_stage={name: _each(used * 1000, count) for name, used in by_stage.items()},
        commits=_each(counted.commits, count),
        statements=_each(counted.statements, count),
        wal_bytes=_each(counted.wal_bytes, count),
        wal_fsyncs=_each(counted.wal_fsyncs, count),
        latency=_latencies(timed),
    )


def _each(total: float, count: int) -> float:
    return round(total / max(count, 1), 2)


def _by_process(before: Look, after: Look) -> dict[str, float]:
    """Return CPU seconds of each process; what a sending node did for the benchmark is the benchmark's."""
    used = dict.fromkeys(after.nodes, 0.0)
    own = after.own_seconds - before.own_seconds
    for name, stages in after.nodes.items():
        for stage, seconds in stages.items():
            spent = seconds - before.nodes[name].get(stage, 0.0)
            if stage == BENCH:
                own += spent
            else:
                used[name] += spent
    return used | {POSTGRESQL: after.server_seconds - before.server_seconds, BENCH: own}


def _by_stage(before: Look, after: Look) -> dict[str, float]:
    """Return CPU seconds by engine and stage, PostgreSQL's among them, the costliest first."""
    total = {POSTGRESQL: after.server_seconds - before.server_seconds}
    for name, stages in after.nodes.items():
        side = name.split()[0]
        for stage, seconds in stages.items():
            if stage != BENCH:
                key = f"{side} {stage}"
                total[key] = total.get(key, 0.0) + seconds - before.nodes[name].get(stage, 0.0)
    return dict(sorted(total.items(), key=lambda row: -row[1]))


def _latencies(timed: Sequence[Course]) -> dict[str, Latency]:
    took = {SUBMITTED: [each.returned - each.due for each in timed]} | {
        str(point): [each.reached[point] - each.due for each in timed if point in each.reached] for point in Point
    }
    return {part: _latency([value * 1000 for value in values]) for part, values in took.items()}


def _latency(values: Sequence[float]) -> Latency:
    return Latency(percentile(values, 50), percentile(values, 95))


def median_of(windows: Sequence[WindowFigures]) -> WindowFigures:
    """Return the median of each figure by itself."""
    return WindowFigures(
        seconds=_median([each.seconds for each in windows]),
        exchanges=_median([each.exchanges for each in windows]),
        exchanges_per_second=_median([each.exchanges_per_second for each in windows]),
        cpu_ms=_median([each.cpu_ms for each in windows]),
        cpu_ms_by_process=_medians([each.cpu_ms_by_process for each in windows]),
        cpu_ms_by_stage=_medians([each.cpu_ms_by_stage for each in windows]),
        commits=_median([each.commits for each in windows]),
        statements=_median([each.statements for each in windows]),
        wal_bytes=_median([each.wal_bytes for each in windows]),
        wal_fsyncs=_median([each.wal_fsyncs for each in windows]),
        latency={part: _median_latency([each.latency[part] for each in windows]) for part in windows[0].latency},
    )


def _median(values: Iterable[float]) -> float:
    return round(median(values), 2)


def _medians(tables: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = {name for each in tables for name in each}
    found = {name: _median([each.get(name, 0.0) for each in tables]) for name in names}
    return dict(sorted(found.items(), key=lambda row: -row[1]))


def _median_latency(values: Sequence[Latency]) -> Latency:
    return Latency(_median([each.p50_ms for each in values]), _median([each.p95_ms for each in values]))
