"""The work queue, in a transaction."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.names import HerId
from engine.records.work import Work, WorkKind


class WorkRows(Protocol):
    """What waits to be done."""

    async def add_work(self, owner: HerId, kind: WorkKind, subject: UUID, partner: str, due: datetime) -> None:
        """Queue work; where the same kind waits for the same subject, only its due time changes."""

    async def drop_work(self, owner: HerId, kind: WorkKind, subject: UUID) -> None:
        """Take work out of the queue, if it is there."""

    async def hasten_work(self, owner: HerId, kind: WorkKind, subject: UUID, due: datetime) -> None:
        """Let work that waits for a later time be due then; nothing where there is none, or it is due before."""

    async def finish_work(self, work: Work) -> bool:
        """Take work out of the queue if our lease still holds; False means that another node has it now.

        Work that was added anew since it was taken stays in the queue, free, at its new due time.
        """

    async def postpone_work(self, work: Work, due: datetime) -> bool:
        """Give work back with one attempt more, due later, if our lease still holds."""

    async def put_back_work(self, work: Work, due: datetime) -> bool:
        """Give work back that was not begun, due later, if our lease still holds: no attempt is counted."""

    async def weight(self, owner: HerId, kind: WorkKind, subject: UUID) -> int:
        """Return how many bytes a mail, a message or an inbox item has in the store, 0 for work about anything else.

        Nothing of it is read for that.
        """
