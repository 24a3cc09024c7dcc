"""Content encrypted at rest: AES-256-GCM under a ring of keys kept in one file.

Sealed content is bound to its owner, row and column: bytes that are moved to another place do not open. When a row
changes owner, its content is sealed again in the same transaction.
"""

import os
import secrets
from enum import StrEnum
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.keys.ring_file import KEY_BYTES, KEY_ID_BYTES, fresh_key, read, replace, ring_in, stamp_of, text_of, write
from engine.codes.certificate import KeyCode
from engine.errors import OwnFault

_FORMAT = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16
_LARGE_BYTES = 1_000_000
_CHECK = b"samvik key check 1"
_CHECK_PLACE = ("", "", "key_check")


class Standing(StrEnum):
    """What a key of a ring is for: the active one seals, older ones open, a prepared one will seal later."""

    ACTIVE = "active"
    OLDER = "older"
    PREPARED = "prepared"


class AtRest:
    """Seals and opens content. Its text form shows no key.

    A ring that has changed on disk since is read anew by `refresh`, and when content names a key that it has not: so
    nodes go on while somebody rotates the keys.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._take()

    @classmethod
    def create(cls, path: Path) -> "AtRest":
        """Make a key ring with one key in a new file that only we can read (0600), and return it.

        Raises OwnFault when the file exists, because a key ring is never written over, or cannot be written.
        """
        ring = {"log": text_of(secrets.token_bytes(KEY_BYTES)), "keys": [fresh_key()]}
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            if isinstance(error, FileExistsError) and path.exists():
                raise OwnFault(KeyCode.RING_EXISTS, path=path) from None
            raise OwnFault(KeyCode.RING_NOT_WRITTEN, path=path, error=error.strerror) from None
        with os.fdopen(descriptor, "w") as file:
            write(file.fileno(), ring)
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> "AtRest":
        """Read a key ring; its first key seals, all of them open.

        Raises OwnFault when the file is missing, can be read by others, or is not a key ring.
        """
        return cls(path)

    @classmethod
    def prepare(cls, path: Path) -> str:
        """Put a fresh key into the ring that opens and does not seal yet; return its id. Raises OwnFault like `load`.

        Where there is one already, that is it. For engines whose nodes run on several machines: the ring is copied to
        each of them before `rotate` lets the key seal.
        """
        ring = read(path)
        cls.load(path)
        prepared = [entry for entry in ring["keys"] if entry.get("prepared")]
        if not prepared:
            prepared = [{**fresh_key(), "prepared": True}]
            ring["keys"] += prepared
            replace(path, ring)
        return str(prepared[0]["id"])

    @classmethod
    def rotate(cls, path: Path) -> "AtRest":
        """Put the prepared key, or a fresh one, first in the ring; keep the older ones for what they sealed.

        Returns the ring. The file is replaced in one step. Raises OwnFault like `load`.
        """
        cls.load(path)
        ring = read(path)
        prepared = [entry for entry in ring["keys"] if entry.get("prepared")]
        others = [entry for entry in ring["keys"] if not entry.get("prepared")]
        first = {name: prepared[0][name] for name in ("id", "key")} if prepared else fresh_key()
        ring["keys"] = [first, *others]
        replace(path, ring)
        return cls.load(path)

    def refresh(self) -> bool:
        """Read the ring anew where its file has changed; True where it had. Raises OwnFault like `load`."""
        if stamp_of(self._path) == self._stamp:
            return False
        self._take()
        return True

    def keys(self) -> dict[str, Standing]:
        """Return the id of each key with its standing, in the order of the file. Ids are no secret."""
        named = {key_id.hex(): Standing.OLDER for key_id in self._ciphers}
        named |= {key_id.hex(): Standing.PREPARED for key_id in self._prepared}
        return named | {self._active.hex(): Standing.ACTIVE}

    def check_value(self, key_id: str) -> bytes:
        """Return what only this key can have sealed, for a database to know its key ring by."""
        return self._seal(bytes.fromhex(key_id), _CHECK, *_CHECK_PLACE)

    def knows(self, key_id: str, check_value: bytes) -> bool:
        """Say whether a check value was sealed by our key with this id."""
        try:
            return check_value[1:9].hex() == key_id and self.open(check_value, *_CHECK_PLACE) == _CHECK
        except OwnFault:
            return False

    def _take(self) -> None:
        stamp = stamp_of(self._path)
        ring = ring_in(self._path)
        ciphers = {key_id: AESGCM(key) for key_id, key in ring.keys.items()}
        # The ciphers first: a thread that seals meanwhile must find its active key among them.
        self._ciphers = ciphers
        self._active = next(key_id for key_id in ring.keys if key_id not in ring.prepared)
        self._prepared, self._log_key, self._stamp = ring.prepared, ring.log_key, stamp

    def seal(self, plaintext: bytes, owner: str, row: str, column: str) -> bytes:
        """Encrypt content for one place: a format byte, the key's id, a random nonce, then the ciphertext and tag."""
        return self._seal(self._active, plaintext, owner, row, column)

    def _seal(self, key_id: bytes, plaintext: bytes, owner: str, row: str, column: str) -> bytes:
        head = bytes([_FORMAT]) + key_id
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher, place = self._ciphers[key_id], _place(head, owner, row, column)
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
        begin = 1 + KEY_ID_BYTES
        head, nonce = sealed[:begin], sealed[begin : begin + _NONCE_BYTES]
        # A view, since content may be a large mail.
        body = memoryview(sealed)[begin + _NONCE_BYTES :]
        try:
            if head[:1] != bytes([_FORMAT]):
                raise ValueError
            return self._cipher(head[1:]).decrypt(nonce, body, _place(head, owner, row, column))
        except (KeyError, ValueError, InvalidTag):
            raise OwnFault(KeyCode.NOT_OPENED) from None

    def _cipher(self, key_id: bytes) -> AESGCM:
        """Return the cipher of a key, from the file where it came into the ring since. Raises KeyError for another."""
        if key_id not in self._ciphers:
            self.refresh()
        return self._ciphers[key_id]

    def is_active(self, sealed: bytes) -> bool:
        """True when content is sealed under the newest key; rotation still has to seal all other content again."""
        return bytes(sealed[: 1 + KEY_ID_BYTES]) == self.active_head

    @property
    def active_id(self) -> str:
        """Return the id of the key that seals."""
        return self._active.hex()

    @property
    def active_head(self) -> bytes:
        """Return what all content begins with that the active key has sealed."""
        return bytes([_FORMAT]) + self._active

    def log_key(self) -> bytes:
        """Return the key for the event log's seals: 32 bytes derived by HKDF, the same after every rotation."""
        return self._log_key


def _place(head: bytes, *parts: str) -> bytes:
    """Return the associated data of a place; each part has its length in front, so that no two places are alike."""
    encoded = [part.encode() for part in parts]
    return head + b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
