"""`samvik cpa`: agreements judged and shown from their files alone."""

from pathlib import Path

from tests.engine.msh.test_cpa import agreement, party
from tests.fakes.parties import GP
from tests.fakes.project import Project


def test_check_and_show(bare: Project) -> None:
    """An agreement that can be used gives exit 0 and accept; one that cannot gives 1 with the reasons."""
    bare.put("cpa.xml", agreement(end="2039-01-01T00:00:00Z"))
    good = bare.samvik("cpa", "check", "cpa.xml", "--at", "2026-03-02T09:00:00Z", "--json")
    assert (good.code, good.json["verdict"], good.json["findings"]) == (0, "accept", [])
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
