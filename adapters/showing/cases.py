"""Cases on standard output: lists, and one case with what it says and everything that happened."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.markup import escape
from rich.table import Table

from adapters.showing.tables import console, name_of, oslo, plain, table_of, told
from engine.case.channel import NORWEGIAN
from engine.case.record import Case
from engine.casework.reading import CaseRead
from engine.deviation.fields import MIME_TYPE
from engine.deviation.text import main_text
from engine.files.kind import in_norwegian, shown_type, sniff
from engine.files.name import clean_name
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from engine.records.log import StoredEvent
from engine.register.parties import Registry
from engine.states.case import OPEN, PARTNER_HAS_IT


def case_row(case: Case) -> dict[str, Any]:
    """Return a case as data, with who must act next."""
    return {**plain(case), "waits_for": OPEN[case.state][0] if case.state in OPEN else ""}


def standing(case: Case, today: date) -> str:
    """Return where a case stands after a step, and the day that its answer is due; it may have passed already."""
    told = f"{case.number} is now {case.state}."
    if case.due is None or case.state not in PARTNER_HAS_IT:
        return told
    return f"{told} The answer is due {case.due}{', which has passed' if case.due < today else ''}."


def cases_table(cases: Sequence[Case], registry: Registry, title: str = "Saker") -> Table:
    """Return cases as a table in Norwegian."""
    columns = ("Sak", "Vei", "Motpart", "Tilstand", "Svarfrist", "Neste frist", "Venter på")
    table = table_of(title, *columns, wraps=("Motpart",))
    for case in cases:
        row = case_row(case)
        way = "meldt av oss" if case.reporting else "meldt til oss"
        due = f"{case.due:%d.%m.%Y}" if case.due else ""
        table.add_row(
            case.number, way, name_of(registry, case.their_her), case.state, due, oslo(case.deadline), row["waits_for"]
        )
    return table


def print_case(read: CaseRead, events: Sequence[StoredEvent], registry: Registry) -> None:
    """Write one case for a person: what it says, what was said in its thread, and what happened."""
    out, case = console(), read.case
    out.print(f"[bold]{case.number}[/]  [bold]{case.state}[/]")
    for heading, number in _numbers(case):
        out.print(f"  [bold]{heading}:[/] {escape(number)}")
    out.print(f"  {name_of(registry, case.our_her)} og {name_of(registry, case.their_her)}")
    if case.clock:
        out.print(f"  klokka startet {case.start:%d.%m.%Y}, svarfrist {case.due:%d.%m.%Y}")
    if case.deadline:
        out.print(f"  neste frist {oslo(case.deadline)}, venter på {case_row(case)['waits_for']}")
    for heading, text in main_text(read.deviation, "nb")[1:]:  # the first is the reporter's number, named above
        out.print(f"  [bold]{escape(heading)}:[/] {_printable(text)}")
    for name, mime_type in read.files:
        out.print(f"  [bold]Vedlegg:[/] {_printable(name)} ({mime_type})")
    if case.channel:
        out.print(f"  [bold]Kom som:[/] {NORWEGIAN[case.channel]}")
    for letter in read.letters:
        became = f"levert {letter.delivered_on:%d.%m.%Y}" if letter.delivered_on else "ikke sendt"
        out.print(f"  [bold]Svar {letter.id}[/] {oslo(letter.made_at)}, {became}")
    for spoken in read.thread:
        out.print(f"\n  [bold]{oslo(spoken.at)}  {name_of(registry, spoken.by)}: {_printable(spoken.subject)}[/]")
        out.print(f"  {_printable(spoken.text)}")
    out.print("")
    for stored in events:
        out.print(f"  {oslo(stored.event.at)}  {escape(told(stored.event))}")


def _numbers(case: Case) -> list[tuple[str, str]]:
    """Return both sides' numbers, named apart; a plain message has no number, only the id that it was sent with."""
    theirs = "" if case.partner_number == case.first_msg_id else case.partner_number
    return [("Vårt saksnummer", case.number), *([("Motpartens saksnummer", theirs)] if theirs else [])]


def print_original(document: bytes) -> None:
    """Write the text of what a partner sent; of its head nothing, so of a patient only what the text says.

    Of its attachments name, size and what they are by their bytes.
    """
    head = read_msghead(document)
    out = console()
    out.print(f"[bold]{_printable(head.dialog.tema) or 'Uten emne'}[/]")
    out.print(_printable(head.dialog.text))
    for number, each in enumerate(head.attachments, 1):
        out.print(f"[bold]Vedlegg {number}:[/] {_printable(clean_name(each.name))}, {_what(each)}")


def _what(attachment: Attachment) -> str:
    if attachment.file_reference:
        return "ligger et annet sted, og hentes ikke"
    what = "avviket som data" if shown_type(attachment) == MIME_TYPE else in_norwegian(sniff(attachment.content))
    return f"{what}, {len(attachment.content)} byte"


def _printable(text: str) -> str:
    """Return what a stranger wrote without what a terminal would obey: XML lets the control signs above 127 through."""
    return escape("".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc"))
