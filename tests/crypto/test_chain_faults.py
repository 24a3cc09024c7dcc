"""Each reason for which a certificate does not chain to a trusted issuer has its name, and names who is to blame."""

from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import x509 as x509_of
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import NameOID, ObjectIdentifier

from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.names import HerId
from engine.trust.certificates import BadCertificate, chain_of, check
from tests.fakes.partners.forgery import der_of
from tests.fakes.world.clock import START
from tests.fakes.world.keys import WordOfMouth
from tests.fakes.world.parties import GP, LEVANGER, test_keys

KEYS: list[RSAPrivateKey] = [
    test_keys().issued[party, purpose][1]
    for party in (GP, LEVANGER)
    for purpose in (Purpose.SIGNING, Purpose.ENCRYPTION)
]
ROOT_KEY, MIDDLE_KEY, LEAF_KEY, OTHER_KEY = KEYS
FLAGS = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
FLAGS += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
UNKNOWN = x509.UnrecognizedExtension(ObjectIdentifier("2.16.578.1.12.4.99"), b"\x05\x00")


def named(text: str) -> x509.Name:
    """Return a name with one common name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def made(subject: str, key: RSAPrivateKey, issuer: str, signer: RSAPrivateKey, **how: Any) -> x509.Certificate:
    """Return a certificate: an issuer's by default, with what `how` changes."""
    start, end = how.get("start", START - timedelta(days=9)), how.get("end", START + timedelta(days=9))
    builder = x509.CertificateBuilder(named(issuer), named(subject), key.public_key(), how.get("serial", 7), start, end)
    usage = how.get("usage", "key_cert_sign")
    if usage:
        builder = builder.add_extension(x509.KeyUsage(**(dict.fromkeys(FLAGS, False) | {usage: True})), critical=True)
    if "ca" not in how or how["ca"] is not None:
        builder = builder.add_extension(x509.BasicConstraints(how.get("ca", True), None), critical=True)
    if how.get("unknown"):
        builder = builder.add_extension(UNKNOWN, critical=True)
    return builder.sign(signer, how.get("digest", hashes.SHA256()))


ROOT = made("Rot", ROOT_KEY, "Rot", ROOT_KEY, serial=0xA)
MIDDLE = made("Mellom", MIDDLE_KEY, "Rot", ROOT_KEY, serial=0xB)
LEAF = {"ca": False, "usage": "content_commitment", "serial": 0xC}
GOOD_LEAF = made("Part", LEAF_KEY, "Mellom", MIDDLE_KEY, **LEAF)

OF_THE_MIDDLE = [
    ({"end": START - timedelta(days=1)}, CertificateCode.ISSUER_EXPIRED),
    ({"start": START + timedelta(days=1)}, CertificateCode.ISSUER_NOT_YET),
    ({"usage": ""}, CertificateCode.ISSUER_USAGE),
    ({"usage": "crl_sign"}, CertificateCode.ISSUER_USAGE),
    ({"ca": False}, CertificateCode.ISSUER_NO_CA),
    ({"ca": None}, CertificateCode.ISSUER_NO_CA),
    ({"unknown": True}, CertificateCode.CRITICAL_EXTENSION),
]


def refused(leaf: x509.Certificate, *anchors: x509.Certificate) -> BadCertificate:
    """Check a certificate that must be refused for its chain; return the error."""
    ders = [der_of(each) for each in anchors]
    assert chain_of(leaf, ders, START) is None
    with pytest.raises(BadCertificate) as caught:
        check(der_of(leaf), HerId("8090300"), Purpose.SIGNING, ders, WordOfMouth(), START)
    return caught.value


def test_the_good_chain_is_one() -> None:
    """What the others differ from is accepted."""
    ders = [der_of(ROOT), der_of(MIDDLE)]
    check(der_of(GOOD_LEAF), HerId("8090300"), Purpose.SIGNING, ders, WordOfMouth(), START)


@pytest.mark.parametrize(("change", "reason"), OF_THE_MIDDLE)
def test_what_is_wrong_with_an_issuer_is_told_with_its_name_and_serial(
    change: dict[str, Any], reason: CertificateCode
) -> None:
    """An issuer that has expired, may not issue or holds what nobody knows is named, in every language."""
    middle = made("Mellom", MIDDLE_KEY, "Rot", ROOT_KEY, **{"serial": 0xB, **change})
    error = refused(GOOD_LEAF, ROOT, middle)
    assert error.reason is reason
    for language in Language:
        words = sentence(error, language)
        assert "8090300" in words
        assert words.count("serial") + words.count("serienummer") == 2
        assert " b" in words
    assert sentence(error, Language.EN) != sentence(refused(GOOD_LEAF, ROOT), Language.EN)


def test_an_issuer_with_a_new_key_is_told_apart_from_an_unknown_one() -> None:
    """Where we trust an issuer of that name with another key, its new certificate is asked for."""
    rekeyed = made("Mellom", OTHER_KEY, "Rot", ROOT_KEY, serial=0xD)
    error = refused(GOOD_LEAF, ROOT, rekeyed)
    assert error.reason is CertificateCode.ISSUER_KEY
    assert "Mellom has another key than the one that we trust (serial d)" in sentence(error, Language.EN)
    assert refused(GOOD_LEAF, ROOT).reason is CertificateCode.NO_TRUSTED_ISSUER
    assert refused(GOOD_LEAF).reason is CertificateCode.NO_TRUSTED_ISSUER


def test_of_two_issuers_of_one_name_the_one_that_signed_counts() -> None:
    """An old certificate of the same issuer beside the new one is not blamed for the other's fault."""
    old = made("Mellom", OTHER_KEY, "Rot", ROOT_KEY, serial=0xD)
    expired = made("Mellom", MIDDLE_KEY, "Rot", ROOT_KEY, serial=0xB, end=START - timedelta(days=1))
    error = refused(GOOD_LEAF, ROOT, old, expired)
    assert (error.reason, error.statement.params["issuer_serial"]) == (CertificateCode.ISSUER_EXPIRED, "b")


def by_sha1(certificate: x509.Certificate) -> x509.Certificate:
    """Return the certificate as if it were signed with SHA-1, which no library here does any more."""
    found = x509_of.Certificate.load(der_of(certificate))
    for place in (found, found["tbs_certificate"]):
        place["signature_algorithm" if place is found else "signature"]["algorithm"] = "sha1_rsa"
    return x509.load_der_x509_certificate(found.dump(force=True))


@pytest.mark.parametrize(
    ("leaf", "reason"),
    [
        (made("Part", LEAF_KEY, "Mellom", MIDDLE_KEY, **LEAF, unknown=True), CertificateCode.CRITICAL_EXTENSION),
        (by_sha1(GOOD_LEAF), CertificateCode.WEAK_SIGNATURE),
    ],
)
def test_what_is_wrong_with_the_certificate_itself_is_told(leaf: x509.Certificate, reason: CertificateCode) -> None:
    """An unknown critical extension and a weak signature are named with the certificate's own serial number."""
    error = refused(leaf, ROOT, MIDDLE)
    assert error.reason is reason
    assert error.statement.params["issuer_serial"] == "c"
    assert "Part" not in str(error.statement.params)
