"""The part of a transaction (engine.ports.UnitOfWork) that is about other channels than messages."""

from typing import Protocol
from uuid import UUID

from engine.names import HerId
from engine.records.channels import Letter, Shipment


class ChannelRows(Protocol):
    """Shipments that came, and letters that go back."""

    async def claim_shipment(self, owner: HerId, shipment: Shipment, metadata: bytes) -> Shipment | None:
        """Remember a shipment by the unique key (source, id), with its metadata as it came, encrypted by the store.

        Returns None where it is new, otherwise what stands there, unchanged.
        """

    async def shipment_of(self, owner: HerId, case_id: UUID) -> tuple[Shipment, bytes] | None:
        """Return the shipment that opened a case, with its metadata as it came."""

    async def add_letter(self, owner: HerId, letter: Letter, pdf: bytes) -> None:
        """Keep an answer that goes by another channel, encrypted by the store."""

    async def letter(self, owner: HerId, id: UUID) -> tuple[Letter, bytes] | None:
        """Return the letter with its PDF, locked until the transaction ends."""

    async def letters_of(self, owner: HerId, case_id: UUID) -> list[Letter]:
        """Return the letters of a case, oldest first."""

    async def settle_letter(self, owner: HerId, letter: Letter) -> None:
        """Write when a letter stood in its folder, and on which day it was delivered."""
