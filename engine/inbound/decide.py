"""What follows for a mail that came in: a pure decision on its verdict, and on what the store knows of its ids.

Duplicates are told here by their MessageId, and in engine.inbound.document by their MsgId.
Acknowledgments, MessageErrors, AppRecs and bounces move deliveries of ours instead: engine.delivery decides on those.
"""

from dataclasses import replace
from datetime import datetime

from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement
from engine.commit.mail import Outcome
from engine.commit.move import LogLine
from engine.commit.policy import Policy
from engine.errors import Finding
from engine.inbound.decision import Decision, Facts, Pong, Refuse, Repeat
from engine.inbound.document import on_refused, on_taken
from engine.inbound.piles import piled
from engine.inbound.unverified import why_kept
from engine.names import OPERATOR
from engine.records.log import Action
from engine.records.messages import Answering, ClaimOutcome, IncomingMail, Kind
from engine.states.inbound import InboundEvent
from engine.verdict.kinds import (
    ApprecReceived,
    ApprecUnreadable,
    Claimable,
    DocumentRefused,
    DocumentTaken,
    Ping,
    Quarantine,
    Returned,
    RuleBroken,
    Signal,
    Unverified,
    Verdict,
    Wait,
)

MOST_WARNINGS = 20
"""How many warnings about one mail stand on its timeline."""


def decide(mail: IncomingMail, verdict: Verdict, facts: Facts, policy: Policy, now: datetime) -> Decision:
    """Return what follows for a mail by its verdict, at `now` (UTC)."""
    match verdict:
        case Quarantine():
            kept = Outcome(verdict.owner or OPERATOR, InboundEvent.UNREADABLE, why_kept(verdict), verdict.header)
            return Decision(kept if verdict.verified else piled(kept, policy.registry))
        case Wait():
            return Decision(Outcome(mail.owner, InboundEvent.POSTPONED, verdict.reason, verdict.header))
        case Unverified():
            return _on_unverified(verdict, facts, policy)
        case RuleBroken():
            return _on_rule_broken(verdict, facts, policy)
        case Returned():
            return Decision(None)
    return _on_claimed(verdict, facts, policy, now)


def _on_unverified(verdict: Unverified, facts: Facts, policy: Policy) -> Decision:
    """Tell the registered address of the claimed sender, unless that could be used against somebody (promise 3)."""
    header, reason = verdict.header, verdict.finding.refusal
    quarantined = Outcome(verdict.owner, InboundEvent.UNREADABLE, str(reason), header)
    if header.from_her is None or header.message_id is None or header.to_her is None:
        return Decision(piled(quarantined, policy.registry))
    if facts.claim is not None or facts.answering is not Answering.DUE:
        code = InboundCode.REFUSED_ENOUGH if facts.claim is None else InboundCode.ACKNOWLEDGED_BEFORE
        said = str(Statement.of(code, reason=reason))
        return Decision(piled(replace(quarantined, reason=said), policy.registry))
    outcome = Outcome(verdict.owner, InboundEvent.REFUSED, str(reason), header)
    return Decision(outcome, replies=(Refuse(verdict.owner, header, header.to_her, verdict.finding),))


def _on_rule_broken(verdict: RuleBroken, facts: Facts, policy: Policy) -> Decision:
    """Answer a verified message that breaks a rule; what failed leaves no claim on its id (promise 2)."""
    envelope, reason = verdict.envelope, verdict.finding.refusal
    if facts.claim is not None:
        said = str(Statement.of(InboundCode.ACKNOWLEDGED_BEFORE, reason=reason))
        return Decision(Outcome(verdict.owner, InboundEvent.CONFLICT, said, envelope.header))
    if facts.answering is Answering.ENOUGH:
        said = str(Statement.of(InboundCode.REFUSED_ENOUGH, reason=reason))
        return Decision(Outcome(verdict.owner, InboundEvent.UNREADABLE, said, envelope.header))
    if facts.answering is Answering.GIVEN:
        said = str(Statement.of(InboundCode.REFUSED_BEFORE, reason=reason))
        return Decision(Outcome(verdict.owner, InboundEvent.REFUSED, said, envelope.header))
    ours = policy.owner_of(envelope.to_her) is not None
    answer_as = envelope.to_her if ours else policy.hosted[0]
    outcome = Outcome(verdict.owner, InboundEvent.REFUSED, str(reason), envelope.header)
    return Decision(outcome, replies=(Refuse(verdict.owner, envelope.header, answer_as, verdict.finding),))


def _on_claimed(verdict: Claimable, facts: Facts, policy: Policy, now: datetime) -> Decision:
    """Tell what is new from what was claimed before, by what the ledger held under the MessageId (promise 2)."""
    if isinstance(verdict, Ping) and facts.answering is Answering.ENOUGH:
        said = str(Statement.of(InboundCode.PINGED_ENOUGH))
        return Decision(Outcome(verdict.owner, InboundEvent.UNREADABLE, said, verdict.envelope.header))
    if facts.claim is None or facts.claim.outcome is ClaimOutcome.NEW:
        return _on_new(verdict, facts, policy, now)
    header, stored = verdict.envelope.header, facts.claim.answer
    if facts.claim.outcome is ClaimOutcome.OTHER:
        said = str(Statement.of(InboundCode.ID_USED_BEFORE))
        return Decision(Outcome(verdict.owner, InboundEvent.CONFLICT, said, header))
    code = _why_silent(verdict, facts)
    said = str(Statement.of(code or InboundCode.SEEN_BEFORE))
    outcome = Outcome(verdict.owner, InboundEvent.DUPLICATE, said, header, _kind(verdict))
    return Decision(outcome, replies=(Repeat(stored),) if stored and code is None else ())


def _why_silent(verdict: Claimable, facts: Facts) -> InboundCode | None:
    """Return why a copy is not answered again, None where it is."""
    if facts.just_answered:
        # A mail server that delivers a mail twice has not asked twice (T6).
        return InboundCode.ANSWERED_A_MOMENT_AGO
    if isinstance(verdict, Ping):
        return InboundCode.PONG_SENT_BEFORE
    return InboundCode.COPIES_ENOUGH if facts.copies_answered else None


def _on_new(verdict: Claimable, facts: Facts, policy: Policy, now: datetime) -> Decision:
    warnings, envelope = tuple(map(_warning, verdict.notes[:MOST_WARNINGS])), verdict.envelope
    match verdict:
        case Signal():
            return Decision(None, warnings)
        case Ping():
            outcome = Outcome(verdict.owner, InboundEvent.PINGED, "", envelope.header, Kind.KVITTERING)
            return Decision(outcome, warnings, replies=(Pong(),))
        case ApprecReceived() | ApprecUnreadable():
            return Decision(None, warnings, envelope.ack_requested)
        case DocumentRefused():
            return on_refused(verdict, warnings, policy, now)
        case DocumentTaken():
            return on_taken(verdict, facts.document, warnings, policy, now)


def _warning(note: Finding) -> LogLine:
    """Return a line about where a mail departs from the rules without being refused for it."""
    return LogLine(Action.WARNING, {"rule": note.rule, "reason": str(note.with_place)})


def _kind(verdict: Claimable) -> Kind:
    if isinstance(verdict, Signal):
        return Kind.KVITTERING if verdict.envelope.acknowledges else Kind.FEIL
    if isinstance(verdict, Ping):
        return Kind.KVITTERING
    return Kind.APPREC if isinstance(verdict, ApprecReceived | ApprecUnreadable) else Kind.MELDING
