"""Clients and notices in a transaction on the in-memory store (engine.ports.UnitOfWork)."""

from dataclasses import replace
from uuid import UUID

from engine.names import HerId
from engine.records.inbox import Client, Notice
from tests.fakes.store.tables import Tables, require_owner


class MemoryClients:
    """The part of a transaction that is about clients."""

    tables: Tables

    async def add_client(self, owner: HerId, client: Client, token: bytes) -> bool:
        """Keep a client."""
        require_owner(owner, client.owner)
        if await self.client_named(client.name):
            return False
        self.tables.clients[client.id] = (replace(client, webhook=None), token)
        return True

    async def client(self, owner: HerId, id: UUID) -> Client | None:
        """Return the client."""
        found = self.tables.clients.get(id)
        return found[0] if found and found[0].owner == owner else None

    async def client_named(self, name: str) -> Client | None:
        """Return the active client of this name."""
        return next((each for each, _ in self._active() if each.name == name), None)

    async def client_of_token(self, token: bytes) -> Client | None:
        """Return the active client of a token."""
        return next((each for each, held in self._active() if held == token), None)

    async def settle_client(self, owner: HerId, client: Client) -> None:
        """Write what can change of a client."""
        if held := await self.client(owner, client.id):
            changed = replace(held, revoked_at=client.revoked_at, webhook=client.webhook)
            self.tables.clients[client.id] = (changed, self.tables.clients[client.id][1])

    async def clients_to_tell(self, owner: HerId, her: HerId) -> list[UUID]:
        """Return the active clients of a party that have a webhook."""
        found = [each for each, _ in self._active() if (each.owner, each.her) == (owner, her) and each.webhook]
        return [each.id for each in sorted(found, key=lambda each: each.name)]

    async def add_notice(self, owner: HerId, notice: Notice) -> None:
        """Remember a notice."""
        require_owner(owner, notice.owner)
        self.tables.notices[notice.id] = notice

    async def notice(self, owner: HerId, id: UUID) -> Notice | None:
        """Return the notice."""
        found = self.tables.notices.get(id)
        return found if found and found.owner == owner else None

    async def drop_notice(self, owner: HerId, id: UUID) -> None:
        """Forget a notice."""
        if await self.notice(owner, id):
            del self.tables.notices[id]

    def _active(self) -> list[tuple[Client, bytes]]:
        return [row for row in self.tables.clients.values() if row[0].revoked_at is None]
