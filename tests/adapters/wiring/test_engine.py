"""Wiring: settings, register, keys and carriers must fit together, and test and production stay apart."""

from pathlib import Path
from typing import Any

import pytest

from adapters.settings import Settings, settings_from
from adapters.wiring.engine import load_carriers, load_schemas, load_services
from adapters.wiring.environment import addresses, check_environment
from adapters.wiring.opening import key_ring
from adapters.wiring.trust import load_anchors
from engine.errors import OwnFault
from engine.names import HerId
from tests.engine.agreements.test_cpa import agreement, party
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, STRANGER, registry
from tests.fakes.world.surroundings import ANCHOR, CARRIERS
from tests.journeys.test_cpas import with_cpa

PRODUCTION = {"environment": "production", "database": {"url": "postgresql://db/samvik"}}


def settings(folder: Path = Path("/srv/samvik"), **table: Any) -> Settings:
    """Return settings of an engine for Levanger."""
    return settings_from({"parties": [LEVANGER], **table}, folder / "samvik.toml")


def everybody_at(domain: str) -> dict[str, dict[str, str]]:
    """Return changes to the register that give each enterprise an address at a domain."""
    return {f"her_{her}": {"edi_address": f"edi{her}@{domain}"} for her in (LEVANGER, "8090200", GP)}


@pytest.mark.parametrize("domain", ["testedi.nhn.no", "samsvar.nhn.no", "TestEDI.nhn.no"])
def test_a_test_address_stays_out_of_production(domain: str) -> None:
    """A register with one test address stops production, and the sentence names the party."""
    changes = {**everybody_at("edi.nhn.no"), f"her_{GP}": {"edi_address": f"gp@{domain}"}}
    with pytest.raises(OwnFault, match=rf"start\.test_address.*{GP}"):
        check_environment(settings(**PRODUCTION), registry(**changes), [LEVANGER])


@pytest.mark.parametrize("environment", ["demo", "test"])
@pytest.mark.parametrize("domain", ["edi.nhn.no", "EDI.nhn.no"])
def test_a_production_address_stays_out_of_test(environment: str, domain: str) -> None:
    """A register with one production address stops demo and test."""
    changes = {f"her_{GP}": {"edi_address": f"gp@{domain}"}}
    with pytest.raises(OwnFault, match=rf"start\.production_address.*{GP}"):
        check_environment(settings(environment=environment), registry(**changes), [LEVANGER])


def test_each_environment_takes_its_own_addresses() -> None:
    """Production with production addresses and test with test addresses are accepted."""
    check_environment(settings(**PRODUCTION), registry(**everybody_at("edi.nhn.no")), [LEVANGER])
    check_environment(settings(), registry(), [LEVANGER])


@pytest.mark.parametrize("her", [STRANGER, GP_SERVICE])
def test_only_an_enterprise_of_the_register_is_served(her: HerId) -> None:
    """A HER-id that the register does not know, or that is no enterprise, stops the start by name."""
    with pytest.raises(OwnFault, match=rf"start\.not_an_enterprise.*{her}"):
        check_environment(settings(), registry(), [her])


def test_a_key_ring_is_made_for_test_and_brought_to_production(tmp_path: Path) -> None:
    """Test makes a key ring once and finds it again; production without one says what to bring."""
    assert key_ring(settings(tmp_path)) is not None
    before = (tmp_path / "data" / "at-rest.key").read_bytes()
    key_ring(settings(tmp_path))
    assert (tmp_path / "data" / "at-rest.key").read_bytes() == before
    with pytest.raises(OwnFault, match=r"start\.ring_missing.*at-rest\.key"):
        key_ring(settings(tmp_path / "prod", **PRODUCTION))


HOLLOW = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("content", [None, b"", HOLLOW, ANCHOR])
def test_an_anchor_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    """A missing, empty, broken or DER file of issuers stops the start with file and key."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OwnFault, match=r"ca\.pem.*keys\.anchors"):
        load_anchors([file])


@pytest.mark.parametrize("content", [None, b"\xff", b"[a", b"[rad]\nnoe = 1"])
def test_carriers_that_cannot_be_read_are_named(tmp_path: Path, content: bytes | None) -> None:
    """A carriers file that is missing, no text, no TOML or of another shape stops the start."""
    file = tmp_path / "carriers.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OwnFault):
        load_carriers(settings(tmp_path, carriers="carriers.toml").carriers)


def test_without_a_file_the_carriers_are_those_that_come_with_samvik() -> None:
    """The package brings its own carriers."""
    assert load_carriers() == CARRIERS


def test_a_folder_that_lacks_a_schema_stops_the_start(tmp_path: Path) -> None:
    """Schemas are compiled when an engine is wired: an owner's folder that is not whole is told with its remedy."""
    assert load_schemas(settings()) is not None
    with pytest.raises(OwnFault, match=r"schema\.no_file"):
        load_schemas(settings(tmp_path, schemas={"directory": "."}))


def test_services_are_those_of_the_table_and_of_the_carriers() -> None:
    """Every row of services.toml and every carrier gives a Service with its Action and APPREC, the Roles swapped."""
    services = load_services(CARRIERS)
    assert services.actions("S-DIALOG_SVAR") == {
        "DIALOG_SVAR": ("DIALOG_SVARsender", "DIALOG_SVARreceiver"),
        "APPREC": ("DIALOG_SVARreceiver", "DIALOG_SVARsender"),
    }
    for carrier in CARRIERS.values():
        assert {carrier.action, "APPREC"} <= set(services.actions(carrier.service) or ())


def test_the_owners_services_replace_those_that_come_with_samvik(tmp_path: Path) -> None:
    """Service, Action and Role are configuration: another table names other ones, and a bad row names itself."""
    keys = ("service", "action", "sender_role", "receiver_role", "apprec_action")
    row = "\n".join(f'{key} = "{key.upper()}"' for key in keys)
    file = tmp_path / "services.toml"
    file.write_text(f"[DIALOG_SVAR]\n{row}\n", "utf-8")
    services = load_services({}, settings(services=file).services)
    assert services.actions("SERVICE") == {
        "ACTION": ("SENDER_ROLE", "RECEIVER_ROLE"),
        "APPREC_ACTION": ("RECEIVER_ROLE", "SENDER_ROLE"),
    }
    assert services.actions("S-DIALOG_SVAR") is None
    file.write_text('[DIALOG_SVAR]\nservice = "S"\n', "utf-8")
    with pytest.raises(OwnFault, match=r"agreement\.route_keys.*DIALOG_SVAR"):
        load_services({}, settings(services=file).services)


def test_addresses_in_agreements_are_addresses_too() -> None:
    """Where a CPA tells a partner to send is taken in by our listener, and kept apart by environment like any other."""
    file = agreement(party(GP, endpoint="mailto://legekontor@testedi.nhn.no"))
    check_environment(settings(**PRODUCTION), registry(**everybody_at("edi.nhn.no")), [LEVANGER])
    register = with_cpa(file, **everybody_at("edi.nhn.no"))
    assert (GP, "legekontor@testedi.nhn.no") in list(addresses(register))
    with pytest.raises(OwnFault, match=r"start\.test_address.*testedi\.nhn\.no"):
        check_environment(settings(**PRODUCTION), register, [LEVANGER])
