"""The xmlsec1 command as a partner that signs and verifies what we do, the attachments in files beside it."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import which

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from tests.fakes.tools.xmlsec_partner import with_template


def needed() -> None:
    """Skip the test where the command is not installed; CI installs it."""
    if which("xmlsec1") is None:
        assert not os.environ.get("CI"), "CI installs xmlsec1"
        pytest.skip("The xmlsec1 command is not installed; libxmlsec itself is asked beside it.")


def verifies(folder: Path, soap: bytes, parts: Mapping[str, bytes], certificate: bytes) -> bool:
    """Say whether the command finds the signature of an envelope valid by this certificate (DER)."""
    pem = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    done = _run(folder, "--verify", soap, parts, "--pubkey-cert-pem", "cert.pem")
    return done.returncode == 0


def signs(
    folder: Path, envelope: etree._Element, parts: Mapping[str, bytes], certificate: bytes, key: RSAPrivateKey
) -> bytes:
    """Return the envelope signed by the command in the profile of transport.md C.1."""
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    unsigned = with_template(envelope, parts, certificate)
    done = _run(folder, "--sign", unsigned, parts, "--privkey-pem", "key.pem", "--output", "signed.xml")
    assert done.returncode == 0, done.stderr
    return (folder / "signed.xml").read_bytes()


def _run(
    folder: Path, what: str, soap: bytes, parts: Mapping[str, bytes], *words: str
) -> subprocess.CompletedProcess[bytes]:
    (folder / "envelope.xml").write_bytes(soap)
    command = ["xmlsec1", what, *_mapped(folder, parts), *words, "envelope.xml"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True)


def _mapped(folder: Path, parts: Mapping[str, bytes]) -> Iterator[str]:
    for number, (name, data) in enumerate(parts.items()):
        (folder / f"part-{number}").write_bytes(data)
        yield from (f"--url-map:cid:{name}", f"part-{number}")
