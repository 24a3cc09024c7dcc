"""What the benchmark asks the databases, before and after a window: what they counted, and what came to its end.

An exchange is complete when the receiver's engine has committed that its AppRec was acknowledged (state FULLFORT): the
business message, its Acknowledgment, the AppRec and its Acknowledgment have then all been carried.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import LiteralString, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from engine.states.delivery import DeliveryState

STATEMENTS_LIBRARY = "pg_stat_statements"
"""The library of PostgreSQL that counts statements; the server must load it at its start."""

_OPEN = [DeliveryState.KO, DeliveryState.SENDT, DeliveryState.SENDT_UKJENT, DeliveryState.TRANSPORTKVITTERT]

_UNFINISHED = (
    "SELECT (SELECT count(*) FROM outbound WHERE state = ANY(%s)) + (SELECT count(*) FROM work WHERE due < now())"
)
_COMPLETED = "SELECT id, msg_id FROM outbound WHERE kind = 'apprec' AND state = 'FULLFORT'"
_INBOX = "SELECT inbound, msg_id FROM inbox_item"
_EXPORTED_AT = "SELECT msg_id, exported_at FROM inbox_item WHERE exported_at IS NOT NULL"
_MAIL_BYTES = (
    "SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY size), 0) FROM inbound WHERE kind = 'melding'"
)

_COUNTERS = """
SELECT (SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = ANY(%(databases)s)),
       (SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
        WHERE dbid IN (SELECT oid FROM pg_database WHERE datname = ANY(%(databases)s))),
       (SELECT wal_bytes FROM pg_stat_wal),
       (SELECT coalesce(sum(fsyncs), 0) FROM pg_stat_io WHERE object = 'wal')
"""
_COSTLIEST = """
SELECT query, sum(calls), sum(total_exec_time) FROM pg_stat_statements
WHERE dbid IN (SELECT oid FROM pg_database WHERE datname = ANY(%(databases)s))
GROUP BY query ORDER BY sum(total_exec_time) DESC LIMIT %(most)s
"""


class Bystander:
    """A connection that only looks, beside those of the nodes."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, row_factory=tuple_row)

    def close(self) -> None:
        """Look no more."""
        self._connection.close()

    def unfinished(self) -> int:
        """Return how many messages of any kind are under way, and how much work is due."""
        return self._number(_UNFINISHED, (_OPEN,))

    def completed(self) -> dict[UUID, str]:
        """Return the MsgId of the business message of each exchange that is complete, by the row of its AppRec."""
        return dict(self._connection.execute(_COMPLETED).fetchall())

    def exported_at(self) -> dict[str, datetime]:
        """Return when each document stood in the folder, by its MsgId."""
        return dict(self._connection.execute(_EXPORTED_AT).fetchall())

    def inbox(self) -> list[tuple[UUID, str]]:
        """Return the mail and the MsgId of every inbox item."""
        return self._connection.execute(_INBOX).fetchall()

    def mail_bytes(self) -> int:
        """Return the median size of the business mails, in bytes."""
        return self._number(_MAIL_BYTES)

    def _number(self, query: LiteralString, parameters: tuple[object, ...] = ()) -> int:
        row = self._connection.execute(query, parameters).fetchone()
        return int(row[0]) if row else 0


@dataclass(frozen=True, slots=True)
class Counters:
    """What a server has counted since it began: commits and statements of some databases, and all its WAL."""

    commits: int
    statements: int
    wal_bytes: int
    wal_fsyncs: int

    def since(self, before: "Counters") -> "Counters":
        """Return what came after `before`."""
        return Counters(*(getattr(self, each.name) - getattr(before, each.name) for each in fields(self)))


class Counted(NamedTuple):
    """One statement as the server counted it: its text without values, calls, and milliseconds with waits."""

    text: str
    calls: int
    ms: float


class ServerCounters:
    """A connection to another database of the server than those that are counted."""

    def __init__(self, url: str, databases: Sequence[str]) -> None:
        self._databases = list(databases)
        self._connection = psycopg.connect(url, autocommit=True, row_factory=tuple_row)
        self._connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def close(self) -> None:
        """Look no more."""
        self._connection.close()

    def read(self) -> Counters:
        """Return what was counted until now. A backend reports up to a second late."""
        row = self._connection.execute(_COUNTERS, {"databases": self._databases}).fetchone()
        assert row is not None  # noqa: S101 a SELECT of aggregates has a row
        return Counters(*map(int, row))

    def forget_statements(self) -> None:
        """Count statements from zero again."""
        self._connection.execute("SELECT pg_stat_statements_reset()")

    def costliest(self, most: int) -> list[Counted]:
        """Return the statements that took the most time since they were forgotten, the costliest first."""
        rows = self._connection.execute(_COSTLIEST, {"databases": self._databases, "most": most}).fetchall()
        return [Counted(" ".join(text.split()), int(calls), float(ms)) for text, calls, ms in rows]


class Tally(NamedTuple):
    """The sender's list of MsgIds against the receiver's inbox."""

    lost: int
    duplicated: int


def compare(sent: list[str], inbox: list[str]) -> Tally:
    """Return how many sent MsgIds are not in the inbox, and how many inbox items are there beyond the first."""
    return Tally(len(set(sent) - set(inbox)), len(inbox) - len(set(inbox)))
