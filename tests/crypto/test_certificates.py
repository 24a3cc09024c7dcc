"""Every reason that an enterprise certificate may be refused for, and that an unknown revocation is none."""

from datetime import timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from adapters.keys.pki import Enterprise, TestAuthority
from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.errors import Unavailable
from engine.names import HerId
from engine.trust.certificates import BadCertificate, check, why_unfit
from tests.fakes.partners.forgery import der_of
from tests.fakes.world.clock import START
from tests.fakes.world.keys import WordOfMouth
from tests.fakes.world.parties import GP, test_keys
from tests.fakes.world.surroundings import ANCHOR

HER = HerId("8090300")
SHORT, P256 = 1024, ec.SECP256R1()
SIGNING = test_keys().der(GP, Purpose.SIGNING)
ENCRYPTION = test_keys().der(GP, Purpose.ENCRYPTION)
SOMEBODY = Enterprise("8090900", "Prøve", "999000099")


def checked(certificate, purpose=Purpose.SIGNING, anchors=(ANCHOR,), at=START, revocation=None):
    """Check a certificate as the trust rules do."""
    check(certificate, HER, purpose, anchors, revocation or WordOfMouth(), at)


def refused(certificate, **how) -> CertificateCode:
    """Check a certificate that must be refused; return the reason."""
    with pytest.raises(BadCertificate) as caught:
        checked(certificate, **how)
    serial = x509.load_der_x509_certificate(certificate).serial_number
    params = caught.value.statement.params
    purpose = how.get("purpose", Purpose.SIGNING)
    assert (params["her_id"], params["serial"], params["purpose"]) == (HER, f"{serial:x}", purpose)
    return caught.value.reason


@pytest.mark.parametrize(("certificate", "purpose"), [(SIGNING, Purpose.SIGNING), (ENCRYPTION, Purpose.ENCRYPTION)])
def test_a_certificate_of_the_authority_is_fit_for_its_purpose(certificate, purpose):
    """A registered pair as pki init makes it passes."""
    checked(certificate, purpose)


@pytest.mark.parametrize(("certificate", "purpose"), [(SIGNING, Purpose.ENCRYPTION), (ENCRYPTION, Purpose.SIGNING)])
def test_a_certificate_is_not_fit_for_the_other_purpose(certificate, purpose):
    """A signing certificate does not encrypt, and the reverse."""
    assert refused(certificate, purpose=purpose) is CertificateCode.OTHER_USE


def test_validity_ends_and_begins_at_the_second():
    """The first and the last second of the certificate count, those beside them do not."""
    found = x509.load_der_x509_certificate(SIGNING)
    second = timedelta(seconds=1)
    for at in (found.not_valid_before_utc, found.not_valid_after_utc):
        checked(SIGNING, at=at)
    assert refused(SIGNING, at=found.not_valid_before_utc - second) is CertificateCode.NOT_VALID_YET
    assert refused(SIGNING, at=found.not_valid_after_utc + second) is CertificateCode.EXPIRED


def test_an_issuer_that_is_no_anchor_is_unknown():
    """Another authority of the same name is not ours."""
    other = TestAuthority(START, key_bits=2048)
    certificate = der_of(other.issue(SOMEBODY, Purpose.SIGNING)[0])
    assert refused(certificate) is CertificateCode.ISSUER_KEY
    assert refused(certificate, anchors=()) is CertificateCode.NO_TRUSTED_ISSUER
    checked(certificate, anchors=(ANCHOR, der_of(other.certificate)))


def made(key, issuer, signer, *, ca: bool = False, usage: bool = True, can_issue: bool = False) -> bytes:
    """Return a certificate with a choice of what an issuer or a signer should have."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Prøve")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(77).not_valid_before(START - timedelta(days=1))
    builder = builder.not_valid_after(START + timedelta(days=10))
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    if usage:
        flags = dict.fromkeys(FLAGS, False) | {"content_commitment": True, "key_cert_sign": can_issue}
        builder = builder.add_extension(x509.KeyUsage(**flags), critical=True)
    return der_of(builder.sign(signer, hashes.SHA256()))


FLAGS = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
OWN_NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Prøve")])


@pytest.mark.parametrize(
    "make", [lambda: rsa.generate_private_key(65537, SHORT), lambda: ec.generate_private_key(P256)]
)
def test_a_weak_or_other_key_is_refused(make):
    """Only RSA keys of 2048 bits and more are taken."""
    key = make()
    assert refused(made(key, OWN_NAME, key)) is CertificateCode.SHORT_KEY


def test_a_certificate_without_usage_is_meant_for_nothing():
    """A certificate that does not say what it is for signs nothing."""
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    assert refused(made(key, OWN_NAME, key, usage=False)) is CertificateCode.OTHER_USE


def test_a_certificate_that_says_its_usage_twice_is_meant_for_nothing():
    """Extensions that contradict each other are not read at all."""
    found = cms.Certificate.load(SIGNING)
    extensions = found["tbs_certificate"]["extensions"]
    extensions.append(next(each for each in extensions if each["extn_id"].native == "key_usage").copy())
    twice = x509.load_der_x509_certificate(found.dump(force=True))
    assert why_unfit(twice, Purpose.SIGNING, START) is CertificateCode.OTHER_USE


@pytest.mark.parametrize(("ca", "can_issue"), [(False, True), (True, False), (False, False)])
def test_an_issuer_that_may_not_issue_is_no_issuer(ca, can_issue):
    """A configured anchor that is no CA, or may not sign certificates, vouches for nobody."""
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    anchor = made(key, OWN_NAME, key, ca=ca, can_issue=can_issue)
    leaf = _leaf(key)
    assert refused(leaf, anchors=(anchor,)) is (CertificateCode.ISSUER_USAGE if ca else CertificateCode.ISSUER_NO_CA)


def test_an_issuer_that_may_issue_is_one():
    """The anchor that the one above differs from is trusted."""
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    checked(_leaf(key), anchors=(made(key, OWN_NAME, key, ca=True, can_issue=True),))


def test_a_party_cannot_issue_certificates_for_others():
    """A certificate signed with a party's own signing key chains to nothing."""
    certificate, key = test_keys().issued[GP, Purpose.SIGNING]
    assert refused(_leaf(key, certificate.subject)) is CertificateCode.NO_TRUSTED_ISSUER


def _leaf(signer, issuer=OWN_NAME) -> bytes:
    """Return a signing certificate by an issuer's key."""
    key = test_keys().issued[GP, Purpose.ENCRYPTION][1]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Part")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(78).not_valid_before(START - timedelta(days=1))
    flags = dict.fromkeys(FLAGS, False) | {"content_commitment": True}
    builder = builder.not_valid_after(START + timedelta(days=10)).add_extension(x509.KeyUsage(**flags), critical=True)
    return der_of(builder.sign(signer, hashes.SHA256()))


def test_a_revoked_certificate_is_refused():
    """Revocation by the issuer counts, whatever the register says."""
    revocation = WordOfMouth()
    revocation.revoked.add(SIGNING)
    assert refused(SIGNING, revocation=revocation) is CertificateCode.REVOKED


def test_an_unknown_revocation_is_no_reason_but_a_wait():
    """Where no revocation list can be had, the question is open and asked again."""
    revocation = WordOfMouth()
    revocation.silent = True
    with pytest.raises(Unavailable):
        checked(SIGNING, revocation=revocation)


def test_a_bad_certificate_is_refused_without_asking_about_revocation():
    """What is refused anyway does not wait for a revocation list."""
    revocation = WordOfMouth()
    revocation.silent = True
    assert refused(ENCRYPTION, revocation=revocation) is CertificateCode.OTHER_USE


def test_a_reason_names_no_person():
    """The subject's names are not repeated in what may be sent to a partner."""
    found = x509.load_der_x509_certificate(SIGNING)
    with pytest.raises(BadCertificate) as caught:
        checked(SIGNING, at=found.not_valid_after_utc + timedelta(days=1))
    assert "Namdalen" not in str(caught.value)
