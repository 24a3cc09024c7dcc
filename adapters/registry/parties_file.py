"""Reads a parties file (TOML) and the certificate files that it names, and puts all into one text, which is kept."""

import base64
import stat
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import ValidationError

from adapters.keys.pki import Enterprise
from adapters.text.toml import Key, line_of, toml_of
from engine.codes.disk import DiskCode
from engine.codes.register import RegisterCode
from engine.errors import OwnFault
from engine.register.file_faults import explain
from engine.register.parties import PartyKind, Registry
from engine.register.parties_file import PartyRow, registry_from

_MOST_BYTES = 50_000_000


def read_parties(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return a parties file with its certificates inline (base64 DER in `der`), and the bytes of the file.

    In a certificate row, `file` is a path relative to the parties file. Raises OwnFault, with the file and the key that
    are wrong; also when anyone may write the file.
    """
    table, data, _ = _read(path)
    if "cpa" in table:
        raise OwnFault(RegisterCode.CPA_IN_FILE, path=path)
    return _inline(table, path.parent), data


def read_enterprises(path: Path) -> list[Enterprise]:
    """Return the enterprises of a parties file; its certificate files need not exist yet. Raises OwnFault."""
    table, _, text = _read(path)
    rows = table.get("party")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise OwnFault(RegisterCode.NO_PARTIES, path=path)
    parties: list[PartyRow] = []
    for number, row in enumerate(rows):
        bare = {key: value for key, value in row.items() if key != "certificates"}
        try:
            parties.append(PartyRow.model_validate(bare))
        except ValidationError as error:
            faults = explain(error, PartyRow, partial(_line_in_row, text, number))
            raise OwnFault(RegisterCode.CORRECT_FILE, path=path, faults=faults) from None
    return [
        Enterprise(party.her, party.name, party.organisation_number)
        for party in parties
        if party.kind is PartyKind.ENTERPRISE
    ]


def load_registry(path: Path) -> Registry:
    """Return the registry that a parties file describes, without importing it. Raises OwnFault."""
    table, data = read_parties(path)
    return registry_in(table, data)


def registry_in(table: Mapping[str, Any], data: bytes) -> Registry:
    """Return the registry of a file that was read; `data` are its bytes. Raises OwnFault with the line of a fault."""
    text = data.decode("utf-8-sig", "replace")
    return registry_from(table, lambda key: line_of(text, key))


def _line_in_row(text: str, number: int, key: Key) -> int | None:
    return line_of(text, ("party", number, *key))


def _read(path: Path) -> tuple[dict[str, Any], bytes, str]:
    """Return a parties file as a table, as its bytes and as text."""
    try:
        if path.stat().st_mode & stat.S_IWOTH:
            raise OwnFault(RegisterCode.WRITTEN_BY_ANYONE, path=path)
        data = path.read_bytes()
        if len(data) > _MOST_BYTES:
            raise OwnFault(RegisterCode.TOO_LARGE, path=path, most=_MOST_BYTES)
    except OSError as error:
        raise OwnFault(DiskCode.NOT_READ, path=path, error=error.strerror) from None
    table, text = toml_of(data, path)
    return table, data, text


def _inline(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    rows = table.get("party", [])
    if not isinstance(rows, list):
        return table
    for row in rows:
        certificates = row.get("certificates", []) if isinstance(row, dict) else []
        for certificate in certificates if isinstance(certificates, list) else []:
            if isinstance(certificate, dict) and "file" in certificate:
                certificate["der"] = _read_certificate(folder / str(certificate.pop("file")), row.get("her"))
    return table


def _read_certificate(path: Path, her_id: object) -> str:
    try:
        data = path.read_bytes()
        parsed = x509.load_pem_x509_certificate(data) if b"-----BEGIN" in data else x509.load_der_x509_certificate(data)
    except OSError:
        raise OwnFault(RegisterCode.CERTIFICATE_NOT_READ, her_id=her_id, path=path) from None
    except ValueError:
        raise OwnFault(RegisterCode.NOT_A_CERTIFICATE, her_id=her_id, path=path) from None
    return base64.b64encode(parsed.public_bytes(Encoding.DER)).decode()
