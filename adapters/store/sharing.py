"""A transaction that several pieces of work share: each runs as if it had it alone, and what they ask goes by set.

The pieces run side by side. When each of them waits for the database, what they ask for is put together: pieces that
ask the same thing share one statement, in the order of its keys, so that two such transactions lock rows in one order.

Only statements by set may be shared (adapters.store.queries), and no row is locked by two pieces. Whatever else a piece
asks, and whatever fails, undoes the transaction: its pieces are then run again one by one (adapters.store.lane).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from psycopg.rows import DictRow

from adapters.store.lane import NotShared, Stopped
from adapters.store.queries import locks, parameters_by_set
from adapters.store.session import Connection, Statements, fetch_by_set

T = TypeVar("T")

_KEYS = 4
"""How many of a statement's first parameters, its keys, put what is asked in order."""

Piece = tuple[Callable[[], Awaitable[T]], Context]
"""What is to be done, and the context that it is done in."""


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """What a piece asks of one statement, by rows of values; `found` gets the rows for each of them."""

    part: "_Part"
    name: str
    asked: Sequence[Mapping[str, object]]
    found: list[list[DictRow]]
    answer: "asyncio.Future[None]"


class _Part:
    """The statements of one piece of work in a shared transaction."""

    def __init__(self, shared: "Shared") -> None:
        self._shared = shared

    async def rows(self, name: str, values: Mapping[str, object]) -> list[DictRow]:
        """Ask for the rows of a statement. Raises NotShared for a statement that is not run by set."""
        return (await self.rows_of_each(name, [values]))[0]

    async def rows_of_each(self, name: str, asked: Sequence[Mapping[str, object]]) -> list[list[DictRow]]:
        """Ask for the rows of a statement for several rows of values. Raises NotShared like `rows`."""
        if not parameters_by_set(name):
            raise self._shared.refusal(name)
        question = _Question(self, name, asked, [[] for _ in asked], asyncio.get_running_loop().create_future())
        await self._shared.ask(question)
        return question.found

    async def changed(self, name: str, values: Mapping[str, object]) -> int:
        """Ask how many rows a statement says it changed. Raises NotShared like `rows`."""
        return len(await self.rows(name, values))

    def insist_alone(self) -> None:
        """Raise NotShared: the piece is done again by itself."""
        raise self._shared.refusal("what others have read too, or a large value")


@dataclass(slots=True)
class Steps:
    """How far a transaction has come; `in_doubt` where the answer to the commit that was asked for was lost."""

    begun: bool = False
    asked: bool = False
    in_doubt: bool = False


class Shared:
    """Runs pieces of work inside a transaction that is open on `connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._questions: list[_Question] = []
        self._held: dict[UUID, _Part] = {}
        self._refusal: NotShared | None = None
        self._working = 0
        self._all_wait = asyncio.Event()

    def part(self) -> Statements:
        """Return the statements of one more piece of work."""
        return _Part(self)

    async def run(self, pieces: Sequence[Piece[T]]) -> list[T]:
        """Run all pieces to their end and return what each returns, in order; raise what the first that fails raises.

        No piece runs any more when this returns.
        """
        self._working = len(pieces)
        tasks = [asyncio.create_task(self._run(do), context=context) for do, context in pieces]
        try:
            while not all(task.done() for task in tasks):
                await self._all_wait.wait()
                self._all_wait.clear()
                _raise_first(tasks)
                await self._answer()
            _raise_first(tasks)
            if self._refusal is not None:
                # The piece that was refused has swallowed it, and may not be committed with what it lacks.
                raise self._refusal
            return [task.result() for task in tasks]
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def refusal(self, why: str) -> NotShared:
        """Return what tells a piece that it may not have what it asks for here; nothing is committed any more."""
        self._refusal = NotShared(why)
        return self._refusal

    async def ask(self, question: _Question) -> None:
        """Wait until a question is answered: when all pieces wait for the database, or have come to their end."""
        self._questions.append(question)
        self._waits()
        await question.answer

    async def _run(self, do: Callable[[], Awaitable[T]]) -> T:
        try:
            return await do()
        finally:
            self._waits()

    def _waits(self) -> None:
        self._working -= 1
        if self._working == 0:
            self._all_wait.set()

    async def _answer(self) -> None:
        """Run what was asked for, a statement a name, and let all pieces go on at once."""
        questions, self._questions = self._questions, []
        for name in dict.fromkeys(question.name for question in questions):
            await self._answer_alike(name, [question for question in questions if question.name == name])
        self._working += len(questions)
        for question in questions:
            question.answer.set_result(None)

    async def _answer_alike(self, name: str, questions: Sequence[_Question]) -> None:
        asked = [(values, question, place) for question in questions for place, values in enumerate(question.asked)]
        asked.sort(key=lambda each: _key(name, each[0]))
        found = await fetch_by_set(self._connection, name, [values for values, _, _ in asked])
        for (_, question, place), rows in zip(asked, found, strict=True):
            question.found[place] = rows
            if locks(name):
                self._hold(question.part, rows)

    def _hold(self, part: _Part, rows: Sequence[DictRow]) -> None:
        """Raise NotShared where another piece holds a row: a lock keeps out other transactions, not this one."""
        for row in rows:
            if self._held.setdefault(row["id"], part) is not part:
                raise NotShared("a row that two of them lock")


def _key(name: str, values: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(values[parameter]) for parameter in parameters_by_set(name)[:_KEYS])


def _raise_first(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        if task.done():
            if task.cancelled():
                raise Stopped
            task.result()
