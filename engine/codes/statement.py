"""A statement: a code with parameters, which a door turns into words of one language.

The engine raises and stores statements, never sentences. A statement is stored as text: its code, then its parameters
as one line of JSON. Parameters are ids, codes, numbers, days and names of parties; never payload, free text of a
document, national identity numbers or keys.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Self, Union

Param = Union[str, "Statement", tuple["Statement", ...]]
_STORED = re.compile(r"([a-z_]+\.[a-z0-9_]+)(?: (\{.*\}))?", re.DOTALL)


class Code(StrEnum):
    """Root of all codes. A code is written `theme.what_is_so`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A code with parameters. Days and instants (UTC) are in ISO form; several words are one text with commas."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, code: Code, /, **params: object) -> Self:
        """Return a statement.

        A parameter is a text, a number, a day, an aware instant, an enum's code, a statement, or several of these.
        """
        return cls(code.value, {name: _param(value) for name, value in params.items()})

    def __str__(self) -> str:
        if not self.params:
            return self.code
        return f"{self.code} {json.dumps(_params_as_json(self), ensure_ascii=False)}"


def read_statement(text: str) -> Statement | None:
    """Return the statement that was stored as this text, None where it is something else, such as a person's reason."""
    found = _STORED.fullmatch(text)
    if found is None or found[1] not in _known():
        return None
    try:
        params = json.loads(found[2]) if found[2] else {}
    except ValueError:
        return None
    return Statement(found[1], {name: _from_json(value) for name, value in params.items()})


@cache
def _known() -> frozenset[str]:
    return frozenset(code.value for theme in Code.__subclasses__() for code in theme)


def _param(value: object) -> Param:
    if isinstance(value, Statement):
        return value
    if isinstance(value, str):  # a stored statement nests as what it is
        return read_statement(value) or str(value)
    if isinstance(value, date):  # an instant is a date, too
        return value.isoformat()
    if value is None or not isinstance(value, Iterable):
        return "" if value is None else str(value)
    several = tuple(_param(each) for each in value)
    statements = tuple(each for each in several if isinstance(each, Statement))
    return statements if len(statements) == len(several) else ", ".join(str(each) for each in several)


def _params_as_json(statement: Statement) -> dict[str, object]:
    return {name: _as_json(value) for name, value in statement.params.items()}


def _as_json(value: Param) -> object:
    if isinstance(value, Statement):
        return {"code": value.code, "params": _params_as_json(value)}
    return value if isinstance(value, str) else [_as_json(each) for each in value]


def _from_json(value: object) -> Param:
    if isinstance(value, list):
        return tuple(each for each in map(_from_json, value) if isinstance(each, Statement))
    if isinstance(value, dict):
        return Statement(str(value["code"]), {name: _from_json(param) for name, param in value["params"].items()})
    return str(value)
