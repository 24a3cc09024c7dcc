"""Carriers: how a deviation is wrapped, chosen by the agreement between two parties (design 8, payload.md 0).

No national message exists for samhandlingsavvik, so every value is configuration: the rows of config/carriers.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from engine.codes.agreement import AgreementCode
from engine.errors import OwnFault

NEVER = "DIALOG_AVVIK"
"""HIS 1151 reports a message that was wrongly addressed or unusable; no deviation may be sent as it (payload.md 0)."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One way to wrap a deviation; config/carriers.toml says what each value means."""

    name: str
    enabled: bool
    message_type: str
    message_type_name: str
    dialog_version: Literal["1.0", "1.1"]
    tema_code: str
    tema_system: str
    tema_name: str
    apprec_version: Literal["1.0", "1.1"]
    patient: Literal["absent", "required"]
    service: str
    action: str
    sender_role: str
    receiver_role: str


_ALLOWED = {"dialog_version": ("1.0", "1.1"), "apprec_version": ("1.0", "1.1"), "patient": ("absent", "required")}
_KEYS = tuple(each.name for each in fields(Carrier) if each.name != "name")


def carriers_from(table: Mapping[str, object]) -> dict[str, Carrier]:
    """Return the carriers of a configuration table, by name.

    Raises OwnFault, naming row and key, for a missing or unknown key, a value that is not allowed, and any row that
    would carry a deviation as DIALOG_AVVIK.
    """
    return {name: _carrier(name, row) for name, row in table.items()}


def _carrier(name: str, row: object) -> Carrier:
    if not isinstance(row, Mapping):
        raise OwnFault(AgreementCode.CARRIER_NOT_A_TABLE, name=name)
    _check_keys(name, row)
    for key in _KEYS:
        _check_value(name, key, row[key])
    if row["message_type"].strip().upper() == NEVER:
        raise OwnFault(AgreementCode.CARRIER_NEVER, name=name, type=NEVER)
    return Carrier(name=name, **row)


def _check_keys(name: str, row: Mapping[str, object]) -> None:
    for key in _KEYS:
        if key not in row:
            raise OwnFault(AgreementCode.CARRIER_KEY_MISSING, name=name, key=key)
    for key in row:
        if key not in _KEYS:
            raise OwnFault(AgreementCode.CARRIER_KEY_UNKNOWN, name=name, key=key, known=_KEYS)


def _check_value(name: str, key: str, value: object) -> None:
    if key == "enabled":
        if not isinstance(value, bool):
            raise OwnFault(AgreementCode.CARRIER_NOT_A_BOOLEAN, name=name, key=key)
        return
    if not isinstance(value, str) or not value.strip():
        raise OwnFault(AgreementCode.CARRIER_NOT_A_TEXT, name=name, key=key)
    if key in _ALLOWED and value not in _ALLOWED[key]:
        raise OwnFault(AgreementCode.CARRIER_NOT_A_CHOICE, name=name, key=key, choices=_ALLOWED[key])
