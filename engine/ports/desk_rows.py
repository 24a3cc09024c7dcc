"""What people look at, in a transaction."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.names import HerId, MsgId
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event, Task


class DeskRows(Protocol):
    """Inboxes, tasks and the event log."""

    async def add_inbox_item(self, owner: HerId, item: ReceivedDocument, document: bytes) -> None:
        """Put a document into a party's inbox."""

    async def inbox_item(self, owner: HerId, id: UUID) -> tuple[ReceivedDocument, bytes] | None:
        """Return an inbox item with its document."""

    async def inbox_item_by_msg_id(
        self, owner: HerId, sender: HerId, msg_id: MsgId
    ) -> tuple[ReceivedDocument, bytes] | None:
        """Return the inbox item whose document bore this MsgId of this sender, with the document."""

    async def received(self, owner: HerId, receiver: HerId, msg_id: MsgId) -> list[ReceivedDocument]:
        """Return what came into one inbox under a MsgId, newest first: each sender may have used it once."""

    async def inbox_thread(self, owner: HerId, conversation: MsgId) -> list[ReceivedDocument]:
        """Return what came into a party's inboxes in one conversation, its first message included, oldest first."""

    async def take_item(self, owner: HerId, id: UUID, by: str, at: datetime) -> ReceivedDocument | None:
        """Note who took an item, unless it was taken before; return it as it stands then, None where there is none."""

    async def mark_exported(self, owner: HerId, id: UUID, at: datetime) -> None:
        """Note that the item stands in the party's folder."""

    async def open_task(self, owner: HerId, task: Task) -> bool:
        """Open a task; False where one with the same subject and cause is open already.

        That one then counts one more, and names the newest, where the task is about a pile.
        """

    async def task(self, owner: HerId, id: UUID) -> Task | None:
        """Return an open task."""

    async def close_task(self, owner: HerId, id: UUID, at: datetime, by: str, outcome: str) -> bool:
        """Close an open task."""

    async def close_tasks_of(self, owner: HerId, subject: UUID, at: datetime, outcome: str) -> int:
        """Close every open task of a subject that has come to rest."""

    async def log(self, owner: HerId, event: Event) -> None:
        """Append to the event log."""
