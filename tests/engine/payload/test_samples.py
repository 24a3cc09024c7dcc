"""Real and official samples are read, or refused for the reason that they were made for."""

import pytest

from engine.errors import PayloadFault
from engine.payload.apprec import read_apprec
from engine.payload.elements import root_kind
from engine.payload.msghead import read_msghead

REFUSED = {
    "fiks_INVALID_missing-migversion.xml": "T02",
    "fiks_INVALID_unknown-migversion.xml": "T02",
    "fiks_apprec1.0_unknown-status.xml": "T02",
    "fiks_apprec1.0_example-ok-feil-i-delmelding.xml": "T02",  # names its parties without any HER-id
    "helsenorge_amqp_soapfault.xml": "T10",
    "INVALID_migversion.xml": "T10",
    "INVALID_missing_temakodet.xml": "T02",
    "INVALID_mixed_foresporsel_notat.xml": "T02",
    "fiks_INVALID_invalid-version.xml": "T10",
    "nav_egenandelforesporsel.xml": "T10",
}


def read(data):
    """Read a document of either kind."""
    return read_msghead(data) if root_kind(data) == "msghead" else read_apprec(data)


def expected(name):
    """Return the code that a sample is refused with, None where it is read. NAV wraps its documents in its own root."""
    return "T10" if name.startswith("nav_") else REFUSED.get(name)


def test_every_sample_is_read_or_refused_as_expected(samples):
    """All samples together: none raises anything else, and none is refused for another reason."""
    outcome = {}
    for path in sorted((samples / "xml").glob("*/*.xml")):
        try:
            read(path.read_bytes())
            outcome[path.name] = None
        except PayloadFault as fault:
            outcome[path.name] = fault.code
    assert len(outcome) >= 40
    assert outcome == {name: expected(name) for name in outcome}


@pytest.mark.parametrize(
    ("name", "sender", "receiver", "patient", "files"),
    [
        ("fiks_v1.0_dialog-notat-webmed-test.xml", "8143025", "8143060", True, []),
        ("fiks_v1.1_helsefaglig_samsvar.xml", "8094866", "8143060", True, [3151]),
        ("helsenorge_dialog11_helsefaglig_3vedlegg_conversationref.xml", "258521", "90998", True, [33, 0, 103]),
    ],
)
def test_real_dialog_messages_are_read_in_full(samples, name, sender, receiver, patient, files):
    """Parties, patient and attachments of messages from real systems are what they say."""
    head = read_msghead((samples / "xml" / "msghead-dialog" / name).read_bytes())
    assert (head.sender_her, head.receiver_her, head.has_patient) == (sender, receiver, patient)
    assert [len(file.content) for file in head.attachments] == files


def test_a_real_refusal_is_read_with_its_error_unchanged(samples):
    """Code, name and detail of a partner's error come through, and a blank in V does no harm."""
    found = read_apprec((samples / "xml" / "apprec" / "fiks_apprec1.0_example-avvist.xml").read_bytes())
    assert (found.status, found.sender_her, found.receiver_her) == (2, "258521", "91126")
    error = found.errors[0]
    assert (error.code, error.name, error.detail) == ("E21", "Mottaker finnes ikke", "Legen har sluttet")
