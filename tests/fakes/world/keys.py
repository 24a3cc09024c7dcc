"""Keys in memory (engine.ports.KeyStore) and revocation by word of mouth (engine.ports.RevocationSource)."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from adapters.keys.oaep import padding_of
from engine.errors import OwnFault, Unavailable
from engine.ports import Oaep
from tests.fakes.world.parties import TestKeys


class MemoryKeys:
    """Holds the keys of the enterprises that one engine serves."""

    def __init__(self, keys: TestKeys, hers: tuple[str, ...]) -> None:
        self._keys = keys
        self._hers = hers

    def holds(self, certificate: bytes) -> bool:
        """See the port."""
        return self._find(certificate) is not None

    def left_out(self) -> list[str]:
        """See the port."""
        return []

    def sign(self, certificate: bytes, data: bytes) -> bytes:
        """See the port."""
        return self._need(certificate).sign(data, padding.PKCS1v15(), hashes.SHA256())

    def unwrap(self, certificate: bytes, wrapped: bytes, oaep: Oaep | None) -> bytes | None:
        """See the port."""
        try:
            return self._need(certificate).decrypt(wrapped, padding_of(oaep))
        except ValueError:
            return None

    def _need(self, certificate: bytes):
        key = self._find(certificate)
        if key is None:
            raise OwnFault("no such key")
        return key

    def _find(self, certificate: bytes):
        parsed = x509.load_der_x509_certificate(certificate)
        for (her, _), (issued, key) in self._keys.issued.items():
            if issued == parsed and her.partition("-")[0] in self._hers:
                return key
        return None


class WordOfMouth:
    """Says that what is in `revoked` was revoked; knows nothing when `silent`."""

    def __init__(self) -> None:
        self.revoked: set[bytes] = set()
        self.silent = False

    def is_revoked(self, certificate: bytes, issuer: bytes, at: datetime) -> bool:
        """See the port."""
        if self.silent:
            raise Unavailable("the revocation list is out of reach")
        return certificate in self.revoked


class RefusingKeys:
    """Signs for those who hold a key store, and fails the test when anything is to be decrypted."""

    def __init__(self, keys: MemoryKeys) -> None:
        self._keys = keys

    def holds(self, certificate: bytes) -> bool:
        """See the port."""
        return self._keys.holds(certificate)

    def sign(self, certificate: bytes, data: bytes) -> bytes:
        """See the port."""
        return self._keys.sign(certificate, data)

    def unwrap(self, certificate: bytes, wrapped: bytes, scheme: str) -> bytes | None:
        """See the port."""
        raise AssertionError("a document was decrypted before its sender was trusted")
