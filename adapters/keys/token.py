"""Our private keys in a token: a hardware security module or card behind PKCS#11. Keys never leave it.

Diagnostics: a missing token, or a PIN that it refuses, stops the start. When a token stops answering later, work waits
(Unavailable), and the next try opens a new session.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import pkcs11
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error, UserAlreadyLoggedIn

from engine.codes.certificate import KeyCode
from engine.errors import OwnFault, Unavailable

T = TypeVar("T")

_UNWRAP: Mapping[str, dict[str, Any]] = {
    "pkcs1v15": {"mechanism": Mechanism.RSA_PKCS},
    "oaep-sha1": {"mechanism": Mechanism.RSA_PKCS_OAEP, "mechanism_param": (Mechanism.SHA_1, MGF.SHA1, None)},
    "oaep-sha256": {"mechanism": Mechanism.RSA_PKCS_OAEP, "mechanism_param": (Mechanism.SHA256, MGF.SHA256, None)},
}


class Token:
    """One logged-in session with a token. Only one caller uses it at a time, since PKCS#11 sessions allow no more."""

    def __init__(self, module: Path, label: str, pin: bytes) -> None:
        self._module, self._label, self._pin = module, label, pin
        self._lock = Lock()
        self._session: pkcs11.Session | None = None
        self._keys: dict[bytes, Any] = {}

    def keys(self) -> Mapping[bytes, "TokenKey"]:
        """Return the RSA keys in the token by public key (SubjectPublicKeyInfo, DER). Raises OwnFault."""
        try:
            publics = self._guarded(lambda: list(self._keys))
        except Unavailable as error:
            raise OwnFault(KeyCode.TOKEN_WRONG, why=error.statement) from None
        return {public: TokenKey(self, public) for public in publics}

    def use(self, public: bytes, step: Callable[[Any], bytes]) -> bytes:
        """Call `step` with a key of the session and return its result. Raises Unavailable when the token fails."""
        return self._guarded(lambda: bytes(step(self._keys[public])))

    def _guarded(self, step: Callable[[], T]) -> T:
        with self._lock:
            try:
                if self._session is None:
                    self._open()
                return step()
            except (PKCS11Error, OSError, KeyError) as error:
                self._close()
                raise Unavailable(KeyCode.TOKEN_SILENT, label=self._label, error=type(error).__name__) from None

    def _open(self) -> None:
        token = pkcs11.lib(str(self._module)).get_token(token_label=self._label)
        try:
            self._session = token.open(user_pin=self._pin.decode("utf-8", "replace"))
        except UserAlreadyLoggedIn:
            # PKCS#11 logs in the whole process: the log-in is still there after a session has failed.
            self._session = token.open()
        self._keys = {_public_of(key): key for key in list(self._session.get_objects(_RSA_KEYS))}

    def _close(self) -> None:
        session, self._session, self._keys = self._session, None, {}
        with suppress(PKCS11Error):
            if session is not None:
                session.close()


class TokenKey:
    """A key in a token (adapters.keys.ring.PrivateKey)."""

    def __init__(self, token: Token, public: bytes) -> None:
        self._token, self._public = token, public

    def __repr__(self) -> str:
        return "TokenKey()"

    def sign(self, data: bytes) -> bytes:
        """See the protocol."""
        return self._token.use(self._public, lambda key: key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))

    def unwrap(self, wrapped: bytes, scheme: str) -> bytes | None:
        """See the protocol.

        Tokens report bytes that were not encrypted to the key in different ways. If the token can still sign, then the
        bytes were wrong, and the result is None. Otherwise a partner could stop our work with such bytes.
        """
        how = _UNWRAP[scheme]
        try:
            return self._token.use(self._public, lambda key: key.decrypt(wrapped, **how))
        except Unavailable:
            self.sign(b"")
            return None


_RSA_KEYS = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: KeyType.RSA}


def _public_of(key: pkcs11.Object) -> bytes:
    modulus, exponent = key[Attribute.MODULUS], key[Attribute.PUBLIC_EXPONENT]
    numbers = RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    return numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
