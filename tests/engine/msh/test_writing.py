"""What we write is valid by the official schemas, and reads back as it was meant."""

import pytest
from lxml import etree

from engine.msh import constants as c
from engine.msh.envelope import read_envelope
from engine.msh.signing import sign
from engine.msh.writing import error_envelope
from engine.names import MessageId
from tests.engine.msh.envelope_examples import FINDINGS, LETTER, NOW, SIGNAL, acknowledgment, error, in_codes, message
from tests.fakes.partners.forgery import EVERYBODY, SOFTWARE, Letter, ds, eb, remove
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE, test_keys

KEYS = MemoryKeys(test_keys(), EVERYBODY)
written = pytest.mark.parametrize("write", [message, acknowledgment, error])


@written
def test_every_envelope_that_we_write_is_valid_by_the_official_schemas(write, official_envelope):
    """SOAP 1.1, ebXML 2.0 and XML signatures: what we sign and send is valid by all three."""
    parts = {"a@b": b"1", "c": b"2"} if write is message else {}
    soap = sign(write(), parts, LETTER.signed_with, KEYS).soap
    official_envelope.assertValid(etree.fromstring(soap))


def test_the_official_schemas_see_a_fault(official_envelope):
    """A message without its CPAId is not valid, so that the test above says something."""
    broken = message()
    remove(next(broken.iter(eb("CPAId"))))
    assert not official_envelope.validate(broken)


@written
def test_every_envelope_that_we_write_reads_back_the_same(write):
    """Addresses, ids, service, times and references come out as they went in."""
    found = read_envelope(write())
    letter = LETTER if write is message else SIGNAL
    assert (found.from_her, found.to_her) == (GP_SERVICE, LEVANGER_SERVICE)
    assert (found.conversation_id, found.cpa_id) == (letter.to.conversation_id, letter.to.cpa_id)
    assert (found.service, found.ref_to) == (letter.service, letter.ref_to)
    assert (found.from_role, found.to_role) == ("sender", "receiver")
    assert found.timestamp == START.replace(microsecond=123000)
    assert (found.findings, found.time_to_live) == ((), None)
    assert found.is_signal == (write is not message)


def test_a_message_asks_for_a_signed_acknowledgment_and_names_its_attachments():
    """The Manifest holds each cid once, in order; the acknowledgment is asked for, signed."""
    found = read_envelope(message())
    assert (found.manifest, found.ack_requested, found.ack_signed) == (("cid:a@b", "cid:c"), True, True)
    assert (found.acknowledgment, found.errors, found.service_type) == (None, (), "string")


def test_an_acknowledgment_asks_for_nothing_and_confirms_by_reference():
    """An Acknowledgment has no AckRequested and no Manifest; it refers to the message in both places."""
    found = read_envelope(acknowledgment())
    assert (found.ack_requested, found.manifest, found.service_type) == (False, (), "")
    assert (found.acknowledgment.ref_to, found.acknowledgment.digests) == ("melding-0", {"": "AAAA"})


def test_a_copied_reference_keeps_the_prefix_of_its_xpath():
    """The expression in a copied reference must still be understood where it stands now (transport.md G.5)."""
    soap = sign(acknowledgment(), {}, LETTER.signed_with, KEYS).soap
    copied = next(etree.fromstring(soap).iter(eb("Acknowledgment"))).find(ds("Reference"))
    assert next(copied.iter(ds("XPath"))).nsmap.get("SOAP-ENV") == c.SOAP
    assert copied.findtext(ds("DigestValue")) == "AAAA"


def test_an_error_list_tells_each_finding_and_the_worst_severity():
    """Codes, severities, locations and texts come out as they went in."""
    found = read_envelope(error())
    assert found.highest_severity == "Error"
    assert [(each.code, each.severity, each.location, each.description) for each in found.errors] == [
        ("SecurityFailure", "Error", "//Header/Signature", "signature.invalid <&>"),
        ("Inconsistent", "Warning", "cid:x", "envelope.named_twice <&>"),
    ]


def test_an_error_list_of_warnings_is_a_warning():
    """The highest severity is Warning where nothing worse is listed."""
    signal = Letter(service=c.MSH_SERVICE, action=c.MESSAGE_ERROR, ref_to="melding-0")
    found = read_envelope(error_envelope(signal.to, MessageId("feil-1"), NOW, SOFTWARE, FINDINGS[1:], in_codes))
    assert found.highest_severity == "Warning"
