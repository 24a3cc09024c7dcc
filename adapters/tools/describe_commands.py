"""Write docs/commands.md from the command line's own help: `make docs`.

A test compares the page with what this makes, so the page cannot fall behind.
"""

from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup

from adapters.cli.commands import all_loaded

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
HEAD = """# Commands

Made from the commands themselves by `make docs`; do not edit it here. `samvik COMMAND --help` says the same.

Exit codes: 0 means that all is well, 1 that something was refused or failed a check, 2 that the command line or the
configuration is wrong. An error is one sentence on standard error.
"""
VALUES = {
    "<str>": "<text>",
    "<list[Path]>": "<path>",
    "<list[str]>": "<text>",
    "<int range>": "<number>",
    "<int>": "<number>",
    "<float range>": "<number>",
    "<%Y-%m-%d>": "<YYYY-MM-DD>",
    "<%Y-%m-%dT%H:%M:%S%z>": "<YYYY-MM-DDTHH:MM:SSZ>",
}
"""Plain names for the kinds of values that typer names in terms of Python."""


def page() -> str:
    """Return the whole page: one section a group of commands, one part a command."""
    commands = dict(all_loaded())
    groups = {name: found for name, found in commands.items() if isinstance(found, TyperGroup)}
    alone = {name: found for name, found in commands.items() if isinstance(found, TyperCommand)}
    lines = [HEAD]
    for name, command in alone.items():
        lines += _described(["samvik", name], command, "##")
    for name, group in groups.items():
        lines += [f"## samvik {name}\n", f"{group.help}\n"]
        for word, inner in group.commands.items():
            if isinstance(inner, TyperCommand):
                lines += _described(["samvik", name, word], inner, "###")
    return "\n".join(lines)


def _described(words: list[str], command: TyperCommand, level: str) -> Iterator[str]:
    context = typer.Context(command, info_name=" ".join(words))
    arguments = [found.name for found in command.params if found.param_type_name == "argument"]
    yield f"{level} {' '.join(words)}\n"
    yield f"{' '.join((command.help or '').split())}\n"
    yield f"    {' '.join([*words, *(f'{name.upper()}' for name in arguments if name), '[OPTIONS]'])}\n"
    rows = [record for found in command.params if (record := found.get_help_record(context)) is not None]
    for names, meaning in rows:
        yield f"- `{_in_plain_terms(names)}` {meaning.replace('  [', ' [')}".rstrip()
    if rows:
        yield ""


def _in_plain_terms(names: str) -> str:
    for typed, plain in VALUES.items():
        names = names.replace(typed, plain)
    return names


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
