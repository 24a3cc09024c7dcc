"""Parties of documents: the lowest level with a HER-id counts."""

import pytest
from lxml import etree

from engine.errors import PayloadFault
from engine.payload.elements import MSGHEAD
from engine.payload.party import read_party


def party(inside):
    """Return what is read of a Sender with this content."""
    return read_party(etree.fromstring(f'<Sender xmlns="{MSGHEAD}">{inside}</Sender>'))


def organisation(name, her, inside=""):
    """Return an Organisation with a HER-id, or without one where `her` is empty."""
    ident = f'<Ident><Id>{her}</Id><TypeId V="HER"/></Ident>' if her else ""
    return f"<Organisation><OrganisationName>{name}</OrganisationName>{ident}{inside}</Organisation>"


def test_three_levels_keep_their_highest_and_lowest_name_and_all_their_ids():
    """Deeper trees than the usual two are read; every HER-id is told from the top."""
    found = party(organisation("A", 1, organisation("B", 2, organisation("C", 3))))
    assert found.hers == ("1", "2", "3")
    assert (found.party.name, found.party.unit.name, found.lowest) == ("A", "C", "3")


def test_levels_without_a_her_id_do_not_count():
    """An enterprise known by other ids, and empty organisations, are passed over."""
    found = party(organisation("A", "", organisation("B", 2, "<Organisation/>")))
    assert (found.hers, found.party.name, found.party.unit, found.party.lowest) == (("2",), "B", None, "2")


@pytest.mark.parametrize(
    ("inside", "in_words"),
    [
        (organisation("A", 1, organisation("B", "")), True),
        (organisation("A", 1, organisation("B", 2, organisation("C", ""))), True),
        (organisation("A", 1, organisation("", "", organisation("C", ""))), False),
        (organisation("A", 1, organisation("  ", "")), False),
        (organisation("A", 1, "<Organisation/>"), False),
        (organisation("A", 1, organisation("B", 2)), False),
        (organisation("A", "", organisation("B", 2)), False),
        (organisation("A", 1, organisation("B", "", organisation("C", 3))), False),
    ],
)
def test_a_department_in_words_is_one_with_a_name_right_below_the_lowest_her_id(inside, in_words):
    """A level that has a name and no HER-id, under the lowest that has one, names a department in words alone."""
    assert party(inside).in_words is in_words


def test_a_person_with_a_her_id_is_the_lowest_level():
    """A GP is addressed as a HealthcareProfessional of the practice."""
    person = "<HealthcareProfessional><FamilyName>Ås</FamilyName><MiddleName>B</MiddleName><GivenName>Kari</GivenName>"
    ident = '<Ident><Id>9</Id><TypeId V="HER"/></Ident></HealthcareProfessional>'
    found = party(organisation("A", 1, person + ident))
    assert (found.party.unit.name, found.party.unit.kind, found.lowest) == ("Kari B Ås", "person", "9")


def test_an_organisation_number_is_read_where_it_is_one():
    """Nine digits, once; anything else is left out rather than refused."""
    number = '<Ident><Id>{}</Id><TypeId V="ENH"/></Ident>'
    assert party(organisation("A", 1, number.format("999999990"))).party.org_number == "999999990"
    assert party(organisation("A", 1, number.format("15720255178"))).party.org_number == ""
    assert party(organisation("A", 1, number.format("999999990") * 2)).party.org_number == ""


def test_a_name_is_cut_at_three_hundred_characters():
    """A name goes back in our answer, so its length is bounded."""
    assert len(party(organisation("A" * 5000, 1)).party.name) == 300


@pytest.mark.parametrize("inside", ["", "<Organisation/>", organisation("A", ""), organisation("A", 1) * 2])
def test_a_party_without_a_single_her_id_is_refused(inside):
    """No organisation, no HER-id, and two organisations are T02."""
    with pytest.raises(PayloadFault) as caught:
        party(inside)
    assert caught.value.code == "T02"
