"""What `samvik verify` and `samvik validate` say of a file, for programs and for people."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from adapters.showing.speech import said
from adapters.showing.tables import console
from engine.conformance.validate import DocumentReport
from engine.errors import Finding
from engine.verdict.verify import Report


def report_data(report: Report) -> dict[str, Any]:
    """Return a verification report with the keys that `samvik verify --json` promises."""
    envelope = report.envelope
    return {
        "kind": report.kind,
        "message_id": envelope.message_id if envelope else None,
        "from": envelope.from_her if envelope else None,
        "to": envelope.to_her if envelope else None,
        "service": envelope.service if envelope else None,
        "action": envelope.action if envelope else None,
        "signature": report.signature,
        "certificate": report.certificate,
        "references": list(report.references),
        "findings": [_finding(finding) for finding in report.findings],
        "verdict": report.verdict,
        "note": said(report.note),
    }


def print_report(report: Report) -> None:
    """Write a verification report for a person."""
    out = console()
    data = report_data(report)
    colour = {"accept": "green", "reject": "red", "quarantine": "yellow"}[report.verdict]
    out.print(f"[bold {colour}]{report.verdict}[/]  {report.kind}, signature {report.signature}")
    for key in ("message_id", "from", "to", "service", "action", "certificate"):
        out.print(f"  {key}: {escape(str(data[key] if data[key] is not None else '-'))}")
    for reference in report.references:
        out.print(f"  signed: {escape(reference or 'the envelope')}")
    _print_findings(out, report.findings)
    out.print(f"  {said(report.note)}")


def document_data(report: DocumentReport) -> dict[str, Any]:
    """Return a report on a business document with the keys that `samvik validate --json` promises."""
    return {
        "kind": report.kind,
        "type": report.type,
        "version": report.version,
        "msg_id": report.msg_id,
        "schema": report.schema,
        "findings": [_finding(finding) for finding in report.findings],
        "verdict": report.verdict,
        "apprec": {"status": report.status, "code": report.code},
    }


def print_document(report: DocumentReport) -> None:
    """Write a report on a business document for a person."""
    out = console()
    colour = "green" if report.verdict == "accept" else "red"
    out.print(f"[bold {colour}]{report.verdict}[/]  {report.kind} {report.version or ''}, schema {report.schema}")
    for key in ("type", "msg_id"):
        out.print(f"  {key}: {escape(str(getattr(report, key) or '-'))}")
    if report.kind != "Deviation":
        earned = f"AppRec {report.status}" if report.status else "none: an AppRec is not answered"
        out.print(f"  earns: {earned}{f', {report.code}' if report.code else ''}")
    _print_findings(out, report.findings)


def _print_findings(out: Console, findings: Sequence[Finding]) -> None:
    for finding in findings:
        what = escape(said(finding.said))
        out.print(f"  {finding.severity} {finding.code}, rule {finding.rule}, {escape(finding.location)}: {what}")


def _finding(finding: Finding) -> dict[str, str]:
    """Return a finding as data, its description in the language of the command line."""
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity,
        "location": finding.location,
        "description": said(finding.said),
    }
