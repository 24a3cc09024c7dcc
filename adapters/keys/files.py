"""Our private keys from a folder: PEM, one key a file, and PKCS#12 as issuers deliver it."""

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key, pkcs12

from adapters.keys.oaep import padding_of
from adapters.text.decoding import without_mark
from engine.codes.certificate import KeyCode
from engine.codes.disk import DiskCode
from engine.errors import OwnFault
from engine.ports import Oaep

_PKCS12 = (".p12", ".pfx")
_ENDINGS = (".pem", *_PKCS12)
_BEGINNING = 20_000
_LIKE_A_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY|\A\x30[\x80-\x84].{0,4}\x02\x01[\x00-\x03]", re.DOTALL)
"""A private key in PEM, or the version that PKCS#12, PKCS#8 and PKCS#1 begin with and a certificate does not."""


@dataclass(frozen=True)
class FileKey:
    """A key in memory (adapters.keys.ring.PrivateKey). Its text form shows nothing of it."""

    _key: RSAPrivateKey

    def __repr__(self) -> str:
        return "FileKey()"

    def sign(self, data: bytes) -> bytes:
        """See the protocol."""
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def unwrap(self, wrapped: bytes, oaep: Oaep | None) -> bytes | None:
        """See the protocol."""
        try:
            return self._key.decrypt(wrapped, padding_of(oaep))
        except ValueError:
            return None


def keys_in(folder: Path, password_file: Path | None = None) -> Mapping[bytes, FileKey]:
    """Return the keys of a folder by public key: `*.pem`, `*.p12` and `*.pfx`, the endings in whatever letters.

    `password_file` holds the password of all keys that are locked. Raises OwnFault with the file's name when others can
    read the file, when the password does not open it, or when it holds no RSA key.
    """
    password = _password(password_file)
    keys = [_load(path, password) for path in _files(folder)]
    return {_public(key): FileKey(key) for key in keys}


def public_keys_in(folder: Path, password_file: Path | None = None) -> frozenset[bytes]:
    """Return the public keys of the keys of a folder, as `keys_in` finds them: enough to say which keys are here.

    That the primes of a key in PEM are primes is not proved, which takes a tenth of a second each: `keys_in` does, and
    nothing signs or opens with what was found here.
    """
    password = _password(password_file)
    return frozenset(_public(_load(path, password, proved=False)) for path in _files(folder))


def left_out(folder: Path) -> list[str]:
    """Return the names of files in a folder that look like private keys, and whose endings are not read."""
    others = (path for path in sorted(folder.glob("*")) if _ending(path) not in _ENDINGS and path.is_file())
    return [path.name for path in others if _LIKE_A_KEY.search(_beginning(path))]


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*")) if _ending(path) in _ENDINGS]


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_BEGINNING)
    except OSError:
        return b""


def _ending(path: Path) -> str:
    return path.suffix.lower()


def read_secret(path: Path) -> bytes:
    """Return the first line of a file that we alone may read. Raises OwnFault that names it."""
    _check_mode(path)
    lines = without_mark(_read(path)).splitlines()
    return lines[0] if lines else b""


def _password(path: Path | None) -> bytes | None:
    return None if path is None else read_secret(path)


def _load(path: Path, password: bytes | None, *, proved: bool = True) -> RSAPrivateKey:
    _check_mode(path)
    key = _pkcs12_key(path, password) if _ending(path) in _PKCS12 else _pem_key(path, password, proved=proved)
    if not isinstance(key, RSAPrivateKey):
        raise OwnFault(KeyCode.NOT_RSA, path=path)
    return key


def _pem_key(path: Path, password: bytes | None, *, proved: bool) -> object:
    data = _read(path)
    # The library refuses a password for a key that is not locked.
    given = password if b"ENCRYPTED" in data else None
    try:
        return load_pem_private_key(data, given, unsafe_skip_rsa_key_validation=not proved)
    except (ValueError, TypeError):
        raise OwnFault(KeyCode.NOT_PEM, path=path) from None


def _pkcs12_key(path: Path, password: bytes | None) -> object:
    try:
        return pkcs12.load_key_and_certificates(_read(path), password)[0]
    except (ValueError, TypeError):
        raise OwnFault(KeyCode.NOT_PKCS12, path=path) from None


def _check_mode(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise OwnFault(DiskCode.NOT_READ, path=path, error=error.strerror) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise OwnFault(DiskCode.READ_BY_OTHERS, path=path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OwnFault(DiskCode.NOT_READ, path=path, error=error.strerror) from None


def _public(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
