"""One kind of work, taken from the queue as engine.outbound.partner_slots lets each partner have it."""

from engine.outbound.partner_slots import Sharing, Sign
from engine.ports import Clock, Store
from engine.records.work import Work, WorkKind


class SharedQueue:
    """Takes work of one kind, at most so much at once, and learns from what is sign_of of it."""

    def __init__(self, store: Store, clock: Clock, kind: WorkKind, most: int) -> None:
        self._store, self._clock, self._kind = store, clock, kind
        self._sharing = Sharing(most)

    async def of_proven(self, _under_way: int) -> list[Work] | None:
        """Take what partners that answer well may have now; None for nothing: what ends may make room for more."""
        now = self._clock.now()
        room = self._sharing.room(now)
        if not room.windows or not room.proven:
            return None
        return self._begun(await self._store.take_work_of(self._kind, now, room.windows, room.proven)) or None

    async def of_others(self, _under_way: int) -> list[Work] | None:
        """Take one piece of work of some other partners; None for nothing, as above."""
        now = self._clock.now()
        room = self._sharing.room(now)
        if not room.others:
            return None
        return self._begun(await self._store.take_work_of_others(self._kind, now, room.closed, room.others)) or None

    def hear(self, work: Work, sign: Sign) -> None:
        """Learn what became of work that was taken; each piece must come back here, or its place is lost."""
        self._sharing.hear(work.partner, work.lease, sign, self._clock.now())

    def _begun(self, taken: list[Work]) -> list[Work]:
        for work in taken:
            self._sharing.take(work.partner, work.lease, self._clock.now())
        return taken
