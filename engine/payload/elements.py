"""Writing and reading single XML elements of the business documents.

Reading names what is missing or doubled by its place in the document, and never repeats what the document says.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from lxml import etree

from engine.codes.document import DocumentCode
from engine.errors import BadName, PayloadFault, Refused
from engine.names import LONGEST_ID, HerId, MsgId, her_id, opaque
from engine.times import OutOfRange, read_time
from engine.xml import DEFAULT_LIMITS, BadXml, XmlLimits, parse

MSGHEAD = "http://www.kith.no/xmlstds/msghead/2006-05-24"
BASE64 = "http://www.kith.no/xmlstds/base64container"
DIALOG_NAMESPACES = {
    "1.0": "http://www.kith.no/xmlstds/dialog/2006-10-11",
    "1.1": "http://www.kith.no/xmlstds/dialog/2013-01-23",
}
APPREC_NAMESPACES = {
    "1.0": "http://www.kith.no/xmlstds/apprec/2004-11-21",
    "1.1": "http://www.kith.no/xmlstds/apprec/2012-02-15",
}


Document = bytes | etree._Element
"""A document from outside: its bytes, or the root that `root_of` made of them, so that they are parsed once."""


def root_of(document: Document, limits: XmlLimits = DEFAULT_LIMITS) -> etree._Element:
    """Return the root of a document from outside; a root that was returned before is returned again.

    Raises PayloadFault T01 where the bytes are no XML that we read.
    """
    if isinstance(document, etree._Element):
        return document
    try:
        return parse(document, limits)
    except BadXml as error:
        raise PayloadFault("T01", "/", DocumentCode.NOT_XML, why=error.statement) from None


def root_kind(document: Document) -> Literal["msghead", "apprec"]:
    """Say which kind of document this is, by the namespace and name of the root.

    Raises PayloadFault T01 where the bytes are no XML that we read, T10 where they are neither kind.
    """
    tag = root_of(document).tag
    if tag == f"{{{MSGHEAD}}}MsgHead":
        return "msghead"
    if tag not in {f"{{{namespace}}}AppRec" for namespace in APPREC_NAMESPACES.values()}:
        raise PayloadFault("T10", "/", DocumentCode.NOT_SUPPORTED)
    return "apprec"


def serialise(root: etree._Element) -> bytes:
    """Return a document as UTF-8 with an XML declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def new_root(namespace: str, name: str) -> etree._Element:
    """Return the root element of a new document, its namespace the default one."""
    return etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace})


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Append an element in the namespace of its parent and return it.

    Raises Refused, naming the element, where a text holds characters that XML cannot carry.
    """
    child = etree.SubElement(parent, f"{{{namespace_of(parent)}}}{name}")
    try:
        child.text = text
        for key, value in attributes.items():
            child.set(key, value)
    except ValueError:
        raise Refused(DocumentCode.NOT_WRITABLE, element=name) from None
    return child


def namespace_of(element: etree._Element) -> str:
    """Return the namespace of an element, '' where it has none."""
    return etree.QName(element).namespace or ""


def name_of(element: etree._Element) -> str:
    """Return the local name of an element."""
    return etree.QName(element).localname


def place(element: etree._Element, *below: str) -> str:
    """Return where an element stands, as local names from the root, and below it the given names."""
    above = [name_of(step) for step in element.iterancestors()]
    return "/" + "/".join([*reversed(above), name_of(element), *below])


def counted_place(element: etree._Element) -> str:
    """Return where an element stands, and which of those with its name it is, from 1: /MsgHead/Document[2]."""
    before = element.itersiblings(str(element.tag), preceding=True)
    return f"{place(element)}[{1 + sum(1 for _ in before)}]"


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    """Return the children with this name in the namespace of the parent."""
    return parent.findall(f"{{{namespace_of(parent)}}}{name}")


def optional(parent: etree._Element, name: str) -> etree._Element | None:
    """Return the child with this name, or None. Raises PayloadFault T02 where there are several."""
    found = children(parent, name)
    if len(found) > 1:
        raise PayloadFault("T02", place(parent, name), DocumentCode.NOT_ONCE, element=name, number=len(found))
    return found[0] if found else None


def one(parent: etree._Element, name: str) -> etree._Element:
    """Return the only child with this name. Raises PayloadFault T02 where it is missing or there are several."""
    found = optional(parent, name)
    if found is None:
        raise PayloadFault("T02", place(parent, name), DocumentCode.MISSING, element=name)
    return found


def text(element: etree._Element) -> str:
    """Return the text of an element without surrounding blanks. Raises PayloadFault T02 where it holds elements.

    Comments and processing instructions in it are none, and part it in no two.
    """
    if not len(element):
        return (element.text or "").strip()
    if next(element.iterchildren(etree.Element), None) is not None:
        raise PayloadFault("T02", place(element), DocumentCode.NOT_ONLY_TEXT, element=name_of(element))
    return "".join([element.text or "", *(each.tail or "" for each in element)]).strip()


def time_in(element: etree._Element) -> datetime:
    """Return the aware time in an element. Raises PayloadFault T02 where it is none, or in no year that we read."""
    try:
        return read_time(text(element))
    except OutOfRange:
        code = DocumentCode.TIME_OUT_OF_RANGE
    except ValueError:
        code = DocumentCode.NOT_A_TIME
    raise PayloadFault("T02", place(element), code, element=name_of(element))


def optional_text(parent: etree._Element, name: str) -> str:
    """Return the text of the child with this name, '' where there is none."""
    found = optional(parent, name)
    return "" if found is None else text(found)


def optional_texts(parent: etree._Element, *names: str) -> tuple[str, ...]:
    """Return the texts of the children with these names, '' where there is none."""
    return tuple(optional_text(parent, name) for name in names)


def all_text(element: etree._Element | None) -> str:
    """Return the text of an element and all inside it, as of XHTML, without surrounding blanks."""
    return "" if element is None else "".join(_pieces(element)).strip()


def code(element: etree._Element, attribute: str = "V") -> str:
    """Return a coded value without surrounding blanks, '' where the attribute is missing."""
    return (element.get(attribute) or "").strip()


def required_code(parent: etree._Element, name: str) -> str:
    """Return the V of the only child with this name.

    Raises PayloadFault T02 where it is missing, empty, or longer than 255 characters.
    """
    found = code(one(parent, name))
    if not 0 < len(found) <= LONGEST_ID:
        raise PayloadFault("T02", place(parent, name), DocumentCode.NO_VALUE, element=name)
    return found


def ids_of_kind(parent: etree._Element, kind: str) -> list[str]:
    """Return the Id of each Ident whose TypeId has this V. Raises PayloadFault T02 where either is missing."""
    return [text(one(ident, "Id")) for ident in children(parent, "Ident") if code(one(ident, "TypeId")) == kind]


def msg_id(parent: etree._Element, name: str) -> MsgId:
    """Return the document id in the only child with this name. Raises PayloadFault T02 where it is none."""
    found = one(parent, name)
    try:
        return MsgId(opaque(name, text(found)))
    except BadName:
        raise PayloadFault("T02", place(found), DocumentCode.NOT_AN_ID, element=name) from None


def read_her(element: etree._Element) -> HerId:
    """Return the HER-id that an element holds. Raises PayloadFault T02 where it is none."""
    try:
        return her_id(text(element))
    except BadName:
        raise PayloadFault("T02", place(element), DocumentCode.NOT_A_HER_ID) from None


# Elements of XHTML that end a line; without this, "<p>a</p><p>b</p>" would read as "ab".
_LINES = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"})
_UNSEEN = frozenset({"script", "style", "head"})


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = name_of(child).lower()
        if name not in _UNSEEN:
            yield from _pieces(child)
        if name in _LINES:
            yield "\n"
        yield child.tail or ""
