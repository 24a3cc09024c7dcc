"""What others write is read strictly: each element that counts is there once, plain, and named when it is not."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from engine.errors import EbxmlCode, Finding, PartnerFault, Severity
from engine.msh.envelope import claimed, read_envelope
from tests.engine.msh.envelope_examples import acknowledgment, message
from tests.fakes.partners.forgery import ds, eb, remove, soap_name
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP_SERVICE


def fault(change) -> Finding:
    """Change a message and read it; return what was wrong."""
    root = message()
    change(root)
    with pytest.raises(PartnerFault) as caught:
        read_envelope(root)
    return caught.value.finding


def doubled(tag: str):
    """Return a change that doubles the first element with a tag."""

    def change(root):
        found = next(root.iter(tag))
        found.addnext(etree.fromstring(etree.tostring(found, with_tail=False)))

    return change


REQUIRED = [
    soap_name("Header"),
    soap_name("Body"),
    *(eb(name) for name in ("MessageHeader", "From", "To", "CPAId", "ConversationId", "Service", "Action")),
    *(eb(name) for name in ("MessageData", "MessageId", "Timestamp")),
]
SINGLE = [*REQUIRED, *(eb(name) for name in ("Role", "RefToMessageId", "AckRequested", "Manifest"))]
TEXTS = [eb(name) for name in ("CPAId", "ConversationId", "Service", "Action", "MessageId", "Timestamp")]


@pytest.mark.parametrize("tag", REQUIRED, ids=lambda tag: tag.partition("}")[2])
def test_a_missing_element_is_named_with_its_place(tag):
    """Every element that we read and that must be there is missed by name."""
    found = fault(lambda root: remove(next(root.iter(tag))))
    assert (found.code, found.severity) == (EbxmlCode.OTHER_XML, Severity.ERROR)
    assert tag.partition("}")[2] in found.location


@pytest.mark.parametrize("tag", SINGLE, ids=lambda tag: tag.partition("}")[2])
def test_a_doubled_element_is_named_with_its_place(tag):
    """What is read from one of two could be another thing for somebody else; so neither is read."""
    found = fault(doubled(tag))
    assert found.code == EbxmlCode.OTHER_XML
    assert tag.partition("}")[2] in found.location


@pytest.mark.parametrize("tag", TEXTS, ids=lambda tag: tag.partition("}")[2])
@pytest.mark.parametrize("content", ["", "  \n", "<b/>"], ids=["empty", "blank", "an element"])
def test_an_element_without_plain_text_is_refused(tag, content):
    """Ids and names are text, and nothing but text."""

    def change(root):
        element = next(root.iter(tag))
        element.text = None if content == "<b/>" else content
        if content == "<b/>":
            etree.SubElement(element, "b")

    assert fault(change).code == EbxmlCode.OTHER_XML


def party_ids(root, side: str) -> etree._Element:
    """Return the PartyId of From or To."""
    return next(root.iter(eb(side))).find(eb("PartyId"))


@pytest.mark.parametrize("side", ["From", "To"])
@pytest.mark.parametrize("kind", ["orgnummer", "ENH", "her", "", None])
def test_a_party_without_a_her_id_is_not_recognised(side, kind):
    """A party is known by its HER-id alone, whatever else is written."""

    def change(root):
        attributes = party_ids(root, side).attrib
        attributes.pop(eb("type"))
        attributes.update({} if kind is None else {eb("type"): kind})

    found = fault(change)
    assert (found.rule, found.code, found.location) == ("6", EbxmlCode.VALUE_NOT_RECOGNIZED, f"//{side}/PartyId")


@pytest.mark.parametrize("text", ["", "abc", "0123", "12345678901", "-5"])
def test_a_her_id_that_is_none_is_not_recognised(text):
    """What stands as HER-id must be one; the answer does not repeat it."""
    found = fault(lambda root: setattr(party_ids(root, "From"), "text", text))
    assert (found.rule, found.code) == ("6", EbxmlCode.VALUE_NOT_RECOGNIZED)
    assert not text or text not in str(found.said)


def test_two_her_ids_are_not_recognised():
    """One of two HER-ids is nobody's choice to make."""
    found = fault(lambda root: doubled(eb("PartyId"))(root))
    assert (found.rule, found.location) == ("6", "//From/PartyId")


def test_other_party_ids_beside_the_her_id_are_tolerated_with_a_warning():
    """Several PartyIds occur in real traffic: the HER-id is read, the rest is reported."""
    root = message()
    for kind, text in (("ENH", "999000010"), ("DN", "CN=Prøve, O=Prøve"), (None, "x")):
        other = etree.Element(eb("PartyId"), {eb("type"): kind} if kind else {})
        other.text = text
        next(root.iter(eb("From"))).insert(0, other)
    found = read_envelope(root)
    assert found.from_her == GP_SERVICE
    assert [(each.rule, each.severity) for each in found.findings] == [("7", Severity.WARNING)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-02T09:00:00Z", START),
        ("2026-03-02T10:00:00.1234567+01:00", START.replace(microsecond=123456)),
        ("2026-03-02T10:00:00", START),
        ("2026-03-02", None),
        ("i går", None),
        ("9999-12-31T23:59:59-14:00", datetime.max.replace(tzinfo=UTC)),
        ("12026-03-02T09:00:00Z", datetime.max.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime.min.replace(tzinfo=UTC)),
        ("\n -0044-03-15T12:00:00Z", datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_when_a_message_was_written_is_read_in_every_form(text, found):
    """A missing zone is Oslo's, a year out of range the farthest there is, since only days are counted from it."""
    root = message()
    next(root.iter(eb("Timestamp"))).text = text
    assert read_envelope(root).timestamp == found


@pytest.mark.parametrize("text", ["2026-03-02T09:00:00", "2026-03-02", "10000-01-01T00:00:00Z", "i går"])
def test_a_message_lives_as_long_as_it_says_only_where_it_says_a_zone(text):
    """A TimeToLive without a zone could be local or not, and nothing is decided on it."""
    root = message()
    data = next(root.iter(eb("MessageData")))
    etree.SubElement(data, eb("TimeToLive")).text = text
    assert read_envelope(root).time_to_live is None


def test_an_acknowledgment_may_carry_its_reference_in_its_block_only():
    """Vendors leave RefToMessageId out of MessageData; the block's own is then the one (transport.md G.20)."""
    root = acknowledgment()
    remove(next(root.iter(eb("MessageData"))).find(eb("RefToMessageId")))
    assert read_envelope(root).ref_to == "melding-0"


def test_a_copied_digest_is_read_without_blanks():
    """Line breaks inside a copied digest do no harm."""
    root = acknowledgment()
    next(root.iter(ds("DigestValue"))).text = "AA\r\n AA\n"
    assert read_envelope(root).acknowledgment.digests == {"": "AAAA"}


def test_a_copied_reference_without_a_digest_is_refused():
    """A reference that confirms nothing is a fault of form."""
    root = acknowledgment()
    remove(next(root.iter(ds("DigestValue"))))
    with pytest.raises(PartnerFault):
        read_envelope(root)


def test_what_an_unverified_message_claims_is_read_as_far_as_it_is_plain():
    """Each field stands alone: what is missing or doubled is None, the rest is there."""
    root = message()
    remove(next(root.iter(eb("CPAId"))))
    doubled(eb("ConversationId"))(root)
    found = claimed(root)
    assert (found.cpa_id, found.conversation_id) == (None, None)
    assert (found.message_id, found.from_her, found.action) == ("melding-1", GP_SERVICE, "DIALOG_HELSEFAGLIG")
    assert claimed(etree.Element("x")).message_id is None


def test_the_sample_error_of_a_real_system_is_read(transport):
    """A MessageError template of NAV's gives its code, location and text."""
    root = etree.parse(transport / "soap" / "nav-tmpl-messageerror.xml").getroot()
    found = read_envelope(root)
    assert [each.code for each in found.errors] == ["ValueNotRecognized"]
    assert found.errors[0].location
    assert found.highest_severity == "Error"


def test_times_are_utc():
    """Whatever zone a partner writes, we keep UTC."""
    root = message()
    next(root.iter(eb("Timestamp"))).text = "2026-07-02T10:00:00+02:00"
    assert read_envelope(root).timestamp == datetime(2026, 7, 2, 8, tzinfo=UTC)
    assert read_envelope(root).timestamp.tzinfo is UTC
