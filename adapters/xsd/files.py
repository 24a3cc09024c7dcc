"""Checks documents against XML schemas: our own in schemas/xsd, or the files in a folder that the owner names.

libxml2 gives the verdict, adapters/xsd/reasons.py says why. Schemas are compiled once a process, when they
are first needed, and nothing is ever fetched: a schema is found by its namespace, never by where another says it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from threading import Lock

from lxml import etree

from adapters.xsd import reasons
from adapters.xsd.places import element_at
from adapters.xsd.refusals import Refusal, refusal_of, too_many, wrong_root
from engine.codes.schema import SchemaCode
from engine.deviation.fields import NAMESPACE
from engine.errors import OwnFault
from engine.schemas import ROOTS, DocumentKind, SchemaFault
from engine.xml import parse, parse_written

_KITH = "http://www.kith.no/xmlstds"
_OASIS = "http://www.oasis-open.org/committees"
_DSIG = {"http://www.w3.org/2000/09/xmldsig#": "xmldsig.xsd"}
_LINKS = {"http://www.w3.org/XML/1998/namespace": "xml.xsd", "http://www.w3.org/1999/xlink": "xlink.xsd"}
_PAYLOAD = {
    **_DSIG,
    f"{_KITH}/base64container": "base64container.xsd",
    _KITH: "kith.xsd",
    f"{_KITH}/felleskomponent1": "felleskomponent1.xsd",
    f"{_KITH}/dialog/2006-10-11": "dialogmelding-1.0.xsd",
    f"{_KITH}/dialog/2013-01-23": "dialogmelding-1.1.xsd",
    f"{_KITH}/apprec/2004-11-21": "apprec-1.0.xsd",
    f"{_KITH}/apprec/2012-02-15": "apprec-1.1.xsd",
    f"{_KITH}/msghead/2006-05-24": "msghead.xsd",
}
_ENVELOPE = {
    **_LINKS,
    **_DSIG,
    "http://schemas.xmlsoap.org/soap/envelope/": "soap.xsd",
    f"{_OASIS}/ebxml-msg/schema/msg-header-2_0.xsd": "ebxml.xsd",
}
_AGREEMENT = {**_LINKS, **_DSIG, f"{_OASIS}/ebxml-cppa/schema/cpp-cpa-2_0.xsd": "cpa.xsd"}
LOADED: Mapping[DocumentKind, Mapping[str, str]] = {
    DocumentKind.MESSAGE: _PAYLOAD,
    DocumentKind.APPREC_1_0: _PAYLOAD,
    DocumentKind.APPREC_1_1: _PAYLOAD,
    DocumentKind.ENVELOPE: _ENVELOPE,
    DocumentKind.AGREEMENT: _AGREEMENT,
    DocumentKind.DEVIATION: {NAMESPACE: "deviation.xsd"},
}
"""The namespaces that are loaded for a kind, with our file of each; what one imports stands before it."""

MOST_ATTRIBUTE = 1_000
"""Characters of an attribute that the owner's files get to see: the official pattern of an OID costs their square."""

MOST_ELEMENTS = 20_000
"""Elements of a document that is checked. Telling where an error stands costs libxml2 the number of elements before it,
so that a document of nothing but errors costs the square: a second at this size, ten at 50 000."""

_BLANKS = " \t\r\n"
_DATED = re.compile(r"\d{4}-\d\d-\d\d(T[0-9:.]{8,30})?(Z|[+-]\d\d:\d\d)?", re.ASCII)

_compiling = Lock()


@dataclass(frozen=True, slots=True)
class _Compiled:
    schema: etree.XMLSchema
    lock: Lock  # libxml2's errors stand on the schema, so that two checks at once would mix theirs


class SchemaFiles:
    """The Schemas port. With `directory`, official files there replace ours; all namespaces of a kind must be there.

    The verdict is then theirs. Only a document with an attribute over MOST_ATTRIBUTE characters is still judged by
    our schemas, which give the same verdict without the cost.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory

    def prepare(self) -> None:
        """Compile every schema now. Raises OwnFault that names the file or namespace and the remedy."""
        for kind in DocumentKind:
            _compiled(self._directory_of(kind), kind)

    def check(self, kind: DocumentKind, document: bytes | etree._Element) -> list[SchemaFault]:
        """Return what is wrong with a document, at most reasons.MOST_FAULTS; see the port for the rest."""
        # A copy, because libxml2 marks the attributes that it has seen as identifiers, and the words cut long texts;
        # written out, because deepcopy may lose a prefix from around the element that only an xsi:type in it names.
        if isinstance(document, bytes):
            root = parse(document)
        else:
            root = parse_written(etree.tostring(document, encoding="UTF-8", with_tail=False))
        if root.tag != ROOTS[kind]:
            return [wrong_root(kind)]
        if next(islice(root.iter(etree.Element), MOST_ELEMENTS, None), None) is not None:
            return [too_many(MOST_ELEMENTS)]
        refusals = self._refusals(kind, root)
        if refusals and _collapsed(root, refusals):
            refusals = self._refusals(kind, root)
        return reasons.explain(LOADED[kind], root, refusals) if refusals else []

    def _refusals(self, kind: DocumentKind, root: etree._Element) -> list[Refusal]:
        directory = None if _has_long_attribute(root) else self._directory_of(kind)
        compiled = _compiled(directory, kind)
        with compiled.lock:
            if compiled.schema.validate(root):
                return []
            return [refusal_of(entry) for entry in islice(compiled.schema.error_log, reasons.MOST_FAULTS)]

    def _directory_of(self, kind: DocumentKind) -> Path | None:
        return None if kind is DocumentKind.DEVIATION else self._directory


def _collapsed(root: etree._Element, refusals: list[Refusal]) -> bool:
    """Take white space from around refused dates and times; true where there was any.

    XML Schema collapses it before it looks at a value (part 2, 4.3.6), and libxml2 does not in a date.
    """
    found = False
    for _, place in refusals:
        node = element_at(root, place)
        text = (node.text or "") if not len(node) else ""
        if text != text.strip(_BLANKS) and _DATED.fullmatch(text.strip(_BLANKS)):
            node.text, found = text.strip(_BLANKS), True
    return found


def compile_schemas(texts: Mapping[str, bytes]) -> etree.XMLSchema:
    """Return schema files, by namespace and in the order of their imports, compiled as one.

    Raises etree.XMLSchemaParseError or etree.XMLSyntaxError where they are no schemas.
    """
    parser = _parser()
    parser.resolvers.add(_OnlyThese(texts))
    # What is loaded already is not loaded again, so no schemaLocation inside the files is ever followed.
    lines = [f'<import namespace="{name}" schemaLocation="samvik:{number}"/>' for number, name in enumerate(texts)]
    driver = f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{"".join(lines)}</schema>'
    return etree.XMLSchema(etree.fromstring(driver, parser))


class _OnlyThese(etree.Resolver):
    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self._texts = {f"samvik:{number}": text for number, text in enumerate(texts.values())}

    def resolve(self, system_url: str | None, public_id: str | None, context: object, /):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return self.resolve_string(self._texts.get(system_url or "", b""), context)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)


def _compiled(directory: Path | None, kind: DocumentKind) -> _Compiled:
    with _compiling:
        return _compile(directory, tuple(LOADED[kind].items()))


@cache
def _compile(directory: Path | None, wanted: tuple[tuple[str, str], ...]) -> _Compiled:
    try:
        texts = _found(directory, dict(wanted)) if directory else {name: _own(file) for name, file in wanted}
        return _Compiled(compile_schemas(texts), Lock())
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        if directory is None:
            raise OwnFault(SchemaCode.NOT_COMPILED) from None
        raise OwnFault(SchemaCode.FOLDER_NOT_COMPILED, folder=directory, error=error) from None


def _own(file: str) -> bytes:
    try:
        return (files("schemas") / "xsd" / file).read_bytes()
    except (OSError, ModuleNotFoundError):
        raise OwnFault(SchemaCode.NOT_LOADED, file=file) from None


def _found(directory: Path, wanted: Mapping[str, str]) -> dict[str, bytes]:
    found: dict[str, tuple[str, bytes]] = {}
    for path, text in _files_in(directory):
        name = etree.fromstring(text, _parser()).get("targetNamespace", "")
        if name in found:
            raise OwnFault(
                SchemaCode.TWO_FILES, first=found[name][0], second=path.name, folder=directory, namespace=name
            )
        found[name] = (path.name, text)
    if missing := [name for name in wanted if name not in found]:
        raise OwnFault(SchemaCode.NO_FILE, folder=directory, namespace=missing[0])
    return {name: found[name][1] for name in wanted}


def _files_in(directory: Path) -> list[tuple[Path, bytes]]:
    try:
        return [(path, path.read_bytes()) for path in sorted(directory.iterdir()) if path.suffix.lower() == ".xsd"]
    except OSError as error:
        raise OwnFault(SchemaCode.FOLDER_NOT_READ, folder=directory, error=error.strerror) from None


def _has_long_attribute(root: etree._Element) -> bool:
    return any(len(value) > MOST_ATTRIBUTE for node in root.iter(etree.Element) for value in node.attrib.values())
