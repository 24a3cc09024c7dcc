"""MsgHead: what we write the official schemas accept, and what we read is there once."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from engine.codes.document import DocumentCode
from engine.codes.statement import Statement
from engine.errors import PayloadFault, Refused
from engine.names import MsgId
from engine.payload.attachment import Attachment
from engine.payload.dialog import Notat
from engine.payload.msghead import read_identity, read_msghead
from tests.engine.payload.payload_examples import (
    CARRIERS,
    FILES,
    FIRST,
    GP,
    HOSPITAL,
    MUNICIPALITY,
    NOW,
    SECOND,
    message,
)
from tests.fakes.partners.documents import document

SENT = ["samvik-1", "dialog-1.0"]


def fault(data):
    """Return the fault that reading these bytes raises."""
    with pytest.raises(PayloadFault) as caught:
        read_msghead(data)
    return caught.value


@pytest.mark.parametrize("carrier", SENT)
@pytest.mark.parametrize("party", [HOSPITAL, GP, replace(MUNICIPALITY, unit=None)])
@pytest.mark.parametrize("conversation", [None, (FIRST, SECOND)])
@pytest.mark.parametrize("files", [(), FILES])
def test_what_we_write_the_official_schemas_accept(official, carrier, party, conversation, files):
    """Every carrier, kind of party, thread and attachment gives a document that is valid."""
    data = message(
        carrier=CARRIERS[carrier], receiver=party, conversation=conversation, attachments=files, test=bool(files)
    )
    official.assertValid(etree.fromstring(data))


@pytest.mark.parametrize("carrier", SENT)
def test_what_we_write_we_read(carrier):
    """Every value that goes into a document comes out of it again."""
    chosen = CARRIERS[carrier]
    head = read_msghead(
        message(carrier=chosen, receiver=GP, conversation=(FIRST, SECOND), attachments=FILES, msg_id=MsgId("x-1"))
    )
    assert (head.type, head.msg_id, head.gen_date) == (chosen.message_type, "x-1", NOW)
    assert (head.parent, head.conversation, head.has_patient) == (FIRST, SECOND, False)
    assert (head.sender.party, head.receiver.party) == (MUNICIPALITY, GP)
    assert (head.sender_her, head.receiver_her, head.sender.hers) == ("1000011", "1000033", ("1000001", "1000011"))
    assert (head.dialog.version, head.dialog.tema_code) == (chosen.dialog_version, chosen.tema_code)
    assert (head.dialog.tema, head.dialog.text) == ("AVV-1: Emne", "Linje én\nLinje to: æøå áčđŋšŧž <&>")
    assert head.attachments == FILES


def test_a_document_is_utf_8_with_a_declaration():
    """NHN asks for an XML declaration and UTF-8 (payload.md F)."""
    assert message().startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


def test_only_a_test_message_says_that_it_is_one():
    """ProcessingStatus D stands in test messages and no others."""
    assert b"ProcessingStatus" not in message()
    assert b'<ProcessingStatus V="D"' in message(test=True)


def test_a_first_note_names_the_contact_at_the_receiver_and_an_answer_does_not():
    """HIS 1077 wants role 24 in the first Helsefaglig dialog with subject 6 (payload.md B)."""
    assert b'<RoleToPatient V="24"' in message()
    assert b"RollerRelatertNotat" not in message(conversation=(FIRST, FIRST))
    assert b"RollerRelatertNotat" not in message(carrier=CARRIERS["dialog-1.0"])


def test_a_carrier_that_wants_a_patient_is_refused():
    """Samvik writes no Patient, so it does not write documents that need one."""
    with pytest.raises(Refused, match=r"document\.carrier_wants_patient"):
        message(carrier=CARRIERS["patient"])


def test_more_than_fifty_attachments_are_refused_on_both_sides():
    """The limit holds for what we send and for what we read."""
    with pytest.raises(Refused, match=r"document\.files_to_send.*51"):
        message(attachments=[Attachment("a", "text/plain", b"")] * 51)
    fifty = message(attachments=[Attachment("a", "text/plain", b"a")] * 50)
    document = fifty[fifty.rindex(b"<Document>") : fifty.rindex(b"</MsgHead>")]
    assert len(read_msghead(fifty).attachments) == 50
    assert fault(fifty.replace(b"</MsgHead>", document + b"</MsgHead>")).code == "T99"


def test_control_characters_in_a_text_are_refused_and_not_repeated():
    """What XML cannot carry stops the sender with the name of the element only."""
    with pytest.raises(Refused, match=r"document\.not_writable.*TekstNotatInnhold") as caught:
        message(notat=Notat("Emne", "hemmelig\x00", "1"))
    assert "hemmelig" not in str(caught.value)


@pytest.mark.parametrize("name", ["Type", "GenDate", "MsgId", "MIGversion", "Sender", "Receiver"])
def test_an_element_of_the_head_is_there_exactly_once(name):
    """Missing and doubled elements are T02, with their place."""
    whole = re.search(rf"<{name}[ />].*?(</{name}>|/>)".encode(), message(), re.DOTALL).group()
    if name in ("Sender", "Receiver"):
        whole = re.search(rf"<{name}>.*</{name}>".encode(), message(), re.DOTALL).group()
    for changed in (message().replace(whole, b""), message().replace(whole, whole + whole)):
        found = fault(changed)
        assert (found.code, found.location) == ("T02", f"/MsgHead/MsgInfo/{name}")


@pytest.mark.parametrize("name", ["MsgInfo", "RefDoc", "Content", "Dialogmelding", "TemaKodet", "Organisation"])
def test_a_missing_or_doubled_part_is_found(name):
    """Parts that hold what we read are there once; a second of them is not passed over."""
    whole = re.search(rf"<{name}[ />](.*</{name}>|.*?/>)".encode(), message(), re.DOTALL).group()
    if name == "Organisation":
        whole = re.search(rb"<Sender>(.*)</Sender>", message(), re.DOTALL).group(1)
    assert fault(message().replace(whole, b"", 1)).code == "T02"
    assert fault(message().replace(whole, whole + whole, 1)).code == "T02"


def test_two_her_ids_on_one_level_are_refused():
    """A level that says two HER-ids could be read in two ways."""
    ident = b'<Ident><Id>1000011</Id><TypeId V="HER" S="2.16.578.1.12.4.1.1.9051" DN="HER-id"/></Ident>'
    assert ident in message()
    found = fault(message().replace(ident, ident + ident.replace(b"1000011", b"1000012")))
    assert (found.code, found.location) == ("T02", "/MsgHead/MsgInfo/Sender/Organisation/Organisation/Ident")


def test_two_parties_side_by_side_at_the_lowest_level_are_refused():
    """A department and a person beside each other leave open who is meant."""
    person = (
        b'<HealthcareProfessional><Ident><Id>5</Id><TypeId V="HER"/></Ident></HealthcareProfessional></Organisation>'
    )
    data = message().replace(b"</Organisation></Organisation></Sender>", b"</Organisation>" + person + b"</Sender>")
    assert fault(data).said == Statement.of(DocumentCode.SIDE_BY_SIDE)


@pytest.mark.parametrize("bad", [b"0123", b"-1", b"1e3", b"", b"12345678901", b"1 2", "١".encode()])
def test_a_her_id_that_is_none_is_refused(bad):
    """Leading zeros, signs, other digits and eleven-digit numbers are no HER-id, and are not repeated."""
    found = fault(message().replace(b"<Id>1000011</Id>", b"<Id>" + bad + b"</Id>"))
    assert found.code == "T02"
    assert not bad or bad.decode() not in str(found)


def test_blanks_comments_and_other_code_systems_around_a_her_id_are_tolerated():
    """Partners write blanks in V and other systems in S; a comment inside an id does not cut it."""
    data = message().replace(b'V="HER" S="2.16.578.1.12.4.1.1.9051"', b'V=" HER" S="1.2.3"')
    data = data.replace(b"<Id>1000011</Id>", b"<Id> 1000<!-- 9 -->011\n</Id>")
    assert read_msghead(data).sender_her == "1000011"


def test_a_comment_inside_the_msg_id_does_not_cut_it():
    """The id is all of its text, so that nobody reads another one than we do."""
    data = message().replace(b"<MsgId>1111", b"<MsgId>11<!--x-->11<?pi?>")
    assert read_msghead(data).msg_id == FIRST


@pytest.mark.parametrize("bad", [b"", b"  ", b"x" * 256, b"a&#9;b", b"a<b/>c"])
def test_a_msg_id_that_is_none_is_refused(bad):
    """Empty, endless and broken ids are T02."""
    assert fault(message().replace(FIRST.encode(), bad)).code == "T02"


@pytest.mark.parametrize("bad", [b"", b"  ", b"x" * 256])
def test_a_message_function_that_is_none_is_refused(bad):
    """The type goes back in our answer, so it is there and bounded."""
    found = fault(message().replace(b'Type V="DIALOG_HELSEFAGLIG"', b'Type V="' + bad + b'"'))
    assert (found.code, found.location) == ("T02", "/MsgHead/MsgInfo/Type")


def test_a_time_without_zone_is_oslo_time():
    """GenDate without a zone is read as Norwegian local time."""
    data = message().replace(b"2026-11-20T10:15:30+01:00", b"2026-11-20T10:15:30")
    assert read_msghead(data).gen_date == datetime(2026, 11, 20, 9, 15, 30, tzinfo=UTC)
    assert fault(data.replace(b"T10:15:30</GenDate>", b"</GenDate>")).location == "/MsgHead/MsgInfo/GenDate"


def test_the_references_of_a_thread_are_read_in_either_order():
    """Some senders swap the two children of ConversationRef (payload.md H)."""
    data = message(conversation=(FIRST, SECOND))
    parent, root = (f"<{n}>{v}</{n}>".encode() for n, v in (("RefToParent", FIRST), ("RefToConversation", SECOND)))
    assert parent + root in data
    head = read_msghead(data.replace(parent + root, root + parent))
    assert (head.parent, head.conversation) == (FIRST, SECOND)
    assert fault(data.replace(root, b"")).code == "T02"


def test_a_patient_is_noticed_and_not_read():
    """Only the presence of a Patient is told, also of one among other receivers."""
    assert read_msghead(message().replace(b"</MsgInfo>", b"<Patient/></MsgInfo>")).has_patient
    other = b"<OtherReceiver><RoleReceiver/><Patient/></OtherReceiver></MsgInfo>"
    assert read_msghead(message().replace(b"</MsgInfo>", other)).has_patient


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"msghead/2006-05-24", b"msghead/2005-11-22"),
        (b"v1.2 2006-05-24", b"v1.1 2006-02-15"),
        (b"dialog/2013-01-23", b"dialog/2019-01-01"),
        (b"Dialogmelding", b"Epikrise"),
        (b"MsgHead", b"MsgTail"),
    ],
)
def test_other_formats_are_t10(old, new):
    """Another head, head version, dialog version or document type is not supported, and said so."""
    assert fault(message().replace(old, new)).code == "T10"


def test_reports_to_registers_are_t10():
    """PatientReport in the place of Document is not supported."""
    assert fault(message().replace(b"<Document>", b"<PatientReport/><Document>", 1)).code == "T10"


def test_a_bad_document_can_still_be_answered():
    """Everything that is readable of the identity is told, although the document is refused."""
    data = message().replace(b"Dialogmelding", b"Epikrise").replace(b"v1.2 2006-05-24", b"v9")
    identity = read_identity(data)
    assert (identity.msg_id, identity.type, identity.gen_date) == (FIRST, "DIALOG_HELSEFAGLIG", NOW)
    assert (identity.sender.party, identity.receiver.lowest) == (MUNICIPALITY, "1000022")


def test_an_identity_leaves_out_what_is_doubled_or_unreadable():
    """Two MsgIds are no MsgId, and a sender without HER-id is no sender."""
    data = message().replace(b"<MsgId>", b"<MsgId>x</MsgId><MsgId>").replace(b"<Id>1000001</Id>", b"<Id>0</Id>")
    identity = read_identity(data)
    assert (identity.msg_id, identity.sender) == (None, None)
    assert identity.receiver.party == HOSPITAL


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"not xml", b'<MsgHead xmlns="http://www.kith.no/xmlstds/msghead/2006-05-24"/>']
)
def test_what_is_no_msghead_has_no_identity(data):
    """Nothing to answer is None, and no fault."""
    assert read_identity(data) is None


@pytest.mark.parametrize(
    ("written", "other"),
    [
        (b"<MIGversion>v1.2 2006-05-24</MIGversion>", b"<MIGversion/>"),
        (b"<MIGversion>v1.2 2006-05-24</MIGversion>", b"<MIGversion>v1.2<!-- x --> 2006-05-24</MIGversion>"),
        (b"<MIGversion>v1.2 2006-05-24</MIGversion>", b"<MIGversion><![CDATA[v1.2 2006-05-24]]></MIGversion>"),
        (b"<GenDate>", b"<GenDate><!-- klokka --><?x y?>"),
    ],
)
def test_odd_but_valid_forms_are_read(written, other):
    """An empty element has the schema's fixed value, and comments inside a text are none of it."""
    data = document()
    assert written in data
    assert read_msghead(data.replace(written, other)) == read_msghead(data)
