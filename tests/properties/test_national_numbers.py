"""National identity numbers in free text: found however they are written, and nothing that is none."""

import random
import string
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.payload.national_numbers import fields_with_numbers, holds_national_number
from tests.fakes.growth import least_costs

NUMBER = "15820250068"
GAPS = ["", " ", "\n", "\r\n", "\t", "\u00a0", "\u200b", "\u00ad", "\u2060", " /", "/", "_", ",", "   ", "\u2014"]
GAPS += ["\u2212", "-", ".", " - ", "\n\t    ", "\u2011", " \u2013 ", "\ufeff", "**", "\u034f", "\x07", "\u2028"]
ZEROS = ["0", "\u0660", "\u06f0", "\u0966", "\u09e6", "\uff10", "\U0001d7ce", "\U0001d7d8", "\U0001e950"]
HIDDEN = ["", "\u200b", "\u00ad", "\u200d", "\u202e", "\u2060", "\u0338"]
EDGES = ["", " ", "fnr. ", "f\u00f8dt:", "(", "\n", "2026-", "nr", "\u4e00", "\U0001f600"]


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Give any valid number: ordinary, D, H, synthetic in three ways, or a common help number."""
    day, month = draw(st.integers(1, 31)), draw(st.integers(1, 12))
    date = f"{day + draw(st.sampled_from([0, 40])):02d}{month + draw(st.sampled_from([0, 40, 65, 80])):02d}"
    start = draw(st.one_of(st.just(date), st.integers(8000, 9999).map(str)))
    first = start + draw(st.text("0123456789", min_size=5, max_size=5))
    tenth = -sum(int(digit) * weight for digit, weight in zip(first, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True)) % 11
    assume(tenth < 10)
    ten = f"{first}{tenth}"
    last = -sum(int(digit) * weight for digit, weight in zip(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    assume(last < 10)
    return f"{ten}{last}"


SPLITS = [[], [6], [2, 4, 6], [2, 4, 6, 9], [6, 9], [3, 6, 9], [2, 4, 6, 8, 10], list(range(1, 11))]

splits = st.one_of(
    st.sampled_from(SPLITS),
    st.lists(st.integers(1, 10), max_size=2, unique=True),
)


@given(
    numbers(),
    splits,
    st.sampled_from(GAPS),
    st.sampled_from(ZEROS),
    st.sampled_from(HIDDEN),
    st.tuples(st.sampled_from(EDGES), st.sampled_from(EDGES)).filter(lambda edges: edges[1] != "2026-"),
)
def test_any_valid_number_is_found_in_any_disguise(number, split, gap, zero, hidden, edges):
    """Whatever stands between its groups, whichever digits it is written in, a valid number is found."""
    written = "".join((gap if at in split else "") + chr(ord(zero) + int(digit)) for at, digit in enumerate(number))
    assert holds_national_number(edges[0] + hidden.join(written) + edges[1])


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("split", SPLITS)
def test_every_gap_is_taken_at_every_usual_place(gap, split):
    """What people and programs set between the groups of a number hides it nowhere."""
    assert holds_national_number("".join((gap if at in split else "") + digit for at, digit in enumerate(NUMBER)))


@pytest.mark.parametrize("before", [0, 1, 5, 16_373, 16_374, 16_379, 16_384, 32_760])
def test_a_number_far_into_a_text_is_found(before):
    """Where a long text is cut for the sums, nothing falls between."""
    assert holds_national_number("0x" * before + "15x" + NUMBER)
    assert not holds_national_number("0x" * before + "15x15820250069")


@given(st.text(st.one_of(st.sampled_from(string.digits + " .-\n"), st.characters())))
def test_a_text_with_fewer_than_eleven_digits_is_never_refused(text):
    """What has no eleven digits holds no number, whatever else it holds."""
    assume(sum(map(str.isdigit, text)) < 11)
    assert not holds_national_number(text)


@pytest.mark.parametrize(
    "odd",
    [
        "\u2460\u2464\u2467\u2461\u24ea\u2461\u2464\u24ea\u24ea\u2465\u2467",
        "\u00b9\u2075\u2078\u00b2\u2070\u00b2\u2075\u2070\u2070\u2076\u2078",
    ],
)
def test_circled_and_raised_digits_count(odd):
    """A sign that is a digit in its own way, circled or raised, is one here."""
    assert holds_national_number(f"nr {odd}.")


@pytest.mark.parametrize(
    "text",
    [
        "00000000-0000-0000-0000-015820250068",
        f"{NUMBER}15820250069",
        "00015820250068000",
        f"x{NUMBER}y",
        "15.82.02 500 68",
        "1582\u00ad02 500\u200b68",
        "1\u0338\u0338\u0338\u03385820\u20e3\u20e3\u20e3\u20e3250068",
        "81820250031 og 158202 - 50068",
    ],
)
def test_a_number_inside_more_digits_is_found(text):
    """Zeros before it, digits after it, letters beside it or a UUID around it do not hide a number."""
    assert holds_national_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15820250069",
        "158202 fire 50068",
        "158202 .. .. 50068",
        "158202----50068",
        "1158202 50068",
        "158202 500681",
        "74 01 23 45, 74 05 67 89, 907 12 345, 415 82 025",
        "23.11.2026 14.30, 24.11.2026 08.15 til 25.11.2026 12.00",
        "2.16.578.1.12.4.1.1.7322",
        "00000000000",
        "15 820 2500 68",
        "2026-11-23T01:14:06.158202+01:00",
        "15990250064",
    ],
)
def test_what_is_no_number_is_let_through(text):
    """Wrong control digits, no date, letters or much between, telephone lists, times and OIDs are no number."""
    assert not holds_national_number(text)


def test_a_uuid_in_prose_is_refused_no_more_often_than_by_chance():
    """Of quoted ids fewer than one in a thousand look like a number: that rate is accepted."""
    rng = random.Random(7)
    found = sum(holds_national_number(f"Gjelder {UUID(int=rng.getrandbits(128), version=4)}.") for _ in range(20_000))
    assert found <= 20


EDGES_OF_DATES = [
    "31127000088",
    "71127000071",
    "01017000027",
    "41017000010",
    "01527000048",
    "01417000190",
    "01667000056",
    "01777000094",
    "01817000092",
    "01927000020",
    "80007000085",
    "99997000001",
]
BEYOND_DATES = [
    "00017000098",
    "00007000189",
    "00137000016",
    "01407000281",
    "01537000038",
    "01657000066",
    "01787000084",
    "01807000183",
    "01937000010",
    "32127000017",
    "40017000081",
    "72127000000",
    "79997000140",
]


@pytest.mark.parametrize("number", EDGES_OF_DATES)
def test_the_first_and_last_date_of_every_kind_is_one(number):
    """Days to 31 and 71, months to 12, 52, 77 and 92, and help numbers from 8 and 9."""
    assert holds_national_number(number)


@pytest.mark.parametrize("number", BEYOND_DATES)
def test_right_control_digits_without_a_date_are_no_number(number):
    """A day or a month just beyond those of every kind is none."""
    assert not holds_national_number(number)


def test_the_fields_are_named():
    """The names of the fields with a number are told, in order."""
    assert fields_with_numbers([("a", "158202\n50068"), ("b", "x"), ("c", NUMBER)]) == ["a", "c"]


PATTERNS = [
    "1 ",
    "1",
    "0",
    "1. ",
    "a",
    "1  ",
    "15820250069",
    "1x5x8x2x0x2x5x0x0x6x8x",
    " ",
    "\u00ad",
    "\u0661",
    "1\u00ad",
    "\u00e5",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_time_grows_with_the_length_alone(pattern, record_property):
    """A text of four times the length costs about four times as much, whatever it is made of; speed is reported."""
    texts = [pattern * (size // len(pattern.encode())) for size in (250_000, 1_000_000)]

    def even(costs: Sequence[float]) -> bool:
        return costs[1] < 10 * costs[0] + 0.01

    costs = least_costs([partial(holds_national_number, text) for text in texts], even)
    record_property("ms a MB", round(costs[1] * 1000))
    assert even(costs), costs


@st.composite
def later_numbers(draw: st.DrawFn) -> str:
    """Give a number by the rule of 2032: the first control digit may leave a remainder of 1 to 3."""
    day, month = draw(st.integers(1, 31)), draw(st.integers(1, 12))
    first = f"{day:02d}{month:02d}" + draw(st.text("0123456789", min_size=5, max_size=5))
    rest = sum(int(digit) * weight for digit, weight in zip(first, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True))
    tenth = (draw(st.integers(1, 3)) - rest) % 11
    assume(tenth < 10)
    ten = f"{first}{tenth}"
    last = -sum(int(digit) * weight for digit, weight in zip(ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    assume(last < 10)
    return f"{ten}{last}"


@given(later_numbers(), st.sampled_from(SPLITS), st.sampled_from(GAPS))
def test_a_number_by_the_rule_of_2032_is_found(number, split, gap):
    """The first control digit is looser then, and the number is found as any other."""
    assert holds_national_number("".join((gap if at in split else "") + digit for at, digit in enumerate(number)))


@pytest.mark.parametrize("century", ["18", "19", "20"])
@pytest.mark.parametrize("between", [".", " ", "-", "/", " . ", ""])
@given(numbers().filter(lambda number: not number.startswith(("8", "9"))))
def test_a_number_with_its_century_is_found(century, between, number):
    """Written with the whole year, day first or year first, the date and the five digits are one number."""
    day, month, year, rest = number[:2], number[2:4], number[4:6], number[6:]
    for date in ((day, month, century + year), (century + year, month, day)):
        for five in (rest, f"{rest[:3]} {rest[3:]}"):
            assert holds_national_number(f"Pasient {between.join(date)} {five}, født")


@pytest.mark.parametrize("text", ["01.06.1980 12322", "101.06.1980 12321", "01.06.1980 123215", "01.06.2180 12321"])
def test_a_date_and_other_digits_are_no_number(text):
    """A date with five digits that are not its control, or with more digits beside it, is none."""
    assert not holds_national_number(text)
