"""What can be said of a refused document without asking xmlschema."""

from lxml import etree

from adapters.xsd.places import element_at, named, path_of
from engine.schemas import ROOTS, DocumentKind, SchemaFault, SchemaRule

Refusal = tuple[str, str]
"""The kind and the place of one of libxml2's errors."""

NOT_SO = "er ikke slik skjemaet krever"
"""What remains to be said of an element where nothing better is known."""

_OF_LIBXML = {
    "SCHEMAV_ELEMENT_CONTENT": (SchemaRule.UNEXPECTED, "{place} er ikke ventet på den plassen."),
    "MISSING": (SchemaRule.MISSING, "{place} slutter for tidlig: et element mangler."),
    "SCHEMAV_CVC_ELT_1": (SchemaRule.UNEXPECTED, "{place} er ikke ventet her."),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": (SchemaRule.TEXT, "{place} skal være tomt."),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": (SchemaRule.TEXT, "{place} kan ikke ha tekst mellom elementene."),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": (
        SchemaRule.ATTRIBUTE_UNEXPECTED,
        "{place} har et attributt som ikke er tillatt der.",
    ),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": (
        SchemaRule.ATTRIBUTE_UNEXPECTED,
        "{place} har et attributt som ikke er tillatt der.",
    ),
    "SCHEMAV_CVC_COMPLEX_TYPE_4": (SchemaRule.ATTRIBUTE_MISSING, "{place} mangler et attributt."),
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": (SchemaRule.VALUE, "{place} har en verdi som ikke er gyldig."),
}


def refusal_of(entry: etree._LogEntry) -> Refusal:
    """Return one of libxml2's errors as a refusal; it has one kind for what is missing and what is too much."""
    missing = entry.type_name == "SCHEMAV_ELEMENT_CONTENT" and "Missing child" in entry.message
    return "MISSING" if missing else entry.type_name, entry.path or ""


def wrong_root(kind: DocumentKind) -> SchemaFault:
    """Return the fault of a document whose root element is not the one of its kind."""
    name = etree.QName(ROOTS[kind]).localname
    return SchemaFault(
        "/", SchemaRule.ROOT, None, f"Dokumentet er ikke {kind}: det begynner ikke med elementet {name}."
    )


def too_many(most: int) -> SchemaFault:
    """Return the fault of a document with more elements than are checked."""
    return SchemaFault("/", SchemaRule.SIZE, None, f"Dokumentet har flere enn {most} elementer og blir ikke lest.")


def told_plainly(root: etree._Element, refusal: Refusal) -> SchemaFault:
    """Return what can be said of one of libxml2's errors: its kind and its place, nothing of the document."""
    kind, place = refusal
    node = element_at(root, place)
    rule, sentence = _OF_LIBXML.get(kind, (SchemaRule.OTHER, f"{{place}} {NOT_SO}."))
    return SchemaFault(path_of(node), rule, None, sentence.format(place=named(node)))
