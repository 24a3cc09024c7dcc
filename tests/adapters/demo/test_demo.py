"""The demo as a newcomer runs it."""

import json
import subprocess
from pathlib import Path

from tests.fakes.engines.project import COMMAND, environment


def test_the_demo_tells_its_whole_story(tmp_path: Path) -> None:
    """`samvik demo --once --json FILE` ends with 0, every step came out as it should, and all engines got mail."""
    summary = tmp_path / "sammendrag.json"
    done = subprocess.run(
        [*COMMAND, "demo", "--once", "--json", str(summary)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(summary.read_text("utf-8"))
    assert told["ok"] is True
    assert [step for step in told["steps"] if not step["ok"]] == []
    assert len(told["steps"]) >= 11
    assert len(told["engines"]) == 3
    assert all(engine["messages"] and engine["cases"] for engine in told["engines"].values())
    assert "Leveringslogg" in done.stdout
    assert "Traceback" not in done.stderr
