"""What a PDF's fonts can show: their letters in tables of at most 224, each with one byte a letter.

The first table has what Norwegian prose needs, by the codes of Windows-1252: nearly every document needs no other.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby

FIRST = "cp1252"
"""The code of the first table. Its name in a PDF is WinAnsiEncoding (ISO 32000-1, annex D)."""

_COMMON = "".join(map(chr, range(32, 127))) + "\xa0§«»°·½×æøåÆØÅäöüÄÖÜéèêóòôàáÉ–—‘’“”…•€"
"""The letters of the first table: what Norwegian prose has. Each further letter would make every document larger."""

_ROOM = 224
FIRST_CODE = 32

_AS_PEOPLE_MEAN_IT = {
    0x2010: "-",
    0x2011: "-",
    0x2028: "\n",
    0x2029: "\n\n",
    0x0085: "\n",
    0x000B: "\n",
    0x0009: "    ",
    0x000D: "\n",
    **{0xF000 + sign: "\N{BULLET}" for sign in (0x76, 0x9F, 0xA7, 0xA8, 0xB7, 0xD8, 0xE0, 0xF0)},
    0xF0FC: "\N{BULLET}",
    0xF02D: "-",
}
"""Signs that word processors write: hyphens that do not break, ends of lines, and bullets of symbol fonts."""


class Letters:
    """The letters of a font. `known` are the characters that all its faces have."""

    def __init__(self, known: frozenset[str]) -> None:
        self.first = known.intersection(_COMMON)
        others = sorted(known - self.first)
        self._others = [others[start : start + _ROOM] for start in range(0, len(others), _ROOM)]
        self._places = {
            letter: (number, FIRST_CODE + position)
            for number, table in enumerate(self._others, 1)
            for position, letter in enumerate(table)
        }
        self.plain = self.first | {"\n"}
        """What stands in the first table, and the end of a line."""

    def table(self, number: int) -> dict[int, str]:
        """Return the letters of a table by their codes."""
        if number:
            return {FIRST_CODE + position: letter for position, letter in enumerate(self._others[number - 1])}
        return {letter.encode(FIRST)[0]: letter for letter in self.first}

    def printable(self, text: str) -> str:
        """Return a text as the font can show it, with ends of lines as line feeds.

        A letter that the font lacks is written as its code point, such as [U+1F600].
        """
        if self.plain.issuperset(text):
            return text
        lines = text.replace("\r\n", "\n").translate(_AS_PEOPLE_MEAN_IT)
        return "".join(map(self._shown, unicodedata.normalize("NFC", lines)))

    def coded(self, lines: str) -> Iterator[tuple[int, bytes]]:
        """Yield the pieces of printable lines: a table's number, and codes of that table."""
        if self.plain.issuperset(lines):
            yield 0, lines.encode(FIRST)
            return
        for number, letters in groupby(map(self._place, lines), key=lambda place: place[0]):
            yield number, bytes(code for _, code in letters)

    def _place(self, letter: str) -> tuple[int, int]:
        return self._places.get(letter) or (0, letter.encode(FIRST)[0])

    def _shown(self, letter: str) -> str:
        if letter in self.plain or letter in self._places:
            return letter
        if unicodedata.category(letter) == "Cf":
            return ""
        same = unicodedata.normalize("NFKC", letter)
        if same != letter and all(each in self.plain or each in self._places for each in same):
            return same
        return f"[U+{ord(letter):04X}]"
