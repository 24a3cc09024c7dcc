"""What a revocation list (RFC 5280) or an OCSP answer (RFC 6960) says of a certificate, and whether it counts.

Nothing is fetched here: the bytes are judged by the issuer's key and by their own times.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import ocsp as ocsp_forms
from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from engine.codes.certificate import CertificateCode
from engine.errors import StatedError
from engine.trust.signed import is_signed_by

CLOCK_SKEW = timedelta(minutes=5)
WITHOUT_END = timedelta(hours=1)
"""How long an OCSP answer counts that does not say when the next one comes."""


class NoAnswer(StatedError):
    """Raised when bytes are no list or answer that counts; it says why, and repeats nothing of them."""


@dataclass(frozen=True, slots=True)
class OcspAnswer:
    """What a responder said of one certificate: since when it is revoked (None: it is not), and how long that counts.

    Times are aware and in UTC.
    """

    revoked_at: datetime | None
    this_update: datetime
    until: datetime

    def holds_at(self, at: datetime) -> bool:
        """Say whether the answer counts at a time."""
        return self.this_update - CLOCK_SKEW <= at <= self.until


class RevocationList:
    """A revocation list. `is_of` tells who has signed it, `covers` which certificates it is about."""

    def __init__(self, data: bytes) -> None:
        try:
            pem = data.startswith(b"-----")
            self._list = x509.load_pem_x509_crl(data) if pem else x509.load_der_x509_crl(data)
            self.begun = self._list.last_update_utc
            self.until = self._list.next_update_utc
            self._scope = _scope_of(self._list)
        except NoAnswer:
            raise
        except Exception:  # what hostile bytes make a library raise cannot be foreseen
            raise NoAnswer(CertificateCode.LIST_UNREADABLE) from None
        self._signed_by: dict[bytes, bool] = {}

    def is_of(self, issuer: bytes) -> bool:
        """Say whether an issuer (its certificate, DER) has signed the list. A long list is hashed once for each."""
        if issuer not in self._signed_by:
            self._signed_by[issuer] = _is_signed_by(self._list, x509.load_der_x509_certificate(issuer))
        return self._signed_by[issuer]

    def covers(self, certificate: x509.Certificate) -> bool:
        """Say whether a certificate would stand on the list if it were revoked, whatever for (RFC 5280 5.2.5)."""
        scope = self._scope
        if scope is None:
            return True
        if scope.indirect_crl or scope.only_contains_attribute_certs or scope.only_some_reasons or scope.relative_name:
            return False
        if scope.only_contains_ca_certs if not _is_ca(certificate) else scope.only_contains_user_certs:
            return False
        return scope.full_name is None or bool(set(_web_addresses(scope.full_name)) & set(list_addresses(certificate)))

    def holds_at(self, at: datetime) -> bool:
        """Say whether the list counts at a time: it has begun, and its next one is not due."""
        return self.begun <= at and (self.until is None or at <= self.until)

    def has_revoked(self, certificate: x509.Certificate, at: datetime) -> bool:
        """Say whether the list holds a certificate as revoked at a time."""
        found = self._list.get_revoked_certificate_by_serial_number(certificate.serial_number)
        return found is not None and found.revocation_date_utc <= at


def _scope_of(listed: x509.CertificateRevocationList) -> x509.IssuingDistributionPoint | None:
    """Return what a list says of its scope. Raises NoAnswer for a delta, and for what must be understood and is not."""
    scope = None
    for extension in listed.extensions:
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            scope = extension.value
        elif extension.critical or isinstance(extension.value, x509.DeltaCRLIndicator):
            raise NoAnswer(CertificateCode.LIST_NOT_WHOLE)
    return scope


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _is_signed_by(listed: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return listed.issuer == issuer.subject and listed.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False


def ocsp_request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """Return the question about one certificate (DER), without a nonce: answers are kept and asked for ahead."""
    # RFC 5019 2.1.1: the id of a certificate is made with SHA-1, which responders know; nothing rests on it.
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
    return builder.build().public_bytes(Encoding.DER)


def read_ocsp(data: bytes, certificate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> OcspAnswer:
    """Return what an answer (DER) says of a certificate. Raises NoAnswer where it does not count.

    It must be about this certificate of this issuer, and signed by the issuer or by a responder that the issuer
    itself has certified for that (RFC 6960 4.2.2.2).
    """
    try:
        response = ocsp.load_der_ocsp_response(data)
        if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise NoAnswer(CertificateCode.RESPONDER_REFUSED, status=response.response_status.name)
        if response.serial_number != certificate.serial_number or not _names(response, issuer):
            raise NoAnswer(CertificateCode.ANSWER_ABOUT_ANOTHER)
        _check_signature(response, data, issuer, at)
        return _answer(response)
    except NoAnswer:
        raise
    except Exception:  # what hostile bytes make a library raise cannot be foreseen
        raise NoAnswer(CertificateCode.ANSWER_UNREADABLE) from None


def _answer(response: ocsp.OCSPResponse) -> OcspAnswer:
    if response.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        raise NoAnswer(CertificateCode.RESPONDER_KNOWS_NOT)
    begun = response.this_update_utc
    until = response.next_update_utc or begun + WITHOUT_END
    return OcspAnswer(response.revocation_time_utc, begun, until)


def _names(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    digest = hashes.Hash(response.hash_algorithm)
    digest.update(issuer.subject.public_bytes())
    if digest.finalize() != response.issuer_name_hash:
        return False
    digest = hashes.Hash(response.hash_algorithm)
    # The hash covers the key's bits alone, without what says how many of the last byte are unused (RFC 6960 4.1.1).
    key = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest.update(PublicKeyInfo.load(key)["public_key"].contents[1:])
    return digest.finalize() == response.issuer_key_hash


def _check_signature(response: ocsp.OCSPResponse, data: bytes, issuer: x509.Certificate, at: datetime) -> None:
    """Check that the issuer, or whom it lets answer, signed an answer (`data`: its DER)."""
    algorithm = ocsp_forms.OCSPResponse.load(data)["response_bytes"]["response"].parsed["signature_algorithm"]
    signers = [issuer, *(found for found in response.certificates if _may_answer_for(found, issuer, at))]
    signed = response.signature, response.tbs_response_bytes, algorithm
    if not any(is_signed_by(signer.public_key(), *signed) for signer in signers):
        raise NoAnswer(CertificateCode.ANSWER_UNSIGNED)


def _may_answer_for(responder: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    try:
        responder.verify_directly_issued_by(issuer)
        usage = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound, UnsupportedAlgorithm):
        return False
    valid = responder.not_valid_before_utc <= at <= responder.not_valid_after_utc
    return valid and ExtendedKeyUsageOID.OCSP_SIGNING in usage


def list_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return where a certificate says that its issuer's list is (http and https)."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = (name for point in points for name in point.full_name or ())
    return _web_addresses(names)


def ocsp_addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return where a certificate says that it can be asked about by OCSP (http and https)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return _web_addresses(
        each.access_location for each in access if each.access_method == AuthorityInformationAccessOID.OCSP
    )


def _web_addresses(names: Iterable[x509.GeneralName]) -> tuple[str, ...]:
    uris = (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))
    return tuple(dict.fromkeys(uri for uri in uris if uri.lower().startswith(("http://", "https://"))))
