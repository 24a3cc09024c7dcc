"""What a document that others wrote must not hold when it goes out in our name: a patient, or a national number.

Our own documents are checked field by field where they are made. Here every text of a document is searched, hidden
texts and those of its files too, because its bytes go out unchanged (design.md 8, payload.md H).
"""

import re
from collections.abc import Iterable

from lxml import etree

from engine.codes.document import DocumentCode
from engine.errors import PayloadFault, Refused
from engine.files.texts import Unpacker, pieces
from engine.payload.attachment import Attachment
from engine.payload.elements import APPREC_NAMESPACES, BASE64, MSGHEAD
from engine.payload.national_numbers import holds_national_number
from engine.xml import BadXml, parse

_FILE = f"{{{BASE64}}}Base64Container"
_CONTENT = f"{{{MSGHEAD}}}Content"
_IDS = frozenset(
    [f"{{{MSGHEAD}}}{name}" for name in ("MsgId", "RefToParent", "RefToConversation")]
    + [f"{{{namespace}}}Id" for namespace in APPREC_NAMESPACES.values()]
)
_UUID = re.compile(r"\s*[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}\s*")
"""An id whose digits may look like a number by chance; in prose that chance is taken."""
_PATIENT = re.compile(r"<(?:\w++:)?+(?:Patient|Pasient)[\s/>]")
_UNSEEN = frozenset({"script", "style", "head"})
_APART = " x "
"""What keeps the digits of two texts from being read as one number."""


def check_outgoing(document: bytes, files: Iterable[Attachment] = ()) -> None:
    """Raise Refused, repeating nothing, where a document names a patient or holds a national identity number.

    `files` are those that it carries. What a picture shows, and what a PDF says, cannot be searched.
    """
    walk = _Walk(_root(document))
    if walk.has_patient:
        raise _with_patient()
    _check_texts(pieces("".join(walk.line)))
    _check_texts(pieces(_APART.join(walk.aside)))
    unpacker = Unpacker()
    for file in files:
        _check_texts(unpacker.texts(file.content))


def _root(document: bytes) -> etree._Element:
    try:
        return parse(document, keep_comments=True)
    except BadXml as error:
        raise PayloadFault("T01", "/", DocumentCode.NOT_XML, why=error.statement) from None


def _check_texts(texts: Iterable[str]) -> None:
    for text in texts:
        if _PATIENT.search(text):
            raise _with_patient()
        if holds_national_number(text):
            raise Refused(DocumentCode.HOLDS_NUMBER)


def _with_patient() -> Refused:
    return Refused(DocumentCode.HOLDS_PATIENT)


class _Walk:
    """One walk through a document: `line` is its text as it stands, `aside` what no reader sees in it.

    What is written, as paragraphs and cells of a table, is read on from one element to the next. Fields are not: the
    id of a party and its postal code make no number together.
    """

    def __init__(self, root: etree._Element) -> None:
        self.line: list[str] = []
        self.aside: list[str] = []
        self.has_patient = False
        self._written = 0
        self._names: set[str] = set()
        for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                self._start(node)
            elif event == "end":
                self._end(node)
            else:
                self.aside.append(f"{getattr(node, 'target', '')} {node.text or ''}")
                self.line += ("\n", node.tail or "")
        self.aside += self._names

    def _start(self, element: etree._Element) -> None:
        tag, name = str(element.tag), etree.QName(element).localname
        self.has_patient = self.has_patient or name in {"Patient", "Pasient"}
        self._names.add(tag)
        for key, value in element.attrib.items():
            self._names.add(str(key))
            self.aside.append(str(value))
        self.line.append(self._between())
        self._written += _written_in(tag, name)
        text = "" if _is_spared(element) else element.text or ""
        (self.aside if name.lower() in _UNSEEN else self.line).append(text)

    def _end(self, element: etree._Element) -> None:
        self._written -= _written_in(str(element.tag), etree.QName(element).localname)
        self.line += (self._between(), element.tail or "")

    def _between(self) -> str:
        return "\n" if self._written > 0 else _APART


def _written_in(tag: str, name: str) -> int:
    """Return 1 where what is inside was written by a person, -1 where it is fields again: who the people are."""
    return (tag == _CONTENT) - name.startswith("Roller")


def _is_spared(element: etree._Element) -> bool:
    """Say whether an element's text is an id, or a file that is opened on its own."""
    parent = element.getparent()
    is_file = element.tag == _FILE and parent is not None and parent.tag == _CONTENT
    return is_file or (element.tag in _IDS and _UUID.fullmatch(element.text or "") is not None)
