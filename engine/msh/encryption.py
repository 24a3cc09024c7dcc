"""CMS EnvelopedData: the business document on the wire (transport.md C.2).

Sent as AES-256-CBC with RSA PKCS#1 v1.5 to one recipient by issuer and serial. Received with AES-CBC of any key
length, 3DES where the agreement allows it, and PKCS#1 v1.5 or OAEP. Every failure to decrypt gives the same error, so
that nobody learns from it what went wrong.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES, AES256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from engine.codes.certificate import CertificateCode
from engine.codes.envelope import EnvelopeCode
from engine.errors import OwnFault, PartnerFault
from engine.msh.asn1 import check_form
from engine.msh.rules import fault
from engine.ports import KeyStore, Oaep

_GZIP = b"\x1f\x8b"
_QUICKLY = 1
"""The level of zlib: the usual one takes twice the time for 3 percent."""

_MOST_RECIPIENTS = 1_000
_AES_KEY_BYTES = {"aes128_cbc": 16, "aes192_cbc": 24, "aes256_cbc": 32}

OAEP_HASHES = {"sha1", "sha224", "sha256", "sha384", "sha512"}
"""The hashes of RFC 4055 4.1, for label and mask: what Java, .NET and OpenSSL write unless told otherwise."""
_OAEP_PARTS = ("mgf1", "p_specified")

_Name = tuple[str, int] | bytes


@dataclass(frozen=True, slots=True)
class Decryption:
    """What may be received: 3DES by switch, and how large a document may grow when unpacked (bytes)."""

    allow_3des: bool = True
    most_bytes: int = 51_200_000


DEFAULT = Decryption()


def pack(document: bytes) -> bytes:
    """Return a document as gzip, the same bytes each time: no name and no time in it (transport.md C.2)."""
    packer = zlib.compressobj(_QUICKLY, wbits=31)
    return packer.compress(document) + packer.flush()


def encrypt(document: bytes, certificate: bytes) -> bytes:
    """Return DER EnvelopedData of `document` to the holder of `certificate` (DER), by AES-256-CBC.

    Raises OwnFault where the certificate that the register gave us cannot be used.
    """
    try:
        recipient = x509.load_der_x509_certificate(certificate)
        builder = pkcs7.PKCS7EnvelopeBuilder().set_data(document).add_recipient(recipient)
        return builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    except (ValueError, TypeError) as error:
        raise OwnFault(CertificateCode.NOT_USABLE) from error


def decrypt(data: bytes, certificates: Sequence[bytes], keys: KeyStore, allowed: Decryption = DEFAULT) -> bytes:
    """Return the document inside EnvelopedData that was encrypted to one of our certificates (DER).

    Unpacks gzip. Raises PartnerFault with SecurityFailure (rule 19 or 20).
    """
    try:
        key, algorithm, content = _opened(data, certificates, keys)
        document = _decipher(algorithm, content, key, allowed)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _undecipherable() from None
    return _unpack(document, allowed.most_bytes)


def _undecipherable() -> PartnerFault:
    return fault("cms", EnvelopeCode.NOT_DECRYPTED)


def _enveloped(data: bytes) -> cms.EnvelopedData:
    check_form(data)
    info = cms.ContentInfo.load(data, strict=True)
    if info["content_type"].native != "enveloped_data":
        raise ValueError("not enveloped data")
    return info["content"]


def _opened(
    data: bytes, certificates: Sequence[bytes], keys: KeyStore
) -> tuple[bytes | None, cms.EncryptionAlgorithm, bytes]:
    """Return the content's key, its algorithm and its bytes, and free what was parsed, which holds copies of them."""
    enveloped = _enveloped(data)
    certificate, wrapped, oaep = _recipient(enveloped, certificates)
    key = keys.unwrap(certificate, wrapped, oaep)
    info = enveloped["encrypted_content_info"]
    return key, info["content_encryption_algorithm"].copy(), info["encrypted_content"].native


def _recipient(enveloped: cms.EnvelopedData, certificates: Sequence[bytes]) -> tuple[bytes, bytes, Oaep | None]:
    """Return our certificate, the wrapped key and its padding (None: PKCS#1 v1.5) of the first recipient that is us.

    We name a recipient by issuer and serial, as the profile has it, but take the key's identifier too: RFC 5652 6.2.1
    lets the sender choose, and wants both read.
    """
    ours = {name: certificate for certificate in certificates for name in _names(certificate)}
    recipients = enveloped["recipient_infos"]
    if len(recipients) > _MOST_RECIPIENTS:
        raise ValueError("too many recipients")
    for info in recipients:
        if info.name != "ktri":
            continue
        recipient = info.chosen
        certificate = ours.get(_named(recipient["rid"]))
        if certificate is not None:
            return certificate, recipient["encrypted_key"].native, _padding(recipient["key_encryption_algorithm"])
    raise ValueError("not for us")


def _names(certificate: bytes) -> list[_Name]:
    """Return the names that a sender may give the holder of a certificate."""
    parsed = cms.Certificate.load(certificate)
    by_key = [] if parsed.key_identifier is None else [parsed.key_identifier]
    return [(parsed.issuer.hashable, parsed.serial_number), *by_key]


def _named(rid: cms.RecipientIdentifier) -> _Name:
    if rid.name != "issuer_and_serial_number":
        return bytes(rid.chosen.native)
    return rid.chosen["issuer"].hashable, rid.chosen["serial_number"].native


def _padding(algorithm: cms.KeyEncryptionAlgorithm) -> Oaep | None:
    """Return what a sender says of its padding: the two hashes may differ, as Java writes them, and have a label."""
    name = algorithm["algorithm"].native
    if name in {"rsaes_pkcs1v15", "rsa"}:
        return None
    if name != "rsaes_oaep":
        raise ValueError("key transport")
    said = algorithm["parameters"].native
    digest, mask, label = (said[each] for each in ("hash_algorithm", "mask_gen_algorithm", "p_source_algorithm"))
    oaep = Oaep(digest["algorithm"], mask["parameters"]["algorithm"], label["parameters"])
    if not {oaep.digest, oaep.mask} <= OAEP_HASHES or (mask["algorithm"], label["algorithm"]) != _OAEP_PARTS:
        raise ValueError("padding")
    return oaep


def _decipher(algorithm: cms.EncryptionAlgorithm, content: bytes, key: bytes | None, allowed: Decryption) -> bytes:
    cipher = _cipher(algorithm["algorithm"].native, key, allowed)
    decryptor = Cipher(cipher, modes.CBC(algorithm["parameters"].native)).decryptor()
    padded = decryptor.update(content) + decryptor.finalize()
    unpadder = padding.PKCS7(cipher.block_size).unpadder()  # type: ignore[attr-defined]
    # Padding is within the last block: a document may be large, and so is each copy of it.
    last = padded[-cipher.block_size // 8 :]  # type: ignore[attr-defined]
    return padded[: len(padded) - len(last) + len(unpadder.update(last) + unpadder.finalize())]


def _cipher(name: str, key: bytes | None, allowed: Decryption) -> CipherAlgorithm:
    if key is None:
        raise ValueError("key")
    if name in _AES_KEY_BYTES and len(key) == _AES_KEY_BYTES[name]:
        return AES(key)
    if name == "tripledes_3key" and allowed.allow_3des and len(key) == 24:
        return TripleDES(key)
    raise ValueError("algorithm")


_MOST_MEMBERS = 100
"""A file of gzip is a row of members (RFC 1952, 2.2). Each copies what follows it, so that there is a limit."""


def _unpack(document: bytes, most: int) -> bytes:
    if not document.startswith(_GZIP):
        return document
    members: list[bytes] = []
    room, rest = most + 1, document
    while rest:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            members.append(unpacker.decompress(rest, room))
        except zlib.error:
            raise fault("gzip", EnvelopeCode.NOT_UNPACKED) from None
        room -= len(members[-1])
        if not unpacker.eof or room <= 0 or len(members) > _MOST_MEMBERS:
            raise fault("gzip", EnvelopeCode.NOT_UNPACKED)
        rest = unpacker.unused_data
    return b"".join(members)
