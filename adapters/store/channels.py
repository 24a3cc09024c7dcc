"""Shipments that came and letters that go back, in a transaction."""

from dataclasses import asdict
from datetime import UTC
from uuid import UUID

from adapters.store.rows import Row
from adapters.store.session import Session, require_owner
from engine.case.channel import Channel
from engine.codes.database import DatabaseCode
from engine.errors import Unavailable
from engine.names import HerId
from engine.records.channels import Letter, Shipment

_METADATA, _PDF = "shipment.metadata", "letter.pdf"


class ChannelRows(Session):
    """The part of a unit of work that is about other channels (engine.ports.UnitOfWork)."""

    async def claim_shipment(self, owner: HerId, shipment: Shipment, metadata: bytes) -> Shipment | None:
        """Store a shipment and return None, or return the one that has the same key already.

        Raises OwnFault when the shipment names another owner."""
        require_owner(owner, shipment.owner)
        sealed = self._at_rest.seal(metadata, owner, _row(shipment), _METADATA)
        if await self._one("claim_shipment", **asdict(shipment), metadata=sealed):
            return None
        held = await self._one("shipment", owner=owner, source=shipment.source, id=shipment.id)
        if held is None:
            raise Unavailable(DatabaseCode.UNDECIDED)
        return _shipment_of(held)

    async def shipment_of(self, owner: HerId, case_id: UUID) -> tuple[Shipment, bytes] | None:
        """Return the shipment that opened a case. Raises OwnFault when its metadata does not open."""
        row = await self._one("shipment_of", owner=owner, case_id=case_id)
        if row is None:
            return None
        found = _shipment_of(row)
        return found, self._at_rest.open(row["metadata"], owner, _row(found), _METADATA)

    async def add_letter(self, owner: HerId, letter: Letter, pdf: bytes) -> None:
        """Keep a letter. Raises OwnFault when it names another owner."""
        require_owner(owner, letter.owner)
        sealed = self._at_rest.seal(pdf, owner, str(letter.id), _PDF)
        await self._count("add_letter", asdict(letter) | {"channel": letter.channel.value, "pdf": sealed})

    async def letter(self, owner: HerId, id: UUID) -> tuple[Letter, bytes] | None:
        """Return the letter with its PDF, locked. Raises OwnFault when it does not open."""
        row = await self._one("letter", owner=owner, id=id)
        return (_letter_of(row), self._at_rest.open(row["pdf"], owner, str(id), _PDF)) if row else None

    async def letters_of(self, owner: HerId, case_id: UUID) -> list[Letter]:
        """Return the letters of a case, oldest first."""
        return [_letter_of(row) for row in await self._all("letters_of", owner=owner, case_id=case_id)]

    async def settle_letter(self, owner: HerId, letter: Letter) -> None:
        """Write the fields of a letter that can change."""
        values = {"owner": owner, "id": letter.id, "exported_at": letter.exported_at}
        await self._count("settle_letter", {**values, "delivered_on": letter.delivered_on})


def _row(shipment: Shipment) -> str:
    return f"{shipment.source}/{shipment.id}"


def _shipment_of(row: Row) -> Shipment:
    taken_at = row["taken_at"].astimezone(UTC)
    return Shipment(HerId(row["owner"]), row["source"], row["id"], row["case_id"], row["sha256"], taken_at)


def _letter_of(row: Row) -> Letter:
    return Letter(
        id=row["id"],
        owner=HerId(row["owner"]),
        case_id=row["case_id"],
        channel=Channel(row["channel"]),
        made_at=row["made_at"].astimezone(UTC),
        source=row["source"],
        shipment=row["shipment"],
        exported_at=row["exported_at"].astimezone(UTC) if row["exported_at"] else None,
        delivered_on=row["delivered_on"],
    )
