"""What the message service itself answers: Acknowledgment, MessageError, Pong, and duplicates."""

from dataclasses import replace
from datetime import timedelta

from engine.commit.mail import Desk, Outcome
from engine.errors import Finding
from engine.names import HerId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import draft_acknowledgment, draft_error, draft_pong
from engine.records.log import Event
from engine.records.messages import Claim, ClaimKind, Header, Kind
from engine.records.work import WorkKind
from engine.states.inbound import InboundEvent
from engine.verdict.kinds import (
    BadReceipt,
    Claimable,
    Ping,
    Receipt,
    Refusal,
    Signal,
    Unverified,
)

SAME_MAIL = timedelta(minutes=10)
"""How long the same bytes under the same Message-ID count as one mail that was delivered twice."""


async def _on_unverified(desk: Desk, found: Unverified) -> Outcome:
    """Tell the registered address of the claimed sender, unless that could be used against somebody (promise 3)."""
    header, reason = found.header, _reason(found.finding)
    quarantined = Outcome(found.owner, InboundEvent.UNREADABLE, reason, header)
    if header.from_her is None or header.message_id is None or header.to_her is None:
        return quarantined
    if await desk.uow.look_up_claim(found.owner, ClaimKind.EBXML, header.from_her, header.message_id) is not None:
        return replace(quarantined, reason=f"{reason} Its id was acknowledged before, so it was not answered.")
    most = desk.ports.policy.refusals_an_hour
    if not await desk.uow.may_refuse(header.from_her, header.message_id, desk.now, most):
        return replace(quarantined, reason=f"{reason} Not answered once more.")
    return await _send_error(desk, found.owner, header, header.to_her, found.finding)


async def _on_refusal(desk: Desk, found: Refusal) -> Outcome:
    """Answer a verified message that breaks a rule; what failed leaves no claim on its id (promise 2)."""
    envelope = found.envelope
    known = await desk.uow.look_up_claim(found.owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id)
    if known is not None:
        reason = f"{_reason(found.finding)} Its id was acknowledged before, so it was not answered."
        return Outcome(found.owner, InboundEvent.CONFLICT, reason, envelope.header)
    ours = desk.ports.policy.owner_of(envelope.to_her) is not None
    answer_as = envelope.to_her if ours else desk.ports.policy.hosted[0]
    return await _send_error(desk, found.owner, envelope.header, answer_as, found.finding)


async def _send_error(desk: Desk, owner: HerId, header: Header, answer_as: HerId, finding: Finding) -> Outcome:
    await queue(
        desk.uow, desk.ports.policy, draft_error(desk.ports, owner, header, answer_as, [finding], desk.now), desk.now
    )
    return Outcome(owner, InboundEvent.REFUSED, _reason(finding), header)


async def _on_ping(desk: Desk, found: Ping) -> Outcome:
    """Answer a Ping; a later copy of it gets the same Pong again."""
    envelope, owner = found.envelope, found.owner
    sent = await queue(desk.uow, desk.ports.policy, draft_pong(desk.ports, owner, envelope, desk.now), desk.now)
    await desk.uow.set_claim_answer(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, sent.id)
    return Outcome(owner, InboundEvent.PINGED, "", envelope.header, Kind.KVITTERING)


async def _acknowledge(desk: Desk, found: Claimable) -> None:
    envelope, owner = found.envelope, found.owner
    if not envelope.ack_requested:
        return
    references = [reference.element for reference in found.signed.references]
    draft = draft_acknowledgment(desk.ports, owner, envelope, references, desk.now)
    sent = await queue(desk.uow, desk.ports.policy, draft, desk.now)
    await desk.uow.set_claim_answer(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, sent.id)


async def _on_duplicate(desk: Desk, found: Claimable, claim: Claim) -> Outcome:
    """Send the stored Acknowledgment again, the same bytes in a new mail (transport.md D).

    Not where the very same mail was answered a moment ago: a mail server delivered it twice, nobody asked twice (T6).
    """
    owner, envelope, mail = found.owner, found.envelope, desk.mail
    same = mail.mail_id and await desk.uow.saw_mail(owner, mail, envelope.message_id, desk.now - SAME_MAIL)
    if same:
        reason = "The very same mail was answered a moment ago."
        return Outcome(owner, InboundEvent.DUPLICATE, reason, envelope.header, _kind(found))
    if claim.answer is not None:
        partner = desk.ports.policy.registry.root(envelope.from_her) or ""
        await desk.uow.add_work(owner, WorkKind.SEND, claim.answer, partner, desk.now)
        await desk.uow.log(owner, Event(desk.now, claim.answer, "again for a duplicate", "motor"))
    return Outcome(owner, InboundEvent.DUPLICATE, "MessageId seen before.", envelope.header, _kind(found))


def _kind(found: Claimable) -> Kind:
    if isinstance(found, Signal):
        return Kind.KVITTERING if found.envelope.acknowledges else Kind.FEIL
    if isinstance(found, Ping):
        return Kind.KVITTERING
    return Kind.APPREC if isinstance(found, Receipt | BadReceipt) else Kind.MELDING


def _reason(finding: Finding) -> str:
    return f"{finding.code}, rule {finding.rule}: {finding.description}"
