"""Whether an enterprise certificate may be used for a purpose at a time (transport.md C.3).

Chains are built and times checked by cryptography's verifier; what is special to enterprise certificates is checked
here: the key usage of the purpose, and revocation by the issuer. A reason never repeats a subject's personal fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from engine.names import HerId
from engine.ports import RevocationSource

SHORTEST_KEY_BITS = 2048


class Purpose(StrEnum):
    """What an enterprise certificate is for; parties hold one of each."""

    SIGNING = "signing"
    ENCRYPTION = "encryption"


@dataclass(frozen=True, slots=True)
class BadCertificate(Exception):
    """Raised when a certificate may not be used; the sentence names HER-id, serial, purpose and reason."""

    her: HerId
    serial: int
    purpose: Purpose
    reason: str

    def __str__(self) -> str:
        return f"HER-id {self.her}: {self.purpose} certificate with serial {self.serial:x} {self.reason}"


def check(
    certificate: bytes,
    her: HerId,
    purpose: Purpose,
    anchors: Sequence[bytes],
    revocation: RevocationSource,
    at: datetime,
) -> None:
    """Accept a certificate (DER) that is fit for its purpose, chains to an anchor (DER), is valid at `at`, unrevoked.

    Raises BadCertificate with the reason, Unavailable when revocation cannot be known now.
    """
    parsed = x509.load_der_x509_certificate(certificate)

    def bad(reason: str) -> BadCertificate:
        return BadCertificate(her, parsed.serial_number, purpose, reason)

    if at < parsed.not_valid_before_utc:
        raise bad("is not valid yet")
    if at > parsed.not_valid_after_utc:
        raise bad("has expired")
    if not _has_usage(parsed, purpose):
        raise bad("is not meant for this use")
    key = parsed.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST_KEY_BITS:
        raise bad(f"has no RSA key of at least {SHORTEST_KEY_BITS} bits")
    chain = _chain(parsed, anchors, at)
    if chain is None:
        raise bad("does not chain to a trusted issuer")
    for child, issuer in pairwise(chain):
        if revocation.is_revoked(child.public_bytes(Encoding.DER), issuer.public_bytes(Encoding.DER), at):
            raise bad("has been revoked")


def _chain(leaf: x509.Certificate, anchors: Sequence[bytes], at: datetime) -> list[x509.Certificate] | None:
    """Return the chain from the leaf to an anchor. Anchors include the issuing CAs between, as Norwegian ones do."""
    trusted = [x509.load_der_x509_certificate(anchor) for anchor in anchors]
    if not trusted:
        return None
    anything, no_ca_rule = ExtensionPolicy.permit_all(), ExtensionPolicy.permit_all()
    builder = PolicyBuilder().store(Store(trusted)).time(at)
    verifier = builder.extension_policies(ca_policy=no_ca_rule, ee_policy=anything).build_client_verifier()
    try:
        chain = verifier.verify(leaf, trusted).chain
    except VerificationError:
        return None
    return chain if all(_is_ca(issuer) for issuer in chain[1:]) else None


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return constraints.ca and usage.key_cert_sign


def _has_usage(certificate: x509.Certificate, purpose: Purpose) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return usage.content_commitment if purpose is Purpose.SIGNING else usage.key_encipherment
