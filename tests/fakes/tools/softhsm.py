"""A token made of software: Debian's SoftHSM2, with tokens in a folder of the test's own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from adapters.keys.pki import key_bytes

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"


class SoftHsm:
    """Makes tokens and puts keys into them. The library reads its folder once a process, so there is one of these."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("softhsm2-util") is None or not MODULE.exists():
            pytest.skip("SoftHSM2 is not installed (Debian: softhsm2).")
        self._folder = folder
        (folder / "tokens").mkdir()
        (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n", "utf-8")
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")

    def token(self, label: str, *keys: RSAPrivateKey) -> str:
        """Make a token that holds these keys; return its label."""
        self._run("--init-token", "--free", "--label", label, "--so-pin", "4321")
        for number, key in enumerate(keys, 1):
            path = self._folder / "key.pem"
            path.write_bytes(key_bytes(key))
            self._run("--import", str(path), "--token", label, "--label", f"k{number}", "--id", f"{number:02x}")
        return label

    def _run(self, *words: str) -> None:
        subprocess.run(["softhsm2-util", *words, "--pin", PIN], check=True, capture_output=True)
