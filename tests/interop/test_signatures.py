"""What we sign others verify, and what others sign we verify: plain signxml, libxmlsec, and the xmlsec1 command."""

from pathlib import Path

import pytest
from cryptography import x509
from lxml import etree
from signxml.verifier import SignatureConfiguration, XMLVerifier

from engine.agreements.purpose import Purpose
from engine.codes.signature import SignatureCode
from engine.errors import PartnerFault
from engine.msh import constants as c
from engine.msh.mime import Part
from engine.msh.rules import finding
from engine.msh.signature import verify
from engine.msh.signing import sign
from engine.msh.writing import acknowledgment_envelope, error_envelope, payload_envelope
from engine.names import MessageId
from tests.fakes.partners.forgery import EVERYBODY, SOFTWARE, Letter, der_of, ds, eb, edited
from tests.fakes.tools import xmlsec_command
from tests.fakes.tools.xmlsec_partner import signs, verifies
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP, test_keys
from tests.samples import samples_folder

LETTER = Letter()
PARTS = {"en@example.test": b"\x00en" * 100, "to-og_tre.p7m": b""}
FINDING = finding("signature", SignatureCode.INVALID)
REFERENCE = f'<d:Reference xmlns:d="{c.DS}" URI="cid:x"><d:DigestValue>AA==</d:DigestValue></d:Reference>'.encode()


def envelope(kind: str) -> tuple[etree._Element, dict[str, bytes]]:
    """Return an unsigned envelope of ours, and its attachments."""
    to, id = LETTER.to, MessageId("melding-1")
    if kind == "message":
        return payload_envelope(to, id, START, SOFTWARE, list(PARTS)), PARTS
    if kind == "acknowledgment":
        return acknowledgment_envelope(to, id, START, SOFTWARE, [REFERENCE]), {}
    return error_envelope(to, id, START, SOFTWARE, [FINDING], lambda said: f"{said}: æøå <&>"), {}


def ours(kind: str) -> tuple[bytes, dict[str, bytes]]:
    """Return an envelope that our engine has signed, and its attachments."""
    unsigned, parts = envelope(kind)
    return sign(unsigned, parts, LETTER.signed_with, MemoryKeys(test_keys(), EVERYBODY)).soap, parts


def read_by_us(soap: bytes, parts: dict[str, bytes], *, allow_sha1: bool = False):
    """Verify an envelope as our engine does."""
    return verify(
        soap,
        etree.fromstring(soap),
        tuple(Part(name, "x/y", data) for name, data in parts.items()),
        allow_sha1=allow_sha1,
    )


def tampered(soap: bytes) -> bytes:
    """Change one signed field."""
    return edited(soap, lambda root: next(root.iter(eb("Action"))).set("x", "y"))


kinds = pytest.mark.parametrize("kind", ["message", "acknowledgment", "error"])


@kinds
def test_what_we_sign_is_verified_by_libxmlsec(kind):
    """libxmlsec evaluates our XPath transform, canonicalises and finds every digest and the value right."""
    soap, parts = ours(kind)
    assert verifies(soap, parts, LETTER.signed_with)
    assert not verifies(tampered(soap), parts, LETTER.signed_with)
    assert not verifies(soap, {**parts, "en@example.test": b"annet"}, LETTER.signed_with) or not parts


@kinds
def test_what_we_sign_is_verified_by_plain_signxml(kind):
    """signxml as it comes, with its schema check and without our subclass, verifies what we sign."""
    soap, parts = ours(kind)
    config = SignatureConfiguration(location=".//", expect_references=1 + len(parts), verification_time=START)
    results = XMLVerifier().verify(
        soap,
        x509_cert=x509.load_der_x509_certificate(LETTER.signed_with),
        uri_resolver=lambda uri: parts[uri.removeprefix("cid:")],
        expect_config=config,
    )
    assert len(results if isinstance(results, list) else [results]) == 1 + len(parts)


@kinds
def test_what_we_sign_is_verified_by_the_xmlsec1_command(tmp_path: Path, kind):
    """The command takes what we sign, attachments included, and refuses it when envelope or attachment was changed."""
    xmlsec_command.needed()
    soap, parts = ours(kind)
    assert xmlsec_command.verifies(tmp_path, soap, parts, LETTER.signed_with)
    assert not xmlsec_command.verifies(tmp_path, tampered(soap), parts, LETTER.signed_with)
    changed = {**parts, "en@example.test": b"annet"}
    assert not parts or not xmlsec_command.verifies(tmp_path, soap, changed, LETTER.signed_with)


@kinds
def test_what_the_xmlsec1_command_signs_we_verify(tmp_path: Path, kind):
    """What the command signs over envelope and attachments is valid for us, and invalid when it was changed."""
    xmlsec_command.needed()
    unsigned, parts = envelope(kind)
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    soap = xmlsec_command.signs(tmp_path, unsigned, parts, LETTER.signed_with, key)
    assert [found.uri for found in read_by_us(soap, parts).references] == ["", *(f"cid:{name}" for name in parts)]
    with pytest.raises(PartnerFault):
        read_by_us(tampered(soap), parts)


@kinds
def test_what_we_sign_we_verify(kind):
    """Our own reading takes what our own signing made, and finds the digests that it noted."""
    unsigned, parts = envelope(kind)
    signed = sign(unsigned, parts, LETTER.signed_with, MemoryKeys(test_keys(), EVERYBODY))
    found = read_by_us(signed.soap, parts)
    assert {reference.uri: reference.digest for reference in found.references} == signed.digests
    assert (found.certificate, found.warnings) == (LETTER.signed_with, ())


@kinds
@pytest.mark.parametrize("prefix", ["ds", "dsig", None], ids=["ds", "another prefix", "default namespace"])
def test_what_libxmlsec_signs_we_verify(kind, prefix):
    """A partner's signature over the same profile is valid for us, whatever its prefix and its white space."""
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    unsigned, parts = envelope(kind)
    soap = signs(unsigned, parts, LETTER.signed_with, key, prefix=prefix)
    assert [reference.uri for reference in read_by_us(soap, parts).references] == [
        "",
        *(f"cid:{name}" for name in parts),
    ]
    with pytest.raises(PartnerFault):
        read_by_us(tampered(soap), parts)


def test_what_libxmlsec_signs_with_sha1_we_verify_only_where_it_is_agreed():
    """SHA-1 is refused, and taken where the agreement of the parties allows it."""
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    unsigned, parts = envelope("message")
    soap = signs(unsigned, parts, LETTER.signed_with, key, sha1=True)
    assert read_by_us(soap, parts, allow_sha1=True)
    with pytest.raises(PartnerFault, match=r"signature\.algorithm"):
        read_by_us(soap, parts)


def test_the_speare_envelope_and_its_separate_attachment_verify():
    """The envelope of a real mail and its CMS file, kept apart, belong together."""
    transport = samples_folder("transport")
    soap = (transport / "soap" / "nav-behandlerkrav-speare-envelope.xml").read_bytes()
    data = (transport / "cms" / "behandlerkrav.p7m").read_bytes()
    uris = [reference.get("URI") for reference in etree.fromstring(soap).iter(ds("Reference"))]
    (name,) = [uri for uri in uris if uri]
    found = read_by_us(soap, {name.removeprefix("cid:"): data})
    pem = (transport / "certs" / "speare-signing.cer").read_bytes()
    assert found.certificate == der_of(x509.load_pem_x509_certificate(pem))
    with pytest.raises(PartnerFault, match=r"signature\.changed"):
        read_by_us(soap, {name.removeprefix("cid:"): data + b"\0"})
