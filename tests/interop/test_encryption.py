"""CMS both ways with openssl, and with gpgsm, which shares no code with it or with us."""

from collections.abc import Iterator

import pytest
from asn1crypto import cms

from engine.agreements.purpose import Purpose
from engine.errors import PartnerFault
from engine.msh.encryption import Decryption, decrypt, encrypt
from tests.fakes.tools import openssl
from tests.fakes.tools.gpgsm import Gpgsm, gpgsm
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP, LEVANGER, test_keys

DOCUMENT = "<MsgHead>blåbærsyltetøy</MsgHead>".encode() * 20
DOCUMENTS = [DOCUMENT, b"\r\n", bytes(range(256)) * 1_000]
CERTIFICATE, KEY = test_keys().issued[LEVANGER, Purpose.ENCRYPTION]
OURS, THEIRS = (test_keys().der(her, Purpose.ENCRYPTION) for her in (LEVANGER, GP))
KEYS = MemoryKeys(test_keys(), (LEVANGER,))


def opened(data: bytes, allowed: Decryption | None = None) -> bytes:
    """Decrypt as Levanger's engine does."""
    return decrypt(data, [OURS], KEYS, allowed or Decryption())


@pytest.mark.parametrize("document", [*DOCUMENTS, b""])
def test_what_we_encrypt_openssl_decrypts(tmp_path, document):
    """The document comes out byte for byte, for the key of the receiver."""
    assert openssl.decrypt(tmp_path, encrypt(document, OURS), CERTIFICATE, KEY) == document


CIPHERS = {
    "AES-256": ("aes-256-cbc", ()),
    "AES-192": ("aes-192-cbc", ()),
    "AES-128": ("aes-128-cbc", ()),
    "3DES": ("des3", ()),
    "AES-256 with OAEP": ("aes-256-cbc", openssl.OAEP),
    "3DES with OAEP": ("des3", openssl.OAEP),
    "in chunks": ("aes-256-cbc", ("-stream",)),
    "to the key's identifier": ("aes-256-cbc", ("-keyid",)),
    "to the key's identifier with OAEP": ("aes-128-cbc", (*openssl.OAEP, "-keyid")),
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=["short", "a line break", "long"])
@pytest.mark.parametrize(("cipher", "options"), CIPHERS.values(), ids=CIPHERS)
def test_what_openssl_encrypts_we_decrypt(tmp_path, cipher, options, document):
    """Every algorithm of the profile, and both names of a recipient, are read; the document comes byte for byte."""
    assert opened(openssl.encrypt(tmp_path, document, OURS, cipher, *options)) == document


@pytest.mark.parametrize("options", openssl.OAEP_FORMS.values(), ids=openssl.OAEP_FORMS)
def test_every_oaep_of_openssl_is_opened(tmp_path, options):
    """Hash, mask and label are read from the parameters, whichever they are."""
    assert opened(openssl.encrypt(tmp_path, DOCUMENT, OURS, "aes-256-cbc", *options)) == DOCUMENT


@pytest.mark.parametrize("options", openssl.OAEP_REFUSED.values(), ids=openssl.OAEP_REFUSED)
def test_an_oaep_with_a_hash_that_nobody_agreed_on_is_refused(tmp_path, options):
    """A hash that RFC 4055 does not name gives the one error of all that cannot be opened."""
    with pytest.raises(PartnerFault, match=r"envelope\.not_decrypted"):
        opened(openssl.encrypt(tmp_path, DOCUMENT, OURS, "aes-256-cbc", *options))


@pytest.mark.parametrize("options", [(), ("-keyid",)], ids=["by issuer and serial", "by the key's identifier"])
def test_the_right_recipient_is_found_among_several(tmp_path, options):
    """A document to several parties is opened by each with its own key."""
    (tmp_path / "gp.der").write_bytes(THEIRS)
    data = openssl.encrypt(tmp_path, DOCUMENT, OURS, "aes-256-cbc", *options, "-recip", "gp.der")
    assert opened(data) == DOCUMENT
    assert decrypt(data, [THEIRS], MemoryKeys(test_keys(), (GP,))) == DOCUMENT


def test_another_partys_identifier_is_not_ours(tmp_path):
    """What names the key of somebody else by its identifier is for somebody else."""
    with pytest.raises(PartnerFault, match=r"envelope\.not_decrypted"):
        opened(openssl.encrypt(tmp_path, DOCUMENT, THEIRS, "aes-256-cbc", "-keyid"))


@pytest.fixture(scope="module")
def partner() -> Iterator[Gpgsm]:
    """Give a gpgsm that has Levanger's key, and the GP's certificate."""
    keys = test_keys()
    with gpgsm(keys.authority.certificate) as made:
        made.own(CERTIFICATE, KEY)
        made.trust(keys.issued[GP, Purpose.ENCRYPTION][0])
        yield made


@pytest.mark.parametrize("document", DOCUMENTS, ids=["short", "a line break", "long"])
def test_what_we_encrypt_gpgsm_decrypts(partner, document):
    """An implementation not built on OpenSSL gets the document byte for byte."""
    assert partner.decrypt(encrypt(document, OURS)) == document


@pytest.mark.parametrize("document", DOCUMENTS, ids=["short", "a line break", "long"])
@pytest.mark.parametrize(
    ("cipher", "written"),
    [("AES128", "aes128_cbc"), ("AES192", "aes192_cbc"), ("AES256", "aes256_cbc"), ("3DES", "tripledes_3key")],
)
def test_what_gpgsm_encrypts_we_decrypt(partner, cipher, written, document):
    """gpgsm writes indefinite lengths and its content in pieces; we read it with each of its ciphers."""
    data = partner.encrypt(document, cipher, CERTIFICATE)
    info = cms.ContentInfo.load(data)["content"]["encrypted_content_info"]
    assert (data[1], info["content_encryption_algorithm"]["algorithm"].native) == (0x80, written)
    assert opened(data) == document


def test_3des_of_gpgsm_is_taken_only_by_the_switch(partner):
    """Where the agreement forbids 3DES, gpgsm's is refused like openssl's."""
    data = partner.encrypt(DOCUMENT, "3DES", CERTIFICATE)
    with pytest.raises(PartnerFault, match=r"envelope\.not_decrypted"):
        opened(data, Decryption(allow_3des=False))


def test_gpgsm_to_several_parties_is_opened_by_each(partner):
    """Among gpgsm's recipients each finds itself."""
    data = partner.encrypt(DOCUMENT, "AES256", test_keys().issued[GP, Purpose.ENCRYPTION][0], CERTIFICATE)
    assert opened(data) == DOCUMENT
    assert decrypt(data, [THEIRS], MemoryKeys(test_keys(), (GP,))) == DOCUMENT
