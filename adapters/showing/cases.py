"""One case on standard output: what it says and everything that happened, in the language of the command line."""

import unicodedata
from collections.abc import Sequence

from rich.markup import escape

from adapters.showing.case_rows import case_row
from adapters.showing.speech import phrase, said, spoken, term
from adapters.showing.tables import console, event_line, name_of
from adapters.words import case_showing as words
from engine.case.record import Case
from engine.casework.reading import CaseRead
from engine.deviation.fields import MIME_TYPE
from engine.deviation.text import main_text
from engine.files.kind import shown_type, sniff
from engine.files.name import clean_name
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from engine.records.log import StoredEvent
from engine.register.parties import Registry


def print_case(read: CaseRead, events: Sequence[StoredEvent], registry: Registry) -> None:
    """Write one case for a person: what it says, what was said in its thread, and what happened."""
    _print_facts(read.case, registry)
    _print_content(read)
    out = console()
    for spoken_text in read.thread:
        who = name_of(registry, spoken_text.by)
        at = term("instant", spoken_text.at)
        out.print(f"\n  [bold]{at}  {who}: {_printable(spoken_text.subject)}[/]")
        out.print(f"  {_printable(spoken_text.text)}")
    out.print("")
    for stored in events:
        out.print(f"  {term('instant', stored.event.at)}  {escape(event_line(stored.event))}")


def _print_facts(case: Case, registry: Registry) -> None:
    out = console()
    out.print(f"[bold]{case.number}[/]  [bold]{case.state}[/]")
    for heading, number in _numbers(case):
        out.print(f"  [bold]{heading}:[/] {escape(number)}")
    sides = {"ours": name_of(registry, case.our_her), "theirs": name_of(registry, case.their_her)}
    out.print(f"  {phrase(words.SIDES, **sides)}")
    if case.reason:
        out.print(f"  [bold]{phrase(words.REASON)}:[/] {_printable(said(case.reason))}")
    if case.clock:
        out.print(f"  {phrase(words.CLOCK, start=case.start, due=case.due)}")
    if case.deadline:
        out.print(f"  {phrase(words.DEADLINE, at=case.deadline, owner=case_row(case)['waits_for'])}")


def _print_content(read: CaseRead) -> None:
    out, case = console(), read.case
    for heading, text in main_text(read.deviation, spoken().value)[1:]:  # the first is the number, named above
        out.print(f"  [bold]{escape(heading)}:[/] {_printable(text)}")
    for name, mime_type in read.files:
        out.print(f"  [bold]{phrase(words.ATTACHMENT)}:[/] {_printable(name)} ({mime_type})")
    if case.channel:
        out.print(f"  [bold]{phrase(words.CAME_AS)}:[/] {term('channel', case.channel)}")
    for letter in read.letters:
        day = letter.delivered_on
        became = phrase(words.DELIVERED, day=day) if day else phrase(words.NOT_SENT)
        out.print(f"  [bold]{phrase(words.ANSWER, id=letter.id)}[/] {term('instant', letter.made_at)}, {became}")


def _numbers(case: Case) -> list[tuple[str, str]]:
    """Return both sides' numbers, named apart. A plain message has no number, only the id that it was sent with."""
    theirs = "" if case.partner_number == case.first_msg_id else case.partner_number
    ours = [(phrase(words.OUR_NUMBER), case.number)]
    return [*ours, (phrase(words.THEIR_NUMBER), theirs)] if theirs else ours


def print_original(document: bytes) -> None:
    """Write the text of what a partner sent, and of its attachments name, size and what they are by their bytes.

    Nothing is written of its head: of a patient only what the text says.
    """
    head = read_msghead(document)
    out = console()
    out.print(f"[bold]{_printable(head.dialog.tema) or phrase(words.NO_SUBJECT)}[/]")
    out.print(_printable(head.dialog.text))
    for number, each in enumerate(head.attachments, 1):
        heading = phrase(words.NUMBERED_ATTACHMENT, number=number)
        out.print(f"[bold]{heading}:[/] {_printable(clean_name(each.name))}, {_what(each)}")


def _what(attachment: Attachment) -> str:
    if attachment.file_reference:
        return phrase(words.ELSEWHERE)
    structured = shown_type(attachment) == MIME_TYPE
    what = phrase(words.AS_DATA) if structured else term("file", sniff(attachment.content))
    return phrase(words.SIZE, what=what, size=len(attachment.content))


def _printable(text: str) -> str:
    """Return what a stranger wrote, without the control characters that a terminal would obey.

    XML lets those above 127 through.
    """
    return escape("".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc"))
