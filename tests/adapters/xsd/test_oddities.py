"""Where the official schemas are odd, ours are too: each place where a schema written by good sense would disagree.

The differential (tests/proofs/test_schemas.py) found no disagreement; these are what it has to get right, by name.
"""

import pytest
from lxml import etree

from engine.schemas import DocumentKind
from tests.fakes.schemas.sides import official, ours

MESSAGE, ENVELOPE, AGREEMENT = DocumentKind.MESSAGE, DocumentKind.ENVELOPE, DocumentKind.AGREEMENT
SPACES = {
    "mh": "http://www.kith.no/xmlstds/msghead/2006-05-24",
    "d10": "http://www.kith.no/xmlstds/dialog/2006-10-11",
    "d11": "http://www.kith.no/xmlstds/dialog/2013-01-23",
    "a10": "http://www.kith.no/xmlstds/apprec/2004-11-21",
    "a11": "http://www.kith.no/xmlstds/apprec/2012-02-15",
    "k": "http://www.kith.no/xmlstds",
    "fk": "http://www.kith.no/xmlstds/felleskomponent1",
    "b": "http://www.kith.no/xmlstds/base64container",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "eb": "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd",
    "c": "http://www.oasis-open.org/committees/ebxml-cppa/schema/cpp-cpa-2_0.xsd",
    "xlink": "http://www.w3.org/1999/xlink",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def content(inside: str) -> str:
    """Return a RefDoc with this inside its Content."""
    return f"<mh:RefDoc><mh:MsgType/><mh:Content>{inside}</mh:Content></mh:RefDoc>"


def note(inside: str) -> str:
    """Return a note of dialog 1.1 with this as its free text."""
    return f"<d11:Notat><d11:TemaKodet/>{inside}</d11:Notat>"


def coded(attributes: str) -> str:
    """Return a patient whose identifier has a type with these attributes."""
    return f"<mh:Patient><mh:Ident><mh:Id/><mh:TypeId {attributes}/></mh:Ident></mh:Patient>"


def method(name: str, inside: str) -> str:
    """Return an algorithm of a signature with parameters."""
    return f'<ds:{name} Algorithm="a">{inside}</ds:{name}>'


def block(attributes: str) -> str:
    """Return an AckRequested with these attributes besides what it must have."""
    return f'<eb:AckRequested eb:version="2.0" eb:signed="true" {attributes}/>'


RECEIPT = (
    "<{0}:AppRec><{0}:MsgType/>{1}<{0}:GenDate>2026-11-23T08:00:00</{0}:GenDate><{0}:Id/><{0}:Sender>{2}<{0}:HCP>"
    "<{0}:Inst/></{0}:HCP></{0}:Sender><{0}:Receiver><{0}:HCP><{0}:Inst/></{0}:HCP></{0}:Receiver><{0}:Status/>"
    "<{0}:OriginalMsgId><{0}:MsgType/><{0}:IssueDate>2026-11-23T08:00:00</{0}:IssueDate><{0}:Id/></{0}:OriginalMsgId>"
    "</{0}:AppRec>"
)

ODDITIES = {
    "an organisation may be empty": (MESSAGE, "<mh:Organisation/>", True),
    "but not half": (MESSAGE, "<mh:Organisation><mh:OrganisationName/></mh:Organisation>", False),
    "another receiver need not be anybody": (MESSAGE, "<mh:OtherReceiver><mh:RoleReceiver/></mh:OtherReceiver>", True),
    "a dialog need not say anything": (MESSAGE, "<d10:Dialogmelding/>", True),
    "a role in 1.0 is somebody's": (MESSAGE, "<d10:RollerRelatertNotat/>", False),
    "a role in 1.1 need not be": (MESSAGE, "<d11:RollerRelatertNotat/>", True),
    "a note may ask once": (MESSAGE, note("<d11:Foresporsel><d11:TypeForesp/></d11:Foresporsel>" * 2), False),
    "a question in 1.0 is text": (
        MESSAGE,
        "<d10:Foresporsel><d10:TypeForesp/><d10:Sporsmal><b/></d10:Sporsmal></d10:Foresporsel>",
        False,
    ),
    "a question in 1.1 is anything": (
        MESSAGE,
        "<d11:Foresporsel><d11:TypeForesp/><d11:Sporsmal x='y'><b/>c</d11:Sporsmal></d11:Foresporsel>",
        True,
    ),
    "content is no text": (MESSAGE, content("x"), False),
    "content may be blank": (MESSAGE, content(" \n "), True),
    "content has no attributes": (
        MESSAGE,
        content("").replace("<mh:Content>", "<mh:Content x='y'>"),
        False,
    ),
    "content is declared": (MESSAGE, content("<noe/>"), False),
    "content is any declared element": (MESSAGE, content("<mh:Patient/><k:REF/><d10:Dialogmelding/>"), True),
    "a role stands alone in AppRec 1.0": (MESSAGE, content("<a10:Role/>"), True),
    "a role does not stand alone in AppRec 1.1": (MESSAGE, content("<a11:Role/>"), False),
    "an attachment is of no other type": (MESSAGE, '<b:Base64Container xsi:type="xs:base64Binary"/>', False),
    "an attachment may be empty": (MESSAGE, "<b:Base64Container/>", True),
    "an attachment may hold a comment": (MESSAGE, "<b:Base64Container>QU<!--x-->JD</b:Base64Container>", True),
    "an OID may end in no dot": (MESSAGE, coded('S="1.2."'), False),
    "an OID has single dots": (MESSAGE, coded('S="1..2"'), False),
    "an OID may begin with zero": (MESSAGE, coded('S="  007  "'), True),
    "an OID may have other digits": (MESSAGE, coded('S="٣.٣"'), True),
    "an OID is not empty": (MESSAGE, coded('S=""'), False),
    "types of the three namespaces are different": (MESSAGE, coded('xsi:type="k:CV"'), False),
    "a type may claim itself": (MESSAGE, coded('xsi:type="mh:CV"'), True),
    "free text may claim a type": (MESSAGE, note('<d11:TekstNotatInnhold xsi:type="k:BL" V="true"/>'), True),
    "a boolean is true or false": (MESSAGE, note('<d11:TekstNotatInnhold xsi:type="k:BL" V="1"/>'), False),
    "a ratio has parts in no namespace": (
        MESSAGE,
        note('<d11:TekstNotatInnhold xsi:type="k:RTO"><NUM>1</NUM></d11:TekstNotatInnhold>'),
        True,
    ),
    "free text may not claim our groups": (MESSAGE, note('<d11:TekstNotatInnhold xsi:type="k:code"/>'), False),
    "free text is checked where it is declared": (
        MESSAGE,
        note("<d11:TekstNotatInnhold><b/><d11:Notat/></d11:TekstNotatInnhold>"),
        False,
    ),
    "an attribute of free text is checked": (MESSAGE, note('<d11:TekstNotatInnhold k:NULL="JA"/>'), False),
    "any version of AppRec": (MESSAGE, RECEIPT.format("a10", "<a10:MIGversion>9</a10:MIGversion>", ""), True),
    "an empty version of AppRec": (MESSAGE, RECEIPT.format("a11", "<a11:MIGversion/>", "<a11:Role/>"), True),
    "no version of AppRec": (MESSAGE, RECEIPT.format("a11", "", ""), False),
    "an address of AppRec has a type": (MESSAGE, "<a11:Address><a11:City/></a11:Address>", False),
    "canonicalisation takes what is declared": (ENVELOPE, method("CanonicalizationMethod", "<xlink:root/>"), True),
    "and nothing else": (ENVELOPE, method("CanonicalizationMethod", "<noe xmlns='urn:x'/>"), False),
    "a digest takes anything": (ENVELOPE, method("DigestMethod", "<noe xmlns='urn:x'/>x"), True),
    "but of its own namespace": (ENVELOPE, method("DigestMethod", "<ds:KeyName/>"), False),
    "key information is not empty": (ENVELOPE, "<ds:KeyInfo>x</ds:KeyInfo>", False),
    "two identifiers are not the same": (ENVELOPE, '<s:Body><ds:Object Id="a"/><ds:Object Id="a"/></s:Body>', False),
    "mustUnderstand is 1": (ENVELOPE, block('s:mustUnderstand="1"'), True),
    "mustUnderstand is not true": (ENVELOPE, block('s:mustUnderstand="true"'), False),
    "a block takes foreign attributes": (ENVELOPE, block('s:mustUnderstand="0" x:y="z" xmlns:x="urn:x"'), True),
    "but none without namespace": (ENVELOPE, block('s:mustUnderstand="0" y="z"'), False),
    "a foreign attribute that is declared is checked": (ENVELOPE, block('s:mustUnderstand="0" xlink:show="x"'), False),
    "an id of one blank": (ENVELOPE, "<eb:MessageId> </eb:MessageId>", True),
    "an id of nothing": (ENVELOPE, "<eb:MessageId/>", False),
    "a schema with an empty version": (ENVELOPE, '<eb:Schema eb:location="" eb:version=""/>', False),
    "a fault's parts stand in no namespace": (
        ENVELOPE,
        "<s:Fault><faultcode>s:Client</faultcode><faultstring/></s:Fault>",
        True,
    ),
    "a header takes nothing of its own namespace": (ENVELOPE, "<s:Header><s:Fault/></s:Header>", False),
    "a body takes it, and checks it": (ENVELOPE, "<s:Body><s:Fault/></s:Body>", False),
    "a reference to no identifier": (AGREEMENT, "<c:ChannelId>finnes-ikke</c:ChannelId>", True),
    # The attribute is fixed where it is referred to, which libxml2 does not hold.
    "a link is of any declared type": (AGREEMENT, '<c:PartyRef xlink:href="" xlink:type="locator"/>', True),
    "but of no other": (AGREEMENT, '<c:PartyRef xlink:href="" xlink:type="enkel"/>', False),
    "an agreement's signature is not empty": (AGREEMENT, "<c:Signature/>", False),
    "a server shows a certificate": (
        AGREEMENT,
        "<c:TransportServerSecurity><c:TransportSecurityProtocol>TLS</c:TransportSecurityProtocol>"
        "</c:TransportServerSecurity>",
        False,
    ),
    "a client need not": (
        AGREEMENT,
        "<c:TransportClientSecurity><c:TransportSecurityProtocol>TLS</c:TransportSecurityProtocol>"
        "</c:TransportClientSecurity>",
        True,
    ),
    "retries may be negative": (
        AGREEMENT,
        "<c:ReliableMessaging><c:Retries>-1</c:Retries><c:MessageOrderSemantics>Guaranteed</c:MessageOrderSemantics>"
        "</c:ReliableMessaging>",
        True,
    ),
}


def parsed(text: str) -> etree._Element:
    """Return an element with every namespace of the table declared around its inside."""
    declared = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
    cut = min(text.index(mark) for mark in (" ", ">", "/>") if mark in text)
    return etree.fromstring(f"{text[:cut]} {declared}{text[cut:]}")


@pytest.mark.parametrize("name", ODDITIES)
def test_ours_is_as_odd(name: str) -> None:
    """Our schemas give the verdict that is written here."""
    kind, text, valid = ODDITIES[name]
    assert ours(kind).validate(parsed(text)) is valid, ours(kind).error_log


@pytest.mark.parametrize("name", ODDITIES)
def test_the_official_ones_are_as_odd(name: str) -> None:
    """The official schemas do too."""
    kind, text, valid = ODDITIES[name]
    assert official(kind).validate(parsed(text)) is valid, official(kind).error_log
