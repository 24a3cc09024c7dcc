"""Mail to the desks that every mail server has (RFC 5321 4.5.1, RFC 2142): kept for people, never processed."""

from collections.abc import Collection
from uuid import UUID

from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement
from engine.commit.ports import Ports
from engine.errors import Unavailable
from engine.inbound.storing import new_mail, set_aside
from engine.ports import Way

POSTMASTER, ABUSE = "postmaster", "abuse"


def desk_addresses(ours: Collection[str]) -> set[str]:
    """Return the addresses of the desks, in small letters, by the addresses of our parties.

    Postmaster may stand alone. What a party has as its own address is no desk.
    """
    domains = {address.lower().rpartition("@")[2] for address in ours if "@" in address}
    found = {f"{desk}@{domain}" for desk in (POSTMASTER, ABUSE) for domain in domains}
    return (found | {POSTMASTER}) - {address.lower() for address in ours}


async def take_for_desk(ports: Ports, raw: bytes, peer: str, *, strangers: bool = True) -> UUID:
    """Store a mail to a desk in quarantine, with a task; when this returns, the bytes are committed (promise 1).

    Raises Unavailable without room for `strangers`, and where the store cannot be reached: the sender must keep it.
    """
    if not strangers:
        raise Unavailable(InboundCode.NO_ROOM_FOR_STRANGERS)
    mail = new_mail(ports, raw, peer, len(raw))
    async with ports.offload.room(Way.IN, len(raw), wait=True), ports.store.begin() as uow:
        await set_aside(uow, ports, mail, raw, str(Statement.of(InboundCode.TO_A_DESK)))
    return mail.id
