"""CMS made to cost: lengths that lie, values inside one another, too many, too large, or packed."""

from collections.abc import Callable, Mapping, Sequence

from asn1crypto import cms

from engine.agreements.purpose import Purpose
from engine.msh.encryption import encrypt
from tests.fakes.fuzz.xml import LARGE, packed, zeros_packed
from tests.fakes.partners.documents import document
from tests.fakes.world.parties import LEVANGER, test_keys


def costly_cms() -> Mapping[str, Callable[[], bytes]]:
    """Return what makes each hostile input of this kind, by name."""
    sealed = encrypt(document(), key())
    return {
        "nested a thousand times": lambda: b"\x30\x80" * 1_000 + b"\0\0" * 1_000,
        "nested a million times": lambda: b"\x30\x80" * 1_000_000,
        "nested octets": lambda: content(b"\x24\x80" * 500 + b"\x04\x01x" + b"\0\0" * 500),
        "endless length": lambda: b"\x30\x84\xff\xff\xff\xff" + bytes(100),
        "a length of 127 bytes": lambda: b"\x30\xff" + b"\xff" * 127,
        "indefinite": lambda: b"\x30\x80" + sealed[4:] + b"\0\0",
        "indefinite without end": lambda: b"\x30\x80" + sealed[4:],
        "a giant serial number": lambda: recipients([recipient(2 ** (8 * 1_000_000) - 1)]),
        "a giant integer": lambda: b"\x30\x84\x00\x0f\x42\x46\x02\x84\x00\x0f\x42\x40" + b"\x7f" * 1_000_000,
        "five thousand recipients": lambda: many_recipients(5_000),
        "a thousand recipients": lambda: many_recipients(1_000),
        "a giant wrapped key": lambda: recipients([recipient(1, bytes(LARGE))]),
        "a giant tag": lambda: b"\x3f" + b"\xff" * 100_000 + b"\x7f\x00",
        "a giant object identifier": lambda: b"\x30\x84\x00\x0f\x42\x46\x06\x84\x00\x0f\x42\x40" + b"\xff" * 1_000_000,
        "millions of octets": lambda: content(b"\x24\x80" + b"\x04\x01x" * 4_000_000 + b"\0\0"),
        "pieces to the limit": lambda: content(b"\xa0\x80" + b"\x04\x01x" * 49_900 + b"\0\0"),
        "a gzip bomb": lambda: encrypt(zeros_packed(500_000_000), key()),
        "a gzip bomb below the limit": lambda: encrypt(zeros_packed(48_000_000), key()),
        "a bomb of XML": lambda: encrypt(packed(document() + b" " * LARGE), key()),
        "gzip inside gzip": lambda: encrypt(packed(zeros_packed(48_000_000)), key()),
        "zeros encrypted": lambda: encrypt(bytes(LARGE), key()),
    }


def key() -> bytes:
    """Return the certificate that an attacker encrypts to: ours."""
    return test_keys().der(LEVANGER, Purpose.ENCRYPTION)


def content(data: bytes) -> bytes:
    """Return EnvelopedData of indefinite length with this as its encrypted content."""
    info = cms.ContentInfo.load(encrypt(b"", key()))["content"]
    names = ("content_type", "content_encryption_algorithm")
    inner = b"\x30\x80" + b"".join(info["encrypted_content_info"][name].dump() for name in names) + data + b"\0\0"
    outer = b"\x30\x80" + info["version"].dump() + info["recipient_infos"].dump() + inner + b"\0\0"
    return b"\x30\x80" + cms.ContentType("enveloped_data").dump() + b"\xa0\x80" + outer + b"\0\0\0\0"


def recipient(serial: int, wrapped: bytes = b"x") -> cms.KeyTransRecipientInfo:
    """Return a recipient of our own authority by this serial number."""
    chosen = cms.IssuerAndSerialNumber({"issuer": cms.Certificate.load(key()).issuer, "serial_number": serial})
    rid = cms.RecipientIdentifier("issuer_and_serial_number", chosen)
    algorithm = cms.KeyEncryptionAlgorithm({"algorithm": "rsaes_pkcs1v15"})
    fields = {"version": "v0", "rid": rid, "key_encryption_algorithm": algorithm, "encrypted_key": wrapped}
    return cms.KeyTransRecipientInfo(fields)


def many_recipients(count: int) -> bytes:
    """Return EnvelopedData to so many recipients, each with a serial number of three bytes."""
    first = 0x200000
    one = cms.RecipientInfo("ktri", recipient(first)).dump()
    all_of_them = b"".join(one.replace(_serial(first), _serial(first + number)) for number in range(count))
    info = cms.ContentInfo.load(encrypt(b"", key()))["content"]
    data = info["version"].dump() + _tagged(b"\x31", all_of_them) + info["encrypted_content_info"].dump()
    return _tagged(b"\x30", cms.ContentType("enveloped_data").dump() + _tagged(b"\xa0", _tagged(b"\x30", data)))


def recipients(found: Sequence[cms.KeyTransRecipientInfo]) -> bytes:
    """Return EnvelopedData to these recipients."""
    info = cms.ContentInfo.load(encrypt(b"", key()))
    info["content"]["recipient_infos"] = [cms.RecipientInfo("ktri", each) for each in found]
    return info.dump(force=True)


def _serial(number: int) -> bytes:
    return b"\x02\x03" + number.to_bytes(3)


def _tagged(tag: bytes, data: bytes) -> bytes:
    return tag + b"\x84" + len(data).to_bytes(4) + data
