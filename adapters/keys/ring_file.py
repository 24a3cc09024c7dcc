"""The file of a key ring: JSON with the secret of the event log and the keys, readable by its owner alone."""

import base64
import binascii
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.codes.certificate import KeyCode
from engine.errors import OwnFault

KEY_BYTES = 32
KEY_ID_BYTES = 8
_LONGEST = 65_536


class Ring(NamedTuple):
    """A ring as it was read. Its keys are in the order of the file; the first seals."""

    keys: dict[bytes, bytes]
    prepared: frozenset[bytes]
    log_key: bytes


def fresh_key() -> dict[str, str]:
    """Return a new key with its id, as the file has it."""
    return {"id": secrets.token_hex(KEY_ID_BYTES), "key": text_of(secrets.token_bytes(KEY_BYTES))}


def text_of(data: bytes) -> str:
    """Return bytes as the file has them."""
    return base64.b64encode(data).decode()


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError from None
    if len(key) != KEY_BYTES:
        raise ValueError
    return key


def ring_in(path: Path) -> Ring:
    """Return the ring in a file. Raises OwnFault when it is missing, can be read by others, or is not a key ring."""
    ring = read(path)
    try:
        keys = {bytes.fromhex(entry["id"]): _key(entry["key"]) for entry in ring["keys"]}
        prepared = frozenset(bytes.fromhex(entry["id"]) for entry in ring["keys"] if entry.get("prepared"))
        secret = _key(ring["log"])
        if any(len(key_id) != KEY_ID_BYTES for key_id in keys) or not keys.keys() - prepared:
            raise ValueError
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise OwnFault(KeyCode.RING_NOT_WHOLE, path=path) from None
    log_key = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"samvik event log 1").derive(secret)
    return Ring(keys, prepared, log_key)


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Return what changes when the file is replaced; None where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def replace(path: Path, ring: dict[str, Any]) -> None:
    """Write a ring beside the file and put it in its place in one step, on disk before and after."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            write(file.fileno(), ring)
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OwnFault(KeyCode.RING_NOT_WRITTEN, path=path, error=error.strerror) from None


def write(descriptor: int, ring: dict[str, Any]) -> None:
    """Write a ring, and let it reach the disk."""
    os.write(descriptor, json.dumps(ring, indent=2).encode())
    os.fsync(descriptor)


def read(path: Path) -> dict[str, Any]:
    """Return what a ring file holds, unchecked. Raises OwnFault like `ring_in`."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LONGEST + 1)
    except OSError as error:
        raise OwnFault(KeyCode.RING_NOT_READ, path=path, error=type(error).__name__) from None
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise OwnFault(KeyCode.RING_READ_BY_OTHERS, path=path)
    try:
        ring = json.loads(content) if len(content) <= _LONGEST else None
    except ValueError:
        ring = None
    if not isinstance(ring, dict):
        raise OwnFault(KeyCode.RING_NOT_WHOLE, path=path)
    return ring
