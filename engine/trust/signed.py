"""Whether an issuer's key signed something, by the algorithm that it names (RFC 5280 4.1.1.2, RFC 4055, RFC 5758).

For what cryptography has no check of its own, as it has for certificates and lists.
"""

from collections.abc import Callable

from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def is_signed_by(key: PublicKeyTypes, signature: bytes, data: bytes, algorithm: SignedDigestAlgorithm) -> bool:
    """Say whether a signature of `data` is by that key. RSA (PKCS#1 v1.5, PSS) and EC count, with SHA-256 to SHA-512.

    Raises whatever hostile parameters make the parser raise.
    """
    kind = algorithm.signature_algo
    try:
        if isinstance(key, RSAPublicKey) and kind == "rsassa_pkcs1v15":
            key.verify(signature, data, padding.PKCS1v15(), _HASHES[algorithm.hash_algo]())
        elif isinstance(key, RSAPublicKey) and kind == "rsassa_pss":
            key.verify(signature, data, _pss(algorithm), _HASHES[algorithm.hash_algo]())
        elif isinstance(key, EllipticCurvePublicKey) and kind == "ecdsa":
            key.verify(signature, data, ECDSA(_HASHES[algorithm.hash_algo]()))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, KeyError, ValueError):
        return False
    return True


def _pss(algorithm: SignedDigestAlgorithm) -> padding.PSS:
    said = algorithm["parameters"].native
    mask = _HASHES[said["mask_gen_algorithm"]["parameters"]["algorithm"]]()
    return padding.PSS(padding.MGF1(mask), said["salt_length"])
