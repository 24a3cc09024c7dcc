"""A mail that came in: judge it, gather what the store knows of it, decide, apply (design.md 3).

Nothing is claimed or decrypted before the signature holds; a bad one gets at most a MessageError to the registered
address (promise 3). All that follows is one commit.
"""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial

from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.large_work import has_room
from engine.commit.mail import MailCommit, Outcome
from engine.commit.ports import Ports
from engine.errors import SamvikError
from engine.inbound.apply import apply, apply_outcome, apply_settled
from engine.inbound.decide import decide
from engine.inbound.gather import gather
from engine.inbound.settle import deadly, failed
from engine.inbound.virus_scan import scanned
from engine.ports import UnitOfWork, Way
from engine.records.messages import IncomingMail
from engine.records.work import Work, WorkKind
from engine.states.inbound import InboundEvent, InboundState
from engine.verdict.kinds import Verdict, ids_of, is_verified, mail_id_of
from engine.verdict.mail import verdict_on

MOST_KEPT_BYTES = 1_000_000
"""The bytes of a larger mail are read once more when it gets its owner, rather than held until then."""

_WAITING = {InboundState.MOTTATT, InboundState.VENTER}


async def receive(work: Work, ports: Ports) -> None:
    """Process one stored mail. Does nothing where another node has done it already.

    Raises Unavailable or OwnFault for what is not the mail's fault; nothing has then changed, and `give_up` is next.
    """
    now = ports.clock.now()
    async with AsyncExitStack() as held:
        judged = await _judged(work, ports, now, held)
        if judged is None:
            return
        raw, found = judged
        verdict = await scanned(ports, work, found, now)
        follow = partial(_follow, work=work, ports=ports, verdict=verdict, raw=raw, now=now)
        await ports.store.share(follow, ids_of(verdict))


async def give_up(work: Work, ports: Ports, error: SamvikError) -> None:
    """Put work back that could not be done, with a longer wait each time; a mail then shows why, and calls a person."""
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        mail = await _waiting_mail(uow, work) if work.kind is WorkKind.MOTTA else None
        if mail is not None:
            outcome = Outcome(work.owner, InboundEvent.POSTPONED, str(error), mail.header)
            await apply_outcome(MailCommit(uow, ports, now, ENGINE, mail), outcome, work)
            return
        due, task = failed(work, error, now)
        await uow.postpone_work(work, due)
        if task is not None:
            await Commit(uow, ports, now, ENGINE).open_task(work.owner, work.subject, task)


async def _judged(work: Work, ports: Ports, now: datetime, held: AsyncExitStack) -> tuple[bytes | None, Verdict] | None:
    """Return a mail's bytes, unless they are many, and the verdict on them; None where it is not to be processed now.

    A huge mail keeps the room for large work to itself until `held` is left.
    """
    raw = _fresh(ports, work)
    if raw is None:
        raw = await ports.store.share(partial(_bytes, work=work, ports=ports, now=now, held=held))
    if raw is None:
        return None
    verdict = await ports.offload.run(len(raw), partial(verdict_on, raw, ports, now))
    return raw if len(raw) <= MOST_KEPT_BYTES else None, verdict


def _fresh(ports: Ports, work: Work) -> bytes | None:
    """Return the bytes of a mail that this process has just stored, and that nothing has gone wrong with."""
    if ports.fresh is None or work.attempts:
        return None
    return ports.fresh.take(work.subject)


async def _bytes(uow: UnitOfWork, work: Work, ports: Ports, now: datetime, held: AsyncExitStack) -> bytes | None:
    """Return the bytes of a mail, None where it is not to be processed now."""
    if await _died_of(uow, ports, work, now) or not await has_room(uow, ports, work, Way.IN, held):
        return None
    raw = await uow.raw(work.owner, work.subject)
    if raw is None:
        # A decided mail belongs to its owner, bytes and all: another node has done this work meanwhile.
        await uow.finish_work(work)
    return raw


async def _follow(
    uow: UnitOfWork, work: Work, ports: Ports, verdict: Verdict, raw: bytes | None, now: datetime
) -> None:
    """Decide on a mail that was judged, and apply all that follows."""
    mail = await _waiting_mail(uow, work)
    if mail is None:
        await uow.finish_work(work)
        return
    mail = replace(mail, mail_id=mail_id_of(verdict), verified=is_verified(verdict))
    commit = MailCommit(uow, ports, now, ENGINE, mail, raw)
    facts = await gather(commit, verdict)
    await apply(commit, verdict, decide(mail, verdict, facts, ports.policy, now), work)


async def _died_of(uow: UnitOfWork, ports: Ports, work: Work, now: datetime) -> bool:
    """Quarantine a mail that node after node has died of, and say so."""
    if not work.deaths:
        return False
    mail = await uow.inbound(work.owner, work.subject)
    outcome = deadly(mail, work)
    if mail is None or outcome is None:
        return False
    await uow.finish_work(work)
    await apply_settled(MailCommit(uow, ports, now, ENGINE, mail), outcome)
    return True


async def _waiting_mail(uow: UnitOfWork, work: Work) -> IncomingMail | None:
    mail = await uow.inbound(work.owner, work.subject)
    return mail if mail is not None and mail.state in _WAITING else None
