"""The languages that Samvik speaks. A row of a table of words has them in this order."""

from enum import StrEnum

Row = tuple[str, str, str]
"""The same in bokmål, nynorsk and English."""


class Language(StrEnum):
    """A language; the value is its code in HTML and in settings."""

    NB = "nb"
    NN = "nn"
    EN = "en"


def in_language(row: Row, language: Language) -> str:
    """Return the words of one language."""
    return row[list(Language).index(language)]
