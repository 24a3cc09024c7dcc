"""What follows a deviation in its thread, as data, as XML and in words: confirmation, answers, reminder, withdrawal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.codes.deviation import DeviationCode
from engine.codes.document import DocumentCode
from engine.codes.statement import Statement
from engine.deviation.fields import LONGEST_LINE, LONGEST_TEXT, MIME_TYPE, NAMESPACE, Answer, field_complaints
from engine.deviation.labels import FOLLOW_UPS, LABELS, Language
from engine.deviation.text import Section, answer_sections, as_text
from engine.deviation.xml import LIMITS, add_answer, read_answer
from engine.errors import PayloadFault, Refused
from engine.payload.attachment import Attachment
from engine.payload.cursor import Cursor
from engine.payload.dialog import Notat
from engine.payload.elements import add, name_of, namespace_of, new_root, place, root_of, serialise

FOLLOW_UP_FILE = "oppfolging.xml"
"""The Description of the attachment that holds the structured follow-up; its MimeType is the deviation's."""


class FollowUpKind(StrEnum):
    """What the message is (process.md 2.2)."""

    BEKREFTELSE = "BEKREFTELSE"
    FORELOPIG_SVAR = "FORELOPIG_SVAR"
    SVAR = "SVAR"
    PURRING = "PURRING"
    TRUKKET = "TRUKKET"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A message about a deviation. `case_number` is the reporter's, `contact` a role at the sender of this message."""

    kind: FollowUpKind
    case_number: str
    contact: str
    text: str = ""
    answer: Answer | None = None


def write_follow_up(follow_up: FollowUp) -> bytes:
    """Return the follow-up as XML in UTF-8. Raises Refused, naming the field, where one is missing or too long."""
    wrong = list(_complaints(follow_up))
    if wrong:
        raise Refused(DeviationCode.FOLLOW_UP_NOT_SENDABLE, complaints=wrong)
    root = new_root(NAMESPACE, "FollowUp")
    add(root, "Kind", follow_up.kind)
    add(root, "CaseNumber", follow_up.case_number)
    add(root, "Contact", follow_up.contact)
    if follow_up.text:
        add(root, "Text", follow_up.text)
    add_answer(root, follow_up.answer)
    return serialise(root)


def read_follow_up(xml: bytes) -> FollowUp:
    """Return the follow-up that the XML says.

    Raises PayloadFault T01 where the bytes are no XML that we read, T10 where the root is no FollowUp of version 1,
    and T02, naming the place, where something is missing, unknown, out of order, or too long.
    """
    root = root_of(xml, LIMITS)
    if namespace_of(root) != NAMESPACE or name_of(root) != "FollowUp":
        raise PayloadFault("T10", "/", DocumentCode.NOT_A_FOLLOW_UP, namespace=NAMESPACE)
    cursor = Cursor(root)
    kind = cursor.coded("Kind", FollowUpKind)
    case_number, contact = cursor.text("CaseNumber"), cursor.text("Contact")
    text = cursor.optional_text("Text")
    answer = read_answer(cursor.below("Answer")) if cursor.at("Answer") else None
    cursor.end()
    found = FollowUp(kind, case_number, contact, text, answer)
    for wrong in _complaints(found):
        raise PayloadFault("T02", place(root), wrong)
    return found


def follow_up_in(attachments: Iterable[Attachment]) -> FollowUp | None:
    """Return the follow-up among a document's attachments; None for a plain document, or one that cannot be read."""
    for attachment in attachments:
        if attachment.name == FOLLOW_UP_FILE and attachment.mime_type == MIME_TYPE:
            try:
                return read_follow_up(attachment.content)
            except Exception:  # the message is accepted: no attachment, whatever it holds, may stop it now
                return None
    return None


def note_of(follow_up: FollowUp, language: Language, day: date) -> Notat:
    """Return the note that carries a follow-up: kind and case number as its subject, everything in its text."""
    what = FOLLOW_UPS[follow_up.kind][language]
    tema, sections = headed(follow_up, language)
    text = as_text(sections)
    return Notat(tema=tema, text=f"{what.sentence}\n\n{text}", dok_id=follow_up.case_number, dato=day)


def headed(follow_up: FollowUp, language: Language) -> tuple[str, list[Section]]:
    """Return title and headed sections of a follow-up, as a page for people has them."""
    title = f"{FOLLOW_UPS[follow_up.kind][language].title} {follow_up.case_number}"
    return title, list(_sections(follow_up, language))


def _sections(follow_up: FollowUp, language: Language) -> Iterator[Section]:
    yield LABELS["case_number"][language], follow_up.case_number
    yield LABELS["contact"][language], follow_up.contact
    if follow_up.text.strip():
        yield LABELS["text"][language], follow_up.text
    if follow_up.answer:
        yield from answer_sections(follow_up.answer, language)


def _complaints(f: FollowUp) -> Iterator[Statement]:
    answer = f.answer or Answer("-")
    texts = (
        ("CaseNumber", f.case_number, LONGEST_LINE, True),
        ("Contact", f.contact, LONGEST_LINE, True),
        ("Text", f.text, LONGEST_TEXT, False),
        ("Answer/Assessment", answer.assessment, LONGEST_TEXT, True),
        ("Answer/Cause", answer.cause, LONGEST_TEXT, False),
        ("Answer/Measures", answer.measures, LONGEST_TEXT, False),
        ("Answer/Responsible", answer.responsible, LONGEST_LINE, False),
    )
    yield from field_complaints(texts)
