"""What is wrong with a file that people write, as codes: line, key and reason, and nothing of its values."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.codes.register import RegisterCode
from engine.codes.statement import Statement, read_statement

MOST_TOLD = 3

Line = Callable[[Sequence[str | int]], int | None]
"""Gives the line of a key in the file, None where it is not known."""

_LIMITS = {
    "greater_than_equal": (RegisterCode.KEY_AT_LEAST, "least", "ge"),
    "less_than_equal": (RegisterCode.KEY_AT_MOST, "most", "le"),
    "string_too_long": (RegisterCode.KEY_LONG, "most", "max_length"),
    "too_long": (RegisterCode.KEY_LONG, "most", "max_length"),
    "string_too_short": (RegisterCode.KEY_SHORT, "least", "min_length"),
    "too_short": (RegisterCode.KEY_SHORT, "least", "min_length"),
}
"""By the type of pydantic's fault: our code, its parameter, and where in the fault's context the limit stands."""
_CHOICES = {"enum", "literal_error"}


def explain(error: ValidationError, model: type[BaseModel], line: Line = lambda _: None) -> list[Statement]:
    """Return the first three faults of a file, and how many more there are.

    `model` is what the file should be: an unknown key is told with the known one that is most like it.
    """
    told = [_placed(fault, model, line) for fault in _causes(error.errors(include_input=False, include_url=False))]
    more = Statement.of(RegisterCode.AND_MORE, number=len(told) - MOST_TOLD)
    return [*told[:MOST_TOLD], more] if len(told) > MOST_TOLD else told


def _causes(faults: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Yield the faults without those that only follow: an array lacks the row that was refused in it."""
    for fault in faults:
        inner = (each["loc"] for each in faults if len(each["loc"]) > len(fault["loc"]))
        if fault["type"] != "too_short" or all(loc[: len(fault["loc"])] != fault["loc"] for loc in inner):
            yield fault


def _placed(fault: ErrorDetails, model: type[BaseModel], line: Line) -> Statement:
    said = _fault(fault["loc"], fault["type"], fault.get("ctx", {}), model)
    number = line(fault["loc"])
    return said if number is None else Statement.of(RegisterCode.AT_LINE, line=number, what=said)


def _fault(place: Sequence[str | int], kind: str, context: Mapping[str, Any], model: type[BaseModel]) -> Statement:
    key = ".".join(map(str, place)) or "-"
    if kind == "missing":
        return Statement.of(RegisterCode.KEY_MISSING, key=key)
    if kind == "extra_forbidden":
        near = _nearest(place, model)
        return Statement.of(RegisterCode.KEY_UNKNOWN_NEAR if near else RegisterCode.KEY_UNKNOWN, key=key, near=near)
    if kind in _CHOICES:
        return Statement.of(RegisterCode.KEY_CHOICE, key=key, choices=re.findall(r"'([^']*)'", context["expected"]))
    if kind in _LIMITS:
        code, parameter, limit = _LIMITS[kind]
        return Statement.of(code, key=key, **{parameter: context[limit]})
    if kind == "value_error":  # raised by a check of ours, which repeats no value
        why = str(context["error"])
        return Statement.of(RegisterCode.KEY_NAMED, key=key, why=read_statement(why) or why)
    return Statement.of(RegisterCode.KEY_VALUE, key=key, type=kind)


def _nearest(place: Sequence[str | int], model: type[BaseModel]) -> str:
    """Return the known key that an unknown one may be meant to be, '' where none is like it.

    That is one of the same table that is written much alike, else one of another table that has the same name.
    """
    *around, key = place
    table = _table_at(around, model)
    known = list(table.model_fields) if table else []
    if alike := get_close_matches(str(key).lower(), known, 1):
        return ".".join(map(str, (*around, alike[0])))
    return next((name for name in _all_keys(model) if name.rpartition(".")[2] == str(key).lower()), "")


def _table_at(place: Sequence[str | int], model: type[BaseModel]) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for step in place:
        if isinstance(step, str) and found is not None:
            field = found.model_fields.get(step)
            found = _model_in(field.annotation) if field else None
    return found


def _all_keys(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        yield f"{before}{name}"
        if inner is not None:
            yield from _all_keys(inner, f"{before}{name}.")


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 whatever a field may be
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {tuple, list, Union, UnionType, Annotated}:
        return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
    return None
