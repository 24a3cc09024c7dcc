"""Clients of the HTTP door and the notices that wait for them, in a transaction."""

import hmac
import json
from datetime import UTC
from uuid import UUID

from adapters.keys.at_rest import AtRest
from adapters.store.rows import Row
from adapters.store.session import Session, require_owner
from engine.names import HerId
from engine.records.inbox import Client, Notice, Webhook

_COLUMN = "client.webhook"


class ClientRows(Session):
    """The part of a unit of work that is about clients (engine.ports.UnitOfWork)."""

    async def add_client(self, owner: HerId, client: Client, token: bytes) -> bool:
        """Store a client; False when an active client has its name. Raises OwnFault when it names another owner."""
        require_owner(owner, client.owner)
        values = {"owner": owner, "id": client.id, "name": client.name, "her": client.her}
        return await self._one("add_client", **values, token=token, created_at=client.created_at) is not None

    async def client(self, owner: HerId, id: UUID) -> Client | None:
        """Return the client, locked."""
        row = await self._one("client", owner=owner, id=id)
        return client_of(self._at_rest, row) if row else None

    async def client_named(self, name: str) -> Client | None:
        """Return the active client of this name, locked."""
        row = await self._one("client_named", name=name)
        return client_of(self._at_rest, row) if row else None

    async def client_of_token(self, token: bytes) -> Client | None:
        """Return the active client of a token by its digest; the digests are compared in constant time."""
        row = await self._one("client_of_token", token=token)
        if row is None or not hmac.compare_digest(row["token"], token):
            return None
        return client_of(self._at_rest, row)

    async def settle_client(self, owner: HerId, client: Client) -> None:
        """Write the fields of a client that can change."""
        values = {"owner": owner, "id": client.id, "revoked_at": client.revoked_at}
        await self._count("settle_client", {**values, "webhook": self._sealed_webhook(client)})

    async def clients_to_tell(self, owner: HerId, her: HerId) -> list[UUID]:
        """Return the active clients of a party that have a webhook."""
        return [row["id"] for row in await self._all("clients_to_tell", owner=owner, her=her)]

    async def add_notice(self, owner: HerId, notice: Notice) -> None:
        """Remember a notice. Raises OwnFault when it names another owner."""
        require_owner(owner, notice.owner)
        values = {"id": notice.id, "owner": owner, "client": notice.client, "item": notice.item}
        await self._count("add_notice", {**values, "created_at": notice.created_at})

    async def notice(self, owner: HerId, id: UUID) -> Notice | None:
        """Return the notice."""
        row = await self._one("notice", owner=owner, id=id)
        if row is None:
            return None
        return Notice(row["id"], HerId(row["owner"]), row["client"], row["item"], row["created_at"].astimezone(UTC))

    async def drop_notice(self, owner: HerId, id: UUID) -> None:
        """Forget a notice."""
        await self._count("drop_notice", {"owner": owner, "id": id})

    def _sealed_webhook(self, client: Client) -> bytes | None:
        if client.webhook is None:
            return None
        said = json.dumps({"url": client.webhook.url, "secret": client.webhook.secret.hex()})
        return self._at_rest.seal(said.encode(), client.owner, str(client.id), _COLUMN)


def client_of(at_rest: AtRest, row: Row) -> Client:
    """Return the client in a row of `client`. Raises OwnFault where its webhook does not open."""
    webhook = None
    if row["webhook"] is not None:
        said = json.loads(at_rest.open(row["webhook"], row["owner"], str(row["id"]), _COLUMN))
        webhook = Webhook(said["url"], bytes.fromhex(said["secret"]))
    return Client(
        id=row["id"],
        owner=HerId(row["owner"]),
        name=row["name"],
        her=HerId(row["her"]),
        created_at=row["created_at"].astimezone(UTC),
        revoked_at=row["revoked_at"].astimezone(UTC) if row["revoked_at"] else None,
        webhook=webhook,
    )
