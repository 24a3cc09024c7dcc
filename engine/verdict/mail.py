"""What a mail amounts to, decided from its bytes, the register and our keys alone: no database is asked.

`verdict_on` walks the way of design.md 3 and stops at the first thing that settles it. `judge_envelope` is the part of
it that needs no key: `samvik verify` asks it too, so that both say the same. What depends on what came before
(duplicates, which message a receipt belongs to) is left to engine.inbound.gather and
engine.inbound.decide, in the commit that decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.agreements.kept_cpas import Doing
from engine.agreements.services import ServiceTable
from engine.codes.envelope import EnvelopeCode
from engine.codes.inbound import InboundCode
from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.errors import Finding, OwnFault, PartnerFault, Severity, Unavailable, Unreadable
from engine.msh import constants as c
from engine.msh.bounce import read_bounce
from engine.msh.checks import Agreed, check_agreement, check_times
from engine.msh.envelope import EbxmlError, Envelope
from engine.msh.leniency import tolerated
from engine.msh.mime import header_of
from engine.msh.reading import Reading, read
from engine.msh.rules import finding
from engine.msh.signature import Signed
from engine.outbound.mail import delivery_of
from engine.records.messages import Header
from engine.register.parties import Registry
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
        return _unverified(reading.claimed, reading.errors[0], ports.policy, reading.told)
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


def _unverified(header: Header, finding: Finding, policy: Policy, told: tuple[EbxmlError, ...] = ()) -> Verdict:
    """Answer only a claimed business message from a registered sender to a party of ours; else keep it silently."""
    owner = policy.owner_of(header.to_her)
    answerable = (
        header.message_id is not None
        and header.from_her is not None
        and header.from_her in policy.registry
        and header.service not in {None, c.MSH_SERVICE}
    )
    if owner is None or not answerable:
        errors = told if header.service == c.MSH_SERVICE and header.action == c.MESSAGE_ERROR else ()
        return Quarantine(str(finding.refusal), header, owner, told=errors)
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
    reading, envelope, policy = found.reading, found.envelope, ports.policy
    agreed = agreed_on(envelope, policy.registry, policy.services, now)
    judged = judge_envelope(reading.findings, envelope, agreed, policy.ledger_days)
    if judged.kept is not None:
        return Quarantine(str(judged.kept), envelope.header, found.owner, verified=True)
    if judged.broken:
        return RuleBroken(found.owner, reading, found.signed, envelope, judged.broken[0])
    if judged.signal:
        kind = Ping if envelope.action == c.PING else Signal
        return kind(found.owner, reading, found.signed, envelope, notes=judged.notes)
    try:
        return judge_document(replace(found, notes=judged.notes), agreed.terms, ports, now)
    except PartnerFault as error:
        return RuleBroken(found.owner, reading, found.signed, envelope, error.finding)
    except (Unavailable, OwnFault) as error:
        return Wait(str(error), envelope.header)


@dataclass(frozen=True, slots=True)
class Judged:
    """What an envelope amounts to.

    `kept` says why the message is kept without an answer; `broken` are the rules that refuse it, `notes` the Warnings.
    `signal` says that it belongs to the message service itself.
    """

    kept: Statement | None = None
    broken: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    signal: bool = False


def agreed_on(envelope: Envelope, registry: Registry, services: ServiceTable, now: datetime) -> Agreed:
    """Return what the two parties of an envelope have agreed on for what it does."""
    doing = Doing(envelope.service, envelope.action)
    terms = registry.terms(envelope.from_her, envelope.to_her, now, doing)
    cpas = registry.cpas_named(envelope.cpa_id, envelope.from_her, envelope.to_her, now)
    bound = any(each.has(doing) for each in cpas) if cpas else None
    return Agreed(terms, services, now, vouched=bool(cpas), bound=bound)


def judge_envelope(findings: Sequence[Finding], envelope: Envelope, agreed: Agreed, ledger_days: int) -> Judged:
    """Return what an envelope amounts to by what was found in its bytes and by what is agreed.

    Where the services are not known, only what the envelope says by itself is asked.
    """
    if envelope.timestamp is not None and envelope.timestamp < agreed.now - timedelta(days=ledger_days):
        return Judged(Statement.of(InboundCode.TOO_OLD, days=ledger_days))
    if envelope.service == c.MSH_SERVICE:
        return replace(_judge_signal(findings, envelope, agreed), signal=True)
    checked = check_agreement(envelope, agreed) if agreed.services else tuple(check_times(envelope, agreed))
    return _sorted((*findings, *checked))


def _sorted(findings: Iterable[Finding]) -> Judged:
    found = tuple(findings)
    broken = tuple(each for each in found if each.severity is Severity.ERROR)
    return Judged(None, broken, tuple(each for each in found if each.severity is Severity.WARNING))


def _judge_signal(findings: Sequence[Finding], envelope: Envelope, agreed: Agreed) -> Judged:
    """Judge a receipt by whether it is one. What its form lacks is noted: nobody answers a receipt (rule 9)."""
    judged = _sorted((*tolerated((*findings, *check_times(envelope, agreed))), *_without_digests(envelope)))
    whole = {c.ACKNOWLEDGMENT: envelope.acknowledgment is not None, c.MESSAGE_ERROR: bool(envelope.errors)}
    if not whole.get(envelope.action, True):
        return Judged(Statement.of(InboundCode.SIGNAL_WITHOUT_BLOCK), notes=judged.notes)
    if envelope.action in whole and judged.broken:
        return replace(judged, kept=judged.broken[0].refusal, broken=())
    if envelope.action in whole or (envelope.action == c.PING and agreed.terms.answer_ping):
        return judged
    return replace(judged, broken=(*judged.broken, finding("own action", EnvelopeCode.OWN_ACTION)))


def _without_digests(envelope: Envelope) -> Iterator[Finding]:
    if envelope.acknowledgment is not None and not envelope.acknowledgment.digests:
        yield finding("digests, lenient", EnvelopeCode.WITHOUT_DIGESTS)
