"""Whom an engine trusts, and the keys that it has, as the settings name them."""

from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.keys.files import keys_in, left_out, read_secret
from adapters.keys.ring import KeyRing
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


def load_keys(settings: Settings) -> KeyRing:
    """Return our private keys, from files and from a token where one is configured. Raises OwnFault."""
    keys, token = settings.keys, settings.keys.token
    files = keys_in(keys.directory, keys.password_file)
    names = left_out(keys.directory)
    if token.module is None:
        return KeyRing([files], names)
    from adapters.keys.token import Token

    return KeyRing([files, Token(token.module, token.label, read_secret(token.pin_file)).keys()], names)


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
