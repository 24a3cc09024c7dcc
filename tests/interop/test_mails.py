"""Whole mails as others write them: by Python's email package in two ways, by hand, and by Hermes 2.2."""

import base64
import quopri
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart

import pytest

from adapters.xsd.files import SchemaFiles
from engine.codes.signature import SignatureCode
from engine.errors import Severity
from engine.msh.mime import DEFAULT_LIMITS
from engine.verdict.kinds import DocumentTaken, Signal, Unverified
from engine.verdict.mail import verdict_on
from engine.verdict.verify import verify
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import (
    CONTENT_ID,
    Letter,
    acknowledgment_mail,
    altered,
    mail_of,
    payload,
    sealed,
    unsigned,
)
from tests.fakes.world.clock import START
from tests.samples import samples_folder

Write = Callable[[bytes, bytes], bytes]
LETTER = Letter()
DOCUMENT = document()
SOAP, DATA = payload(LETTER, DOCUMENT).soap, sealed(LETTER, DOCUMENT)
SOAP_ID = "konvolutt@example.test"
ENCRYPTED = {"smime-type": "enveloped-data", "name": "melding.p7m"}


def by_mime_classes(soap: bytes, data: bytes) -> bytes:
    """Write a mail with the email package's older classes."""
    mail = MIMEMultipart("related", type="text/xml", start=f"<{SOAP_ID}>")
    mail["From"], mail["To"], mail["SOAPAction"] = "x@example.test", "y@example.test", '"ebXML"'
    envelope = MIMENonMultipart("text", "xml", charset="UTF-8")
    envelope.set_payload(base64.encodebytes(soap).decode())
    envelope["Content-Transfer-Encoding"], envelope["Content-ID"] = "base64", f"<{SOAP_ID}>"
    part = MIMEApplication(data, "pkcs7-mime", **ENCRYPTED)
    part["Content-ID"] = f"<{CONTENT_ID}>"
    mail.attach(envelope)
    mail.attach(part)
    return mail.as_bytes(policy=policy.SMTP)


def by_email_message(encoding: str) -> Write:
    """Return a writer that uses the email package's newer class, the envelope in an encoding."""

    def write(soap: bytes, data: bytes) -> bytes:
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = "x@example.test", "y@example.test", "Avvik æøå"
        mail.set_content(soap, "text", "xml", cte=encoding, cid=f"<{SOAP_ID}>")
        mail.make_related()
        mail.add_related(
            data, "application", "pkcs7-mime", cid=f"<{CONTENT_ID}>", params=ENCRYPTED, disposition="attachment"
        )
        return mail.as_bytes()

    return write


def by_hand(encoding: str, line_end: bytes, encode: Callable[[bytes], bytes]) -> Write:
    """Return a writer that puts a mail together line by line, as terse as it may be."""

    def write(soap: bytes, data: bytes) -> bytes:
        lines = [
            b"content-type: Multipart/Related;boundary=b",
            b"",
            b"This is a multi-part message in MIME format.",
            b"--b",
            b"content-type: text/xml",
            f"content-transfer-encoding: {encoding}".encode(),
            b"",
            encode(soap),
            b"--b",
            b"CONTENT-ID: <" + CONTENT_ID.encode() + b">",
            b'Content-Type: application/pkcs7-mime; smime-type="enveloped-data"',
            b"Content-Transfer-Encoding: BASE64",
            b"",
            base64.b64encode(data),
            b"--b--",
        ]
        return line_end.join(lines)

    return write


def in_crlf(soap: bytes) -> bytes:
    """Return an envelope as it is carried in clear: its line ends become those of the mail."""
    return soap.replace(b"\n", b"\r\n")


WRITERS: dict[str, Write] = {
    "email, MIMEMultipart": by_mime_classes,
    "email, base64": by_email_message("base64"),
    "email, quoted-printable": by_email_message("quoted-printable"),
    "email, 8bit": by_email_message("8bit"),
    "email, 7bit": by_email_message("7bit"),
    "by hand, base64 in one line": by_hand("base64", b"\r\n", base64.b64encode),
    "by hand, base64 and LF": by_hand("base64", b"\n", base64.encodebytes),
    "by hand, quoted-printable": by_hand("quoted-printable", b"\r\n", quopri.encodestring),
    "by hand, 8bit": by_hand("8bit", b"\r\n", bytes),
    "by hand, 7bit with CRLF": by_hand("7bit", b"\r\n", in_crlf),
    "by hand, binary and LF": by_hand("binary", b"\n", bytes),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_signed_and_encrypted_mail_is_accepted_whoever_wrote_it(write):
    """Envelope and encrypted part come out as they were signed: accepted, with the document byte for byte."""
    mail = write(SOAP, DATA)
    report = verify(mail, START, None, DEFAULT_LIMITS, SchemaFiles())
    assert (report.kind, report.signature, report.verdict) == ("message", "valid", "accept")
    assert report.references == ("", f"cid:{CONTENT_ID}")
    found = verdict_on(mail, Pair().municipal.ports, START)
    assert isinstance(found, DocumentTaken)
    assert found.document == DOCUMENT


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("spoilt", ["envelope", "attachment"])
def test_a_spoilt_mail_is_not_believed_whoever_wrote_it(write, spoilt):
    """One changed letter of the envelope, or one byte of the encrypted part, and nobody has signed it."""
    soap = SOAP.replace(b"samtale-1", b"samtale-2") if spoilt == "envelope" else SOAP
    data = DATA[:-1] + bytes([DATA[-1] ^ 1]) if spoilt == "attachment" else DATA
    assert isinstance(verdict_on(write(soap, data), Pair().municipal.ports, START), Unverified)


def test_a_signal_of_the_email_package_is_believed_as_our_own_way_of_writing_it_is():
    """An Acknowledgment as a single text/xml part, written by the email package, is the same signal."""
    ours = acknowledgment_mail(signal_letter(), {"": "AAAA"})
    soap: list[bytes] = []
    altered(ours, lambda envelope: soap.append(envelope) or envelope)
    mail = EmailMessage(policy=policy.SMTP)
    mail.set_content(soap[0], "text", "xml", cte="base64")
    for each in (ours, mail.as_bytes()):
        assert isinstance(verdict_on(each, Pair().municipal.ports, START), Signal)
    stripped = mail_of(unsigned(soap[0]), {})
    assert not isinstance(verdict_on(stripped, Pair().municipal.ports, START), Signal)


def signal_letter() -> Letter:
    """Return the letter that an acknowledgment comes in."""
    return Letter(message_id="k-1", ref_to="m-1")


SENT = datetime(2026, 11, 22, 20, tzinfo=UTC)
HERMES = {
    "01-message-signed.eml": ("message", ("", "cid:Payload-0")),
    "02-ack-signed.eml": ("acknowledgment", ("",)),
}


@pytest.mark.parametrize("name", HERMES)
def test_a_signed_mail_of_hermes_is_valid_by_the_switch_and_noted_for_sha1(name):
    """Message and acknowledgment are valid and accepted where SHA-1 is agreed, with a Warning; else refused for it."""
    raw = (samples_folder("transport") / "hermes" / name).read_bytes()
    report = verify(raw, SENT, None, DEFAULT_LIMITS, SchemaFiles(), allow_sha1=True)
    assert (report.kind, report.references, report.signature) == (*HERMES[name], "valid")
    assert report.verdict == "accept"
    (weak,) = [found for found in report.findings if found.said.code == SignatureCode.SHA1]
    assert (weak.rule, weak.severity) == ("18", Severity.WARNING)
    assert verify(raw, SENT, None, DEFAULT_LIMITS, SchemaFiles()).verdict == "reject"


@pytest.mark.parametrize("name", ["03-error-securityfailure.eml", "04-error-inconsistent.eml"])
def test_an_unsigned_error_of_hermes_is_not_believed(name):
    """A MessageError that nobody signed is rejected, SHA-1 allowed or not, and nothing of it is taken."""
    raw = (samples_folder("transport") / "hermes" / name).read_bytes()
    for allowed in (True, False):
        report = verify(raw, SENT, None, DEFAULT_LIMITS, SchemaFiles(), allow_sha1=allowed)
        assert (report.kind, report.signature, report.verdict) == ("error", "absent", "reject")
        assert report.envelope is None
