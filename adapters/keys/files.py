"""Our private keys from PEM files: one folder, one file for each certificate of ours, matched by public key."""

import stat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from engine.errors import OwnFault

_OAEP_HASH = {"oaep-sha1": hashes.SHA1, "oaep-sha256": hashes.SHA256}


class FileKeyStore:
    """Signs and unwraps with keys from a folder. Its text form shows no key.

    Diagnostics: a key file that others can read, or that is no RSA key, stops the start with its name.
    """

    def __init__(self, folder: Path) -> None:
        self._keys = {_public(key): key for key in (_load(path) for path in sorted(folder.glob("*.pem")))}

    def __repr__(self) -> str:
        return f"FileKeyStore({len(self._keys)} keys)"

    def sign(self, certificate: bytes, data: bytes) -> bytes:
        """See engine.ports.KeyStore."""
        key = self._find(certificate)
        if key is None:
            serial = x509.load_der_x509_certificate(certificate).serial_number
            raise OwnFault(f"The key of our signing certificate with serial {serial:x} is not in keys.directory.")
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def unwrap(self, certificate: bytes, wrapped: bytes, scheme: str) -> bytes | None:
        """See engine.ports.KeyStore."""
        key = self._find(certificate)
        if key is None:
            return None
        try:
            return key.decrypt(wrapped, _padding(scheme))
        except ValueError:
            return None

    def _find(self, certificate: bytes) -> RSAPrivateKey | None:
        public = x509.load_der_x509_certificate(certificate).public_key()
        return self._keys.get(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _padding(scheme: str) -> padding.AsymmetricPadding:
    if scheme == "pkcs1v15":
        return padding.PKCS1v15()
    digest = _OAEP_HASH[scheme]
    return padding.OAEP(padding.MGF1(digest()), digest(), None)


def _public(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _load(path: Path) -> RSAPrivateKey:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise OwnFault(f"{path} can be read by others. Run: chmod 600 {path}")
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        raise OwnFault(f"{path} is no unencrypted PEM private key. Put it elsewhere or replace it.") from None
    if not isinstance(key, RSAPrivateKey):
        raise OwnFault(f"{path} is no RSA key. Enterprise certificates on Helsenett use RSA.")
    return key
