"""What `samvik bench` finds out."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured.

    Latencies are from the call that submits to the last acknowledgment's commit. `cpu_ms_by_stage` is CPU time of both
    engines, a message of any kind (an exchange has four); `loop` is what no single piece of work accounts for.
    `peak_rss_mb` is the largest node's. `crypto_floor_per_second` is the exchanges that the machine's cores could do if
    there were nothing but their cryptography. `lost` and `duplicated` hold the MsgIds sent against the receiver's inbox
    after everything under way has arrived.
    """

    exchanges_per_second: float
    latency_p50_ms: float
    latency_p95_ms: float
    lost: int
    duplicated: int
    peak_rss_mb: float
    cpu_ms_by_stage: dict[str, float]
    crypto_floor_per_second: float
    seconds: float
    processes: int
    exchanges: int
    sent: int
    mail_bytes: int


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
