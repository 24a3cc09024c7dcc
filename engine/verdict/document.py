"""What a verified message amounts to by the document in it: decrypted, read, held against rules, and routed."""

import hashlib
from dataclasses import replace
from datetime import datetime

from lxml import etree

from engine.agreements.terms import Terms
from engine.codes.document import DocumentCode
from engine.codes.envelope import EnvelopeCode
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.conformance.checks import refuse_errors, weigh_apprec, weigh_message
from engine.deviation.fields import FILE_NAME, MIME_TYPE
from engine.errors import Finding, PayloadFault
from engine.files.agreed import file_findings
from engine.msh.encryption import Decryption, decrypt
from engine.msh.reading import Reading
from engine.msh.rules import fault
from engine.names import MsgId
from engine.payload.apprec import read_apprec
from engine.payload.elements import root_kind, root_of
from engine.payload.msghead import MsgHead, read_identity, read_msghead
from engine.register.receiver import Destination, choose_receiver, through_service
from engine.verdict.kinds import ApprecReceived, ApprecUnreadable, DocumentRefused, DocumentTaken, Verdict, Verified


def judge_in_thread(found: DocumentRefused, ports: Ports, now: datetime) -> Verdict:
    """Return what a refused document amounts to, now that it is known to belong to an open case of ours."""
    verified = Verified(found.owner, found.reading, found.signed, found.envelope, notes=found.notes)
    terms = ports.policy.registry.terms(found.envelope.from_her, found.envelope.to_her, now)
    return judge_document(verified, terms, ports, now, in_thread=True)


def judge_document(found: Verified, terms: Terms, ports: Ports, now: datetime, *, in_thread: bool = False) -> Verdict:
    """Return what a verified business message amounts to, by the document in it and the terms agreed for it.

    Raises PartnerFault where it breaks a rule of the message service, Unavailable or OwnFault where it must wait.
    """
    document = _decrypt(found, terms, ports)
    root: etree._Element | None = None
    thread: tuple[MsgId, ...] = ()
    try:
        root = root_of(document)
        if root_kind(root) == "apprec":
            return _judge_apprec(found, root, ports.policy)
        head = read_msghead(root)
        thread = tuple(each for each in (head.conversation, head.parent) if each)
        notes = (*found.notes, *_departures(head, document, root, terms, ports.policy))
        destination = _route(found, head, ports.policy, now, in_thread=in_thread)
        _check_supported(destination, head, ports.policy)
    except PayloadFault as fault:
        if found.envelope.action == ports.policy.services.apprec_action(found.envelope.service):
            return ApprecUnreadable(found.owner, found.reading, found.signed, found.envelope, fault)
        known = None if root is None else read_identity(root)
        told = found.notes
        return DocumentRefused(
            found.owner, found.reading, found.signed, found.envelope, fault, known, thread, notes=told
        )
    digest = hashlib.sha256(document).digest()
    return DocumentTaken(
        found.owner,
        _without_parts(found.reading),
        found.signed,
        found.envelope,
        head,
        document,
        digest,
        destination,
        notes=notes,
    )


def _without_parts(reading: Reading) -> Reading:
    """Drop the parts, which hold the document a second time, to free memory."""
    return replace(reading, mail=replace(reading.mail, parts=())) if reading.mail else reading


def _departures(
    head: MsgHead, document: bytes, root: etree._Element, terms: Terms, policy: Policy
) -> tuple[Finding, ...]:
    """Return where a document departs from schema and profile. Raises PayloadFault where it is refused for that."""
    carrier = policy.carriers.get(terms.carrier)
    weighed = weigh_message(policy.schemas, document, root, head, carrier, strict=terms.check_schema)
    files = file_findings(head.attachments, terms, strict=terms.check_attachments)
    return refuse_errors((*weighed, *files))


def _judge_apprec(found: Verified, root: etree._Element, policy: Policy) -> ApprecReceived | ApprecUnreadable:
    try:
        apprec = read_apprec(root)
        notes = (*found.notes, *weigh_apprec(policy.schemas, root, apprec, strict=False))
        return ApprecReceived(found.owner, found.reading, found.signed, found.envelope, apprec, notes=notes)
    except PayloadFault as fault:
        return ApprecUnreadable(found.owner, found.reading, found.signed, found.envelope, fault)


def _decrypt(found: Verified, terms: Terms, ports: Ports) -> bytes:
    header = found.envelope
    parts = found.reading.mail.parts if found.reading.mail else ()
    if len(parts) != 1:
        raise fault("manifest", EnvelopeCode.NOT_ONE_DOCUMENT, number=len(parts))
    allowed = Decryption(terms.allow_3des, ports.policy.limits.most_bytes)
    return decrypt(parts[0].data, ports.policy.our_encryption_certificates(header.to_her), ports.keys, allowed)


def _route(found: Verified, head: MsgHead, policy: Policy, now: datetime, *, in_thread: bool) -> Destination:
    """Hold the document's parties against the envelope's (design.md 4), then choose the inbox."""
    header, registry = found.envelope, policy.registry
    if not registry.is_at_or_below(head.sender_her, header.from_her):
        place = "/MsgHead/MsgInfo/Sender"
        raise PayloadFault("X99", place, DocumentCode.OTHER_SENDER, sender=head.sender_her, party=header.from_her)
    receiver = registry.find(head.receiver_her)
    if receiver is not None and not registry.is_at_or_below(receiver.her, header.to_her):
        place = "/MsgHead/MsgInfo/Receiver"
        raise PayloadFault("E21", place, DocumentCode.OTHER_RECEIVER, receiver=receiver.her, party=header.to_her)
    in_words = head.receiver.in_words
    chosen = choose_receiver(registry, head.receiver_her, found.owner, now, in_thread=in_thread, in_words=in_words)
    deviates = any((each.name, each.mime_type) == (FILE_NAME, MIME_TYPE) for each in head.attachments)
    return through_service(registry, chosen, head.sender_her, now) if deviates else chosen


def _check_supported(destination: Destination, head: MsgHead, policy: Policy) -> None:
    functions = policy.registry.get(destination.receiver).functions
    if functions and head.type not in functions:
        place = "/MsgHead/MsgInfo/Type"
        raise PayloadFault("T10", place, DocumentCode.TYPE_NOT_TAKEN, her_id=destination.receiver)
