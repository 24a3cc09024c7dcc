"""The text that a person reads in the main document: it alone tells everything, in plain words (design 8)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from engine.deviation.fields import LONGEST_TITLE, Answer, Deviation, MessageReference, Period
from engine.deviation.labels import LABELS, SENTENCES, WORDS, Language
from engine.payload.dialog import Notat
from engine.times import in_oslo

Section = tuple[str, str]

_ONE_LINE = 60


def main_text(d: Deviation, language: Language) -> list[Section]:
    """Return every field that is given as (heading, text), the case number first. Times are told in Oslo time."""
    return [(LABELS[key][language], _lines(text)) for key, text in _sections(d, language) if text.strip()]


def as_text(sections: Sequence[Section]) -> str:
    """Return headed sections as plain text, the first on one line, short ones on one line, long ones below."""
    blocks: list[str] = []
    joins = False
    for number, (heading, text) in enumerate(sections):
        short = number == 0 or _on_one_line(text)
        line = f"{heading}: {' '.join(text.split())}" if short else f"{heading}:\n{text}"
        if short and joins:
            blocks[-1] += "\n" + line
        else:
            blocks.append(line)
        joins = short
    return "\n\n".join(blocks)


def notat_of(d: Deviation, language: Language) -> Notat:
    """Return the note that carries the deviation: case number in subject and DokIdNotat, everything in the text."""
    tema = f"{WORDS[d.kind][language]} {d.case_number}: {d.title[:LONGEST_TITLE]}"
    return Notat(tema=tema, text=as_text(main_text(d, language)), dok_id=d.case_number, dato=_day(d.happened))


def _sections(d: Deviation, language: Language) -> Iterator[Section]:
    yield "case_number", d.case_number
    yield "kind", WORDS[d.kind][language]
    yield "title", d.title
    yield "answer_wanted", _answer_wanted(d, language)
    yield "contact", d.contact
    yield "happened", _when(d.happened, language)
    yield "department", d.department
    yield "place", d.place
    yield "description", d.description
    yield "consequence", d.consequence
    yield "severity", WORDS[d.severity][language]
    yield "measure", d.measure
    yield "suggestion", d.suggestion
    yield "agreement_points", _points(d, language)
    yield "message", _message(d.message, language)
    yield "patient_informed", WORDS[d.patient_informed][language] if d.patient_informed else ""
    yield "own_references", "\n".join(f"{each.system}: {each.number}" for each in d.own_references)
    yield "quality_assured", WORDS["yes" if d.quality_assured else "no"][language]
    if d.answer:
        yield from _answer(d.answer, language)


def answer_sections(answer: Answer, language: Language) -> list[Section]:
    """Return the fields of an answer that are given as (heading, text)."""
    return [(LABELS[key][language], _lines(text)) for key, text in _answer(answer, language) if text.strip()]


def _answer(answer: Answer, language: Language) -> Iterator[Section]:
    yield "answer_assessment", answer.assessment
    yield "answer_cause", answer.cause
    yield "answer_measures", answer.measures
    yield "answer_responsible", answer.responsible
    yield "answer_done_by", _date(answer.done_by, language) if answer.done_by else ""


def _answer_wanted(d: Deviation, language: Language) -> str:
    if d.for_information:
        return SENTENCES["information_only"][language]
    if d.answer_by:
        return SENTENCES["answer_by"][language].format(date=_date(d.answer_by, language))
    return SENTENCES["answer"][language]


def _points(d: Deviation, language: Language) -> str:
    pattern = SENTENCES["point"][language]
    points = d.agreement_points
    return "\n".join(
        pattern.format(agreement=each.agreement, point=each.point) if each.point else each.agreement for each in points
    )


def _message(message: MessageReference | None, language: Language) -> str:
    if message is None:
        return ""
    found = SENTENCES["message"][language].format(type=message.type, id=message.msg_id)
    return found + (
        SENTENCES["sent"][language].format(time=_time(message.sent_at, language)) if message.sent_at else ""
    )


def _when(happened: datetime | date | Period | None, language: Language) -> str:
    match happened:
        case None:
            return WORDS["unknown_time"][language]
        case Period():
            return happened.text
        case datetime():
            return _time(happened, language)
        case date():
            return _date(happened, language)


def _day(happened: datetime | date | Period | None) -> date | None:
    match happened:
        case datetime():
            return in_oslo(happened).date()
        case date():
            return happened
        case _:
            return None


def _date(day: date, language: Language) -> str:
    return day.isoformat() if language == "en" else f"{day.day}.{day.month}.{day.year}"


def _time(moment: datetime, language: Language) -> str:
    local = in_oslo(moment)
    between, clock = ("", f"{local:%H:%M}") if language == "en" else ("kl. ", f"{local:%H.%M}")
    return f"{_date(local.date(), language)} {between}{clock}"


def _lines(text: str) -> str:
    # Forms in browsers end lines with CR LF, which XML would carry as a visible reference.
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _on_one_line(text: str) -> bool:
    return "\n" not in text and len(text) <= _ONE_LINE
