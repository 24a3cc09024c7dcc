"""Turn a statement of the engine into a sentence of one language, at the last moment before a person reads it."""

from collections.abc import Mapping
from datetime import date, datetime
from string import Formatter

from adapters.words import terms, wire
from adapters.words.agreement import AGREEMENT
from adapters.words.api import API
from adapters.words.backup import BACKUP
from adapters.words.case import CASE
from adapters.words.case_task import CASE_TASK
from adapters.words.certificate import CERTIFICATE, KEY, PURPOSES
from adapters.words.channel import CHANNEL, CHANNELS
from adapters.words.command import COMMAND
from adapters.words.database import DATABASE, WHY_NOT
from adapters.words.deviation import DEVIATION, FIELDS
from adapters.words.disk import DISK
from adapters.words.document import DOCUMENT
from adapters.words.envelope import ENVELOPE
from adapters.words.file import FILE
from adapters.words.inbound import INBOUND
from adapters.words.language import Language, Row, in_language
from adapters.words.log import LOG
from adapters.words.mail import MAIL
from adapters.words.mail_server import MAIL_SERVER
from adapters.words.mailbox import MAILBOX
from adapters.words.message import MESSAGE
from adapters.words.operations import OPERATIONS
from adapters.words.party import PARTY
from adapters.words.premise import PREMISE
from adapters.words.profile import PROFILE
from adapters.words.record_system import RECORD_SYSTEM
from adapters.words.register import PARTY_KINDS, REGISTER, VALUES
from adapters.words.schema import SCHEMA, SHAPES
from adapters.words.send_back import FAULTS, SEND_BACK
from adapters.words.signature import SIGNATURE
from adapters.words.start import START
from adapters.words.user import USER
from adapters.words.xml import XML
from engine.codes.statement import Code, Param, Statement, read_statement
from engine.errors import SamvikError
from engine.times import in_oslo

SENTENCES: Mapping[str, Row] = {
    **AGREEMENT, **API, **BACKUP, **CASE, **CASE_TASK, **CERTIFICATE, **CHANNEL, **COMMAND, **DATABASE, **DEVIATION,
    **DISK, **DOCUMENT, **ENVELOPE, **FILE, **INBOUND, **KEY, **LOG, **MAIL, **MAILBOX, **MAIL_SERVER, **MESSAGE,
    **OPERATIONS, **PARTY, **PREMISE, **PROFILE, **RECORD_SYSTEM, **REGISTER, **SCHEMA, **SEND_BACK, **SIGNATURE, **START,
    **USER, **WHY_NOT, **XML,
}  # fmt: skip
"""The sentence of every code. `{name}` is a parameter; `{name:kind}` is one of a kind in FORMATS."""

_TERMS: Mapping[str, Mapping[str, Row]] = {
    "event": terms.EVENTS,
    "step": terms.STEPS,
    "kind": terms.KINDS,
    "role": terms.ROLES,
    "owner": terms.OWNERS,
    "cause": terms.CAUSES,
    "state": terms.STATES,
    "channel": CHANNELS,
    "fault": FAULTS,
    "field": FIELDS,
    "ebxml": wire.EBXML,
    "apprec": wire.APPREC,
    "bounce": wire.BOUNCES,
    "file": wire.FILES,
    "party": PARTY_KINDS,
    "purpose": PURPOSES,
    "shape": SHAPES,
    "value": VALUES,
}
FORMATS = frozenset(_TERMS) | {"aside", "day", "instant", "list", "bytes"}
"""How a parameter is put into words: as a term, in brackets if any, a day, an instant, bytes, or with semicolons."""


def sentence(said: Statement | Exception | str, language: Language) -> str:
    """Return what a statement, an error or a stored text says, in one language.

    A text that is no statement, such as the reason that a person gave, is returned as it is.
    """
    statement = _statement(said)
    if statement is None:
        return str(said)
    row = SENTENCES.get(statement.code)
    if row is None:
        return str(statement)
    return filled(row, language, statement.params)


def filled(row: Row, language: Language, params: Mapping[str, Param]) -> str:
    """Return the words of one language, with parameters put into them as in a sentence."""
    return _Words(language).vformat(in_language(row, language), (), params)


def _statement(said: Statement | Exception | str) -> Statement | None:
    if isinstance(said, Statement):
        return said
    if isinstance(said, Exception):
        return _statement(said.statement) if isinstance(said, SamvikError) else None
    return read_statement(said)


class _Words(Formatter):
    """Fills parameters into a sentence."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def get_field(self, field_name: str, args: object, kwargs: Mapping[str, Param]) -> tuple[Param, str]:
        """Return a parameter as it is: a sentence looks into none of them."""
        return kwargs.get(field_name, ""), field_name

    def format_field(self, value: Param, format_spec: str) -> str:
        """Return a parameter in words."""
        if isinstance(value, Statement):
            return sentence(value, self._language)
        if isinstance(value, tuple):
            between = "; " if format_spec == "list" else " "
            return between.join(sentence(each, self._language) for each in value)
        if format_spec in _TERMS:
            return ", ".join(self._term(format_spec, word) for word in value.split(", "))
        if format_spec == "aside":
            return f" ({value})" if value else ""
        if format_spec == "bytes":
            return self._bytes(value)
        return self._time(format_spec, value) if format_spec else value

    def _bytes(self, value: str) -> str:
        """Return a number of bytes with its megabytes, as people read it; what is no number is returned as it is."""
        if not value.isdigit():
            return value
        if int(value) >= 1_000_000_000:
            return f"{self._decimal(int(value) / 1_000_000_000)} GB"
        unit = "bytes" if self._language is Language.EN else "byte"
        return f"{value} {unit} ({self._decimal(int(value) / 1_000_000)} MB)"

    def _decimal(self, value: float) -> str:
        written = f"{value:.1f}"
        return written if self._language is Language.EN else written.replace(".", ",")

    def _term(self, kind: str, word: str) -> str:
        row = _TERMS[kind].get(word)
        return in_language(row, self._language) if row else word

    def _time(self, kind: str, value: str) -> str:
        """Return a day, or an instant in Oslo, as people write it; what is neither is returned as it is."""
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return value
        day = at.date() if kind == "day" and not at.tzinfo else in_oslo(at).date()
        written = _day(day, self._language)
        return written if kind == "day" else f"{written} {in_oslo(at):%H:%M}"


def _day(day: date, language: Language) -> str:
    return day.isoformat() if language is Language.EN else f"{day.day}.{day.month}.{day.year}"


def fields_of(row: Row) -> list[set[str]]:
    """Return the parameters that a row names, language by language."""
    return [{name for _, name, _, _ in Formatter().parse(text) if name} for text in row]


def all_codes() -> list[Code]:
    """Return every code that the engine has."""
    return sorted(code for theme in Code.__subclasses__() for code in theme)
