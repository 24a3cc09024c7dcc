"""Identifiers of the wire: what is taken as one, and what is not."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.codes.statement import Statement
from engine.codes.xml import NameCode
from engine.errors import BadName
from engine.names import LONGEST_ID, OPERATOR, MsgId, forms_of, her_id, opaque, same_id


@pytest.mark.parametrize(("text", "found"), [("8090100", "8090100"), (" 8090100\r\n", "8090100"), ("1", "1")])
def test_a_her_id_is_a_whole_number_with_blanks_around_it(text, found):
    """White space around a HER-id is no part of it."""
    assert her_id(text) == found


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "0",
        "0809",
        "-1",
        "+1",
        "1.0",
        "1 2",
        "1e3",
        "12345678901",
        "٣",
        "８０９",
        "8090100\x00",
        "8\u00a0",
    ],
)
def test_anything_else_is_no_her_id(text):
    """Signs, inner blanks, leading zeros, other digits and too many of them are refused without repeating the text."""
    with pytest.raises(BadName) as refused:
        her_id(text)
    assert refused.value.statement == Statement.of(NameCode.NOT_A_HER_ID)
    assert not (text or "").strip() or (text or "").strip() not in str(refused.value)


def test_the_operators_owner_is_no_her_id_that_a_register_could_hold():
    """Rows that belong to nobody are kept apart from every party's."""
    with pytest.raises(BadName):
        her_id(OPERATOR)


@pytest.mark.parametrize("text", ["a", "20231121-154526@qa.nav.no", "med mellomrom", "æøå", "x" * LONGEST_ID])
def test_an_opaque_id_is_kept_as_it_is(text):
    """MessageIds and their like are compared exactly, whatever is in them."""
    assert opaque("MessageId", f" {text}\n") == text


@pytest.mark.parametrize("text", [None, "", " \t", "x" * (LONGEST_ID + 1), "a\nb", "a\x00b", "a\x7f"])
def test_an_empty_long_or_controlling_text_is_no_id(text):
    """An id that could break a log line, a header or a row is refused."""
    with pytest.raises(BadName) as refused:
        opaque("MessageId", text)
    assert refused.value.statement.params == {"kind": "MessageId"}


@given(st.text())
def test_no_text_makes_the_readers_raise_anything_else(text):
    """Whatever stands in a message, the answer is an id or BadName."""
    for read in (her_id, lambda found: opaque("id", found)):
        with suppress(BadName):
            assert read(text) == text.strip(" \t\r\n")


LOWER = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


@pytest.mark.parametrize("other", [LOWER, LOWER.upper(), f"{{{LOWER}}}", f"{{{LOWER.upper()}}}", f"urn:uuid:{LOWER}"])
def test_a_uuid_is_the_same_id_in_every_form(other):
    """The value of a UUID counts (RFC 9562, 4): each form is among the forms of each other."""
    assert same_id(LOWER, other)
    assert same_id(other, LOWER)
    assert forms_of(MsgId(other))[0] == other
    assert LOWER in forms_of(MsgId(other))
    assert other in forms_of(MsgId(LOWER))


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_other_id_is_the_same_only_as_itself(one, other):
    """What is no UUID is compared exactly, and has one form."""
    assert same_id(one, other) is (one == other)
    assert forms_of(MsgId(one)) == (one,)
    assert not same_id(one, LOWER)
    assert not same_id(None, LOWER)
