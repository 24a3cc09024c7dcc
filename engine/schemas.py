"""What the engine asks about XML schemas: a kind of document, and what is wrong with one of that kind.

A schema is a very weak check (payload.md H): it knows neither code systems nor who may write to whom. What it refuses
is refused; what it accepts still has to pass the rules in engine/payload and engine/msh.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from lxml import etree

from engine.codes.statement import Statement

_KITH = "http://www.kith.no/xmlstds"
_EBXML = "http://www.oasis-open.org/committees"


class DocumentKind(StrEnum):
    """The documents that have a schema.

    MESSAGE is a MsgHead 1.2 with what it carries: RefDoc/Content takes only elements that are declared (strict), so it
    is checked with Dialogmelding 1.0 and 1.1, AppRec and the base64 container loaded, and any other document inside
    makes it invalid. ENVELOPE is a SOAP 1.1 envelope with its ebXML 2.0 header blocks, manifest and signatures;
    AGREEMENT is a CPA 2.0. DEVIATION is our own: no folder of official files has it.
    """

    MESSAGE = "MsgHead 1.2"
    APPREC_1_0 = "AppRec 1.0"
    APPREC_1_1 = "AppRec 1.1"
    ENVELOPE = "SOAP 1.1 / ebXML 2.0"
    AGREEMENT = "CPA 2.0"
    DEVIATION = "Deviation 1"


ROOTS: Mapping[DocumentKind, str] = {
    DocumentKind.MESSAGE: f"{{{_KITH}/msghead/2006-05-24}}MsgHead",
    DocumentKind.APPREC_1_0: f"{{{_KITH}/apprec/2004-11-21}}AppRec",
    DocumentKind.APPREC_1_1: f"{{{_KITH}/apprec/2012-02-15}}AppRec",
    DocumentKind.ENVELOPE: "{http://schemas.xmlsoap.org/soap/envelope/}Envelope",
    DocumentKind.AGREEMENT: f"{{{_EBXML}/ebxml-cppa/schema/cpp-cpa-2_0.xsd}}CollaborationProtocolAgreement",
    DocumentKind.DEVIATION: "{urn:samvik:deviation:1}Deviation",
}
"""The root element of each kind, as lxml names it."""


def kind_of(root: etree._Element) -> DocumentKind | None:
    """Return the kind whose root element this is, None where it is of none."""
    return next((kind for kind, tag in ROOTS.items() if tag == root.tag), None)


class SchemaRule(StrEnum):
    """What a document broke, as one word for logs and tables."""

    ROOT = "root"
    MISSING = "missing"
    UNEXPECTED = "unexpected"
    ATTRIBUTE_MISSING = "attribute-missing"
    ATTRIBUTE_UNEXPECTED = "attribute-unexpected"
    VALUE = "value"
    TEXT = "text"
    IDENTITY = "identity"
    SIZE = "size"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """One place where a document is not as its schema wants it, in words that the partner may read.

    `path` names elements and counts them where several have the same name: /MsgHead/Document[2]/RefDoc; `*` stands for
    an element that no schema of ours knows. `value` is what stood there, only where that is a code, date or number and
    surely about no person, else None. `said` holds nothing else of the document.
    """

    path: str
    rule: SchemaRule
    value: str | None
    said: Statement


class Schemas(Protocol):
    """Checks documents against the schemas of their kind."""

    def check(self, kind: DocumentKind, document: bytes | etree._Element) -> list[SchemaFault]:
        """Return what is wrong with a document, in its order; an empty list where the schema accepts it.

        Bytes go through the hardened parser. An element must come from it; the check covers what stands below and
        changes nothing. An invalid document has at least one fault, and at most as many as the adapter says. Raises
        BadXml where bytes are not XML that we read, OwnFault where a schema cannot be loaded.
        """
