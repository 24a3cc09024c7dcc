"""Reads the SOAP envelope of ebXML 2.0 from signed bytes (transport.md B). Ours is written in engine.msh.writing.

`read_envelope` is given canonical bytes that a signature covers. `claimed` reads the few fields that an answer to an
unverified message needs, and is used for nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from lxml import etree

from engine.codes.envelope import EnvelopeCode
from engine.codes.xml import XmlCode
from engine.errors import BadName, Finding, PartnerFault, Severity
from engine.msh import constants as c
from engine.msh.rules import fault, finding
from engine.names import ConversationId, CpaId, HerId, MessageId, her_id, opaque
from engine.records.messages import Header
from engine.times import OutOfRange, read_time

T = TypeVar("T")

_KNOWN_BLOCKS = frozenset(
    f"{{{c.EB}}}{name}"
    for name in ("MessageHeader", "SyncReply", "MessageOrder", "AckRequested", "Acknowledgment", "ErrorList")
) | {f"{{{c.DS}}}Signature"}
"""The blocks of a SOAP header that we understand, or have a rule of their own for."""


@dataclass(frozen=True, slots=True)
class EbxmlError:
    """One eb:Error as the partner wrote it; the texts are shown unchanged and never interpreted."""

    code: str
    severity: str
    location: str
    description: str


@dataclass(frozen=True, slots=True)
class Acknowledgment:
    """An eb:Acknowledgment: the message it confirms and the digests it copied, by reference URI."""

    ref_to: MessageId
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a signed envelope says. Times are aware UTC, None where absent or without a zone we can trust.

    `sync_actor` is the actor of a SyncReply that is signed, None where there is none: one for the next hop is not.
    `versions` is each block that has one with what it says; `unsupported` names blocks that ask for what we do not do.
    `findings` are deviations from the profile that do not stop the message.
    """

    message_id: MessageId
    conversation_id: ConversationId
    ref_to: MessageId | None
    cpa_id: CpaId
    from_her: HerId
    to_her: HerId
    service: str
    action: str
    from_role: str
    to_role: str
    service_type: str
    timestamp: datetime | None
    time_to_live: datetime | None
    ack_requested: bool
    ack_signed: bool
    ack_actor: str
    sync_actor: str | None
    duplicate_elimination: bool
    has_manifest: bool
    manifest: tuple[str, ...]
    acknowledgment: Acknowledgment | None
    errors: tuple[EbxmlError, ...]
    highest_severity: str
    versions: tuple[tuple[str, str], ...] = ()
    unsupported: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_signal(self) -> bool:
        """Say whether this belongs to the message service itself and carries no business document."""
        return self.service == c.MSH_SERVICE

    @property
    def acknowledges(self) -> bool:
        """Say whether this confirms a message: an Acknowledgment that lists nothing worse than warnings (B.4)."""
        severe = bool(self.errors) and self.highest_severity != Severity.WARNING
        return self.action == c.ACKNOWLEDGMENT and not severe

    @property
    def header(self) -> Header:
        """Return the ids and addresses as rows keep them."""
        return Header(
            self.message_id,
            self.conversation_id,
            self.ref_to,
            self.cpa_id,
            self.from_her,
            self.to_her,
            self.service,
            self.action,
        )


def read_envelope(root: etree._Element) -> Envelope:
    """Return what the envelope says.

    Raises PartnerFault where an element that we read is missing, doubled or not plain text (rule 4), or a party has no
    HER-id (rule 6). The other rules are checked by engine.msh.checks.
    """
    header = _one(root, f"{{{c.SOAP}}}Header", "Header")
    message = _one(header, _eb("MessageHeader"), "MessageHeader")
    findings: list[Finding] = []
    data = _one(message, _eb("MessageData"), "MessageData")
    service = _one(message, _eb("Service"), "Service")
    request = _optional(header, _eb("AckRequested"), "AckRequested")
    sync = _optional(header, _eb("SyncReply"), "SyncReply")
    acknowledgment = _acknowledgment(header)
    message_id, conversation_id, cpa_id = _ids((data, "MessageId"), (message, "ConversationId"), (message, "CPAId"))
    timestamp = _text(data, "Timestamp", "//MessageData/Timestamp")
    return Envelope(
        message_id=MessageId(message_id),
        conversation_id=ConversationId(conversation_id),
        ref_to=_ref_to(data, acknowledgment),
        cpa_id=CpaId(cpa_id),
        from_her=_party(message, "From", findings),
        to_her=_party(message, "To", findings),
        service=_text(message, "Service", "//Service"),
        action=_text(message, "Action", "//Action"),
        from_role=_role(message, "From"),
        to_role=_role(message, "To"),
        service_type=_attribute(service, "type"),
        timestamp=_written_at(timestamp),
        time_to_live=_time(_maybe(data, "TimeToLive")),
        ack_requested=request is not None,
        ack_signed=request is not None and _attribute(request, "signed", "false") in {"true", "1"},
        ack_actor="" if request is None else request.get(f"{{{c.SOAP}}}actor", ""),
        sync_actor=None if sync is None else sync.get(f"{{{c.SOAP}}}actor", ""),
        duplicate_elimination=_optional(message, _eb("DuplicateElimination"), "DuplicateElimination") is not None,
        has_manifest=next(root.iter(_eb("Manifest")), None) is not None,
        manifest=_manifest(root),
        acknowledgment=acknowledgment,
        errors=_errors(header),
        highest_severity=_highest(header),
        versions=_versions(root),
        unsupported=_unsupported(root, header),
        findings=tuple(findings),
    )


MOST_CLAIMED = 10
"""How many errors of a MessageError that nobody signed are read."""


def claimed(root: etree._Element) -> Header:
    """Return the header that an unverified envelope claims; None for what is missing, doubled or not plain text."""
    message = next(root.iter(_eb("MessageHeader")), None)
    if message is None:
        return Header()
    return Header(
        message_id=_if_readable(lambda: MessageId(_id(_one(message, _eb("MessageData"), "MessageData"), "MessageId"))),
        conversation_id=_if_readable(lambda: ConversationId(_id(message, "ConversationId"))),
        cpa_id=_if_readable(lambda: CpaId(_id(message, "CPAId"))),
        from_her=_if_readable(lambda: _party(message, "From", [])),
        to_her=_if_readable(lambda: _party(message, "To", [])),
        service=_if_readable(lambda: _text(message, "Service", "//Service")),
        action=_if_readable(lambda: _text(message, "Action", "//Action")),
        ref_to=_if_readable(lambda: MessageId(_id(_one(message, _eb("MessageData"), "MessageData"), "RefToMessageId"))),
    )


def claimed_errors(root: etree._Element) -> tuple[EbxmlError, ...]:
    """Return the errors that an unverified MessageError lists, () where there are none that can be read."""
    header = root.find(f"{{{c.SOAP}}}Header")
    found = None if header is None else _if_readable(lambda: _errors(header))
    return (found or ())[:MOST_CLAIMED]


def _if_readable(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except PartnerFault:
        return None


def _party(message: etree._Element, side: str, findings: list[Finding]) -> HerId:
    """Return the one HER-id of From or To; other kinds of PartyId beside it are a deviation (rules 6 and 7)."""
    ids = _one(message, _eb(side), side).findall(_eb("PartyId"))
    location = f"//{side}/PartyId"
    her = [party for party in ids if _attribute(party, "type") == "HER"]
    if len(her) != 1:
        raise fault("party", EnvelopeCode.NOT_ONE_HER_ID, location, side=side)
    if len(ids) > 1:
        findings.append(finding("other parties", EnvelopeCode.OTHER_IDS, location, side=side))
    try:
        return her_id(_plain(her[0], location))
    except BadName as error:
        raise fault("party", error.statement, location) from None


def _role(message: etree._Element, side: str) -> str:
    role = _optional(_one(message, _eb(side), side), _eb("Role"), f"{side}/Role")
    return "" if role is None else _plain(role, f"//{side}/Role")


def _acknowledgment(header: etree._Element) -> Acknowledgment | None:
    element = _optional(header, _eb("Acknowledgment"), "Acknowledgment")
    if element is None:
        return None
    digests: dict[str, str] = {}
    for reference in element.findall(f"{{{c.DS}}}Reference"):
        value = _one(reference, f"{{{c.DS}}}DigestValue", "Acknowledgment/Reference/DigestValue")
        uri = reference.get("URI", "")
        if uri in digests:
            raise fault("schema", EnvelopeCode.COPIED_TWICE, "//Acknowledgment/Reference")
        digests[uri] = "".join(_plain(value, "//Acknowledgment/Reference").split())
    return Acknowledgment(MessageId(_id(element, "RefToMessageId")), digests)


def _ref_to(data: etree._Element, acknowledgment: Acknowledgment | None) -> MessageId | None:
    """Return what the message refers to: it stands in MessageData, or only in the Acknowledgment (B.2, G.20)."""
    if _optional(data, _eb("RefToMessageId"), "MessageData/RefToMessageId") is not None:
        return MessageId(_id(data, "RefToMessageId"))
    return acknowledgment.ref_to if acknowledgment else None


def _errors(header: etree._Element) -> tuple[EbxmlError, ...]:
    listing = _optional(header, _eb("ErrorList"), "ErrorList")
    if listing is None:
        return ()
    return tuple(
        EbxmlError(
            _attribute(found, "errorCode"),
            _attribute(found, "severity", Severity.ERROR),
            _attribute(found, "location"),
            (found.findtext(_eb("Description")) or "").strip()[:2000],
        )
        for found in listing.findall(_eb("Error"))
    )


def _highest(header: etree._Element) -> str:
    listing = header.find(_eb("ErrorList"))
    return "" if listing is None else _attribute(listing, "highestSeverity", Severity.ERROR)


def _manifest(root: etree._Element) -> tuple[str, ...]:
    body = _one(root, f"{{{c.SOAP}}}Body", "Body")
    manifest = _optional(body, _eb("Manifest"), "Manifest")
    if manifest is None:
        return ()
    return tuple(reference.get(f"{{{c.XLINK}}}href", "") for reference in manifest.findall(_eb("Reference")))


def _versions(root: etree._Element) -> tuple[tuple[str, str], ...]:
    """Return the version of every ebXML block: those right below the SOAP header and body."""
    blocks = root.iterfind(f"*/{{{c.EB}}}*")
    return tuple((etree.QName(block).localname, _attribute(block, "version")) for block in blocks)


def _unsupported(root: etree._Element, header: etree._Element) -> tuple[str, ...]:
    """Return the blocks that must be understood and are not known, and MessageOrder, which the profile does not use."""
    names = ["MessageOrder"] if next(root.iter(_eb("MessageOrder")), None) is not None else []
    for block in header.iterchildren(etree.Element):
        if block.tag not in _KNOWN_BLOCKS and block.get(f"{{{c.SOAP}}}mustUnderstand") in {"1", "true"}:
            names.append(etree.QName(block).localname)
    return tuple(names)


def _written_at(text: str) -> datetime | None:
    """Return when a message says that it was written, None for no time: days are counted from it, and so any form does.

    A zone that is missing is Oslo's, which is never later than what was meant (transport.md B.2). A year that no
    calendar of ours has is the farthest that there is.
    """
    try:
        return read_time(text).astimezone(UTC)
    except OutOfRange:
        early = text.strip().startswith(("-", "0"))
        return datetime.min.replace(tzinfo=UTC) if early else datetime.max.replace(tzinfo=UTC)
    except ValueError:
        return None


def _time(text: str) -> datetime | None:
    """Return an aware time, None where the text has no zone or is no time: expiry is never decided on a guess."""
    if not text:
        return None
    try:
        return read_time(text, without_zone=None).astimezone(UTC)
    except ValueError:
        return None


def _one(parent: etree._Element, tag: str, name: str) -> etree._Element:
    found = parent.findall(tag)
    if len(found) != 1:
        raise fault("schema", EnvelopeCode.NOT_ONCE, f"//{name}", element=name)
    return found[0]


def _optional(parent: etree._Element, tag: str, name: str) -> etree._Element | None:
    found = parent.findall(tag)
    if len(found) > 1:
        raise fault("schema", EnvelopeCode.MORE_THAN_ONCE, f"//{name}", element=name)
    return found[0] if found else None


def _maybe(parent: etree._Element, name: str) -> str:
    element = _optional(parent, _eb(name), name)
    return "" if element is None else _plain(element, f"//{name}")


def _text(parent: etree._Element, name: str, location: str) -> str:
    text = _plain(_one(parent, _eb(name), name), location)
    if not text:
        raise fault("schema", EnvelopeCode.EMPTY, location, element=name)
    return text


def _id(parent: etree._Element, name: str) -> str:
    return _ids((parent, name))[0]


def _ids(*children: tuple[etree._Element, str]) -> list[str]:
    """Return the identifiers in the only child of each element that has this name."""
    texts = {name: _text(parent, name, f"//{name}") for parent, name in children}
    found = []
    for name, text in texts.items():
        try:
            found.append(opaque(name, text))
        except BadName as error:
            raise fault("schema", error.statement, f"//{name}") from None
    return found


def _plain(element: etree._Element, location: str) -> str:
    if len(element):  # an identifier with something inside it could be read in two ways
        raise fault("schema", XmlCode.MORE_THAN_TEXT, location, element=etree.QName(element).localname)
    return (element.text or "").strip(" \t\r\n")


def _attribute(element: etree._Element, name: str, default: str = "") -> str:
    """Return an ebXML attribute; real senders write it with or without its prefix (transport.md F.3)."""
    return element.get(_eb(name), element.get(name, default))


def _eb(name: str) -> str:
    return f"{{{c.EB}}}{name}"
