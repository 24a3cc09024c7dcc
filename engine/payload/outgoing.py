"""What a document that others wrote must not hold when it goes out in our name: a patient, or a national number.

Our own documents are checked field by field where they are made; here every text of a document is looked at, hidden
ones too, since its bytes go out as they are (design.md 8, payload.md H).
"""

import re
from collections.abc import Iterator

from lxml import etree

from engine.errors import PayloadFault, Refused
from engine.payload.attachment import Attachment
from engine.payload.elements import BASE64, root_of
from engine.payload.msghead import MsgHead
from engine.payload.privacy import holds_national_number
from engine.xml import BadXml, parse

_FILE = f"{{{BASE64}}}Base64Container"
_UUID = re.compile(r"\s*\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?\s*")
"""An id whose digits may look like a number by chance."""
_PLAIN = ("text/", "xml", "json")
_PLAIN_NAMES = (".xml", ".txt", ".csv", ".html", ".htm", ".json")


def check_outgoing(document: bytes, head: MsgHead) -> None:
    """Raise Refused, repeating nothing, where a document names a patient or holds a national identity number.

    PDF and pictures cannot be looked into.
    """
    if head.has_patient:
        raise Refused("Svaret har en pasient. Ta pasienten ut av meldingen, og legg filen i out/ på nytt.")
    texts = (text for part in (_texts(document), _files(head), (head.dialog.tema, head.dialog.text)) for text in part)
    if any(holds_national_number(text) for text in texts if not _UUID.fullmatch(text)):
        raise Refused("Svaret har et fødselsnummer i teksten. Ta det ut av meldingen, og legg filen i out/ på nytt.")


def _texts(document: bytes) -> Iterator[str]:
    """Yield every text and attribute of a document, first as it is read, then with its comments."""
    yield from _of(root_of(document))
    yield from _of(parse(document, keep_comments=True))


def _of(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        if element.tag != _FILE:
            yield element.text or ""
        yield element.tail or ""
        # Comments have no attributes.
        yield from (str(value) for value in element.attrib.values())


def _files(head: MsgHead) -> Iterator[str]:
    for attachment in head.attachments:
        if _is_plain(attachment):
            # Other encodings than UTF-8 leave the digits as they are, but for the zeros between those of UTF-16.
            yield attachment.content.replace(b"\x00", b"").decode("utf-8", "replace")
            yield from _as_xml(attachment.content)


def _is_plain(attachment: Attachment) -> bool:
    kind, name = attachment.mime_type.lower(), attachment.name.lower()
    return kind.startswith(_PLAIN[0]) or kind.endswith(_PLAIN[1:]) or name.endswith(_PLAIN_NAMES)


def _as_xml(content: bytes) -> Iterator[str]:
    try:
        yield from _of(root_of(content))
        yield from _of(parse(content, keep_comments=True))
    except (PayloadFault, BadXml):
        return
