"""What `samvik validate` reports about one business document, without a database.

The document is judged as under an agreement with `check_schema`, by the same reader, schema and rules that receive
documents. What depends on the register, or on earlier messages, is left open.
"""

from dataclasses import dataclass
from typing import Literal

from lxml import etree

from engine.conformance.checks import as_finding, schema_findings, weigh_apprec, weigh_message
from engine.conformance.rules import UUID
from engine.deviation.xml import read_deviation
from engine.errors import Finding, PayloadFault, Severity
from engine.payload.apprec import read_apprec
from engine.payload.elements import root_kind, root_of
from engine.payload.msghead import read_identity, read_msghead
from engine.payload.profiles import FUNCTIONS
from engine.schemas import DocumentKind, Schemas, kind_of

MSGHEAD_VERSION = "1.2"
DEVIATION_VERSION = "1"


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """The findings on one document; they and the other fields hold nothing that a person wrote.

    `kind` is MsgHead, AppRec, Deviation or unknown. `type` is a known message function (of an AppRec: of what it
    answers), and `msg_id` a UUID, None where it is anything else. `status` and `code` are those of the AppRec that it
    would earn: no status for an AppRec, which is never answered, none for a deviation, which travels inside a message,
    and no code without a fault.
    """

    kind: Literal["MsgHead", "AppRec", "Deviation", "unknown"]
    type: str | None
    version: str | None
    msg_id: str | None
    schema: Literal["valid", "invalid"]
    findings: tuple[Finding, ...]
    verdict: Literal["accept", "reject"]
    status: Literal[1, 2] | None
    code: str | None


def validate(document: bytes, schemas: Schemas) -> DocumentReport:
    """Return what there is to say of a document. Raises nothing for what it contains."""
    try:
        root = root_of(document)
        if kind_of(root) is DocumentKind.DEVIATION:
            return _deviation(document, root, schemas)
        kind = root_kind(root)
    except PayloadFault as fault:
        return DocumentReport("unknown", None, None, None, "invalid", (as_finding(fault),), "reject", 2, fault.code)
    return _message(document, root, schemas) if kind == "msghead" else _apprec(root, schemas)


def _message(document: bytes, root: etree._Element, schemas: Schemas) -> DocumentReport:
    try:
        findings = weigh_message(schemas, document, root, read_msghead(root), None, strict=True)
    except PayloadFault as fault:
        findings = (as_finding(fault), *schema_findings(schemas, root, Severity.ERROR))
    known = read_identity(root)
    code = _code(findings)
    return DocumentReport(
        "MsgHead",
        _known(known.type if known else None),
        MSGHEAD_VERSION,
        _id(known.msg_id if known else None),
        _schema(findings),
        findings,
        "reject" if code else "accept",
        2 if code else 1,
        code,
    )


def _apprec(root: etree._Element, schemas: Schemas) -> DocumentReport:
    try:
        apprec = read_apprec(root)
    except PayloadFault as fault:
        findings = (as_finding(fault), *schema_findings(schemas, root, Severity.ERROR))
        return DocumentReport("AppRec", None, None, None, _schema(findings), findings, "reject", None, fault.code)
    findings = weigh_apprec(schemas, root, apprec, strict=True)
    code = _code(findings)
    verdict: Literal["accept", "reject"] = "reject" if code else "accept"
    kind, id = _known(apprec.original_type), _id(apprec.id)
    return DocumentReport("AppRec", kind, apprec.version, id, _schema(findings), findings, verdict, None, code)


def _deviation(document: bytes, root: etree._Element, schemas: Schemas) -> DocumentReport:
    """Return the report on a deviation as `samvik send` takes it: what the schema finds, else what the reader finds."""
    findings: tuple[Finding, ...] = schema_findings(schemas, root, Severity.ERROR)
    if not findings:
        try:
            read_deviation(document)
        except PayloadFault as fault:
            findings = (as_finding(fault),)
    code = _code(findings)
    verdict: Literal["accept", "reject"] = "reject" if code else "accept"
    return DocumentReport("Deviation", None, DEVIATION_VERSION, None, _schema(findings), findings, verdict, None, code)


def _code(findings: tuple[Finding, ...]) -> str | None:
    return next((found.code for found in findings if found.severity is Severity.ERROR), None)


def _schema(findings: tuple[Finding, ...]) -> Literal["valid", "invalid"]:
    return "invalid" if any(found.rule == "schema" for found in findings) else "valid"


def _known(type: str | None) -> str | None:
    return type if type in FUNCTIONS else None


def _id(id: str | None) -> str | None:
    return id if id and UUID.fullmatch(id) else None
