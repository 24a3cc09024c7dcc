"""Keys and certificates for demo and test, in the form of Buypass's enterprise certificates (transport.md C.3).

A CA, and for each enterprise a signing certificate (contentCommitment) and an encryption certificate, RSA 3072, with
the organisation number as organizationIdentifier NTRNO-.... Never for production.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from engine.agreements.purpose import Purpose
from engine.codes.certificate import KeyCode
from engine.errors import Refused

KEY_BITS = 3072
CA_YEARS = timedelta(days=3650)
LEAF_YEARS = timedelta(days=1095)
CRL_DAYS = timedelta(days=3650)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Enterprise:
    """The enterprise that a pair of certificates is for."""

    her: str
    name: str
    organisation_number: str


class TestAuthority:
    """A certificate authority of our own for demo and test."""

    __test__ = False

    def __init__(self, now: datetime, key_bits: int = KEY_BITS) -> None:
        self._now = now
        self._bits = key_bits
        self._key = rsa.generate_private_key(65537, key_bits)
        name = _name("Samvik test CA", "Samvik", "")
        builder = _builder(name, name, self._key, now, CA_YEARS)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.certificate = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True).sign(
            self._key, hashes.SHA256()
        )

    def issue(
        self,
        to: Enterprise,
        purpose: Purpose,
        *,
        start: datetime | None = None,
        lasts: timedelta = LEAF_YEARS,
        more: Sequence[x509.ExtensionType] = (),
    ) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
        """Return a certificate and its key for one purpose, valid from `start` (default: now) for `lasts`.

        `more` are further extensions, such as the addresses of revocation lists and OCSP responders.
        """
        key = rsa.generate_private_key(65537, self._bits)
        subject = _name(to.name, to.name, to.organisation_number)
        usage = _usage(content_commitment=True) if purpose is Purpose.SIGNING else _ENCRYPTION
        builder = _builder(subject, self.certificate.subject, key, start or self._now, lasts)
        authority = self._key.public_key()
        builder = (
            builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
            .add_extension(usage, critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority), critical=False)
        )
        for extension in more:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self._key, hashes.SHA256()), key

    def revocation_list(self, revoked: Sequence[x509.Certificate] = (), at: datetime | None = None) -> bytes:
        """Return a CRL (DER) valid from the day before now, with these certificates revoked at `at`."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(self._now - _ONE_DAY).next_update(self._now + CRL_DAYS)
        for certificate in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(at or self._now).build())
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.DER)


def make_pki(folder: Path, enterprises: Sequence[Enterprise], now: datetime) -> list[Path]:
    """Write a CA, its revocation list, and two certificates with keys for each enterprise; return what was written.

    Layout: ca.pem, ca.crl, certs/HER-PURPOSE.pem and private/HER-PURPOSE.pem (0600). Raises Refused where the folder
    holds a CA already: nothing is ever written over.
    """
    if (folder / "ca.pem").exists():
        raise Refused(KeyCode.CA_EXISTS, folder=folder)
    (folder / "certs").mkdir(parents=True, exist_ok=True)
    (folder / "private").mkdir(mode=0o700, exist_ok=True)
    authority = TestAuthority(now)
    written = [_write(folder / "ca.pem", authority.certificate.public_bytes(Encoding.PEM), 0o644)]
    for enterprise in enterprises:
        for purpose in Purpose:
            certificate, key = authority.issue(enterprise, purpose)
            name = f"{enterprise.her}-{purpose}.pem"
            written.append(_write(folder / "certs" / name, certificate.public_bytes(Encoding.PEM), 0o644))
            written.append(_write(folder / "private" / name, key_bytes(key), 0o600))
    written.append(_write(folder / "ca.crl", authority.revocation_list(), 0o644))
    return written


def key_bytes(key: rsa.RSAPrivateKey) -> bytes:
    """Return a private key as unencrypted PKCS#8 PEM, as keys.directory holds them."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, data: bytes, mode: int) -> Path:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return path


def _name(common: str, organisation: str, number: str) -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "NO"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
    ]
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common[:64]))
    if number:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRNO-{number}"))
    return x509.Name(parts)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, start: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(start - _ONE_DAY).not_valid_after(start + lasts)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _usage(**given: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: given.get(name, False) for name in _USAGES})


_ENCRYPTION = _usage(digital_signature=True, key_encipherment=True)
