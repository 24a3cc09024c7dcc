"""The SQL of the store, in named blocks beside this file; Python knows only their names.

A block is a line `-- name: NAME`, one or more comment lines that describe it, and one statement. Parameters are
named: `%(owner)s`. A block `-- fragment: NAME` is no statement: it is put wherever a statement says `{NAME}`, so that
the columns of a table are listed once.

A statement that may be asked for by several pieces of work at once has a line `-- by: owner text, id uuid` that names
its parameters with their types. It is then run *by set*: `{pieces}` stands for a table `piece` of those columns and
`n`, the number of the piece that asks, from 1. Each row that it returns says in `n` which piece it is for.
"""

import re
from collections.abc import Iterator, Mapping
from importlib import resources

_NAME = re.compile(r"^-- (name|fragment): ([a-z_]+)$", re.MULTILINE)
_PLACE = re.compile(r"\{([a-z_]+)\}")
_BY = re.compile(r"^-- by: (.+)$", re.MULTILINE)
_PIECES = "pieces"


def statement(name: str) -> bytes:
    """Return the statement of the block `name`. Raises KeyError when no file has it."""
    return _STATEMENTS[name]


def parameters_by_set(name: str) -> tuple[str, ...]:
    """Return the parameters of a statement that is run by set, none for any other."""
    return _BY_SET.get(name, ())


def locks(name: str) -> bool:
    """Say whether a statement locks the rows that it returns."""
    return name in _LOCKING


def names() -> list[str]:
    """Return the name of every block."""
    return sorted(_STATEMENTS)


def parse(text: str) -> dict[str, bytes]:
    """Return the statements in `text` by name, with their fragments put in.

    Raises ValueError when a name comes twice, a block has no description or no statement, or a fragment is unknown.
    """
    found: dict[str, dict[str, str]] = {"name": {}, "fragment": {}}
    pieces: dict[str, dict[str, str]] = {}
    for kind, name, body in _blocks(text):
        if name in found[kind]:
            raise ValueError(f"block {name} comes twice")
        found[kind][name] = _code_of(name, body)
        if types := _types_in(body):
            pieces[name] = {_PIECES: _table_of(types)}
    return {
        name: _expanded(name, code, found["fragment"] | pieces.get(name, {})).encode()
        for name, code in found["name"].items()
    }


def by_set(text: str) -> dict[str, tuple[str, ...]]:
    """Return the parameters of each statement in `text` that is run by set."""
    return {name: tuple(types) for _, name, body in _blocks(text) if (types := _types_in(body))}


def _blocks(text: str) -> Iterator[tuple[str, str, str]]:
    parts = _NAME.split(text)
    yield from zip(parts[1::3], parts[2::3], parts[3::3], strict=True)


def _types_in(body: str) -> dict[str, str]:
    """Return the types of the parameters by name, where a block names them."""
    said = [each.split() for each in " ".join(_BY.findall(body)).split(",") if each.strip()]
    return dict(said)


def _table_of(types: Mapping[str, str]) -> str:
    # In binary: as text, bytes would be written in hexadecimal, twice as large.
    arrays = ", ".join(f"%({name})b::{type}[]" for name, type in types.items())
    return f"unnest({arrays}) WITH ORDINALITY AS piece ({', '.join(types)}, n)"


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


def _load() -> str:
    files = (file for file in resources.files(__package__).iterdir() if file.name.endswith(".sql"))
    return "\n".join(file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name))


_TEXT = _load()
_STATEMENTS = parse(_TEXT)
_BY_SET = by_set(_TEXT)
_LOCKING = {name for name, code in _STATEMENTS.items() if b"FOR UPDATE" in code}
