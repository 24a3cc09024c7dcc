"""Deviation cases in memory: the part of the fake unit of work that is about them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from engine.case.record import Case
from engine.errors import OwnFault
from engine.names import HerId, MsgId
from engine.records.channels import CaseFile
from engine.states.case import CaseState
from tests.fakes.store.tables import Tables, require_owner


class MemoryCases:
    """Cases and reminders (engine.ports.UnitOfWork)."""

    tables: Tables

    async def next_case_number(self, owner: HerId, year: int) -> int:
        """Count an enterprise's next case of a year."""
        number = self.tables.counters.get((owner, year), 0) + 1
        self.tables.counters[owner, year] = number
        return number

    async def skip_case_numbers(self, owner: HerId, year: int, count: int) -> None:
        """Let no case of this enterprise and year get the next numbers."""
        self.tables.counters[owner, year] = self.tables.counters.get((owner, year), 0) + count

    async def add_case(self, owner: HerId, case: Case, content: bytes) -> None:
        """Open a case."""
        require_owner(owner, case.owner)
        self.tables.cases[case.id] = (case, content)

    async def case(self, owner: HerId, id: UUID) -> Case | None:
        """Return the case."""
        found = self.tables.cases.get(id)
        return found[0] if found and found[0].owner == owner else None

    async def case_content(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the content of a case."""
        return self.tables.cases[id][1] if await self.case(owner, id) else None

    async def case_by_number(self, owner: HerId, number: str) -> Case | None:
        """Return the case with this readable number or own id."""
        found = (case for case, _ in self.tables.cases.values() if case.owner == owner)
        return next((case for case in found if number in {case.number, str(case.id)}), None)

    async def cases_by_conversation(self, owner: HerId, conversation: MsgId) -> list[Case]:
        """Return a party's cases of one conversation."""
        found = [case for case, _ in self.tables.cases.values() if case.owner == owner]
        return sorted((case for case in found if case.first_msg_id == conversation), key=lambda case: case.opened_at)

    async def case_by_delivery(self, owner: HerId, delivery: UUID) -> Case | None:
        """Return the case whose deviation a message carried."""
        found = (case for case, _ in self.tables.cases.values() if (case.owner, case.delivery) == (owner, delivery))
        return next(found, None)

    async def settle_case(self, owner: HerId, case: Case, was: CaseState) -> bool:
        """Write the case if it still is in state `was`."""
        known = await self.case(owner, case.id)
        if known is None or known.state is not was:
            return False
        fixed = {
            name: getattr(known, name) for name in ("owner", "number", "kind", "reporting", "our_her", "opened_at")
        }
        self.tables.cases[case.id] = (replace(case, **fixed), self.tables.cases[case.id][1])
        return True

    async def keep_case_content(self, owner: HerId, id: UUID, content: bytes) -> None:
        """Replace the content of a case."""
        if known := await self.case(owner, id):
            self.tables.cases[id] = (known, content)

    async def add_case_files(self, owner: HerId, id: UUID, files: Sequence[CaseFile]) -> None:
        """Keep the files of a case."""
        if files and await self.case(owner, id) is None:
            raise OwnFault("A file was to be stored for a case that is not its owner's.")
        if files:
            self.tables.case_files[id] = tuple(files)

    async def case_files(self, owner: HerId, id: UUID) -> list[CaseFile]:
        """Return the files of a case."""
        return list(self.tables.case_files.get(id, ())) if await self.case(owner, id) else []

    async def claim_reminder(
        self, owner: HerId, case_id: UUID, sending_number: int, at: datetime, message: UUID
    ) -> bool:
        """Take the one reminder of a sending."""
        key = (owner, case_id, sending_number)
        if await self.reminder_of(*key) is not None:
            return False
        self.tables.reminders[key] = (message, False)
        return True

    async def reminder_of(self, owner: HerId, case_id: UUID, sending_number: int) -> UUID | None:
        """Return the message that reminds of a sending."""
        message, called_back = self.tables.reminders.get((owner, case_id, sending_number), (None, True))
        return None if called_back else message

    async def recall_reminder(self, owner: HerId, case_id: UUID, sending_number: int) -> None:
        """Note that the reminder of a sending never left."""
        key = (owner, case_id, sending_number)
        if key in self.tables.reminders:
            self.tables.reminders[key] = (self.tables.reminders[key][0], True)

    async def case_of_reminder(self, owner: HerId, message: UUID) -> Case | None:
        """Return the case that a message reminds of."""
        found = (key[1] for key, (sent, _) in self.tables.reminders.items() if (key[0], sent) == (owner, message))
        id = next(found, None)
        return await self.case(owner, id) if id else None
