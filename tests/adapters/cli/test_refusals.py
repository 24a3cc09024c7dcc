"""What the commands refuse: one sentence on standard error, the right code, and never a traceback or content."""

import json
import os
import re
import tomllib
from pathlib import Path
from uuid import UUID

import pytest

from engine.commit.policy import SAMVIK
from tests.fakes.engines.project import Project
from tests.fakes.world.surroundings import PROJECT

DEVIATIONS = [
    (bytes(range(256)), "T01"),
    (b"", "T01"),
    (b"<a/>", ""),
    (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "hemmelig">]><a>&b;</a>', ""),
    ((b"<a>" * 3_000) + (b"</a>" * 3_000), ""),
    (b'<Deviation xmlns="urn:samvik:deviation:1"><Title>hemmelig</Title></Deviation>', ""),
    ("<Deviation>hemmelig</Deviation>".encode("utf-16"), ""),
]


def test_what_is_no_deviation_is_not_sent(project: Project) -> None:
    """A file that is no deviation gives one sentence that repeats nothing of it, and nothing is queued."""
    for data, told in DEVIATIONS:
        project.put("feil.xml", data)
        refused = project.samvik("send", "feil.xml", "--from", "8090101", "--to", "8090301")
        assert refused.code == 1
        assert told in refused.sentence
        assert "hemmelig" not in refused.sentence
    assert project.samvik("messages", "--json").json == []


UNSENDABLE = [
    ("avvik.xml", "8090301", "8090101", "not served by this engine"),
    ("avvik.xml", "8090101", "8090999", "not in the parties file"),
    ("avvik.xml", "8090101", "8090101", "cannot write to itself"),
    ("avvik.xml", "x", "8090301", "must be a whole number"),
    ("avvik.xml", "8090101", "", "must be a whole number"),
    ("avvik.xml", "8090101", "1; DROP TABLE event", "must be a whole number"),
    ("borte.xml", "8090101", "8090301", "cannot be read (No such file"),
    (".", "8090101", "8090301", "cannot be read (Is a directory"),
]


def test_what_cannot_be_sent_is_refused(project: Project) -> None:
    """A wrong party, a text that is no HER-id and a missing file are refused in one sentence."""
    for file, sender, receiver, told in UNSENDABLE:
        refused = project.samvik("send", file, "--from", sender, "--to", receiver)
        assert refused.code == 1
        assert told in refused.sentence


ANY_COMMAND = [
    ["run"],
    ["migrate", "--json"],
    ["send", "avvik.xml", "--from", "1", "--to", "2"],
    ["messages", "--json"],
    ["message", "show", "x"],
    ["message", "cancel", "x", "--reason", "x"],
    ["task", "list"],
    ["task", "done", str(UUID(int=1)), "--reason", "x"],
    ["log", "verify"],
    ["parties", "show"],
    ["parties", "import", "parties.toml"],
    ["pki", "init", "parties.toml"],
]


@pytest.mark.parametrize("words", ANY_COMMAND, ids=" ".join)
def test_a_broken_configuration_stops_every_command(tmp_path: Path, words: list[str]) -> None:
    """Each command ends with 2 and names file, key and remedy; nothing is on standard output."""
    project = Project(tmp_path / "motor")
    project.put("samvik.toml", 'parties = ["8090100"]\nprot = 1\n')
    refused = project.samvik(*words)
    assert (refused.code, refused.out) == (2, "")
    assert re.search(r"samvik\.toml: Line 2: prot: .*Correct or remove the key", refused.sentence)


@pytest.mark.parametrize("words", [words for words in ANY_COMMAND if words[0] != "pki"], ids=" ".join)
def test_a_missing_configuration_stops_every_command(tmp_path: Path, words: list[str]) -> None:
    """Where there is no samvik.toml the sentence says what to copy."""
    project = Project(tmp_path / "motor")
    (project.folder / "samvik.toml").unlink()
    refused = project.samvik(*words)
    assert refused.code == 2
    assert "Copy config/samvik.toml there" in refused.sentence


@pytest.mark.parametrize("words", [words for words in ANY_COMMAND if words[0] != "pki"], ids=" ".join)
@pytest.mark.parametrize("url", ["postgresql://samvik@/borte?host=/nowhere", "hemmelig tull"])
def test_a_database_that_does_not_answer(keyed: Project, words: list[str], url: str) -> None:
    """Without its database every command ends with one sentence that does not repeat the URL."""
    project = Project(keyed.folder, url)
    refused = project.samvik(*words)
    assert refused.code in {1, 2}
    assert "database" in refused.sentence
    assert url not in refused.sentence


BROKEN_PARTIES = [
    b"",
    b"\xff\xfe\x00",
    b"format = 1",
    b"party = 7",
    b"party = [7]",
    b"[[party]]\nher = 7",
    b"[[party]]\nkind = 'enterprise'",
    b"[[party]]\nher = '../../x'\nname = 'x'\nkind = 'enterprise'",
    b"[[party]]\nher = '1'\nname = 7\nkind = 'enterprise'",
]
TAKE_PARTIES = [["parties", "import"], ["pki", "init"], ["verify", "avvik.xml", "--trust"]]


@pytest.mark.parametrize("content", BROKEN_PARTIES)
@pytest.mark.parametrize("words", TAKE_PARTIES, ids=" ".join)
def test_a_broken_parties_file(bare: Project, words: list[str], content: bytes) -> None:
    """A parties file that is broken is refused in one sentence wherever it is given, and nothing is made of it."""
    bare.put("feil.toml", content)
    answer = bare.samvik(*words, "feil.toml")
    assert answer.code in {1, 2}
    assert answer.sentence
    assert not list(bare.folder.rglob("*.pem"))


def test_pki_init_writes_over_nothing_and_not_in_production(project: Project) -> None:
    """A second init is refused, and production takes its certificates from an issuer."""
    assert "holds a CA already" in project.samvik("pki", "init", "parties.toml").sentence
    production = 'environment = "production"\nparties = ["8090100"]\n[database]\nurl = "postgresql://h/d"\n'
    project.put("samvik.toml", production)
    refused = project.samvik("pki", "init", "parties.toml", "--out", "ny")
    assert refused.code == 1
    assert "pki init is for demo and test" in refused.sentence
    assert not (project.folder / "ny").exists()


def test_a_register_of_the_wrong_environment_is_not_imported(project: Project) -> None:
    """A production address, or a register without those whom we serve, is refused before anything is kept."""
    text = (project.folder / "parties.toml").read_text("utf-8")
    project.put("prod.toml", text.replace("namdalen@testedi.nhn.no", "namdalen@edi.nhn.no"))
    refused = project.samvik("parties", "import", "prod.toml", "--yes")
    assert refused.code == 2
    assert "8090300 has a production address" in refused.sentence
    project.put("annet.toml", text.replace('"8090200"', '"8090222"'))
    assert "HER-id 8090200 is no enterprise" in project.samvik("parties", "import", "annet.toml", "--yes").sentence
    assert len(project.samvik("parties", "show", "--json").json["versions"]) == 1


def test_the_version_is_told(bare: Project) -> None:
    """`samvik --version` says the version that partners see in our messages, and that the project file has."""
    told = bare.samvik("--version")
    assert (told.code, told.out) == (0, f"samvik {SAMVIK.version}\n")
    assert tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == SAMVIK.version


@pytest.mark.parametrize("words", [["--help"], ["messages", "--help"], ["message", "--help"], []])
def test_help_is_there(bare: Project, words: list[str]) -> None:
    """Every level explains itself."""
    assert "Usage" in bare.samvik(*words).out


@pytest.mark.parametrize(
    "words", [["finnes-ikke"], ["messages", "--stat", "KO"], ["messages", "--limit", "0"], ["send"]]
)
def test_a_call_that_is_off_ends_with_2(bare: Project, words: list[str]) -> None:
    """Words that no command understands end with 2 and say how it is used, on standard error."""
    refused = bare.samvik(*words)
    assert (refused.code, refused.out) == (2, "")
    assert "Usage" in refused.err


def test_a_bug_of_ours_shows_no_content(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw ends with one sentence: its type and place, and not a word of what it held."""

    def broken(*_arguments: object) -> None:
        raise KeyError("hemmelig")

    monkeypatch.setattr("adapters.cli.desk.log_rows", broken)
    refused = project.samvik("messages")
    assert refused.code == 1
    assert "KeyError at test_refusals.py" in refused.sentence
    assert "hemmelig" not in refused.sentence


def test_a_summary_that_cannot_be_written_stops_the_demo_before_it_begins(bare: Project) -> None:
    """The whole story is not told to somebody who asked for its summary in vain."""
    refused = bare.samvik("demo", "--once", "--json", "/finnes/ikke/x.json")
    assert refused.code == 1
    assert "/finnes/ikke/x.json cannot be written" in refused.sentence


def test_before_a_register_is_imported_the_key_ring_is_not_missed(keyed: Project) -> None:
    """A fresh engine says what to do first; only a ring that was used and is gone is called for."""
    refused = keyed.samvik("messages")
    assert "samvik parties import" in refused.sentence


def test_the_configuration_may_be_named(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--config and SAMVIK_CONFIG name a configuration elsewhere."""
    away = Project(tmp_path / "borte")
    (away.folder / "samvik.toml").unlink()
    config = str(project.folder / "samvik.toml")
    assert json.loads(away.samvik("messages", "--json", "--config", config).out) == []
    monkeypatch.setitem(os.environ, "SAMVIK_CONFIG", config)
    assert away.samvik("messages", "--json").json == []
