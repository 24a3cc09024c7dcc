"""Private keys in a token behind PKCS#11: they do their work there, and what a token does not do is told apart."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from adapters.keys.oaep import padding_of
from adapters.keys.ring import KeyRing
from adapters.keys.token import Token
from adapters.settings import Keys, Settings
from adapters.settings import Token as TokenSettings
from adapters.wiring.trust import load_keys
from engine.agreements.purpose import Purpose
from engine.errors import OwnFault, PartnerFault, Unavailable
from engine.msh.encryption import OAEP_HASHES, decrypt, encrypt
from engine.ports import Oaep
from engine.states.delivery import DeliveryState
from tests.fakes.engines.pair import Pair
from tests.fakes.tools import openssl
from tests.fakes.tools.softhsm import MODULE, PIN, SoftHsm
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, test_keys

SIGNING, ENCRYPTION = (test_keys().der(LEVANGER, purpose) for purpose in Purpose)


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """Give SoftHSM2 with a token that holds Levanger's keys."""
    hsm = SoftHsm(tmp_path_factory.mktemp("hsm"))
    hsm.token("levanger", *(test_keys().issued[LEVANGER, purpose][1] for purpose in Purpose))
    return hsm


@pytest.fixture
def token(hsm: SoftHsm) -> Token:
    """Give that token, not opened yet."""
    return Token(MODULE, "levanger", PIN.encode())


@pytest.fixture
def ring(token: Token) -> KeyRing:
    """Give its keys as the engine uses them."""
    return KeyRing([token.keys()])


def _wrapped(scheme: padding.AsymmetricPadding) -> bytes:
    return test_keys().issued[LEVANGER, Purpose.ENCRYPTION][0].public_key().encrypt(b"k" * 32, scheme)


def test_a_token_signs(ring: KeyRing) -> None:
    """What a token signs verifies with the certificate, and keys that it does not hold are not found in it."""
    public = test_keys().issued[LEVANGER, Purpose.SIGNING][0].public_key()
    public.verify(ring.sign(SIGNING, b"data"), b"data", padding.PKCS1v15(), hashes.SHA256())
    assert ring.holds(SIGNING)
    assert not ring.holds(test_keys().der(VERDAL, Purpose.SIGNING))
    assert repr(ring) == "KeyRing(2 keys)"


def test_a_token_unwraps(ring: KeyRing) -> None:
    """A content key comes out with either padding that SoftHSM2 knows itself."""
    assert ring.unwrap(ENCRYPTION, _wrapped(padding.PKCS1v15()), None) == b"k" * 32
    assert ring.unwrap(ENCRYPTION, _wrapped(padding_of(Oaep())), Oaep()) == b"k" * 32


@pytest.mark.parametrize("mask", sorted(OAEP_HASHES))
@pytest.mark.parametrize("digest", sorted(OAEP_HASHES))
def test_a_token_opens_every_padding(ring: KeyRing, digest: str, mask: str) -> None:
    """Whatever hashes and label the sender chose, the content key comes out, though SoftHSM2 knows SHA-1 alone."""
    for label in (b"", b"Samvik"):
        oaep = Oaep(digest, mask, label)
        assert ring.unwrap(ENCRYPTION, _wrapped(padding_of(oaep)), oaep) == b"k" * 32
        assert ring.unwrap(ENCRYPTION, _wrapped(padding_of(oaep)), Oaep(digest, mask, b"annen")) is None


@pytest.mark.parametrize("options", openssl.OAEP_FORMS.values(), ids=openssl.OAEP_FORMS)
def test_every_oaep_of_openssl_is_opened(ring: KeyRing, tmp_path: Path, options: tuple[str, ...]) -> None:
    """A token opens what openssl encrypts, whatever hash, mask and label it writes."""
    data = openssl.encrypt(tmp_path, b"<a/>", ENCRYPTION, "aes-256-cbc", *options)
    assert decrypt(data, [ENCRYPTION], ring) == b"<a/>"


@pytest.mark.parametrize("wrapped", [b"", b"x" * 10, b"\x00" * 256, b"\x01" * 256, b"\xff" * 256, b"x" * 1000])
@pytest.mark.parametrize("oaep", [None, Oaep(), Oaep("sha256", "sha1", b"x")], ids=["pkcs1v15", "token's", "ours"])
def test_bytes_that_nobody_wrapped_give_nothing(ring: KeyRing, oaep: Oaep | None, wrapped: bytes) -> None:
    """Hostile bytes give no content key and make nothing wait, and the token goes on working."""
    assert ring.unwrap(ENCRYPTION, wrapped, oaep) is None
    assert ring.unwrap(ENCRYPTION, _wrapped(padding.PKCS1v15()), None) == b"k" * 32


async def test_an_exchange_runs_on_keys_in_a_token(ring: KeyRing) -> None:
    """The engine signs and opens messages with keys that never leave the token, and a changed one is no wait."""
    pair = Pair()
    pair.municipal.ports = replace(pair.municipal.ports, keys=ring)
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT
    changed = encrypt(b"<a/>", ENCRYPTION)
    with pytest.raises(PartnerFault):
        decrypt(changed[:-20] + bytes(20), [ENCRYPTION], ring)


def test_a_silent_token_makes_work_wait_and_is_opened_anew(token: Token) -> None:
    """When a session is lost the work waits, and the next try has a new one."""
    ring = KeyRing([token.keys()])
    token._session.close()
    with pytest.raises(Unavailable, match="levanger"):
        ring.sign(SIGNING, b"data")
    assert ring.sign(SIGNING, b"data")


def test_a_token_that_cannot_be_opened_stops_the_start(hsm: SoftHsm, tmp_path: Path) -> None:
    """A missing library, a label that no token bears and a wrong PIN are told at once, without the PIN."""
    other = hsm.token("annen")
    for module, label, pin in (
        (tmp_path / "finnes-ikke.so", other, PIN),
        (MODULE, "ukjent", PIN),
        (MODULE, other, "9876"),
    ):
        with pytest.raises(OwnFault, match=rf"key\.token_wrong.*{label}") as refused:
            Token(module, label, pin.encode()).keys()
        assert pin not in str(refused.value)


def test_an_engine_takes_keys_from_files_and_token_at_once(hsm: SoftHsm, tmp_path: Path) -> None:
    """A configured token adds its keys to those in files."""
    pin = tmp_path / "pin"
    pin.write_text(PIN + "\n", "utf-8")
    pin.chmod(0o600)
    token = TokenSettings(module=MODULE, label="levanger", pin_file=pin)
    keys = load_keys(Settings(parties=(LEVANGER,), keys=Keys(directory=tmp_path / "ingen", token=token)))
    assert keys.holds(SIGNING)
    assert not keys.holds(test_keys().der(GP, Purpose.SIGNING))
