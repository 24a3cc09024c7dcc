"""The language of the command line: that of the environment variable SAMVIK_LANGUAGE (nb, nn or en), else English."""

import os
from datetime import date

from adapters.words import terms
from adapters.words.headings import HEADINGS
from adapters.words.language import Language, Row, in_language
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


def term(kind: str, value: object, language: Language | None = None) -> str:
    """Return one value in words, as a sentence has it: `kind` is one of adapters.words.speaking.FORMATS."""
    row = f"{{value:{kind}}}"
    return phrase_in(language or spoken(), (row, row, row), value=value)


def heading(key: str) -> str:
    """Return a word of a printed table, in the language of the command line."""
    return in_language(HEADINGS[key], spoken())


def headings(*keys: str) -> list[str]:
    """Return the headings of a table, in order."""
    return [heading(key) for key in keys]


def kind_of(kind: str | None) -> str:
    """Return what a kind of message is called."""
    return _term(terms.KINDS, kind or "")


def turn(owner: str) -> str:
    """Return who must act next, '' for nobody."""
    return _term(terms.OWNERS, owner)


def cause_of(cause: str) -> str:
    """Return what a cause of an alarm is called."""
    return _term(terms.CAUSES, cause)


def role_of(role: str) -> str:
    """Return what a role is called."""
    return _term(terms.ROLES, role)


def action_of(action: str) -> str:
    """Return what an event of the log says."""
    return _term(terms.EVENTS, action)


def detail(key: str) -> str:
    """Return what a detail of an event is called."""
    return _term(terms.DETAILS, key)


def _term(table: dict[str, Row], word: str) -> str:
    return in_language(table[word], spoken()) if word in table else word
