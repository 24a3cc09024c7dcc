"""The tree of parties: who stands above whom, until when, and who follows whom."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.agreements.purpose import Purpose
from engine.errors import OwnFault
from engine.names import HerId
from engine.register.parties_file import registry_from
from tests.fakes.world.clock import START
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    MUNICIPAL_ADDRESS,
    VERDAL,
    VERDAL_RETIRED,
    VERDAL_SERVICE,
    inline,
    registry,
    table,
    test_keys,
)

NOBODY = HerId("8099999")
PERSON = HerId("8090103")


def deep():
    """Return a register with a person below the ward, two levels under the enterprise."""
    changed = table()
    changed["party"].append({"her": PERSON, "name": "Kari Prøve", "kind": "person", "parent": LEVANGER_WARD})
    return registry_from(changed)


@pytest.mark.parametrize(
    ("her", "line"),
    [
        (PERSON, [PERSON, LEVANGER_WARD, LEVANGER]),
        (LEVANGER_WARD, [LEVANGER_WARD, LEVANGER]),
        (LEVANGER, [LEVANGER]),
        (NOBODY, []),
    ],
)
def test_a_line_goes_from_the_party_up_to_its_enterprise(her, line):
    """The line has the lowest first; its last is the root, and nobody has none."""
    found = deep()
    assert [party.her for party in found.line(her)] == line
    assert found.root(her) == (line[-1] if line else None)


@pytest.mark.parametrize(
    ("her", "ancestor", "below"),
    [
        (LEVANGER, LEVANGER, True),
        (LEVANGER_SERVICE, LEVANGER, True),
        (PERSON, LEVANGER, True),
        (LEVANGER, LEVANGER_SERVICE, False),
        (LEVANGER_SERVICE, LEVANGER_WARD, False),
        (LEVANGER_SERVICE, VERDAL, False),
        (NOBODY, LEVANGER, False),
        (NOBODY, NOBODY, False),
    ],
)
def test_only_the_party_and_what_stands_below_is_at_or_below(her, ancestor, below):
    """A party that nobody registered is below nobody, not even itself."""
    assert deep().is_at_or_below(her, ancestor) is below


@pytest.mark.parametrize(
    ("her", "other", "related"),
    [
        (LEVANGER, LEVANGER_SERVICE, True),
        (LEVANGER_SERVICE, LEVANGER, True),
        (PERSON, LEVANGER, True),
        (VERDAL_SERVICE, VERDAL_RETIRED, True),
        (VERDAL_RETIRED, VERDAL_SERVICE, False),
        (LEVANGER_SERVICE, LEVANGER_WARD, False),
        (LEVANGER, VERDAL, False),
        (GP_SERVICE, GP, True),
    ],
)
def test_kin_are_parents_children_and_successors(her, other, related):
    """Siblings are no kin, and the one that was followed does not speak for its successor."""
    assert deep().is_related(her, other) is related


def test_succession_goes_over_several_mergers_and_never_round():
    """A successor's successor follows too; a ring of successors ends."""
    found = registry(
        her_8090209={"successor": LEVANGER_WARD},
        her_8090102={"successor": GP_SERVICE},
        her_8090301={"successor": VERDAL_RETIRED},
    )
    assert found.is_successor(GP_SERVICE, of=VERDAL_RETIRED)
    assert not found.is_successor(LEVANGER, of=VERDAL_RETIRED)
    assert not found.is_successor(LEVANGER, of=NOBODY)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 31, 22, 0, tzinfo=UTC), False),
    ],
)
def test_a_party_is_open_on_its_days_in_oslo(at, is_open):
    """Both days are included; midnight is Oslo's, in winter and in summer."""
    found = registry(her_8090102={"valid_from": "2026-02-01", "valid_to": "2026-03-31"})
    assert found.get(LEVANGER_WARD).is_open(at) is is_open


def test_an_address_is_inherited_and_missed_by_name():
    """A service uses its enterprise's address; without any the HER-id is named."""
    assert registry().edi_address(LEVANGER_SERVICE) == MUNICIPAL_ADDRESS
    with pytest.raises(OwnFault, match=LEVANGER_SERVICE):
        registry(her_8090100={"edi_address": ""}).edi_address(LEVANGER_SERVICE)
    with pytest.raises(OwnFault, match=NOBODY):
        registry().edi_address(NOBODY)


def test_certificates_are_inherited_by_purpose():
    """A party with a signing certificate of its own still uses its enterprise's for encryption."""
    own = test_keys().der(GP, Purpose.SIGNING)
    found = registry(her_8090101={"certificates": [inline(own, Purpose.SIGNING)]})
    assert [each.der for each in found.certificates(LEVANGER_SERVICE, Purpose.SIGNING)] == [own]
    enterprise = test_keys().der(LEVANGER, Purpose.ENCRYPTION)
    assert [each.der for each in found.certificates(LEVANGER_SERVICE, Purpose.ENCRYPTION)] == [enterprise]
    assert found.certificates(NOBODY, Purpose.SIGNING) == []


def test_the_newest_certificate_stands_first():
    """During a change of certificates the newer one stands first, whatever the order of the file."""
    first, second = test_keys().der(GP, Purpose.SIGNING), test_keys().der(LEVANGER, Purpose.SIGNING)
    rows = [inline(first, Purpose.SIGNING), inline(second, Purpose.SIGNING, valid_from=START + timedelta(days=10))]
    for order in (rows, rows[::-1]):
        found = registry(her_8090100={"certificates": order})
        assert [each.der for each in found.certificates(LEVANGER, Purpose.SIGNING)] == [second, first]


@pytest.mark.parametrize(
    ("her", "level", "named"),
    [
        (PERSON, 1, LEVANGER),
        (PERSON, 2, LEVANGER_WARD),
        (LEVANGER_SERVICE, 2, LEVANGER_SERVICE),
        (LEVANGER_SERVICE, 1, LEVANGER),
        (LEVANGER, 2, LEVANGER),
        (LEVANGER, 1, LEVANGER),
    ],
)
def test_an_envelope_names_the_level_that_is_agreed(her, level, named):
    """Level 1 is the enterprise, level 2 the party below it, however deep the document's party stands."""
    assert deep().envelope_party(her, level) == named


def test_an_unknown_party_is_named():
    """Asking for a party that is not there says which."""
    for ask in (lambda: registry().get(NOBODY), lambda: registry().envelope_party(NOBODY, 2)):
        with pytest.raises(OwnFault, match=NOBODY):
            ask()
    assert NOBODY not in registry()
    assert registry().find(None) is None
