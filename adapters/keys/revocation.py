"""Revocation from files: lists that operations put there, and lists and OCSP answers that were fetched.

Files are read again when they change. Nothing is fetched here (adapters.keys.revocation_fetch).
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from cryptography import x509

from engine.codes.certificate import CertificateCode
from engine.codes.disk import DiskCode
from engine.codes.statement import Statement
from engine.errors import Unavailable
from engine.trust.revocation import NoAnswer, OcspAnswer, RevocationList, read_ocsp

T = TypeVar("T")


class RevocationFiles:
    """Answers from revocation lists (DER or PEM) at `paths`, and from what was fetched into `fetched`.

    Diagnostics: raises Unavailable when there is neither a list nor an answer that the issuer has signed and that is
    valid at the given time. The message then waits; it is never taken on trust. If both exist, either can revoke.
    """

    def __init__(self, paths: Sequence[Path], fetched: Path | None = None) -> None:
        self._paths = tuple(paths)
        self._fetched = fetched
        self._lists = FilesRead(RevocationList)
        self._answers = FilesRead(bytes)

    def is_revoked(self, certificate: bytes, issuer: bytes, at: datetime) -> bool:
        """See engine.ports.RevocationSource."""
        parsed = x509.load_der_x509_certificate(certificate)
        listed, unreadable = self._list_of(parsed, issuer, at)
        answer = self._answer_about(certificate, issuer, at)
        if listed is None and answer is None:
            raise Unavailable(CertificateCode.NO_LIST, unread=unreadable)
        if answer is not None and answer.revoked_at is not None and answer.revoked_at <= at:
            return True
        return listed is not None and listed.has_revoked(parsed, at)

    def _list_of(
        self, certificate: x509.Certificate, issuer: bytes, at: datetime
    ) -> tuple[RevocationList | None, list[Statement]]:
        """Return the newest list that covers a certificate, and the files that could not be read."""
        paths = (*self._paths, *(sorted(self._fetched.glob("*.crl")) if self._fetched else ()))
        read = {path: self._lists.read(path) for path in paths}
        found = [each for each in read.values() if each and each.holds_at(at) and each.covers(certificate)]
        newest = max((each for each in found if each.is_of(issuer)), key=lambda each: each.begun, default=None)
        # An unreadable file may be the list that we need: it is named only when no other list covers the certificate.
        return newest, [Statement.of(DiskCode.NOT_READ, path=path) for path in paths if read[path] is None]

    def _answer_about(self, certificate: bytes, issuer: bytes, at: datetime) -> OcspAnswer | None:
        data = self._answers.read(answer_path(self._fetched, certificate)) if self._fetched else None
        if data is None:
            return None
        about, signer = x509.load_der_x509_certificate(certificate), x509.load_der_x509_certificate(issuer)
        try:
            answer = read_ocsp(data, about, signer, at)
        except NoAnswer:
            return None
        return answer if answer.holds_at(at) else None


class FilesRead(Generic[T]):
    """Parsed files: a file is parsed again only after it has changed."""

    def __init__(self, make: Callable[[bytes], T]) -> None:
        self._make = make
        self._known: dict[Path, tuple[int, T]] = {}

    def read(self, path: Path) -> T | None:
        """Return the parsed file, None when it is missing or cannot be read."""
        try:
            changed = path.stat().st_mtime_ns
            known = self._known.get(path)
            if known is None or known[0] != changed:
                known = (changed, self._make(path.read_bytes()))
                self._known[path] = known
        except (OSError, NoAnswer):
            return None
        return known[1]


def answer_path(folder: Path, certificate: bytes) -> Path:
    """Return the path of the fetched OCSP answer about a certificate (DER)."""
    return folder / f"{hashlib.sha256(certificate).hexdigest()}.ocsp"


def list_path(folder: Path, url: str) -> Path:
    """Return the path of the list that was fetched from an address."""
    return folder / f"{hashlib.sha256(url.encode()).hexdigest()}.crl"
