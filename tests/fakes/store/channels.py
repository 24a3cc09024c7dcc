"""Shipments and letters in a transaction on the in-memory store (engine.ports.UnitOfWork)."""

from dataclasses import replace
from uuid import UUID

from engine.names import HerId
from engine.records.channels import Letter, Shipment
from tests.fakes.store.tables import Tables, require_owner


class MemoryChannels:
    """The part of a transaction that is about other channels."""

    tables: Tables

    async def claim_shipment(self, owner: HerId, shipment: Shipment, metadata: bytes) -> Shipment | None:
        """Remember a shipment."""
        require_owner(owner, shipment.owner)
        key = (owner, shipment.source, shipment.id)
        if key in self.tables.shipments:
            return self.tables.shipments[key][0]
        self.tables.shipments[key] = (shipment, metadata)
        return None

    async def shipment_of(self, owner: HerId, case_id: UUID) -> tuple[Shipment, bytes] | None:
        """Return the shipment that opened a case."""
        rows = self.tables.shipments.values()
        return next((row for row in rows if (row[0].owner, row[0].case_id) == (owner, case_id)), None)

    async def add_letter(self, owner: HerId, letter: Letter, pdf: bytes) -> None:
        """Keep a letter."""
        require_owner(owner, letter.owner)
        self.tables.letters[letter.id] = (letter, pdf)

    async def letter(self, owner: HerId, id: UUID) -> tuple[Letter, bytes] | None:
        """Return the letter with its PDF."""
        found = self.tables.letters.get(id)
        return found if found and found[0].owner == owner else None

    async def letters_of(self, owner: HerId, case_id: UUID) -> list[Letter]:
        """Return the letters of a case, oldest first."""
        rows = (letter for letter, _ in self.tables.letters.values())
        found = [letter for letter in rows if (letter.owner, letter.case_id) == (owner, case_id)]
        return sorted(found, key=lambda letter: (letter.made_at, letter.id))

    async def settle_letter(self, owner: HerId, letter: Letter) -> None:
        """Write what can change of a letter."""
        if held := await self.letter(owner, letter.id):
            changed = replace(held[0], exported_at=letter.exported_at, delivered_on=letter.delivered_on)
            self.tables.letters[letter.id] = (changed, held[1])
