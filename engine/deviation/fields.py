"""A deviation as data: the fields that one party sends another (process.md 3.2).

Fields that name people, and those that stay inside the sender's house, are not here. '' and None mean not given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.codes.deviation import DeviationCode
from engine.codes.statement import Statement

NAMESPACE = "urn:samvik:deviation:1"
MIME_TYPE = "application/vnd.samvik.deviation+xml"
"""What marks the attachment that holds the structured deviation."""

FILE_NAME = "avvik.xml"
"""The Description of that attachment."""

LONGEST_LINE = 250
LONGEST_TITLE = 100
LONGEST_TEXT = 30_000
MOST_IN_LIST = 50


class DeviationKind(StrEnum):
    """What the message is (field 1)."""

    AVVIK = "AVVIK"
    AVVIK_ORIENTERING = "AVVIK_ORIENTERING"
    FORBEDRINGSFORSLAG = "FORBEDRINGSFORSLAG"
    RAABRA = "RAABRA"


class Severity(StrEnum):
    """How serious the sender finds it (field 17); the receiver may find otherwise, and both are kept."""

    BETYDELIG = "betydelig"
    MODERAT = "moderat"
    MINDRE = "mindre"
    INGEN = "ingen"
    UKJENT = "ukjent"


class PatientInformed(StrEnum):
    """Whether the patient has been told (field 26)."""

    JA = "ja"
    NEI = "nei"
    IKKE_RELEVANT = "ikke_relevant"


@dataclass(frozen=True, slots=True)
class Period:
    """An event time that is no single date, in the reporter's words, such as 'uke 45'."""

    text: str


@dataclass(frozen=True, slots=True)
class AgreementPoint:
    """A point of an agreement or guideline that was not followed (field 13)."""

    agreement: str
    point: str = ""


@dataclass(frozen=True, slots=True)
class MessageReference:
    """The electronic message that the deviation is about (field 23). `sent_at` is aware."""

    type: str
    msg_id: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseReference:
    """The number that a system of the sender's knows the case by (field 24)."""

    system: str
    number: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The receiver's answer (field 30). `responsible` is a role, never a person; `done_by` when measures are done."""

    assessment: str
    cause: str = ""
    measures: str = ""
    responsible: str = ""
    done_by: date | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """What is reported. `happened` is an aware time, a date, a Period, or None for unknown (field 11).

    `contact` is the role that answers go to (6), `department` where it happened, as text (9), `answer_by` the date
    that the sender asks for an answer by (22).
    """

    kind: DeviationKind
    case_number: str
    contact: str
    quality_assured: bool
    title: str
    description: str
    severity: Severity = Severity.UKJENT
    information_only: bool = False
    happened: datetime | date | Period | None = None
    department: str = ""
    place: str = ""
    agreement_points: tuple[AgreementPoint, ...] = ()
    consequence: str = ""
    measure: str = ""
    suggestion: str = ""
    answer_by: date | None = None
    message: MessageReference | None = None
    own_references: tuple[CaseReference, ...] = ()
    patient_informed: PatientInformed | None = None
    answer: Answer | None = None

    @property
    def for_information(self) -> bool:
        """Say that no answer is expected, only a confirmation (process.md 1.2 R16, 2.2)."""
        return self.information_only or self.kind in {DeviationKind.AVVIK_ORIENTERING, DeviationKind.RAABRA}


Field = tuple[str, str, int, bool]
"""Name of a field, its text, how many characters it may have, and whether it must be given."""


def complaints(deviation: Deviation) -> Iterator[Statement]:
    """Yield what is wrong with each field that is missing, too long or too many; none repeats its content."""
    yield from field_complaints(_texts(deviation))
    for name, count in _lists(deviation):
        if count > MOST_IN_LIST:
            yield Statement.of(DeviationCode.TOO_MANY, field=name, count=count, most=MOST_IN_LIST)


def field_complaints(texts: Iterable[tuple[str, str, int, bool]]) -> Iterator[Statement]:
    """Yield what is wrong with fields, given as name, text, most characters, and whether it must be there."""
    for name, text, most, needed in texts:
        if needed and not text.strip():
            yield Statement.of(DeviationCode.MISSING, field=name)
        if len(text) > most:
            yield Statement.of(DeviationCode.TOO_LONG, field=name, length=len(text), most=most)


def _lists(deviation: Deviation) -> Iterator[tuple[str, int]]:
    yield "AgreementPoint", len(deviation.agreement_points)
    yield "OwnReference", len(deviation.own_references)


def _texts(deviation: Deviation) -> Iterator[Field]:
    d = deviation
    yield "CaseNumber", d.case_number, LONGEST_LINE, True
    yield "Contact", d.contact, LONGEST_LINE, True
    yield "Title", d.title, LONGEST_TITLE, True
    yield "Description", d.description, LONGEST_TEXT, True
    yield "Department", d.department, LONGEST_LINE, False
    yield "Place", d.place, LONGEST_LINE, False
    yield "Consequence", d.consequence, LONGEST_TEXT, False
    yield "ImmediateMeasure", d.measure, LONGEST_TEXT, False
    yield "Suggestion", d.suggestion, LONGEST_TEXT, False
    yield from _nested_texts(d)


def _nested_texts(d: Deviation) -> Iterator[Field]:
    if isinstance(d.happened, Period):
        yield "Happened/During", d.happened.text, LONGEST_LINE, True
    for point in d.agreement_points:
        yield "AgreementPoint/Agreement", point.agreement, LONGEST_LINE, True
        yield "AgreementPoint/Point", point.point, LONGEST_LINE, False
    if d.message:
        yield "Message/Type", d.message.type, LONGEST_LINE, True
        yield "Message/MsgId", d.message.msg_id, LONGEST_LINE, True
    for reference in d.own_references:
        yield "OwnReference/System", reference.system, LONGEST_LINE, True
        yield "OwnReference/Number", reference.number, LONGEST_LINE, True
    if d.answer:
        yield "Answer/Assessment", d.answer.assessment, LONGEST_TEXT, True
        yield "Answer/Cause", d.answer.cause, LONGEST_TEXT, False
        yield "Answer/Measures", d.answer.measures, LONGEST_TEXT, False
        yield "Answer/Responsible", d.answer.responsible, LONGEST_LINE, False


def free_texts(deviation: Deviation) -> list[tuple[str, str]]:
    """Return every text that a person wrote, with the name of its field."""
    return [(name, text) for name, text, _, _ in _texts(deviation)]
