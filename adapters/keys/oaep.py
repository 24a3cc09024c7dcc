"""RSAES-OAEP by the sender's parameters (RFC 8017 7.1.2), for keys in files and in tokens.

A token that does not know a hash or a label still does the private step (RSA without padding), and the padding is taken
off here. Nobody learns which part of it was wrong: every failure gives None, after the same work.
"""

from collections.abc import Callable
from hmac import compare_digest

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from engine.ports import Oaep

_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_LONGEST_KEY = 64
"""Bytes: no content key is longer, so that the search for its beginning is short."""


def padding_of(oaep: Oaep | None) -> padding.AsymmetricPadding:
    """Return the padding as cryptography has it. None is PKCS#1 v1.5."""
    if oaep is None:
        return padding.PKCS1v15()
    return padding.OAEP(padding.MGF1(_HASHES[oaep.mask]()), _HASHES[oaep.digest](), oaep.label or None)


def taken_off(block: bytes, oaep: Oaep) -> bytes | None:
    """Return the message inside what the private key made of the wrapped bytes, None where there is none.

    `block` has the length of the modulus.
    """
    size = _HASHES[oaep.digest]().digest_size
    if len(block) < 2 * size + 2:
        return None
    seed_part, masked = block[1 : 1 + size], block[1 + size :]
    seed = _masked(seed_part, masked, oaep.mask)
    data = _masked(masked, seed, oaep.mask)
    label = compare_digest(data[:size], _digest(oaep.digest, oaep.label))
    rest = data[size:].lstrip(b"\0")
    good = (block[0] == 0) & label & (rest[:1] == b"\x01") & (len(rest) <= 1 + _LONGEST_KEY)
    return rest[1:] if good else None


def _masked(data: bytes, seed: bytes, name: str) -> bytes:
    """Return `data` under the mask that MGF1 makes of a seed (RFC 8017 B.2.1)."""
    step = _HASHES[name]().digest_size
    rounds = -(-len(data) // step)
    mask = b"".join(_digest(name, seed + counter.to_bytes(4)) for counter in range(rounds))[: len(data)]
    return (int.from_bytes(data) ^ int.from_bytes(mask)).to_bytes(len(data))


def _digest(name: str, data: bytes) -> bytes:
    digest = hashes.Hash(_HASHES[name]())
    digest.update(data)
    return digest.finalize()
