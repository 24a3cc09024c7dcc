"""What a mail amounts to, decided from its bytes, the register and our keys alone: no database is asked.

`assess` walks the way of design.md 3 and stops at the first thing that settles it. What depends on what came before
(duplicates, which message a receipt belongs to) is left to engine.receive, in the commit that decides.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.conformance import refuse_errors, weigh_apprec, weigh_message
from engine.errors import Finding, OwnFault, PartnerFault, PayloadFault, Severity, Unavailable
from engine.files import file_terms
from engine.msh import constants as c
from engine.msh.agreement import Terms
from engine.msh.checks import Agreed, check_agreement
from engine.msh.encryption import Decryption, decrypt
from engine.msh.envelope import Envelope
from engine.msh.reading import UNKNOWN, Reading, read
from engine.msh.rules import fault, finding
from engine.msh.signature import Signed
from engine.msh.trust import check_signer
from engine.names import HerId, MsgId
from engine.payload.apprec import AppRec, read_apprec, root_kind
from engine.payload.file_rules import file_findings
from engine.payload.msghead import DocumentIdentity, MsgHead, read_identity, read_msghead
from engine.records import Header
from engine.routing.cpas import Doing
from engine.routing.receiver import Destination, choose_receiver
from engine.world import World


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Nothing that anyone may answer: kept, shown to a person."""

    reason: str
    header: Header = UNKNOWN
    owner: HerId | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Cannot be decided now; tried again later. `header` is that of a signed envelope, its sender perhaps revoked."""

    reason: str
    header: Header = UNKNOWN


@dataclass(frozen=True, slots=True)
class Unverified:
    """A message to us whose signature failed: it names itself, but nobody has vouched for it."""

    owner: HerId
    header: Header
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verified:
    """A message whose signer the register vouches for. `owner` is the enterprise of ours that it is addressed to.

    `notes` are Warnings: where message and document depart from the rules without being refused for it.
    """

    owner: HerId
    reading: Reading
    signed: Signed
    envelope: Envelope
    notes: tuple[Finding, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Refusal(Verified):
    """A verified message that breaks a rule of the message service: a MessageError."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Signal(Verified):
    """A verified Acknowledgment or MessageError."""


@dataclass(frozen=True, slots=True)
class Ping(Verified):
    """A verified Ping from a partner whose agreement has it answered."""


@dataclass(frozen=True, slots=True)
class Receipt(Verified):
    """A verified message with an AppRec."""

    apprec: AppRec


@dataclass(frozen=True, slots=True)
class BadReceipt(Verified):
    """A verified message with an AppRec that cannot be read. It is never answered with another."""

    fault: PayloadFault


@dataclass(frozen=True, slots=True)
class Rejected(Verified):
    """A verified message whose document is refused: an AppRec with status 2. `thread` is what it refers to.

    `told` is what the sender is told instead of the fault's own sentence, where that names what is the sender's and
    must not stand in our logs; `task` calls a person of ours.
    """

    fault: PayloadFault
    identity: DocumentIdentity | None
    thread: tuple[MsgId, ...] = ()
    told: str = field(default="", kw_only=True)
    task: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Accepted(Verified):
    """A verified message with a document for `destination`. `digest` is SHA-256 of the document."""

    head: MsgHead
    document: bytes
    digest: bytes
    destination: Destination


Claimable = Signal | Ping | Receipt | BadReceipt | Rejected | Accepted
Assessment = Quarantine | Wait | Unverified | Refusal | Claimable


def assess(raw: bytes, world: World, now: datetime) -> Assessment:
    """Return what the bytes of a mail amount to at `now`. Raises nothing for what they contain."""
    reading = read(raw, lambda names: _allows_sha1(names, world, now), world.limits, world.schemas)
    if reading.unreadable:
        return Quarantine(reading.unreadable)
    if reading.signed is None or reading.envelope is None:
        return _unverified(reading.claimed, reading.errors[0], world)
    return _judge_sender(reading, reading.signed, reading.envelope, world, now)


def envelope_of(raw: bytes, world: World, at: datetime) -> Envelope | None:
    """Return the signed envelope of a mail that was accepted at that time; None where it cannot be read any more.

    Its sender was vouched for then, and is not asked for again.
    """
    return read(raw, lambda names: _allows_sha1(names, world, at), world.limits).envelope


def _allows_sha1(names: Header, world: World, now: datetime) -> bool:
    if names.from_her is None or names.to_her is None:
        return False
    return world.registry.terms(names.from_her, names.to_her, now).allow_sha1


def _unverified(header: Header, finding: Finding, world: World) -> Assessment:
    """Answer only a claimed business message from a registered sender to a party of ours; else keep it silently."""
    owner = world.owner_of(header.to_her)
    answerable = (
        header.message_id is not None
        and header.from_her is not None
        and header.from_her in world.registry
        and header.service not in {None, c.MSH_SERVICE}
    )
    if owner is None or not answerable:
        return Quarantine(f"{finding.code}, rule {finding.rule}: {finding.description}", header, owner)
    return Unverified(owner, header, finding)


def _judge_sender(reading: Reading, signed: Signed, envelope: Envelope, world: World, now: datetime) -> Assessment:
    try:
        check_signer(signed.certificate, envelope, world.registry, world.anchors, world.revocation, now)
    except PartnerFault as error:
        return _unverified(envelope.header, error.finding, world)
    except Unavailable as error:
        return Wait(str(error), envelope.header)
    owner = world.owner_of(envelope.to_her)
    if owner is None:
        return _not_ours(reading, signed, envelope, world)
    return _judge_message(Verified(owner, reading, signed, envelope), world, now)


def _not_ours(reading: Reading, signed: Signed, envelope: Envelope, world: World) -> Assessment:
    text = f"HER-id {envelope.to_her} is not served at this address."
    if envelope.is_signal:
        return Quarantine(text, envelope.header)
    return Refusal(world.hosted[0], reading, signed, envelope, finding("party", text, "//To/PartyId"))


def _judge_message(found: Verified, world: World, now: datetime) -> Assessment:
    reading, envelope = found.reading, found.envelope
    too_old = timedelta(days=world.ledger_days)
    if envelope.timestamp is not None and envelope.timestamp < now - too_old:
        reason = f"Written more than {world.ledger_days} days ago, so that a duplicate could not be told from it."
        return Quarantine(reason, envelope.header, found.owner)
    doing = Doing(envelope.service, envelope.action)
    terms = world.registry.terms(envelope.from_her, envelope.to_her, now, doing)
    if envelope.is_signal:
        return _judge_signal(replace(found, notes=_warnings(reading.findings)), terms)
    cpas = world.registry.cpas_named(envelope.cpa_id, envelope.from_her, envelope.to_her, now)
    bound = any(each.has(doing) for each in cpas) if cpas else None
    agreed = Agreed(terms, world.services, now, vouched=bool(cpas), bound=bound)
    broken = (*reading.findings, *check_agreement(envelope, agreed))
    wrong = next((found for found in broken if found.severity is Severity.ERROR), None)
    if wrong is not None:
        return Refusal(found.owner, reading, found.signed, envelope, wrong)
    try:
        return _judge_document(replace(found, notes=_warnings(broken)), world, now)
    except PartnerFault as error:
        return Refusal(found.owner, reading, found.signed, envelope, error.finding)
    except (Unavailable, OwnFault) as error:
        return Wait(str(error), envelope.header)


def _warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(found for found in findings if found.severity is Severity.WARNING)


def _judge_signal(found: Verified, terms: Terms) -> Assessment:
    envelope = found.envelope
    if envelope.action == c.ACKNOWLEDGMENT and envelope.acknowledgment is not None:
        return Signal(found.owner, found.reading, found.signed, envelope, notes=found.notes)
    if envelope.action == c.MESSAGE_ERROR and envelope.errors:
        return Signal(found.owner, found.reading, found.signed, envelope, notes=found.notes)
    if envelope.action in {c.ACKNOWLEDGMENT, c.MESSAGE_ERROR}:
        return Quarantine("A signal without the block that its Action promises.", envelope.header, found.owner)
    if envelope.action == c.PING and terms.answer_ping:
        return Ping(found.owner, found.reading, found.signed, envelope)
    text = "Of the message service's own actions only Acknowledgment and MessageError are supported."
    return Refusal(found.owner, found.reading, found.signed, envelope, finding("own action", text))


def judge_in_thread(found: Rejected, world: World, now: datetime) -> Assessment:
    """Return what a refused document amounts to, now that it is known to belong to an open case of ours."""
    verified = Verified(found.owner, found.reading, found.signed, found.envelope, notes=found.notes)
    return _judge_document(verified, world, now, in_thread=True)


def _judge_document(found: Verified, world: World, now: datetime, *, in_thread: bool = False) -> Assessment:
    document = _decrypt(found, world, now)
    thread: tuple[MsgId, ...] = ()
    try:
        if root_kind(document) == "apprec":
            return _judge_apprec(found, document, world)
        head = read_msghead(document)
        thread = tuple(each for each in (head.conversation, head.parent) if each)
        notes = (*found.notes, *_departures(found, head, document, world, now))
        destination = _route(found, head, world, now, in_thread=in_thread)
        _check_supported(destination, head, world)
    except PayloadFault as fault:
        if found.envelope.action == world.services.apprec_action(found.envelope.service):
            return BadReceipt(found.owner, found.reading, found.signed, found.envelope, fault)
        known = read_identity(document)
        told = found.notes
        return Rejected(found.owner, found.reading, found.signed, found.envelope, fault, known, thread, notes=told)
    digest = hashlib.sha256(document).digest()
    return Accepted(
        found.owner, found.reading, found.signed, found.envelope, head, document, digest, destination, notes=notes
    )


def _departures(found: Verified, head: MsgHead, document: bytes, world: World, now: datetime) -> tuple[Finding, ...]:
    """Return where a document departs from schema and profile. Raises PayloadFault where it is refused for that."""
    terms = world.registry.terms(found.envelope.from_her, found.envelope.to_her, now)
    carrier = world.carriers.get(terms.carrier)
    weighed = weigh_message(world.schemas, document, head, carrier, strict=terms.check_schema)
    files = file_findings(head.attachments, file_terms(terms), strict=terms.check_attachments)
    return refuse_errors((*weighed, *files))


def _judge_apprec(found: Verified, document: bytes, world: World) -> Receipt | BadReceipt:
    try:
        apprec = read_apprec(document)
        notes = (*found.notes, *weigh_apprec(world.schemas, document, apprec, strict=False))
        return Receipt(found.owner, found.reading, found.signed, found.envelope, apprec, notes=notes)
    except PayloadFault as fault:
        return BadReceipt(found.owner, found.reading, found.signed, found.envelope, fault)


def _decrypt(found: Verified, world: World, now: datetime) -> bytes:
    header = found.envelope
    parts = found.reading.mail.parts if found.reading.mail else ()
    if len(parts) != 1:
        text = f"A message must carry exactly one document; this one carries {len(parts)}."
        raise fault("manifest", text)
    terms = world.registry.terms(header.from_her, header.to_her, now)
    allowed = Decryption(terms.allow_3des, world.limits.most_bytes)
    return decrypt(parts[0].data, world.our_encryption_certificates(header.to_her), world.keys, allowed)


def _route(found: Verified, head: MsgHead, world: World, now: datetime, *, in_thread: bool) -> Destination:
    """Hold the document's parties against the envelope's (design.md 4), then choose the inbox."""
    header, registry = found.envelope, world.registry
    if not registry.is_at_or_below(head.sender_her, header.from_her):
        detail = f"Avsender {head.sender_her} hører ikke til konvoluttens avsender {header.from_her}."
        raise PayloadFault("X99", "/MsgHead/MsgInfo/Sender", detail)
    receiver = registry.find(head.receiver_her)
    if receiver is not None and not registry.is_at_or_below(receiver.her, header.to_her):
        detail = f"Mottaker {head.receiver_her} hører ikke til konvoluttens mottaker {header.to_her}."
        raise PayloadFault("E21", "/MsgHead/MsgInfo/Receiver", detail)
    in_words = head.receiver.in_words
    return choose_receiver(registry, head.receiver_her, found.owner, now, in_thread=in_thread, in_words=in_words)


def _check_supported(destination: Destination, head: MsgHead, world: World) -> None:
    functions = world.registry.get(destination.receiver).functions
    if functions and head.type not in functions:
        detail = f"Meldingstypen tas ikke imot av HER-id {destination.receiver}."
        raise PayloadFault("T10", "/MsgHead/MsgInfo/Type", detail)


def mail_id_of(found: Assessment) -> str:
    """Return the Message-ID of the mail itself, '' where it has none that can be read."""
    mail = found.reading.mail if isinstance(found, Verified) else None
    return mail.message_id if mail else ""


def original_of(found: Rejected) -> tuple[MsgId, str, datetime]:
    """Return id, type and time that an AppRec about an unreadable document refers to.

    What the document does not tell is taken from the envelope: its MessageId, Action and Timestamp.
    """
    envelope, identity = found.envelope, found.identity
    written = (identity.gen_date if identity else None) or envelope.timestamp
    if written is None:
        raise OwnFault("Neither the document nor the envelope says when it was made.")
    msg_id = (identity.msg_id if identity else None) or MsgId(envelope.message_id)
    return msg_id, (identity.type if identity else None) or envelope.action, written
