"""National identity numbers in free text: they stop a deviation, and are never repeated (design.md 8).

Found are numbers of eleven digits whose two control digits are right: national numbers, D- and H-numbers, common help
numbers and synthetic ones, also written with blanks, dots or hyphens between the digits.
"""

import re
import unicodedata
from collections.abc import Iterable

_ELEVEN = re.compile(r"(?<![0-9])[0-9](?:[ .\-\u00a0\u2009\u202f\u2011\u2013]{0,2}[0-9]){10}(?![0-9])")
_NOT_DIGIT = re.compile(r"[^0-9]")
_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def holds_national_number(text: str) -> bool:
    """Say whether a text holds a valid national identity number, in whatever digits and spacing it is written."""
    plain = unicodedata.normalize("NFKC", text)
    return any(is_national_number(_NOT_DIGIT.sub("", found)) for found in _candidates(plain))


def fields_with_numbers(fields: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of the fields (name, text) whose text holds a national identity number."""
    return [name for name, text in fields if holds_national_number(text)]


def is_national_number(digits: str) -> bool:
    """Say whether eleven digits have the two control digits of a Norwegian national identity number."""
    numbers = [int(digit) for digit in digits]
    return _controls(numbers, _FIRST) and _controls(numbers, _SECOND)


def _controls(numbers: list[int], weights: tuple[int, ...]) -> bool:
    return sum(number * weight for number, weight in zip(numbers, weights, strict=False)) % 11 == 0


def _candidates(text: str) -> Iterable[str]:
    """Yield every run of eleven digits, overlapping ones too: a number may stand right behind another with a blank."""
    start = 0
    while found := _ELEVEN.search(text, start):
        yield found.group()
        start = found.start() + 1
