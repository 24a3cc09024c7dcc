"""Revocation by lists in files, one for each issuer that we trust; re-read when a file changes."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509

from engine.errors import Unavailable


class RevocationFiles:
    """Answers from CRL files (DER or PEM).

    Diagnostics: no list of the issuer, a list whose signature fails, or one that is out of date at the time asked
    for, is Unavailable: the message waits and is never taken on trust.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._read: dict[Path, tuple[int, x509.CertificateRevocationList]] = {}

    def is_revoked(self, certificate: bytes, issuer: bytes, at: datetime) -> bool:
        """See engine.ports.RevocationSource."""
        parsed = x509.load_der_x509_certificate(certificate)
        listed = self._list_of(x509.load_der_x509_certificate(issuer), at)
        found = listed.get_revoked_certificate_by_serial_number(parsed.serial_number)
        return found is not None and found.revocation_date_utc <= at

    def _list_of(self, issuer: x509.Certificate, at: datetime) -> x509.CertificateRevocationList:
        unreadable = ""
        for path in self._paths:
            listed = self._load(path)
            if listed is None:
                # It may be another issuer's: what cannot be read keeps only those waiting whose list it may be.
                unreadable = f" {path} cannot be read."
            elif listed.issuer == issuer.subject and _is_good(listed, issuer, at):
                return listed
        raise Unavailable(f"No valid revocation list of the certificate's issuer. Fetch a new one.{unreadable}")

    def _load(self, path: Path) -> x509.CertificateRevocationList | None:
        try:
            changed = path.stat().st_mtime_ns
            known = self._read.get(path)
            if known is None or known[0] != changed:
                known = (changed, _parse(path.read_bytes()))
                self._read[path] = known
        except (OSError, ValueError):
            return None
        return known[1]


def _parse(data: bytes) -> x509.CertificateRevocationList:
    if data.startswith(b"-----"):
        return x509.load_pem_x509_crl(data)
    return x509.load_der_x509_crl(data)


def _is_good(listed: x509.CertificateRevocationList, issuer: x509.Certificate, at: datetime) -> bool:
    until = listed.next_update_utc
    in_time = listed.last_update_utc <= at and (until is None or at <= until)
    return in_time and listed.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
