"""Whom an engine trusts, and the keys that it has, as the settings name them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.keys.files import keys_in, left_out, public_keys_in, read_secret
from adapters.keys.ring import KeyRing, PrivateKey, public_key_of
from adapters.settings import Settings
from engine.codes.disk import DiskCode
from engine.errors import OwnFault
from engine.names import HerId
from engine.register.parties import Registry
from engine.trust.known import Known


def known_with(settings: Settings, registry: Registry) -> Known:
    """Return what certificates and agreements are judged by, with this register. Raises OwnFault."""
    hosted = tuple(HerId(her_id) for her_id in settings.parties)
    return Known(registry, hosted, load_anchors(settings.keys.anchors), load_keys(settings).holds)


def known_at_sight(settings: Settings, registry: Registry) -> Known:
    """Return the same for who only looks: which keys are here is seen, not proved. Raises OwnFault."""
    keys = settings.keys
    publics = public_keys_in(keys.directory, keys.password_file) | _token_keys(settings).keys()
    hosted = tuple(HerId(her_id) for her_id in settings.parties)
    return Known(registry, hosted, load_anchors(keys.anchors), lambda der: public_key_of(der) in publics)


def load_keys(settings: Settings) -> KeyRing:
    """Return our private keys, from files and from a token where one is configured. Raises OwnFault."""
    keys = settings.keys
    files = keys_in(keys.directory, keys.password_file)
    return KeyRing([files, _token_keys(settings)], left_out(keys.directory))


def _token_keys(settings: Settings) -> Mapping[bytes, PrivateKey]:
    """Return the keys of the token that is configured; none where none is."""
    token = settings.keys.token
    if token.module is None:
        return {}
    from adapters.keys.token import Token

    return Token(token.module, token.label, read_secret(token.pin_file)).keys()


def load_anchors(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """Return the trusted issuers in PEM files as DER. Raises OwnFault that names the file."""
    anchors: list[bytes] = []
    for path in paths:
        try:
            found = x509.load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError):
            raise OwnFault(DiskCode.NO_ISSUER, path=path, setting="keys.anchors") from None
        anchors += [certificate.public_bytes(Encoding.DER) for certificate in found]
    return tuple(anchors)
