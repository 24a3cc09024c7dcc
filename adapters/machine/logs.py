"""Logs for machines and people: one `action` word a line, ids from context, as JSON on standard error.

Only adapters log. Payload, free text, national identity numbers and keys are never given to a logger; ids, states,
codes and our own sentences are.
"""

import logging
import sys

import structlog

SILENCE_SECONDS = 60.0
"""How long a library's complaint is not repeated: a database that is away is complained of at each try."""


MOST_TEXT = 120


class _OneLine(logging.Handler):
    """Writes what a library logs as one line of ours, a kind of complaint once a minute with a count."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[tuple[str, str], tuple[float, int]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record without its arguments and traceback."""
        kind = _kind_of(record)
        begun, count = self._told.get((record.name, kind), (-SILENCE_SECONDS, 0))
        if record.created - begun < SILENCE_SECONDS:
            self._told[record.name, kind] = (begun, count + 1)
            return
        self._told[record.name, kind] = (record.created, 0)
        about = {"source": record.name, "kind": kind} | ({"times": count} if count else {})
        structlog.get_logger().log(record.levelno, "library_says", **about)


def _kind_of(record: logging.LogRecord) -> str:
    """Return the type of the error that a record is about, else its text without what was put into it."""
    if record.name == "py.warnings":
        return "warning"
    if record.exc_info and record.exc_info[0] is not None:
        return record.exc_info[0].__name__
    return record.msg[:MOST_TEXT] if isinstance(record.msg, str) else type(record.msg).__name__


def configure_logs(*, quiet: bool = False) -> None:
    """Set up logging once, at the start of a process. `quiet` leaves warnings and errors only."""
    level = logging.WARNING if quiet else logging.INFO
    # What libraries log is a line of JSON too: by source and kind alone, for its text may quote what strangers sent.
    logging.basicConfig(level=logging.WARNING, handlers=[_OneLine()])
    logging.captureWarnings(True)
    # aiosmtpd tells every command and address at INFO, and tracebacks of what strangers send.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("action"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # One write a line: nodes share standard error, and their lines must not run into each other.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
