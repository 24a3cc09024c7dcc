"""Looks up an id that another system gave back to us: as it came first, then as the same UUID in other letters."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from engine.names import MessageId, MsgId, forms_of

Id = TypeVar("Id", MessageId, MsgId)
Found = TypeVar("Found")


async def by_any_form(look_up: Callable[[Id], Awaitable[Found]], id: Id) -> Found:
    """Return what is found under the first form of an id that finds anything, else what its own form finds."""
    first = await look_up(id)
    if first:
        return first
    for form in forms_of(id)[1:]:
        if found := await look_up(form):
            return found
    return first
