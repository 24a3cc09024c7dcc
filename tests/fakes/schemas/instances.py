"""Writes documents that a schema describes: whatever it declares turns up sooner or later, the optional parts too."""

from functools import cache

from lxml import etree
from xmlschema.validators import XsdAnyElement, XsdElement, XsdGroup

from adapters.xsd.files import LOADED
from engine.schemas import DocumentKind
from tests.fakes.schemas.sides import model

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
DEEPEST = 14
"""Below this depth only what must be there is written."""

NOTE = "{http://www.kith.no/xmlstds/dialog/2013-01-23}"
LARGEST = 150
"""After this many elements likewise, where nothing else is said."""

_SAMPLES = {
    "dateTime": ("2026-11-23T08:00:00+01:00", "2026-11-23T08:00:00", "2026-11-23T08:00:00.123Z"),
    "date": ("2026-11-23", "2026-11-23Z"),
    "gYear": ("2026",),
    "gYearMonth": ("2026-11",),
    "time": ("08:00:00",),
    "duration": ("P4D", "PT720M"),
    "base64Binary": ("QUJD", "", " QU JD "),
    "boolean": ("true", "0", "1", "false"),
    "QName": ("xml:a", "a"),
    "language": ("no", "en-GB"),
    "double": ("1.5", "INF"),
    "decimal": ("1.50",),
    "integer": ("7", "-7"),
    "int": ("7",),
    "nonNegativeInteger": ("0", "7"),
    "anyURI": ("http://example.test/a", "", "cid:a@b"),
    "NMTOKEN": ("a",),
    "Name": ("a",),
    "IDREF": ("i0",),
}


class Writer:
    """Writes instances of one side's schemas, with the throws of `dice`."""

    def __init__(self, kind: DocumentKind, dice, *, ours: bool, largest: int = LARGEST) -> None:
        maps = model(kind, ours=ours).maps
        self._elements = {name: maps.elements[name] for name in sorted(maps.elements) if _space(name) in LOADED[kind]}
        self._dice = dice
        self._attributes = {name: one for name, one in maps.attributes.items() if _space(name) in LOADED[kind]}
        self._types = [maps.types[name] for name in sorted(maps.types) if _space(name) in LOADED[kind]]
        self._ids = 0
        self._written, self._largest = 0, largest

    def document(self, tag: str) -> etree._Element:
        """Return an instance of a global element."""
        return self._element(self._elements[tag], None, 0)

    def claiming(self, type_name: str) -> etree._Element:
        """Return a note of dialog 1.1 whose free text claims a type by xsi:type."""
        note = etree.Element(f"{NOTE}Notat")
        etree.SubElement(note, f"{NOTE}TemaKodet")
        self._types = [one for one in self._types if one.name == type_name]
        declared = next(one for one in self._elements[note.tag].type.content if one.name == f"{NOTE}TekstNotatInnhold")
        while f"{{{XSI}}}type" not in note[-1].attrib:
            del note[1:]
            self._element(declared, note, 0)
        return note

    def _element(self, declared: XsdElement, parent: etree._Element | None, depth: int) -> etree._Element:
        # Made where it stands: lxml may change the namespaces of attributes when it moves what was made apart.
        kind, claim = self._type(declared)
        names = {"t": etree.QName(claim).namespace} if claim else None
        node = etree.Element(declared.name, nsmap=names)
        if parent is not None:
            node = etree.SubElement(parent, declared.name, nsmap=names)
        if claim:
            node.set(f"{{{XSI}}}type", f"t:{etree.QName(claim).localname}")
        self._written += 1
        self._set_attributes(kind, node)
        if declared.fixed is not None:
            node.text = declared.fixed
        elif kind.has_simple_content() or kind.is_simple():
            node.text = self._value(kind.content if kind.has_simple_content() and kind.is_complex() else kind)
        elif kind.has_complex_content() or kind.has_mixed_content():
            if kind.has_mixed_content() and self._dice.randrange(2):
                node.text = "tekst"
            self._group(kind.content, node, depth + 1)
        return node

    def _type(self, declared: XsdElement):
        """Return the type of an element and, where it could be any, one that it shall claim by xsi:type."""
        if declared.type.local_name != "anyType" or self._dice.randrange(3) == 0 or not self._types:
            return declared.type, None
        claimed = self._dice.choice(self._types)
        return claimed, claimed.name

    def _set_attributes(self, kind, node: etree._Element) -> None:
        for name, attribute in getattr(kind, "attributes", {}).items():
            if name is not None:
                if attribute.use == "required" or self._dice.randrange(3):
                    node.set(name, attribute.fixed or self._value(attribute.type))
            elif self._dice.randrange(4) == 0:
                found = self._attributes.get(self._dice.choice([*sorted(self._attributes), "urn:fremmed"]))
                node.set(found.name if found else "{urn:fremmed}x", self._value(found.type) if found else "y")

    def _times(self, particle, depth: int) -> int:
        least = particle.min_occurs
        most = least + 2 if particle.max_occurs is None else particle.max_occurs
        return least if depth > DEEPEST or self._written > self._largest else self._dice.randrange(least, most + 1)

    def _group(self, group: XsdGroup, node: etree._Element, depth: int) -> None:
        for _ in range(self._times(group, depth)):
            parts = list(group)
            if group.model == "choice" and parts:
                parts = [self._dice.choice(parts)]
            for part in parts:
                self._particle(part, node, depth)

    def _particle(self, part, node: etree._Element, depth: int) -> None:
        if isinstance(part, XsdGroup):
            self._group(part, node, depth)
            return
        for _ in range(self._times(part, depth)):
            if isinstance(part, XsdAnyElement):
                self._anything(part, node, depth)
            else:
                self._element(part, node, depth)

    def _anything(self, wildcard: XsdAnyElement, node: etree._Element, depth: int) -> None:
        allowed = [name for name in self._elements if wildcard.is_matching(name)]
        if wildcard.process_contents == "lax" and self._dice.randrange(2):
            etree.SubElement(node, "{urn:fremmed}noe")
        elif allowed and depth < DEEPEST:
            self._element(self._elements[self._dice.choice(allowed)], node, depth + 4)

    def _value(self, kind) -> str:
        if kind.is_union():
            return self._value(self._dice.choice(getattr(kind, "member_types", None) or kind.base_type.member_types))
        if kind.is_list():
            return "a b"
        if kind.enumeration:
            return str(self._dice.choice(kind.enumeration))
        if kind.patterns and kind.target_namespace != XSD:
            return self._dice.choice([value for value in PATTERNED if kind.is_valid(value)])
        root = kind
        while root.base_type is not None and root.local_name not in {*_SAMPLES, "ID", "token", "string"}:
            root = root.base_type
        if root.local_name == "ID":
            self._ids += 1
            return f"i{self._ids}"
        return self._dice.choice(_SAMPLES.get(root.local_name, ("x", "Ærlig talt", " x ")))


PATTERNED = ("2.16.578.1.12", " 7 ", "0", "1", "true", "false")


@cache
def roots(kind: DocumentKind) -> list[str]:
    """Return the global elements that the official schemas of a kind declare."""
    return [name for name in sorted(model(kind, ours=False).maps.elements) if _space(name) in LOADED[kind]]


@cache
def types(kind: DocumentKind) -> list[str]:
    """Return the types that a free text of this kind could claim: those that the official schemas name."""
    found = sorted(model(kind, ours=False).maps.types) if kind is DocumentKind.MESSAGE else []
    return [name for name in found if _space(name) in LOADED[kind]]


def _space(name: str) -> str:
    return etree.QName(name).namespace or ""
