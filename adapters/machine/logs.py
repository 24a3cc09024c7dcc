"""Logs for machines and people: one `action` word a line, ids from context, as JSON on standard error.

Only adapters log. Payload, free text, national identity numbers and keys are never given to a logger; ids, states,
codes and our own sentences are.
"""

import logging
import sys

import structlog


def configure_logs(*, quiet: bool = False) -> None:
    """Set up logging once, at the start of a process. `quiet` leaves warnings and errors only."""
    level = logging.WARNING if quiet else logging.INFO
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
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
