"""The part of a transaction (engine.ports.UnitOfWork) that is about record systems that ask over HTTP."""

from typing import Protocol
from uuid import UUID

from engine.names import HerId
from engine.records.inbox import Client, Notice


class ClientRows(Protocol):
    """Clients and their notices. A client's name is the engine's own, and only one active client has it."""

    async def add_client(self, owner: HerId, client: Client, token: bytes) -> bool:
        """Keep a client with the SHA-256 of its token; False where an active one has its name."""

    async def client(self, owner: HerId, id: UUID) -> Client | None:
        """Return the client, revoked or not, locked until the transaction ends."""

    async def client_named(self, name: str) -> Client | None:
        """Return the active client of this name, locked until the transaction ends."""

    async def client_of_token(self, token: bytes) -> Client | None:
        """Return the active client whose token has this SHA-256."""

    async def settle_client(self, owner: HerId, client: Client) -> None:
        """Write when a client was revoked, and its webhook, encrypted by the store."""

    async def clients_to_tell(self, owner: HerId, her: HerId) -> list[UUID]:
        """Return the active clients of a party that have a webhook."""

    async def add_notice(self, owner: HerId, notice: Notice) -> None:
        """Remember that a client is to be told of a document."""

    async def notice(self, owner: HerId, id: UUID) -> Notice | None:
        """Return the notice."""

    async def drop_notice(self, owner: HerId, id: UUID) -> None:
        """Forget a notice: it was given, or is no longer wanted."""
