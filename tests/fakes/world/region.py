"""A register in the shape of the real one: a hospital trust with departments, municipalities with services, GPs.

Names are those of the region's parties; HER-ids, organisation numbers and dates are invented.
"""

from collections.abc import Mapping
from typing import Any

from engine.names import HerId
from engine.register.parties import Registry
from engine.register.parties_file import registry_from
from tests.fakes.world.parties import GP, GP_SERVICE, HOSPITAL, LEVANGER, VERDAL, certificates_of, table

HOSPITAL_ADDRESS = "nordtrondelag@testedi.nhn.no"
COORDINATION = HerId("8090401")
"""Samhandlingsavdelingen: where deviations to the hospital trust are addressed, and its contact point."""

EMERGENCY, BED_POST, CLINIC, DPS = HerId("8090402"), HerId("8090403"), HerId("8090410"), HerId("8090411")
PHYSIO, PHYSIO_NEW, CLOSED, TO_COME = HerId("8090404"), HerId("8090405"), HerId("8090406"), HerId("8090407")
LEVANGER_NURSING, LEVANGER_HOME = HerId("8090110"), HerId("8090111")
GP_DOCTOR = HerId("8090302")


def region_table(**changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole region as a parties file; `changes` maps 'her_8090403' to keys to change in that row."""
    made = table()
    made["party"] += [
        {
            "her": HOSPITAL,
            "name": "Helse Nord-Trøndelag HF",
            "kind": "enterprise",
            "organisation_number": "999000045",
            "edi_address": HOSPITAL_ADDRESS,
            "contact_point": COORDINATION,
            "deviation_service": COORDINATION,
            "certificates": certificates_of(HOSPITAL),
        },
        _below(COORDINATION, "Samhandlingsavdelingen", HOSPITAL, kind="service"),
        _below(EMERGENCY, "Akuttmottak, Sykehuset Levanger", HOSPITAL),
        _below(BED_POST, "Medisinsk sengepost, Sykehuset Namsos", HOSPITAL, inbox="none"),
        _below(PHYSIO, "Avd. for fysio- og ergoterapi", HOSPITAL, valid_to="2026-02-01", successor=PHYSIO_NEW),
        _below(PHYSIO_NEW, "Avd. for rehabilitering", HOSPITAL, valid_from="2026-02-02"),
        _below(CLOSED, "Poliklinikk, Stjørdal", HOSPITAL, valid_to="2026-02-01"),
        _below(TO_COME, "Dagkirurgi, Namsos", HOSPITAL, valid_from="2026-09-01"),
        _below(CLINIC, "Klinikk for psykisk helsevern og rus", HOSPITAL, inbox="none", contact_point=DPS),
        _below(DPS, "DPS Stjørdal", CLINIC),
        _below(LEVANGER_NURSING, "Sykepleietjenesten", LEVANGER, kind="service"),
        _below(LEVANGER_HOME, "Hjemmetjenesten, Ytterøy", LEVANGER_NURSING, inbox="none"),
        _below(GP_DOCTOR, "Kari Prøve", GP, kind="person", inbox="none", contact_point=GP_SERVICE),
    ]
    for row in made["party"]:
        row.update(changes.get(f"her_{row['her']}", {}))
    return made


def region(**changes: Mapping[str, Any]) -> Registry:
    """Return the Registry of `region_table`."""
    return registry_from(region_table(**changes))


def _below(her: str, name: str, parent: str, kind: str = "department", **more: Any) -> dict[str, Any]:
    return {"her": her, "name": name, "kind": kind, "parent": parent, **more}


HOSTED = (LEVANGER, VERDAL, HOSPITAL)
"""Three enterprises of the region that one engine serves."""
