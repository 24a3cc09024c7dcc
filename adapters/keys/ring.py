"""All our private keys, from files and from a token, found by the certificate that they belong to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine.codes.certificate import KeyCode
from engine.errors import OwnFault
from engine.ports import Oaep


class PrivateKey(Protocol):
    """One RSA key, wherever it is kept."""

    def sign(self, data: bytes) -> bytes:
        """Return the RSASSA-PKCS1-v1_5 signature with SHA-256. Raises Unavailable when a token does not answer."""

    def unwrap(self, wrapped: bytes, oaep: Oaep | None) -> bytes | None:
        """Return the content key, None when it does not decrypt. Raises Unavailable when a token does not answer."""


class KeyRing:
    """Signs and unwraps with keys by public key (SubjectPublicKeyInfo, DER). Its text form shows no key."""

    def __init__(self, sources: Iterable[Mapping[bytes, PrivateKey]], left_out: Sequence[str] = ()) -> None:
        self._left_out = left_out
        self._keys = {public: key for source in sources for public, key in source.items()}

    def __repr__(self) -> str:
        return f"KeyRing({len(self._keys)} keys)"

    def holds(self, certificate: bytes) -> bool:
        """See engine.ports.KeyStore."""
        return public_key_of(certificate) in self._keys

    def left_out(self) -> Sequence[str]:
        """See engine.ports.KeyStore."""
        return self._left_out

    def sign(self, certificate: bytes, data: bytes) -> bytes:
        """See engine.ports.KeyStore."""
        return self._find(certificate).sign(data)

    def unwrap(self, certificate: bytes, wrapped: bytes, oaep: Oaep | None) -> bytes | None:
        """See engine.ports.KeyStore."""
        return self._find(certificate).unwrap(wrapped, oaep)

    def _find(self, certificate: bytes) -> PrivateKey:
        parsed = x509.load_der_x509_certificate(certificate)
        key = self._keys.get(public_of(parsed))
        if key is None:
            raise OwnFault(KeyCode.NOT_HERE, serial=f"{parsed.serial_number:x}")
        return key


def public_key_of(certificate: bytes) -> bytes:
    """Return the public key of a certificate (DER) as SubjectPublicKeyInfo (DER)."""
    return public_of(x509.load_der_x509_certificate(certificate))


def public_of(certificate: x509.Certificate) -> bytes:
    """Return a certificate's public key as SubjectPublicKeyInfo (DER)."""
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
