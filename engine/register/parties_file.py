"""The parties file as data: its one schema, with defaults, and the Registry made of it (issue of the register's shape).

The file is TOML in the shape of NHN's address register (payload.md E). Adapters read it and put certificates inline;
here every key is checked, so that a mistyped one stops the import and says where.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from cryptography import x509
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from engine.agreements.cpa import Cpa
from engine.agreements.kept_cpas import KeptCpa
from engine.agreements.purpose import Purpose
from engine.agreements.terms import Agreement, ApprecBy, Confirm, HolidayRule, PdfTo, Terms, Usage
from engine.codes.register import RegisterCode
from engine.codes.statement import Statement
from engine.errors import OwnFault
from engine.names import CpaId, HerId, is_organisation_number
from engine.register.file_faults import Line, explain
from engine.register.her_field import Her
from engine.register.parties import InboxKind, Party, PartyKind, RegisteredCertificate, Registry

END_OF_TIME = date(9999, 12, 31)
FileWord = Literal["pdf", "png", "jpeg", "tiff"]
ALL_FILES: frozenset[FileWord] = frozenset({"pdf", "png", "jpeg", "tiff"})


def _mail_address(text: str) -> str:
    """Return a mail address as SMTP takes it from everybody: ASCII, and neither a URI nor a name beside it."""
    if text and not _MAIL_ADDRESS.fullmatch(text):
        raise ValueError(Statement.of(RegisterCode.NOT_AN_ADDRESS))
    return text


def _organisation_number(text: str) -> str:
    """Return an organisation number, its blanks taken out. Its last digit is a control digit (modulus 11)."""
    digits = "".join(text.split())
    if digits and not is_organisation_number(digits):
        raise ValueError(Statement.of(RegisterCode.NOT_AN_ORGANISATION))
    return digits


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAIL_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
"""A mailbox by RFC 5321, 4.1.2, without quoted strings and address literals, which no register has."""


MailAddress = Annotated[str, AfterValidator(_mail_address)]
OrganisationNumber = Annotated[str, AfterValidator(_organisation_number)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CertificateRow(_Strict):
    """A certificate of a party: `der` is base64 of its DER; the import fills it from `file`."""

    purpose: Purpose
    der: str
    valid_from: datetime | None = Field(None, description="registered from; default the certificate's own")
    valid_to: datetime | None = Field(None, description="registered to; default the certificate's own")


class PartyRow(_Strict):
    """One HER-id. Every key of `[[party]]`."""

    her: Her = Field(description="HER-id")
    name: str = Field(min_length=1, max_length=200, description="display name")
    kind: PartyKind = Field(description="enterprise, service, department or person")
    parent: Her | None = Field(None, description="HER-id of the party above; none for an enterprise")
    organisation_number: OrganisationNumber = Field("", description="nine digits, the last one a control digit")
    edi_address: MailAddress = Field("", max_length=254, description="mail address; inherited")
    valid_from: date = Field(date(1900, 1, 1), description="first day, Europe/Oslo")
    valid_to: date = Field(END_OF_TIME, description="last day, Europe/Oslo")
    successor: Her | None = Field(
        None, description="HER-id that takes over; its enterprise must be this one to be handed mail"
    )
    contact_point: Her | None = Field(None, description="HER-id here that gets what has no inbox of its own; inherited")
    deviation_service: Her | None = Field(None, description="HER-id below that deviations are addressed to")
    inbox: InboxKind = Field(InboxKind.ENGINE, description="engine, folder, api or none")
    folder_pdf: bool = Field(True, description="whether its folder has a PDF of each deviation that came without one")
    second_person: bool | None = Field(
        None, description="whether another person than the writer approves a deviation; inherited, else true"
    )
    functions: frozenset[str] = Field(frozenset(), description="message functions taken; empty means all")
    certificates: tuple[CertificateRow, ...] = Field((), description="signing and encryption; inherited where empty")


class TermsRow(_Strict):
    """Terms of an exchange. Every key of `[defaults]`, and of `[[agreement]]` beside its parties and dates."""

    carrier: str = Field("samvik-1", description="row of config/carriers.toml")
    cpa_id: str = Field("samvik:uten-cpa", min_length=1, max_length=255, description="CPAId written without a CPA")
    resend_interval_minutes: int = Field(720, ge=1, description="from a try to the next")
    resend_limit: int = Field(5, ge=0, le=100, description="resends after the first try")
    allow_sha1: bool = Field(False, description="take SHA-1 signatures")
    allow_3des: bool = Field(True, description="take 3DES encryption")
    level: int = Field(2, ge=1, le=2, description="HER-id level in the envelope")
    apprec_by: ApprecBy = Field(ApprecBy.ENGINE, description="engine or epj")
    apprec_deadline_minutes: int = Field(240, ge=1, description="until a missing AppRec alarms")
    answer_days: int = Field(30, ge=1, description="days to answer a deviation")
    holiday_rule: HolidayRule = Field(HolidayRule.SEND_NEXT_WORKDAY, description="what a holiday does to a reminder")
    confirm: Confirm = Field(Confirm.INFORMATION, description="what is confirmed unasked: by_hand, information or all")

    answer_ping: bool = Field(False, description="answer Ping with Pong; else NotSupported")
    check_cpa: bool = Field(False, description="refuse another CPAId than cpa_id")
    check_roles: bool = Field(False, description="refuse other Roles than those of the Action; else they are noted")
    check_schema: bool = Field(False, description="refuse documents that their schema does not accept; else noted")
    attachment_types: frozenset[FileWord] = Field(ALL_FILES, description="kinds of files that go along")
    attachment_most: int = Field(20, ge=0, le=40, description="files that go along with one message")
    attachment_most_bytes: int = Field(18_000_000, ge=1, description="bytes of each of those files")
    check_attachments: bool = Field(False, description="refuse files of another kind, number or size; else noted")
    samvik: bool | None = Field(
        None, description="whether the other side has Samvik; left out: once it has sent what only Samvik writes"
    )
    pdf: PdfTo = Field(
        PdfTo.PARTNERS_WITHOUT_SAMVIK, description="whose deviations bear a PDF; Samvik makes it where one is left out"
    )
    compress: bool | None = Field(
        None,
        description="pack what is sent with gzip; left out: where the other side has Samvik. "
        "What comes is unpacked always",
    )
    ack_requested: Usage = Field(Usage.PER_MESSAGE, description="acknowledgments: always, never or perMessage")
    ack_signed: Usage = Field(Usage.PER_MESSAGE, description="signed ones: always, never or perMessage")
    duplicate_elimination: Usage = Field(Usage.PER_MESSAGE, description="always, never or perMessage")

    def terms(self) -> Terms:
        """Return the terms as the engine uses them."""
        return Terms(
            carrier=self.carrier,
            cpa_id=CpaId(self.cpa_id),
            resend_interval=timedelta(minutes=self.resend_interval_minutes),
            resend_limit=self.resend_limit,
            allow_sha1=self.allow_sha1,
            allow_3des=self.allow_3des,
            level=self.level,
            apprec_by=self.apprec_by,
            apprec_deadline=timedelta(minutes=self.apprec_deadline_minutes),
            answer_days=self.answer_days,
            holiday_rule=self.holiday_rule,
            confirm=self.confirm,
            answer_ping=self.answer_ping,
            check_cpa=self.check_cpa,
            check_roles=self.check_roles,
            check_schema=self.check_schema,
            attachment_types=frozenset(self.attachment_types),
            attachment_most=self.attachment_most,
            attachment_most_bytes=self.attachment_most_bytes,
            check_attachments=self.check_attachments,
            samvik=self.samvik,
            pdf=self.pdf,
            compress=self.compress,
            ack_requested=self.ack_requested,
            ack_signed=self.ack_signed,
            duplicate_elimination=self.duplicate_elimination,
        )


class AgreementRow(TermsRow):
    """An agreement between two enterprises, with dates."""

    between: tuple[Her, Her] = Field(description="the two enterprises")
    valid_from: date = Field(date(1900, 1, 1), description="first day, Europe/Oslo")
    valid_to: date = Field(END_OF_TIME, description="last day, Europe/Oslo")

    def agreement(self) -> Agreement:
        """Return the agreement as the engine uses it."""
        between = frozenset(HerId(her) for her in self.between)
        return Agreement(between, self.valid_from, self.valid_to, self.terms())


class CpaRow(_Strict):
    """A CPA that `samvik cpa add` has put beside the file: `content` is the file as it was given, in base64."""

    content: str
    added_at: datetime
    ends: datetime


class PartiesFile(_Strict):
    """The whole file. `cpa` stands in kept versions alone; a file by hand has none."""

    format: int = Field(ge=1, le=1, description="version of this schema, 1")
    party: tuple[PartyRow, ...] = Field(min_length=1)
    agreement: tuple[AgreementRow, ...] = ()
    cpa: tuple[CpaRow, ...] = ()
    defaults: TermsRow = TermsRow()


def registry_from(table: Mapping[str, Any], line: Line = lambda _: None) -> Registry:
    """Return the Registry that a parties file describes; `line` gives the line of a key in it.

    Raises OwnFault that names the row and key for anything unknown, missing, doubled or pointing nowhere.
    """
    try:
        file = PartiesFile.model_validate(table)
    except ValidationError as error:
        raise OwnFault(RegisterCode.BAD_FILE, faults=explain(error, PartiesFile, line)) from None
    _check_tree(file.party)
    _check_agreements(file)
    parties = (_party(row) for row in file.party)
    registry = Registry(parties, (row.agreement() for row in file.agreement), file.defaults.terms())
    return registry.with_cpas(_kept(registry, file.cpa)) if file.cpa else registry


def _kept(registry: Registry, rows: Sequence[CpaRow]) -> Iterator[KeptCpa]:
    """Yield the CPAs of a register; what reads them is loaded only where there are any."""
    from engine.agreements.cpa_reading import read_cpa

    for row in rows:
        kept = kept_cpa(registry, read_cpa(base64.b64decode(row.content)), row.added_at, row.ends)
        if kept is not None:
            yield kept


def kept_cpa(registry: Registry, cpa: Cpa, added_at: datetime, ends: datetime) -> KeptCpa | None:
    """Return a CPA as it is kept, None where a party of it is not in the register."""
    first, second = (party.her if party.her and party.her in registry else None for party in cpa.parties)
    return KeptCpa(cpa, (first, second), added_at, ends) if first and second else None


def _check_tree(rows: Sequence[PartyRow]) -> None:
    known = {row.her: row for row in rows}
    if len(known) != len(rows):
        raise OwnFault(RegisterCode.TWICE)
    for row in rows:
        for key in ("parent", "successor", "contact_point", "deviation_service"):
            target = getattr(row, key)
            if target is not None and target not in known:
                raise OwnFault(RegisterCode.NOWHERE, her_id=row.her, key=key, target=target)
        if (row.kind is PartyKind.ENTERPRISE) != (row.parent is None):
            raise OwnFault(RegisterCode.PARENT, her_id=row.her)
        _check_no_loop(row, known)
    for row in rows:
        for key in ("contact_point", "deviation_service"):
            target = getattr(row, key)
            if target is not None and _top(target, known) != _top(row.her, known):
                raise OwnFault(RegisterCode.OTHER_ENTERPRISE, her_id=row.her, key=key, target=target)


def _top(her: str, known: Mapping[str, PartyRow]) -> str:
    parent = known[her].parent
    return her if parent is None else _top(parent, known)


def _check_no_loop(row: PartyRow, known: Mapping[str, PartyRow]) -> None:
    seen = {row.her}
    parent = row.parent
    while parent is not None:
        if parent in seen:
            raise OwnFault(RegisterCode.RING, her_id=row.her)
        seen.add(parent)
        parent = known[parent].parent


def _check_agreements(file: PartiesFile) -> None:
    enterprises = {row.her for row in file.party if row.parent is None}
    for row in file.agreement:
        outside = [her for her in row.between if her not in enterprises]
        if outside:
            first, second = row.between
            raise OwnFault(RegisterCode.NO_ENTERPRISE, first=first, second=second, her_id=outside[0])


def _party(row: PartyRow) -> Party:
    return Party(
        her=HerId(row.her),
        name=row.name,
        kind=row.kind,
        parent=HerId(row.parent) if row.parent else None,
        organisation_number=row.organisation_number,
        edi_address=row.edi_address,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=HerId(row.successor) if row.successor else None,
        contact_point=HerId(row.contact_point) if row.contact_point else None,
        deviation_service=HerId(row.deviation_service) if row.deviation_service else None,
        second_person=row.second_person,
        folder_pdf=row.folder_pdf,
        inbox=row.inbox,
        functions=row.functions,
        certificates=tuple(_certificate(row.her, certificate) for certificate in row.certificates),
    )


def _certificate(her: str, row: CertificateRow) -> RegisteredCertificate:
    try:
        der = base64.b64decode(row.der, validate=True)
        parsed = x509.load_der_x509_certificate(der)
    except (ValueError, binascii.Error, x509.InvalidVersion):
        raise OwnFault(RegisterCode.BAD_CERTIFICATE, her_id=her, purpose=row.purpose) from None
    start = row.valid_from or parsed.not_valid_before_utc
    end = row.valid_to or parsed.not_valid_after_utc
    return RegisteredCertificate(row.purpose, der, _aware(start), _aware(end))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
