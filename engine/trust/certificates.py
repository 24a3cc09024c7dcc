"""Whether an enterprise certificate may be used for a purpose at a time (transport.md C.3).

Chains are built and times checked by cryptography's verifier; what is special to enterprise certificates is checked
here: the key usage of the purpose, and revocation by the issuer. A reason never repeats a subject's personal fields.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.errors import StatedError, Unavailable
from engine.names import HerId
from engine.ports import RevocationSource
from engine.trust.chain_faults import ISSUER_FAULTS, Blame, name_of, why_no_chain

SHORTEST_KEY_BITS = 2048


class BadCertificate(StatedError):
    """Raised when a certificate may not be used; it says whose certificate, its serial and purpose, and why."""

    def __init__(
        self, her_id: HerId, serial: int, purpose: Purpose, reason: CertificateCode, blamed: Blame | None = None
    ) -> None:
        needs: dict[str, object] = {"bits": SHORTEST_KEY_BITS} if reason is CertificateCode.SHORT_KEY else {}
        if blamed is not None and reason is not CertificateCode.NO_TRUSTED_ISSUER:
            needs |= {"issuer": _issuer_name(blamed), "issuer_serial": f"{blamed[1].serial_number:x}"}
        super().__init__(reason, her_id=her_id, purpose=purpose, serial=f"{serial:x}", **needs)
        self.reason = reason


def _issuer_name(blamed: Blame) -> str:
    """Return what the issuer that is to blame is called; of the certificate itself nothing is told but its number."""
    reason, certificate = blamed
    return name_of(certificate) if reason in ISSUER_FAULTS else ""


def check(
    certificate: bytes,
    her_id: HerId,
    purpose: Purpose,
    anchors: Sequence[bytes],
    revocation: RevocationSource,
    at: datetime,
) -> None:
    """Accept a certificate (DER) that is fit for its purpose, chains to an anchor (DER), is valid at `at`, unrevoked.

    Raises BadCertificate with the reason, Unavailable when revocation cannot be known now.
    """
    parsed = x509.load_der_x509_certificate(certificate)
    reason, blamed = why_unfit(parsed, purpose, at), None
    if reason is None:
        try:
            reason, blamed = _why_untrusted(parsed, anchors, revocation, at)
        except Unavailable as silent:
            why, serial = silent.statement or str(silent), f"{parsed.serial_number:x}"
            raise Unavailable(
                CertificateCode.NOT_CHECKED, her_id=her_id, purpose=purpose, serial=serial, why=why
            ) from None
    if reason is not None:
        raise BadCertificate(her_id, parsed.serial_number, purpose, reason, blamed)


def _why_untrusted(
    certificate: x509.Certificate, anchors: Sequence[bytes], revocation: RevocationSource, at: datetime
) -> tuple[CertificateCode | None, Blame | None]:
    """Return why a certificate's issuers do not vouch for it, and who is to blame; None twice where they do."""
    chain = chain_of(certificate, anchors, at)
    if chain is None:
        blamed = why_no_chain(certificate, [x509.load_der_x509_certificate(anchor) for anchor in anchors], at)
        return blamed[0], blamed
    return (CertificateCode.REVOKED if is_revoked_in(chain, revocation, at) else None), None


def is_revoked_in(chain: Sequence[x509.Certificate], revocation: RevocationSource, at: datetime) -> bool:
    """Say whether a certificate of a chain was revoked by the next one; the last one is an anchor and not asked about.

    Raises Unavailable when that cannot be known now.
    """
    return any(
        revocation.is_revoked(child.public_bytes(Encoding.DER), issuer.public_bytes(Encoding.DER), at)
        for child, issuer in pairwise(chain)
    )


def why_unfit(certificate: x509.Certificate, purpose: Purpose, at: datetime) -> CertificateCode | None:
    """Return why a certificate by itself may not be used for a purpose at a time, None where it may."""
    if at < certificate.not_valid_before_utc:
        return CertificateCode.NOT_VALID_YET
    if at > certificate.not_valid_after_utc:
        return CertificateCode.EXPIRED
    if not _has_usage(certificate, purpose):
        return CertificateCode.OTHER_USE
    if _rsa_bits(certificate) < SHORTEST_KEY_BITS:
        return CertificateCode.SHORT_KEY
    return None


def _rsa_bits(certificate: x509.Certificate) -> int:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return 0
    return key.key_size if isinstance(key, RSAPublicKey) else 0


def chain_of(leaf: x509.Certificate, anchors: Sequence[bytes], at: datetime) -> list[x509.Certificate] | None:
    """Return the chain from the leaf to an anchor (DER), None where there is none that is valid at `at`.

    Anchors include the issuing CAs between, as Norwegian ones do.
    """
    trusted = [x509.load_der_x509_certificate(anchor) for anchor in anchors]
    if not trusted:
        return None
    builder = PolicyBuilder().store(Store(trusted)).time(at)
    verifier = builder.extension_policies(ca_policy=_CA_RULES, ee_policy=ExtensionPolicy.permit_all())
    try:
        return verifier.build_client_verifier().verify(leaf, trusted).chain
    except VerificationError:
        return None


def _is_ca(_policy: object, _certificate: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("not a certificate authority")


def _signs_certificates(_policy: object, _certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.key_cert_sign:
        raise ValueError("may not sign certificates")


_CA_RULES = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _is_ca)
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _signs_certificates)
)
"""Enterprise issuers are not web issuers: what must hold of them is only that they are CAs that may issue."""


def _has_usage(certificate: x509.Certificate, purpose: Purpose) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return False
    return usage.content_commitment if purpose is Purpose.SIGNING else usage.key_encipherment
