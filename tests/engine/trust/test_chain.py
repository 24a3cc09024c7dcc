"""Which certificates of a chain are asked about."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from engine.errors import Unavailable
from engine.trust.certificates import is_revoked_in
from tests.fakes.world.clock import START
from tests.fakes.world.keys import WordOfMouth


@dataclass(frozen=True)
class Named:
    """A certificate of which nothing is asked but its bytes."""

    name: bytes

    def public_bytes(self, encoding: Encoding) -> bytes:
        """Return the bytes by which a revocation source knows it."""
        assert encoding is Encoding.DER
        return self.name


class Listening(WordOfMouth):
    """Remembers which pairs of certificate and issuer it was asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[bytes, bytes]] = []

    def is_revoked(self, certificate: bytes, issuer: bytes, at: datetime) -> bool:
        """See the port."""
        self.asked.append((certificate, issuer))
        return super().is_revoked(certificate, issuer, at)


CHAIN = [Named(b"leaf"), Named(b"between"), Named(b"anchor")]


def test_each_certificate_is_asked_about_with_its_issuer():
    """The leaf and the CA between are asked about; the anchor vouches for itself."""
    source = Listening()
    assert not is_revoked_in(CHAIN, source, START)
    assert source.asked == [(b"leaf", b"between"), (b"between", b"anchor")]


@pytest.mark.parametrize(("revoked", "counts"), [(b"leaf", True), (b"between", True), (b"anchor", False)])
def test_a_revoked_ca_between_counts_like_a_revoked_leaf(revoked, counts):
    """Whoever was issued by a CA that was revoked is not vouched for any more."""
    source = WordOfMouth()
    source.revoked.add(revoked)
    assert is_revoked_in(CHAIN, source, START) is counts


def test_a_silent_source_is_no_answer():
    """Where revocation cannot be known, nobody decides."""
    source = WordOfMouth()
    source.silent = True
    with pytest.raises(Unavailable):
        is_revoked_in(CHAIN, source, START)
