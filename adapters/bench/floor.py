"""The crypto floor: how many exchanges a second this machine's cores could sign, verify, encrypt and decrypt alone.

One exchange costs four RSA-3072 signatures and four verifications, two content keys encrypted and decrypted,
AES-256-CBC both ways and SHA-256 of the mail's bytes at the sender and at the receiver. All of it runs through
`cryptography` alone, one process a core; nothing that parses, stores or sends is in it.
"""

import hashlib
import multiprocessing
import os
import time
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from adapters.bench.figures import Floor

KEY_BITS = 3072
SIGNATURES = 4
WRAPPED_KEYS = 2
FLOOR_SECONDS = 5.0
_BLOCK = 16


def crypto_floor(mail_bytes: int, seconds: float = FLOOR_SECONDS) -> Floor:
    """Return what all cores together do in `seconds`, for a business mail of `mail_bytes`."""
    context = multiprocessing.get_context("spawn")
    cores = len(os.sched_getaffinity(0))
    with context.Pool(cores) as pool:
        done = pool.starmap(_one_core, [(mail_bytes, seconds)] * cores)
    count = sum(each.exchanges for each in done)
    return Floor(
        exchanges_per_second=round(sum(each.exchanges / each.seconds for each in done), 2),
        cpu_ms=round(sum(each.cpu_seconds for each in done) * 1000 / count, 3),
    )


class _Done(NamedTuple):
    exchanges: int
    seconds: float
    cpu_seconds: float


def _one_core(mail_bytes: int, seconds: float) -> _Done:
    exchange = Exchange(mail_bytes)
    done, begun, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - begun < seconds:
        exchange.perform()
        done += 1
    return _Done(done, time.perf_counter() - begun, time.process_time() - used)


@dataclass(frozen=True, slots=True)
class _Material:
    key: rsa.RSAPrivateKey
    mail: bytes
    content_key: bytes


class Exchange:
    """The cryptography of one exchange."""

    def __init__(self, mail_bytes: int) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        whole_blocks = mail_bytes // _BLOCK * _BLOCK
        self._material = _Material(key, os.urandom(whole_blocks), os.urandom(32))

    def perform(self) -> None:
        """Do all of it once."""
        material = self._material
        public = material.key.public_key()
        for _ in range(SIGNATURES):
            signature = material.key.sign(b"SignedInfo" * 200, padding.PKCS1v15(), hashes.SHA256())
            public.verify(signature, b"SignedInfo" * 200, padding.PKCS1v15(), hashes.SHA256())
        for _ in range(WRAPPED_KEYS):
            material.key.decrypt(public.encrypt(material.content_key, padding.PKCS1v15()), padding.PKCS1v15())
        # The document goes through the cipher at each end; the receipts' are too small to count.
        cipher = Cipher(algorithms.AES256(material.content_key), modes.CBC(bytes(_BLOCK)))
        encrypted = cipher.encryptor().update(material.mail)
        cipher.decryptor().update(encrypted)
        for _ in ("sender", "receiver"):
            hashlib.sha256(encrypted).digest()
