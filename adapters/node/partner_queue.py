"""One kind of work, taken from the queue as engine.outbound.partner_slots lets each partner have it.

When it is looked for is decided by engine.outbound.looking.
"""

import asyncio
from typing import NamedTuple

from engine.errors import SamvikError
from engine.outbound.looking import IDLE_SECONDS, Looks
from engine.outbound.partner_slots import Sharing, Sign
from engine.ports import Clock, Store
from engine.records.work import Work, WorkKind


class Taken(NamedTuple):
    """Work that was taken from the queue, and when to look again though nobody tells of new work.

    That is after `rest` seconds, and where it is `full` when any of what was taken has ended.
    """

    work: list[Work]
    full: bool = False
    rest: float = IDLE_SECONDS


class SharedQueue:
    """Takes work of one kind, at most so much at once, and learns from what is sign_of of it."""

    def __init__(self, store: Store, clock: Clock, kind: WorkKind, most: int) -> None:
        self._store, self._clock, self._kind = store, clock, kind
        self._sharing = Sharing(most)
        self._others = Looks()

    async def take(self, _under_way: int = 0) -> Taken:
        """Take what partners that answer well may have now, and now and then one piece of work of another partner."""
        taken = await self._of_proven()
        if not self._others.seconds_left(_seconds()):
            try:
                taken += await self._of_others()
            except SamvikError:
                # What was taken is under way already, and must be done.
                if not taken:
                    raise
        return Taken(taken, self._sharing.is_held_up(self._clock.now()), self._others.seconds_left(_seconds()))

    def flows(self, partner: str) -> bool:
        """Return whether a partner has proven to answer well."""
        return self._sharing.flows(partner, self._clock.now())

    def hear_queued(self, partner: str) -> None:
        """Note that work was queued for a partner, for any where it is ''."""
        self._others.queued(proven=self.flows(partner))

    def hear(self, work: Work, sign: Sign) -> None:
        """Learn what became of work that was taken; each piece must come back here, or its place is lost."""
        was_proven = self.flows(work.partner)
        self._sharing.hear(work.partner, work.lease, sign, self._clock.now())
        self._others.answered(was_proven=was_proven, proven=self.flows(work.partner))

    async def _of_proven(self) -> list[Work]:
        now = self._clock.now()
        room = self._sharing.room(now)
        if not room.windows or not room.proven:
            return []
        return self._begun(await self._store.take_work_of(self._kind, now, room.windows, room.proven))

    async def _of_others(self) -> list[Work]:
        self._others.look(_seconds())
        now = self._clock.now()
        room = self._sharing.room(now)
        if not room.others:
            return []
        taken = self._begun(await self._store.take_work_of_others(self._kind, now, room.closed, room.others))
        self._others.found(some=bool(taken))
        return taken

    def _begun(self, taken: list[Work]) -> list[Work]:
        for work in taken:
            self._sharing.take(work.partner, work.lease, self._clock.now())
        return taken


def _seconds() -> float:
    return asyncio.get_running_loop().time()
