"""A Policy for pure decisions: the small register without certificates, so that no key is ever made."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from adapters.words.partner import WordsForPartners
from adapters.xsd.files import SchemaFiles
from engine.agreements.carriers import carriers_from
from engine.agreements.services import ServiceTable
from engine.commit.policy import Policy
from engine.names import HerId
from engine.register.parties import Registry
from engine.register.parties_file import registry_from
from tests.fakes.world.parties import (
    GP,
    GP_ADDRESS,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    MUNICIPAL_ADDRESS,
    VERDAL,
    VERDAL_SERVICE,
)

CONFIG = Path(__file__).parents[3] / "config"


def _enterprise(her: HerId, name: str, number: str, address: str, service: HerId) -> dict[str, Any]:
    return {
        "her": her,
        "name": name,
        "kind": "enterprise",
        "organisation_number": number,
        "edi_address": address,
        "contact_point": service,
        "deviation_service": service,
    }


def _service(her: HerId, name: str, parent: HerId, **more: str) -> dict[str, Any]:
    return {"her": her, "name": name, "kind": "service", "parent": parent, **more}


def bare_registry(**terms: Any) -> Registry:
    """Return the small register with these default terms, and no certificate in it."""
    parties = [
        _enterprise(LEVANGER, "Levanger kommune", "999000011", MUNICIPAL_ADDRESS, LEVANGER_SERVICE),
        _service(LEVANGER_SERVICE, "Saksbehandling", LEVANGER, inbox="folder"),
        _service(LEVANGER_WARD, "Korttidsavdelingen", LEVANGER, inbox="none"),
        _enterprise(VERDAL, "Verdal kommune", "999000022", MUNICIPAL_ADDRESS, VERDAL_SERVICE),
        _service(VERDAL_SERVICE, "Saksbehandling", VERDAL),
        _enterprise(GP, "Namdalen legekontor", "999000033", GP_ADDRESS, GP_SERVICE),
        _service(GP_SERVICE, "Fastlegetjenesten", GP),
    ]
    return registry_from({"format": 1, "party": parties, "agreement": [], "defaults": terms})


@cache
def _carriers() -> dict[str, Any]:
    return dict(carriers_from(tomllib.loads((CONFIG / "carriers.toml").read_text("utf-8"))))


def policy(hosted: tuple[HerId, ...] = (LEVANGER, VERDAL), **terms: Any) -> Policy:
    """Return what an engine that serves these enterprises follows, under these default terms."""
    return Policy(
        registry=bare_registry(**terms),
        hosted=hosted,
        anchors=(),
        carriers=_carriers(),
        services=ServiceTable({}),
        schemas=SchemaFiles(),
        words=WordsForPartners(),
    )
