"""What the message service itself answers: Acknowledgment, MessageError, Pong, and duplicates."""

from dataclasses import replace
from datetime import timedelta

from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.commit.mail import MailCommit, Outcome
from engine.errors import Finding
from engine.names import HerId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import draft_acknowledgment, draft_error, draft_pong
from engine.records.log import Event
from engine.records.messages import Claim, ClaimKind, Header, Kind
from engine.records.work import WorkKind
from engine.states.inbound import InboundEvent
from engine.verdict.kinds import (
    ApprecReceived,
    ApprecUnreadable,
    Claimable,
    Ping,
    RuleBroken,
    Signal,
    Unverified,
)

SAME_MAIL = timedelta(minutes=10)
"""How long the same bytes under the same Message-ID count as one mail that was delivered twice."""


async def _on_unverified(commit: MailCommit, found: Unverified) -> Outcome:
    """Tell the registered address of the claimed sender, unless that could be used against somebody (promise 3)."""
    header, reason = found.header, found.finding.refusal
    quarantined = Outcome(found.owner, InboundEvent.UNREADABLE, str(reason), header)
    if header.from_her is None or header.message_id is None or header.to_her is None:
        return quarantined
    if await commit.uow.look_up_claim(found.owner, ClaimKind.EBXML, header.from_her, header.message_id) is not None:
        return replace(quarantined, reason=str(Statement.of(MailCode.ACKNOWLEDGED_BEFORE, why=reason)))
    most = commit.policy.refusals_an_hour
    if not await commit.uow.may_refuse(header.from_her, header.message_id, commit.now, most):
        return replace(quarantined, reason=str(Statement.of(MailCode.NOT_ANSWERED_AGAIN, why=reason)))
    return await _send_error(commit, found.owner, header, header.to_her, found.finding)


async def _on_refusal(commit: MailCommit, found: RuleBroken) -> Outcome:
    """Answer a verified message that breaks a rule; what failed leaves no claim on its id (promise 2)."""
    envelope = found.envelope
    known = await commit.uow.look_up_claim(found.owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id)
    if known is not None:
        reason = str(Statement.of(MailCode.ACKNOWLEDGED_BEFORE, why=found.finding.refusal))
        return Outcome(found.owner, InboundEvent.CONFLICT, reason, envelope.header)
    ours = commit.policy.owner_of(envelope.to_her) is not None
    answer_as = envelope.to_her if ours else commit.policy.hosted[0]
    return await _send_error(commit, found.owner, envelope.header, answer_as, found.finding)


async def _send_error(commit: MailCommit, owner: HerId, header: Header, answer_as: HerId, finding: Finding) -> Outcome:
    await queue(
        commit.uow,
        commit.policy,
        draft_error(commit.ports, owner, header, answer_as, [finding], commit.now),
        commit.now,
    )
    return Outcome(owner, InboundEvent.REFUSED, str(finding.refusal), header)


async def _on_ping(commit: MailCommit, found: Ping) -> Outcome:
    """Answer a Ping; a later copy of it gets the same Pong again."""
    envelope, owner = found.envelope, found.owner
    sent = await queue(commit.uow, commit.policy, draft_pong(commit.ports, owner, envelope, commit.now), commit.now)
    await commit.uow.set_claim_answer(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, sent.id)
    return Outcome(owner, InboundEvent.PINGED, "", envelope.header, Kind.KVITTERING)


async def _acknowledge(commit: MailCommit, found: Claimable) -> None:
    envelope, owner = found.envelope, found.owner
    if not envelope.ack_requested:
        return
    references = [reference.element for reference in found.signed.references]
    draft = draft_acknowledgment(commit.ports, owner, envelope, references, commit.now)
    sent = await queue(commit.uow, commit.policy, draft, commit.now)
    await commit.uow.set_claim_answer(owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, sent.id)


async def _on_duplicate(commit: MailCommit, found: Claimable, claim: Claim) -> Outcome:
    """Send the stored Acknowledgment again, the same bytes in a new mail (transport.md D).

    Not where the very same mail was answered a moment ago: a mail server delivered it twice, nobody asked twice (T6).
    """
    owner, envelope, mail = found.owner, found.envelope, commit.mail
    same = mail.mail_id and await commit.uow.saw_mail(owner, mail, envelope.message_id, commit.now - SAME_MAIL)
    if same:
        reason = "The very same mail was answered a moment ago."
        return Outcome(owner, InboundEvent.DUPLICATE, reason, envelope.header, _kind(found))
    if claim.answer is not None:
        partner = commit.policy.registry.root(envelope.from_her) or ""
        await commit.uow.add_work(owner, WorkKind.SEND, claim.answer, partner, commit.now)
        await commit.uow.log(owner, Event(commit.now, claim.answer, "again for a duplicate", "motor"))
    return Outcome(owner, InboundEvent.DUPLICATE, "MessageId seen before.", envelope.header, _kind(found))


def _kind(found: Claimable) -> Kind:
    if isinstance(found, Signal):
        return Kind.KVITTERING if found.envelope.acknowledges else Kind.FEIL
    if isinstance(found, Ping):
        return Kind.KVITTERING
    return Kind.APPREC if isinstance(found, ApprecReceived | ApprecUnreadable) else Kind.MELDING
