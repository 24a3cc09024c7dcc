"""What lists share: how many rows they show, where they go on, and the word that they are cut."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import typer

from adapters.showing.speech import phrase
from adapters.store.lists import MOST_FOUND, Narrowed
from adapters.words import command_showing as words
from adapters.words.language import Row
from engine.codes.command import CommandCode
from engine.errors import Refused
from engine.times import OSLO

MOST_ROWS = 10_000
_LONGEST_SHOWN = 64
_TIME = re.compile(r"\d{4}-\d\d-\d\d($|[T ])")

LimitOption = Annotated[int, typer.Option("--limit", min=1, max=MOST_ROWS, help="How many rows to show at most.")]
BeforeOption = Annotated[
    str,
    typer.Option(
        "--before", help="Only what is older than a row, by its id, or than a time: 2026-11-29T12:00 in Oslo."
    ),
]
LIMIT = MOST_FOUND

T = TypeVar("T")


def shown_of(rows: Sequence[T], limit: int, go_on: Callable[[T], str], word: Row = words.CUT) -> Sequence[T]:
    """Return the first `limit` rows; where there are more, standard error says so and how to go on."""
    if len(rows) <= limit:
        return rows
    shown = rows[:limit]
    typer.echo(phrase(word, number=limit, before=go_on(shown[-1])), err=True)
    return shown


async def older_than(
    before: str, row_with: Callable[[str], Awaitable[tuple[datetime, UUID]]], narrowed: Narrowed
) -> Narrowed:
    """Return the filter for what is older than `before`: a time, or the id of a row that `row_with` finds.

    Raises Refused for what begins like a time and is none.
    """
    if not before:
        return narrowed
    if _TIME.match(before):
        try:
            at = datetime.fromisoformat(before)
        except ValueError:
            raise Refused(CommandCode.BAD_TIME, text=before[:_LONGEST_SHOWN]) from None
        return Narrowed(narrowed.states, narrowed.kind, at if at.tzinfo else at.replace(tzinfo=OSLO))
    return Narrowed(narrowed.states, narrowed.kind, *await row_with(before))
