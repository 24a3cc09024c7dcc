"""The commands of README's "Run an engine", what they say to people and to programs, and how they refuse."""

import json
import os
import re
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from tests.fakes.project import Project

ROW_KEYS = {
    "id", "direction", "at", "kind", "state", "waits_for", "deadline", "attempts", "msg_id", "owner", "from", "to",
    "message_id", "conversation_id", "ref_to_message_id", "service", "action", "reason",
}  # fmt: skip


def test_the_first_hour_with_an_engine(bare: Project) -> None:
    """The sequence of the README: each command ends with 0, and what should be JSON is JSON alone."""
    made = bare.samvik("pki", "init", "parties.toml")
    assert made.code == 0
    assert "pki/ca.pem" in made.out.splitlines()
    imported = bare.samvik("parties", "import", "parties.toml", "--yes")
    assert (imported.code, imported.err) == (0, "")
    assert "+ 8090100 Levanger kommune (enterprise)" in imported.out
    assert re.search(r"Imported as version \d+, SHA-256 [0-9a-f]{64}\.", imported.out)
    sent = bare.process("send", "avvik.xml", "--from", "8090101", "--to", "8090301", "--json")
    assert (sent.code, sent.err) == (0, "")
    assert set(sent.json) == ROW_KEYS
    shown = bare.samvik("message", "show", sent.json["msg_id"])
    assert shown.code == 0
    assert sent.json["id"] in shown.out
    sealed = bare.samvik("log", "verify", "--json")
    assert (sealed.code, sealed.json) == (0, {"findings": []})


def test_a_refusal_of_a_process(bare: Project) -> None:
    """A process that refuses ends with its code, one sentence on standard error and nothing else."""
    refused = bare.process("messages", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "samvik parties import FILE" in refused.sentence


def test_an_unknown_state_is_refused(project: Project) -> None:
    """A state that no message can have is refused with those that there are."""
    refused = project.samvik("messages", "--state", "BORTE")
    assert refused.code == 1
    assert "There is no state BORTE. There are: AVVIST, " in refused.sentence


def test_the_import_asks_first(keyed: Project) -> None:
    """Without --yes the difference is shown and a no changes nothing; the same file again is no change."""
    assert "Import?" in keyed.samvik("parties", "import", "parties.toml", answer="n\n").out
    assert keyed.samvik("parties", "show").code == 2
    assert "Imported as version" in keyed.samvik("parties", "import", "parties.toml", answer="y\n").out
    again = keyed.samvik("parties", "import", "parties.toml", "--yes")
    assert (again.code, again.out) == (0, "No difference.\n")


def test_the_register_is_shown(project: Project) -> None:
    """parties show gives versions and tree to people, and to programs all keys but certificates and content."""
    told = project.samvik("parties", "show").out.splitlines()
    assert re.fullmatch(r"version \d+  20\S+  \S+  [0-9a-f]{64}", told[0])
    assert "  8090100  Levanger kommune  (enterprise, 1900-01-01 to 9999-12-31)" in told
    assert "    8090101  Saksbehandling, Levanger  (service, 1900-01-01 to 9999-12-31)" in told
    shown = project.samvik("parties", "show", "--json").json
    assert len(shown["versions"]) == 1
    assert set(shown["versions"][0]) == {"id", "imported_at", "imported_by", "sha256"}
    assert "certificates" not in shown["parties"][0]
    assert [party["her"] for party in shown["parties"]][:2] == ["8090100", "8090101"]


def test_migrate_says_what_it_did(project: Project) -> None:
    """A database that is up to date has nothing applied, in words and in JSON."""
    assert "up to date" in project.samvik("migrate").out
    assert project.samvik("migrate", "--json").json == {"applied": []}


def test_the_delivery_log(project: Project) -> None:
    """Messages are listed newest first, narrowed by state, as a table and as JSON with the same keys always."""
    assert project.samvik("messages", "--json").json == []
    first, second = project.send(), project.send("8090201")
    listed = project.samvik("messages", "--json").json
    assert [row["id"] for row in listed] == [second["id"], first["id"]]
    assert all(set(row) == ROW_KEYS for row in listed)
    assert len(project.samvik("messages", "--state", "KO", "--json").json) == 2
    assert project.samvik("messages", "--state", "KARANTENE", "--json").json == []
    table = project.samvik("messages").out
    assert all(row["id"][:8] in table for row in listed)
    assert "Namdalen legekontor" in table


@pytest.mark.parametrize("key", ["id", "msg_id", "message_id", "conversation_id", "prefix"])
def test_a_message_is_found_by_any_id(project: Project, key: str) -> None:
    """Own id, its beginning, MsgId, MessageId and ConversationId all show the same message with its events."""
    sent = project.send()
    (shown,) = project.samvik("message", "show", sent["id"][:8] if key == "prefix" else sent[key], "--json").json
    assert shown["id"] == sent["id"]
    assert shown["events"]
    assert all({"at", "subject", "action", "actor", "data"} <= set(event) for event in shown["events"])


def test_a_message_is_taken_back_once(project: Project) -> None:
    """Cancel takes a queued message back with its reason; it can then be neither cancelled, sent nor released."""
    sent = project.send()
    done = project.samvik("message", "cancel", sent["id"], "--reason", "feil mottaker")
    assert (done.code, done.out) == (0, f"{sent['id']} is now KANSELLERT.\n")
    for verb in ("cancel", "resend", "release"):
        refused = project.samvik("message", verb, sent["id"], "--reason", "prøver")
        assert refused.code == 1
        assert "KANSELLERT" in refused.sentence
    (shown,) = project.samvik("message", "show", sent["id"], "--json").json
    assert shown["state"] == "KANSELLERT"
    assert shown["events"][-1]["data"]["reason"] == "feil mottaker"


def test_nothing_is_done_by_hand_without_a_reason(project: Project) -> None:
    """Each deed needs a reason, and without one nothing changes."""
    sent = project.send()
    for verb in ("cancel", "resend", "release"):
        for reason in ([], ["--reason", ""], ["--reason", "  "]):
            refused = project.samvik("message", verb, sent["id"], *reason)
            assert refused.code == 1
            assert "--reason" in refused.sentence
    assert project.samvik("messages", "--json").json[0]["state"] == "KO"


def test_an_ambiguous_id_is_not_acted_on(project: Project, pg_url: str) -> None:
    """Where an id names two messages nothing is done, and the way to a single one is told."""
    one, two = project.send(), project.send()
    with psycopg.connect(pg_url) as connection:
        connection.execute(
            "UPDATE outbound SET conversation_id = %s WHERE id = %s", (one["conversation_id"], two["id"])
        )
    refused = project.samvik("message", "cancel", one["conversation_id"], "--reason", "x")
    assert refused.code == 1
    assert "2 messages have the id" in refused.sentence


HOSTILE_IDS = ["8090", "' OR 1=1 --", "%", "x" * 5_000, str(UUID(int=7)), "[bold]"]


def test_an_unknown_id_is_refused(project: Project) -> None:
    """An id that no message has gives one sentence that says how to find one, whatever the id holds."""
    for words in (*(["show", id] for id in HOSTILE_IDS), ["cancel", HOSTILE_IDS[0], "--reason", "x"]):
        refused = project.samvik("message", *words)
        assert refused.code == 1
        assert "`samvik messages` lists them" in refused.sentence
        assert len(refused.sentence) < 300


def test_tasks_are_listed_and_closed(project: Project, pg_url: str) -> None:
    """A task shows in table and JSON, needs a reason to be closed, and is closed once."""
    sent = project.send()
    id = UUID(int=99)
    with psycopg.connect(pg_url) as connection:
        connection.execute(
            "INSERT INTO task (id, owner, subject, cause, text, role, opened_at, due, done_by, outcome) "
            "VALUES (%s, '8090100', %s, 'prove', 'Se på [dette].', 'drift', now(), now(), '', '')",
            (id, sent["id"]),
        )
    (task,) = project.samvik("task", "list", "--json").json
    assert (task["id"], task["subject"], task["text"]) == (str(id), sent["id"], "Se på [dette].")
    assert "Se på [dette]." in project.samvik("task", "list").out
    assert "--reason" in project.samvik("task", "done", str(id)).sentence
    assert project.samvik("task", "done", str(id), "--reason", "ordnet").code == 0
    assert project.samvik("task", "list", "--json").json == []
    refused = project.samvik("task", "done", str(id), "--reason", "igjen")
    assert refused.code == 1
    assert "No open task" in refused.sentence


def test_log_verify_finds_a_changed_row(project: Project, pg_url: str) -> None:
    """A sealed event that was changed behind our back is named, in words and in JSON, with exit code 1."""
    project.send()
    assert project.samvik("log", "verify").out == "The event log is whole.\n"
    with psycopg.connect(pg_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE event SET action = 'endret'")
    for words in (["log", "verify"], ["log", "verify", "--json"]):
        found = project.samvik(*words)
        assert found.code == 1
        assert found.err == ""
    assert found.json["findings"]


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


@pytest.mark.parametrize(
    ("file", "sender", "receiver", "told"),
    [
        ("avvik.xml", "8090301", "8090101", "not served by this engine"),
        ("avvik.xml", "8090101", "8090999", "not in the parties file"),
        ("avvik.xml", "x", "8090301", "HER-id: not a whole number"),
        ("avvik.xml", "8090101", "", "HER-id: not a whole number"),
        ("avvik.xml", "8090101", "1; DROP TABLE event", "HER-id: not a whole number"),
        ("borte.xml", "8090101", "8090301", "cannot be read: No such file"),
        (".", "8090101", "8090301", "cannot be read: Is a directory"),
    ],
)
def test_what_cannot_be_sent_is_refused(project: Project, file: str, sender: str, receiver: str, told: str) -> None:
    """A wrong party, a text that is no HER-id and a missing file are refused in one sentence."""
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
    assert re.search(r"samvik\.toml: prot: .*Correct or remove the key", refused.sentence)


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


@pytest.mark.parametrize("words", [["--help"], ["messages", "--help"], ["message", "--help"], []])
def test_help_is_there(bare: Project, words: list[str]) -> None:
    """Every level explains itself."""
    assert "Usage" in bare.samvik(*words).out


@pytest.mark.parametrize(
    "words", [["finnes-ikke"], ["messages", "--stat", "KO"], ["task", "done", "ikke-uuid"], ["send"]]
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

    monkeypatch.setattr("adapters.cli_desk.log_rows", broken)
    refused = project.samvik("messages")
    assert refused.code == 1
    assert "KeyError at test_commands.py" in refused.sentence
    assert "hemmelig" not in refused.sentence


def test_the_configuration_may_be_named(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--config and SAMVIK_CONFIG name a configuration elsewhere."""
    away = Project(tmp_path / "borte")
    (away.folder / "samvik.toml").unlink()
    config = str(project.folder / "samvik.toml")
    assert json.loads(away.samvik("messages", "--json", "--config", config).out) == []
    monkeypatch.setitem(os.environ, "SAMVIK_CONFIG", config)
    assert away.samvik("messages", "--json").json == []
