"""Inbox, tasks and the event log, in a transaction."""

from datetime import datetime
from uuid import UUID

from adapters.store.packing import packed_document, unpacked
from adapters.store.rows import Row, event_of, item_of, item_values, json_of, task_of, task_values
from adapters.store.session import Session, clean, require_owner
from engine.names import HerId, MsgId
from engine.operations.event_log import row_hash, row_mark
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event, Task

_DOCUMENT = "inbox_item.document"


class DeskRows(Session):
    """The part of a unit of work that is about what people look at (engine.ports.UnitOfWork)."""

    async def add_inbox_item(self, owner: HerId, item: ReceivedDocument, document: bytes) -> None:
        """Put a document, encrypted, into a party's inbox. Raises OwnFault when the item names another owner."""
        require_owner(owner, item.owner)
        sealed = self._at_rest.seal(packed_document(document), owner, str(item.id), _DOCUMENT)
        await self._count("add_inbox_item", {**item_values(item), "document": sealed})

    async def inbox_item(self, owner: HerId, id: UUID) -> tuple[ReceivedDocument, bytes] | None:
        """Return an inbox item with its document. Raises OwnFault when the document does not open."""
        return self._opened_item(await self._one("inbox_item", owner=owner, id=id))

    async def inbox_item_by_msg_id(
        self, owner: HerId, sender: HerId, msg_id: MsgId
    ) -> tuple[ReceivedDocument, bytes] | None:
        """Return the inbox item whose document had this MsgId from this sender, with the document."""
        return self._opened_item(await self._one("inbox_item_by_msg_id", owner=owner, sender=sender, msg_id=msg_id))

    async def received(self, owner: HerId, receiver: HerId, msg_id: MsgId) -> list[ReceivedDocument]:
        """Return the documents with a MsgId in one inbox, newest first."""
        return [item_of(row) for row in await self._all("received", owner=owner, receiver=receiver, msg_id=msg_id)]

    async def inbox_thread(self, owner: HerId, conversation: MsgId) -> list[ReceivedDocument]:
        """Return the documents of one conversation in a party's inboxes, oldest first, at most 1000."""
        return [item_of(row) for row in await self._all("inbox_thread", owner=owner, conversation=conversation)]

    async def take_item(self, owner: HerId, id: UUID, by: str, at: datetime) -> ReceivedDocument | None:
        """Note who took an item, unless somebody took it before; return the item, None when it does not exist."""
        row = await self._one("take_item", owner=owner, id=id, by=by, at=at)
        return item_of(row) if row else None

    async def mark_exported(self, owner: HerId, id: UUID, at: datetime) -> None:
        """Note that the item stands in the party's folder."""
        await self._count("mark_exported", {"owner": owner, "id": id, "at": at})

    async def open_task(self, owner: HerId, task: Task) -> bool:
        """Open a task; False when one with the same subject and cause is already open, which may then count one more.

        Raises OwnFault when the task names another owner.
        """
        require_owner(owner, task.owner)
        row = await self._one("open_task", **task_values(task))
        return row is not None and bool(row["opened"])

    async def task(self, owner: HerId, id: UUID) -> Task | None:
        """Return an open task."""
        row = await self._one("task", owner=owner, id=id)
        return task_of(row) if row else None

    async def close_task(self, owner: HerId, id: UUID, at: datetime, by: str, outcome: str) -> bool:
        """Close an open task."""
        values = {"owner": owner, "id": id, "at": at, "by": by, "outcome": outcome}
        return await self._count("close_task", values) == 1

    async def close_tasks_of(self, owner: HerId, subject: UUID, at: datetime, outcome: str) -> int:
        """Close every open task of a subject in the engine's name ('motor'); return how many."""
        values = {"owner": owner, "subject": subject, "at": at, "outcome": outcome}
        return await self._count("close_tasks_of", values)

    async def log(self, owner: HerId, event: Event) -> None:
        """Append to the event log, in the order of the calls."""
        self.logged.append((owner, event))

    async def write_log(self) -> None:
        """Write what was logged, just before the commit. A keyed mark on each row shows that the engine wrote it."""
        if not self.logged:
            return
        owners = [{"owner": owner} for owner, _ in self.logged]
        numbers = [rows[0]["id"] for rows in await self._statements.rows_of_each("next_event_ids", owners)]
        rows = [self._event_row(id, *logged) for id, logged in zip(sorted(numbers), self.logged, strict=True)]
        await self._statements.rows_of_each("add_event", rows)

    def _event_row(self, id: int, owner: HerId, event: Event) -> dict[str, object]:
        row: dict[str, object] = {
            "id": id,
            "owner": owner,
            "at": event.at,
            "subject": event.subject,
            "action": clean(event.action),
            "actor": clean(event.actor),
        }
        stored = event_of(row | {"data": json_of(event.data).obj})
        mark = row_mark(self._at_rest.log_key(), row_hash(stored))
        return row | {"data": json_of(event.data), "mac": mark}

    def _opened_item(self, row: Row | None) -> tuple[ReceivedDocument, bytes] | None:
        if row is None:
            return None
        kept = self._at_rest.open(row["document"], row["owner"], str(row["id"]), _DOCUMENT)
        return item_of(row), unpacked(kept)
