"""The language of the command line: that of the environment variable SAMVIK_LANGUAGE (nb, nn or en), else English."""

import os

from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.codes.statement import Statement

VARIABLE = "SAMVIK_LANGUAGE"


def spoken() -> Language:
    """Return the language that commands answer in; one that Samvik does not speak counts as none."""
    wish = os.environ.get(VARIABLE, "")
    return Language(wish) if wish in set(Language) else Language.EN


def said(what: Statement | Exception | str) -> str:
    """Return what a statement, an error or a stored text says, in the language of the command line."""
    return sentence(what, spoken())
