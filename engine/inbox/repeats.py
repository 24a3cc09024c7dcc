"""After a restore: which documents a record system may have been given before, so that it is told and can look.

What came in after the backup was made is gone, and a partner that sends it again is right to: here it is new. What the
backup held as not yet given may have been given since. Nothing is held back for that: a record system alone knows what
it has.
"""

from datetime import datetime
from enum import StrEnum

from engine.msh.checks import MOST_AHEAD
from engine.records.inbox import ReceivedDocument


class Repeat(StrEnum):
    """Whether a document was given to the record system before: surely, perhaps, or not as far as can be known."""

    NO = "no"
    MAY = "may"
    YES = "yes"


def repeat_of(item: ReceivedDocument, last_restored: datetime | None) -> Repeat:
    """Return whether a document may have been given before the database was last restored from a backup.

    Not where the database itself knows that it was given before that, and where its sender made it later. A sender's
    clock may be ahead by as much as messages are taken with (rule "timestamp").
    """
    if last_restored is None or (item.made_at or item.received_at) > last_restored + MOST_AHEAD:
        return Repeat.NO
    given_at = item.exported_at or item.taken_at
    return Repeat.MAY if given_at is None or given_at >= last_restored else Repeat.NO
