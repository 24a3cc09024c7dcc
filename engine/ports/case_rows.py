"""Cases, in a transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine.case.record import Case
from engine.names import HerId, MsgId
from engine.records.channels import CaseFile
from engine.states.case import CaseState


class CaseRows(Protocol):
    """Deviation cases with their content, files and reminders."""

    async def next_case_number(self, owner: HerId, year: int) -> int:
        """Count an enterprise's next case of a year, from 1; rolled back, the number is given again."""

    async def skip_case_numbers(self, owner: HerId, year: int, count: int) -> None:
        """Let no case of this enterprise and year get the next `count` numbers."""

    async def add_case(self, owner: HerId, case: Case, content: bytes) -> None:
        """Open a case; `content` is its draft or what was received, encrypted by the store."""

    async def case(self, owner: HerId, id: UUID) -> Case | None:
        """Return the case, locked until the transaction ends."""

    async def case_content(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the content of a case."""

    async def case_by_number(self, owner: HerId, number: str) -> Case | None:
        """Return the case with this readable number or own id, locked until the transaction ends."""

    async def cases_by_conversation(self, owner: HerId, conversation: MsgId) -> list[Case]:
        """Return a party's cases of one conversation, oldest first, locked."""

    async def case_by_delivery(self, owner: HerId, delivery: UUID) -> Case | None:
        """Return the case whose deviation an outgoing message carried, locked."""

    async def settle_case(self, owner: HerId, case: Case, was: CaseState) -> bool:
        """Write every field of the case that can change, if it still is in state `was`."""

    async def keep_case_content(self, owner: HerId, id: UUID, content: bytes) -> None:
        """Replace the content of a case."""

    async def add_case_files(self, owner: HerId, id: UUID, files: Sequence[CaseFile]) -> None:
        """Keep the files that go along with a case's deviation, names and content encrypted by the store.

        Raises OwnFault where the case is not `owner`'s.
        """

    async def case_files(self, owner: HerId, id: UUID) -> list[CaseFile]:
        """Return the files of a case in the order that they were given."""

    async def claim_reminder(
        self, owner: HerId, case_id: UUID, sending_number: int, at: datetime, message: UUID
    ) -> bool:
        """Take the one reminder of a sending, by its unique key; False where it was taken before (promise 6)."""

    async def reminder_of(self, owner: HerId, case_id: UUID, sending_number: int) -> UUID | None:
        """Return the message that reminds of a sending, None where there is none, or it was recalled."""

    async def recall_reminder(self, owner: HerId, case_id: UUID, sending_number: int) -> None:
        """Note that the reminder of a sending never left, so that another may be claimed."""

    async def case_of_reminder(self, owner: HerId, message: UUID) -> Case | None:
        """Return the case that an outgoing message reminds of, recalled or not, locked."""
