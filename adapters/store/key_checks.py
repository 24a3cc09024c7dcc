"""How a database knows its key ring: it keeps a value that each key has sealed, and takes no ring that lacks a key."""

from adapters.keys.at_rest import AtRest
from adapters.store.queries import statement
from adapters.store.resealing import SEALED, one_sealed
from adapters.store.session import Connection, fetch_all
from engine.codes.certificate import KeyCode
from engine.errors import OwnFault


async def check_ring(connection: Connection, at_rest: AtRest) -> None:
    """Let the database know the keys of its ring. Raises OwnFault for the ring of another engine, or an older copy.

    Such a ring would seal what nobody else can open, and open nothing of what is there.
    """
    async with connection.transaction():
        await fetch_all(connection, "lock_key_checks", {})
        known = {row["key_id"]: bytes(row["sealed"]) for row in await fetch_all(connection, "key_checks", {})}
        lacking = [key_id for key_id, sealed in known.items() if not at_rest.knows(key_id, sealed)]
        if lacking:
            raise OwnFault(KeyCode.OTHER_RING, key_id=lacking[0])
        if not known:
            await _try_content(connection, at_rest)
        for key_id in at_rest.keys().keys() - known.keys():
            sealed = at_rest.check_value(key_id)
            await connection.execute(statement("add_key_check"), {"key_id": key_id, "sealed": sealed})


async def _try_content(connection: Connection, at_rest: AtRest) -> None:
    """Open some content of a database that has no check values yet, because an earlier version filled it."""
    for column in SEALED:
        found = await one_sealed(connection, column)
        if found is None:
            continue
        try:
            at_rest.open(*found)
        except OwnFault:
            raise OwnFault(KeyCode.OTHER_RING, key_id=found[0][1:9].hex()) from None
