"""What a partner wrote about a message of ours, shown to a person: the look is logged first."""

from uuid import UUID

from engine.commit.actor import Person
from engine.names import HerId
from engine.ports import Clock, Store
from engine.records.log import Action, Event


async def partner_word(store: Store, clock: Clock, who: Person, owner: HerId, id: UUID) -> str:
    """Return what the partner itself wrote about our message, unchanged; '' where it wrote nothing.

    It may say more than it should, so that `who` looked at it is committed before it is shown.
    """
    async with store.begin() as uow:
        word = await uow.partner_word(owner, id)
        if word:
            await uow.log(owner, Event(clock.now(), id, Action.LOOKED, str(who)))
    return word.decode() if word else ""
