"""The profile of the signature, rule by rule: whatever is not exactly it is refused, whoever signed it."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from engine.agreements.purpose import Purpose
from engine.codes.signature import SignatureCode
from engine.msh import constants as c
from tests.crypto.signed_examples import SOAP, Change, copy_of, find, put, refused
from tests.fakes.partners.forgery import der_of, ds, eb, edited, remove, resigned, soap_name
from tests.fakes.world.clock import START
from tests.fakes.world.parties import STRANGER, test_keys


def move_to_body(root: etree._Element) -> None:
    """Put the signature into the body."""
    root.find(soap_name("Body")).append(find(root, ds("Signature")))


def set_algorithm(tag: str, value: str, index: int = 0) -> Change:
    """Return a change that names another algorithm in one element with a tag."""
    return lambda root: list(root.iter(tag))[index].set("Algorithm", value)


def set_xpath(text: str) -> Change:
    """Return a change of the XPath expression."""

    def change(root: etree._Element) -> None:
        find(root, ds("XPath")).text = text

    return change


TRANSFORM = f'<ds:Transform Algorithm="{c.C14N}"/>'
PROFILE = {
    "two signatures": copy_of(ds("Signature")),
    "a signature in the body": move_to_body,
    "no SignedInfo": lambda root: find(root, ds("SignedInfo")).tag and _rename(root, "SignedInfo"),
    "two SignedInfo": copy_of(ds("SignedInfo")),
    "two certificates": copy_of(ds("X509Certificate")),
    "two X509Data": copy_of(ds("X509Data")),
    "no certificate": lambda root: remove(find(root, ds("X509Certificate"))),
    "two digest values": copy_of(ds("DigestValue")),
    "C14N with comments": set_algorithm(ds("CanonicalizationMethod"), c.C14N + "#WithComments"),
    "exclusive C14N": set_algorithm(ds("CanonicalizationMethod"), "http://www.w3.org/2001/10/xml-exc-c14n#"),
    "parameters of the C14N": put(ds("CanonicalizationMethod"), "<ds:x/>"),
    "a foreign XPath": set_xpath("not(ancestor-or-self::eb:MessageHeader)"),
    "an XPath that takes all": set_xpath("true()"),
    "an empty XPath": set_xpath(""),
    "an XPath with another actor": set_xpath(c.ACTOR_FILTER.replace("actor/next", "actor/other")),
    "an XPath with an undeclared prefix": set_xpath(c.ACTOR_FILTER.replace("SOAP:", "X:")),
    "two XPath elements": copy_of(ds("XPath")),
    "a transform more": put(ds("Transforms"), TRANSFORM),
    "transforms in another order": lambda root: find(root, ds("Transforms")).insert(0, find(root, ds("Transforms"))[1]),
    "no C14N": lambda root: remove(find(root, ds("Transforms"))[2]),
    "no enveloped transform": lambda root: remove(find(root, ds("Transforms"))[0]),
    "no transforms at all": lambda root: remove(find(root, ds("Transforms"))),
    "exclusive C14N as transform": set_algorithm(ds("Transform"), "http://www.w3.org/2001/10/xml-exc-c14n#", 2),
    "C14N with comments as transform": set_algorithm(ds("Transform"), c.C14N + "#WithComments", 2),
    "parameters of a transform": lambda root: find(root, ds("Transforms"))[2].append(
        etree.Element("{http://www.w3.org/2001/10/xml-exc-c14n#}InclusiveNamespaces", PrefixList="eb")
    ),
    "an XSLT": set_algorithm(ds("Transform"), "http://www.w3.org/TR/1999/REC-xslt-19991116", 1),
    "a transform on a cid reference": lambda root: list(root.iter(ds("Reference")))[1].insert(
        0, etree.fromstring(f'<ds:Transforms xmlns:ds="{c.DS}">{TRANSFORM}</ds:Transforms>')
    ),
    "a reference to an id": lambda root: find(root, ds("Reference")).set("URI", "#her"),
    "a reference to a file": lambda root: list(root.iter(ds("Reference")))[1].set("URI", "file:///etc/passwd"),
    "a reference to the web": lambda root: list(root.iter(ds("Reference")))[1].set("URI", "http://example.test/x"),
    "a reference without URI": lambda root: list(root.iter(ds("Reference")))[1].attrib.pop("URI"),
    "two references to the envelope": copy_of(ds("Reference")),
    "the envelope's reference last": lambda root: find(root, ds("SignedInfo")).append(find(root, ds("Reference"))),
    "no references": lambda root: [remove(found) for found in list(root.iter(ds("Reference")))],
    "no reference to the attachment": lambda root: remove(list(root.iter(ds("Reference")))[1]),
    "HMAC": set_algorithm(ds("SignatureMethod"), "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
    "ECDSA": set_algorithm(ds("SignatureMethod"), "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
    "an unknown signature method": set_algorithm(ds("SignatureMethod"), "urn:ukjent"),
    "SHA-1 as signature method": set_algorithm(ds("SignatureMethod"), c.RSA_SHA1),
    "SHA-1 as digest": set_algorithm(ds("DigestMethod"), c.SHA1),
    "MD5 as digest": set_algorithm(ds("DigestMethod"), "http://www.w3.org/2001/04/xmldsig-more#md5"),
    "an unknown digest": set_algorithm(ds("DigestMethod"), "urn:ukjent", 1),
}


def _rename(root: etree._Element, name: str) -> None:
    find(root, ds(name)).tag = ds(name + "X")


UNSIGNABLE = {"no SignedInfo", "no references", "HMAC", "ECDSA", "an unknown signature method", "a reference to an id"}
UNKNOWN = {"an unknown signature method", "MD5 as digest", "an unknown digest"}
MATHEMATICS = {SignatureCode.CHANGED, SignatureCode.INVALID}


@pytest.mark.parametrize("name", PROFILE)
def test_a_signature_outside_the_profile_is_refused_for_its_form(name):
    """The signer's own key over another form of signature does not make it the profile's."""
    soap = edited(SOAP, PROFILE[name]) if name in UNSIGNABLE else resigned(SOAP, PROFILE[name], digest=False)
    code = refused(soap)
    assert name in UNKNOWN or code not in MATHEMATICS


def flip(tag: str, index: int = 0) -> Change:
    """Return a change of one letter in the text of an element."""

    def change(root: etree._Element) -> None:
        found = list(root.iter(tag))[index]
        letters = list(found.text.strip())
        letters[10] = "A" if letters[10] != "A" else "B"
        found.text = "".join(letters)

    return change


def other_certificate(root: etree._Element) -> None:
    """Put the certificate of another party into the signature."""
    der = test_keys().der(STRANGER, Purpose.SIGNING)
    find(root, ds("X509Certificate")).text = base64.b64encode(der).decode()


def elliptic_certificate(root: etree._Element) -> None:
    """Put a certificate with an elliptic key into the signature."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(START).not_valid_after(START.replace(year=2030))
    der = der_of(builder.sign(key, hashes.SHA256()))
    find(root, ds("X509Certificate")).text = base64.b64encode(der).decode()


def unknown_version(root: etree._Element) -> None:
    """Put a certificate of a version that does not exist into the signature."""
    der = test_keys().der(STRANGER, Purpose.SIGNING).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03", 1)
    find(root, ds("X509Certificate")).text = base64.b64encode(der).decode()


def set_text(tag: str, text: str) -> Change:
    """Return a change of the text of the first element with a tag."""

    def change(root: etree._Element) -> None:
        find(root, tag).text = text

    return change


TAMPERED = {
    "a changed digest of the envelope": flip(ds("DigestValue")),
    "a changed digest of the attachment": flip(ds("DigestValue"), 1),
    "a changed value": flip(ds("SignatureValue")),
    "an empty value": set_text(ds("SignatureValue"), ""),
    "a value that is no base64": set_text(ds("SignatureValue"), "ø"),
    "another party's certificate": other_certificate,
    "an elliptic certificate": elliptic_certificate,
    "a certificate of an unknown version": unknown_version,
    "a certificate that is none": set_text(ds("X509Certificate"), "AAAA"),
    "a certificate that is no base64": set_text(ds("X509Certificate"), "ø!"),
    "a comment in the certificate": lambda root: find(root, ds("X509Certificate")).append(etree.Comment("x")),
    "an empty namespace in SignedInfo": put(ds("SignedInfo"), '<x xmlns=""/>'),
    "a blank in SignedInfo": lambda root: setattr(find(root, ds("SignedInfo")), "text", " "),
    "a new attribute of the envelope": lambda root: root.set("x", "y"),
    "white space between blocks": lambda root: setattr(find(root, eb("MessageHeader")), "tail", "\n"),
    "an instruction in an id": lambda root: find(root, eb("MessageId")).append(etree.PI("x", "y")),
    "a relative namespace": put(soap_name("Body"), '<x xmlns="relativ"/>'),
    "a relative namespace in the signature": put(ds("SignedInfo"), '<x xmlns="relativ"/>'),
    "another element in the body": put(soap_name("Body"), "<SOAP:x/>"),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_whatever_is_changed_after_signing_is_found(change):
    """One letter, one blank or one element anywhere in what was signed, or in the signature, is enough."""
    refused(edited(SOAP, change))
