"""The openssl command as a partner that encrypts to us and decrypts what we encrypt."""

import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import Certificate, load_der_x509_certificate

OAEP = ("-keyopt", "rsa_padding_mode:oaep")
_DIGESTS = ("sha1", "sha224", "sha256", "sha384", "sha512")


def _oaep(*pairs: tuple[str, str]) -> tuple[str, ...]:
    return (*OAEP, *(word for key, value in pairs for word in ("-keyopt", f"rsa_{key}:{value}")))


OAEP_FORMS = {
    **{f"{name} and {mask}": _oaep(("oaep_md", name), ("mgf1_md", mask)) for name in _DIGESTS for mask in _DIGESTS},
    "no hash named": OAEP,
    "a label": _oaep(("oaep_label", "53616d76696b")),
    "a label and two hashes": _oaep(("oaep_label", "00"), ("oaep_md", "sha512"), ("mgf1_md", "sha256")),
}
"""What `openssl cms` writes with OAEP by the hashes of RFC 4055."""
_OTHERS = ("md5", "ripemd160", "sm3", "blake2b512", "shake256", "sha512-256", "sha3-256")
OAEP_REFUSED = {name: _oaep(("oaep_md", name)) for name in _OTHERS}


def encrypt(folder: Path, document: bytes, certificate: bytes, cipher: str, *options: str) -> bytes:
    """Return DER EnvelopedData of `document` to a certificate (DER)."""
    (folder / "plain").write_bytes(document)
    pem = load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
    (folder / "to.pem").write_bytes(pem)
    command = ["openssl", "cms", "-encrypt", "-binary", "-in", "plain", "-outform", "DER", f"-{cipher}"]
    return _run(folder, [*command, "-recip", "to.pem", *options])


def decrypt(folder: Path, data: bytes, certificate: Certificate, key: RSAPrivateKey) -> bytes:
    """Return the document inside EnvelopedData."""
    (folder / "sealed").write_bytes(data)
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    command = ["openssl", "cms", "-decrypt", "-binary", "-in", "sealed", "-inform", "DER"]
    return _run(folder, [*command, "-recip", "cert.pem", "-inkey", "key.pem"])


def _run(folder: Path, command: list[str]) -> bytes:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
