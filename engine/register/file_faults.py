"""What is wrong with a file that people write, as codes: key and reason, and nothing of its values."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from engine.codes.register import RegisterCode
from engine.codes.statement import Statement, read_statement

MOST_TOLD = 3

_LIMITS = {
    "enum": (RegisterCode.KEY_CHOICE, "choices", "expected"),
    "literal_error": (RegisterCode.KEY_CHOICE, "choices", "expected"),
    "greater_than_equal": (RegisterCode.KEY_AT_LEAST, "least", "ge"),
    "less_than_equal": (RegisterCode.KEY_AT_MOST, "most", "le"),
    "string_too_long": (RegisterCode.KEY_LONG, "most", "max_length"),
    "too_long": (RegisterCode.KEY_LONG, "most", "max_length"),
    "string_too_short": (RegisterCode.KEY_SHORT, "least", "min_length"),
    "too_short": (RegisterCode.KEY_SHORT, "least", "min_length"),
}
"""By the type of pydantic's fault: our code, its parameter, and where in the fault's context the limit stands."""


def explain(error: ValidationError) -> list[Statement]:
    """Return the first three faults of a file, and how many more there are."""
    faults = error.errors(include_input=False, include_url=False)
    told = [_fault(".".join(map(str, each["loc"])) or "-", each["type"], each.get("ctx", {})) for each in faults]
    more = Statement.of(RegisterCode.AND_MORE, number=len(told) - MOST_TOLD)
    return [*told[:MOST_TOLD], more] if len(told) > MOST_TOLD else told


def _fault(key: str, type: str, context: Mapping[str, Any]) -> Statement:
    if type == "missing":
        return Statement.of(RegisterCode.KEY_MISSING, key=key)
    if type == "extra_forbidden":
        return Statement.of(RegisterCode.KEY_UNKNOWN, key=key)
    if type in _LIMITS:
        code, parameter, place = _LIMITS[type]
        return Statement.of(code, key=key, **{parameter: context[place]})
    if type == "value_error":  # raised by a check of ours, which repeats no value
        why = str(context["error"])
        return Statement.of(RegisterCode.KEY_NAMED, key=key, why=read_statement(why) or why)
    return Statement.of(RegisterCode.KEY_VALUE, key=key, type=type)
