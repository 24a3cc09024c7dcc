"""The language of the command line: that of the environment variable SAMVIK_LANGUAGE (nb, nn or en), else English."""

import os
from datetime import date

from adapters.words.language import Language, Row
from adapters.words.speaking import filled, sentence
from engine.codes.statement import Statement

VARIABLE = "SAMVIK_LANGUAGE"


def spoken() -> Language:
    """Return the language that commands answer in; one that Samvik does not speak counts as none."""
    wish = os.environ.get(VARIABLE, "")
    return Language(wish) if wish in set(Language) else Language.EN


def said(what: Statement | Exception | str) -> str:
    """Return what a statement, an error or a stored text says, in the language of the command line."""
    return sentence(what, spoken())


def phrase(row: Row, **params: object) -> str:
    """Return a row of a table of words in the language of the command line, with parameters put into it."""
    return phrase_in(spoken(), row, **params)


def phrase_in(language: Language, row: Row, **params: object) -> str:
    """Return a row of a table of words in one language, with parameters put into it."""
    texts = {name: value.isoformat() if isinstance(value, date) else str(value) for name, value in params.items()}
    return filled(row, language, texts)
