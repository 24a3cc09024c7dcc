"""Verdicts on mails that never were: what a decision sees, without a byte of cryptography."""

from dataclasses import replace
from uuid import UUID

from engine.errors import EbxmlCode, Finding, PayloadFault, Severity
from engine.msh.envelope import Envelope, read_envelope
from engine.msh.reading import Reading
from engine.msh.signature import Signed
from engine.msh.writing import payload_envelope
from engine.names import OPERATOR, HerId, MessageId
from engine.payload.msghead import MsgHead, read_identity, read_msghead
from engine.payload.party import DocumentParty, Unit
from engine.records.messages import Header, IncomingMail
from engine.register.receiver import Destination
from engine.states.inbound import InboundState
from engine.verdict.kinds import DocumentRefused, DocumentTaken, Ping, RuleBroken, Signal, Unverified
from tests.engine.payload.payload_examples import CARRIERS
from tests.engine.payload.payload_examples import message as document
from tests.fakes.partners.forgery import SOFTWARE, Letter
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE

FINDING = Finding("15", EbxmlCode.SECURITY_FAILURE, Severity.ERROR, "//Header/Signature", "The signature is wrong.")
WARNING = Finding("4", EbxmlCode.OTHER_XML, Severity.WARNING, "//Header", "An element more than the schema has.")
FAULT = PayloadFault("T02", "/MsgHead/MsgInfo", "Noe mangler.")
HEADER = Header(MessageId("melding-1"), None, None, None, GP, LEVANGER, "S-X", "X")
READING, SIGNED = Reading(), Signed(b"", (), b"", b"d" * 32, ())
ANSWER = UUID(int=77)


def waiting_mail(**changes: object) -> IncomingMail:
    """Return a mail that is to be decided on."""
    mail = IncomingMail(UUID(int=1), OPERATOR, START, InboundState.MOTTATT, START, "192.0.2.1", 10, b"s" * 32)
    return replace(mail, **changes)


def envelope(**changes: object) -> Envelope:
    """Return the envelope of a message from the GP to Levanger, which asks for an Acknowledgment."""
    root = payload_envelope(Letter().to, MessageId("melding-1"), START, SOFTWARE, ["a@b"])
    return replace(read_envelope(root), from_her=GP, to_her=LEVANGER, **changes)


def written(carrier: str = "samvik-1") -> bytes:
    """Return a document from the GP's service to Levanger's."""
    sender = DocumentParty("Namdalen legekontor", GP, "999000037", Unit("Fastlegetjenesten", GP_SERVICE))
    receiver = DocumentParty("Levanger kommune", LEVANGER, "999000010", Unit("Saksbehandling", LEVANGER_SERVICE))
    return document(carrier=CARRIERS[carrier], sender=sender, receiver=receiver)


def head(carrier: str = "samvik-1") -> MsgHead:
    """Return a document that was read."""
    return read_msghead(written(carrier))


def unverified(header: Header = HEADER) -> Unverified:
    """Return a message whose signature failed."""
    return Unverified(LEVANGER, header, FINDING)


def rule_broken(**changes: object) -> RuleBroken:
    """Return a verified message that breaks a rule."""
    return RuleBroken(LEVANGER, READING, SIGNED, envelope(**changes), FINDING)


def signal(**changes: object) -> Signal:
    """Return a verified signal."""
    return Signal(LEVANGER, READING, SIGNED, envelope(**changes), notes=(WARNING,))


def ping() -> Ping:
    """Return a verified Ping."""
    return Ping(LEVANGER, READING, SIGNED, envelope())


def taken(
    receiver: HerId = LEVANGER_SERVICE, note: str = "", carrier: str = "samvik-1", **changes: object
) -> DocumentTaken:
    """Return a verified message with a document for one of our parties."""
    to = Destination(receiver, receiver, note)
    return DocumentTaken(
        LEVANGER, READING, SIGNED, envelope(**changes), head(carrier), b"<x/>", b"h" * 32, to, notes=(WARNING,)
    )


def refused(*, readable: bool = True, task: str = "", told: str = "") -> DocumentRefused:
    """Return a verified message whose document is refused; unreadable, it does not even tell its MsgId."""
    identity = read_identity(written()) if readable else None
    return DocumentRefused(LEVANGER, READING, SIGNED, envelope(), FAULT, identity, task=task, told=told)
