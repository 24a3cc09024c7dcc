"""The commands of README's "Run an engine", what they say to people and to programs, and how they refuse."""

import re
from pathlib import Path
from uuid import UUID

import psycopg

from tests.fakes.engines.project import Project

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


def test_a_refusal_of_a_process(tmp_path: Path) -> None:
    """A process that refuses ends with its code, one sentence on standard error and nothing else."""
    refused = Project(tmp_path / "motor", parties="").process("messages", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "samvik.toml: Line 1: parties: " in refused.sentence


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


def test_certificates_are_shown_with_what_they_lack(project: Project) -> None:
    """Every certificate is listed with its end, and one of ours whose key is gone says so."""
    rows = project.samvik("certificates", "--json").json
    assert {(row["her"], row["key_here"]) for row in rows if row["purpose"]} >= {("8090100", True), ("8090300", None)}
    assert all(row["days_left"] > 0 and row["serial"] for row in rows)
    next((project.folder / "pki" / "private").glob("8090100-signing.pem")).unlink()
    assert "the key is missing" in project.samvik("certificates").out


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


def test_a_message_is_found_by_any_id(project: Project) -> None:
    """Own id, its beginning, MsgId, MessageId and ConversationId all show the same message with its events."""
    sent = project.send()
    for id in (sent["id"], sent["id"][:8], sent["msg_id"], sent["message_id"], sent["conversation_id"]):
        (shown,) = project.samvik("message", "show", id, "--json").json
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
            assert refused.sentence == "samvik: A reason is needed. Say why."
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
    assert project.samvik("task", "done", str(id)).sentence == "samvik: A reason is needed. Say why."
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
