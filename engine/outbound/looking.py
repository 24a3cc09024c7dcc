"""When a node looks for work of partners that have not proven themselves (engine.outbound.partner_slots).

A look costs a commit, and what is found delays everybody. So they come one after the other with a pause, and only when
something may be there; but after a start all partners are such, and most answer well.

Times are seconds of a clock that never goes back, whatever its beginning.
"""

from dataclasses import dataclass

IDLE_SECONDS = 1.0
"""How long until the next look where nobody has told of work."""
BETWEEN_OTHERS_SECONDS = 0.3
"""How long between two of those partners, unless one has proven itself meanwhile."""


@dataclass(slots=True)
class Looks:
    """What is known of the work that waits for such partners."""

    may_wait: bool = True
    looked_at: float = 0.0

    def seconds_left(self, at: float) -> float:
        """Return how long it is until the next look, 0 where it is due."""
        pause = BETWEEN_OTHERS_SECONDS if self.may_wait else IDLE_SECONDS
        return max(self.looked_at + pause - at, 0)

    def look(self, at: float) -> None:
        """Note that somebody looks now. What is queued from here on is heard of."""
        self.looked_at, self.may_wait = at, False

    def found(self, *, some: bool) -> None:
        """Note what a look has found: where there was some, there may be more."""
        self.may_wait = self.may_wait or some

    def queued(self, *, proven: bool) -> None:
        """Note that work was queued for a partner."""
        self.may_wait = self.may_wait or not proven

    def answered(self, *, was_proven: bool, proven: bool) -> None:
        """Note an answer: a partner that has just proven itself lets the next one in at once."""
        self.may_wait = self.may_wait or not (was_proven and proven)
        if proven and not was_proven:
            self.looked_at = 0.0
