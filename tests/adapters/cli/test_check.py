"""`samvik check`: every premise a line, with what, where and what to do."""

import asyncio

import pytest

from adapters.demo.network import Network
from engine.operations.premises import Topic, Weight
from tests.fakes.engines.project import Project


def told(project: Project) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    """Run the command; return its exit code, and weight and text by topic."""
    answer = project.samvik("check", "--json")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in answer.json:
        found.setdefault(row["topic"], []).append((row["weight"], row["text"]))
    return answer.code, found


def change(project: Project, old: str, new: str) -> None:
    """Change the configuration."""
    text = (project.folder / "samvik.toml").read_text("utf-8")
    assert old in text
    project.put("samvik.toml", text.replace(old, new))


def test_every_topic_is_told_once_all_is_there(project: Project) -> None:
    """Each topic has a line; only the relay that nobody runs is a fault, with its place and the remedy."""
    code, found = told(project)
    assert code == 1
    assert set(found) | {Topic.SETTINGS, Topic.SCHEMA} == set(Topic)
    faults = [(topic, text) for topic, rows in found.items() for weight, text in rows if weight in {"fault", "stop"}]
    assert [topic for topic, _ in faults] == [Topic.RELAY]
    assert "127.0.0.1:1 cannot be used" in faults[0][1]
    lines = project.samvik("check").out
    assert "fault" in lines
    assert "127.0.0.1:1" in lines


async def test_a_relay_that_answers_is_well(keyed: Project) -> None:
    """With a mail server there, nothing of an engine that was set up is a fault, and the command ends with 0."""
    network = Network()
    port = await network.start()
    change(keyed, "port = 1\n", f"port = {port}\n")
    assert keyed.process("parties", "import", "parties.toml", "--yes").code == 0
    answer = await asyncio.to_thread(keyed.process, "check")
    await network.stop()
    assert answer.code == 0, answer.out


def test_what_is_missing_is_told_and_nothing_is_made(bare: Project) -> None:
    """Before anything was set up the command says so, and leaves the folder as it is."""
    before = sorted(path.name for path in bare.folder.iterdir())
    _, found = told(bare)
    assert found[Topic.RING][0][0] == Weight.NOTE
    assert sorted(path.name for path in bare.folder.iterdir()) == before


def test_a_database_that_is_away_is_a_line(bare: Project) -> None:
    """The rest is still looked at, though the database does not answer."""
    change(bare, "[database]\nurl = ", '[database]\nurl = "postgresql://127.0.0.1:1/samvik" # ')
    code, found = told(bare)
    assert code == 1
    assert found[Topic.DATABASE][0][0] == Weight.STOP
    assert "port 1" in found[Topic.DATABASE][0][1]
    assert found[Topic.DISK]


@pytest.mark.parametrize("command", ["check", "run"])
def test_an_inbox_that_everybody_reads_stops_production(project: Project, command: str) -> None:
    """Health data in a folder that the whole machine may read: production does not start, and the line names chmod."""
    inbox = project.folder / "inbox"
    inbox.mkdir()
    inbox.chmod(0o755)
    change(project, "parties = ", 'environment = "production"\nparties = ')
    register = (project.folder / "parties.toml").read_text("utf-8")
    project.put("parties.toml", register.replace("testedi.nhn.no", "edi.nhn.no"))
    answer = project.process(command)
    assert answer.code == (1 if command == "check" else 2)
    assert f"chmod o-rwx {inbox}" in answer.out + answer.err


def test_a_password_in_clear_stops_production(project: Project) -> None:
    """A log-in at the relay without TLS is told by the settings alone, before anybody is called."""
    (project.put("relay.password", "hemmelig\n")).chmod(0o600)
    relay = '[relay]\nhost = "192.0.2.1"\nuser = "samvik"\npassword_file = "relay.password"\ntimeout_seconds = 1\n'
    change(project, "[relay]\n", relay)
    change(project, "parties = ", 'environment = "production"\nparties = ')
    answer = project.process("run")
    assert answer.code == 2
    assert "the password would go in clear to 192.0.2.1" in answer.sentence
    assert "hemmelig" not in answer.err
