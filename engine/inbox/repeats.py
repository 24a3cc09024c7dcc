"""After a restore: which documents a record system may have been given before, so that it is told and can look.

What came in after the backup was made is gone, and a partner that sends it again is right to: here it is new. What the
backup held as not yet given may have been given since. Nothing is held back for that: a record system alone knows what
it has.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

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


class Given(NamedTuple):
    """What stands in a record system's folder by the same sender and MsgId: its item_id, and whether byte for byte."""

    item: str
    same: bool


def repeat_beside(repeat: Repeat, there: Sequence[Given]) -> tuple[Repeat, str | None]:
    """Return what is told of a repeat by what stands in the folder too, and the item_id of that; None for nothing."""
    same = next((each.item for each in there if each.same), None)
    if same is not None:
        return Repeat.YES, same
    return (Repeat.MAY, there[0].item) if there else (repeat, None)
