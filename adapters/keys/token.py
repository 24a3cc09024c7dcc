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
from pkcs11.exceptions import ArgumentsBad, MechanismInvalid, MechanismParamInvalid, PKCS11Error, UserAlreadyLoggedIn

from adapters.keys.oaep import taken_off
from engine.codes.certificate import KeyCode
from engine.errors import OwnFault, Unavailable
from engine.ports import Oaep

T = TypeVar("T")

_HASHES = {
    "sha1": (Mechanism.SHA_1, MGF.SHA1),
    "sha224": (Mechanism.SHA224, MGF.SHA224),
    "sha256": (Mechanism.SHA256, MGF.SHA256),
    "sha384": (Mechanism.SHA384, MGF.SHA384),
    "sha512": (Mechanism.SHA512, MGF.SHA512),
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

    def unwrap(self, wrapped: bytes, oaep: Oaep | None) -> bytes | None:
        """See the protocol.

        Tokens report bytes that were not encrypted to the key in different ways. If the token can still sign, then the
        bytes were wrong, and the result is None. Otherwise a partner could stop our work with such bytes.
        """
        try:
            if oaep is None:
                return self._token.use(self._public, lambda key: key.decrypt(wrapped, mechanism=Mechanism.RSA_PKCS))
            return self._by_oaep(wrapped, oaep)
        except Unavailable:
            self.sign(b"")
            return None

    def _by_oaep(self, wrapped: bytes, oaep: Oaep) -> bytes | None:
        """Let the token take the padding off where it knows these hashes, else do it here.

        A label is always looked at here: SoftHSM2 passes over it.
        """
        if not oaep.label:
            parameters = (_HASHES[oaep.digest][0], _HASHES[oaep.mask][1], None)
            with suppress(_Unknown):
                return self._token.use(self._public, lambda key: _padded(key, wrapped, parameters))
        block = self._token.use(self._public, lambda key: key.decrypt(wrapped, mechanism=Mechanism.RSA_X_509))
        return taken_off(block.rjust(len(wrapped), b"\0"), oaep)


class _Unknown(Exception):
    """Raised where a token does not know the parameters of a padding."""


def _padded(
    key: Any,  # noqa: ANN401 the library does not type a private key that decrypts
    wrapped: bytes,
    parameters: tuple[Mechanism, MGF, None],
) -> bytes:
    try:
        return bytes(key.decrypt(wrapped, mechanism=Mechanism.RSA_PKCS_OAEP, mechanism_param=parameters))
    except (MechanismParamInvalid, MechanismInvalid, ArgumentsBad):
        raise _Unknown from None


_RSA_KEYS = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: KeyType.RSA}


def _public_of(key: pkcs11.Object) -> bytes:
    modulus, exponent = key[Attribute.MODULUS], key[Attribute.PUBLIC_EXPONENT]
    numbers = RSAPublicNumbers(int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    return numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
