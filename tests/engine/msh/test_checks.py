"""The rules about what an envelope says: each row finds its own fault, and nothing else (transport.md F.3)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from engine.agreements.services import Route, ServiceTable
from engine.agreements.terms import Terms, Usage
from engine.codes.envelope import EnvelopeCode
from engine.errors import EbxmlCode, Severity
from engine.msh import constants as c
from engine.msh.checks import Agreed, check_agreement, check_form
from engine.msh.envelope import read_envelope
from engine.msh.rules import RULES, fault, finding
from tests.engine.msh.envelope_examples import LETTER, NOW, message
from tests.fakes.partners.forgery import eb, soap_name

IDS = ("a@b", "c")
ROUTE = Route(LETTER.service, LETTER.action, LETTER.to.from_role, LETTER.to.to_role, "APPREC")
TABLE = ServiceTable({LETTER.action: ROUTE})


def agreed(*, services=TABLE, now=NOW, **terms):
    """Return an agreement with these terms."""
    return Agreed(Terms(**terms), services, now)


def found(change=lambda root: None, held=None, ids=IDS):
    """Change a message, and return (rule, code, severity, location) of everything that is found."""
    root = message()
    change(root)
    envelope = read_envelope(root)
    every = (*check_form(envelope, ids), *check_agreement(envelope, held or agreed()))
    return [(each.rule, each.code, each.severity, each.location) for each in every]


def set_attribute(tag, name, value):
    """Return a change of one attribute of the first element with a tag."""

    def change(root):
        attributes = next(root.iter(eb(tag))).attrib
        attributes.pop(name, None)
        attributes.update({} if value is None else {name: value})

    return change


def add_block(text):
    """Return a change that puts a block into the SOAP header."""

    def change(root):
        next(root.iter(soap_name("Header"))).append(etree.fromstring(text))

    return change


def add_data(name, text):
    """Return a change that adds an element to MessageData."""

    def change(root):
        etree.SubElement(next(root.iter(eb("MessageData"))), eb(name)).text = text

    return change


def test_a_message_as_agreed_is_without_findings():
    """What is as the profile and the agreement want it gets no word."""
    assert found() == []


@pytest.mark.parametrize("block", ["MessageHeader", "AckRequested", "Manifest"])
@pytest.mark.parametrize("version", ["1.0", "3.0", "", None])
def test_another_version_is_inconsistent(block, version):
    """Rule 5: each block says version 2.0."""
    change = set_attribute(block, eb("version"), version)
    assert found(change) == [("5", EbxmlCode.INCONSISTENT, Severity.ERROR, f"//{block}/@version")]


def test_another_cpa_is_refused_only_where_that_is_agreed():
    """Rule 8: by default another CPAId is only noted; letters compare without case (transport.md E)."""
    wanted = ("8", EbxmlCode.VALUE_NOT_RECOGNIZED, Severity.ERROR, "xpointer(//MessageHeader/CPAId)")
    noted = (*wanted[:2], Severity.WARNING, wanted[3])
    assert found(held=agreed(cpa_id="nav:qass:1")) == [noted]
    assert found(held=agreed(cpa_id="nav:qass:1", check_cpa=True)) == [wanted]
    assert found(held=agreed(cpa_id=LETTER.to.cpa_id.upper(), check_cpa=True)) == []


def test_service_and_action_must_be_agreed():
    """Rule 9: an unknown Service is inconsistent, an unknown Action of a known one not recognised."""
    nothing = ServiceTable({})
    other = ServiceTable({"X": Route(LETTER.service, "X", "a", "b", "APPREC")})
    assert found(held=agreed(services=nothing)) == [("9", EbxmlCode.INCONSISTENT, Severity.ERROR, "//Service")]
    assert found(held=agreed(services=other)) == [("9", EbxmlCode.VALUE_NOT_RECOGNIZED, Severity.ERROR, "//Action")]


@pytest.mark.parametrize(("strict", "severity"), [(True, Severity.ERROR), (False, Severity.WARNING)])
@pytest.mark.parametrize("side", ["From", "To"])
@pytest.mark.parametrize("role", ["annen", None])
def test_another_role_is_noted_or_refused_as_agreed(strict, severity, side, role):
    """Rule 9: a Role that is not the Action's, or missing, is a Warning unless the agreement says otherwise."""

    def change(root):
        party = next(root.iter(eb(side)))
        party.remove(party.find(eb("Role")))
        if role:
            etree.SubElement(party, eb("Role")).text = role

    assert found(change, agreed(check_roles=strict)) == [("9", EbxmlCode.INCONSISTENT, severity, f"//{side}/Role")]


def test_time_to_live_ends_the_message_and_a_guess_does_not():
    """Rule 11: a time that has passed refuses; one without a zone, or the very moment, does not (transport.md B.2)."""
    late = [("11", EbxmlCode.TIME_TO_LIVE_EXPIRED, Severity.ERROR, "//MessageData/TimeToLive")]
    assert found(add_data("TimeToLive", (NOW - timedelta(microseconds=1)).isoformat())) == late
    assert found(add_data("TimeToLive", NOW.isoformat())) == []
    assert found(add_data("TimeToLive", "2001-01-01T00:00:00")) == []


@pytest.mark.parametrize(
    ("ahead", "severity"),
    [
        (timedelta(minutes=5), None),
        (timedelta(minutes=5, seconds=1), Severity.WARNING),
        (timedelta(days=1), Severity.WARNING),
        (timedelta(days=1, seconds=1), Severity.ERROR),
        (timedelta(days=3_650), Severity.ERROR),
    ],
)
def test_a_message_from_the_future_is_noted_and_beyond_a_day_refused(ahead, severity):
    """Rule 11: clocks differ by minutes, a forgotten zone by hours; ten years would outlive our memory of its id."""

    def change(root):
        next(root.iter(eb("Timestamp"))).text = (NOW + ahead).isoformat()

    wanted = [("11", EbxmlCode.INCONSISTENT, severity, "//MessageData/Timestamp")] if severity else []
    assert found(change) == wanted


def test_an_acknowledgment_of_the_next_hop_is_not_supported():
    """Rule 12: only the party at the end acknowledges."""
    change = set_attribute("AckRequested", f"{{{c.SOAP}}}actor", c.ACTOR_NEXT_MSH)
    assert found(change) == [("12", EbxmlCode.NOT_SUPPORTED, Severity.ERROR, "//AckRequested/@actor")]


@pytest.mark.parametrize("actor", ["urn:x", c.ACTOR_NEXT, "toPartyMSH"])
def test_a_request_for_an_actor_that_the_standard_does_not_have_is_inconsistent(actor):
    """Rule 12: AckRequested is for the party at the end or the next MSH, and a signed SyncReply for the next node."""
    change = set_attribute("AckRequested", f"{{{c.SOAP}}}actor", actor)
    assert found(change) == [("12", EbxmlCode.INCONSISTENT, Severity.ERROR, "//AckRequested/@actor")]
    other = actor if actor != c.ACTOR_NEXT else ""
    reply = add_block(f'<x:SyncReply xmlns:x="{c.EB}" xmlns:s="{c.SOAP}" x:version="2.0" s:actor="{other}"/>')
    assert found(reply) == [("12", EbxmlCode.INCONSISTENT, Severity.ERROR, "//SyncReply/@actor")]


def test_an_order_of_messages_is_not_supported():
    """Rule 12: MessageOrder is not of the profile."""
    block = f'<x:MessageOrder xmlns:x="{c.EB}" x:version="2.0"><x:SequenceNumber>1</x:SequenceNumber></x:MessageOrder>'
    assert found(add_block(block)) == [("12", EbxmlCode.NOT_SUPPORTED, Severity.ERROR, "//MessageOrder")]


@pytest.mark.parametrize(("must", "wanted"), [("1", 1), ("true", 1), ("0", 0), (None, 0)])
def test_a_foreign_block_that_must_be_understood_is_refused(must, wanted):
    """SOAP 1.1: what must be understood and is not may not be passed over, in whatever namespace; anything else may."""
    attribute = "" if must is None else f' s:mustUnderstand="{must}"'
    result = found(add_block(f'<x:Fremmed xmlns:x="urn:x" xmlns:s="{c.SOAP}"{attribute}/>'))
    assert result == [("12", EbxmlCode.NOT_SUPPORTED, Severity.ERROR, "//Header")] * wanted
    own = found(add_block(f'<x:Foo xmlns:x="{c.EB}" xmlns:s="{c.SOAP}" x:version="2.0"{attribute}/>'))
    assert own == result


@pytest.mark.parametrize(
    ("terms", "location"),
    [
        ({"duplicate_elimination": Usage.NEVER}, "//DuplicateElimination"),
        ({"ack_requested": Usage.NEVER}, "//AckRequested"),
        ({"ack_signed": Usage.NEVER}, "//AckRequested/@signed"),
    ],
)
def test_what_is_asked_for_against_the_agreement_is_noted(terms, location):
    """Rule 13: a departure is a Warning; what the agreement wants always, or leaves to each message, is none."""
    assert found(held=agreed(**terms)) == [("13", EbxmlCode.INCONSISTENT, Severity.WARNING, location)]
    assert found(held=agreed(**dict.fromkeys(terms, Usage.ALWAYS))) == []
    assert found(held=agreed(**dict.fromkeys(terms, Usage.PER_MESSAGE))) == []


def test_the_manifest_names_each_part_once():
    """Rule 14: a part too few, one too many, and an empty Manifest."""
    wanted = ("14", EbxmlCode.MIME_PROBLEM, Severity.ERROR)
    assert found(ids=("a@b",)) == [(*wanted, "cid:c")]
    assert found(ids=(*IDS, "x")) == [(*wanted, "cid:x")]

    def empty(root):
        manifest = next(root.iter(eb("Manifest")))
        for reference in list(manifest):
            manifest.remove(reference)

    assert found(empty, ids=()) == [(*wanted, "//Manifest")]


def test_every_rule_of_the_fact_sheet_has_its_row():
    """The table has the numbers 1 to 22 but 10, which nobody asks for; a finding takes code and place from its row."""
    assert {row.number for row in RULES.values()} == {str(number) for number in range(1, 23) if number != 10}
    for name, row in RULES.items():
        assert row.holds
        made = finding(name, EnvelopeCode.SERVICE)
        assert (made.rule, made.code, made.severity, made.location) == (
            row.number,
            row.code,
            row.severity,
            row.location,
        )
        assert fault(name, EnvelopeCode.SERVICE, "//X").finding == replace(made, location="//X")
