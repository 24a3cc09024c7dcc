"""Text at the border of the commands: what people's editors and terminals make of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from adapters.keys.files import read_secret
from tests.fakes.engines.project import COMMAND, Project, environment
from tests.fakes.waiting import PATIENCE

MARK = b"\xef\xbb\xbf"
REGISTER = ["case", "register", "--as", "saksbehandler@8090101", "--channel", "post", "--received", "2026-11-20"]
REGISTER += ["--from", "8090301", "--title", "Brev", "--text", "-"]


def run(project: Project, *words: str, given: bytes = b"", **changed: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process, with bytes as its standard input and a changed environment."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=project.folder,
        env={**environment(), **changed},
        input=given,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


def test_a_byte_order_mark_is_no_part_of_a_file(keyed: Project) -> None:
    """Windows' editors put one before UTF-8: configuration, register and passwords are read all the same."""
    for name in ("samvik.toml", "parties.toml", "avvik.xml"):
        keyed.put(name, MARK + (keyed.folder / name).read_bytes())
    imported = keyed.samvik("parties", "import", "parties.toml", "--yes")
    assert imported.code == 0, imported.err
    assert keyed.send()["state"] == "KO"
    secret = keyed.put("passord.txt", MARK + "hemmelig æ\r\nikke dette\r\n".encode())
    secret.chmod(0o600)
    assert read_secret(secret) == "hemmelig æ".encode()


@pytest.mark.parametrize("name", ["samvik.toml", "parties.toml"])
def test_another_encoding_is_refused_with_its_line(keyed: Project, name: str) -> None:
    """Latin-1 and UTF-16 are named, with the line and the remedy."""
    text = (keyed.folder / name).read_text("utf-8")
    keyed.put(name, f"# én\n{text}\n# går\n".encode("latin-1", "replace"))
    refused = keyed.samvik("parties", "import", "parties.toml", "--yes")
    assert refused.code == 2
    assert f"{name} is not UTF-8 text (line 1). Save it as UTF-8." in refused.sentence
    keyed.put(name, text.encode("utf-16"))
    assert f"{name} is not UTF-8 text (line 1)" in keyed.samvik("parties", "import", "parties.toml", "--yes").sentence


def test_standard_input_in_another_encoding_is_refused(project: Project) -> None:
    """What is typed or piped in as Latin-1 is refused in one sentence; UTF-8 is taken in every locale."""
    refused = run(project, *REGISTER, given="Et brev på norsk".encode("latin-1"))
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr == b"samvik: - is not UTF-8 text (line 1). Save it as UTF-8.\n"
    taken = run(project, *REGISTER, given=MARK + "Et brev på norsk".encode(), PYTHONIOENCODING="latin-1")
    assert taken.returncode == 0, taken.stderr


def test_json_is_utf8_whatever_the_terminal_is(project: Project) -> None:
    """A program that reads JSON gets UTF-8 though the terminal is Latin-1, and no table fails for a sign it lacks."""
    shown = run(project, "parties", "show", "--json", PYTHONIOENCODING="latin-1")
    assert "Helse Nord-Trøndelag".encode() in shown.stdout or "ø".encode() in shown.stdout
    shown.stdout.decode("utf-8")
    for encoding in ("latin-1", "ascii"):
        table = run(project, "parties", "show", PYTHONIOENCODING=encoding, SAMVIK_LANGUAGE="nb")
        assert (table.returncode, table.stderr) == (0, b"")


def test_an_output_that_ends_early_or_is_full_gives_no_traceback(project: Project) -> None:
    """Behind a pipe that was closed the command is silent; on a full disk it says so in one sentence."""
    reading, writing = os.pipe()
    os.close(reading)
    closed = subprocess.run(
        [*COMMAND, "parties", "show"],
        cwd=project.folder, env=environment(), stdout=writing, stderr=subprocess.PIPE, timeout=PATIENCE, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (closed.returncode, closed.stderr) == (1, b"")
    for words in (["parties", "show"], ["messages", "--json"], ["--help"]):
        with Path("/dev/full").open("wb") as full:
            told = subprocess.run(
                [*COMMAND, *words],
                cwd=project.folder,
                env=environment(),
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=PATIENCE,
                check=False,
            )
        assert told.returncode == 1
        assert told.stderr.decode().startswith("samvik: What the command writes is not taken (No space left on device)")
        assert told.stderr.count(b"\n") == 1


def test_without_standard_output_a_command_does_its_work(project: Project) -> None:
    """A stream that is closed from the start takes everything."""
    command = f"{sys.executable} -c 'from adapters.cli.main import main; main()' messages >&- 2>&-"
    # Only a shell makes the pipes and full outputs that are tried here.
    done = subprocess.run(command, shell=True, cwd=project.folder, env=environment(), timeout=PATIENCE, check=False)  # noqa: S602
    assert done.returncode == 0


def test_no_sign_that_a_terminal_obeys_reaches_it(project: Project, pg_url: str) -> None:
    """Controls and what turns the direction of text are written out, in tables, timelines, sentences and JSON."""
    sent = project.send()
    turned = "\u202egnp.\u009b31m\u2066\x1b[2J"
    with psycopg.connect(pg_url) as connection:
        values = (f"id{turned}", turned, turned, sent["id"])
        connection.execute(
            "UPDATE outbound SET conversation_id = %s, action = %s, reason = %s, to_her = '1' WHERE id = %s", values
        )
    shown = run(project, "message", "show", sent["id"])
    told = shown.stdout.decode()
    assert shown.returncode == 0
    assert r"\u202egnp.\u009b31m\u2066\u001b[2J" in told
    data = run(project, "message", "show", sent["id"], "--json").stdout.decode()
    assert json.loads(data)[0]["action"] == turned
    refused = run(project, "message", "show", f"{turned}{turned}").stderr.decode()
    for text in (told, data, refused):
        assert not set("\u202e\u009b\u2066") & set(text)
    assert "\x1b" not in told
