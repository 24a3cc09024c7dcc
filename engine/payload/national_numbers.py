"""National identity numbers in free text: they stop a deviation, and are never repeated (design.md 8).

Found are eleven digits with a date and two right control digits: national numbers, D-numbers (40 added to the day),
H-numbers (40 to the month) and synthetic ones (40, 65 or 80 to the month); and common help numbers, which begin with
8 or 9 and bear no date. They are found in any script's digits, with up to three signs between their groups.

The first control digit may leave a remainder of 0 to 3, as it will from 2032, and a date may bear its century. Eleven
digits that stand so by chance pass for a number about once in 61: a quoted UUID once in some 1 300, a number of 14
digits (of a bill, a parcel) once in 16, five digits after a whole date once in 30. Whoever wrote it is told, and can
write it otherwise.
"""

import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import compress, count, pairwise

LONGEST_CODE = 40
_CODE = re.compile(r"[A-Za-zÆØÅæøå0-9./_-]*[0-9][A-Za-zÆØÅæøå0-9./_-]*")
# Blanks in a row, line breaks too, count as one sign. Possessive, so that no text is tried in two ways.
_CLOSE = re.compile(r"[0-9](?:(?:\s++|[^\w\s]|_){0,3}+[0-9]){10}")
_USUAL_GAPS = ({2, 4, 6, 9}, {3, 6, 9}, {2, 4, 6, 8, 10})
"""After how many digits people set a gap; one or two gaps are taken anywhere, and one after every digit."""

_FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0)
_SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_BOTH = 512  # over the largest first sum, 9 * 46, so that one number holds both sums
_LANE = 32  # bits: room for 9 * (46 + 512 * 42)
_WEIGHTS = sum(
    (first + _BOTH * second) << (_LANE * (10 - at))
    for at, (first, second) in enumerate(zip(_FIRST, _SECOND, strict=True))
)
_RIGHT = frozenset(
    first + _BOTH * second for first in range(415) if first % 11 <= 3 for second in range(0, 379, 11)
) - {0}
"""Sums of which both halves are right; 0 is that of eleven zeros, which are no number.

From 2032 the first control digit may leave a remainder of 0 to 3, the second still none (Skatteetaten's new rule).
"""
_WITH_CENTURY = re.compile(
    r"(?<![0-9])(?:(?P<day>[0-9]{2})S(?P<month>[0-9]{2})S(?:18|19|20)(?P<year>[0-9]{2})"
    r"|(?:18|19|20)(?P<year_first>[0-9]{2})S(?P<month_then>[0-9]{2})S(?P<day_last>[0-9]{2}))"
    r"S(?P<three>[0-9]{3})S(?P<two>[0-9]{2})(?![0-9])".replace("S", r"(?:\s++|[^\w\s]|_){0,3}+")
)
"""A date with its century, and five digits: a number as people write it who write whole dates."""
_BLOCK = 16_384
_VALUES = bytes(sign - 48 if 48 <= sign < 58 else 0 for sign in range(256))
_IS_DIGIT = bytes(48 <= sign < 58 for sign in range(256))
_NO_DIGITS = bytes(sign for sign in range(256) if not 48 <= sign < 58)
_DAYS = [*range(1, 32), *range(41, 72)]
_MONTHS = [month + added for month in range(1, 13) for added in (0, 40, 65, 80)]
_STARTS = frozenset(
    bytes(int(digit) for digit in start)
    for start in [*(f"{day:02d}{month:02d}" for day in _DAYS for month in _MONTHS), *map(str, range(8000, 10_000))]
)


def holds_national_number(text: str) -> bool:
    """Say whether a text holds a valid national identity number, in whatever digits and spacing it is written.

    The time taken grows with the length of the text alone.
    """
    plain = text if text.isascii() else _in_ascii(text)
    signs = plain.encode("ascii")
    if any(map(_is_number, _with_century(plain))):
        return True
    found = list(_windows(signs.translate(_VALUES, _NO_DIGITS)))
    if not found:
        return False
    places = list(compress(count(), signs.translate(_IS_DIGIT)))
    return any(_is_written(plain, places[at : at + 11]) for at in found)


def fields_with_numbers(fields: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of the fields (name, text) whose text holds a national identity number."""
    return [name for name, text in fields if holds_national_number(text)]


def as_code(text: str) -> str:
    """Return a number that a partner gave a case, where it is plainly a code and so may stand in clear; else ''.

    A code has letters, signs of - / . _ and at least one digit, 40 of them at most, and holds no national number.
    """
    is_code = len(text) <= LONGEST_CODE and _CODE.fullmatch(text) and not holds_national_number(text)
    return text if is_code else ""


def _with_century(text: str) -> Iterator[str]:
    """Yield the eleven digits of each date with its century that five digits follow."""
    for found in _WITH_CENTURY.finditer(text):
        parts = found.groupdict()
        date = [parts["day"] or parts["day_last"], parts["month"] or parts["month_then"]]
        yield "".join([*date, parts["year"] or parts["year_first"], parts["three"], parts["two"]])


def _is_number(digits: str) -> bool:
    return next(_windows(digits.encode().translate(_VALUES)), None) is not None


def _in_ascii(text: str) -> str:
    """Return a text with all digits as 0 to 9, letters as x, blanks as blanks, and without what is not seen."""
    return text.translate({ord(sign): _plain(sign) for sign in set(text)})


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if sign.isalpha():
        return "x"
    if sign.isspace():
        return " "
    value = unicodedata.digit(sign, None)
    if value is not None:
        return str(value)
    # Formatting signs, and what is set above or around the sign before.
    return "" if unicodedata.category(sign) in {"Cf", "Mn", "Me"} else "."


def _windows(digits: bytes) -> Iterator[int]:
    """Yield where eleven digits in a row have the control digits and the date of a number; `digits` are values."""
    for start in range(0, len(digits) - 10, _BLOCK):
        block = digits[start : start + _BLOCK + 10]
        ends = compress(range(10, len(block)), map(_RIGHT.__contains__, _sums(block)))
        yield from (start + end - 10 for end in ends if block[end - 10 : end - 6] in _STARTS)


def _sums(digits: bytes) -> Iterable[int]:
    """Return the weighted sums of every eleven digits in a row.

    Read as numbers with a digit a lane, digits times weights have in each lane the sum over the eleven before it: one
    multiplication does what would be eleven steps a digit.
    """
    wide = digits.decode("latin-1").encode("utf-32-le")
    product = int.from_bytes(wide, "little") * _WEIGHTS
    lanes = struct.unpack(f"<{len(digits) + 11}I", product.to_bytes(len(wide) + 44, "little"))
    return lanes[10 : len(digits)]


def _is_written(text: str, places: list[int]) -> bool:
    """Say whether eleven digits that stand at these places are written as one number.

    Those that stand close are, in a longer number too; those with gaps only where the first and the last group end.
    """
    if not _CLOSE.match(text, places[0]):
        return False
    gaps = {at for at, (before, after) in enumerate(pairwise(places), 1) if after > before + 1}
    if not gaps:
        return True
    usual = len(gaps) in {1, 2, 10} or any(gaps <= known for known in _USUAL_GAPS)
    beside = text[max(places[0] - 1, 0) : places[0]] + text[places[-1] + 1 : places[-1] + 2]
    return usual and not any(map(str.isdigit, beside))
