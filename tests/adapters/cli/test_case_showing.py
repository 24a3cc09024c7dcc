"""What a case shows to the people who work with it."""

import pytest

from tests.fakes.engines.project import Project

REPORTER = ["--as", "melder@8090101"]
ASSURER = ["--as", "kvalitetssikrer@8090101"]


@pytest.mark.parametrize(("step", "state"), [("return", "KLADD"), ("reject", "FORKASTET")])
def test_the_reason_of_a_returned_draft_is_shown_to_its_reporter(project: Project, step: str, state: str) -> None:
    """Who wrote a draft reads why it came back, in `case show`, until it is handed in again."""
    new = project.samvik("case", "new", "avvik.xml", *REPORTER, "--to", "8090301", "--json")
    number = new.json["number"]
    assert project.samvik("case", "submit", number, *REPORTER).code == 0
    assert project.samvik("case", step, number, *ASSURER, "--reason", "Skriv [klokkeslettet].\x9b2J").code == 0
    shown = project.samvik("case", "show", number, *REPORTER).out
    assert state in shown
    assert "  Reason: Skriv [klokkeslettet]." in shown
    assert "\x9b" not in shown
    if step == "return":
        assert project.samvik("case", "submit", number, *REPORTER).code == 0
        assert "Reason" not in project.samvik("case", "show", number, *REPORTER).out
