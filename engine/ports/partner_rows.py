"""The part of a transaction (engine.ports.UnitOfWork) that is about what partners have shown of themselves."""

from datetime import datetime
from typing import Protocol

from engine.names import HerId


class PartnerRows(Protocol):
    """Which partners have Samvik, by what they have sent: parties, since an enterprise may use several systems."""

    async def note_samvik(self, owner: HerId, partner: HerId, at: datetime) -> None:
        """Remember that a verified message of a partner held what only Samvik writes; the first time stands."""

    async def has_shown_samvik(self, owner: HerId, partner: HerId) -> bool:
        """Say whether a partner has shown that it has Samvik. What another node has just noted may be told late."""
