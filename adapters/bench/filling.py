"""Deviations of 20 kB, each with a text of its own: random words, so that nothing on the way can compress or cache."""

import random
from dataclasses import replace

from engine.deviation.fields import Deviation
from engine.deviation.xml import write_deviation

DEVIATION_BYTES = 20_000
"""The size of the structured document, in bytes of UTF-8."""

_LETTERS = "abcdefghijklmnoprstuvyæøå"
_LONGEST_WORD = 12
_PIECE_BYTES = 500
_MOST_PIECES = 400


def filled(example: Deviation, chance: random.Random) -> Deviation:
    """Return the example with a description of random words that brings it to DEVIATION_BYTES."""
    bare = replace(example, description="-")
    return replace(bare, description=_text(DEVIATION_BYTES - len(write_deviation(bare)), chance))


class Drafts:
    """Deviations for a whole run, from pieces of text that are made beforehand: each takes some of them by lot.

    One costs some microseconds, so that making them is no part of what is measured, and they take no memory.
    """

    def __init__(self, example: Deviation, chance: random.Random) -> None:
        self._chance = chance
        self._bare = replace(example, description="-")
        room = DEVIATION_BYTES - len(write_deviation(self._bare)) + len("-")
        self._pieces = [_piece(_PIECE_BYTES - 1, chance) for _ in range(_MOST_PIECES)]
        self._count = room // _PIECE_BYTES
        self._end = _piece(room % _PIECE_BYTES, chance)

    def next(self) -> Deviation:
        """Return the next deviation, of DEVIATION_BYTES."""
        taken = self._chance.sample(self._pieces, self._count)
        return replace(self._bare, description=" ".join([*taken, self._end]))


def _text(room: int, chance: random.Random) -> str:
    words: list[str] = []
    while room > 0:
        word = "".join(chance.choices(_LETTERS, k=chance.randint(2, _LONGEST_WORD)))
        room -= len(word.encode()) + 1
        words.append(word)
    return " ".join(words)


def _piece(size: int, chance: random.Random) -> str:
    """Return random words of exactly so many bytes."""
    text = _text(size, chance).encode()[:size].decode(errors="ignore").rstrip()
    return text + "x" * (size - len(text.encode()))
