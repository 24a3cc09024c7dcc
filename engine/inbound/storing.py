"""Store a mail before anything else is done with it (promise 1)."""

import hashlib
from dataclasses import replace
from functools import partial
from uuid import UUID

from engine.codes.inbound import InboundCode
from engine.commit.actor import ENGINE
from engine.commit.mail import TIME_TO_READ, MailCommit, Outcome
from engine.commit.ports import Ports
from engine.errors import Unavailable
from engine.inbound.apply import apply_settled
from engine.inbound.piles import piled
from engine.names import OPERATOR
from engine.ports import UnitOfWork, Way
from engine.records.log import Action, Event
from engine.records.messages import IncomingMail
from engine.records.work import WorkKind
from engine.states.inbound import InboundEvent, InboundState
from engine.verdict.kinds import may_enter_when_full
from engine.verdict.mail import verdict_on


async def take_in(ports: Ports, raw: bytes, peer: str, *, strangers: bool = True) -> UUID:
    """Store a mail and queue its processing; when this returns, the bytes are committed (promise 1).

    Without room for `strangers` it is read first. Raises Unavailable where nobody vouches for it then, or the store
    cannot be reached: the sender must keep the mail.
    """
    if not strangers:
        await check_known(ports, raw)
    mail = new_mail(ports, raw, peer, len(raw))
    if ports.fresh is not None:
        ports.fresh.keep(mail.id, raw)
    async with ports.offload.room(Way.IN, len(raw), wait=True):
        await ports.store.share(partial(keep, mail=mail, raw=raw))
    return mail.id


async def check_known(ports: Ports, raw: bytes) -> None:
    """Raise Unavailable for a mail that nobody vouches for: the disk's share for such mail is used up."""
    now = ports.clock.now()
    if not may_enter_when_full(await ports.offload.run(len(raw), partial(verdict_on, raw, ports, now))):
        raise Unavailable(InboundCode.NO_ROOM_FOR_STRANGERS)


def new_mail(ports: Ports, raw: bytes, peer: str, size: int) -> IncomingMail:
    """Return the row of a mail that comes in now; `size` is how large it was where it came from."""
    now, digest = ports.clock.now(), hashlib.sha256(raw).digest()
    return IncomingMail(ports.ids.new(), OPERATOR, now, InboundState.MOTTATT, now + TIME_TO_READ, peer, size, digest)


async def keep(uow: UnitOfWork, mail: IncomingMail, raw: bytes) -> None:
    """Store a mail in a transaction, and queue its processing."""
    await _add(uow, mail, raw)
    await uow.add_work(OPERATOR, WorkKind.MOTTA, mail.id, "", mail.received_at)


async def set_aside(uow: UnitOfWork, ports: Ports, mail: IncomingMail, head: bytes, reason: str) -> None:
    """Store a mail that is not to be processed, or the beginning of one, in quarantine with the reason."""
    if len(head) < mail.size:
        mail = replace(mail, reduced_at=mail.received_at)
    await _add(uow, mail, head)
    outcome = piled(Outcome(OPERATOR, InboundEvent.UNREADABLE, reason), None)
    await apply_settled(MailCommit(uow, ports, mail.received_at, ENGINE, mail), outcome)


async def _add(uow: UnitOfWork, mail: IncomingMail, raw: bytes) -> None:
    await uow.add_inbound(OPERATOR, mail, raw)
    data = {"size": str(mail.size), "sha256": mail.sha256.hex()}
    await uow.log(OPERATOR, Event(mail.received_at, mail.id, Action.STORED, mail.peer, data))
