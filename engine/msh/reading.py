"""Reads the bytes of a mail: MIME, envelope, signature, header. Decides nothing.

Nothing here raises for what a mail contains: faults are listed, and what could be read is kept. Only `envelope` comes
from signed bytes; `claimed` is what an unverified message says about itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from engine.codes.envelope import EnvelopeCode
from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.errors import Finding, PartnerFault, Severity, Unreadable
from engine.msh import constants as c
from engine.msh.checks import check_form
from engine.msh.envelope import EbxmlError, Envelope, claimed, claimed_errors, read_envelope
from engine.msh.leniency import check_schema
from engine.msh.mime import DEFAULT_LIMITS, Mail, MailLimits, read_mail
from engine.msh.rules import finding
from engine.msh.signature import Signed, has_signature, uses_sha1, verify
from engine.records.messages import Header
from engine.schemas import Schemas
from engine.xml import BadXml, XmlLimits, parse

ENVELOPE_LIMITS = XmlLimits(
    most_bytes=2_000_000, most_nodes=1_500, most_depth=20, most_declarations=32, longest_prefix=50
)
"""An envelope is a few kilobytes; what is far above is an attack and not read. It is canonicalised before anybody knows
who sent it, so that depth and declarations, whose product that costs, are few."""


UNKNOWN = Header()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a mail.

    `unreadable` says why it is no ebXML message, and all else is empty then; it is None for an ebXML message.
    `signature` is 'valid', 'invalid' or 'absent'. `envelope` and `signed` are set only with a valid signature, and
    `envelope` only when it could be read. `claimed` and `told` are set only without `envelope`: what an unverified one
    says of itself, and the errors that it lists.
    """

    unreadable: Statement | None = None
    mail: Mail | None = None
    claimed: Header = UNKNOWN
    told: tuple[EbxmlError, ...] = ()
    signature: str = "absent"
    signed: Signed | None = None
    envelope: Envelope | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that refuse the message."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)


def read(
    raw: bytes,
    allow_sha1: Callable[[Header], bool],
    limits: MailLimits = DEFAULT_LIMITS,
    schemas: Schemas | None = None,
) -> Reading:
    """Return what the bytes of a mail hold. `allow_sha1` says whether the parties it names agreed on SHA-1.

    Without `schemas` the envelope is not checked against its schema (rule 4); what we read of it is always checked.
    """
    try:
        mail = read_mail(raw, limits)
    except Unreadable as error:
        return Reading(unreadable=error.statement)
    return _read(mail, allow_sha1, schemas)


def read_alone(soap: bytes, allow_sha1: Callable[[Header], bool], schemas: Schemas | None = None) -> Reading:
    """Return what an envelope holds that came without its mail: references to its parts are not checked."""
    return _read(Mail("", soap, (), whole=False), allow_sha1, schemas)


def _read(mail: Mail, allow_sha1: Callable[[Header], bool], schemas: Schemas | None) -> Reading:
    try:
        root = parse(mail.soap, ENVELOPE_LIMITS, keep_comments=True)
    except BadXml as error:
        return Reading(unreadable=Statement.of(MailCode.SOAP_NOT_XML, why=error.statement))
    return read_root(mail, root, allow_sha1, schemas)


def read_root(
    mail: Mail, root: etree._Element, allow_sha1: Callable[[Header], bool], schemas: Schemas | None = None
) -> Reading:
    """Return what an envelope and its attachments hold."""
    if root.tag != f"{{{c.SOAP}}}Envelope" or next(root.iter(f"{{{c.EB}}}MessageHeader"), None) is None:
        return Reading(unreadable=Statement.of(MailCode.NOT_AN_ENVELOPE))
    parts = mail.parts if mail.whole else None
    try:
        signed = verify(mail.soap, root, parts, allow_sha1=uses_sha1(root) and allow_sha1(claimed(root)))
    except PartnerFault as error:
        state = "invalid" if has_signature(root) else "absent"
        says, broken = claimed(root), (*mail.findings, error.finding)
        return Reading(None, mail, says, claimed_errors(root), state, findings=broken)
    envelope, findings = _read_signed(signed, mail, schemas)
    names = UNKNOWN if envelope else claimed(root)
    return Reading(None, mail, names, (), "valid", signed, envelope, (*mail.findings, *signed.warnings, *findings))


def _read_signed(signed: Signed, mail: Mail, schemas: Schemas | None) -> tuple[Envelope | None, tuple[Finding, ...]]:
    try:
        root = parse(signed.envelope, ENVELOPE_LIMITS, keep_comments=True)
        envelope = read_envelope(root)
    except PartnerFault as error:
        return None, (error.finding,)
    except BadXml as error:
        return None, (finding("schema", EnvelopeCode.NOT_XML, why=error.statement),)
    form = check_form(envelope, [part.content_id for part in mail.parts] if mail.whole else None)
    return envelope, (*envelope.findings, *form, *(check_schema(root, schemas) if schemas else ()))
