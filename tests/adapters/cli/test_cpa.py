"""`samvik cpa`: agreements judged and shown from their files alone."""

import base64
from itertools import product
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from engine.agreements.purpose import Purpose
from tests.engine.agreements.test_cpa import agreement, party
from tests.fakes.engines.project import Project
from tests.fakes.world.parties import GP, LEVANGER, test_keys


def test_check_and_show(bare: Project) -> None:
    """An agreement that can be used gives exit 0 and accept; one that cannot gives 1 with the reasons."""
    bare.put("cpa.xml", agreement(end="2039-01-01T00:00:00Z"))
    good = bare.samvik("cpa", "check", "cpa.xml", "--at", "2026-03-02T09:00:00Z", "--json")
    assert (good.code, good.json["verdict"]) == (0, "accept")
    assert [each["her"] for each in good.json["parties"]] == ["8090300", "8090100"]
    assert "Handling" in bare.samvik("cpa", "show", "cpa.xml").out
    bare.put("amqp.xml", agreement(party(GP, protocol="AMQP")))
    bad = bare.samvik("cpa", "check", "amqp.xml", "--at", "2026-03-02T09:00:00Z")
    assert bad.code == 1
    assert "no endpoint for SMTP" in bad.out
    bare.put("x.xml", b"<x/>")
    none = bare.samvik("cpa", "check", "x.xml", "--json")
    assert (none.code, none.json["verdict"], none.json["cpa_id"]) == (1, "reject", None)
    assert bare.samvik("cpa", "show", "x.xml").code == 1
    assert not (Path(bare.folder) / "data" / "pg").exists()


def _with_keys_of(project: Project, file: bytes) -> bytes:
    """Return a CPA with the project's own certificates in the place of the tests'."""
    for her, purpose in product((GP, LEVANGER), Purpose):
        pem = (project.folder / "pki" / "certs" / f"{her}-{purpose}.pem").read_bytes()
        der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        file = file.replace(base64.b64encode(test_keys().der(her, purpose)), base64.b64encode(der))
    return file


def test_agreements_are_added_listed_and_shown(keyed: Project) -> None:
    """A CPA is added after a look at what it changes, listed with how it stands, outlives an import, and is shown."""
    assert keyed.samvik("parties", "import", "parties.toml", "--yes").code == 0
    file = _with_keys_of(keyed, agreement(end="2039-01-01T00:00:00Z"))
    keyed.put("cpa.xml", file)
    shown = keyed.samvik("cpa", "add", "cpa.xml", "--yes")
    assert "+ CPA avtale-1 between 8090300 and 8090100 from 2026-01-01 01:00" in shown.out
    keyed.put("ny.xml", file.replace(b"avtale-1", b"avtale-2"))
    newer = keyed.samvik("cpa", "add", "ny.xml", "--yes")
    assert "~ CPA avtale-1 between 8090300 and 8090100 ends" in newer.out
    rows = keyed.samvik("cpa", "list", "--json").json
    assert [(row["cpa_id"], row["standing"]) for row in rows] == [
        ("avtale-1", "late messages"),
        ("avtale-2", "in force"),
    ]
    keyed.put(
        "parties.toml", (keyed.folder / "parties.toml").read_text("utf-8").replace("Levanger kommune", "Levanger")
    )
    assert keyed.samvik("parties", "import", "parties.toml", "--yes").code == 0
    assert "avtale-2" in keyed.samvik("cpa", "list").out
    assert "Handling" in keyed.samvik("cpa", "show", "AVTALE-2").out
    assert keyed.samvik("cpa", "show", "avtale-9").code == 1
    again = keyed.samvik("cpa", "add", "ny.xml", "--yes")
    assert (again.code, "kept already" in again.sentence) == (1, True)


def test_check_says_what_add_does(keyed: Project) -> None:
    """With this engine's configuration `cpa check` accepts what `cpa add` takes, and nothing that it refuses."""
    assert keyed.samvik("parties", "import", "parties.toml", "--yes").code == 0
    good = agreement(end="2039-01-01T00:00:00Z")
    files = {
        "god.xml": _with_keys_of(keyed, good),
        "fremmed-utsteder.xml": good,
        "amqp.xml": _with_keys_of(keyed, agreement(party(GP, protocol="AMQP"), end="2039-01-01T00:00:00Z")),
        "med-seg-selv.xml": _with_keys_of(keyed, agreement(party(GP), party(GP), end="2039-01-01T00:00:00Z")),
        "ukjent.xml": _with_keys_of(keyed, agreement(party(GP, her="8099999"), end="2039-01-01T00:00:00Z")),
        "over.xml": _with_keys_of(keyed, agreement(end="2026-02-01T00:00:00Z")),
    }
    for name, file in files.items():
        keyed.put(name, file)
        checked = keyed.samvik("cpa", "check", name, "--config", "samvik.toml", "--json")
        added = keyed.samvik("cpa", "add", name, "--yes")
        assert (name, checked.code) == (name, added.code)
        assert (checked.json["verdict"] == "accept") == (name == "god.xml")


def test_a_cpa_is_no_part_of_a_parties_file(keyed: Project) -> None:
    """A parties file that brings CPAs of its own is refused, and told how they are added."""
    text = (keyed.folder / "parties.toml").read_text("utf-8")
    keyed.put("parties.toml", text + '\n[[cpa]]\ncontent = ""\n')
    refused = keyed.samvik("parties", "import", "parties.toml", "--yes")
    assert (refused.code, "samvik cpa add" in refused.sentence) == (2, True)


def test_schema_errors_of_a_cpa_are_warnings(bare: Project) -> None:
    """What a CPA's schema does not accept is worth asking about, and keeps nobody from using it."""
    bare.put("cpa.xml", agreement(end="2039-01-01T00:00:00Z"))
    found = bare.samvik("cpa", "check", "cpa.xml", "--at", "2026-03-02T09:00:00Z", "--json").json
    assert found["verdict"] == "accept"
    assert found["findings"]
    assert {each["severity"] for each in found["findings"]} == {"Warning"}
