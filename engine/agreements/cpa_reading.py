"""Reads a collaboration protocol agreement from its file (CPA 2.0, transport.md E).

Read tolerantly: what an exchange needs must be there once, everything else may. Status `proposed` is common in files
that are in use, and the algorithm's old `oid` attribute is not believed.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree
from pydantic import TypeAdapter, ValidationError

from engine.agreements.cpa import Binding, Channel, Cpa, CpaParty
from engine.agreements.terms import Usage
from engine.codes.agreement import AgreementCode
from engine.codes.xml import XmlCode
from engine.errors import BadName, Refused
from engine.names import CpaId, opaque
from engine.times import read_time
from engine.xml import BadXml, XmlLimits, parse

CPA = "http://www.oasis-open.org/committees/ebxml-cppa/schema/cpp-cpa-2_0.xsd"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_DURATION = TypeAdapter(timedelta)
LIMITS = XmlLimits(most_bytes=5_000_000, most_nodes=100_000)


@dataclass(frozen=True, slots=True)
class _Transport:
    protocol: str
    endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Exchange:
    resend_limit: int | None
    resend_interval: timedelta | None
    persistence: timedelta | None
    signing: str


def read_cpa(data: bytes) -> Cpa:
    """Return what an agreement says. Raises Refused, naming the place, where it cannot be used."""
    try:
        root = parse(data, LIMITS)
    except BadXml as error:
        raise Refused(AgreementCode.NOT_XML, why=error.statement) from None
    if root.tag != _cpa("CollaborationProtocolAgreement"):
        raise Refused(AgreementCode.NOT_A_CPA)
    parties = [_party(element) for element in root.findall(_cpa("PartyInfo"))]
    if len(parties) != 2:
        raise Refused(AgreementCode.NOT_TWO_PARTIES, number=len(parties))
    status = root.find(_cpa("Status"))
    return Cpa(
        CpaId(_identity(root.get(_cpa("cpaid"), ""))),
        root.get(_cpa("version"), ""),
        "" if status is None else status.get(_cpa("value"), ""),
        _time(root, "Start"),
        _time(root, "End"),
        (parties[0], parties[1]),
    )


def _party(element: etree._Element) -> CpaParty:
    ids = tuple((found.get(_cpa("type"), ""), _text(found)) for found in element.findall(_cpa("PartyId")))
    if not ids:
        raise Refused(AgreementCode.NO_PARTY_ID)
    transports = {found.get(_cpa("transportId"), ""): _transport(found) for found in element.findall(_cpa("Transport"))}
    exchanges = {
        found.get(_cpa("docExchangeId"), ""): _exchange(found) for found in element.findall(_cpa("DocExchange"))
    }
    channels = (_channel(found, transports, exchanges) for found in element.findall(_cpa("DeliveryChannel")))
    certificates = dict(_certificates(element))
    return CpaParty(
        element.get(_cpa("partyName"), ""),
        ids,
        tuple(_bindings(element)),
        tuple(channels),
        certificates,
        element.get(_cpa("defaultMshChannelId"), ""),
    )


def _bindings(element: etree._Element) -> Iterator[Binding]:
    for role in element.findall(_cpa("CollaborationRole")):
        name = _attribute(role, "Role", "name")
        encryption = _attribute(role, "ApplicationCertificateRef", "certId")
        for service in role.findall(_cpa("ServiceBinding")):
            called = _text(_one(service, "Service"))
            for way in ("CanSend", "CanReceive"):
                for found in service.findall(f"{_cpa(way)}/{_cpa('ThisPartyActionBinding')}"):
                    channel = found.findtext(_cpa("ChannelId"), "").strip()
                    action = found.get(_cpa("action"), "")
                    yield Binding(called, name, action, way == "CanSend", channel, encryption)


def _channel(element: etree._Element, transports: dict[str, _Transport], exchanges: dict[str, _Exchange]) -> Channel:
    id = element.get(_cpa("channelId"), "")
    transport = transports.get(element.get(_cpa("transportId"), ""))
    exchange = exchanges.get(element.get(_cpa("docExchangeId"), ""))
    if transport is None or exchange is None:
        raise Refused(AgreementCode.CHANNEL_NOT_WHOLE, channel=id[:64])
    asked = element.find(_cpa("MessagingCharacteristics"))
    return Channel(
        id,
        transport.protocol,
        transport.endpoints,
        _usage(asked, "ackRequested"),
        _usage(asked, "ackSignatureRequested"),
        _usage(asked, "duplicateElimination"),
        exchange.resend_limit,
        exchange.resend_interval,
        exchange.persistence,
        exchange.signing,
    )


def _transport(element: etree._Element) -> _Transport:
    endpoints = dict.fromkeys(found.get(_cpa("uri"), "") for found in element.iter(_cpa("Endpoint")))
    return _Transport(next((_text(found) for found in element.iter(_cpa("TransportProtocol"))), ""), tuple(endpoints))


def _exchange(element: etree._Element) -> _Exchange:
    return _Exchange(
        _count(next(element.iter(_cpa("Retries")), None)),
        _duration(element, "RetryInterval"),
        _duration(element, "PersistDuration"),
        next((found.get(_cpa("certId"), "") for found in element.iter(_cpa("SigningCertificateRef"))), ""),
    )


def _certificates(element: etree._Element) -> Iterator[tuple[str, bytes]]:
    for found in element.findall(_cpa("Certificate")):
        id = found.get(_cpa("certId"), "")
        text = next((_text(each) for each in found.iter(f"{{{_DS}}}X509Certificate")), "")
        try:
            der = base64.b64decode("".join(text.split()), validate=True)
            x509.load_der_x509_certificate(der)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            raise Refused(AgreementCode.CERTIFICATE_NOT_READ, name=id[:64]) from None
        yield id, der


def _usage(asked: etree._Element | None, name: str) -> Usage:
    value = "" if asked is None else asked.get(_cpa(name), "")
    return Usage(value) if value in set(Usage) else Usage.PER_MESSAGE


def _count(element: etree._Element | None) -> int | None:
    text = "" if element is None else _text(element)
    return int(text) if text.isdecimal() and len(text) < 6 else None


def _duration(exchange: etree._Element, name: str) -> timedelta | None:
    found = next(exchange.iter(_cpa(name)), None)
    try:
        return None if found is None else _DURATION.validate_python(_text(found))
    except ValidationError:
        return None


def _time(root: etree._Element, name: str) -> datetime:
    text = _text(_one(root, name))
    try:
        # A time without zone is read as UTC, as the other samples' times are.
        return read_time(text, without_zone=UTC).astimezone(UTC)
    except ValueError:
        raise Refused(AgreementCode.NOT_A_TIME, element=name) from None


def _identity(text: str) -> str:
    try:
        return opaque("cpaid", text)
    except BadName as error:
        raise Refused(AgreementCode.BAD_ID, why=error.statement) from None


def _attribute(parent: etree._Element, name: str, attribute: str) -> str:
    found = parent.find(_cpa(name))
    return "" if found is None else found.get(_cpa(attribute), "")


def _one(parent: etree._Element, name: str) -> etree._Element:
    found = parent.findall(_cpa(name))
    if len(found) != 1:
        raise Refused(AgreementCode.NOT_ONCE, element=name)
    return found[0]


def _text(element: etree._Element) -> str:
    if len(element):
        raise Refused(XmlCode.MORE_THAN_TEXT, element=etree.QName(element).localname)
    return (element.text or "").strip()


def _cpa(name: str) -> str:
    return f"{{{CPA}}}{name}"
