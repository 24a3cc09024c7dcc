"""Open an engine, take one step in somebody's name, and close the engine again."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from adapters.settings import Environment, load_settings
from engine.codes.party import PartyCode
from engine.commit.actor import Person, operator, person
from engine.errors import Refused

if TYPE_CHECKING:
    from engine.commit.ports import Ports

T = TypeVar("T")
Step = Callable[["Ports", Person], Awaitable[T]]


def as_person(config: Path, who: str, step: Step[T]) -> T:
    """Take a step as `who` (ROLE@HER-ID) and return its result. Raises Refused first when `who` is nobody.

    The person is who is logged in to this machine. In demo and test a name after the HER-id plays another one.
    """
    return asyncio.run(_taken(config, acting(config, who), step))


def acting(config: Path, who: str) -> Person:
    """Return the person who acts as `who`. Raises Refused where that is nobody, and for a name in production."""
    role_and_place, _, name = who.partition(" ")
    if name and load_settings(config).environment is Environment.PRODUCTION:
        raise Refused(PartyCode.NAME_IN_PRODUCTION)
    return person(role_and_place, name.strip() or getpass.getuser())


def as_operator(config: Path, step: Step[T]) -> T:
    """Take a step as the operator who is logged in to this machine, and return its result."""
    return asyncio.run(_taken(config, operator(getpass.getuser()), step))


async def _taken(config: Path, who: Person, step: Step[T]) -> T:
    from adapters.wiring.engine import opened_engine  # it takes a second, which who only looks need not wait

    async with opened_engine(load_settings(config)) as opened:
        return await step(opened.ports, who)
