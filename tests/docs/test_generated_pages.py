"""Pages that are made from the code say what the code says; `make docs` cures what fails here."""

import os
import re
import subprocess
import sys

from adapters.tools import describe_bounds, describe_commands, describe_settings
from tests.fakes.world.surroundings import PROJECT


def test_the_page_of_commands_is_that_of_the_command_line() -> None:
    """docs/commands.md is what the help of the commands gives."""
    assert describe_commands.PAGE.read_text("utf-8") == describe_commands.page()


def test_every_command_has_a_meaning_and_every_option_too() -> None:
    """No command and no option stands on the page without a word about it."""
    text = describe_commands.page()
    for part in text.split("\n## ")[1:]:
        for described in part.split("\n### "):
            assert described.split("\n\n")[1].strip(), described.splitlines()[0]
    assert [line for line in text.splitlines() if line.startswith("- `--") and line.endswith("`")] == []


def test_the_page_of_settings_is_that_of_the_models() -> None:
    """docs/configuration.md is what adapters/settings.py gives."""
    assert describe_settings.PAGE.read_text("utf-8") == describe_settings.page()


def test_the_page_of_bounds_is_that_of_the_code() -> None:
    """docs/bounds.md is what the limits in the code give."""
    assert describe_bounds.PAGE.read_text("utf-8") == describe_bounds.page()


def test_every_bound_has_a_test() -> None:
    """Each row names a test that exists, and everything that a stranger can make grow has a row."""
    for bound in (each for rows in describe_bounds.BOUNDS.values() for each in rows):
        file, _, name = bound.test.partition("::")
        assert re.search(rf"^(async )?def {name}\(", (PROJECT / file).read_text("utf-8"), re.MULTILINE), bound.test
    wanted = ["Connections", "Memory", "Processor time", "Rows and disk", "Answers", "Tasks and work of others"]
    assert list(describe_bounds.BOUNDS)[: len(wanted)] == wanted


def test_the_tables_of_the_register_are_those_of_the_models() -> None:
    """The tables of docs/register.md are what engine/register/parties_file.py gives."""
    text = describe_settings.REGISTER.read_text("utf-8")
    assert describe_settings.redescribed(text) == text
    assert all(f"<!-- {name} -->" in text for name in ("party", "certificate", "terms", "agreement"))


def test_the_tables_do_not_depend_on_the_order_of_sets() -> None:
    """Two processes with other hash seeds make the same tables."""
    command = "from adapters.tools.describe_settings import *; print(redescribed(REGISTER.read_text('utf-8')))"
    made = {
        subprocess.run(
            [sys.executable, "-c", command],
            cwd=PROJECT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1
