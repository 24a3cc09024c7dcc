"""AppRec: valid in both versions, read with everything that partners vary."""

import pytest
from lxml import etree

from engine.errors import APPREC_ERRORS, PayloadFault
from engine.payload.apprec import ApprecError, ReadApprecError, read_apprec
from engine.payload.elements import root_kind
from tests.engine.payload.payload_examples import (
    FIRST,
    GP,
    HOSPITAL,
    MUNICIPALITY,
    NOW,
    SECOND,
    message,
    receipt,
    refusal,
)

VERSIONS = ["1.0", "1.1"]
PRIMARY = b'<Id>1000022</Id><TypeId V="HER" DN="HER-id"/>'


def fault(data):
    """Return the fault that reading these bytes raises."""
    with pytest.raises(PayloadFault) as caught:
        read_apprec(data)
    return caught.value


@pytest.mark.parametrize("version", VERSIONS)
def test_what_we_write_the_official_schemas_accept(official, version):
    """Positive, partial and negative receipts are valid, for departments and persons, with every error code."""
    errors = [ApprecError(code, "Utdyping æøå <&>") for code in APPREC_ERRORS]
    built = [receipt(version), receipt(version, sender=GP, status=3, errors=errors[:1]), refusal(version)]
    built.append(receipt(version, status=2, errors=errors, original_type_name=""))
    for data in built:
        official.assertValid(etree.fromstring(data))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_we_write_we_read(version):
    """Every value that goes into a receipt comes out of it again."""
    found = read_apprec(receipt(version, receiver=GP, status=3, errors=[ApprecError("X99", "Se her")]))
    assert (found.version, found.id, found.gen_date, found.status) == (version, SECOND, NOW, 3)
    assert found.errors == (ReadApprecError("X99", "2.16.578.1.12.4.1.1.8221", "Annen feil", "Se her"),)
    assert (found.original_msg_id, found.original_type) == (FIRST, "DIALOG_HELSEFAGLIG")
    assert (found.sender_hers, found.receiver_hers) == (("1000002", "1000022"), ("1000003", "1000033"))
    assert (found.sender_her, found.receiver_her) == ("1000022", "1000033")


def test_the_time_of_the_answered_document_goes_back_as_it_came():
    """IssueDate is the original GenDate in its own zone (payload.md C)."""
    assert b"<IssueDate>2026-11-20T09:15:30+00:00</IssueDate>" in receipt()


@pytest.mark.parametrize(("status", "errors"), [(1, [ApprecError("X99")]), (2, []), (3, []), (2, [ApprecError("Z00")])])
def test_a_receipt_that_contradicts_itself_is_not_written(status, errors):
    """Status 1 has no error, 2 and 3 have one, and all errors are of the table."""
    with pytest.raises(ValueError, match=r"status|APPREC_ERRORS"):
        receipt(status=status, errors=errors)


def test_a_refusal_without_an_error_is_read():
    """Partners send status 2 without saying why; it is still a refusal."""
    data = receipt().replace(b'<Status V="1" DN="OK"/>', b'<Status V="2"/>')
    assert (read_apprec(data).status, read_apprec(data).errors) == (2, ())


def test_errors_of_other_lists_are_kept_unchanged():
    """Codes and names that we do not know are passed on as they came, also where S is missing."""
    data = refusal().replace(b'V="E21" S="2.16.578.1.12.4.1.1.8221"', b'V=" 07 "')
    assert read_apprec(data).errors[0] == ReadApprecError(
        " 07 ", "", "Mottaker finnes ikke", "HER-id 1000022 er ikke her."
    )


def test_a_her_id_is_found_as_an_additional_id():
    """NAV writes the organisation number first and the HER-id beside it."""
    other = b'<Id>999999991</Id><TypeId V="ENH"/><AdditionalId><Id>1000022</Id><Type V=" HER"/></AdditionalId>'
    assert PRIMARY in receipt()
    assert read_apprec(receipt().replace(PRIMARY, other)).sender_her == "1000022"


@pytest.mark.parametrize(
    "instead",
    [
        PRIMARY + b'<AdditionalId><Id>1000023</Id><Type V="HER"/></AdditionalId>',
        PRIMARY + b"</Dept><Dept>" + PRIMARY.replace(b"1000022", b"1000023"),
        b'<Id>0</Id><TypeId V="HER"/>',
        b'<TypeId V="HER"/>',
        b'<Id>1</Id><Id>2</Id><TypeId V="HER"/>',
        PRIMARY + b'<TypeId V="HER"/>',
        PRIMARY + b"<AdditionalId><Id>1000023</Id></AdditionalId>",
    ],
)
def test_a_party_that_could_be_read_in_two_ways_is_refused(instead):
    """Doubled, missing and malformed HER-ids are T02."""
    assert fault(receipt().replace(PRIMARY, instead)).code == "T02"


def test_a_party_without_any_her_id_is_refused():
    """A receipt that names its sender only by organisation number cannot be trusted to anyone."""
    found = fault(receipt().replace(b'V="HER"', b'V="ENH"'))
    assert (found.code, found.location) == ("T02", "/AppRec/Sender/HCP")


def test_a_professional_alone_is_a_party():
    """HCP may hold an HCProf instead of an institution, but not both."""
    data = receipt()
    start, end = data.index(b"<Inst>"), data.index(b"</Inst>") + len(b"</Inst>")
    alone = b"<HCProf><Name>x</Name>" + PRIMARY + b"</HCProf>"
    assert read_apprec(data[:start] + alone + data[end:]).sender_hers == ("1000022",)
    assert fault(data[:start] + alone + data[start:]).code == "T02"
    assert fault(data[:start] + data[end:]).code == "T02"


@pytest.mark.parametrize("status", [b'V="0"', b'V="4"', b'V=""', b'V="1 2"', b'DN="OK"', b'V="99"'])
def test_an_unknown_status_is_refused(status):
    """Only 1, 2 and 3 say something."""
    found = fault(receipt().replace(b'<Status V="1" DN="OK"/>', b"<Status " + status + b"/>"))
    assert (found.code, found.location) == ("T02", "/AppRec/Status")


@pytest.mark.parametrize("name", ["MsgType", "GenDate", "Id", "Sender", "Receiver", "Status", "OriginalMsgId"])
def test_each_element_is_there_exactly_once(name):
    """Missing and doubled elements are T02 with their place."""
    root = etree.fromstring(refusal())
    element = root.find(f"{{*}}{name}")
    doubled = etree.fromstring(refusal())
    doubled.append(etree.fromstring(etree.tostring(element)))
    root.remove(element)
    for changed in (root, doubled):
        found = fault(etree.tostring(changed))
        assert (found.code, found.location) == ("T02", f"/AppRec/{name}")


def test_other_broken_values_are_t02():
    """A wrong message type and a time that is none are found."""
    assert fault(receipt().replace(b'MsgType V="APPREC"', b'MsgType V="X"')).location == "/AppRec/MsgType"
    assert fault(receipt().replace(b"2026-11-20T10:15:30+01:00", b"i dag")).location == "/AppRec/GenDate"


def test_the_version_text_is_not_what_decides():
    """The namespace says the version; MIGversion varies in the field (payload.md C)."""
    assert read_apprec(receipt("1.0").replace(b"1.0 2004-11-21", b"1.0 2008-11-21")).version == "1.0"


def test_the_root_says_which_kind_of_document_it_is():
    """MsgHead and AppRec are told apart; anything else is T10, and no XML is T01."""
    assert root_kind(message()) == "msghead"
    assert [root_kind(receipt(version)) for version in VERSIONS] == ["apprec", "apprec"]
    for data, expected in ((b"<AppRec/>", "T10"), (message().replace(b"/2006-05-24", b"/x"), "T10"), (b"{}", "T01")):
        with pytest.raises(PayloadFault) as caught:
            root_kind(data)
        assert caught.value.code == expected


def test_the_parties_of_a_read_document_can_be_answered():
    """What was read of a MsgHead goes straight into the receipt for it."""
    from engine.payload.msghead import read_identity

    identity = read_identity(message(sender=GP))
    found = read_apprec(receipt(sender=identity.receiver.party, receiver=identity.sender.party))
    assert (found.sender_her, found.receiver_her) == (HOSPITAL.lowest, GP.lowest)
    assert MUNICIPALITY.lowest not in found.receiver_hers
