"""Dialogmelding 1.0 and 1.1: the main document that a person reads (payload.md B)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from engine.agreements.carriers import Carrier
from engine.codes.document import DocumentCode
from engine.errors import PayloadFault
from engine.payload.elements import (
    DIALOG_NAMESPACES,
    add,
    all_text,
    children,
    code,
    one,
    optional,
    optional_text,
    place,
)

_ROOTS = {f"{{{namespace}}}Dialogmelding": version for version, namespace in DIALOG_NAMESPACES.items()}
_HELSEFAGLIG_TEMA = ("2.16.578.1.12.4.1.1.7322", "6")
_ROLES = "2.16.578.1.12.4.1.1.9034"


@dataclass(frozen=True, slots=True)
class Notat:
    """What we write: a subject line, plain text, our case number, and the date of what it is about, if known."""

    tema: str
    text: str
    dok_id: str
    dato: date | None = None


@dataclass(frozen=True, slots=True)
class Dialog:
    """What a Dialogmelding says. `kind` is 'Notat' or 'Foresporsel'.

    `tema_code` and `tema_system` are TemaKodet or TypeForesp, '' where not given. `text` is plain text: XHTML is
    reduced to what it says, and several notes are put one after the other. `dok_id` is DokIdNotat of the first note.
    """

    version: str
    kind: str
    tema_code: str
    tema_system: str
    tema: str
    text: str
    dok_id: str = ""


def add_dialog(parent: etree._Element, carrier: Carrier, notat: Notat, *, first: bool) -> None:
    """Append a Dialogmelding with one Notat in the version of the carrier.

    `first` is true where the document starts a conversation. Raises Refused where a text cannot be written as XML.
    """
    namespace = DIALOG_NAMESPACES[carrier.dialog_version]
    root = etree.SubElement(parent, f"{{{namespace}}}Dialogmelding", nsmap={None: namespace})
    note = add(root, "Notat")
    add(note, "TemaKodet", V=carrier.tema_code, S=carrier.tema_system, DN=carrier.tema_name)
    add(note, "Tema", notat.tema)
    add(note, "TekstNotatInnhold", notat.text)
    add(note, "DokIdNotat", notat.dok_id)
    if notat.dato:
        add(note, "DatoNotat", notat.dato.isoformat())
    if first and (carrier.tema_system, carrier.tema_code) == _HELSEFAGLIG_TEMA:
        _add_contact(note)


def check_dialog(element: etree._Element) -> str:
    """Return the version of a Dialogmelding. Raises PayloadFault T10 where the element is none that we know."""
    version = _ROOTS.get(str(element.tag))
    if version is None:
        raise PayloadFault("T10", "/MsgHead/Document/RefDoc/Content", DocumentCode.NOT_A_DIALOG)
    return version


def read_dialog(element: etree._Element) -> Dialog:
    """Return what a Dialogmelding says.

    Raises PayloadFault T10 where the element is no Dialogmelding of a version that we know, and T02 where it holds
    neither Notat nor Foresporsel, or both, or one of them without its code.
    """
    version = check_dialog(element)
    notes, questions = children(element, "Notat"), children(element, "Foresporsel")
    if bool(notes) == bool(questions):
        raise PayloadFault("T02", place(element), DocumentCode.NOTE_OR_QUESTION)
    return _dialog(version, notes, _note) if notes else _dialog(version, questions, _question)


def _dialog(version: str, parts: list[etree._Element], read: Callable[[str, etree._Element], Dialog]) -> Dialog:
    found = [read(version, part) for part in parts]
    # The first subject stands alone; those of later parts go with their text, so that nothing is lost.
    later = [piece for part in found[1:] for piece in (part.tema, part.text)]
    text = "\n\n".join(piece for piece in [found[0].text, *later] if piece)
    start = found[0]
    return replace(start, text=text)


def _note(version: str, note: etree._Element) -> Dialog:
    tema = one(note, "TemaKodet")
    pieces = [all_text(optional(note, "TekstNotatInnhold")), optional_text(note, "Merknad")]
    text = "\n\n".join(piece for piece in pieces if piece)
    # Told more than once it is no reason to refuse a document: nothing but a feedback (HIS 1151) is looked up by it.
    ids = [all_text(found) for found in children(note, "DokIdNotat")]
    subject = optional_text(note, "Tema")
    return Dialog(version, "Notat", code(tema), code(tema, "S"), subject, text, ids[0] if ids else "")


def _question(version: str, question: etree._Element) -> Dialog:
    kind = one(question, "TypeForesp")
    pieces = [all_text(optional(question, "Sporsmal")), optional_text(question, "Begrunnelse")]
    text = "\n\n".join(piece for piece in pieces if piece)
    return Dialog(version, "Foresporsel", code(kind), code(kind, "S"), optional_text(question, "EmneSporsmal"), text)


def _add_contact(note: etree._Element) -> None:
    # HIS 1077 wants the contact at the receiver in the first note of a conversation, at least by profession.
    role = add(note, "RollerRelatertNotat")
    add(role, "RoleToPatient", V="24", S=_ROLES, DN="Kontakt hos mottaker")
    professional = add(role, "HealthcareProfessional")
    add(professional, "TypeHealthcareProfessional", V="XX", DN="Ukjent/uspesifisert")
