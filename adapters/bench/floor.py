"""The crypto floor: how many exchanges a second this machine's cores could sign, verify, encrypt and decrypt alone.

One exchange costs four RSA-3072 signatures and four verifications, two content keys encrypted and decrypted,
AES-256-CBC both ways and SHA-256 of the mail's bytes at the sender and at the receiver. All of it runs through
`cryptography` alone, one process a core; nothing that parses, stores or sends is in it.

The rate needs all cores and is measured after a run. The processor time is sampled during it: other work on a machine,
or on the one below it, makes the same instructions several times dearer, from one minute to the next.
"""

import hashlib
import multiprocessing
import os
import time
from dataclasses import dataclass
from statistics import median

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BITS = 3072
SIGNATURES = 4
WRAPPED_KEYS = 2
FLOOR_SECONDS = 5.0
SAMPLE_SECONDS = 0.05
_BLOCK = 16


def crypto_floor(mail_bytes: int, seconds: float = FLOOR_SECONDS) -> float:
    """Return exchanges a second of all cores together, for a business mail of `mail_bytes`."""
    context = multiprocessing.get_context("spawn")
    cores = len(os.sched_getaffinity(0))
    with context.Pool(cores) as pool:
        return round(sum(pool.starmap(_one_core, [(mail_bytes, seconds)] * cores)), 2)


def _one_core(mail_bytes: int, seconds: float) -> float:
    exchange = Exchange(mail_bytes)
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        exchange.perform()
        done += 1
    return done / (time.perf_counter() - begun)


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


class Samples:
    """What the cryptography of an exchange costs while the engines run, by short samples on one core.

    `used` is the CPU seconds that they took.
    """

    def __init__(self, mail_bytes: int) -> None:
        self._exchange = Exchange(mail_bytes)
        self._costs: list[float] = []
        self.used = 0.0

    def take(self) -> None:
        """Take one sample."""
        done, begun = 0, time.thread_time()
        while (used := time.thread_time() - begun) < SAMPLE_SECONDS:
            self._exchange.perform()
            done += 1
        self._costs.append(used * 1000 / done)
        self.used += used

    def cpu_ms(self) -> float:
        """Return the median cost of an exchange, in CPU milliseconds."""
        return round(median(self._costs), 3)
