"""Bytes that a process has just stored, kept in memory for a moment (engine.ports.FreshBytes)."""

from collections import OrderedDict
from uuid import UUID

MOST_BYTES = 8_000_000
LARGEST_BYTES = 500_000


class FreshMemory:
    """Keeps the newest small contents, MOST_BYTES in all; what does not fit is read from the database as ever."""

    def __init__(self, most_bytes: int = MOST_BYTES, largest_bytes: int = LARGEST_BYTES) -> None:
        self._most, self._largest = most_bytes, largest_bytes
        self._kept: OrderedDict[UUID, bytes] = OrderedDict()
        self._size = 0

    def keep(self, id: UUID, content: bytes) -> None:
        """Keep what is stored under an id, the oldest of all going first; a large one is not kept."""
        if len(content) > self._largest or id in self._kept:
            return
        self._kept[id] = content
        self._size += len(content)
        while self._size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)

    def take(self, id: UUID) -> bytes | None:
        """Return what was kept under an id and forget it; None where it is not here."""
        content = self._kept.pop(id, None)
        self._size -= len(content or b"")
        return content
