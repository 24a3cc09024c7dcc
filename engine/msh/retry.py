"""When a message that got no Acknowledgment is sent again, and when we stop (transport.md D)."""

from datetime import datetime, timedelta

SMTP_FLOOR = timedelta(minutes=1)
SMTP_CEILING = timedelta(hours=1)
PROCESSING_STEPS = (
    *(timedelta(minutes=5),) * 3,
    *(timedelta(minutes=15),) * 3,
    *(timedelta(hours=1),) * 23,
)


def next_resend(last_sent: datetime, interval: timedelta, sent: int, limit: int) -> datetime | None:
    """Return when to send again after `sent` handed-over tries, None when the `limit` of resends is used up."""
    return None if sent > limit else last_sent + interval


def next_smtp_try(now: datetime, failures: int) -> datetime:
    """Return when to try a mail server again after `failures` tries (1 or more) in a row that never handed over.

    Doubles from one minute, and never waits longer than an hour.
    """
    return now + min(SMTP_FLOOR * (1 << min(failures - 1, 10)), SMTP_CEILING)


def next_processing(now: datetime, failures: int) -> datetime | None:
    """Return when to process a mail again after `failures` internal faults, None when a person must look."""
    return now + PROCESSING_STEPS[failures - 1] if failures <= len(PROCESSING_STEPS) else None
