"""What a record system without Samvik writes: plain dialog messages, with the patient that its profiles want."""

from datetime import datetime

from lxml import etree

from engine.names import HerId
from engine.payload.elements import MSGHEAD
from engine.register.parties import Registry
from engine.times import write_time
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.parties import registry

FAMILY_NAME, GIVEN_NAME, NUMBER = "HEMMELIGSEN", "Merke", "15820250068"
"""The patient whom a plain message names: invented, with a synthetic number (month + 80)."""

_HER = '<Ident><Id>{her}</Id><TypeId V="HER" S="2.16.578.1.12.4.1.1.9051" DN="HER-id"/></Ident>'
_PATIENT = (
    f"<Patient><FamilyName>{FAMILY_NAME}</FamilyName><GivenName>{GIVEN_NAME}</GivenName><Ident><Id>{NUMBER}</Id>"
    '<TypeId V="FNR" S="2.16.578.1.12.4.1.1.8116" DN="Fødselsnummer"/></Ident></Patient>'
)


def plain_document(
    sender: HerId,
    receiver: HerId,
    text: str,
    *,
    tema: str = "Manglende epikrise",
    msg_id: str = "epj-1",
    thread: tuple[str, str] | None = None,
    at: datetime = START,
    register: Registry | None = None,
) -> bytes:
    """Return a Dialogmelding 1.0 as a record system writes it; `thread` is the MsgId answered and the first one's.

    An answer is DIALOG_SVAR with TemaKodet 9069 / 5, anything else DIALOG_NOTAT with 7321 / 3 (design.md 8).
    """
    known = register or registry()
    kind, name = ("DIALOG_SVAR", "Svar på forespørsel") if thread else ("DIALOG_NOTAT", "Notat")
    code = 'V="5" S="2.16.578.1.12.4.1.1.9069"' if thread else 'V="3" S="2.16.578.1.12.4.1.1.7321"'
    reference = (
        f"<ConversationRef><RefToParent>{thread[0]}</RefToParent><RefToConversation>{thread[1]}</RefToConversation>"
        "</ConversationRef>"
        if thread
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<MsgHead xmlns="{MSGHEAD}">
  <MsgInfo>
    <Type V="{kind}" DN="{name}"/>
    <MIGversion>v1.2 2006-05-24</MIGversion>
    <GenDate>{write_time(at)}</GenDate>
    <MsgId>{msg_id}</MsgId>
    <Ack V="J" DN="Ja"/>
    {reference}
    <Sender>{_organisation(known, sender)}</Sender>
    <Receiver>{_organisation(known, receiver)}</Receiver>
    {_PATIENT}
  </MsgInfo>
  <Document>
    <RefDoc>
      <MsgType V="XML" DN="XML-instans"/>
      <Content>
        <Dialogmelding xmlns="http://www.kith.no/xmlstds/dialog/2006-10-11">
          <Notat>
            <TemaKodet {code} DN="Notat"/>
            <Tema>{tema}</Tema>
            <TekstNotatInnhold>{text}</TekstNotatInnhold>
          </Notat>
        </Dialogmelding>
      </Content>
    </RefDoc>
  </Document>
</MsgHead>
""".encode()


def plain_mail(letter: Letter, document: bytes) -> bytes:
    """Return the mail that carries a plain document, under the Service of its own type."""
    kind = etree.fromstring(document).find(f".//{{{MSGHEAD}}}Type").get("V")
    fields = {name: getattr(letter, name) for name in ("sender", "receiver", "signer", "readable_by", "at")}
    named = Letter(**fields, message_id=letter.message_id, service=f"S-{kind}", action=kind)
    return payload_mail(named, document)


def _organisation(register: Registry, her: HerId) -> str:
    line = register.line(her)
    below = "" if len(line) == 1 else _level(line[0].name, line[0].her, "")
    return _level(line[-1].name, line[-1].her, below)


def _level(name: str, her: HerId, below: str) -> str:
    inner = f"<OrganisationName>{name}</OrganisationName>{_HER.format(her=her)}{below}"
    return f"<Organisation>{inner}</Organisation>"
