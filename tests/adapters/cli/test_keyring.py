"""The commands of the key ring: made once, told by ids alone, changed while the database keeps its content."""

import json
from pathlib import Path

import pytest

from tests.fakes.engines.project import Project

PRODUCTION = 'environment = "production"\n'


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no nodes: none run here."""
    monkeypatch.setattr("adapters.cli.keyring.SETTLE_SECONDS", 0)


def keys_in(ring: Path) -> list[str]:
    """Return the secret parts of a ring."""
    found = json.loads(ring.read_text("utf-8"))
    return [found["log"], *(entry["key"] for entry in found["keys"])]


def test_production_makes_its_key_ring_by_a_command(bare: Project) -> None:
    """Without a ring a sentence names the command; the command makes it, for its owner alone, and never twice (D1)."""
    config = (bare.folder / "samvik.toml").read_text("utf-8")
    bare.put("samvik.toml", PRODUCTION + config)
    assert "samvik keyring create" in bare.samvik("messages").sentence
    made = bare.samvik("keyring", "create")
    ring = bare.folder / "data" / "at-rest.key"
    assert (made.code, str(ring) in made.out) == (0, True)
    assert (ring.stat().st_mode & 0o777, ring.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not any(key in made.out + made.err for key in keys_in(ring))
    before = ring.read_bytes()
    assert bare.samvik("keyring", "create").code == 2
    assert ring.read_bytes() == before
    assert "No parties file" in bare.samvik("messages").sentence


def test_a_rotation_by_command(project: Project) -> None:
    """`rotate` makes a fresh key seal, tells counts and ids, never a key, and what was stored can still be read."""
    ring = project.folder / "data" / "at-rest.key"
    message = project.send()
    (only,) = project.samvik("keyring", "list", "--json").json
    assert (only["standing"], only["values"]) == ("active", 2)
    rotated = project.samvik("keyring", "rotate")
    first, second = project.samvik("keyring", "list", "--json").json
    assert (first["standing"], first["values"]) == ("active", 2)
    assert (second["id"], second["standing"], second["values"]) == (only["id"], "older", 0)
    assert first["id"] in rotated.out
    told = rotated.out + rotated.err + project.samvik("keyring", "list").out
    assert not any(key in told for key in keys_in(ring))
    assert project.samvik("message", "show", message["id"], "--json").code == 0


def test_a_prepared_key_is_told(project: Project) -> None:
    """With --prepare nothing is sealed again, and the next rotation takes the prepared key."""
    project.send()
    assert project.samvik("keyring", "rotate", "--prepare").code == 0
    prepared = [row for row in project.samvik("keyring", "list", "--json").json if row["standing"] == "prepared"]
    assert [row["values"] for row in prepared] == [0]
    assert prepared[0]["id"] in project.samvik("keyring", "rotate").out


def test_the_ring_of_another_engine_is_refused_by_every_command(project: Project, tmp_path: Path) -> None:
    """A copied configuration with another engine's ring stores nothing and reads nothing: a sentence names the file."""
    project.send()
    ring = project.folder / "data" / "at-rest.key"
    ring.unlink()
    assert project.samvik("keyring", "create").code == 0
    for words in (["messages"], ["send", "avvik.xml", "--from", "8090101", "--to", "8090301"], ["backup", "kopi"]):
        refused = project.samvik(*words)
        assert refused.code == 2
        assert f"{ring} is not the key ring of this database" in refused.sentence
    assert not (project.folder / "kopi").exists()


def test_a_key_ring_that_cannot_be_written_is_told(bare: Project) -> None:
    """A folder that cannot be made names the path, the reason and the keys of the configuration."""
    bare.put("data", b"a file where the folder should be")
    told = bare.samvik("keyring", "create").sentence
    assert "data_dir" in told
    assert str(bare.folder / "data") in told
