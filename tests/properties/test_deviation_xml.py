"""The structured deviation: our schema, our writer and our reader agree."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.xsd.files import SchemaFiles
from engine.deviation.fields import (
    AgreementPoint,
    Answer,
    CaseReference,
    Deviation,
    DeviationKind,
    MessageReference,
    PatientInformed,
    Period,
    Severity,
)
from engine.deviation.xml import read_deviation, write_deviation
from engine.errors import PayloadFault, Refused
from tests.engine.payload.payload_examples import DEVIATION, ROOT

SCHEMAS = SchemaFiles()
EXAMPLE = (ROOT / "config" / "examples" / "avvik.xml").read_bytes()
LEAST = Deviation(DeviationKind.RAABRA, "1", "Postmottak", quality_assured=False, title="Takk", description="Bra!")

_LETTERS = st.characters(blacklist_categories=("Cs", "Cc", "Cn"), whitelist_characters="\n\r\t")
_LINE = st.text(_LETTERS, max_size=80)
_NEEDED = _LINE.filter(str.strip)
_TITLE = st.text(_LETTERS, min_size=1, max_size=100).filter(str.strip)
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30))])
_MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=_ZONES)  # noqa: DTZ001
_DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
_DEVIATIONS = st.builds(
    Deviation,
    kind=st.sampled_from(DeviationKind),
    case_number=_NEEDED,
    contact=_NEEDED,
    quality_assured=st.booleans(),
    title=_TITLE,
    description=_NEEDED,
    severity=st.sampled_from(Severity),
    information_only=st.booleans(),
    happened=st.one_of(st.none(), _DAYS, _MOMENTS, st.builds(Period, _NEEDED)),
    department=_LINE,
    place=_LINE,
    agreement_points=st.lists(st.builds(AgreementPoint, _NEEDED, _LINE), max_size=3).map(tuple),
    consequence=_LINE,
    measure=_LINE,
    suggestion=_LINE,
    answer_by=st.none() | _DAYS,
    message=st.none() | st.builds(MessageReference, _NEEDED, _NEEDED, st.none() | _MOMENTS),
    own_references=st.lists(st.builds(CaseReference, _NEEDED, _NEEDED), max_size=3).map(tuple),
    patient_informed=st.none() | st.sampled_from(PatientInformed),
    answer=st.none() | st.builds(Answer, _NEEDED, _LINE, _LINE, _LINE, st.none() | _DAYS),
)


@given(_DEVIATIONS)
def test_any_deviation_survives_the_way_and_is_valid(deviation):
    """Every letter of Unicode that XML carries comes back, and the schema accepts what we write."""
    xml = write_deviation(deviation)
    read_deviation(xml, SCHEMAS)
    assert read_deviation(xml) == deviation


def test_the_example_is_valid_and_survives_the_way():
    """The shipped example is a deviation that can be sent."""
    read_deviation(EXAMPLE, SCHEMAS)
    found = read_deviation(EXAMPLE)
    assert found.case_number == "AVV-2026-00042"
    assert read_deviation(write_deviation(found)) == found


def test_every_element_of_the_schema_is_documented():
    """The schema is a contract, so each element and each code says what it means."""
    schema = etree.parse(ROOT / "schemas" / "xsd" / "deviation.xsd")
    for node in schema.iterfind(".//{*}element") or schema.iterfind(".//{*}enumeration"):
        assert (node.findtext("{*}annotation/{*}documentation") or "").strip(), node.get("name")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, {"field": "Title"}),
        ({"description": " \n"}, {"field": "Description"}),
        ({"title": "x" * 101}, {"field": "Title", "length": "101", "most": "100"}),
        (
            {"description": "x" * 30_001},
            {"field": "Description", "length": "30001", "most": "30000"},
        ),
        ({"happened": Period("")}, {"field": "Happened/During"}),
        (
            {"agreement_points": (AgreementPoint("x"),) * 51},
            {"field": "AgreementPoint", "count": "51", "most": "50"},
        ),
        ({"own_references": (CaseReference("", "1"),)}, {"field": "OwnReference/System"}),
        ({"answer": Answer("")}, {"field": "Answer/Assessment"}),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(change, said):
    """The fault names the field and its length, and nothing else."""
    with pytest.raises(Refused, match=r"deviation\.not_sendable") as caught:
        write_deviation(replace(DEVIATION, **change))
    (complaint,) = caught.value.statement.params["complaints"]
    assert complaint.params == said


def test_signs_that_xml_cannot_hold_are_refused_by_name():
    """The fault names the field, never what it says."""
    with pytest.raises(Refused, match=r"document\.not_writable.*Place") as caught:
        write_deviation(replace(DEVIATION, place="hemmelig\x07"))
    assert "hemmelig" not in str(caught.value)


def test_a_time_without_zone_is_a_fault_of_ours():
    """Event times must be aware."""
    with pytest.raises(ValueError, match="zone"):
        write_deviation(replace(LEAST, happened=datetime(2026, 1, 1)))  # noqa: DTZ001


def both_refuse(xml):
    """Check that schema and reader both refuse, and return the reader's fault."""
    with pytest.raises(PayloadFault) as by_schema:
        read_deviation(xml, SCHEMAS)
    assert by_schema.value.code == "T02"
    with pytest.raises(PayloadFault) as by_reader:
        read_deviation(xml)
    return by_reader.value


@pytest.mark.parametrize(
    ("old", "new", "location"),
    [
        (b"<Title>", b"<Titel/><Title>", "/Deviation/Title"),
        (b"<CaseNumber>AVV-2026-00042</CaseNumber>", b"", "/Deviation/CaseNumber"),
        (b"<Kind>AVVIK<", b"<Kind>HEMMELIG<", "/Deviation/Kind"),
        (b"<QualityAssured>true<", b"<QualityAssured>ja<", "/Deviation/QualityAssured"),
        (b"<AnswerBy>2026-12-20<", b"<AnswerBy>20.12.2026<", "/Deviation/AnswerBy"),
        (b"<DoneBy>", b"<Price>9</Price><DoneBy>", "/Deviation/Answer"),
        (b"</Deviation>", b"<Patient/></Deviation>", "/Deviation"),
        (b"<Kind>", b"hei<Kind>", "/Deviation"),
        (b"</Kind>", b"</Kind>hei", "/Deviation"),
        (b"<Place>Syke", b"<Place><b/>Syke", "/Deviation/Place"),
        (b"<At>2026-11-13T14:30:00+00:00</At>", b"", "/Deviation/Happened/Unknown"),
        (b"<At>2026-11-13T14:30:00+00:00</At>", b"<On>2026-11-13</On><Unknown/>", "/Deviation/Happened"),
        (b"<Title>Manglende epikrise<", b"<Title>" + b"x" * 101 + b"<", "/Deviation"),
        (b"<Title>Manglende epikrise<", b"<Title><", "/Deviation"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(old, new, location):
    """Unknown, missing, misplaced and malformed content is T02 with its place, and is not repeated."""
    assert old in write_deviation(DEVIATION)
    found = both_refuse(write_deviation(DEVIATION).replace(old, new, 1))
    assert (found.code, found.location) == ("T02", location)
    assert "HEMMELIG" not in str(found)


def test_elements_out_of_order_are_refused():
    """The order is part of the contract."""
    kind, number = b"<Kind>AVVIK</Kind>", b"<CaseNumber>AVV-2026-00042</CaseNumber>"
    assert kind + number in write_deviation(DEVIATION)
    both_refuse(write_deviation(DEVIATION).replace(kind + number, number + kind))


def test_the_place_of_a_schema_fault_is_named_without_its_content():
    """The first fault is told by element names and the kind of fault only."""
    xml = write_deviation(DEVIATION).replace(b"<Severity>moderat", b"<Severity>hemmelig")
    with pytest.raises(PayloadFault) as caught:
        read_deviation(xml, SCHEMAS)
    assert caught.value.location == "/Deviation/Severity"
    assert "hemmelig" not in str(caught.value)


def test_the_schema_does_not_repeat_the_name_of_an_unknown_root():
    """What somebody calls the root is content too."""
    with pytest.raises(PayloadFault) as caught:
        read_deviation(b"<x15720255178/>", SCHEMAS)
    assert (caught.value.location, "15720255178" in str(caught.value)) == ("/", False)


@pytest.mark.parametrize(("xml", "code"), [(b"", "T01"), (b"<Deviation/>", "T10"), (b"<!DOCTYPE a><a/>", "T01")])
def test_what_is_no_deviation_is_told_so(xml, code):
    """No XML is T01, another document T10."""
    with pytest.raises(PayloadFault) as caught:
        read_deviation(xml)
    assert caught.value.code == code


@given(st.data())
def test_changed_bytes_never_raise_anything_but_a_payload_fault(data):
    """Whatever happens to the bytes on the way, the reader has one kind of fault."""
    xml = bytearray(write_deviation(DEVIATION))
    for _ in range(data.draw(st.integers(1, 4))):
        xml[data.draw(st.integers(0, len(xml) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_deviation(bytes(xml))
        read_deviation(bytes(xml), SCHEMAS)
    except PayloadFault as fault:
        assert re.fullmatch(r"T01|T02|T10", fault.code)  # noqa: PT017 - both ways are right


def test_endless_values_are_refused_before_the_schema_sees_them():
    """Digits without end would make libxml2 give up; the limits of a deviation stop them first."""
    xml = write_deviation(DEVIATION).replace(b"14:30:00+00:00", b"14:30:00." + b"1" * 5_000_000)
    for check in (read_deviation, lambda data: read_deviation(data, SCHEMAS)):
        with pytest.raises(PayloadFault) as caught:
            check(xml)
        assert caught.value.code == "T01"


def test_the_longest_deviation_that_can_be_written_can_be_read():
    """The limits of reading leave room for every field at its longest."""
    text, line = "\U0001d11e" * 30_000, "&" * 250
    longest = replace(
        DEVIATION, description=text, consequence=text, measure=text, suggestion=text,
        agreement_points=(AgreementPoint(line, line),) * 50, own_references=(CaseReference(line, line),) * 50,
        answer=Answer(text, text, text, line, date(2027, 1, 1)),
    )  # fmt: skip
    read_deviation(write_deviation(longest), SCHEMAS)
    assert read_deviation(write_deviation(longest)) == longest
