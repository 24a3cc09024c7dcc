"""A clock that stands still until it is told otherwise, and identifiers that come in order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning."""


class FakeClock:
    """Tells the time that it was set to (engine.ports.Clock)."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return the time that was set, aware, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Set the time."""
        self._at = at.astimezone(UTC)

    def advance(self, **by: float) -> datetime:
        """Move the time on by what `timedelta` takes, and return it."""
        self._at += timedelta(**by)
        return self._at


class FakeIds:
    """Gives 1, 2, 3 ... as UUIDs, the same in every run (engine.ports.Ids)."""

    def __init__(self, first: int = 1) -> None:
        self._next = first

    def new(self) -> UUID:
        """Return the next UUID."""
        self._next += 1
        return UUID(int=self._next - 1, version=4)
