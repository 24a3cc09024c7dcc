"""Revocation lists in files: who is revoked, and that nothing is taken on trust without a good list."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.keys.pki import CRL_DAYS, TestAuthority
from adapters.keys.revocation import RevocationFiles
from engine.agreements.purpose import Purpose
from engine.errors import Unavailable
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, VERDAL, test_keys
from tests.fakes.world.surroundings import ANCHOR

SUBJECT = test_keys().issued[GP, Purpose.SIGNING][0]
DAY = timedelta(days=1)


def asked(*paths: Path, at: datetime = START) -> bool:
    """Ask whether the GP's signing certificate is revoked."""
    return RevocationFiles(paths).is_revoked(SUBJECT.public_bytes(Encoding.DER), ANCHOR, at)


def put(path: Path, data: bytes) -> Path:
    """Write a list."""
    path.write_bytes(data)
    return path


def test_a_revoked_certificate_is_revoked(tmp_path: Path) -> None:
    """A certificate on its issuer's list is revoked, another is not."""
    authority = test_keys().authority
    other = test_keys().issued[VERDAL, Purpose.SIGNING][0]
    assert asked(put(tmp_path / "a.crl", authority.revocation_list([other, SUBJECT])))
    assert not asked(put(tmp_path / "b.crl", authority.revocation_list([other])))
    assert not asked(put(tmp_path / "c.crl", authority.revocation_list()))


def test_what_was_signed_before_the_revocation_stands(tmp_path: Path) -> None:
    """A certificate counts as revoked from the moment that the list names, not before."""
    crl = put(tmp_path / "a.crl", test_keys().authority.revocation_list([SUBJECT], START + DAY))
    assert not asked(crl, at=START)
    assert asked(crl, at=START + DAY)


def test_pem_and_der_are_read(tmp_path: Path) -> None:
    """A list may be in either form."""
    listed = x509.load_der_x509_crl(test_keys().authority.revocation_list([SUBJECT]))
    assert asked(put(tmp_path / "a.crl", listed.public_bytes(Encoding.PEM)))


@pytest.mark.parametrize("at", [START - 2 * DAY, START + CRL_DAYS + DAY])
def test_a_list_out_of_its_time_does_not_count(tmp_path: Path, at: datetime) -> None:
    """A list that is not valid yet, or no more, makes the message wait."""
    with pytest.raises(Unavailable, match=r"certificate\.no_list"):
        asked(put(tmp_path / "a.crl", test_keys().authority.revocation_list()), at=at)


def _elliptic() -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(test_keys().authority.certificate.subject)
    builder = builder.last_update(START - DAY).next_update(START + DAY)
    return builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize("make", [lambda: TestAuthority(START, key_bits=2048).revocation_list(), _elliptic])
def test_a_list_of_the_same_name_by_another_key_does_not_count(tmp_path: Path, make) -> None:
    """A list that names our issuer but was signed by someone else makes the message wait."""
    with pytest.raises(Unavailable, match=r"certificate\.no_list"):
        asked(put(tmp_path / "a.crl", make()))


def test_the_right_list_is_found_among_others(tmp_path: Path) -> None:
    """A forged or outdated list before the good one does not hide it."""
    forged = put(tmp_path / "a.crl", TestAuthority(START, key_bits=2048).revocation_list())
    good = put(tmp_path / "b.crl", test_keys().authority.revocation_list([SUBJECT]))
    assert asked(forged, good)


def test_an_unreadable_list_does_not_hide_the_right_one(tmp_path: Path) -> None:
    """A broken or missing list of one issuer keeps nobody else's certificates waiting."""
    broken = put(tmp_path / "a.crl", b"\x30\x00")
    good = put(tmp_path / "b.crl", test_keys().authority.revocation_list([SUBJECT]))
    assert asked(broken, tmp_path / "finnes-ikke.crl", good)


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN X509 CRL-----\n", b"\x30\x82"])
def test_without_a_readable_list_the_message_waits(tmp_path: Path, content: bytes | None) -> None:
    """A list that is missing or broken makes the message wait, and the sentence names the file."""
    path = tmp_path / "a.crl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unavailable, match=r"a\.crl"):
        asked(path)


def test_no_list_at_all_is_not_trust() -> None:
    """Without any list configured nothing is taken on trust."""
    with pytest.raises(Unavailable):
        asked()


def test_a_list_is_read_again_when_it_changes(tmp_path: Path) -> None:
    """A new list counts at once; an unchanged one is not read from disk again."""
    crl = put(tmp_path / "a.crl", test_keys().authority.revocation_list())
    source = RevocationFiles([crl])
    der = SUBJECT.public_bytes(Encoding.DER)
    assert not source.is_revoked(der, ANCHOR, START)
    known = source._lists._known[crl]
    assert not source.is_revoked(der, ANCHOR, START)
    assert source._lists._known[crl] is known
    put(crl, test_keys().authority.revocation_list([SUBJECT]))
    os.utime(crl, ns=(1, known[0] + 1))
    assert source.is_revoked(der, ANCHOR, START)
