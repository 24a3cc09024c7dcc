"""What we encrypt, and one and the same error for whatever cannot be decrypted; others' CMS is in tests/interop."""

import gzip
import tracemalloc
import zlib

import pytest
from asn1crypto import cms
from hypothesis import given
from hypothesis import strategies as st

from engine.agreements.purpose import Purpose
from engine.codes.envelope import EnvelopeCode
from engine.codes.statement import Statement
from engine.errors import EbxmlCode, OwnFault, PartnerFault
from engine.msh.encryption import Decryption, decrypt, encrypt, pack
from engine.ports import Oaep
from tests.fakes.tools import openssl
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import LEVANGER, VERDAL, test_keys

DOCUMENT = "<MsgHead>blåbærsyltetøy</MsgHead>".encode() * 20
OURS = test_keys().der(LEVANGER, Purpose.ENCRYPTION)
KEYS = MemoryKeys(test_keys(), (LEVANGER,))
UNDECIPHERABLE = Statement.of(EnvelopeCode.NOT_DECRYPTED)
NOT_UNPACKED = Statement.of(EnvelopeCode.NOT_UNPACKED)


def opened(data: bytes, allowed: Decryption | None = None) -> bytes:
    """Decrypt as Levanger's engine does."""
    return decrypt(data, [OURS], KEYS, allowed or Decryption())


def refused(data: bytes, allowed: Decryption | None = None) -> Statement:
    """Decrypt what cannot be; return what the partner is told."""
    with pytest.raises(PartnerFault) as caught:
        opened(data, allowed)
    assert caught.value.finding.code == EbxmlCode.SECURITY_FAILURE
    return caught.value.finding.said


def test_what_we_encrypt_has_the_form_of_the_profile():
    """EnvelopedData version 0, one recipient by issuer and serial with PKCS#1 v1.5, AES-256-CBC over plain data."""
    content = cms.ContentInfo.load(encrypt(DOCUMENT, OURS))["content"]
    (recipient,) = content["recipient_infos"]
    assert content["version"].native == "v0"
    assert recipient.chosen["rid"].name == "issuer_and_serial_number"
    assert recipient.chosen["key_encryption_algorithm"]["algorithm"].native in {"rsaes_pkcs1v15", "rsa"}
    info = content["encrypted_content_info"]
    assert (info["content_type"].native, info["content_encryption_algorithm"]["algorithm"].native) == (
        "data",
        "aes256_cbc",
    )


def test_what_we_pack_comes_out_again_and_names_nothing():
    """gzip before encryption: the same bytes each time, read by anybody's gunzip, and unpacked by us."""
    packed = pack(DOCUMENT)
    assert packed == pack(DOCUMENT)
    assert gzip.decompress(packed) == DOCUMENT
    assert packed[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "neither a name nor a time"
    assert opened(encrypt(packed, OURS)) == DOCUMENT


def test_an_older_key_of_ours_still_opens_what_was_on_its_way():
    """During a change of certificates both keys are tried by issuer and serial."""
    older = test_keys().issue(LEVANGER, Purpose.ENCRYPTION)
    assert decrypt(encrypt(DOCUMENT, older), [OURS, older], KEYS) == DOCUMENT


def test_3des_is_refused_where_the_agreement_forbids_it(tmp_path):
    """The switch turns 3DES into the same failure as any other."""
    data = openssl.encrypt(tmp_path, DOCUMENT, OURS, "des3")
    assert refused(data, Decryption(allow_3des=False)) == UNDECIPHERABLE


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "camellia-256-cbc"])
def test_other_ciphers_are_refused_alike(tmp_path, cipher):
    """An algorithm outside the profile is no different from a wrong key."""
    assert refused(openssl.encrypt(tmp_path, DOCUMENT, OURS, cipher)) == UNDECIPHERABLE


SEALED = encrypt(DOCUMENT, OURS)


def replaced(**fields: object) -> bytes:
    """Return the EnvelopedData with fields of the recipient or the content replaced."""
    info = cms.ContentInfo.load(SEALED)
    content = info["content"]
    recipient = content["recipient_infos"][0].chosen
    encrypted = content["encrypted_content_info"]
    for name, value in fields.items():
        (recipient if name == "encrypted_key" else encrypted)[name] = value
    return info.dump(force=True)


CONTENT = cms.ContentInfo.load(SEALED)["content"]["encrypted_content_info"]["encrypted_content"].native
SIGNED_DATA = cms.SignedData(
    {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data"},
        "signer_infos": [],
    }
)
BROKEN = {
    "nothing": b"",
    "no DER": b"Hei",
    "a document in clear": DOCUMENT,
    "cut off": SEALED[:-1],
    "half": SEALED[: len(SEALED) // 2],
    "followed by more": SEALED + b"\0",
    "to another party": encrypt(DOCUMENT, test_keys().der(VERDAL, Purpose.ENCRYPTION)),
    "another wrapped key": replaced(encrypted_key=bytes(256)),
    "a short wrapped key": replaced(encrypted_key=b"\0"),
    "no content": replaced(encrypted_content=b""),
    "a block less": replaced(encrypted_content=CONTENT[:-16]),
    "half a block": replaced(encrypted_content=bytes(24)),
    "signed data": cms.ContentInfo({"content_type": "signed_data", "content": SIGNED_DATA}).dump(),
    "deeply nested": b"\x30\x80" * 5_000,
    "an endless length": b"\x30\x84\xff\xff\xff\xff",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_every_failure_to_decrypt_says_the_same(data):
    """Nobody learns from the answer what went wrong: not the key, not the padding, not the form."""
    assert refused(data) == UNDECIPHERABLE


class Unwrapping(MemoryKeys):
    """Keys that unwrap whatever they get to the same bytes, as PKCS#1 v1.5 answers nonsense."""

    def __init__(self, key: bytes) -> None:
        super().__init__(test_keys(), (LEVANGER,))
        self._key = key

    def unwrap(self, certificate: bytes, wrapped: bytes, oaep: Oaep | None) -> bytes | None:
        """See the port."""
        return self._key


@pytest.mark.parametrize("length", [*range(32), 33, 48, 64, 245])
def test_a_key_that_does_not_fit_says_the_same(length):
    """A content key of any other length than the algorithm's, an empty one too, is the same failure."""
    with pytest.raises(PartnerFault) as caught:
        decrypt(SEALED, [OURS], Unwrapping(b"k" * length), Decryption())
    assert caught.value.finding.said == UNDECIPHERABLE


def test_a_real_document_for_somebody_else_says_the_same(transport):
    """A real CMS file, to a key that nobody here has, fails like all others."""
    assert refused((transport / "cms" / "behandlerkrav.p7m").read_bytes()) == UNDECIPHERABLE


def test_a_key_that_is_not_here_is_no_fault_of_the_senders():
    """A certificate that we have registered but lost the key of makes the message wait; its sender is told nothing."""
    with pytest.raises(OwnFault, match="no such key"):
        decrypt(SEALED, [OURS], MemoryKeys(test_keys(), ()))


@given(st.data())
def test_a_changed_byte_never_gives_another_error(data):
    """Wherever a byte is changed, the result is a document or the one error."""
    at = data.draw(st.integers(0, len(SEALED) - 1))
    changed = bytearray(SEALED)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        opened(bytes(changed))
    except PartnerFault as error:
        assert error.finding.said == UNDECIPHERABLE  # noqa: PT017 both outcomes are right


@given(st.binary(max_size=300))
def test_no_bytes_give_another_error(data):
    """Whatever an attachment holds, the error is the one."""
    assert refused(b"\x30\x82" + data) == UNDECIPHERABLE


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_gzipped_document_is_unpacked(level):
    """Where partners agreed on gzip, the document inside comes out."""
    assert opened(encrypt(gzip.compress(DOCUMENT, level), OURS)) == DOCUMENT


@pytest.mark.parametrize("pieces", [2, 7, 100])
def test_a_document_in_several_members_is_unpacked(pieces):
    """A file of gzip is a row of members (RFC 1952, 2.2), which some programs write piece by piece."""
    size = -(-len(DOCUMENT) // pieces)
    members = [gzip.compress(DOCUMENT[at : at + size]) for at in range(0, len(DOCUMENT), size)]
    assert opened(encrypt(b"".join(members), OURS)) == DOCUMENT


def test_a_gzip_bomb_is_refused_in_bounded_memory():
    """A document that grows beyond the limit when unpacked is refused, and never unpacked whole."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(500)) + packer.flush()
    sealed = encrypt(bomb, OURS)
    tracemalloc.start()
    said = refused(sealed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said == NOT_UNPACKED
    assert peak < 130_000_000


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(DOCUMENT)[:-9], b"\x1f\x8bikke gzip", gzip.compress(DOCUMENT) + b"mer", gzip.compress(b"") * 102],
    ids=["cut off", "none", "followed by more", "members without end"],
)
def test_broken_gzip_is_refused(packed):
    """What says that it is gzip and is not, or holds more, is no document."""
    assert refused(encrypt(packed, OURS)) == NOT_UNPACKED


def test_the_limit_of_an_unpacked_document_holds_exactly():
    """A document of exactly the limit is taken, one byte more is not."""
    data = encrypt(gzip.compress(DOCUMENT), OURS)
    assert opened(data, Decryption(most_bytes=len(DOCUMENT))) == DOCUMENT
    assert refused(data, Decryption(most_bytes=len(DOCUMENT) - 1)) == NOT_UNPACKED


@pytest.mark.parametrize("certificate", [b"", b"ikke et sertifikat"])
def test_a_receivers_certificate_that_cannot_be_used_is_our_own_fault(certificate):
    """A bad certificate in the register is ours to mend, not the partner's."""
    with pytest.raises(OwnFault):
        encrypt(DOCUMENT, certificate)
