"""Our schemas and the official ones side by side, and every real document that both are held against."""

import re
from email import message_from_bytes
from functools import cache
from pathlib import Path

import xmlschema
from lxml import etree

from adapters.xsd.files import LOADED, compile_schemas
from engine.schemas import ROOTS, DocumentKind, kind_of
from tests.fakes.world.surroundings import PROJECT
from tests.samples import samples_folder

OURS = PROJECT / "schemas" / "xsd"
SIDES = (DocumentKind.MESSAGE, DocumentKind.ENVELOPE, DocumentKind.AGREEMENT)
"""One kind for each set of schemas; AppRec shares that of MsgHead."""


def official_files(kind: DocumentKind) -> dict[str, Path]:
    """Return the official file of each namespace that is loaded for a kind."""
    part = "payload" if kind is DocumentKind.MESSAGE else "transport"
    folder = samples_folder(part) / "xsd"
    found = {etree.parse(path).getroot().get("targetNamespace", ""): path for path in sorted(folder.glob("*.xsd"))}
    return {namespace: found[namespace] for namespace in LOADED[kind]}


def our_files(kind: DocumentKind) -> dict[str, Path]:
    """Return our file of each namespace that is loaded for a kind."""
    return {namespace: OURS / file for namespace, file in LOADED[kind].items()}


def driver(files: dict[str, Path]) -> str:
    """Return one schema that imports them all, by where they stand: not the way of the adapter."""
    lines = [f'<import namespace="{name}" schemaLocation="{path.as_uri()}"/>' for name, path in files.items()]
    return f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{"".join(lines)}</schema>'


@cache
def official(kind: DocumentKind) -> etree.XMLSchema:
    """Return the official schemas of a kind, compiled."""
    return etree.XMLSchema(etree.fromstring(driver(official_files(kind)), etree.XMLParser(no_network=True)))


@cache
def ours(kind: DocumentKind) -> etree.XMLSchema:
    """Return our schemas of a kind, compiled as the adapter does it."""
    return compile_schemas({name: path.read_bytes() for name, path in our_files(kind).items()})


@cache
def model(kind: DocumentKind, *, ours: bool) -> xmlschema.XMLSchema10:
    """Return the schemas of one side as a model to walk through."""
    files = our_files(kind) if ours else official_files(kind)
    return xmlschema.XMLSchema10(driver(files), allow="local", use_fallback=False)


def verdicts(kind: DocumentKind, document: bytes) -> tuple[bool, bool]:
    """Return what our schemas and the official ones say; each gets a tree of its own, for libxml2 marks identifiers."""
    return tuple(schema.validate(etree.fromstring(document, _parser())) for schema in (ours(kind), official(kind)))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


@cache
def samples(kind: DocumentKind) -> dict[str, bytes]:
    """Return the real documents of one side by the names of their files."""
    if kind is DocumentKind.MESSAGE:
        return _in(samples_folder("payload") / "xml", "**/*.xml", DocumentKind.MESSAGE, *_RECEIPTS)
    transport = samples_folder("transport")
    if kind is DocumentKind.AGREEMENT:
        return _in(transport / "cpa", "*.xml", kind)
    return _in(transport / "soap", "*.xml", kind) | _mailed(transport)


_RECEIPTS = (DocumentKind.APPREC_1_0, DocumentKind.APPREC_1_1)


def _in(folder: Path, pattern: str, *kinds: DocumentKind) -> dict[str, bytes]:
    found = {path.name: _inside(path.read_bytes(), kinds) for path in sorted(folder.glob(pattern))}
    return {f"{name}#{number}": one for name, many in found.items() for number, one in enumerate(many)}


def _inside(text: bytes, kinds: tuple[DocumentKind, ...]) -> list[bytes]:
    """Return the documents of these kinds in a file, those inside others and those that stand there as text."""
    try:
        root = etree.fromstring(text, _parser())
    except etree.XMLSyntaxError:
        return []
    found = [
        etree.tostring(node, with_tail=False, encoding="UTF-8") for node in root.iter(*(ROOTS[kind] for kind in kinds))
    ]
    nested = [node.text for node in root.iter(etree.Element) if re.match(r"\s*<(\?xml|tns:)", node.text or "")]
    return found + [one for inner in nested for one in _inside((inner or "").strip().encode(), kinds)]


def _mailed(transport: Path) -> dict[str, bytes]:
    found = {}
    for path in sorted([*(transport / "mail").iterdir(), *(transport / "hermes").glob("*.eml")]):
        for part in message_from_bytes(path.read_bytes()).walk():
            text = part.get_payload(decode=True) or b""
            try:
                root = etree.fromstring(text.strip(), _parser())
            except (etree.XMLSyntaxError, ValueError):
                continue
            if kind_of(root) is DocumentKind.ENVELOPE:
                found[path.name] = etree.tostring(root, encoding="UTF-8")
    return found
