"""Read the engine's own inboxes: who may, and that every look is logged before anything is shown."""

from engine.case.roles import Duty, check_may
from engine.codes.message import MessageCode
from engine.commit.actor import Person, owner_of
from engine.commit.ports import Ports
from engine.errors import Refused
from engine.names import HerId
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event

LOOKED = "looked at"
_SHORTEST = 8


async def read_item(ports: Ports, who: Person, id: str) -> bytes:
    """Return the document of an inbox item of the reader's enterprise, by its id, MsgId or the beginning of either.

    Raises Refused for a role that may not read, where no item or more than one has the id.
    """
    check_may(Duty.READ, who.role)
    owner, now = owner_of(ports.policy, who), ports.clock.now()
    item = await find_item(ports, owner, id)
    async with ports.store.begin() as uow:
        await uow.log(owner, Event(now, item.inbound, LOOKED, str(who)))
    async with ports.store.begin() as uow:
        stored = await uow.inbox_item(owner, item.id)
    if stored is None:
        raise Refused(MessageCode.ITEM_GONE)
    return stored[1]


async def find_item(ports: Ports, owner: HerId, id: str) -> ReceivedDocument:
    """Return an inbox item of a party by its id, MsgId or the beginning of either.

    Raises Refused where no item or more than one has the id.
    """
    asked = id.strip()
    if len(asked) < _SHORTEST:
        raise Refused(MessageCode.ID_TOO_SHORT, least=_SHORTEST)
    found = await ports.store.find_in_inbox(owner, asked, most=2)
    if len(found) != 1:
        raise Refused(MessageCode.SEVERAL_ITEMS if found else MessageCode.NO_ITEM, id=asked[:64])
    return found[0]
