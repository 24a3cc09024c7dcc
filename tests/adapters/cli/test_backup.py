"""`samvik backup` and `samvik restore` as an operator uses them."""

from tests.fakes.engines.project import Project


def _sent(project: Project) -> str:
    """Queue a deviation, and return the id of its message."""
    sent = project.samvik("send", "avvik.xml", "--from", "8090101", "--to", "8090301", "--json")
    assert sent.code == 0, sent.err
    return str(sent.json["id"])


def test_a_backup_comes_back_and_holds_sending(project: Project) -> None:
    """What was queued in the backup is SENDT_UKJENT after the restore, what came later is gone; a release ends it."""
    kept = _sent(project)
    made = project.samvik("backup", "samvik.backup")
    assert (made.code, "Keep the key ring apart" in made.out) == (0, True)
    later = _sent(project)
    assert "is whole: test, HER-id 8090100, 8090200" in project.samvik("restore", "check", "samvik.backup").out
    assert "--replace" in project.samvik("restore", "from", "samvik.backup").sentence
    back = project.samvik("restore", "from", "samvik.backup", "--replace")
    assert (back.code, "1 messages may have been sent" in back.out) == (0, True)
    assert {row["id"]: row["state"] for row in project.samvik("messages", "--json").json} == {kept: "SENDT_UKJENT"}
    held = project.samvik("restore", "status", "--json").json
    assert (held["held"], [row["id"] for row in held["in_doubt"]]) == (True, [kept])
    assert "Sending is held: restored" in project.samvik("restore", "status").out
    assert "samvik restore release" in project.samvik("task", "list", "--json").out
    assert "1 messages" in project.samvik("restore", "release").out
    assert project.samvik("restore", "status").out == "Nothing is held.\n"
    assert "No sending is held" in project.samvik("restore", "release").sentence
    assert later not in project.samvik("messages", "--json").out
    assert project.samvik("log", "verify").out == "The event log is whole.\n"


def test_what_cannot_be_backed_up_or_restored(project: Project) -> None:
    """A file that is there already, one that is none, and a key ring that is gone are told in one sentence each."""
    _sent(project)
    project.put("there", b"x")
    assert "never written over" in project.samvik("backup", "there").sentence
    assert "cannot be written" in project.samvik("backup", "no/such/folder").sentence
    assert "cannot be read" in project.samvik("restore", "check", "missing").sentence
    assert "no backup of Samvik" in project.samvik("restore", "check", "there").sentence
    assert "no backup of Samvik" in project.samvik("restore", "from", "there", "--replace").sentence
    (project.folder / "data" / "at-rest.key").unlink()
    assert "Bring the key ring" in project.samvik("backup", "new").sentence
    assert not (project.folder / "new").exists()
