"""Content encrypted at rest: AES-256-GCM under a ring of keys kept in one file.

Sealed content is bound to its owner, row and column: bytes that are moved to another place do not open. When a row
changes owner, its content is sealed again in the same transaction.
"""

import base64
import binascii
import hmac
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.codes.certificate import KeyCode
from engine.errors import OwnFault
from engine.records.unvouched import PREFIX

_FORMAT = 1
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_LARGE_BYTES = 1_000_000
_KEY_ID_BYTES = 8
_LONGEST_FILE = 65_536


class AtRest:
    """Seals and opens content. Its text form shows no key."""

    def __init__(self, keys: dict[bytes, bytes], active: bytes, log_secret: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._active = active
        self._log_key = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"samvik event log 1").derive(log_secret)
        self._id_key = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"samvik unvouched ids 1").derive(log_secret)

    @classmethod
    def create(cls, path: Path) -> "AtRest":
        """Make a key ring with one key in a new file that only we can read (0600), and return it.

        Raises OwnFault when the file exists: a key ring is never written over.
        """
        ring = {"log": _text(secrets.token_bytes(_KEY_BYTES)), "keys": [_fresh_key()]}
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise OwnFault(KeyCode.RING_EXISTS, path=path) from None
        with os.fdopen(descriptor, "w") as file:
            _write(file.fileno(), ring)
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> "AtRest":
        """Read a key ring; its first key seals, all of them open.

        Raises OwnFault when the file is missing, can be read by others, or is not a key ring.
        """
        ring = _read(path)
        try:
            pairs = [(bytes.fromhex(entry["id"]), _key(entry["key"])) for entry in ring["keys"]]
            log_secret = _key(ring["log"])
            active = pairs[0][0]
            if any(len(key_id) != _KEY_ID_BYTES for key_id, _ in pairs):
                raise ValueError
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise OwnFault(KeyCode.RING_NOT_WHOLE, path=path) from None
        return cls(dict(pairs), active, log_secret)

    @classmethod
    def rotate(cls, path: Path) -> "AtRest":
        """Put a fresh key first in the ring, keep the older ones for what they sealed, and return the ring.

        The file is replaced in one step. Raises OwnFault like `load`.
        """
        cls.load(path)
        ring = _read(path)
        ring["keys"].insert(0, _fresh_key())
        beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            _write(file.fileno(), ring)
        beside.replace(path)
        return cls.load(path)

    def seal(self, plaintext: bytes, owner: str, row: str, column: str) -> bytes:
        """Encrypt content for one place: a format byte, the key's id, a random nonce, then the ciphertext and tag."""
        head = bytes([_FORMAT]) + self._active
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher, place = self._ciphers[self._active], _place(head, owner, row, column)
        if len(plaintext) < _LARGE_BYTES:
            return head + nonce + cipher.encrypt(nonce, plaintext, place)
        # Encrypt into the final buffer: separate pieces would hold a large mail three times in memory.
        sealed = bytearray(len(head) + _NONCE_BYTES + len(plaintext) + _TAG_BYTES)
        sealed[: len(head) + _NONCE_BYTES] = head + nonce
        cipher.encrypt_into(nonce, plaintext, place, memoryview(sealed)[len(head + nonce) :])
        return cast(bytes, sealed)

    def open(self, sealed: bytes, owner: str, row: str, column: str) -> bytes:
        """Decrypt what `seal` made for this same place.

        Raises the same OwnFault for another place, changed bytes, and a key that is not in the ring.
        """
        begin = 1 + _KEY_ID_BYTES
        head, nonce = sealed[:begin], sealed[begin : begin + _NONCE_BYTES]
        # A view, since content may be a large mail.
        body = memoryview(sealed)[begin + _NONCE_BYTES :]
        try:
            if head[:1] != bytes([_FORMAT]):
                raise ValueError
            return self._ciphers[head[1:]].decrypt(nonce, body, _place(head, owner, row, column))
        except (KeyError, ValueError, InvalidTag):
            raise OwnFault(KeyCode.NOT_OPENED) from None

    def is_active(self, sealed: bytes) -> bool:
        """True when content is sealed under the newest key; rotation still has to seal all other content again."""
        return sealed[1 : 1 + _KEY_ID_BYTES] == self._active

    def mark_of(self, id: str) -> str:
        """Return the mark under which an id that nobody vouches for is kept, the same after every rotation."""
        return f"{PREFIX}{hmac.digest(self._id_key, id.encode('utf-8', 'surrogatepass'), 'sha256').hex()[:24]}"

    def log_key(self) -> bytes:
        """Return the key for the event log's seals: 32 bytes derived by HKDF, the same after every rotation."""
        return self._log_key


def _place(head: bytes, *parts: str) -> bytes:
    """Return the associated data of a place; each part has its length in front, so that no two places are alike."""
    encoded = [part.encode() for part in parts]
    return head + b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def _fresh_key() -> dict[str, str]:
    return {"id": secrets.token_hex(_KEY_ID_BYTES), "key": _text(secrets.token_bytes(_KEY_BYTES))}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError from None
    if len(key) != _KEY_BYTES:
        raise ValueError
    return key


def _write(descriptor: int, ring: dict[str, Any]) -> None:
    os.write(descriptor, json.dumps(ring, indent=2).encode())
    os.fsync(descriptor)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LONGEST_FILE + 1)
    except OSError as error:
        raise OwnFault(KeyCode.RING_NOT_READ, path=path, error=type(error).__name__) from None
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise OwnFault(KeyCode.RING_READ_BY_OTHERS, path=path)
    try:
        ring = json.loads(content) if len(content) <= _LONGEST_FILE else None
    except ValueError:
        ring = None
    if not isinstance(ring, dict):
        raise OwnFault(KeyCode.RING_NOT_WHOLE, path=path)
    return ring
