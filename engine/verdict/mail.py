"""What a mail amounts to, decided from its bytes, the register and our keys alone: no database is asked.

`verdict_on` walks the way of design.md 3 and stops at the first thing that settles it. What depends on what came before
(duplicates, which message a receipt belongs to) is left to engine.inbound.gather and
engine.inbound.decide, in the commit that decides.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from engine.agreements.kept_cpas import Doing
from engine.agreements.terms import Terms
from engine.codes.envelope import EnvelopeCode
from engine.codes.inbound import InboundCode
from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.errors import Finding, OwnFault, PartnerFault, Severity, Unavailable, Unreadable
from engine.msh import constants as c
from engine.msh.bounce import read_bounce
from engine.msh.checks import Agreed, check_agreement
from engine.msh.envelope import Envelope
from engine.msh.mime import header_of
from engine.msh.reading import Reading, read
from engine.msh.rules import finding
from engine.msh.signature import Signed
from engine.outbound.mail import delivery_of
from engine.records.messages import Header
from engine.trust.speakers import check_signer
from engine.verdict.document import judge_document
from engine.verdict.kinds import (
    Ping,
    Quarantine,
    Returned,
    RuleBroken,
    Signal,
    Unverified,
    Verdict,
    Verified,
    Wait,
)


def verdict_on(raw: bytes, ports: Ports, now: datetime) -> Verdict:
    """Return what the bytes of a mail amount to at `now`. Raises nothing for what they contain."""
    reading = read(raw, lambda names: _allows_sha1(names, ports.policy, now), ports.policy.limits, ports.policy.schemas)
    if reading.unreadable is not None:
        return _no_message(raw, reading.unreadable, ports.policy)
    if reading.signed is None or reading.envelope is None:
        return _unverified(reading.claimed, reading.errors[0], ports.policy)
    return _judge_sender(reading, reading.signed, reading.envelope, ports, now)


def _no_message(raw: bytes, why: Statement, policy: Policy) -> Verdict:
    """Tie a bounce to the delivery that it names; whatever else is no ebXML is kept, and answered by nobody."""
    try:
        bounce = read_bounce(raw, policy.limits)
        automatic = bounce is None and _is_automatic(raw, policy)
    except Unreadable as error:
        return Quarantine(str(_both(why, error.statement)))
    if bounce is None:
        return Quarantine(str(Statement.of(MailCode.AUTOMATIC_REPLY, why=why) if automatic else why))
    sent = delivery_of(bounce.message_id)
    if sent is None or sent[0] not in policy.hosted:
        return Quarantine(str(Statement.of(InboundCode.NOT_OURS)))
    return Returned(*sent, bounce)


def _both(first: Statement, second: Statement) -> Statement:
    return first if first == second else Statement.of(MailCode.TWO_REASONS, first=first, second=second)


def _is_automatic(raw: bytes, policy: Policy) -> bool:
    """Say whether a mail calls itself an automatic reply (RFC 3834), such as those of people out of office."""
    said = str(header_of(raw, policy.limits).get("Auto-Submitted", "no"))
    return said.partition(";")[0].strip().lower() not in {"", "no"}


def envelope_of(raw: bytes, policy: Policy, at: datetime) -> Envelope | None:
    """Return the signed envelope of a mail that was accepted at that time; None where it cannot be read any more.

    Its sender was vouched for then, and is not asked for again.
    """
    return read(raw, lambda names: _allows_sha1(names, policy, at), policy.limits).envelope


def _allows_sha1(names: Header, policy: Policy, now: datetime) -> bool:
    if names.from_her is None or names.to_her is None:
        return False
    return policy.registry.terms(names.from_her, names.to_her, now).allow_sha1


def _unverified(header: Header, finding: Finding, policy: Policy) -> Verdict:
    """Answer only a claimed business message from a registered sender to a party of ours; else keep it silently."""
    owner = policy.owner_of(header.to_her)
    answerable = (
        header.message_id is not None
        and header.from_her is not None
        and header.from_her in policy.registry
        and header.service not in {None, c.MSH_SERVICE}
    )
    if owner is None or not answerable:
        return Quarantine(str(finding.refusal), header, owner)
    return Unverified(owner, header, finding)


def _judge_sender(reading: Reading, signed: Signed, envelope: Envelope, ports: Ports, now: datetime) -> Verdict:
    try:
        check_signer(signed.certificate, envelope, ports.policy.registry, ports.policy.anchors, ports.revocation, now)
    except PartnerFault as error:
        return _unverified(envelope.header, error.finding, ports.policy)
    except Unavailable as error:
        return Wait(str(error), envelope.header)
    owner = ports.policy.owner_of(envelope.to_her)
    if owner is None:
        return _not_ours(reading, signed, envelope, ports.policy)
    return _judge_message(Verified(owner, reading, signed, envelope), ports, now)


def _not_ours(reading: Reading, signed: Signed, envelope: Envelope, policy: Policy) -> Verdict:
    broken = finding("party", EnvelopeCode.NOT_SERVED, "//To/PartyId", her_id=envelope.to_her)
    if envelope.is_signal:
        return Quarantine(str(broken.said), envelope.header, verified=True)
    return RuleBroken(policy.hosted[0], reading, signed, envelope, broken)


def _judge_message(found: Verified, ports: Ports, now: datetime) -> Verdict:
    reading, envelope = found.reading, found.envelope
    too_old = timedelta(days=ports.policy.ledger_days)
    if envelope.timestamp is not None and envelope.timestamp < now - too_old:
        said = Statement.of(InboundCode.TOO_OLD, days=ports.policy.ledger_days)
        return Quarantine(str(said), envelope.header, found.owner, verified=True)
    is_signal, doing = envelope.is_signal, Doing(envelope.service, envelope.action)
    terms = ports.policy.registry.terms(envelope.from_her, envelope.to_her, now, doing)
    if is_signal:
        return _judge_signal(replace(found, notes=_warnings(reading.findings)), terms)
    cpas = ports.policy.registry.cpas_named(envelope.cpa_id, envelope.from_her, envelope.to_her, now)
    bound = any(each.has(doing) for each in cpas) if cpas else None
    agreed = Agreed(terms, ports.policy.services, now, vouched=bool(cpas), bound=bound)
    broken = (*reading.findings, *check_agreement(envelope, agreed))
    wrong = next((found for found in broken if found.severity is Severity.ERROR), None)
    if wrong is not None:
        return RuleBroken(found.owner, reading, found.signed, envelope, wrong)
    try:
        return judge_document(replace(found, notes=_warnings(broken)), terms, ports, now)
    except PartnerFault as error:
        return RuleBroken(found.owner, reading, found.signed, envelope, error.finding)
    except (Unavailable, OwnFault) as error:
        return Wait(str(error), envelope.header)


def _warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(found for found in findings if found.severity is Severity.WARNING)


def _judge_signal(found: Verified, terms: Terms) -> Verdict:
    envelope = found.envelope
    if envelope.action == c.ACKNOWLEDGMENT and envelope.acknowledgment is not None:
        return Signal(found.owner, found.reading, found.signed, envelope, notes=found.notes)
    if envelope.action == c.MESSAGE_ERROR and envelope.errors:
        return Signal(found.owner, found.reading, found.signed, envelope, notes=found.notes)
    if envelope.action in {c.ACKNOWLEDGMENT, c.MESSAGE_ERROR}:
        said = Statement.of(InboundCode.SIGNAL_WITHOUT_BLOCK)
        return Quarantine(str(said), envelope.header, found.owner, verified=True)
    if envelope.action == c.PING and terms.answer_ping:
        return Ping(found.owner, found.reading, found.signed, envelope)
    broken = finding("own action", EnvelopeCode.OWN_ACTION)
    return RuleBroken(found.owner, found.reading, found.signed, envelope, broken)
