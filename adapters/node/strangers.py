"""How much room a node believes there is for mail that nobody vouches for: what was counted, and what came since."""

from collections.abc import Callable

from engine.commit.policy import StrangerLimits
from engine.records.messages import Kept


class RoomForStrangers:
    """Counts what this node takes between two looks at the database. Other nodes count their own."""

    def __init__(self, limits: Callable[[], StrangerLimits]) -> None:
        self._limits = limits
        self._kept = Kept()

    def counted(self, kept: Kept) -> None:
        """Begin anew from what is kept in the database."""
        self._kept = kept

    def take(self, size: int) -> bool:
        """Say whether there is room for one more mail of a stranger, and count that mail."""
        if self._limits().are_reached(self._kept):
            return False
        self._kept = Kept(self._kept.size + size, self._kept.mails + 1)
        return True
