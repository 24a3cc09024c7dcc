"""Private keys in a folder: what is accepted, what stops the start, and that they do their work and stay hidden."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)

from adapters.keys.files import keys_in, left_out, public_keys_in
from adapters.keys.oaep import padding_of
from adapters.keys.pki import key_bytes
from adapters.keys.ring import KeyRing
from engine.agreements.purpose import Purpose
from engine.errors import OwnFault
from engine.ports import Oaep
from tests.fakes.world.parties import GP, LEVANGER, VERDAL, test_keys

SCHEMES = {
    "PKCS#1 v1.5": None,
    "OAEP": Oaep(),
    "OAEP as Java writes it": Oaep("sha256", "sha1"),
    "OAEP with a label": Oaep("sha512", "sha384", b"Samvik"),
}


def put(folder: Path, name: str, data: bytes, mode: int = 0o600) -> Path:
    """Write a file with a mode."""
    path = folder / name
    path.write_bytes(data)
    path.chmod(mode)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the keys of Levanger, and something that is no key beside them."""
    for purpose in Purpose:
        put(tmp_path, f"{LEVANGER}-{purpose}.pem", key_bytes(test_keys().issued[LEVANGER, purpose][1]))
    put(tmp_path, "les-meg.txt", b"ingen nokkel", 0o644)
    return tmp_path


def ring(folder: Path, password_file: Path | None = None) -> KeyRing:
    """Return the keys of a folder as the engine uses them."""
    return KeyRing([keys_in(folder, password_file)])


def certificate(her: str, purpose: Purpose) -> bytes:
    """Return a certificate as DER."""
    return test_keys().der(her, purpose)


def test_a_signature_holds(folder: Path) -> None:
    """What is signed with a certificate's key verifies with that certificate."""
    signature = ring(folder).sign(certificate(LEVANGER, Purpose.SIGNING), b"data")
    public = test_keys().issued[LEVANGER, Purpose.SIGNING][0].public_key()
    public.verify(signature, b"data", padding.PKCS1v15(), hashes.SHA256())


def test_a_key_that_is_not_here_is_our_fault(folder: Path) -> None:
    """Signing or unwrapping for a certificate without a key names its serial: the partner has done nothing wrong."""
    keys, foreign = ring(folder), test_keys().issued[VERDAL, Purpose.SIGNING][0]
    with pytest.raises(OwnFault, match=rf"key\.not_here.*{foreign.serial_number:x}"):
        keys.sign(certificate(VERDAL, Purpose.SIGNING), b"data")
    with pytest.raises(OwnFault, match=r"key\.not_here"):
        keys.unwrap(certificate(VERDAL, Purpose.ENCRYPTION), b"x" * 256, None)
    assert keys.holds(certificate(LEVANGER, Purpose.SIGNING))
    assert not keys.holds(certificate(VERDAL, Purpose.SIGNING))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_padding_is_unwrapped(folder: Path, scheme: str) -> None:
    """A content key comes out with the padding that it was wrapped with, and with no other."""
    public = test_keys().issued[LEVANGER, Purpose.ENCRYPTION][0].public_key()
    wrapped = public.encrypt(b"k" * 32, padding_of(SCHEMES[scheme]))
    keys = ring(folder)
    for other in SCHEMES:
        found = keys.unwrap(certificate(LEVANGER, Purpose.ENCRYPTION), wrapped, SCHEMES[other])
        assert (found == b"k" * 32) == (other == scheme)


@pytest.mark.parametrize("wrapped", [b"", b"x" * 10, b"\x00" * 256, b"\xff" * 256, b"x" * 1000])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_nonsense_is_not_unwrapped(folder: Path, scheme: str, wrapped: bytes) -> None:
    """Bytes that nobody wrapped for us give no content key, and no error that would tell how they failed."""
    keys = ring(folder)
    found, again = (keys.unwrap(certificate(LEVANGER, Purpose.ENCRYPTION), wrapped, SCHEMES[scheme]) for _ in range(2))
    # PKCS#1 v1.5 answers nonsense with bytes of its own, on purpose: no attacker learns which of the two it was. They
    # are of any length, none included, and always the same for the same nonsense (tests/crypto: a key that fits not).
    assert found is None or (SCHEMES[scheme] is None and found == again)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o610])
def test_a_key_that_others_can_reach_stops_the_start(folder: Path, mode: int) -> None:
    """A key file with any right for group or others is refused by name, with the command that cures it."""
    path = put(folder, "apen.pem", key_bytes(test_keys().issued[GP, Purpose.SIGNING][1]), mode)
    with pytest.raises(OwnFault, match=rf"disk\.read_by_others.*{path}"):
        ring(folder)


def _elliptic() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _locked() -> bytes:
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"ord"))


def _public() -> bytes:
    key = test_keys().issued[GP, Purpose.SIGNING][1].public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("make", [_elliptic, _locked, _public, lambda: b"", lambda: b"\xff\x00", lambda: b"-----BEGIN"])
def test_what_is_no_open_rsa_key_stops_the_start(folder: Path, make) -> None:
    """An elliptic key, a locked one, a public one, and what is no key at all are refused by name."""
    path = put(folder, "annen.pem", make())
    with pytest.raises(OwnFault, match=str(path)):
        ring(folder)


def _pkcs12(password: bytes | None) -> bytes:
    certificate, key = test_keys().issued[GP, Purpose.SIGNING]
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"signering", key, certificate, None, how)


@pytest.mark.parametrize("name", ["gp.p12", "gp.pfx", "gp.pem"])
def test_the_password_opens_what_is_locked(folder: Path, name: str) -> None:
    """PKCS#12 as issuers deliver it, and a locked PEM, open with the one password; unlocked keys need none."""
    put(folder, name, _locked() if name.endswith("pem") else _pkcs12(b"ord"))
    keys = ring(folder, put(folder, "passord", b"ord\n"))
    assert keys.holds(certificate(GP, Purpose.SIGNING))
    assert keys.holds(certificate(LEVANGER, Purpose.SIGNING))


def test_a_file_without_a_password_opens_without_one(folder: Path) -> None:
    """A PKCS#12 file that nobody locked is read as it is."""
    put(folder, "gp.p12", _pkcs12(None))
    assert ring(folder).holds(certificate(GP, Purpose.SIGNING))


@pytest.mark.parametrize("password", [b"feil\n", b"", None])
@pytest.mark.parametrize("name", ["gp.p12", "gp.pem"])
def test_a_wrong_password_stops_the_start(folder: Path, name: str, password: bytes | None) -> None:
    """A locked key that the password does not open is refused by name, and no password is repeated."""
    path = put(folder, name, _locked() if name.endswith("pem") else _pkcs12(b"ord"))
    with pytest.raises(OwnFault, match=str(path)) as refused:
        ring(folder, None if password is None else put(folder, "passord", password))
    assert "feil" not in str(refused.value)


def test_a_password_that_others_can_read_stops_the_start(folder: Path) -> None:
    """The password file must be ours alone."""
    with pytest.raises(OwnFault, match=r"disk\.read_by_others"):
        ring(folder, put(folder, "passord", b"ord", 0o644))


def test_a_folder_in_a_keys_place_stops_the_start(folder: Path) -> None:
    """A folder that is called as a key file is refused by name."""
    (folder / "mappe.pem").mkdir(mode=0o700)
    with pytest.raises(OwnFault, match=r"mappe\.pem"):
        ring(folder)


def test_no_key_is_shown(folder: Path) -> None:
    """The text form says how many keys there are, and nothing of them."""
    keys = ring(folder)
    assert repr(keys) == str(keys) == "KeyRing(2 keys)"
    assert repr(ring(folder / "finnes-ikke")) == "KeyRing(0 keys)"


@pytest.mark.parametrize("ending", ["PEM", "Pem", "P12", "PFX", "p12", "pfx"])
def test_an_ending_counts_in_whatever_letters(tmp_path: Path, ending: str) -> None:
    """A key is read by its ending as issuers and people write it."""
    key = test_keys().issued[GP, Purpose.SIGNING][1]
    put(tmp_path, f"NOKKEL.{ending}", key_bytes(key) if ending.lower() == "pem" else _pkcs12(None))
    assert ring(tmp_path).holds(certificate(GP, Purpose.SIGNING))
    assert left_out(tmp_path) == []


def test_what_looks_like_a_key_and_is_not_read_is_named(folder: Path) -> None:
    """Keys in PEM, PKCS#8, PKCS#1 and PKCS#12 under other endings are named; certificates and texts are not."""
    issued, key = test_keys().issued[GP, Purpose.SIGNING]
    forms = {PrivateFormat.PKCS8: "p8", PrivateFormat.TraditionalOpenSSL: "p1"}
    for form, name in forms.items():
        put(folder, f"{name}.der", key.private_bytes(Encoding.DER, form, NoEncryption()))
        put(folder, f"{name}.key", key.private_bytes(Encoding.PEM, form, NoEncryption()))
    put(folder, "sertifikat", _pkcs12(b"ord"))
    put(folder, "laast.key", _locked())
    put(folder, "der.crt", issued.public_bytes(Encoding.DER))
    put(folder, "pem.crt", issued.public_bytes(Encoding.PEM))
    (folder / "mappe.key").mkdir()
    (folder / "lenke.key").symlink_to("/finnes/ikke")
    assert left_out(folder) == ["laast.key", "p1.der", "p1.key", "p8.der", "p8.key", "sertifikat"]
    assert left_out(folder / "finnes-ikke") == []


def test_keys_at_sight_are_those_that_sign(folder: Path) -> None:
    """Which keys are here is told without proving them, and refused for the same reasons as they are loaded."""
    put(folder, "gp.p12", _pkcs12(b"ord"))
    found = public_keys_in(folder, put(folder, "passord", b"ord\n"))
    assert found == keys_in(folder, folder / "passord").keys()
    put(folder, "apen.pem", key_bytes(test_keys().issued[VERDAL, Purpose.SIGNING][1]), 0o644)
    with pytest.raises(OwnFault, match=r"disk\.read_by_others"):
        public_keys_in(folder, folder / "passord")
