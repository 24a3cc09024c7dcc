"""Unsigned envelopes of ours that the envelope tests share."""

from lxml import etree

from engine.codes.envelope import EnvelopeCode
from engine.codes.signature import SignatureCode
from engine.codes.statement import Statement
from engine.msh import constants as c
from engine.msh.rules import finding
from engine.msh.writing import acknowledgment_envelope, error_envelope, payload_envelope
from engine.names import MessageId
from tests.fakes.partners.forgery import SOFTWARE, Letter
from tests.fakes.world.clock import START

LETTER = Letter(ref_to="forrige")
SIGNAL = Letter(service=c.MSH_SERVICE, action=c.ACKNOWLEDGMENT, ref_to="melding-0")
FINDINGS = (
    finding("signature", SignatureCode.INVALID),
    finding("other parties", EnvelopeCode.NAMED_TWICE, "cid:x"),
)
REFERENCE = f"""<Reference xmlns="{c.DS}" URI=""><Transforms><Transform Algorithm="{c.XPATH}">
<XPath xmlns:SOAP-ENV="{c.SOAP}">{c.ACTOR_FILTER.replace("SOAP:", "SOAP-ENV:")}</XPath></Transform></Transforms>
<DigestMethod Algorithm="{c.SHA256}"/>
<DigestValue>AAAA</DigestValue></Reference>""".encode()
NOW = START.replace(microsecond=123456)


def in_codes(said: Statement) -> str:
    """Return the code of a statement, with signs that XML must escape, in place of words."""
    return f"{said.code} <&>"


def message() -> etree._Element:
    """Return a payload message with two attachments."""
    return payload_envelope(LETTER.to, MessageId("melding-1"), NOW, SOFTWARE, ["a@b", "c"])


def acknowledgment() -> etree._Element:
    """Return an Acknowledgment that copies a reference."""
    return acknowledgment_envelope(SIGNAL.to, MessageId("kvittering-1"), NOW, SOFTWARE, [REFERENCE])


def error() -> etree._Element:
    """Return a MessageError with an Error and a Warning."""
    signal = Letter(service=c.MSH_SERVICE, action=c.MESSAGE_ERROR, ref_to="melding-0")
    return error_envelope(signal.to, MessageId("feil-1"), NOW, SOFTWARE, FINDINGS, in_codes)
