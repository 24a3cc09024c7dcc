"""Write our own envelopes: payload messages, Acknowledgments and MessageErrors (transport.md B.2-B.5)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from engine.codes.statement import Statement
from engine.errors import Finding, Severity
from engine.msh import constants as c
from engine.names import ConversationId, CpaId, HerId, MessageId

_REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Addressing:
    """Who writes to whom about what: all that a MessageHeader needs but its own id and time."""

    from_her: HerId
    to_her: HerId
    from_role: str
    to_role: str
    cpa_id: CpaId
    conversation_id: ConversationId
    service: str
    action: str
    ref_to: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Software:
    """What we call ourselves in eb:Description (HIS 1210:2018; transport.md B.5)."""

    name: str
    version: str


def payload_envelope(
    to: Addressing, message_id: MessageId, now: datetime, software: Software, content_ids: Sequence[str]
) -> etree._Element:
    """Return an unsigned envelope with a Manifest of the attachments; a signed Acknowledgment is asked for."""
    envelope, header = _envelope()
    _message_header(header, to, message_id, now, software, duplicate_elimination=True)
    request = _block(header, "AckRequested", actor=c.ACTOR_TO_PARTY)
    request.set(_eb("signed"), "true")
    manifest = etree.SubElement(_body(envelope), _eb("Manifest"), {_eb("version"): c.EB_VERSION})
    for content_id in content_ids:
        attributes = {_xlink("href"): f"cid:{content_id}", _xlink("type"): "simple"}
        etree.SubElement(manifest, _eb("Reference"), attributes)
    return envelope


def acknowledgment_envelope(
    to: Addressing,
    message_id: MessageId,
    now: datetime,
    software: Software,
    references: Sequence[bytes],
) -> etree._Element:
    """Return an unsigned Acknowledgment that copies every ds:Reference of the message it confirms.

    `references` are the elements as bytes, `to.ref_to` is the message.
    """
    envelope, header = _envelope()
    _message_header(header, to, message_id, now, software)
    block = _block(header, "Acknowledgment", actor=c.ACTOR_TO_PARTY)
    etree.SubElement(block, _eb("Timestamp")).text = _instant(now)
    etree.SubElement(block, _eb("RefToMessageId")).text = to.ref_to
    etree.SubElement(block, _REFERENCES)
    _body(envelope)
    return _with_references(envelope, references)


def _with_references(envelope: etree._Element, references: Sequence[bytes]) -> etree._Element:
    """Put the references in as text: as elements they would lose a prefix that only their XPath text uses (G.5)."""
    place = f"<{_REFERENCES}/>".encode()
    whole = etree.tostring(envelope).replace(place, b"".join(references))
    return etree.fromstring(whole, etree.XMLParser(resolve_entities=False))


def pong_envelope(to: Addressing, message_id: MessageId, now: datetime, software: Software) -> etree._Element:
    """Return an unsigned Pong: a header alone that refers to the Ping (ebMS 2.0, section 8)."""
    envelope, header = _envelope()
    _message_header(header, to, message_id, now, software)
    _body(envelope)
    return envelope


def error_envelope(
    to: Addressing,
    message_id: MessageId,
    now: datetime,
    software: Software,
    findings: Sequence[Finding],
    words: Callable[[Statement], str],
) -> etree._Element:
    """Return an unsigned MessageError with one eb:Error for each finding, described in the words that `words` gives."""
    envelope, header = _envelope()
    _message_header(header, to, message_id, now, software)
    _error_list(header, findings, words)
    _body(envelope)
    return envelope


def _envelope() -> tuple[etree._Element, etree._Element]:
    names = {prefix: c.PREFIXES[prefix] for prefix in ("SOAP", "eb", "xlink")}
    envelope = etree.Element(_soap("Envelope"), nsmap=names)
    return envelope, etree.SubElement(envelope, _soap("Header"))


def _body(envelope: etree._Element) -> etree._Element:
    return etree.SubElement(envelope, _soap("Body"))


def _message_header(
    header: etree._Element,
    to: Addressing,
    message_id: MessageId,
    now: datetime,
    software: Software,
    *,
    duplicate_elimination: bool = False,
) -> None:
    message = _block(header, "MessageHeader")
    for side, her, role in (("From", to.from_her, to.from_role), ("To", to.to_her, to.to_role)):
        party = etree.SubElement(message, _eb(side))
        etree.SubElement(party, _eb("PartyId"), {_eb("type"): "HER"}).text = her
        if role:
            etree.SubElement(party, _eb("Role")).text = role
    etree.SubElement(message, _eb("CPAId")).text = to.cpa_id
    etree.SubElement(message, _eb("ConversationId")).text = to.conversation_id
    typed = {} if to.service == c.MSH_SERVICE else {_eb("type"): "string"}
    etree.SubElement(message, _eb("Service"), typed).text = to.service
    etree.SubElement(message, _eb("Action")).text = to.action
    data = etree.SubElement(message, _eb("MessageData"))
    etree.SubElement(data, _eb("MessageId")).text = message_id
    etree.SubElement(data, _eb("Timestamp")).text = _instant(now)
    if to.ref_to:
        etree.SubElement(data, _eb("RefToMessageId")).text = to.ref_to
    if duplicate_elimination:
        etree.SubElement(message, _eb("DuplicateElimination"))
    about = {"MSH-system": software.name, "MSH-versjon": software.version}
    etree.SubElement(message, _eb("Description"), {f"{{{c.XML}}}lang": "NO"}).text = json.dumps(about)


def _error_list(header: etree._Element, findings: Sequence[Finding], words: Callable[[Statement], str]) -> None:
    worst = Severity.ERROR if any(each.severity is Severity.ERROR for each in findings) else Severity.WARNING
    listing = _block(header, "ErrorList")
    listing.set(_eb("highestSeverity"), worst)
    for finding in findings:
        attributes = {
            _eb("codeContext"): c.ERROR_CONTEXT,
            _eb("errorCode"): finding.code,
            _eb("severity"): finding.severity,
            _eb("location"): finding.location,
        }
        error = etree.SubElement(listing, _eb("Error"), attributes)
        etree.SubElement(error, _eb("Description"), {f"{{{c.XML}}}lang": "en"}).text = words(finding.said)


def _block(header: etree._Element, name: str, *, actor: str = "") -> etree._Element:
    block = etree.SubElement(header, _eb(name))
    block.set(_soap("mustUnderstand"), "1")
    block.set(_eb("version"), c.EB_VERSION)
    if actor:
        block.set(_soap("actor"), actor)
    return block


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _eb(name: str) -> str:
    return f"{{{c.EB}}}{name}"


def _soap(name: str) -> str:
    return f"{{{c.SOAP}}}{name}"


def _xlink(name: str) -> str:
    return f"{{{c.XLINK}}}{name}"
