"""The work queue, in a transaction."""

from datetime import datetime
from uuid import UUID

from adapters.store.session import Session
from engine.names import HerId
from engine.records.work import Work, WorkKind

_WEIGHED = {WorkKind.MOTTA, WorkKind.SEND, WorkKind.INNBOKS}


class WorkRows(Session):
    """The part of a unit of work that is about queued work (engine.ports.UnitOfWork)."""

    async def add_work(self, owner: HerId, kind: WorkKind, subject: UUID, partner: str, due: datetime) -> None:
        """Queue work and wake idle nodes at commit.

        When the same kind of work already waits for the same subject and owner, only its due time changes. When a node
        has leased it, it is queued again after that node has finished.
        """
        values = {"owner": owner, "kind": kind.value, "subject": subject, "partner": partner, "due": due}
        await self._all("add_work", **values)

    async def drop_work(self, owner: HerId, kind: WorkKind, subject: UUID) -> None:
        """Take work out of the queue, if it is there."""
        await self._count("drop_work", {"owner": owner, "kind": kind.value, "subject": subject})

    async def hasten_work(self, owner: HerId, kind: WorkKind, subject: UUID, due: datetime) -> None:
        """Make waiting work due at an earlier time."""
        await self._all("hasten_work", owner=owner, kind=kind.value, subject=subject, due=due)

    async def finish_work(self, work: Work) -> bool:
        """Take work out of the queue if our lease still holds; False when another node has it now."""
        held = _held(work)
        if await self._count("finish_work", held) == 1:
            return True
        return len(await self._all("release_work", **held)) == 1

    async def postpone_work(self, work: Work, due: datetime) -> bool:
        """Return work to the queue, due later and with one attempt more, if our lease still holds."""
        return await self._count("postpone_work", {**_held(work), "due": due}) == 1

    async def put_back_work(self, work: Work, due: datetime) -> bool:
        """Return work that was not begun to the queue, due later, if our lease still holds."""
        return await self._count("put_back_work", {**_held(work), "due": due}) == 1

    async def weight(self, owner: HerId, kind: WorkKind, subject: UUID) -> int:
        """Return how many bytes a mail, a message or an inbox item has in the store."""
        if kind not in _WEIGHED:
            return 0
        row = await self._one(f"weight_{kind}", owner=owner, id=subject)
        weight = int(row["weight"] or 0) if row else 0
        self._bear(weight)
        return weight


def _held(work: Work) -> dict[str, object]:
    return {"owner": work.owner, "kind": work.kind.value, "subject": work.subject, "lease": work.lease}
