"""Agreements are read as their files say, tolerantly, and judged before anybody uses one."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from engine.agreements.cpa_check import check_cpa, usable
from engine.agreements.cpa_reading import CPA, read_cpa
from engine.agreements.purpose import Purpose
from engine.agreements.terms import Usage
from engine.codes.agreement import AgreementCode
from engine.codes.statement import Statement
from engine.errors import Refused, Severity
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, LEVANGER, test_keys
from tests.samples import samples_folder

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERS = {GP: "8090300", LEVANGER: "8090100"}


def party(owner, *, sends="Handling", receives="Svar", her=None, protocol="SMTP", endpoint="mailto://a@b.test"):
    """Return one PartyInfo that signs and reads with an enterprise's certificates."""
    keys = test_keys()
    certificates = "".join(
        f'<c:Certificate c:certId="{purpose}"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>'
        f"{base64.b64encode(keys.der(owner, purpose)).decode()}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "</c:Certificate>"
        for purpose in Purpose
    )
    bindings = "".join(
        f'<c:{way}><c:ThisPartyActionBinding c:action="{action}"><c:ChannelId>k1</c:ChannelId>'
        f"</c:ThisPartyActionBinding></c:{way}>"
        for way, action in (("CanSend", sends), ("CanReceive", receives))
    )
    return f"""<c:PartyInfo c:partyName="Part">
      <c:PartyId c:type="HER">{HERS[owner] if her is None else her}</c:PartyId>
      <c:CollaborationRole><c:Role c:name="Rolle"/>
        <c:ApplicationCertificateRef c:certId="{Purpose.ENCRYPTION}"/>
        <c:ServiceBinding><c:Service c:type="string">Tjeneste</c:Service>{bindings}</c:ServiceBinding>
      </c:CollaborationRole>{certificates}
      <c:DeliveryChannel c:channelId="k1" c:transportId="t1" c:docExchangeId="d1">
        <c:MessagingCharacteristics c:ackRequested="always" c:ackSignatureRequested="perMessage"
          c:duplicateElimination="never"/></c:DeliveryChannel>
      <c:Transport c:transportId="t1"><c:TransportReceiver><c:TransportProtocol>{protocol}</c:TransportProtocol>
        <c:Endpoint c:uri="{endpoint}"/></c:TransportReceiver></c:Transport>
      <c:DocExchange c:docExchangeId="d1"><c:ebXMLSenderBinding><c:ReliableMessaging><c:Retries>4</c:Retries>
        <c:RetryInterval>PT720M</c:RetryInterval></c:ReliableMessaging><c:PersistDuration>P4D</c:PersistDuration>
        <c:SenderNonRepudiation><c:SigningCertificateRef c:certId="{Purpose.SIGNING}"/></c:SenderNonRepudiation>
        </c:ebXMLSenderBinding></c:DocExchange>
    </c:PartyInfo>"""


def agreement(first=None, second=None, start="2026-01-01T00:00:00Z", end="2027-01-01T00:00:00+01:00", id="avtale-1"):
    """Return a CPA between the GP and Levanger."""
    first = party(GP) if first is None else first
    second = party(LEVANGER, sends="Svar", receives="Handling") if second is None else second
    return f"""<c:CollaborationProtocolAgreement xmlns:c="{CPA}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
      c:cpaid="{id}" c:version="2_0b"><c:Status c:value="proposed"/><c:Start>{start}</c:Start><c:End>{end}</c:End>
      {first}{second}</c:CollaborationProtocolAgreement>""".encode()


def _twice(party_info, her):
    """Give a party another HER-id beside its own."""
    first = '<c:PartyId c:type="HER">'
    assert first in party_info
    return party_info.replace(first, f"{first}{her}</c:PartyId>{first}", 1)


def told(data, at=START):
    """Return what is found, as (severity, place, what)."""
    return [(each.severity, each.place, str(each.said)) for each in check_cpa(read_cpa(data), at)]


def test_an_agreement_is_read_whole():
    """Parties, Roles, Actions, channels with their retries, and certificates by their ids."""
    cpa = read_cpa(agreement())
    assert (cpa.id, cpa.version, cpa.status) == ("avtale-1", "2_0b", "proposed")
    assert (cpa.start, cpa.end) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))
    first, second = cpa.parties
    assert (first.her, second.her) == ("8090300", "8090100")
    assert [(each.action, each.sends) for each in first.bindings] == [("Handling", True), ("Svar", False)]
    assert {(each.service, each.role, each.channel) for each in first.bindings} == {("Tjeneste", "Rolle", "k1")}
    (channel,) = first.channels
    assert (channel.protocol, channel.endpoints) == ("SMTP", ("mailto://a@b.test",))
    assert (channel.ack_requested, channel.ack_signed) == (Usage.ALWAYS, Usage.PER_MESSAGE)
    assert channel.duplicate_elimination is Usage.NEVER
    assert (channel.resend_limit, channel.resend_interval) == (4, timedelta(hours=12))
    assert channel.persistence == timedelta(days=4)
    assert first.certificates[Purpose.SIGNING] == test_keys().der(GP, Purpose.SIGNING)


def test_a_proposed_agreement_between_two_parties_can_be_used():
    """Status is not believed: files in use say `proposed`."""
    assert told(agreement()) == []
    assert usable(check_cpa(read_cpa(agreement()), START))


@pytest.mark.parametrize(
    ("changed", "place", "code"),
    [
        ({"end": "2026-02-01T00:00:00Z"}, "End", AgreementCode.ENDED),
        ({"end": "2025-01-01T00:00:00Z"}, "End", AgreementCode.ENDS_BEFORE_START),
        ({"first": party(GP, her="")}, "PartyInfo -", AgreementCode.NO_HER_ID),
        ({"first": party(GP, protocol="AMQP")}, "PartyInfo 8090300", AgreementCode.NO_SMTP),
        (
            {"first": party(GP).replace('c:certId="signing"', 'c:certId="annet"', 1)},
            "PartyInfo 8090300",
            AgreementCode.NO_CERTIFICATE,
        ),
        ({"first": party(GP, endpoint="http://b.test/")}, "PartyInfo 8090300", AgreementCode.NO_MAIL_ADDRESS),
        ({"second": party(GP)}, "PartyInfo 8090300", AgreementCode.WITH_ITSELF),
        ({"first": _twice(party(GP), "8090301")}, "PartyInfo 8090301", AgreementCode.SEVERAL_HER_IDS),
    ],
)
def test_what_keeps_an_agreement_from_being_used_is_an_error(changed, place, code):
    """Dates, a party without HER-id or SMTP, a certificate that is named and missing: each is told by its place."""
    errors = [each for each in told(agreement(**changed)) if each[0] is Severity.ERROR]
    assert [(each[1], each[2].startswith(code)) for each in errors] == [(place, True)]


def test_an_agreement_that_begins_later_can_be_added_now():
    """What begins in some months is judged as it will be then, and that it has not begun is a Warning."""
    assert [(each[0], each[1]) for each in told(agreement(start="2026-06-01T00:00:00Z"))] == [
        (Severity.WARNING, "Start")
    ]


def test_an_action_that_nobody_receives_is_worth_a_question():
    """What one party sends and the other does not receive is a Warning at the sender."""
    found = told(agreement(first=party(GP, sends="Annet")))
    assert [(each[0], each[1]) for each in found] == [(Severity.WARNING, "PartyInfo 8090300")]
    assert found[0][2] == str(Statement.of(AgreementCode.NOT_RECEIVED, action="Annet", service="Tjeneste"))


def test_certificates_near_their_end_are_told():
    """Sixty days before a certificate ends there is a word about it, with its serial number."""
    late = START + timedelta(days=365 * 3)
    found = [what for _, _, what in told(agreement(end="2040-01-01T00:00:00Z"), late)]
    assert any(what.startswith(AgreementCode.CERTIFICATE_DATES) and "serial" in what for what in found)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<x/>",
        b"not xml",
        b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
        agreement(id=""),
        agreement(start="i går"),
        agreement(second=""),
        agreement(first=party(GP).replace("MII", "!!!", 1)),
        agreement(first=party(GP).replace('c:transportId="t1" c:docEx', 'c:transportId="t9" c:docEx')),
    ],
)
def test_what_is_no_agreement_is_refused_in_a_sentence(data):
    """Broken, hostile and half files give one sentence with the place, and repeat nothing long."""
    with pytest.raises(Refused) as refused:
        read_cpa(data)
    assert 0 < len(str(refused.value)) < 200


# Written from INDEX-transport.md (cpa/): which are for SMTP, and which had ended at AT.
EXPECTED = {
    "nav-qass-35065.xml": ("nav:qass:35065", []),
    "nav-qass-31162.xml": ("nav:qass:31162", ["End"]),
    "helsenorge-CPA_v2_51795e2c.xml": ("51795e2c-9d39-44e0-9168-5bee38f20819", ["End", "AMQP", "AMQP"]),
    "helsenorge-CPA_93252-soapwrapped.xml": ("9333f3de-e85c-4c26-9066-6800055b1b8e", ["End", "AMQP", "AMQP"]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_sample_agreements_get_their_verdicts(name):
    """Each real file is read, and refused for just what keeps it from being used over SMTP at that time."""
    cpa = read_cpa((samples_folder("transport") / "cpa" / name).read_bytes())
    id, errors = EXPECTED[name]
    found = [each for each in check_cpa(cpa, AT) if each.severity is Severity.ERROR]
    assert cpa.id == id
    assert [word in each.place + str(each.said) for word, each in zip(errors, found, strict=True)] == [True] * len(
        errors
    )


def test_every_sample_agreement_has_a_verdict():
    """A file that comes into the folder must get its verdict here."""
    assert {path.name for path in (samples_folder("transport") / "cpa").iterdir()} == set(EXPECTED)
