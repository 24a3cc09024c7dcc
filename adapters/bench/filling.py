"""Deviations of 20 kB, each with a text of its own: random words, so that nothing on the way can compress or cache."""

import random
from dataclasses import replace

from engine.deviation.fields import Deviation
from engine.deviation.xml import write_deviation

DEVIATION_BYTES = 20_000
"""The size of the structured document, in bytes of UTF-8."""

_LETTERS = "abcdefghijklmnoprstuvyæøå"
_LONGEST_WORD = 12


def filled(example: Deviation, chance: random.Random) -> Deviation:
    """Return the example with a description of random words that brings it to DEVIATION_BYTES."""
    bare = replace(example, description="-")
    return replace(bare, description=_text(DEVIATION_BYTES - len(write_deviation(bare)), chance))


def _text(room: int, chance: random.Random) -> str:
    words: list[str] = []
    while room > 0:
        word = "".join(chance.choices(_LETTERS, k=chance.randint(2, _LONGEST_WORD)))
        room -= len(word.encode()) + 1
        words.append(word)
    return " ".join(words)
