"""What proofs share: how much of their count is run, and what they tell at the end of the run.

With FULL in the environment a proof runs its full count, else a share of it, so that CI ends within an hour.
"""

import os
from collections.abc import Callable

import pytest

Tell = Callable[[str], None]
FULL = bool(os.environ.get("FULL"))


def count_of(name: str, *, full: int, share: int) -> int:
    """Return how much a proof does: what the variable `name` says, else the full count or its share."""
    return int(os.environ.get(name, full if FULL else share))


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Give what a proof reports by."""
    return lambda text: request.node.user_properties.append(("told", text.strip()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what all proofs have told."""
    reports = [each for key in ("passed", "failed") for each in terminalreporter.stats.get(key, [])]
    told = [(report.nodeid, text) for report in reports for name, text in report.user_properties if name == "told"]
    if told:
        terminalreporter.section("what the proofs tell")
    for nodeid, text in told:
        terminalreporter.write_line(f"{nodeid.rpartition('/')[2]}\n  {text}")
