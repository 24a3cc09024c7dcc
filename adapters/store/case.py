"""Deviation cases, in a transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from adapters.keys.at_rest import AtRest
from adapters.store.rows import Row, case_of, case_values
from adapters.store.session import Session, require_owner, uuid_in
from engine.case.record import Case
from engine.codes.database import DatabaseCode
from engine.errors import OwnFault
from engine.names import HerId, MsgId
from engine.records.channels import CaseFile
from engine.states.case import CaseState


class CaseRows(Session):
    """The part of a unit of work that is about cases (engine.ports.UnitOfWork)."""

    async def next_case_number(self, owner: HerId, year: int) -> int:
        """Return the next case number of an enterprise and year. Others that ask wait until this transaction ends."""
        (row,) = await self._all("next_case_number", owner=owner, year=year)
        return int(row["number"])

    async def skip_case_numbers(self, owner: HerId, year: int, count: int) -> None:
        """Skip the next `count` case numbers of this enterprise and year."""
        await self._count("skip_case_numbers", {"owner": owner, "year": year, "count": count})

    async def add_case(self, owner: HerId, case: Case, content: bytes) -> None:
        """Open a case, its content encrypted. Raises OwnFault when the case names another owner."""
        require_owner(owner, case.owner)
        sealed = {"content": self._sealed(owner, case.id, content), "reason": sealed_reason(self._at_rest, case)}
        await self._count("add_case", case_values(case) | sealed)

    async def case(self, owner: HerId, id: UUID) -> Case | None:
        """Return the case, locked until the transaction ends."""
        row = await self._one("case", owner=owner, id=id)
        return opened_case(self._at_rest, row) if row else None

    async def case_content(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the content of a case. Raises OwnFault when it does not open."""
        row = await self._one("case_content", owner=owner, id=id)
        return self._at_rest.open(row["content"], owner, str(id), "case_file.content") if row else None

    async def case_by_number(self, owner: HerId, number: str) -> Case | None:
        """Return the case with this readable number or own id, locked."""
        row = await self._one("case_by_number", owner=owner, number=number, id=uuid_in(number))
        return opened_case(self._at_rest, row) if row else None

    async def cases_by_conversation(self, owner: HerId, conversation: MsgId) -> list[Case]:
        """Return a party's cases of one conversation, locked."""
        rows = await self._all("case_by_conversation", owner=owner, conversation=conversation)
        return [opened_case(self._at_rest, row) for row in rows]

    async def case_by_delivery(self, owner: HerId, delivery: UUID) -> Case | None:
        """Return the case whose deviation an outgoing message carried, locked."""
        row = await self._one("case_by_delivery", owner=owner, delivery=delivery)
        return opened_case(self._at_rest, row) if row else None

    async def settle_case(self, owner: HerId, case: Case, was: CaseState) -> bool:
        """Write the case if it is still in state `was`; return whether it was written."""
        guard = {"owner": owner, "was": was.value, "reason": sealed_reason(self._at_rest, case)}
        return await self._count("settle_case", case_values(case) | guard) == 1

    async def keep_case_content(self, owner: HerId, id: UUID, content: bytes) -> None:
        """Replace the content of a case."""
        await self._count("keep_case_content", {"owner": owner, "id": id, "content": self._sealed(owner, id, content)})

    async def add_case_files(self, owner: HerId, id: UUID, files: Sequence[CaseFile]) -> None:
        """Keep the files of a case, encrypted. Raises OwnFault where the case is not the owner's."""
        for number, file in enumerate(files, 1):
            sealed = {
                "name": self._at_rest.seal(file.name.encode(), owner, f"{id}/{number}", "case_attachment.name"),
                "content": self._at_rest.seal(file.content, owner, f"{id}/{number}", "case_attachment.content"),
            }
            row = {"owner": owner, "id": id, "number": number, "mime_type": file.mime_type, **sealed}
            if await self._count("add_case_file", row) != 1:
                raise OwnFault(DatabaseCode.OTHER_OWNER)

    async def case_files(self, owner: HerId, id: UUID) -> list[CaseFile]:
        """Return the files of a case in order. Raises OwnFault when one does not open."""
        return [self._opened_file(owner, id, row) for row in await self._all("case_files", owner=owner, id=id)]

    def _opened_file(self, owner: HerId, id: UUID, row: Row) -> CaseFile:
        place = f"{id}/{row['number']}"
        name = self._at_rest.open(row["name"], owner, place, "case_attachment.name").decode()
        content = self._at_rest.open(row["content"], owner, place, "case_attachment.content")
        return CaseFile(name, row["mime_type"], content)

    async def claim_reminder(
        self, owner: HerId, case_id: UUID, sending_number: int, at: datetime, message: UUID
    ) -> bool:
        """Claim the one reminder of a sending; False when it was claimed before."""
        taken = {"case_id": case_id, "leg": sending_number, "at": at, "message": message}
        return await self._one("claim_reminder", owner=owner, **taken) is not None

    async def reminder_of(self, owner: HerId, case_id: UUID, sending_number: int) -> UUID | None:
        """Return the message that reminds of a sending, None when there is none or it was recalled."""
        row = await self._one("reminder_of", owner=owner, case_id=case_id, leg=sending_number)
        found: UUID | None = row["message"] if row else None
        return found

    async def recall_reminder(self, owner: HerId, case_id: UUID, sending_number: int) -> None:
        """Note that the reminder of a sending never left, so that another may be claimed."""
        await self._count("recall_reminder", {"owner": owner, "case_id": case_id, "leg": sending_number})

    async def case_of_reminder(self, owner: HerId, message: UUID) -> Case | None:
        """Return the case that an outgoing message reminds of, locked; also when the reminder was recalled."""
        row = await self._one("case_of_reminder", owner=owner, message=message)
        return opened_case(self._at_rest, row) if row else None

    def _sealed(self, owner: HerId, id: UUID, content: bytes) -> bytes:
        return self._at_rest.seal(content, owner, str(id), "case_file.content")


def sealed_reason(at_rest: AtRest, case: Case) -> bytes:
    """Return the reason that a person wrote, encrypted."""
    return at_rest.seal(case.reason.encode(), case.owner, str(case.id), "case_file.reason")


def opened_case(at_rest: AtRest, row: Row) -> Case:
    """Return the case in a row of `case_file`. Raises OwnFault when its reason does not open."""
    reason = at_rest.open(row["reason"], row["owner"], str(row["id"]), "case_file.reason")
    return case_of({**row, "reason": reason.decode()})
