"""Deviation cases, in a transaction."""

from datetime import datetime
from uuid import UUID

from adapters.store.rows import case_of, case_values
from adapters.store.session import Session, require_owner
from engine.case.record import Case
from engine.names import HerId, MsgId
from engine.states.case import CaseState


class CaseRows(Session):
    """The part of a unit of work that is about cases (engine.ports.UnitOfWork)."""

    async def next_case_number(self) -> int:
        """Return a number that no case here has had."""
        row = await self._one("next_case_number")
        return int(row["number"]) if row else 0

    async def add_case(self, owner: HerId, case: Case, content: bytes) -> None:
        """Open a case, its content encrypted. Raises OwnFault when the case names another owner."""
        require_owner(owner, case.owner)
        await self._count("add_case", {**case_values(case), "content": self._sealed(owner, case.id, content)})

    async def case(self, owner: HerId, id: UUID) -> Case | None:
        """Return the case, locked until the transaction ends."""
        row = await self._one("case", owner=owner, id=id)
        return case_of(row) if row else None

    async def case_content(self, owner: HerId, id: UUID) -> bytes | None:
        """Return the content of a case. Raises OwnFault when it does not open."""
        row = await self._one("case_content", owner=owner, id=id)
        return self._at_rest.open(row["content"], owner, str(id), "case_file.content") if row else None

    async def cases_by_conversation(self, owner: HerId, conversation: MsgId) -> list[Case]:
        """Return a party's cases of one conversation, locked."""
        return [case_of(row) for row in await self._all("case_by_conversation", owner=owner, conversation=conversation)]

    async def case_by_delivery(self, owner: HerId, delivery: UUID) -> Case | None:
        """Return the case whose deviation an outgoing message carried, locked."""
        row = await self._one("case_by_delivery", owner=owner, delivery=delivery)
        return case_of(row) if row else None

    async def settle_case(self, owner: HerId, case: Case, was: CaseState) -> bool:
        """Write the case if it still is in state `was`."""
        return await self._count("settle_case", {**case_values(case), "owner": owner, "was": was.value}) == 1

    async def keep_case_content(self, owner: HerId, id: UUID, content: bytes) -> None:
        """Replace the content of a case."""
        await self._count("keep_case_content", {"owner": owner, "id": id, "content": self._sealed(owner, id, content)})

    async def claim_reminder(self, owner: HerId, case_id: UUID, leg: int, at: datetime) -> bool:
        """Take the one reminder of a leg by the unique key; False where it was taken before."""
        return await self._one("claim_reminder", owner=owner, case_id=case_id, leg=leg, at=at) is not None

    def _sealed(self, owner: HerId, id: UUID, content: bytes) -> bytes:
        return self._at_rest.seal(content, owner, str(id), "case_file.content")
