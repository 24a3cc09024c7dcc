"""What waits in a store's queue, for tests that let time pass until something is due."""

from collections.abc import Sequence
from datetime import datetime

from adapters.store.postgres import PostgresStore
from engine.records.work import WorkKind
from tests.fakes.store.memory import MemoryStore


async def next_due(store: MemoryStore | PostgresStore, kinds: Sequence[WorkKind]) -> datetime | None:
    """Return when the next work of these kinds that nobody holds falls due, None where none waits."""
    if isinstance(store, MemoryStore):
        work = store.tables.work.items()
        return min((row.due for key, row in work if key[1] in kinds and row.lease is None), default=None)
    async with store._connection() as connection:
        question = b"SELECT min(due) AS due FROM work WHERE lease IS NULL AND kind = ANY(%s)"
        cursor = await connection.execute(question, ([kind.value for kind in kinds],))
        row = await cursor.fetchone()
    return row["due"] if row else None
