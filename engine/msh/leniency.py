"""Checks the envelope against its schema (rule 4), and forgives what real senders get wrong (transport.md F.3, G.15).

A finding here never stops a message: what we read of an envelope is checked where it is read. A receipt may break more
than a message may, since nobody answers it.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from lxml import etree

from engine.errors import Finding, Severity
from engine.msh import constants as c
from engine.msh.rules import finding
from engine.schemas import DocumentKind, SchemaRule, Schemas

TOLERATED_OF_RECEIPTS = {"2", "5", "11", "12", "14"}
"""Rules whose breach does not take its worth from a verified receipt: the message would only be sent again (B.3)."""
_MUST_UNDERSTAND = f"{{{c.SOAP}}}mustUnderstand"
_BOOLEANS = {"true": "1", "false": "0"}


def check_schema(root: etree._Element, schemas: Schemas) -> tuple[Finding, ...]:
    """Return where an envelope departs from its schema, each as a Warning; the lenient list gives nothing."""
    faults = schemas.check(DocumentKind.ENVELOPE, _forgiven(root))
    noted = (fault for fault in faults if fault.rule is not SchemaRule.ATTRIBUTE_UNEXPECTED)
    return tuple(finding("schema, lenient", fault.said, fault.path) for fault in noted)


def tolerated(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what was found in a receipt, with what it may break as Warnings."""
    return tuple(
        replace(each, severity=Severity.WARNING) if each.rule in TOLERATED_OF_RECEIPTS else each for each in findings
    )


def _forgiven(root: etree._Element) -> etree._Element:
    """Return a copy without what is forgiven. A Manifest without Reference is left to rule 14."""
    copy = deepcopy(root)
    for element in copy.iter(etree.Element):
        written = element.get(_MUST_UNDERSTAND)
        if written in _BOOLEANS:
            element.set(_MUST_UNDERSTAND, _BOOLEANS[written])
    for schema in copy.iter(f"{{{c.EB}}}Schema"):
        if not schema.get(f"{{{c.EB}}}version", "x").strip():
            del schema.attrib[f"{{{c.EB}}}version"]
    for manifest in list(copy.iter(f"{{{c.EB}}}Manifest")):
        above = manifest.getparent()
        if above is not None and manifest.find(f"{{{c.EB}}}Reference") is None:
            above.remove(manifest)
    return copy
