"""Reads for pages: one owner's rows, in a read-only transaction behind row-level security (design.md 6)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from psycopg.rows import DictRow

from adapters.keys.at_rest import AtRest
from adapters.store.case import opened_case
from adapters.store.lists import MOST_FOUND, Lists, ids_beginning, newest_first
from adapters.store.rows import inbound_of, outbound_of, task_of
from adapters.store.session import Connection, fetch_all
from engine.case.record import Case
from engine.names import HerId
from engine.records.log import Task
from engine.records.messages import IncomingMail, OutgoingMessage

MOST_PRESSING = 100


class Looking(Lists):
    """A page's transaction. Its methods take the owner first, and find nothing for an owner other than its own."""

    def __init__(self, connection: Connection, at_rest: AtRest) -> None:
        self._connection = connection
        self._at_rest = at_rest

    async def _read(self, name: str, **values: object) -> list[DictRow]:
        return await fetch_all(self._connection, name, values)

    async def counts(self, owner: HerId, states: Iterable[StrEnum]) -> dict[str, int]:
        """Count the messages in each of these states, in and out; states without messages are left out."""
        rows = await self._read("count_messages", owner=owner, states=_words(states))
        return {row["state"]: row["number"] for row in rows}

    async def open_tasks(self, owner: HerId) -> int:
        """Return how many tasks are open."""
        (row,) = await self._read("count_open_tasks", owner=owner)
        return int(row["number"])

    async def past_due(self, owner: HerId, states: Iterable[StrEnum], today: date) -> int:
        """Return how many cases in these states are past their answer date."""
        (row,) = await self._read("count_late_cases", owner=owner, states=_words(states), today=today)
        return int(row["number"])

    async def pressing_inbound(
        self, owner: HerId, waiting: Iterable[StrEnum], alarming: Iterable[StrEnum], now: datetime
    ) -> list[IncomingMail]:
        """Return mails in an alarming state, or in a waiting one past its deadline, the longest overdue first."""
        rows = await self._pressing("pressing_inbound", owner, waiting, alarming, now)
        return [inbound_of(row) for row in rows]

    async def pressing_outbound(
        self, owner: HerId, waiting: Iterable[StrEnum], alarming: Iterable[StrEnum], now: datetime
    ) -> list[OutgoingMessage]:
        """Return messages in an alarming state, or in a waiting one past its deadline, the longest overdue first."""
        rows = await self._pressing("pressing_outbound", owner, waiting, alarming, now)
        return [outbound_of(row) for row in rows]

    async def late_cases(self, owner: HerId, states: Iterable[StrEnum], now: datetime, today: date) -> list[Case]:
        """Return cases past their deadline, or in one of these states past their answer date."""
        asked = {"states": _words(states), "now": now, "today": today, "most": MOST_PRESSING}
        return self._opened(await self._read("late_cases", owner=owner, **asked))

    async def find_cases(self, owner: HerId, text: str, least: int) -> list[Case]:
        """Return cases by number, the partner's number, a MsgId of their thread, or the beginning of our own id.

        The beginning must have at least `least` characters.
        """
        low, high = ids_beginning(text) if len(text) >= least else (None, None)
        asked = {"text": text, "low": low, "high": high, "most": MOST_FOUND}
        return self._opened(await self._read("find_cases", owner=owner, **asked))

    async def cases_among(self, owner: HerId, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the case numbers of those ids that are cases, by id."""
        return {row["id"]: row["number"] for row in await self._read("cases_among", owner=owner, ids=list(ids))}

    async def messages_among(self, owner: HerId, ids: Collection[UUID]) -> dict[UUID, IncomingMail | OutgoingMessage]:
        """Return the messages of those ids that are messages, by id."""
        found: list[IncomingMail | OutgoingMessage] = []
        found += [inbound_of(row) for row in await self._read("inbound_among", owner=owner, ids=list(ids))]
        found += [outbound_of(row) for row in await self._read("outbound_among", owner=owner, ids=list(ids))]
        return {row.id: row for row in found}

    async def cases_of(self, owner: HerId, rows: Sequence[IncomingMail | OutgoingMessage]) -> list[str]:
        """Return the numbers of the cases that these messages belong to, the oldest first."""
        msg_ids = [row.msg_id for row in rows if row.msg_id]
        found = await self._read("cases_of_messages", owner=owner, msg_ids=msg_ids, ids=[row.id for row in rows])
        return [row["number"] for row in found]

    async def thread(self, owner: HerId, case: Case, ids: Collection[UUID]) -> list[IncomingMail | OutgoingMessage]:
        """Return a case's messages, newest first: those with these ids, and what came in its conversation."""
        asked = {"ids": list(ids), "conversation": case.first_msg_id}
        mails = [inbound_of(row) for row in await self._read("thread_inbound", owner=owner, **asked)]
        messages = [outbound_of(row) for row in await self._read("thread_outbound", owner=owner, **asked)]
        return newest_first([*mails, *messages])

    async def tasks_about(self, owner: HerId, *subjects: UUID | None) -> list[Task]:
        """Return the open tasks about one message or case, or the pile that it lies in, the most urgent first."""
        named = [subject for subject in subjects if subject is not None]
        return [task_of(row) for row in await self._read("tasks_about", owner=owner, subjects=named)]

    async def partner_word(self, owner: HerId, id: UUID) -> str:
        """Return what the partner wrote about our message, '' where it wrote nothing."""
        for row in await self._read("word_of_partner", owner=owner, id=id):
            if row["partner_word"] is not None:
                return self._at_rest.open(row["partner_word"], owner, str(id), "outbound.partner_word").decode()
        return ""

    async def _pressing(
        self, name: str, owner: HerId, waiting: Iterable[StrEnum], alarming: Iterable[StrEnum], now: datetime
    ) -> list[DictRow]:
        asked = {"waiting": _words(waiting), "alarming": _words(alarming), "now": now, "most": MOST_PRESSING}
        return await self._read(name, owner=owner, **asked)

    def _opened(self, rows: Iterable[DictRow]) -> list[Case]:
        return [opened_case(self._at_rest, row) for row in rows]


def _words(states: Iterable[StrEnum]) -> list[str]:
    return sorted(state.value for state in states)
