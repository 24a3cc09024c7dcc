"""What a signature covers: nothing hides beside it, every attachment belongs to it, and only its bytes are read."""

import base64
from dataclasses import dataclass

import pytest
from lxml import etree

from engine.agreements.purpose import Purpose
from engine.codes.signature import SignatureCode
from engine.errors import EbxmlCode, PartnerFault, Severity
from engine.msh import constants as c
from engine.msh.mime import Part
from engine.msh.reading import read
from engine.msh.signature import canonical_fragment
from tests.crypto.signed_examples import DATA, LETTER, PARTS, SOAP, copy_of, find, header, judged, put, refused
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import (
    CONTENT_ID,
    ds,
    eb,
    edited,
    mail_of,
    payload,
    remove,
    resigned,
    sealed,
    soap_name,
)
from tests.fakes.world.parties import STRANGER, test_keys


def test_the_envelope_that_everything_here_differs_from_is_valid():
    """Signed again by our own hand without a change, the envelope verifies, and its bytes are the canonical ones."""
    found = judged(resigned(SOAP, lambda root: None))
    assert [reference.uri for reference in found.references] == ["", f"cid:{CONTENT_ID}"]
    assert found.warnings == ()
    assert b"Signature" not in found.envelope
    assert found.envelope.startswith(b"<SOAP:Envelope")


HIDDEN = f'SOAP:actor="{c.ACTOR_NEXT}"'
HIDDEN_MSH = f'SOAP:actor="{c.ACTOR_NEXT_MSH}"'

SMUGGLED = {
    "a second MessageHeader for the next hop": put(soap_name("Header"), f"<eb:MessageHeader {HIDDEN}/>", 0),
    "a second MessageHeader for the next MSH": put(soap_name("Header"), f"<eb:MessageHeader {HIDDEN_MSH}/>"),
    "a second MessageHeader inside another block": put(
        soap_name("Header"), f"<SOAP:x {HIDDEN}><eb:MessageHeader/></SOAP:x>"
    ),
    "a second MessageHeader in the body": put(soap_name("Body"), "<eb:MessageHeader/>"),
    "a second Manifest": put(soap_name("Body"), f"<eb:Manifest {HIDDEN}/>"),
    "a hidden AckRequested": put(soap_name("Header"), f"<eb:AckRequested {HIDDEN_MSH}/>"),
    "a hidden Acknowledgment": put(soap_name("Header"), f"<eb:Acknowledgment {HIDDEN}/>"),
    "a hidden ErrorList": put(soap_name("Header"), f"<eb:ErrorList {HIDDEN}/>"),
    "a hidden MessageId below the header": put(eb("MessageData"), f"<eb:MessageId {HIDDEN}>x</eb:MessageId>"),
    "two SyncReplies": lambda root: [put(soap_name("Header"), f"<eb:SyncReply {HIDDEN}/>")(root) for _ in "12"],
    "a SyncReply for the next MSH": put(soap_name("Header"), f"<eb:SyncReply {HIDDEN_MSH}/>"),
    "a SyncReply that holds something": put(soap_name("Header"), f"<eb:SyncReply {HIDDEN}><eb:x/></eb:SyncReply>"),
    "an Object in the signature": put(ds("Signature"), "<ds:Object><eb:AckRequested/></ds:Object>"),
    "an element in the certificate": put(ds("KeyInfo"), "<eb:MessageHeader/>"),
    "all of the header for the next hop": lambda root: header(root).set(soap_name("actor"), c.ACTOR_NEXT),
    "the MessageHeader for the next hop": lambda root: find(root, eb("MessageHeader")).set(
        soap_name("actor"), c.ACTOR_NEXT
    ),
}


@pytest.mark.parametrize("change", SMUGGLED.values(), ids=SMUGGLED)
def test_ebxml_that_no_signature_covers_is_refused(change):
    """What the XPath transform takes out, or the signature itself holds, could say anything: nothing hides there."""
    refused(resigned(SOAP, change))
    refused(edited(SOAP, change))


def test_one_sync_reply_for_the_next_hop_is_tolerated_and_not_read():
    """A SyncReply does no harm: a Warning says that it was there, and the signed bytes do not hold it."""
    found = judged(edited(SOAP, put(soap_name("Header"), f"<eb:SyncReply {HIDDEN}/>")))
    assert b"SyncReply" not in found.envelope
    assert [(warning.rule, warning.severity) for warning in found.warnings] == [("15", Severity.WARNING)]


@dataclass(frozen=True)
class Case:
    """Attachments beside the signed envelope, and what they are refused for."""

    parts: tuple[Part, ...]
    code: str


def part(name: str, data: bytes = DATA) -> Part:
    """Return an attachment."""
    return Part(name, "application/pkcs7-mime", data)


ATTACHED = {
    "none": Case((), SignatureCode.MISSING_ATTACHMENT),
    "changed": Case((part(CONTENT_ID, DATA + b"\0"),), SignatureCode.CHANGED),
    "another name": Case((part("annet"),), SignatureCode.MISSING_ATTACHMENT),
    "one more": Case((*PARTS, part("ekstra")), SignatureCode.UNSIGNED_ATTACHMENT),
    "one without a name": Case((*PARTS, part("")), SignatureCode.NO_CONTENT_ID),
    "the same name twice": Case((*PARTS, part(CONTENT_ID, b"annet")), SignatureCode.SAME_CONTENT_ID),
    "the same name and bytes twice": Case((*PARTS, *PARTS), SignatureCode.SAME_CONTENT_ID),
}


@pytest.mark.parametrize("case", ATTACHED.values(), ids=ATTACHED)
def test_every_attachment_must_be_covered_by_exactly_one_reference(case):
    """Rule 16: an attachment that is missing, changed, doubled or beside the signature refuses the message."""
    with pytest.raises(PartnerFault) as caught:
        judged(SOAP, case.parts)
    assert caught.value.finding.said.code == case.code
    assert caught.value.finding.rule in {"14", "15", "16"}


def test_a_cid_may_be_percent_encoded_but_not_name_two_parts():
    """`%40` finds the part with `@`; where parts with both names are there, nobody can say which was meant."""
    encoded = CONTENT_ID.replace("@", "%40")
    soap = resigned(SOAP, lambda root: list(root.iter(ds("Reference")))[1].set("URI", f"cid:{encoded}"))
    assert judged(soap)
    assert refused(soap, (*PARTS, part(encoded))) == SignatureCode.TWO_ATTACHMENTS


def test_two_references_to_one_part_are_refused():
    """The literal and the encoded name of one part are one reference too many."""

    def change(root: etree._Element) -> None:
        copy_of(ds("Reference"))(root)
        references = list(root.iter(ds("Reference")))
        remove(references[1])
        last = list(root.iter(ds("Reference")))[-1]
        last.addnext(etree.fromstring(etree.tostring(last, with_tail=False)))
        list(root.iter(ds("Reference")))[-1].set("URI", "cid:" + CONTENT_ID.replace("@", "%40"))

    assert refused(resigned(SOAP, change)) == SignatureCode.COVERED_TWICE


def test_a_missing_xpath_transform_is_accepted_with_a_warning():
    """Without the XPath everything is signed, which is more than the profile wants."""
    found = judged(resigned(SOAP, lambda root: remove(find(root, ds("Transforms"))[1])))
    assert [(warning.code, warning.severity) for warning in found.warnings] == [
        (EbxmlCode.SECURITY_FAILURE, Severity.WARNING)
    ]


def test_a_missing_xpath_transform_lets_nothing_hide_either():
    """Without the XPath a block for the next hop is signed, and still refused."""

    def change(root: etree._Element) -> None:
        remove(find(root, ds("Transforms"))[1])
        put(soap_name("Header"), f"<eb:AckRequested {HIDDEN_MSH}/>")(root)

    refused(resigned(SOAP, change))


def test_a_key_value_of_another_key_is_ignored():
    """Only the certificate says whose key it is; a KeyValue beside it is never used."""
    numbers = test_keys().issued[STRANGER, Purpose.SIGNING][1].public_key().public_numbers()
    modulus = base64.b64encode(numbers.n.to_bytes(256, "big")).decode()
    key = f"<ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>"
    value = f"<ds:KeyValue><ds:RSAKeyValue>{key}</ds:RSAKeyValue></ds:KeyValue>"
    found = judged(edited(SOAP, put(ds("KeyInfo"), value, 0)))
    assert found.certificate == LETTER.signed_with
    forged = resigned(SOAP, put(ds("KeyInfo"), value, 0), STRANGER)
    refused(forged)


@pytest.mark.parametrize("blank", ["\r\n", "&#13;\n", " "])
def test_white_space_in_base64_texts_does_no_harm(blank):
    """Line breaks of any kind inside value and certificate are what Java on Windows writes."""
    text = SOAP.decode()
    for tag in ("SignatureValue", "X509Certificate"):
        begin = text.index(f"<ds:{tag}>") + len(tag) + 5
        text = text[: begin + 40] + blank + text[begin + 40 :]
    assert judged(text.encode())


def test_a_comment_inside_an_id_is_read_as_if_it_were_not_there():
    """Canonicalisation leaves comments out, so the id is the text of both halves, for us and for the signer."""
    mail = mail_of(SOAP.replace(b"melding-1</", b"mel<!-- x -->ding-1</"), {CONTENT_ID: DATA})
    reading = read(mail, lambda _: False)
    assert (reading.signature, reading.envelope.message_id) == ("valid", "melding-1")
    assert reading.claimed.message_id is None


def test_a_signed_instruction_inside_an_id_is_refused():
    """What was signed with an instruction inside an id can be read in two ways, and so is not read at all."""
    soap = resigned(SOAP, lambda root: find(root, eb("MessageId")).append(etree.PI("x", "y")))
    reading = read(mail_of(soap, {CONTENT_ID: DATA}), lambda _: False)
    assert (reading.signature, reading.envelope) == ("valid", None)
    assert reading.errors[0].code == EbxmlCode.OTHER_XML


def test_the_digest_of_a_message_covers_envelope_and_attachments():
    """Two messages that differ in an attachment alone have different digests; the same one always the same."""
    other = payload(LETTER, document(msg_id="dokument-2"))
    data = sealed(LETTER, document(msg_id="dokument-2"))
    assert judged(SOAP).digest == judged(SOAP).digest
    assert judged(other.soap, (part(CONTENT_ID, data),)).digest != judged(SOAP).digest


def test_a_fragment_is_canonicalised_as_if_it_stood_alone():
    """No empty namespace declarations appear on the children of an element that has a default namespace."""
    root = etree.fromstring(b'<a xmlns="urn:a"><b><c/></b></a>')
    assert canonical_fragment(root[0]) == b'<b xmlns="urn:a"><c></c></b>'
