"""The gpgsm command, built on libksba and libgcrypt, as a partner that encrypts to us and decrypts what we encrypt."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12

from tests.fakes.world.clock import START

_PASSPHRASE = b"provepassord"
_TRIES = 5
"""gpgsm 2.2 cannot decrypt one PKCS#12 in some thirty, by the bytes of its random salt: it is packed anew."""
_OPTIONS = ("no-tty", "batch", "disable-crl-checks", "disable-dirmngr", "disable-policy-checks")


class Gpgsm:
    """A home folder of gpgsm, whose clock stands where the tests' certificates hold."""

    def __init__(self, home: Path, authority: x509.Certificate) -> None:
        self._home = home
        (home / "gpgsm.conf").write_text("\n".join((*_OPTIONS, "pinentry-mode loopback")))
        (home / "gpg-agent.conf").write_text("allow-loopback-pinentry\ns2k-count 65536\n")
        # "relax": an authority made for a test need not follow every rule for roots.
        (home / "trustlist.txt").write_text(f"{authority.fingerprint(hashes.SHA1()).hex().upper()} S relax\n")
        self.trust(authority)

    def trust(self, certificate: x509.Certificate) -> None:
        """Import a certificate."""
        self._run(["--import"], certificate.public_bytes(Encoding.PEM))

    def own(self, certificate: x509.Certificate, key: RSAPrivateKey) -> None:
        """Import a certificate with its key."""
        scheme = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1_000)
        scheme = scheme.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())
        file = self._home / "key.p12"
        words = ["--passphrase-fd", "0", "--import", str(file)]
        for _ in range(_TRIES):
            packed = pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, scheme.build(_PASSPHRASE))
            file.write_bytes(packed)
            if self._command(words, _PASSPHRASE).returncode == 0:
                return
        raise AssertionError("gpgsm takes no PKCS#12 of ours")

    def encrypt(self, document: bytes, cipher: str, *certificates: x509.Certificate) -> bytes:
        """Return EnvelopedData of a document to the holders of certificates that were imported."""
        named = [word for each in certificates for word in ("-r", f"0x{each.fingerprint(hashes.SHA1()).hex()}")]
        return self._run(["--cipher-algo", cipher, "--encrypt", *named], document)

    def decrypt(self, data: bytes) -> bytes:
        """Return the document inside EnvelopedData to a key of its own."""
        file = self._home / "sealed"
        file.write_bytes(data)
        return self._run(["--passphrase-fd", "0", "--decrypt", str(file)], _PASSPHRASE)

    def _run(self, words: list[str], given: bytes) -> bytes:
        done = self._command(words, given)
        assert done.returncode == 0, f"gpgsm {words[0]}: {done.stderr.decode('utf-8', 'replace')}"
        return done.stdout

    def _command(self, words: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
        now = f"{START:%Y%m%dT%H%M%S}"
        command = ["gpgsm", "--homedir", str(self._home), "--faked-system-time", now, *words]
        return subprocess.run(command, input=given, capture_output=True, check=False, timeout=60)


@contextmanager
def gpgsm(authority: x509.Certificate) -> Iterator[Gpgsm]:
    """Give gpgsm with a home of its own that trusts an authority; its agent is ended after. Skips where it is not."""
    if shutil.which("gpgsm") is None:
        assert not os.environ.get("CI"), "CI installs gpgsm"
        pytest.skip("The gpgsm command is not installed.")
    # Not in pytest's folder: the agent's socket must have a short path.
    home = Path(tempfile.mkdtemp(prefix="gpgsm-"))
    try:
        yield Gpgsm(home, authority)
    finally:
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)
