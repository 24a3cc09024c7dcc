"""What a partner sent, as it came: under separate access, every look logged before anything is shown (design.md 8).

A plain dialog message may name its patient; the case that it opened does not. Only those who treat the case read it.
"""

from engine.case.record import Case
from engine.case.roles import Duty, check_may
from engine.casework.gather import case_in
from engine.codes.case import CaseCode
from engine.commit.actor import Person, owner_of
from engine.commit.ports import Ports
from engine.commit.reason import need_reason
from engine.errors import Refused
from engine.files.name import safe_names
from engine.names import HerId
from engine.outbound.attachments import as_attachment
from engine.ports import UnitOfWork
from engine.records.log import Action, Event

LOOKED, NOT_SHOWN = Action.LOOKED_AT_ORIGINAL, Action.ORIGINAL_NOT_SHOWN


async def original(ports: Ports, who: Person, number: str, reason: str) -> bytes:
    """Return the document that opened a received case, as it came; the look and its reason are committed first.

    Raises Refused for a role that may not (which is logged too), without a reason, with a national number in it, and
    where the case or its document is not here.
    """
    owner, now = await _reader(ports, who, number, reason), ports.clock.now()
    async with ports.store.begin() as uow:
        case = await case_in(uow, owner, number)
        document = await _document(uow, case)
        await uow.log(owner, Event(now, case.id, LOOKED, str(who), {"reason": reason}))
    return document


async def files_that_came(ports: Ports, who: Person, number: str, reason: str) -> list[tuple[str, bytes]]:
    """Return all that came with a case by another channel, by names of their own; look and reason are committed first.

    `metadata.json` is among them where it came as a shipment. Raises Refused as `original` does.
    """
    owner, now = await _reader(ports, who, number, reason), ports.clock.now()
    async with ports.store.begin() as uow:
        case = await case_in(uow, owner, number)
        if case.channel is None:
            raise Refused(CaseCode.CAME_AS_MESSAGE, number=case.number)
        kept = await uow.case_files(owner, case.id)
        shipment = await uow.shipment_of(owner, case.id)
        await uow.log(owner, Event(now, case.id, LOOKED, str(who), {"reason": reason}))
    came = safe_names([as_attachment(file) for file in kept])
    metadata = [("metadata.json", shipment[1])] if shipment else []
    return [*metadata, *((name, each.content) for name, each in came)]


async def _reader(ports: Ports, who: Person, number: str, reason: str) -> HerId:
    """Return the enterprise that a person reads for. Raises Refused for who may not, which is logged, and no reason."""
    need_reason(reason)
    try:
        check_may(Duty.READ_ORIGINALS, who.role)
    except Refused:
        await _log_refusal(ports, who, number)
        raise
    return owner_of(ports.policy, who)


async def _document(uow: UnitOfWork, case: Case) -> bytes:
    if case.channel is not None:
        raise Refused(CaseCode.CAME_OTHERWISE, number=case.number)
    if case.reporting or case.first_msg_id is None:
        raise Refused(CaseCode.NO_ORIGINAL, number=case.number)
    found = await uow.inbox_item_by_msg_id(case.owner, case.their_her, case.first_msg_id)
    if found is None:
        raise Refused(CaseCode.ORIGINAL_GONE, number=case.number)
    return found[1]


async def _log_refusal(ports: Ports, who: Person, number: str) -> None:
    """Log a refused request to see the original. Nothing is said about cases of other enterprises."""
    owner, now = owner_of(ports.policy, who), ports.clock.now()
    async with ports.store.begin() as uow:
        case = await case_in(uow, owner, number)
        await uow.log(owner, Event(now, case.id, NOT_SHOWN, str(who)))
