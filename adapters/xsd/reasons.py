"""Finds out why a schema refused a document, as codes that the partner may be told.

libxml2 has refused it already; xmlschema, which is far slower, is asked why. It always works on our own schemas, on a
tree from the hardened parser whose long texts were taken out, and opens nothing. What it says counts only where libxml2
found a fault too, because xmlschema is stricter (it follows IDREF, and checks the fixed values of references). Where it
has nothing to say, or the tree is too large for it, we tell the kind and the place of libxml2's error. Names are
repeated only where our schemas know them, and values only as `shown` allows.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from threading import Lock
from typing import Any, cast

import xmlschema
from lxml import etree
from xmlschema.validators import (
    XMLSchemaChildrenValidationError,
    XMLSchemaValidationError,
    XsdAnyAttribute,
    XsdAttributeGroup,
    XsdElement,
)
from xmlschema.validators import facets as f

from adapters.xsd.places import element_at, known, listed, named, path_of, quoted, upwards
from adapters.xsd.refusals import Refusal, about_element, told_plainly
from engine.codes.schema import SchemaCode
from engine.codes.statement import Statement
from engine.schemas import SchemaFault, SchemaRule

MOST_FAULTS = 20
"""Faults that are told of one document."""

MOST_NODES = 15_000
"""Elements and attributes of a document that xmlschema is asked about: it finds all faults before it tells one."""

MOST_TEXT = 100
"""Characters of a text or attribute that xmlschema gets to see."""

_explaining = Lock()

_SHAPED = frozenset(
    {"dateTime", "date", "duration", "boolean", "integer", "int", "nonNegativeInteger", "base64Binary", "anyURI", "ID"}
    | {"IDREF", "language", "QName"}
)
"""Types whose values have a shape that people can be told."""

_MEASURED = ("dateTime", "date", "duration", "integer", "int", "nonNegativeInteger", "boolean")
_PERSONS = frozenset({"Patient", "Person", "HealthcareProfessional", "HCProf", "HCPerson"})


def explain(loaded: Mapping[str, str], root: etree._Element, refusals: list[Refusal]) -> list[SchemaFault]:
    """Return why `root` was refused, at least one fault and at most MOST_FAULTS, none twice.

    `loaded` are the namespaces and our files of them; `refusals` are libxml2's own errors. Cuts the long texts of
    `root`, so give a tree that nobody else needs. Never raises, and opens nothing but our own files.
    """
    told: list[SchemaFault] = []
    if _within(root, MOST_NODES):
        blamed = {element_at(root, place) for _, place in refusals}
        _cut(root, blamed)
        told = _by_xmlschema(tuple(loaded.items()), root, blamed)
    return _unique(told or [told_plainly(root, refusal) for refusal in refusals])[:MOST_FAULTS]


def shown(value: object, type_name: str | None, *, code: bool) -> str | None:
    """Return a refused value where it may be repeated, else None.

    Numbers, dates and booleans may, where they consist of nothing but digits and the letters of such; of codes those
    in attributes (`code`), without blanks. Nothing may that is over 40 characters long or holds 11 digits, however
    they are grouped: it could be a national identity number.
    """
    text = str(value).strip()
    if not text or len(text) > 40 or re.search(r"\d(?:[ .\-/]?\d){10}", text) or len(re.findall(r"\d", text)) == 11:
        return None
    measure = type_name in _MEASURED and re.fullmatch(r"[\d:.+\-/TZPYMDHS ,]+|true|false|ja|nei", text, re.ASCII)
    return text if measure or (code and re.fullmatch(r"[A-Za-z0-9_.:\-]+", text)) else None


@cache
def _explainer(loaded: tuple[tuple[str, str], ...]) -> xmlschema.XMLSchema10:
    lines = [f'<import namespace="{namespace}" schemaLocation="{file}"/>' for namespace, file in loaded]
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{"".join(lines)}</schema>'
    with as_file(files("schemas") / "xsd") as folder:
        return xmlschema.XMLSchema10(
            driver, base_url=str(folder), allow="sandbox", use_fallback=False, use_location_hints=False
        )


def _by_xmlschema(
    loaded: tuple[tuple[str, str], ...], root: etree._Element, blamed: set[etree._Element]
) -> list[SchemaFault]:
    # Of a child in the wrong place libxml2 blames the child, xmlschema the element around it.
    around = (node.getparent() for node in blamed)
    near: set[object] = {*blamed, *(node for node in around if node is not None)}
    with _explaining:
        try:
            errors = _explainer(loaded).iter_errors(cast(Any, root), use_location_hints=False)
            return [_told(error, cast(etree._Element, error.elem)) for error in errors if error.elem in near]
        except Exception:
            # The document is refused already; whatever it made of its explainer, libxml2's own words remain.
            return []


def _within(root: etree._Element, most: int) -> bool:
    for node in root.iter(etree.Element):
        most -= 1 + len(node.attrib)
        if most < 0:
            return False
    return True


def _cut(root: etree._Element, blamed: set[etree._Element]) -> None:
    """Replace long texts by short ones: by a valid one, or by an invalid one where libxml2 refused the element."""
    for node in root.iter(etree.Element):
        # AAAA is a string, a name, an address and base64 at once.
        short = "!" if node in blamed else "AAAA"
        if len(node.text or "") > MOST_TEXT:
            node.text = short if (node.text or "").strip() else " "
        if len(node.tail or "") > MOST_TEXT:
            node.tail = short if (node.tail or "").strip() else " "
        for name, value in node.attrib.items():
            if len(value) > MOST_TEXT:
                node.set(name, short)


_BY_WORDS = {
    "character data": (SchemaRule.TEXT, SchemaCode.TEXT),
    "simple content element": (SchemaRule.TEXT, SchemaCode.NOT_ONLY_TEXT),
    "duplicated xs:ID": (SchemaRule.IDENTITY, SchemaCode.SAME_ID),
}
"""What xmlschema says, by words in its reason."""


def _told(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    if isinstance(error, XMLSchemaChildrenValidationError):
        return _of_children(error, node)
    if isinstance(error.validator, XsdAttributeGroup | XsdAnyAttribute):
        return _of_attributes(error, node)
    reason = error.reason or ""
    for words, (rule, code) in _BY_WORDS.items():
        if words in reason:
            return about_element(node, rule, code)
    if "fixed value" in reason and isinstance(error.validator, XsdElement):
        said = Statement.of(SchemaCode.NOT_FIXED_VALUE, element=named(node), wanted=error.validator.fixed)
        return SchemaFault(path_of(node), SchemaRule.VALUE, None, said)
    return _of_value(error, node) if isinstance(error.obj, str) else _of_anything(error, node)


def _of_children(error: XMLSchemaChildrenValidationError, node: etree._Element) -> SchemaFault:
    expected = listed(error.expected_tags)
    if error.invalid_tag is None:
        if not expected:
            return about_element(node, SchemaRule.MISSING, SchemaCode.ENDS_EARLY)
        said = Statement.of(SchemaCode.ENDS_WITHOUT, element=named(node), expected=expected)
        return SchemaFault(path_of(node), SchemaRule.MISSING, None, said)
    child = node[error.index] if error.index < len(node) else node
    said = Statement.of(SchemaCode.UNEXPECTED_IN, element=named(child), place=quoted(node))
    if expected:
        said = Statement.of(SchemaCode.UNEXPECTED_INSTEAD, element=named(child), place=quoted(node), expected=expected)
    return SchemaFault(path_of(child), SchemaRule.UNEXPECTED, None, said)


def _of_attributes(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    reason = error.reason or ""
    name = known(next(iter(re.findall(r"'([^']+)'", reason)), ""))
    missing = reason.startswith("missing")
    rule = SchemaRule.ATTRIBUTE_MISSING if missing else SchemaRule.ATTRIBUTE_UNEXPECTED
    if not name:
        return about_element(node, rule, SchemaCode.ATTRIBUTE_MISSING if missing else SchemaCode.ATTRIBUTE_NOT_ALLOWED)
    code = SchemaCode.NAMED_ATTRIBUTE_MISSING if missing else SchemaCode.NAMED_ATTRIBUTE_NOT_ALLOWED
    return SchemaFault(path_of(node), rule, None, Statement.of(code, element=named(node), name=name))


def _of_value(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    attribute = re.match(r"attribute ([^=\s]+)=", error.reason or "")
    name = known(attribute[1]) if attribute else ""
    place = Statement.of(SchemaCode.ATTRIBUTE, name=name, place=quoted(node)) if name else quoted(node)
    type_name, said = _wanted(error.validator, place)
    private = any(etree.QName(up).localname in _PERSONS for up in upwards(node))
    code = attribute is not None and isinstance(error.validator, f.XsdEnumerationFacets)
    value = None if private else shown(error.obj, type_name, code=code)
    if value:
        said = Statement.of(SchemaCode.WITH_VALUE, what=said, value=value)
    return SchemaFault(path_of(node), SchemaRule.VALUE, value, said)


def _wanted(validator: object, place: str | Statement) -> tuple[str | None, Statement]:
    """Return the type of a value, where it matters for what may be shown, and what the value must be."""
    if isinstance(validator, f.XsdEnumerationFacets):
        return None, Statement.of(SchemaCode.NOT_IN_LIST, place=place, values=validator.enumeration)
    if isinstance(validator, f.XsdMinLengthFacet):
        return None, Statement.of(SchemaCode.EMPTY_VALUE, place=place)
    if isinstance(validator, f.XsdPatternFacets) and validator.regexps == ["[01]"]:
        return "boolean", Statement.of(SchemaCode.NOT_A_BIT, place=place)
    if isinstance(validator, f.XsdPatternFacets):
        oid = any("\\d" in pattern for pattern in validator.regexps)
        return None, Statement.of(SchemaCode.NOT_AN_OID if oid else SchemaCode.NOT_OF_TYPE, place=place)
    name = getattr(validator, "local_name", None)
    if name in _SHAPED:
        return name, Statement.of(SchemaCode.NOT_OF_SHAPE, place=place, type=name)
    return name, Statement.of(SchemaCode.NOT_OF_TYPE, place=place)


def _of_anything(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    reason = error.reason or ""
    if "not found" in reason or "unavailable namespace" in reason or "not allowed here" in reason:
        return about_element(node, SchemaRule.UNEXPECTED, SchemaCode.UNEXPECTED)
    of_type = re.search("substitute|nil", reason)
    return about_element(node, SchemaRule.OTHER, SchemaCode.OTHER_TYPE if of_type else SchemaCode.NOT_AS_WANTED)


def _unique(faults: list[SchemaFault]) -> list[SchemaFault]:
    return list(dict.fromkeys(faults))
