"""The table of commands, and a command line that imports a command only when it is called.

Everything that Samvik can do takes two seconds to import, for which no short command and no help text should wait.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


class Place(NamedTuple):
    """Where a command or a group of commands is found, and the line that `samvik --help` has about it.

    `app` is the name of the typer app in the first of `modules`. The others add commands to it, and are imported in
    their order until one has the word that is called. `group` says whether the word names all of the app, or one
    command in it.
    """

    modules: str
    app: str
    line: str
    group: bool = False


COMMANDS = {
    "migrate": Place("database", "database_app", "Bring the database to this version's schema."),
    "send": Place("sending", "send_app", "Store and queue a deviation with the files that go along."),
    "run": Place("engines", "engines_app", "Run the engine until it is stopped: take mail in, process, send."),
    "check": Place("check", "check_app", "Look at everything that an engine needs, a line each with the remedy."),
    "bench": Place("engines", "engines_app", "Measure how many exchanges a second two engines on this machine carry."),
    "demo": Place("engines", "engines_app", "Three engines on this machine exchange deviations."),
    "messages": Place("desk", "desk_app", "Show the delivery log: every message in and out, newest first."),
    "backup": Place("backup", "backup_app", "Write the whole database to a new file, sealed under the key ring."),
    "certificates": Place("certificates", "certificates_app", "Show the certificates of the register"),
    "verify": Place("judge", "judge_app", "Judge one mail as receipt does, without a database."),
    "validate": Place("judge", "judge_app", "Judge one business document without a database."),
    "case": Place("case_list case channel", "case_app", "Deviation cases, step by step.", group=True),
    "restore": Place("backup", "restore_app", "Bring a backup back; sending is held until its release.", group=True),
    "client": Place("client", "client_app", "Record systems that ask over HTTP.", group=True),
    "cpa": Place("cpa_list cpa_show cpa", "cpa_app", "Agreements between two parties (CPA 2.0).", group=True),
    "inbox": Place("inbox", "inbox_app", "The engine's own inboxes.", group=True),
    "message": Place("look message channel", "message_app", "One message: look at it, or act on it.", group=True),
    "task": Place("desk", "task_app", "What a person must look at.", group=True),
    "alarm": Place("desk", "alarm_app", "What keeps failing with a partner, or with our own way out.", group=True),
    "log": Place("log anchoring", "log_app", "The tamper-evident event log.", group=True),
    "parties": Place("parties setup", "parties_app", "The party register.", group=True),
    "pki": Place("setup", "pki_app", "Keys and certificates for demo and test.", group=True),
    "keyring": Place("keyring", "keyring_app", "The key ring that content at rest is sealed under.", group=True),
    "user": Place("user", "user_app", "Users of the pages, for demo and test.", group=True),
}
"""Every word that may follow `samvik`, in the order of the help."""


class LazyCommands(TyperGroup):
    """The root of the command line. It knows its commands from the table; one that is called is imported."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 typer's own
        super().__init__(**attributes)
        self.commands = {name: _stub(name, place) for name, place in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 typer's own types are private
        """Return the command that is called, imported, with the words that are left for it."""
        name, stub, rest = super().resolve_command(ctx, args)
        return (name, loaded(name, *rest[:1]), rest) if name in COMMANDS else (name, stub, rest)


def loaded(name: str, word: str = "") -> TyperCommand | TyperGroup:
    """Return a command, or a group with all its commands; with a `word` it need not have others than that one."""
    place = COMMANDS[name]
    first, *others = (f"adapters.cli.{module}" for module in place.modules.split())
    app = getattr(import_module(first), place.app)
    group = get_group(app)
    while others and word not in group.commands:
        import_module(others.pop(0))
        group = get_group(app)
    found: Any = group if place.group else group.commands[name]
    found.name = name
    return found  # type: ignore[no-any-return]  # typer's commands are untyped


def all_loaded() -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Yield every command and group with its name, imported."""
    return ((name, loaded(name)) for name in COMMANDS)


def _stub(name: str, place: Place) -> TyperCommand:
    return TyperCommand(name, help=place.line)
