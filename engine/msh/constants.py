"""Namespaces, algorithms and fixed values of the wire (transport.md B.1, C.1, C.2). Data only."""

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
EB = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"
XLINK = "http://www.w3.org/1999/xlink"
DS = "http://www.w3.org/2000/09/xmldsig#"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {"SOAP": SOAP, "eb": EB, "xlink": XLINK, "ds": DS}

ACTOR_TO_PARTY = "urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH"
ACTOR_NEXT_MSH = "urn:oasis:names:tc:ebxml-msg:actor:nextMSH"
ACTOR_NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
MSH_SERVICE = "urn:oasis:names:tc:ebxml-msg:service"
ERROR_CONTEXT = "urn:oasis:names:tc:ebxml-msg:service:errors"
ACKNOWLEDGMENT = "Acknowledgment"
MESSAGE_ERROR = "MessageError"
PING = "Ping"
PONG = "Pong"
EB_VERSION = "2.0"

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"

ACTOR_FILTER = (
    'not(ancestor-or-self::node()[@SOAP:actor="urn:oasis:names:tc:ebxml-msg:actor:nextMSH"]'
    ' | ancestor-or-self::node()[@SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next"])'
)
"""The only XPath transform of the profile; its prefix is declared on the XPath element (transport.md C.1, G.5)."""
