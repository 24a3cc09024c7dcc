"""What can be said of one mail without a database: for `samvik verify`, by the same reading that receives messages."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from engine.agreements.purpose import Purpose
from engine.agreements.services import ServiceTable
from engine.agreements.terms import Terms
from engine.codes.certificate import CertificateCode
from engine.codes.inbound import InboundCode
from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.commit.policy import LEDGER_DAYS
from engine.errors import Finding
from engine.msh import constants as c
from engine.msh.checks import Agreed
from engine.msh.envelope import Envelope
from engine.msh.mime import MailLimits
from engine.msh.reading import Reading, read, read_alone
from engine.msh.rules import finding
from engine.records.messages import Header
from engine.register.parties import Registry
from engine.schemas import Schemas
from engine.trust.certificates import BadCertificate, why_unfit
from engine.verdict.mail import Judged, agreed_on, judge_envelope

_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Report:
    """The findings on one mail. Ids and addresses are those of the signed bytes, None where nothing valid is signed.

    `kind` is message, acknowledgment, error or unreadable; `signature` valid, invalid or absent; `certificate`
    trusted, untrusted or not-checked; `verdict` accept, reject or quarantine; `note` what the verdict leaves open.
    """

    kind: str
    envelope: Envelope | None
    signature: str
    certificate: str
    references: tuple[str, ...]
    findings: tuple[Finding, ...]
    verdict: str
    note: Statement


def verify(
    raw: bytes,
    at: datetime,
    register: Registry | None,
    limits: MailLimits,
    schemas: Schemas | None = None,
    *,
    services: ServiceTable | None = None,
    allow_sha1: bool = False,
) -> Report:
    """Return what there is to say of a mail, or of a bare envelope, at a time.

    SHA-1 is taken where `register` has agreed on it, or with `allow_sha1`. Without `schemas` rule 4 is not asked, and
    without both `register` and `services` not what the two parties have agreed on.
    """

    def sha1(names: Header) -> bool:
        return allow_sha1 or _agreed_on_sha1(names, register, at)

    alone = raw.startswith(_BYTE_ORDER_MARKS) or raw.lstrip().startswith(b"<")
    reading = read_alone(raw, sha1, schemas) if alone else read(raw, sha1, limits, schemas)
    note = Statement.of(InboundCode.NO_CHAIN if register else InboundCode.FORM_ONLY)
    if alone:
        note = Statement.of(InboundCode.ENVELOPE_ALONE, note=note)
    if reading.unreadable is not None:
        unreadable = finding("soap part", MailCode.NOT_EBXML, why=reading.unreadable)
        return Report("unreadable", None, "absent", "not-checked", (), (unreadable,), "quarantine", note)
    certificate, untrusted = _judge_certificate(reading, register, at)
    judged = _judge_envelope(reading, register, services, at)
    findings = (*untrusted, *judged.broken, *judged.notes)
    references = tuple(reference.uri for reference in reading.signed.references) if reading.signed else ()
    verdict = "reject" if untrusted or judged.broken else "accept"
    if judged.kept is not None and not untrusted:
        verdict, note = "quarantine", judged.kept
    return Report(_kind(reading), reading.envelope, reading.signature, certificate, references, findings, verdict, note)


def _judge_envelope(reading: Reading, register: Registry | None, services: ServiceTable | None, at: datetime) -> Judged:
    """Judge as receipt does. What was not signed has only what its reading found."""
    envelope = reading.envelope
    if envelope is None:
        broken = reading.errors
        return Judged(None, broken, tuple(each for each in reading.findings if each not in broken))
    if register is None or services is None:
        agreed = Agreed(Terms(), None, at)
    else:
        agreed = agreed_on(envelope, register, services, at)
    return judge_envelope(reading.findings, envelope, agreed, LEDGER_DAYS)


def _agreed_on_sha1(names: Header, register: Registry | None, at: datetime) -> bool:
    if register is None or names.from_her is None or names.to_her is None:
        return False
    return register.terms(names.from_her, names.to_her, at).allow_sha1


def _kind(reading: Reading) -> str:
    header = reading.envelope.header if reading.envelope else reading.claimed
    if header.service != c.MSH_SERVICE:
        return "message"
    return {c.ACKNOWLEDGMENT: "acknowledgment", c.MESSAGE_ERROR: "error"}.get(header.action or "", "signal")


def _judge_certificate(reading: Reading, register: Registry | None, at: datetime) -> tuple[str, tuple[Finding, ...]]:
    if register is None or reading.signed is None or reading.envelope is None:
        return "not-checked", ()
    names = reading.envelope
    held = register.certificates_named(names.from_her, names.to_her, names.cpa_id, at)
    certificate = x509.load_der_x509_certificate(reading.signed.certificate)
    reason = why_unfit(certificate, Purpose.SIGNING, at)
    if not any(each.der == reading.signed.certificate and each.holds_at(at) for each in held):
        reason = CertificateCode.NOT_REGISTERED
    if reason is None:
        return "trusted", ()
    bad = BadCertificate(names.from_her, certificate.serial_number, Purpose.SIGNING, reason)
    return "untrusted", (finding("certificate", bad.statement),)
