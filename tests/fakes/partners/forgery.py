"""Messages as a partner writes them, or somebody who pretends to be one: every field and every key can be chosen."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from engine.agreements.purpose import Purpose
from engine.errors import Finding
from engine.msh import constants as c
from engine.msh.encryption import encrypt
from engine.msh.envelope import claimed
from engine.msh.mime import read_mail, write_entity, write_mail
from engine.msh.signing import SignedEnvelope, sign
from engine.msh.writing import Addressing, Software, acknowledgment_envelope, error_envelope, payload_envelope
from engine.names import ConversationId, CpaId, HerId, MessageId
from engine.records.messages import Header
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import ENTERPRISES, GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, test_keys

SOFTWARE = Software("Annet system", "7.2")
SERVICE, ACTION = "S-DIALOG_HELSEFAGLIG", "DIALOG_HELSEFAGLIG"
CONTENT_ID = "vedlegg@example.test"
EVERYBODY = tuple(each.her for each in ENTERPRISES)
_HASHES = {c.RSA_SHA256: hashes.SHA256(), c.RSA_SHA1: hashes.SHA1()}


@dataclass(frozen=True)
class Letter:
    """What a forger chooses: by default all as the GP's office would write to Levanger.

    `signer` is the enterprise whose registered certificate and key are used, `certificate` (DER) another one of
    theirs, `readable_by` the enterprise that the document is encrypted to.
    """

    sender: HerId = GP_SERVICE
    receiver: HerId = LEVANGER_SERVICE
    signer: HerId = GP
    readable_by: HerId = LEVANGER
    certificate: bytes | None = None
    message_id: str = "melding-1"
    conversation_id: str = "samtale-1"
    service: str = SERVICE
    action: str = ACTION
    ref_to: str | None = None
    at: datetime = START
    cpa_id: str = "samvik:uten-cpa"

    @property
    def to(self) -> Addressing:
        """Return the addressing of the envelope."""
        return Addressing(
            from_her=self.sender,
            to_her=self.receiver,
            from_role="sender",
            to_role="receiver",
            cpa_id=CpaId(self.cpa_id),
            conversation_id=ConversationId(self.conversation_id),
            service=self.service,
            action=self.action,
            ref_to=MessageId(self.ref_to) if self.ref_to else None,
        )

    @property
    def signed_with(self) -> bytes:
        """Return the signing certificate (DER)."""
        return self.certificate or test_keys().der(self.signer, Purpose.SIGNING)


def payload(letter: Letter, document: bytes) -> SignedEnvelope:
    """Return a signed envelope with one encrypted document; the encrypted part is `sealed`."""
    part = sealed(letter, document)
    envelope = payload_envelope(letter.to, MessageId(letter.message_id), letter.at, SOFTWARE, [CONTENT_ID])
    return sign(envelope, {CONTENT_ID: part}, letter.signed_with, MemoryKeys(test_keys(), EVERYBODY))


def sealed(letter: Letter, document: bytes) -> bytes:
    """Return the document encrypted to whom the letter says, the same bytes each time in a session."""
    key = (letter.readable_by, document)
    if key not in _SEALED:
        _SEALED[key] = encrypt(document, test_keys().der(letter.readable_by, Purpose.ENCRYPTION))
    return _SEALED[key]


_SEALED: dict[tuple[str, bytes], bytes] = {}


def payload_mail(letter: Letter, document: bytes, change: Callable[[bytes], bytes] = bytes) -> bytes:
    """Return a mail with one document; `change` may alter the signed envelope."""
    return mail_of(change(payload(letter, document).soap), {CONTENT_ID: sealed(letter, document)})


def acknowledgment_mail(letter: Letter, digests: Mapping[str, str], change: Callable[[bytes], bytes] = bytes) -> bytes:
    """Return a mail with an Acknowledgment that copies these digests by URI."""
    signal = replace(letter, service=c.MSH_SERVICE, action=c.ACKNOWLEDGMENT)
    copied = [_reference(uri, digest) for uri, digest in digests.items()]
    envelope = acknowledgment_envelope(signal.to, MessageId(signal.message_id), signal.at, SOFTWARE, copied)
    return _signal_mail(signal, envelope, change)


def error_mail(letter: Letter, *findings: Finding) -> bytes:
    """Return a mail with a MessageError."""
    signal = replace(letter, service=c.MSH_SERVICE, action=c.MESSAGE_ERROR)
    envelope = error_envelope(signal.to, MessageId(signal.message_id), signal.at, SOFTWARE, findings, str)
    return _signal_mail(signal, envelope, bytes)


def _signal_mail(signal: Letter, envelope: etree._Element, change: Callable[[bytes], bytes]) -> bytes:
    signed = sign(envelope, {}, signal.signed_with, MemoryKeys(test_keys(), EVERYBODY))
    return mail_of(change(signed.soap), {})


def _reference(uri: str, digest: str) -> bytes:
    reference = etree.Element(ds("Reference"), URI=uri, nsmap={"ds": c.DS})
    etree.SubElement(reference, ds("DigestMethod"), Algorithm=c.SHA256)
    etree.SubElement(reference, ds("DigestValue")).text = digest
    return etree.tostring(reference)


def mail_of(soap: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the mail around an envelope and its attachments."""
    entity = write_entity(soap, "soap@example.test", parts, "grense-1")
    headers = {"From": "x@example.test", "To": "y@example.test", "Message-ID": "<post-1@example.test>"}
    return write_mail(entity, headers)


def altered(mail: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a mail whose SOAP part was changed by somebody on the way."""
    read = read_mail(mail)
    return mail_of(change(read.soap), {part.content_id: part.data for part in read.parts})


def unsigned(soap: bytes) -> bytes:
    """Take the signature out of an envelope."""
    return edited(soap, lambda root: remove(next(root.iter(ds("Signature")))))


def edited(soap: bytes, change: Callable[[etree._Element], None]) -> bytes:
    """Change the tree of an envelope and leave its signature as it is."""
    root = etree.fromstring(soap)
    change(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def resigned(soap: bytes, change: Callable[[etree._Element], None], signer: str = GP, *, digest: bool = True) -> bytes:
    """Change an envelope and sign it again by the profile's mathematics, whatever the change did to the profile.

    With `digest` the digest of the envelope is computed anew; the others stay.
    """
    root = etree.fromstring(soap)
    change(root)
    info = next(root.iter(ds("SignedInfo")))
    if digest:
        info.find(f"{ds('Reference')}/{ds('DigestValue')}").text = _root_digest(etree.tostring(root))
    method = info.find(ds("SignatureMethod")).get("Algorithm")
    alone = etree.fromstring(etree.tostring(info, with_tail=False))
    key = test_keys().issued[signer, Purpose.SIGNING][1]
    value = key.sign(etree.tostring(alone, method="c14n"), padding.PKCS1v15(), _HASHES[method])
    info.getparent().find(ds("SignatureValue")).text = base64.b64encode(value).decode()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _root_digest(soap: bytes) -> str:
    """Return the digest of an envelope without its signatures and what is for the next hop, spelled out once more."""
    root = etree.fromstring(soap)
    actors = {c.ACTOR_NEXT, c.ACTOR_NEXT_MSH}
    for element in list(root.iter(etree.Element)):
        if element.tag == ds("Signature") or element.get(soap_name("actor")) in actors:
            remove(element)
    canonical = etree.tostring(root, method="c14n", with_comments=False)
    return base64.b64encode(hashlib.sha256(canonical).digest()).decode()


def remove(element: etree._Element) -> None:
    """Take an element out of its tree; our own envelopes have no text between elements that could be lost."""
    element.getparent().remove(element)


def header_of(mail: bytes) -> Header:
    """Return what a mail says of itself, whether signed or not."""
    return claimed(etree.fromstring(read_mail(mail).soap))


def loses(*actions: str) -> Callable[[bytes], bytes | None]:
    """Return a carrier that loses the mails with these Actions."""
    return lambda mail: None if header_of(mail).action in actions else mail


def der_of(certificate: x509.Certificate) -> bytes:
    """Return a certificate as DER."""
    return certificate.public_bytes(Encoding.DER)


def eb(name: str) -> str:
    """Return the tag of an ebXML element."""
    return f"{{{c.EB}}}{name}"


def ds(name: str) -> str:
    """Return the tag of an XML signature element."""
    return f"{{{c.DS}}}{name}"


def soap_name(name: str) -> str:
    """Return the tag of a SOAP element or attribute."""
    return f"{{{c.SOAP}}}{name}"
