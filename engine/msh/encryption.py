"""CMS EnvelopedData: the business document on the wire (transport.md C.2).

Sent as AES-256-CBC with RSA PKCS#1 v1.5 to one recipient by issuer and serial. Received with AES-CBC of any key
length, 3DES where the agreement allows it, and PKCS#1 v1.5 or OAEP. Every failure to decrypt gives one and the same
error, so that nobody learns from it what went wrong.
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

from engine.errors import OwnFault, PartnerFault
from engine.msh.rules import fault
from engine.ports import KeyStore

_GZIP = b"\x1f\x8b"
_AES_KEY_BYTES = {"aes128_cbc": 16, "aes192_cbc": 24, "aes256_cbc": 32}


@dataclass(frozen=True, slots=True)
class Decryption:
    """What may be received: 3DES by switch, and how large a document may grow when unpacked (bytes)."""

    allow_3des: bool = True
    most_bytes: int = 51_200_000


DEFAULT = Decryption()


def pack(document: bytes) -> bytes:
    """Return a document as gzip, the same bytes each time: no name and no time in it (transport.md C.2)."""
    packer = zlib.compressobj(wbits=31)
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
        raise OwnFault("The register's encryption certificate of the receiver cannot be used.") from error


def decrypt(data: bytes, certificates: Sequence[bytes], keys: KeyStore, allowed: Decryption = DEFAULT) -> bytes:
    """Return the document inside EnvelopedData that was encrypted to one of our certificates (DER).

    Unpacks gzip. Raises PartnerFault with SecurityFailure (rule 19 or 20).
    """
    try:
        enveloped = _enveloped(data)
        certificate, wrapped, scheme = _recipient(enveloped, certificates)
        key = keys.unwrap(certificate, wrapped, scheme)
        document = _decipher(enveloped["encrypted_content_info"], key, allowed)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _undecipherable() from None
    return _unpack(document, allowed.most_bytes)


def _undecipherable() -> PartnerFault:
    return fault("cms", "The attachment cannot be decrypted with our key.")


def _enveloped(data: bytes) -> cms.EnvelopedData:
    info = cms.ContentInfo.load(data, strict=True)
    if info["content_type"].native != "enveloped_data":
        raise ValueError("not enveloped data")
    return info["content"]


def _recipient(enveloped: cms.EnvelopedData, certificates: Sequence[bytes]) -> tuple[bytes, bytes, str]:
    """Return our certificate, the wrapped key and the padding of the first recipient that is us."""
    ours = {_issuer_serial(certificate): certificate for certificate in certificates}
    for info in enveloped["recipient_infos"]:
        if info.name != "ktri" or info.chosen["rid"].name != "issuer_and_serial_number":
            continue
        recipient = info.chosen
        issuer = recipient["rid"].chosen
        certificate = ours.get((issuer["issuer"].hashable, issuer["serial_number"].native))
        if certificate is not None:
            return certificate, recipient["encrypted_key"].native, _scheme(recipient["key_encryption_algorithm"])
    raise ValueError("not for us")


def _issuer_serial(certificate: bytes) -> tuple[str, int]:
    parsed = cms.Certificate.load(certificate)
    return parsed.issuer.hashable, parsed.serial_number


def _scheme(algorithm: cms.KeyEncryptionAlgorithm) -> str:
    name = algorithm["algorithm"].native
    if name in {"rsaes_pkcs1v15", "rsa"}:
        return "pkcs1v15"
    if name != "rsaes_oaep":
        raise ValueError("key transport")
    digest = algorithm["parameters"].native["hash_algorithm"]["algorithm"]
    return {"sha1": "oaep-sha1", "sha256": "oaep-sha256"}[digest]


def _decipher(info: cms.EncryptedContentInfo, key: bytes | None, allowed: Decryption) -> bytes:
    algorithm = info["content_encryption_algorithm"]
    cipher = _cipher(algorithm["algorithm"].native, key, allowed)
    decryptor = Cipher(cipher, modes.CBC(algorithm["parameters"].native)).decryptor()
    padded = decryptor.update(info["encrypted_content"].native) + decryptor.finalize()
    unpadder = padding.PKCS7(cipher.block_size).unpadder()  # type: ignore[attr-defined]
    return bytes(unpadder.update(padded) + unpadder.finalize())


def _cipher(name: str, key: bytes | None, allowed: Decryption) -> CipherAlgorithm:
    if key is None:
        raise ValueError("key")
    if name in _AES_KEY_BYTES and len(key) == _AES_KEY_BYTES[name]:
        return AES(key)
    if name == "tripledes_3key" and allowed.allow_3des and len(key) == 24:
        return TripleDES(key)
    raise ValueError("algorithm")


def _unpack(document: bytes, most: int) -> bytes:
    if not document.startswith(_GZIP):
        return document
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(document, most + 1)
    except zlib.error:
        plain = b""
    if not unpacker.eof or unpacker.unused_data or len(plain) > most:
        raise fault("gzip", "The attachment cannot be unpacked, or is larger than allowed when unpacked.")
    return plain
