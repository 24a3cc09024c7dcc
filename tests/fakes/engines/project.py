"""A folder with one engine's configuration, and the command `samvik` run in it: as a process, or in this one."""

import io
import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from adapters.cli.main import main
from tests.fakes.waiting import PATIENCE
from tests.fakes.world.surroundings import PROJECT

COMMAND = [sys.executable, "-c", "from adapters.cli.main import main; main()"]


@dataclass(frozen=True)
class Answer:
    """What a command said, and the code it ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return standard output as the one JSON document that it must be."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """Return standard error, which must be one sentence of ours and no traceback."""
        assert "Traceback" not in self.err, self.err
        assert self.err.startswith("samvik: "), self.err
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()


class Project:
    """An engine's folder: samvik.toml, parties.toml, and a deviation to send."""

    def __init__(
        self, folder: Path, database: str = "", relay_port: int = 1, parties: str = '"8090100", "8090200"'
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.put("parties.toml", (PROJECT / "config" / "demo" / "parties.toml").read_bytes())
        self.put("avvik.xml", (PROJECT / "config" / "examples" / "avvik.xml").read_bytes())
        self.put(
            "samvik.toml",
            f'parties = [{parties}]\n[database]\nurl = "{database}"\n[listen]\nport = 0\n'
            f"[relay]\nport = {relay_port}\n[web]\nport = 0\n".encode(),
        )

    def put(self, name: str, data: bytes | str) -> Path:
        """Write a file in the folder."""
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def process(self, *words: str) -> Answer:
        """Run a command as a process of its own."""
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def samvik(self, *words: str, answer: str = "") -> Answer:
        """Run a command in this process, where it is quick; `answer` is what a person would type."""
        out, err, code = io.StringIO(), io.StringIO(), 0
        typed = io.StringIO(answer)
        with chdir(self.folder), redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", typed):
            try:
                with patch.object(sys, "argv", ["samvik", *words]):
                    main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
        return Answer(code, out.getvalue(), err.getvalue())

    def send(self, sender: str = "8090101", receiver: str = "8090301") -> dict[str, Any]:
        """Queue the example deviation, and return its row."""
        answer = self.samvik("send", "avvik.xml", "--from", sender, "--to", receiver, "--json")
        assert answer.code == 0, answer.err
        return answer.json


def environment() -> dict[str, str]:
    """Return the environment for a process that finds the project wherever it runs.

    It keeps what it compiles, whatever this machine is set to: each process would compile 400 modules anew.
    """
    return {**os.environ, "PYTHONPATH": str(PROJECT), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": ""}
