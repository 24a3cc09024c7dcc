"""Changing the key that content at rest is sealed under, while nodes run."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from adapters.keys.at_rest import AtRest
from adapters.store.key_checks import check_ring
from adapters.store.own_connection import own_connection
from adapters.store.resealing import count_by_key, reseal
from adapters.store.session import fetch_all
from engine.codes.certificate import KeyCode
from engine.errors import Refused


class Rotation(NamedTuple):
    """What a rotation did: the key that seals now, how many values it sealed again, and whether it is a fresh one."""

    key_id: str
    values: int
    fresh: bool


async def rotate(
    url: str, path: Path, settle: Callable[[], Awaitable[None]], say: Callable[[str, int], None]
) -> Rotation:
    """Let a fresh key seal from now on, and seal again what older keys have sealed.

    Where an earlier rotation was broken off, that one is finished and no key is added. `settle` waits until every node
    has read the ring anew; `say` hears how many values of a column were done.
    Raises Refused while another command rotates, OwnFault for the ring of another engine or content that does not open.
    """
    at_rest = AtRest.load(path)
    async with own_connection(url, "samvik-keyring") as connection:
        if not (await fetch_all(connection, "lock_rotation", {}))[0]["mine"]:
            raise Refused(KeyCode.ROTATING)
        await check_ring(connection, at_rest)
        sealed = await count_by_key(connection)
        fresh = not sealed.keys() - {at_rest.active_id}
        if fresh:
            # The database knows the key before anything is sealed under it.
            AtRest.prepare(path)
            at_rest.refresh()
            await check_ring(connection, at_rest)
            AtRest.rotate(path)
            at_rest.refresh()
        await settle()
        values = 0
        while done := await reseal(connection, at_rest, say):
            values += done
        return Rotation(at_rest.active_id, values, fresh)


async def values_by_key(url: str) -> dict[str, int]:
    """Return how many values of the database each key has sealed, by the key's id."""
    async with own_connection(url, "samvik-keyring") as connection:
        return await count_by_key(connection)
