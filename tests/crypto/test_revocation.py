"""OCSP answers and revocation lists are believed by the issuer's key and their own times, and by nothing else."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from adapters.keys.pki import TestAuthority
from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.trust.revocation import (
    NoAnswer,
    RevocationList,
    list_addresses,
    ocsp_addresses,
    ocsp_request,
    read_ocsp,
)
from tests.fakes.servers.revocation import points_to, responder_certificate
from tests.fakes.world.clock import START
from tests.fakes.world.parties import ENTERPRISES, GP, VERDAL, test_keys

AUTHORITY = test_keys().authority
ISSUER = AUTHORITY.certificate
SUBJECT = test_keys().issued[GP, Purpose.SIGNING][0]
OTHER = test_keys().issued[VERDAL, Purpose.SIGNING][0]
STRANGER = TestAuthority(START, key_bits=2048)
HOUR = timedelta(hours=1)
GOOD, REVOKED, UNKNOWN = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED, ocsp.OCSPCertStatus.UNKNOWN


def answer(status=GOOD, *, about=SUBJECT, issuer=ISSUER, signer=None, until=START + HOUR, begun=START, embed=None):
    """Return an OCSP answer, by default a good one of the issuer's own; `embed` is a certificate put beside it."""
    certificate, key = signer or (ISSUER, AUTHORITY._key)
    revoked = (START - HOUR, x509.ReasonFlags.key_compromise) if status is REVOKED else (None, None)
    builder = ocsp.OCSPResponseBuilder().add_response(about, issuer, hashes.SHA1(), status, begun, until, *revoked)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate)
    if embed is not None:
        builder = builder.certificates([embed])
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def judged(data: bytes, at=START):
    """Judge an answer about the GP's certificate."""
    return read_ocsp(data, SUBJECT, ISSUER, at)


def test_good_and_revoked_are_told_apart_for_their_time():
    """An answer says since when a certificate is revoked, and counts until the next one is due."""
    assert judged(answer()).revoked_at is None
    assert judged(answer(REVOKED)).revoked_at == START - HOUR
    found = judged(answer())
    assert [found.holds_at(START + step) for step in (-HOUR, timedelta(), HOUR, 2 * HOUR)] == [False, True, True, False]


def test_an_answer_without_an_end_counts_for_an_hour():
    """A responder that promises no next answer is asked again soon."""
    found = judged(answer(until=None))
    assert found.until == START + HOUR


def test_a_responder_that_the_issuer_has_certified_is_believed():
    """An answer signed by a certificate for answering, issued by the issuer itself, counts."""
    certificate, key = responder_certificate(AUTHORITY, START)
    assert judged(answer(REVOKED, signer=(certificate, key), embed=certificate)).revoked_at is not None


def _namesake():
    """Return a stranger's certificate that bears our issuer's name: both authorities are called alike."""
    assert STRANGER.certificate.subject == ISSUER.subject
    return STRANGER.certificate


def _strange(*, may_answer: bool = True, authority: TestAuthority = AUTHORITY):
    certificate, key = responder_certificate(authority, START, may_answer=may_answer)
    return answer(signer=(certificate, key), embed=certificate)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: answer(about=OTHER), CertificateCode.ANSWER_ABOUT_ANOTHER),
        (lambda: answer(UNKNOWN), CertificateCode.RESPONDER_KNOWS_NOT),
        (lambda: answer(signer=(_namesake(), STRANGER._key), embed=_namesake()), CertificateCode.ANSWER_UNSIGNED),
        (
            lambda: answer(signer=(SUBJECT, test_keys().issued[GP, Purpose.SIGNING][1]), embed=SUBJECT),
            CertificateCode.ANSWER_UNSIGNED,
        ),
        (lambda: _strange(may_answer=False), CertificateCode.ANSWER_UNSIGNED),
        (lambda: _strange(authority=STRANGER), CertificateCode.ANSWER_UNSIGNED),
        (lambda: answer(issuer=STRANGER.certificate), CertificateCode.ANSWER_ABOUT_ANOTHER),
        (
            lambda: ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
                Encoding.DER
            ),
            CertificateCode.RESPONDER_REFUSED,
        ),
        (lambda: b"", CertificateCode.ANSWER_UNREADABLE),
        (lambda: b"\x30\x82\xff\xff", CertificateCode.ANSWER_UNREADABLE),
        (lambda: answer()[:-30], CertificateCode.ANSWER_UNREADABLE),
    ],
)
def test_what_does_not_count(make, reason):
    """Another certificate's, a stranger's, the subject's own and a broken answer are no answers."""
    with pytest.raises(NoAnswer) as caught:
        judged(make())
    assert caught.value.statement.code == reason


def test_one_changed_byte_is_never_believed():
    """Whatever single byte of a good answer is changed, it is no answer, or it says the same."""
    data = answer(REVOKED)
    for place in range(0, len(data), 3):
        changed = data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :]
        try:
            assert judged(changed) == judged(data)
        except NoAnswer:
            continue


def test_a_responder_whose_certificate_has_run_out_is_not_believed():
    """A responder may answer only while its own certificate is valid."""
    certificate, key = responder_certificate(AUTHORITY, START)
    data = answer(signer=(certificate, key), embed=certificate, until=START + 1000 * HOUR)
    assert judged(data)
    with pytest.raises(NoAnswer):
        judged(data, START + 31 * 24 * HOUR)


def test_a_question_names_one_certificate():
    """What a responder is asked holds the serial and nothing of a message."""
    request = ocsp.load_der_ocsp_request(ocsp_request(SUBJECT, ISSUER))
    assert request.serial_number == SUBJECT.serial_number


def test_a_list_tells_its_issuer_from_others():
    """A list counts for the issuer whose key signed it, however often it is asked."""
    listed = RevocationList(AUTHORITY.revocation_list([SUBJECT], START))
    issuer = test_keys().authority.certificate.public_bytes(Encoding.DER)
    stranger = STRANGER.certificate.public_bytes(Encoding.DER)
    assert [listed.is_of(each) for each in (issuer, stranger, issuer)] == [True, False, True]
    assert [listed.has_revoked(SUBJECT, START + step) for step in (-HOUR, HOUR)] == [False, True]
    with pytest.raises(NoAnswer):
        RevocationList(b"nei")


def test_addresses_are_read_from_certificates():
    """Where revocation can be asked for is read from the certificate, web addresses alone."""
    more = points_to(crl="http://a.example/x.crl", ocsp="http://b.example/")
    certificate, _ = AUTHORITY.issue(ENTERPRISES[2], Purpose.SIGNING, more=more)
    assert (list_addresses(certificate), ocsp_addresses(certificate)) == (
        ("http://a.example/x.crl",),
        ("http://b.example/",),
    )
    other, _ = AUTHORITY.issue(
        ENTERPRISES[2], Purpose.SIGNING, more=points_to(crl="ldap://a.example/x", ocsp="file:///etc")
    )
    assert list_addresses(other) == ocsp_addresses(other) == list_addresses(SUBJECT) == ocsp_addresses(SUBJECT) == ()


_WHOLE = {
    "full_name": None,
    "relative_name": None,
    "only_contains_user_certs": False,
    "only_contains_ca_certs": False,
    "only_some_reasons": None,
    "indirect_crl": False,
    "only_contains_attribute_certs": False,
}
_PARTITION = [x509.UniformResourceIdentifier("http://a.example/7.crl")]


def scoped(extension: x509.ExtensionType) -> bytes:
    """Return a list of our issuer with an extension that must be understood."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(ISSUER.subject)
    builder = builder.last_update(START).next_update(START + HOUR).add_extension(extension, critical=True)
    return builder.sign(AUTHORITY._key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("changed", "leaf", "authority"),
    [
        ({}, True, True),
        ({"only_contains_ca_certs": True}, False, True),
        ({"only_contains_user_certs": True}, True, False),
        ({"only_contains_attribute_certs": True}, False, False),
        ({"only_some_reasons": frozenset({x509.ReasonFlags.superseded})}, False, False),
        ({"indirect_crl": True}, False, False),
        ({"full_name": _PARTITION}, False, False),
    ],
)
def test_a_list_says_nothing_of_what_it_does_not_cover(changed, leaf, authority):
    """A list of CAs alone, of one reason, of another partition or other issuers leaves open what it does not cover."""
    if not changed:
        listed = RevocationList(AUTHORITY.revocation_list())
    else:
        listed = RevocationList(scoped(x509.IssuingDistributionPoint(**{**_WHOLE, **changed})))
    assert (listed.covers(SUBJECT), listed.covers(ISSUER)) == (leaf, authority)


def test_the_partition_that_a_certificate_names_covers_it():
    """A list for one distribution point covers the certificates that name it."""
    named, _ = AUTHORITY.issue(ENTERPRISES[2], Purpose.SIGNING, more=points_to(crl=_PARTITION[0].value))
    assert RevocationList(scoped(x509.IssuingDistributionPoint(**{**_WHOLE, "full_name": _PARTITION}))).covers(named)


@pytest.mark.parametrize(
    "extension",
    [x509.DeltaCRLIndicator(1), x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")],
)
def test_a_list_that_is_not_whole_or_not_understood_is_none(extension):
    """A delta, and a list with a critical extension that we do not know, are no lists."""
    with pytest.raises(NoAnswer):
        RevocationList(scoped(extension))
