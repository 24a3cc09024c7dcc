"""What the benchmark asks the two databases: how much is under way, what came to its end, what is in the inbox.

An exchange is complete when the receiver's engine has committed that its AppRec was acknowledged (state FULLFORT): the
business message, its Acknowledgment, the AppRec and its Acknowledgment have then all been carried.
"""

from datetime import datetime
from typing import LiteralString, NamedTuple

import psycopg
from psycopg.rows import tuple_row

from engine.states.delivery import DeliveryState

_OPEN = [DeliveryState.KO, DeliveryState.SENDT, DeliveryState.SENDT_UKJENT, DeliveryState.TRANSPORTKVITTERT]

_UNDER_WAY = "SELECT count(*) FROM outbound WHERE kind = 'melding' AND state = ANY(%s)"
_UNFINISHED = (
    "SELECT (SELECT count(*) FROM outbound WHERE state = ANY(%s)) + (SELECT count(*) FROM work WHERE due < now())"
)
_COMPLETE = "SELECT count(*) FROM outbound WHERE kind = 'apprec' AND state = 'FULLFORT'"
_COMPLETED_AT = """
SELECT message.msg_id, event.at FROM outbound AS message
JOIN event ON event.owner = message.owner AND event.subject = message.id AND event.data ->> 'state' = 'FULLFORT'
WHERE message.kind = 'apprec' AND message.state = 'FULLFORT'
"""
_INBOX = "SELECT msg_id FROM inbox_item"
_EXPORTED_AT = "SELECT msg_id, exported_at FROM inbox_item WHERE exported_at IS NOT NULL"
_MAIL_BYTES = (
    "SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY size), 0) FROM inbound WHERE kind = 'melding'"
)


class Bystander:
    """A connection that only looks, beside those of the nodes."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, row_factory=tuple_row)

    def close(self) -> None:
        """Look no more."""
        self._connection.close()

    def under_way(self) -> int:
        """Return how many business messages have no application receipt yet."""
        return self._number(_UNDER_WAY, (_OPEN,))

    def unfinished(self) -> int:
        """Return how many messages of any kind are under way, and how much work is due."""
        return self._number(_UNFINISHED, (_OPEN,))

    def complete(self) -> int:
        """Return how many exchanges are complete: only what was committed is seen."""
        return self._number(_COMPLETE)

    def completed_at(self) -> dict[str, datetime]:
        """Return when each exchange was complete, by the MsgId of its business message."""
        return dict(self._connection.execute(_COMPLETED_AT).fetchall())

    def exported_at(self) -> dict[str, datetime]:
        """Return when each document stood in the folder, by its MsgId."""
        return dict(self._connection.execute(_EXPORTED_AT).fetchall())

    def inbox(self) -> list[str]:
        """Return the MsgId of every inbox item."""
        return [row[0] for row in self._connection.execute(_INBOX).fetchall()]

    def mail_bytes(self) -> int:
        """Return the median size of the business mails, in bytes."""
        return self._number(_MAIL_BYTES)

    def _number(self, query: LiteralString, parameters: tuple[object, ...] = ()) -> int:
        row = self._connection.execute(query, parameters).fetchone()
        return int(row[0]) if row else 0


class Tally(NamedTuple):
    """The sender's list of MsgIds against the receiver's inbox."""

    lost: int
    duplicated: int


def compare(sent: list[str], inbox: list[str]) -> Tally:
    """Return how many sent MsgIds are not in the inbox, and how many inbox items are there beyond the first."""
    return Tally(len(set(sent) - set(inbox)), len(inbox) - len(set(inbox)))
