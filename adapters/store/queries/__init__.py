"""The SQL of the store, in named blocks beside this file; Python knows only their names.

A block is a line `-- name: NAME`, one or more comment lines that describe it, and one statement. Parameters are
named: `%(owner)s`.
"""

import re
from importlib import resources

_NAME = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


def statement(name: str) -> bytes:
    """Return the statement of the block `name`. Raises KeyError when no file has it."""
    return _STATEMENTS[name]


def names() -> list[str]:
    """Return the name of every block."""
    return sorted(_STATEMENTS)


def parse(text: str) -> dict[str, bytes]:
    """Return the statements in `text` by name.

    Raises ValueError when a name comes twice, or a block has no description or no statement.
    """
    parts = _NAME.split(text)
    blocks: dict[str, bytes] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name in blocks:
            raise ValueError(f"block {name} comes twice")
        blocks[name] = _statement_of(name, body)
    return blocks


def _statement_of(name: str, body: str) -> bytes:
    lines = body.strip().splitlines()
    code = [line for line in lines if not line.startswith("--")]
    if not lines or not lines[0].startswith("--") or not code:
        raise ValueError(f"block {name} lacks a description or a statement")
    return "\n".join(code).strip().encode()


def _load() -> dict[str, bytes]:
    files = (file for file in resources.files(__package__).iterdir() if file.name.endswith(".sql"))
    return parse("\n".join(file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name)))


_STATEMENTS = _load()
