"""What proofs tell: counts, seeds and figures, shown at the end of the run, whichever process found them."""

from collections.abc import Callable

import pytest

Tell = Callable[[str], None]


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
