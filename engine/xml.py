"""The one hardened XML parser. Everything that comes from outside passes through `parse`.

No DTD, no entities, no network, and limits on bytes, depth, nodes and attributes that are checked by a streaming pass
before any tree is built, so that hostile input costs neither memory nor time (transport.md F.3 rule 3, G.19).
"""

from dataclasses import dataclass
from xml.parsers import expat

from lxml import etree

from engine.codes.xml import XmlCode
from engine.errors import StatedError


class BadXml(StatedError):
    """Raised when bytes are not XML that we read; it says why and never repeats the content."""


@dataclass(frozen=True, slots=True)
class XmlLimits:
    """What one document may cost. Bytes are counted before decoding, attributes are nodes like elements.

    Namespace declarations are counted over the whole document: canonicalisation walks those around an element for each
    element inside, so that its cost is their product.
    """

    most_bytes: int = 51_200_000
    most_depth: int = 64
    most_nodes: int = 50_000
    most_attributes: int = 32
    longest_name: int = 1_000
    most_declarations: int = 1_000
    longest_prefix: int = 1_000


DEFAULT_LIMITS = XmlLimits()
_ENCODINGS = frozenset({"UTF-8", "UTF-16", "ISO-8859-1", "US-ASCII"})


def parse(data: bytes, limits: XmlLimits = DEFAULT_LIMITS, *, keep_comments: bool = False) -> etree._Element:
    """Return the root element of an XML document.

    Comments and processing instructions are removed, so that text around them reads as one piece; with
    `keep_comments` they stay, for canonicalisation only. Raises BadXml for anything that is not well-formed, holds a
    document type declaration, uses an encoding but UTF-8, UTF-16, ISO-8859-1 or US-ASCII, or goes over a limit.
    """
    _check_stream(data, limits)
    return parse_written(data, keep_comments=keep_comments)


def parse_written(data: bytes, *, keep_comments: bool = False) -> etree._Element:
    """Return the root element of what this process has itself written from a tree: `parse` without the streaming pass.

    Raises BadXml for anything that is not well-formed.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXml(XmlCode.NOT_WELL_FORMED, line=getattr(error, "lineno", 0) or 0) from None


def _check_stream(data: bytes, limits: XmlLimits) -> None:
    if len(data) > limits.most_bytes:
        raise BadXml(XmlCode.TOO_LARGE, most=limits.most_bytes)
    guard = _Guard(limits)
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = guard.declaration
    parser.StartDoctypeDeclHandler = guard.doctype
    parser.StartElementHandler = guard.start
    parser.EndElementHandler = guard.end
    parser.CommentHandler = guard.count
    parser.ProcessingInstructionHandler = guard.instruction
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadXml(XmlCode.NOT_WELL_FORMED, line=error.lineno) from None
    except (LookupError, ValueError):
        raise BadXml(XmlCode.ENCODING) from None


class _Guard:
    """Counts while expat streams, and stops it at the first thing that is over a limit."""

    def __init__(self, limits: XmlLimits) -> None:
        self._limits = limits
        self._depth = 0
        self._nodes = 0
        self._declarations = 0

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        # Both parsers know more encodings than these, but not the same ones, and so could read two documents.
        if encoding is not None and encoding.upper() not in _ENCODINGS:
            raise BadXml(XmlCode.ENCODING)

    def doctype(self, *_: object) -> None:
        raise BadXml(XmlCode.DTD)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._limits.most_depth:
            raise BadXml(XmlCode.TOO_DEEP, most=self._limits.most_depth)
        if len(name) > self._limits.longest_name:
            raise BadXml(XmlCode.LONG_NAME, most=self._limits.longest_name)
        if attributes:
            self._look_at(attributes)
        self.count()

    def _look_at(self, attributes: dict[str, str]) -> None:
        if len(attributes) > self._limits.most_attributes:
            raise BadXml(XmlCode.TOO_MANY_ATTRIBUTES, most=self._limits.most_attributes)
        if max(map(len, attributes)) > self._limits.longest_name:
            raise BadXml(XmlCode.LONG_NAME, most=self._limits.longest_name)
        self._declare([each for each in attributes if each.startswith("xmlns")])
        self._nodes += len(attributes)

    def _declare(self, declarations: list[str]) -> None:
        self._declarations += len(declarations)
        if self._declarations > self._limits.most_declarations:
            raise BadXml(XmlCode.TOO_MANY_DECLARATIONS, most=self._limits.most_declarations)
        if any(len(each.removeprefix("xmlns:")) > self._limits.longest_prefix for each in declarations):
            raise BadXml(XmlCode.LONG_PREFIX, most=self._limits.longest_prefix)

    def end(self, _name: str) -> None:
        self._depth -= 1

    def instruction(self, _target: str, _data: str) -> None:
        self.count()

    def count(self, *_: object) -> None:
        self._nodes += 1
        if self._nodes > self._limits.most_nodes:
            raise BadXml(XmlCode.TOO_MANY_NODES, most=self._limits.most_nodes)
