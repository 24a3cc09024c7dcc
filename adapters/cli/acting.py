"""Open an engine, take one step in somebody's name, and close the engine again."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from adapters.settings import load_settings
from engine.commit.actor import Person, operator, person

if TYPE_CHECKING:
    from engine.commit.ports import Ports

T = TypeVar("T")
Step = Callable[["Ports", Person], Awaitable[T]]


def as_person(config: Path, who: str, step: Step[T]) -> T:
    """Take a step as `who` (ROLE@HER-ID) and return its result. Raises Refused first when `who` is nobody."""
    return asyncio.run(_taken(config, person(who), step))


def as_operator(config: Path, step: Step[T]) -> T:
    """Take a step as the operator who is logged in to this machine, and return its result."""
    return asyncio.run(_taken(config, operator(getpass.getuser()), step))


async def _taken(config: Path, who: Person, step: Step[T]) -> T:
    from adapters.wiring.engine import opened_engine  # it takes a second, which who only looks need not wait

    async with opened_engine(load_settings(config)) as opened:
        return await step(opened.ports, who)
