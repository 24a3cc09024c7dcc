"""Rule 4 on what comes: real senders' habits give nothing, other departures a Warning, and nothing is refused."""

import pytest
from lxml import etree

from engine.errors import Severity
from engine.msh import constants as c
from engine.msh.leniency import check_schema
from engine.msh.reading import read
from tests.engine.msh.envelope_examples import acknowledgment, error, message
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, altered, eb, payload_mail, resigned, soap_name
from tests.fakes.world.surroundings import SCHEMAS


def first(root, name):
    """Return the first ebXML element of a name."""
    return next(root.iter(eb(name)))


def schema_of(root, version):
    """Give the Manifest's reference a Schema."""
    reference = first(root, "Reference")
    reference.insert(0, reference.makeelement(eb("Schema"), {eb("location"): "x", eb("version"): version}))


def no_references(root):
    """Take every Reference out of the Manifest."""
    for reference in list(root.iter(eb("Reference"))):
        reference.getparent().remove(reference)


LENIENT = {
    "mustUnderstand in words": lambda root: first(root, "MessageHeader").set(soap_name("mustUnderstand"), "true"),
    "an empty version of a Schema": lambda root: schema_of(root, ""),
    "an attribute more": lambda root: first(root, "Action").set("x", "y"),
    "a Manifest of nothing": no_references,
}


@pytest.mark.parametrize("change", LENIENT.values(), ids=LENIENT)
def test_habits_of_real_senders_give_nothing(change):
    """The lenient list of rule 4 is not even noted, and the envelope is left as it was."""
    root = message()
    change(root)
    before = etree.tostring(root)
    assert check_schema(root, SCHEMAS) == ()
    assert etree.tostring(root) == before


@pytest.mark.parametrize("make", [message, acknowledgment, error])
def test_our_own_envelopes_are_as_the_schema_wants_them(make):
    """Message, Acknowledgment and MessageError of ours give nothing."""
    assert check_schema(make(), SCHEMAS) == ()


def misplaced(root):
    """Put the Action behind the MessageData."""
    header = first(root, "MessageHeader")
    header.append(first(root, "Action"))


def test_what_is_read_all_the_same_is_only_a_warning():
    """A signed envelope in another order is read, with a Warning of rule 4 that names the place."""
    mail = altered(payload_mail(Letter(), document()), lambda soap: resigned(soap, misplaced))
    reading = read(mail, lambda _: False, schemas=SCHEMAS)
    told = [found for found in reading.findings if found.rule == "4"]
    assert (reading.signature, reading.errors) == ("valid", ())
    assert reading.envelope is not None
    assert {found.severity for found in told} == {Severity.WARNING}
    assert told[0].location.startswith("/Envelope/Header/MessageHeader")
    assert c.EB not in str(told[0].said)
    assert read(mail, lambda _: False).findings == ()
