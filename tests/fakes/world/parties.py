"""A small register for tests: two municipalities in one engine, a GP's office in the other, and keys for all."""

import base64
import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.keys.pki import Enterprise, TestAuthority
from engine.agreements.purpose import Purpose
from engine.commit.actor import operator
from engine.names import HerId
from engine.register.parties import Registry
from engine.register.parties_file import registry_from
from tests.fakes.world.clock import START

LEVANGER, LEVANGER_SERVICE, LEVANGER_WARD = HerId("8090100"), HerId("8090101"), HerId("8090102")
VERDAL, VERDAL_SERVICE, VERDAL_RETIRED = HerId("8090200"), HerId("8090201"), HerId("8090209")
GP, GP_SERVICE = HerId("8090300"), HerId("8090301")
KARI = operator("kari")
"""Somebody at the operations desk."""

HOSPITAL = HerId("8090400")
STRANGER = HerId("8090900")
MUNICIPAL_ADDRESS, GP_ADDRESS = "innherred@testedi.nhn.no", "namdalen@testedi.nhn.no"

ENTERPRISES = (
    Enterprise(LEVANGER, "Levanger kommune", "999000010"),
    Enterprise(VERDAL, "Verdal kommune", "999000029"),
    Enterprise(GP, "Namdalen legekontor", "999000037"),
    Enterprise(HOSPITAL, "Helse Nord-Trøndelag HF", "999000045"),
    Enterprise(STRANGER, "Ukjent virksomhet", "999000096"),
)


@dataclass
class TestKeys:
    """An authority and what it issued, by HER-id and purpose."""

    __test__ = False

    authority: TestAuthority
    issued: dict[tuple[str, Purpose], tuple[x509.Certificate, RSAPrivateKey]] = field(default_factory=dict)

    def der(self, her: str, purpose: Purpose) -> bytes:
        """Return a certificate as DER."""
        return self.issued[her, purpose][0].public_bytes(Encoding.DER)

    def issue(self, her: str, purpose: Purpose, **how: Any) -> bytes:
        """Issue one certificate more for an enterprise; return it as DER. It is kept under (her-2, purpose)."""
        enterprise = next(each for each in ENTERPRISES if each.her == her)
        return self.keep(her, purpose, self.authority.issue(enterprise, purpose, **how))

    def keep(self, her: str, purpose: Purpose, issued: tuple[x509.Certificate, RSAPrivateKey]) -> bytes:
        """Keep a certificate and its key for an enterprise, whoever issued it; return it as DER."""
        self.issued[f"{her}-{len(self.issued)}", purpose] = issued
        return issued[0].public_bytes(Encoding.DER)


@cache
def test_keys() -> TestKeys:
    """Return one authority with a pair of certificates for each enterprise, made once a session (2048 bits)."""
    keys = TestKeys(TestAuthority(START, key_bits=2048))
    for enterprise in ENTERPRISES:
        for purpose in Purpose:
            keys.issued[enterprise.her, purpose] = keys.authority.issue(enterprise, purpose)
    return keys


test_keys.__test__ = False  # type: ignore[attr-defined]


def inline(der: bytes, purpose: Purpose, **more: Any) -> dict[str, Any]:
    """Return a certificate as a row of the parties file."""
    return {"purpose": purpose.value, "der": base64.b64encode(der).decode(), **more}


def certificates_of(her: str) -> list[dict[str, Any]]:
    """Return the rows of an enterprise's two certificates."""
    return [inline(test_keys().der(her, purpose), purpose) for purpose in Purpose]


@cache
def _table() -> dict[str, Any]:
    return {
        "format": 1,
        "party": [
            _enterprise(LEVANGER, "Levanger kommune", "999000010", MUNICIPAL_ADDRESS, LEVANGER_SERVICE),
            _below(LEVANGER_SERVICE, "Saksbehandling", LEVANGER, inbox="folder"),
            _below(LEVANGER_WARD, "Korttidsavdelingen", LEVANGER, kind="department", inbox="none"),
            _enterprise(VERDAL, "Verdal kommune", "999000029", MUNICIPAL_ADDRESS, VERDAL_SERVICE),
            _below(VERDAL_SERVICE, "Saksbehandling", VERDAL),
            _below(VERDAL_RETIRED, "Sykehjem", VERDAL, valid_to="2026-02-01", successor=VERDAL_SERVICE),
            _enterprise(GP, "Namdalen legekontor", "999000037", GP_ADDRESS, GP_SERVICE),
            _below(GP_SERVICE, "Fastlegetjenesten", GP),
        ],
        "agreement": [],
        "defaults": {},
    }


def _enterprise(her: str, name: str, number: str, address: str, service: str) -> dict[str, Any]:
    return {
        "her": her,
        "name": name,
        "kind": "enterprise",
        "organisation_number": number,
        "edi_address": address,
        "contact_point": service,
        "deviation_service": service,
        "certificates": certificates_of(her),
    }


def _below(her: str, name: str, parent: str, kind: str = "service", **more: Any) -> dict[str, Any]:
    return {"her": her, "name": name, "kind": kind, "parent": parent, **more}


def table(**changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parties file as a table; `changes` maps 'her_8090100' to keys to change in that party's row."""
    made = copy.deepcopy(_table())
    for row in made["party"]:
        row.update(changes.get(f"her_{row['her']}", {}))
    return made


def registry(**changes: Mapping[str, Any]) -> Registry:
    """Return the Registry of `table`."""
    return registry_from(table(**changes))


def with_terms(**terms: Any) -> Registry:
    """Return the Registry with other default terms."""
    return registry_from({**table(), "defaults": terms})


def long_ago(days: int) -> datetime:
    """Return the tests' start less some days."""
    return START - timedelta(days=days)
