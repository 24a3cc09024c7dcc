"""Why a certificate does not chain to a trusted issuer: the reason by its name, and the certificate that is to blame.

cryptography's verifier gives the verdict alone. Here each thing that it demands is looked at by itself, from the leaf
upwards; of two issuers of one name, the one that signed counts.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtensionOID, NameOID

from engine.codes.certificate import CertificateCode

Blame = tuple[CertificateCode, x509.Certificate]
"""A reason, and the certificate that it is about."""

ISSUER_FAULTS = {
    CertificateCode.ISSUER_KEY,
    CertificateCode.ISSUER_EXPIRED,
    CertificateCode.ISSUER_NOT_YET,
    CertificateCode.ISSUER_NO_CA,
    CertificateCode.ISSUER_USAGE,
}
"""Reasons about an issuer: those alone name it."""

_UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ExtensionOID.NAME_CONSTRAINTS,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
}
"""Extensions that the verifier understands: another one that is critical makes a certificate void (RFC 5280, 4.2)."""
_WEAK = (hashes.MD5, hashes.SHA1)


def why_no_chain(leaf: x509.Certificate, trusted: Sequence[x509.Certificate], at: datetime) -> Blame:
    """Return why there is no chain from a leaf to one of the trusted issuers at `at`."""
    seen: list[x509.Certificate] = []
    child = leaf
    while child not in seen:
        seen.append(child)
        for reason in _of_itself(child):
            return reason, child
        named = [each for each in trusted if each.subject == child.issuer]
        if not named:
            return CertificateCode.NO_TRUSTED_ISSUER, child
        signers = [each for each in named if _signed(child, each)]
        if not signers:
            return CertificateCode.ISSUER_KEY, named[0]
        faults = [(reason, each) for each in signers for reason in _as_issuer(each, at)]
        sound = [each for each in signers if all(each is not faulty for _, faulty in faults)]
        if not sound:
            return faults[0]
        child = sound[0]
    return CertificateCode.NO_TRUSTED_ISSUER, leaf


def _of_itself(certificate: x509.Certificate) -> Iterator[CertificateCode]:
    try:
        extensions = list(certificate.extensions)
    except (x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        yield CertificateCode.EXTENSIONS_UNREADABLE
        return
    if any(each.critical and each.oid not in _UNDERSTOOD for each in extensions):
        yield CertificateCode.CRITICAL_EXTENSION
    try:
        weak = isinstance(certificate.signature_hash_algorithm, _WEAK)
    except UnsupportedAlgorithm:
        weak = True
    if weak:
        yield CertificateCode.WEAK_SIGNATURE


def _signed(child: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _as_issuer(issuer: x509.Certificate, at: datetime) -> Iterator[CertificateCode]:
    if at > issuer.not_valid_after_utc:
        yield CertificateCode.ISSUER_EXPIRED
    if at < issuer.not_valid_before_utc:
        yield CertificateCode.ISSUER_NOT_YET
    yield from _of_itself(issuer)
    try:
        is_ca = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError, x509.DuplicateExtension):
        is_ca = False
    if not is_ca:
        yield CertificateCode.ISSUER_NO_CA
    try:
        issues = issuer.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except (x509.ExtensionNotFound, ValueError, x509.DuplicateExtension):
        issues = False
    if not issues:
        yield CertificateCode.ISSUER_USAGE


def name_of(certificate: x509.Certificate) -> str:
    """Return what an issuer is called: its common name, else its organisation, else the empty text."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for found in certificate.subject.get_attributes_for_oid(oid):
            return str(found.value)
    return ""
