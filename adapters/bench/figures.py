"""What `samvik bench` finds out."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Latency:
    """How long something took, in milliseconds: the median, and what 95 of a hundred stay below."""

    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """What one window shows. Everything but the first three rows and the latencies is for each exchange.

    An exchange counts in the window in which its last acknowledgment was committed. `cpu_ms` is both engines' and
    PostgreSQL's, `cpu_ms_by_process` also the benchmark's own. A stage is named by its engine; `loop` is what no single
    piece of work accounts for, `threads` what other threads than the loop's did. Commits and statements are those of
    both databases (BEGIN and COMMIT are statements), WAL and its flushes the server's. Latencies count from the call
    that submits, or from the time that it was due at an even rate.
    """

    seconds: float
    exchanges: float
    exchanges_per_second: float
    cpu_ms: float
    cpu_ms_by_process: dict[str, float]
    cpu_ms_by_stage: dict[str, float]
    commits: float
    statements: float
    wal_bytes: float
    wal_fsyncs: float
    latency: dict[str, Latency]


@dataclass(frozen=True, slots=True)
class Floor:
    """What the cryptography of an exchange alone costs here.

    Exchanges a second of all cores, measured after the run, and CPU ms of one, sampled during the windows.
    """

    exchanges_per_second: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of SQL as the server counted it: calls and milliseconds (with waits) an exchange, and its text."""

    calls: float
    ms: float
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    `median` has the median of each figure over all windows. The ratios are those of the median to the crypto floor of
    the same run: by rate, which other work on the machine disturbs, and by processor time, which it disturbs less.
    `lost` and `duplicated` hold the MsgIds sent against the receiver's inbox after everything under way has arrived;
    `unfinished` is what had not come to its end when no hope was left, `refused` what an engine did not take to send.
    """

    median: WindowFigures
    windows: list[WindowFigures]
    floor: Floor
    ratio_by_rate: float
    ratio_by_cpu: float
    sent: int
    lost: int
    duplicated: int
    unfinished: int
    refused: int
    peak_rss_mb: dict[str, float]
    mail_bytes: int
    processes: int
    in_flight: int | None
    rate: float | None
    costliest_statements: list[Statement]


class Door(StrEnum):
    """Where mail comes in."""

    LISTENER = "listener"
    POP3 = "pop3"


@dataclass(frozen=True, slots=True)
class Latencies:
    """What was measured. Latencies are from the time that a mail was to arrive until it stood in the inbox folder."""

    door: Door
    rate: float
    latency_p50_ms: float
    latency_p95_ms: float
    sent: int
    lost: int
    duplicated: int
    processes: int
    peak_rss_mb: float
    poll_seconds: int | None
