"""Who is at fault, and what is said about it: each error is a statement that a door puts into words.

`PartnerFault` is the other side's and becomes an ErrorList, `PayloadFault` becomes an AppRec error, `Unreadable` is
quarantined without an answer, `OwnFault` raises a task for our operators, `Unavailable` is tried again, `Refused` goes
back to the person or program that asked. No parameter may hold payload, names of persons, national identity numbers or
keys.
"""

from dataclasses import dataclass
from enum import StrEnum

from engine.codes.document import DocumentCode
from engine.codes.mail import MailCode
from engine.codes.statement import Code, Statement


class SamvikError(Exception):
    """Root of our own exceptions; never raised itself.

    `statement` is what it says, for a door to put into words.
    """

    def __init__(self, said: Code | Statement, /, **params: object) -> None:
        self.statement = Statement.of(said, **params) if isinstance(said, Code) else said
        super().__init__(str(self.statement))


class StatedError(SamvikError):
    """Root of the errors that are always a statement, which others nest in theirs; never raised itself."""

    statement: Statement

    def __init__(self, said: Code | Statement, **params: object) -> None:
        super().__init__(said, **params)


class BadName(StatedError):
    """Raised when a text cannot be the identifier that it stands for. The text itself is not repeated."""


class Unreadable(StatedError):
    """Raised when a mail is no ebXML message that anyone could answer: it is quarantined with this reason."""


class OwnFault(SamvikError):
    """Raised when our own configuration, keys or register keep us from our work: a task, not the partner's problem."""


class Unavailable(SamvikError):
    """Raised when something we depend on does not answer now: the work waits and is tried again."""


class Refused(SamvikError):
    """Raised when our caller asks for what is not allowed; the text says what happened, to what, and what to do."""


class Severity(StrEnum):
    """The two severities of an ebXML error (transport.md B.4)."""

    ERROR = "Error"
    WARNING = "Warning"


class EbxmlCode(StrEnum):
    """The error codes of ebMS 2.0 (transport.md B.4)."""

    VALUE_NOT_RECOGNIZED = "ValueNotRecognized"
    NOT_SUPPORTED = "NotSupported"
    INCONSISTENT = "Inconsistent"
    OTHER_XML = "OtherXml"
    DELIVERY_FAILURE = "DeliveryFailure"
    TIME_TO_LIVE_EXPIRED = "TimeToLiveExpired"
    SECURITY_FAILURE = "SecurityFailure"
    MIME_PROBLEM = "MimeProblem"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a message.

    `rule` is the row of transport.md F.3 (or a payload rule), `code` that of ebMS or of the AppRec, `location` an
    XPath-like place or a Content-ID. `said` tells what is wrong, in words that the partner may read.
    """

    rule: str
    code: str
    severity: Severity
    location: str
    said: Statement

    @property
    def refusal(self) -> Statement:
        """Return why a message was refused for this."""
        return Statement.of(MailCode.REFUSED, error=self.code, rule=self.rule, what=self.said)

    @property
    def with_place(self) -> Statement:
        """Return what is wrong, and where."""
        return Statement.of(DocumentCode.AT, what=self.said, place=self.location)


class PartnerFault(StatedError):
    """Raised when a readable message breaks a rule of the message service; carries what its sender is told."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.refusal)
        self.finding = finding


APPREC_ERRORS = {
    "E10": "Ugyldig meldingsidentifikator",
    "E20": "Lege finnes ikke",
    "E21": "Mottaker finnes ikke",
    "E35": "Pasienten finnes ikke i mottakersystemet",
    "E36": "Pasientopplysninger utilstrekkelige",
    "S01": "Feil på signatur",
    "S02": "Ugyldig sertifikat",
    "S03": "Tilbaketrukket sertifikat",
    "T01": "Meldingen er ikke XML, eller ikke velformet",
    "T02": "XML-dokumentet validerer ikke",
    "T10": "Mottakersystemet støtter ikke meldingsformatet",
    "T99": "Annen formatfeil",
    "X99": "Annen feil",
}
"""Code of 2.16.578.1.12.4.1.1.8221 to its display name (payload.md C)."""


class PayloadFault(StatedError):
    """Raised when a business document is refused: becomes an AppRec with status 2 and this error.

    `code` is a key of APPREC_ERRORS. `said` tells the sender what is wrong; it goes into the error's OT attribute.
    """

    def __init__(self, code: str, location: str, said: Code | Statement, /, **params: object) -> None:
        self.said = Statement.of(said, **params) if isinstance(said, Code) else said
        super().__init__(DocumentCode.REFUSED, error=code, place=location, what=self.said)
        self.code = code
        self.location = location
