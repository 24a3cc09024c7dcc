"""A signed envelope, and ways to change it, that the signature tests share."""

from collections.abc import Callable

import pytest
from lxml import etree

from engine.errors import EbxmlCode, PartnerFault, Severity
from engine.msh import constants as c
from engine.msh.mime import Part
from engine.msh.signature import verify
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import CONTENT_ID, Letter, payload, sealed, soap_name

LETTER = Letter()
SOAP = payload(LETTER, document()).soap
DATA = sealed(LETTER, document())
PARTS = (Part(CONTENT_ID, "application/pkcs7-mime", DATA),)
Change = Callable[[etree._Element], None]


def judged(soap: bytes, parts: tuple[Part, ...] = PARTS):
    """Verify an envelope as the engine does."""
    return verify(soap, etree.fromstring(soap, etree.XMLParser(resolve_entities=False)), parts)


def refused(soap: bytes, parts: tuple[Part, ...] = PARTS) -> str:
    """Verify an envelope that must be refused with SecurityFailure; return its code."""
    with pytest.raises(PartnerFault) as caught:
        judged(soap, parts)
    assert caught.value.finding.code == EbxmlCode.SECURITY_FAILURE
    assert caught.value.finding.severity is Severity.ERROR
    return caught.value.finding.said.code


def find(root: etree._Element, tag: str) -> etree._Element:
    """Return the first element with a tag."""
    return next(root.iter(tag))


def header(root: etree._Element) -> etree._Element:
    """Return the SOAP header."""
    return root.find(soap_name("Header"))


def put(parent_tag: str, xml: str, at: int | None = None) -> Change:
    """Return a change that puts XML below the first element with a tag; `at` is its place, the end by default."""
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in c.PREFIXES.items())

    def change(root: etree._Element) -> None:
        parent = find(root, parent_tag)
        holder = etree.fromstring(f"<holder {names}>{xml}</holder>")
        parent.insert(len(parent) if at is None else at, holder[0])

    return change


def copy_of(tag: str) -> Change:
    """Return a change that doubles the first element with a tag, beside it."""

    def change(root: etree._Element) -> None:
        found = find(root, tag)
        found.addnext(etree.fromstring(etree.tostring(found, with_tail=False)))

    return change
