"""What schemas declare, and which of it documents use: parts of elements, attributes, codes, and types by name."""

from collections.abc import Iterable, Iterator

from lxml import etree

from adapters.xsd.files import LOADED
from engine.schemas import DocumentKind
from tests.fakes.schemas.instances import XSI, roots
from tests.fakes.schemas.sides import model

Mark = tuple[str, ...]


def declared(kind: DocumentKind) -> set[Mark]:
    """Return everything that the official schemas of a kind declare."""
    maps = model(kind, ours=False).maps
    marks: set[Mark] = set()
    seen: set[int] = set()
    todo = [("", maps.elements[name]) for name in roots(kind)]
    while todo:
        above, element = todo.pop()
        marks.add(("element", above, element.name))
        if id(element.type) not in seen or element.type.name is None:
            seen.add(id(element.type))
            marks |= set(_of_type(element))
            children = [] if element.type.is_simple() else _children(element.type)
            todo += [(element.name, child) for child in children if ("element", element.name, child.name) not in marks]
    named = (name for name in maps.types if etree.QName(name).namespace in LOADED[kind])
    return marks | {("type", name) for name in named if maps.types[name].is_complex() and _reachable(kind)}


def _reachable(kind: DocumentKind) -> bool:
    """Say whether any element of a kind takes whatever type it claims."""
    return kind is DocumentKind.MESSAGE


def _children(xsd_type) -> list:
    content = xsd_type.content
    return [part for part in content.iter_elements() if part.name] if hasattr(content, "iter_elements") else []


def _of_type(element) -> Iterator[Mark]:
    for code in getattr(element.type, "enumeration", None) or ():
        yield "code", element.name, "", str(code)
    for name, attribute in getattr(element.type, "attributes", {}).items():
        if name is not None:
            yield "attribute", element.name, name
            for code in attribute.type.enumeration or ():
                # Where one code is fixed, no other can ever be written.
                if attribute.fixed in (None, str(code)):
                    yield "code", element.name, name, str(code)


def used(documents: Iterable[bytes]) -> set[Mark]:
    """Return what documents use of it."""
    marks: set[Mark] = set()
    for document in documents:
        for node in etree.fromstring(document).iter(etree.Element):
            parent = node.getparent()
            above = "" if parent is None else parent.tag
            marks |= {("element", above, node.tag), ("element", "", node.tag), ("code", node.tag, "", node.text or "")}
            for name, value in node.attrib.items():
                marks |= {("attribute", node.tag, name), ("code", node.tag, name, value)}
            prefix, _, local = node.get(f"{{{XSI}}}type", "").rpartition(":")
            marks.add(("type", f"{{{node.nsmap.get(prefix or None)}}}{local}"))
    return marks
