"""What can be said of a refused document without asking xmlschema."""

from collections.abc import Mapping

from lxml import etree

from adapters.xsd.places import element_at, named, path_of
from engine.codes.schema import SchemaCode
from engine.codes.statement import Statement
from engine.schemas import ROOTS, DocumentKind, SchemaFault, SchemaRule

Refusal = tuple[str, str]
"""The kind and the place of one of libxml2's errors."""

_OF_LIBXML: Mapping[str, tuple[SchemaRule, SchemaCode]] = {
    "SCHEMAV_ELEMENT_CONTENT": (SchemaRule.UNEXPECTED, SchemaCode.UNEXPECTED),
    "MISSING": (SchemaRule.MISSING, SchemaCode.ENDS_EARLY),
    "SCHEMAV_CVC_ELT_1": (SchemaRule.UNEXPECTED, SchemaCode.UNEXPECTED),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": (SchemaRule.TEXT, SchemaCode.NOT_EMPTY),
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": (SchemaRule.TEXT, SchemaCode.TEXT_BETWEEN),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": (SchemaRule.ATTRIBUTE_UNEXPECTED, SchemaCode.ATTRIBUTE_NOT_ALLOWED),
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": (SchemaRule.ATTRIBUTE_UNEXPECTED, SchemaCode.ATTRIBUTE_NOT_ALLOWED),
    "SCHEMAV_CVC_COMPLEX_TYPE_4": (SchemaRule.ATTRIBUTE_MISSING, SchemaCode.ATTRIBUTE_MISSING),
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": (SchemaRule.VALUE, SchemaCode.BAD_VALUE),
}


def refusal_of(entry: etree._LogEntry) -> Refusal:
    """Return one of libxml2's errors as a refusal; it has one kind for what is missing and what is too much."""
    missing = entry.type_name == "SCHEMAV_ELEMENT_CONTENT" and "Missing child" in entry.message
    return "MISSING" if missing else entry.type_name, entry.path or ""


def wrong_root(kind: DocumentKind) -> SchemaFault:
    """Return the fault of a document whose root element is not the one of its kind."""
    root = etree.QName(ROOTS[kind]).localname
    return SchemaFault("/", SchemaRule.ROOT, None, Statement.of(SchemaCode.OTHER_ROOT, kind=kind, root=root))


def too_many(most: int) -> SchemaFault:
    """Return the fault of a document with more elements than are checked."""
    return SchemaFault("/", SchemaRule.SIZE, None, Statement.of(SchemaCode.TOO_MANY_ELEMENTS, most=most))


def about_element(node: etree._Element, rule: SchemaRule, code: SchemaCode) -> SchemaFault:
    """Return a fault that needs nothing but its element to be told."""
    return SchemaFault(path_of(node), rule, None, Statement.of(code, element=named(node)))


def told_plainly(root: etree._Element, refusal: Refusal) -> SchemaFault:
    """Return what can be said of one of libxml2's errors: its kind and its place, nothing of the document."""
    kind, place = refusal
    rule, code = _OF_LIBXML.get(kind, (SchemaRule.OTHER, SchemaCode.NOT_AS_WANTED))
    return about_element(element_at(root, place), rule, code)
