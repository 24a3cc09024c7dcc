"""The demo as a newcomer runs it: the story, then a visit by the commands and addresses that it prints."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.states.role import Role
from tests.fakes.engines.project import COMMAND, environment
from tests.fakes.waiting import PATIENCE

pytestmark = pytest.mark.proof

HOSTED = ("8090100", "8090200", "8090300", "8090400", "8090500")
LAST = "Med Ctrl-C blir alt i demoen borte."


@dataclass
class Visitor:
    """Somebody who read what the demo printed, in a shell of their own and in a browser."""

    printed: list[str]
    folder: Path
    exports: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.exports = [line.strip() for line in self.printed if line.strip().startswith("export ")]

    def command(self, beginning: str) -> str:
        """Return the printed command that begins so; where there are several, the first."""
        return next(line.strip() for line in self.printed if line.strip().startswith(beginning))

    def types(self, beginning: str, number: str = "") -> Any:
        """Run a printed command as it stands, with the case number in its place, and return its JSON."""
        line = self.command(beginning).replace("NUMMER", number)
        # A shell that knows the system's own programs alone: what the demo prints must be enough.
        bare = {"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
        done = subprocess.run(
            ["/bin/bash", "-c", "\n".join([*self.exports, f"{line} --json"])],
            cwd=self.folder,
            env=bare,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, (line, done.stderr)
        return json.loads(done.stdout)

    def sees(self, beginning: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Run a printed command until one of its rows is as wanted, and return that."""
        end = time.monotonic() + PATIENCE
        while True:
            rows = self.types(beginning)
            found = next((row for row in rows if wanted(row)), None)
            if found is not None:
                return found
            assert time.monotonic() < end, rows


def test_a_newcomer_sees_the_story_and_acts_in_it(tmp_path: Path) -> None:
    """`samvik demo` tells its whole story; then a visitor's message and case arrive, each role logs in, it ends."""
    summary = tmp_path / "sammendrag.json"
    with running_demo(tmp_path, summary) as (demo, printed):
        the_story_came_out(json.loads(summary.read_text("utf-8")), printed)
        visitor = Visitor(printed, tmp_path)
        assert any("Nå følger motorene maskinens klokke" in line for line in printed)
        a_message_arrives(visitor)
        a_case_arrives(visitor)
        every_role_logs_in(printed)
        demo.send_signal(signal.SIGINT)
        rest, _ = demo.communicate(timeout=PATIENCE)
        assert (demo.returncode, "Traceback" in rest) == (0, False), rest
    folder = Path(visitor.command("export SAMVIK_CONFIG=").split('"')[1]).parent
    assert not folder.exists()


def the_story_came_out(told: dict[str, Any], printed: list[str]) -> None:
    """Every step came out as it should, and all engines got mail."""
    assert told["ok"] is True, "".join(printed)
    assert [step for step in told["steps"] if not step["ok"]] == []
    assert len(told["steps"]) >= 12
    assert len(told["engines"]) == 3
    assert all(engine["messages"] and engine["cases"] for engine in told["engines"].values())
    assert any("Leveringslogg" in line for line in printed)
    assert not any("Traceback" in line for line in printed)


def a_message_arrives(visitor: Visitor) -> None:
    """What is sent today is acknowledged by the other side's engine and application, not unconfirmed at once."""
    sent = visitor.types("samvik send")
    row = visitor.sees("samvik messages", lambda row: row["id"] == sent["id"] and not row["waits_for"])
    assert row["state"] == "LEVERT"


def a_case_arrives(visitor: Visitor) -> None:
    """A case that goes step by step, as printed, is under treatment with the other side's case worker."""
    before = {row["number"] for row in visitor.types("samvik case list")}
    number = visitor.types("samvik case new")["number"]
    for step in ("submit", "approve", "send"):
        case = visitor.types(f"samvik case {step}", number)
    theirs = visitor.sees("samvik case list", lambda row: row["number"] not in before)
    assert (theirs["state"], theirs["first_msg_id"]) == ("UNDER_BEHANDLING", case["first_msg_id"])


def every_role_logs_in(printed: list[str]) -> None:
    """Each role of each enterprise has its name; each role, each time of another enterprise, gets in with its word."""
    address, words = "", {}
    for line in printed:
        address = next(iter(re.findall(r"http://127\.0\.0\.1:\d+", line)), address)
        for password, names in re.findall(r"passord (\S+) for (.+)", line):
            words |= dict.fromkeys(names.strip().split(", "), (address, password))
    assert set(words) == {f"{role.value}-{her_id}" for role in Role for her_id in HOSTED}
    # A password costs a third of a second to check, by design: each role and each enterprise once.
    for role, her_id in zip(Role, HOSTED, strict=True):
        address, password = words[f"{role.value}-{her_id}"]
        assert logs_in(address, f"{role.value}-{her_id}", password), role
    assert not logs_in(address, f"{role.value}-{her_id}", f"{password}x")


def logs_in(address: str, name: str, password: str) -> bool:
    """Say whether a browser of its own is let in."""
    with httpx.Client(base_url=address) as browser:
        form = {"name": name, "password": password}
        browser.post("/logg-inn", data=form, headers={"origin": address})
        return browser.get("/").status_code == 200


@contextmanager
def running_demo(folder: Path, summary: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run the demo until it waits for its visitor; give it with the lines that it printed."""
    with subprocess.Popen(
        [*COMMAND, "demo", "--json", str(summary)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        try:
            yield demo, list(_until(demo, LAST))
        finally:
            if demo.poll() is None:
                demo.send_signal(signal.SIGINT)
                demo.communicate(timeout=PATIENCE)


def _until(demo: subprocess.Popen[str], last: str) -> Iterator[str]:
    """Yield the lines of a process up to one that has some words. Fails where it ends before."""
    assert demo.stdout is not None
    for line in demo.stdout:
        yield line
        if last in line:
            return
    raise AssertionError(f"the demo ended before its visitor came: {demo.wait()}")
