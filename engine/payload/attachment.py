"""Attachments: one Document each, after the main document (payload.md B, Attachments)."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from engine.codes.document import DocumentCode
from engine.errors import PayloadFault
from engine.payload.elements import BASE64, add, counted_place, optional, optional_text, optional_texts, place
from engine.times import write_time

MOST_ATTACHMENTS = 50
_CONTAINER = f"{{{BASE64}}}Base64Container"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a document.

    `name` is its file name or title and `mime_type` its type, both '' where the sender gave none. Where the content
    lies elsewhere, `file_reference` is its address, never fetched here, and `content` is empty. `place` is where it
    stood in the document that it was read from.
    """

    name: str
    mime_type: str
    content: bytes
    file_reference: str = ""
    place: str = field(default="", compare=False)


def add_attachment(head: etree._Element, attachment: Attachment, gen_date: datetime) -> None:
    """Append a Document of MsgType A with the content in a Base64Container.

    Raises Refused where name or type cannot be written as XML.
    """
    document = add(head, "Document")
    add(document, "DocumentConnection", V="V", DN="Vedlegg")
    reference = add(document, "RefDoc")
    add(reference, "IssueDate", V=write_time(gen_date))
    add(reference, "MsgType", V="A", DN="Vedlegg")
    add(reference, "MimeType", attachment.mime_type)
    add(reference, "Description", attachment.name)
    content = add(reference, "Content")
    container = etree.SubElement(content, _CONTAINER, nsmap={None: BASE64})
    container.text = base64.b64encode(attachment.content).decode("ascii")


def read_attachment(reference: etree._Element) -> Attachment:
    """Return the attachment in a RefDoc.

    Raises PayloadFault T02 where it has neither content nor address, or the content is no base64.
    """
    # What is here counts: it is delivered with the document, whatever else its RefDoc points at.
    here = optional(reference, "Content")
    name, mime_type = optional_texts(reference, "Description", "MimeType")
    document = reference.getparent()
    where = place(reference) if document is None else counted_place(document)
    if here is not None:
        return Attachment(name, mime_type, _content(here), place=where)
    address = optional_text(reference, "FileReference")
    if not address:
        raise PayloadFault("T02", place(reference, "Content"), DocumentCode.MISSING, element="Content")
    return Attachment(name, mime_type, b"", address, where)


def count_containers(head: etree._Element) -> int:
    """Return how many files stand anywhere in a message, read or not."""
    return sum(1 for _ in head.iter(_CONTAINER))


def is_file(content: etree._Element) -> bool:
    """Return true when the Content of a RefDoc is a file, false when it is an XML document."""
    return len(content) == 1 and content[0].tag == _CONTAINER


def _content(content: etree._Element) -> bytes:
    if len(content) != 1 or content[0].tag != _CONTAINER or len(content[0]):
        raise PayloadFault("T02", place(content), DocumentCode.NOT_ONE_CONTAINER)
    try:
        text = (content[0].text or "").encode("ascii")
        return base64.b64decode(text.translate(None, b" \t\r\n"), validate=True)
    except (binascii.Error, ValueError):
        raise PayloadFault("T02", place(content[0]), DocumentCode.NOT_BASE64) from None
