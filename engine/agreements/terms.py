"""The terms that two parties exchange messages under. Without a CPA they come from the parties file (design.md 3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engine.names import CpaId, HerId


class ApprecBy(StrEnum):
    """Who gives a positive AppRec: the engine, after storage, or the record system."""

    ENGINE = "engine"
    EPJ = "epj"


class HolidayRule(StrEnum):
    """What a weekend or a public holiday does to a reminder (process.md 2.5)."""

    NONE = "none"
    SEND_NEXT_WORKDAY = "send_next_workday"
    DUE_NEXT_WORKDAY = "due_next_workday"


class Confirm(StrEnum):
    """Which deviations the engine confirms on its own, to a partner with Samvik; people confirm the others by hand.

    process.md 2.3 leaves it open (A11: "receiver, or engine on its behalf"). What is for information only ends with its
    confirmation and waits for nobody (R16); of the others a confirmation tells that a person has taken them.
    """

    BY_HAND = "by_hand"
    INFORMATION = "information"
    ALL = "all"


class PdfTo(StrEnum):
    """Whose deviations from us bear a PDF: a partner with Samvik makes the same one itself, when somebody asks."""

    ALWAYS = "always"
    PARTNERS_WITHOUT_SAMVIK = "partners_without_samvik"
    NEVER = "never"


class Usage(StrEnum):
    """Whether something is always asked for, never, or as each message says (CPA 2.0, MessagingCharacteristics)."""

    ALWAYS = "always"
    NEVER = "never"
    PER_MESSAGE = "perMessage"


WITHOUT_CPA = CpaId("samvik:uten-cpa")


@dataclass(frozen=True, slots=True)
class Terms:
    """One agreement, or the defaults where two parties have none. `level` is the HER-id level in the envelope.

    `answer_ping` answers a Ping with a Pong instead of NotSupported. `check_cpa` refuses another CPAId than `cpa_id`,
    `check_roles` other Roles than those of the Action; what is asked for against `ack_requested`, `ack_signed` and
    `duplicate_elimination` is only noted (transport.md F.3, rule 13). `check_schema` refuses a document that its schema
    does not accept; else that is only noted (payload.md H).

    `attachment_types` names the kinds of files that go along (pdf, png, jpeg, tiff), `attachment_most` how many, and
    `attachment_most_bytes` how large each may be; what departs in a message that comes is noted, and refused with
    `check_attachments`. `compress` packs what we send with gzip (transport.md C.2); what comes is unpacked always.
    `samvik` says whether the other side has Samvik. None leaves that to what it has sent us, and `compress` to whether
    it has Samvik.
    """

    carrier: str = "samvik-1"
    cpa_id: CpaId = WITHOUT_CPA
    resend_interval: timedelta = timedelta(hours=12)
    resend_limit: int = 5
    allow_sha1: bool = False
    allow_3des: bool = True
    level: int = 2
    apprec_by: ApprecBy = ApprecBy.ENGINE
    apprec_deadline: timedelta = timedelta(hours=4)
    answer_days: int = 30
    holiday_rule: HolidayRule = HolidayRule.SEND_NEXT_WORKDAY
    confirm: Confirm = Confirm.INFORMATION
    answer_ping: bool = False
    check_cpa: bool = False
    check_roles: bool = False
    check_schema: bool = False
    attachment_types: frozenset[str] = frozenset({"pdf", "png", "jpeg", "tiff"})
    attachment_most: int = 20
    attachment_most_bytes: int = 18_000_000
    check_attachments: bool = False
    samvik: bool | None = None
    pdf: PdfTo = PdfTo.PARTNERS_WITHOUT_SAMVIK
    compress: bool | None = None
    ack_requested: Usage = Usage.PER_MESSAGE
    ack_signed: Usage = Usage.PER_MESSAGE
    duplicate_elimination: Usage = Usage.PER_MESSAGE

    def packs(self, *, shown: bool) -> bool:
        """Say whether what we send is packed; `shown` says whether the partner has sent us what only Samvik writes."""
        return self._with_samvik(shown=shown) if self.compress is None else self.compress

    def sends_pdf(self, *, shown: bool) -> bool:
        """Say whether a deviation that we send bears a PDF; `shown` as in `packs`."""
        if self.pdf is PdfTo.PARTNERS_WITHOUT_SAMVIK:
            return not self._with_samvik(shown=shown)
        return self.pdf is PdfTo.ALWAYS

    def _with_samvik(self, *, shown: bool) -> bool:
        return shown if self.samvik is None else self.samvik


@dataclass(frozen=True, slots=True)
class Agreement:
    """Terms between two enterprises for a period of days, both included (Europe/Oslo dates)."""

    between: frozenset[HerId]
    valid_from: date
    valid_to: date
    terms: Terms
