"""Schema and profile rules together: strict for what goes out, tolerant by agreement for what comes in.

The rules themselves are in engine.conformance.rules. Nothing here repeats what a document says.
"""

from collections.abc import Sequence

from lxml import etree

from engine.agreements.carriers import Carrier
from engine.agreements.terms import Terms
from engine.codes.document import DocumentCode
from engine.codes.statement import Statement
from engine.conformance.judged import Way, paper_of
from engine.conformance.rules import apprec_findings, message_findings
from engine.errors import Finding, OwnFault, PayloadFault, Refused, Severity
from engine.files.agreed import file_findings
from engine.names import HerId
from engine.payload.apprec import AppRec
from engine.payload.attachment import Attachment
from engine.payload.elements import Document, root_of
from engine.payload.msghead import MsgHead
from engine.schemas import DocumentKind, Schemas, kind_of

SCHEMA_RULE = "schema"
MOST_TOLD = 3


def schema_findings(schemas: Schemas, document: Document, severity: Severity) -> tuple[Finding, ...]:
    """Return where a document is not as the schema of its kind wants it, each of the severity given.

    Raises PayloadFault T01 where it is no XML that we read, T10 where it is of no kind that has a schema.
    """
    kind = kind_of(root_of(document))
    if kind is None:
        raise PayloadFault("T10", "/", DocumentCode.NOT_SUPPORTED)
    return _faults(schemas, kind, document, severity)


def _faults(schemas: Schemas, kind: DocumentKind, document: Document, severity: Severity) -> tuple[Finding, ...]:
    faults = schemas.check(kind, document)
    return tuple(Finding(SCHEMA_RULE, "T02", severity, fault.path, fault.said) for fault in faults)


def check_written(schemas: Schemas, document: bytes) -> None:
    """Raise OwnFault where a document that we wrote is not as its schema wants it: that is a fault of Samvik."""
    if found := schema_findings(schemas, document, Severity.ERROR):
        raise OwnFault(DocumentCode.OURS_AGAINST_SCHEMA, wrong=_told(found))


def check_forwarded(schemas: Schemas, document: bytes) -> None:
    """Raise Refused where a document that others wrote for us is not as its schema wants it."""
    if found := schema_findings(schemas, document, Severity.ERROR):
        raise Refused(DocumentCode.THEIRS_AGAINST_SCHEMA, wrong=_told(found))


def check_profile(
    document: bytes, head: MsgHead, carrier: Carrier, way: Way, enterprises: frozenset[HerId] = frozenset()
) -> None:
    """Raise Refused where a message that goes out departs from the rules of its message function and carrier.

    `enterprises` are those of its parties that have none above them.
    """
    found = message_findings(paper_of(document, root_of(document), head, carrier, way, enterprises))
    if errors := [each for each in found if each.severity is Severity.ERROR]:
        raise Refused(DocumentCode.AGAINST_PROFILE, type=carrier.message_type, wrong=_told(errors))


def refuse_files(attachments: Sequence[Attachment], terms: Terms) -> None:
    """Raise Refused where files that others wrote for us depart from what is agreed, or are not what they say."""
    found = [each for each in file_findings(attachments, terms, strict=True) if not _lies_elsewhere(attachments, each)]
    if found:
        raise Refused(DocumentCode.FILES_NOT_SENT, wrong=_told(found))


def _lies_elsewhere(attachments: Sequence[Attachment], found: Finding) -> bool:
    return any(each.place == found.location and each.file_reference for each in attachments)


def weigh_message(
    schemas: Schemas, document: bytes, root: etree._Element, head: MsgHead, carrier: Carrier | None, *, strict: bool
) -> tuple[Finding, ...]:
    """Return where a message that came departs from schema and rules; with `strict` the schema is to be met.

    `root` and `head` are what was parsed and read of `document`.
    """
    schema = _faults(schemas, DocumentKind.MESSAGE, document, Severity.ERROR if strict else Severity.WARNING)
    return (*schema, *message_findings(paper_of(document, root, head, carrier, Way.RECEIVED)))


def weigh_apprec(schemas: Schemas, document: Document, apprec: AppRec, *, strict: bool) -> tuple[Finding, ...]:
    """Return where an AppRec departs from schema and rules. Nothing answers one that came, so it is not `strict`."""
    schema = schema_findings(schemas, document, Severity.ERROR if strict else Severity.WARNING)
    return (*schema, *apprec_findings(apprec))


def refuse_errors(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings that are all Warnings. Raises PayloadFault, to be told to the sender, for the first Error."""
    for each in found:
        if each.severity is Severity.ERROR:
            raise PayloadFault(each.code, each.location, each.said)
    return tuple(found)


def as_finding(fault: PayloadFault) -> Finding:
    """Return what the reader refused as a finding."""
    return Finding("read", fault.code, Severity.ERROR, fault.location, fault.said)


def _told(findings: Sequence[Finding]) -> list[Statement]:
    """Return the first findings with their places, and how many more there are."""
    first = [finding.with_place for finding in findings[:MOST_TOLD]]
    more = len(findings) - MOST_TOLD
    return [*first, Statement.of(DocumentCode.AND_MORE, number=more)] if more > 0 else first
