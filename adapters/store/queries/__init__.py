"""The SQL of the store, in named blocks beside this file; Python knows only their names.

A block is a line `-- name: NAME`, one or more comment lines that describe it, and one statement. Parameters are
named: `%(owner)s`. A block `-- fragment: NAME` is no statement: it is put wherever a statement says `{NAME}`, so that
the columns of a table are listed once.
"""

import re
from collections.abc import Mapping
from importlib import resources

_NAME = re.compile(r"^-- (name|fragment): ([a-z_]+)$", re.MULTILINE)
_PLACE = re.compile(r"\{([a-z_]+)\}")


def statement(name: str) -> bytes:
    """Return the statement of the block `name`. Raises KeyError when no file has it."""
    return _STATEMENTS[name]


def names() -> list[str]:
    """Return the name of every block."""
    return sorted(_STATEMENTS)


def parse(text: str) -> dict[str, bytes]:
    """Return the statements in `text` by name, with their fragments put in.

    Raises ValueError when a name comes twice, a block has no description or no statement, or a fragment is unknown.
    """
    parts = _NAME.split(text)
    found: dict[str, dict[str, str]] = {"name": {}, "fragment": {}}
    for kind, name, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if name in found[kind]:
            raise ValueError(f"block {name} comes twice")
        found[kind][name] = _code_of(name, body)
    return {name: _expanded(name, code, found["fragment"]).encode() for name, code in found["name"].items()}


def _expanded(name: str, code: str, fragments: Mapping[str, str]) -> str:
    unknown = {place for place in _PLACE.findall(code) if place not in fragments}
    if unknown:
        raise ValueError(f"block {name} names fragments that are not there: {sorted(unknown)}")
    return _PLACE.sub(lambda place: fragments[place[1]], code)


def _code_of(name: str, body: str) -> str:
    lines = body.strip().splitlines()
    code = [line for line in lines if not line.startswith("--")]
    if not lines or not lines[0].startswith("--") or not code:
        raise ValueError(f"block {name} lacks a description or a statement")
    return "\n".join(code).strip()


def _load() -> dict[str, bytes]:
    files = (file for file in resources.files(__package__).iterdir() if file.name.endswith(".sql"))
    return parse("\n".join(file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name)))


_STATEMENTS = _load()
