"""TOML with the lines of its keys: a fault of a file that people write is told by its line."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from adapters.text.decoding import configured_text
from engine.codes.disk import DiskCode
from engine.errors import OwnFault

Key = Sequence[str | int]
"""A key as its names and, in an array, its numbers: ("party", 2, "name")."""

_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_TWICE = ("Cannot overwrite", "Cannot declare", "Cannot mutate", "Cannot redefine")
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_ASSIGNED = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_STRINGS = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#.*')


def toml_of(data: bytes, path: Path | str) -> tuple[dict[str, Any], str]:
    """Return the table in the bytes of a file, and its text. Raises OwnFault that names the file and the line."""
    text = configured_text(data, path)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        code = DiskCode.TOML_TWICE if str(error).startswith(_TWICE) else DiskCode.NOT_TOML
        raise OwnFault(code, path=path, line=line, column=at[2] if at else len(text) - text.rfind("\n")) from None


def line_of(text: str, key: Key) -> int | None:
    """Return the line of a key in the text of a TOML file: its own, else that of the table or array around it.

    None where the file has neither.
    """
    best, length = None, 0
    for number, found in _keys(text):
        if len(found) > length and tuple(key[: len(found)]) == found:
            best, length = number, len(found)
    return best


def _keys(text: str) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    """Yield the line and the name of every table and of every key that begins a line."""
    counts: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    depth, open_text = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        outside = depth == 0 and not open_text
        if outside and (header := _HEADER.match(line)):
            names = _parts(header[2])
            table = _numbered(names, counts, adds=header[1] == "[[")
            yield number, table
            continue
        if outside and (assigned := _ASSIGNED.match(line)):
            yield number, (*table, *_parts(assigned[1]))
        depth, open_text = _after(line, depth, open_text)


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, dotted)]


def _numbered(names: Sequence[str], counts: dict[tuple[str | int, ...], int], *, adds: bool) -> tuple[str | int, ...]:
    """Return the name of a table, with the number of each array on the way; `adds` begins a new row of the last."""
    found: tuple[str | int, ...] = ()
    for place, name in enumerate(names, 1):
        found = (*found, name)
        if adds and place == len(names):
            counts[found] = counts.get(found, -1) + 1
        if found in counts:
            found = (*found, counts[found])
    return found


def _after(line: str, depth: int, open_text: str) -> tuple[int, str]:
    """Return how many brackets, and which text of many lines, are open after a line."""
    place = 0
    while True:
        if open_text:
            end = line.find(open_text, place)
            if end < 0:
                return depth, open_text
            place, open_text = end + 3, ""
        found = _STRINGS.search(line, place)
        plain = line[place : found.start()] if found else line[place:]
        depth = max(0, depth + sum(plain.count(sign) for sign in "[{") - sum(plain.count(sign) for sign in "]}"))
        if found is None:
            return depth, ""
        place = found.end()
        if found[0] in {'"""', "'''"}:
            open_text = found[0]
