"""Says in Norwegian why a schema refused a document, so that an operator can send the sentence to the partner.

libxml2 has refused it already; xmlschema, which is far slower, is asked why. It always works on our own schemas, on a
tree from the hardened parser whose long texts were taken out, and opens nothing. What it says counts only where libxml2
found a fault too, for it is stricter (it follows IDREF, and holds the fixed values of references). Where it has nothing
to say, or the tree is too large for it, the kind and place of libxml2's error are told. Names are repeated only where
our schemas know them, and values only as `shown` allows.
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
from adapters.xsd.refusals import NOT_SO, Refusal, told_plainly
from engine.schemas import SchemaFault, SchemaRule

MOST_FAULTS = 20
"""Faults that are told of one document."""

MOST_NODES = 15_000
"""Elements and attributes of a document that xmlschema is asked about: it finds all faults before it tells one."""

MOST_TEXT = 100
"""Characters of a text or attribute that xmlschema gets to see."""

_explaining = Lock()

_SHAPES = {
    "dateTime": "et tidspunkt som 2026-11-23T08:00:00+01:00",
    "date": "en dato som 2026-11-23",
    "duration": "en varighet som P4D",
    "boolean": "true eller false",
    "integer": "et helt tall",
    "int": "et helt tall",
    "nonNegativeInteger": "et helt tall som ikke er negativt",
    "base64Binary": "base64",
    "anyURI": "en adresse (URI)",
    "ID": "en identifikator (XML-navn)",
    "IDREF": "en henvisning til en identifikator (XML-navn)",
    "language": "en språkkode som no",
    "QName": "et XML-navn",
}
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


def _told(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    if isinstance(error, XMLSchemaChildrenValidationError):
        return _of_children(error, node)
    if isinstance(error.validator, XsdAttributeGroup | XsdAnyAttribute):
        return _of_attributes(error, node)
    reason = error.reason or ""
    if "character data" in reason or "simple content element" in reason:
        what = "kan ikke inneholde tekst her" if "character data" in reason else "kan bare inneholde tekst"
        return SchemaFault(path_of(node), SchemaRule.TEXT, None, f"{named(node)} {what}.")
    if "duplicated xs:ID" in reason:
        sentence = f"{named(node)} har en identifikator som også står et annet sted."
        return SchemaFault(path_of(node), SchemaRule.IDENTITY, None, sentence)
    if "fixed value" in reason and isinstance(error.validator, XsdElement):
        sentence = f"{named(node)} skal ha verdien {error.validator.fixed}."
        return SchemaFault(path_of(node), SchemaRule.VALUE, None, sentence)
    return _of_value(error, node) if isinstance(error.obj, str) else _of_anything(error, node)


def _of_children(error: XMLSchemaChildrenValidationError, node: etree._Element) -> SchemaFault:
    wanted = listed(error.expected_tags)
    if error.invalid_tag is None:
        sentence = f"{named(node)} slutter for tidlig: {wanted or 'et element'} mangler."
        return SchemaFault(path_of(node), SchemaRule.MISSING, None, sentence)
    child = node[error.index] if error.index < len(node) else node
    instead = f" Der er {wanted} ventet." if wanted else ""
    sentence = f"{named(child)} er ikke ventet på den plassen i {quoted(node)}.{instead}"
    return SchemaFault(path_of(child), SchemaRule.UNEXPECTED, None, sentence)


def _of_attributes(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    reason = error.reason or ""
    name = known(next(iter(re.findall(r"'([^']+)'", reason)), ""))
    if reason.startswith("missing"):
        sentence = f"{named(node)} mangler attributtet {name}."
        return SchemaFault(path_of(node), SchemaRule.ATTRIBUTE_MISSING, None, sentence)
    which = f"attributtet {name}, som" if name else "et attributt som"
    sentence = f"{named(node)} har {which} ikke er tillatt der."
    return SchemaFault(path_of(node), SchemaRule.ATTRIBUTE_UNEXPECTED, None, sentence)


def _of_value(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    attribute = re.match(r"attribute ([^=\s]+)=", error.reason or "")
    name = known(attribute[1]) if attribute else ""
    where = f"attributtet {name} på {quoted(node)}" if name else quoted(node)
    type_name, wanted = _wanted(error.validator)
    private = any(etree.QName(up).localname in _PERSONS for up in upwards(node))
    code = attribute is not None and isinstance(error.validator, f.XsdEnumerationFacets)
    value = None if private else shown(error.obj, type_name, code=code)
    stood = f" Der står {value}." if value else ""
    return SchemaFault(path_of(node), SchemaRule.VALUE, value, f"Verdien i {where} skal være {wanted}.{stood}")


def _wanted(validator: object) -> tuple[str | None, str]:
    if isinstance(validator, f.XsdEnumerationFacets):
        return None, "en av " + ", ".join(str(code) for code in validator.enumeration)
    if isinstance(validator, f.XsdMinLengthFacet):
        return None, "noe, ikke tom"
    if isinstance(validator, f.XsdPatternFacets) and validator.regexps == ["[01]"]:
        return "boolean", "0 eller 1"
    if isinstance(validator, f.XsdPatternFacets):
        oid = any("\\d" in pattern for pattern in validator.regexps)
        return None, "en OID som 2.16.578.1.12.4.1.1.8279" if oid else "slik skjemaet sier"
    name = getattr(validator, "local_name", None)
    return name, _SHAPES.get(name or "", "slik skjemaet sier")


def _of_anything(error: XMLSchemaValidationError, node: etree._Element) -> SchemaFault:
    reason = error.reason or ""
    if "not found" in reason or "unavailable namespace" in reason or "not allowed here" in reason:
        return SchemaFault(path_of(node), SchemaRule.UNEXPECTED, None, f"{named(node)} er ikke ventet her.")
    what = "sier en xsi:type eller xsi:nil som ikke passer der" if re.search("substitute|nil", reason) else NOT_SO
    return SchemaFault(path_of(node), SchemaRule.OTHER, None, f"{named(node)} {what}.")


def _unique(faults: list[SchemaFault]) -> list[SchemaFault]:
    return list(dict.fromkeys(faults))
