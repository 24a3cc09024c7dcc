"""Names elements of a document, and says where they stand, so that nothing of the document itself is repeated."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import islice

from lxml import etree

from engine.codes.schema import SchemaCode
from engine.codes.statement import Statement

_SCHEMA = "{http://www.w3.org/2001/XMLSchema}"


def known(tag: str) -> str:
    """Return the local name of a tag if some schema of ours knows it, else an empty string.

    Who sends a document chooses its names, and could say anything in them.
    """
    name = tag.rpartition("}")[2].rpartition(":")[2]
    return name if name in _known_names() else ""


def named(node: etree._Element) -> Statement:
    """Return what a sentence about an element begins with."""
    name = _tag(node)
    return Statement.of(SchemaCode.ELEMENT, name=name) if name else Statement.of(SchemaCode.UNKNOWN_ELEMENT)


def quoted(node: etree._Element) -> str | Statement:
    """Return an element as it stands inside a sentence."""
    return _tag(node) or Statement.of(SchemaCode.SOME_ELEMENT)


def listed(tags: Iterable[str]) -> list[str]:
    """Return the known names of some tags, each once."""
    return list(dict.fromkeys(name for name in map(known, tags) if name))


def path_of(node: etree._Element) -> str:
    """Return where an element stands, counted where several of its name stand there; `*` for what nobody knows."""
    return "/" + "/".join(reversed([_step(step) for step in upwards(node)]))


def upwards(node: etree._Element) -> Iterator[etree._Element]:
    """Yield an element and everything around it, inside out."""
    yield node
    yield from node.iterancestors()


def element_at(root: etree._Element, place: str) -> etree._Element:
    """Return the element of a path as libxml2 writes it, or the last one on the way that can be told."""
    node = root
    for step in place.split("/")[2:]:
        found = _STEP.fullmatch(step)
        if found is None or step.startswith("@"):
            break
        fitting = (child for child in node.iterchildren(etree.Element) if _fits(child, found["prefix"], found["name"]))
        child = next(islice(fitting, int(found["number"] or 1) - 1, None), None)
        if child is None:
            break
        node = child
    return node


_STEP = re.compile(r"(?:(?P<prefix>[^:\[]+):)?(?P<name>[^\[]+)(?:\[(?P<number>\d+)\])?")


def _fits(node: etree._Element, prefix: str | None, name: str) -> bool:
    return name == "*" or (node.prefix == prefix and etree.QName(node).localname == name)


def _tag(node: etree._Element) -> str:
    return known(node.tag) if isinstance(node.tag, str) else ""


def _step(node: etree._Element) -> str:
    parent = node.getparent()
    alike = [node] if parent is None else [other for other in parent if other.tag == node.tag]
    return (_tag(node) or "*") + ("" if len(alike) == 1 else f"[{alike.index(node) + 1}]")


@cache
def _known_names() -> frozenset[str]:
    names = set()
    for file in (files("schemas") / "xsd").iterdir():
        if file.name.endswith(".xsd"):
            root = etree.fromstring(file.read_bytes())
            names |= {node.get("name", "") for node in root.iter(f"{_SCHEMA}element", f"{_SCHEMA}attribute")}
    return frozenset(names - {""})
