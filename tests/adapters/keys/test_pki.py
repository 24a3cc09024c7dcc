"""Keys and certificates for demo and test have the shape of real enterprise certificates (transport.md C.3)."""

import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from adapters.keys.files import keys_in
from adapters.keys.pki import KEY_BITS, Enterprise, make_pki
from adapters.keys.revocation import RevocationFiles
from engine.agreements.purpose import Purpose
from engine.errors import Refused
from engine.names import HerId
from engine.trust.certificates import check

NOW = datetime.now(UTC).replace(microsecond=0)
OFFICE = Enterprise("8090300", "Namdalen legekontor " + "med et langt navn " * 4, "999000037")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what `pki init` writes for one enterprise."""
    folder = tmp_path_factory.mktemp("pki")
    written = make_pki(folder, [OFFICE], NOW)
    assert sorted(written) == sorted(path for path in folder.rglob("*") if path.is_file())
    return folder


def certificate(folder: Path, purpose: Purpose) -> x509.Certificate:
    """Return one of the enterprise's certificates."""
    return x509.load_pem_x509_certificate((folder / "certs" / f"{OFFICE.her}-{purpose}.pem").read_bytes())


USAGES = {
    Purpose.SIGNING: {"content_commitment"},
    Purpose.ENCRYPTION: {"digital_signature", "key_encipherment"},
}


@pytest.mark.parametrize("purpose", Purpose)
def test_an_enterprise_certificate_has_the_real_shape(folder: Path, purpose: Purpose) -> None:
    """RSA 3072, the usage of its purpose alone and critical, and the organisation number as NTRNO- in the subject."""
    found = certificate(folder, purpose)
    usage = found.extensions.get_extension_for_class(x509.KeyUsage)
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    assert usage.critical
    assert {name for name in names if getattr(usage.value, name)} == USAGES[purpose]
    assert not usage.value.key_cert_sign
    assert found.public_key().key_size == KEY_BITS == 3072
    number = found.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    assert [each.value for each in number] == ["NTRNO-999000037"]
    assert found.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)[0].value == "NO"
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_two_certificates_have_keys_of_their_own(folder: Path) -> None:
    """Signing and encryption use different keys, each that of its certificate."""
    publics = set()
    for purpose in Purpose:
        key = load_pem_private_key((folder / "private" / f"{OFFICE.her}-{purpose}.pem").read_bytes(), None)
        assert key.public_key() == certificate(folder, purpose).public_key()
        publics.add(key.public_key().public_numbers().n)
    assert len(publics) == 2


def test_private_is_private(folder: Path) -> None:
    """Keys are for the owner alone, and so is their folder; certificates and the list are for everybody."""
    assert stat.S_IMODE((folder / "private").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "private").iterdir()} == {0o600}
    for path in (folder / "ca.pem", folder / "ca.crl", *(folder / "certs").iterdir()):
        assert path.stat().st_mode & stat.S_IROTH
    assert len(keys_in(folder / "private")) == 2


def test_the_key_of_the_authority_is_kept_nowhere(folder: Path) -> None:
    """Nobody can issue more under this CA: its key is not written."""
    assert sorted(path.name for path in (folder / "private").iterdir()) == [
        f"{OFFICE.her}-encryption.pem",
        f"{OFFICE.her}-signing.pem",
    ]


def test_nothing_is_written_over(folder: Path) -> None:
    """A folder that holds a CA is refused, and every file stays as it was."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(Refused, match=r"key\.ca_exists"):
        make_pki(folder, [OFFICE], NOW)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("purpose", Purpose)
def test_the_engine_accepts_what_was_made(folder: Path, purpose: Purpose) -> None:
    """Chain, usage, validity and revocation list hold for our own check."""
    anchor = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    der = certificate(folder, purpose).public_bytes(Encoding.DER)
    lists = RevocationFiles([folder / "ca.crl"])
    check(der, HerId(OFFICE.her), purpose, [anchor.public_bytes(Encoding.DER)], lists, NOW)


@pytest.mark.parametrize("purpose", Purpose)
def test_openssl_accepts_the_chain(folder: Path, purpose: Purpose) -> None:
    """`openssl verify` builds the chain with strict rules and finds the certificate unrevoked."""
    command = ["openssl", "verify", "-CAfile", folder / "ca.pem", "-CRLfile", folder / "ca.crl", "-crl_check"]
    leaf = folder / "certs" / f"{OFFICE.her}-{purpose}.pem"
    done = subprocess.run([*command, "-x509_strict", leaf], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
