"""The parties file: every fault in it is named with its row and key, and what it says comes out."""

import base64
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.agreements.purpose import Purpose
from engine.agreements.terms import ApprecBy, Confirm, HolidayRule, Terms
from engine.errors import OwnFault
from engine.register.parties import InboxKind
from engine.register.parties_file import registry_from
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, inline, table, test_keys


def refused(**keys: object) -> str:
    """Give one party these keys, and return how the file is refused."""
    with pytest.raises(OwnFault) as caught:
        registry_from(table(**{f"her_{LEVANGER_SERVICE}": keys}))
    return str(caught.value)


ROW = "party.1"
VERSION_3, VERSION_4 = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03"
UNKNOWN_VERSION = test_keys().der(LEVANGER, Purpose.SIGNING).replace(VERSION_3, VERSION_4, 1)
NO_TERMS = [
    {"attachment_types": ["docx"]},
    {"attachment_most": 41},
    {"attachment_most": -1},
    {"attachment_most_bytes": 0},
    {"compress": "kanskje"},
]


@pytest.mark.parametrize("terms", NO_TERMS, ids=range(len(NO_TERMS)))
def test_terms_of_files_that_cannot_be_are_refused(terms: dict[str, object]) -> None:
    """A kind that Samvik cannot know by its bytes, or a number that cannot be, stops the import with its key."""
    with pytest.raises(OwnFault, match=f"defaults.{next(iter(terms))}"):
        registry_from({**table(), "defaults": terms})


def test_terms_of_files_come_out() -> None:
    """What the file says of attachments and gzip is what two parties have."""
    said = {"attachment_types": ["pdf"], "attachment_most": 2, "attachment_most_bytes": 9, "check_attachments": True}
    terms = registry_from({**table(), "defaults": {**said, "compress": True}}).terms(GP, LEVANGER, START)
    assert terms.attachment_types == {"pdf"}
    assert (terms.attachment_most, terms.attachment_most_bytes) == (2, 9)
    assert (terms.check_attachments, terms.compress) == (True, True)


FAULTS = {
    "an unknown key": ({"innboks": "engine"}, [ROW, "innboks"]),
    "a HER-id that is none": ({"her": "0809"}, [ROW, "her"]),
    "a number as HER-id": ({"her": 8090101}, [ROW, "her"]),
    "no name": ({"name": ""}, [ROW, "name"]),
    "an unknown kind": ({"kind": "avdeling"}, [ROW, "kind"]),
    "a short organisation number": ({"organisation_number": "12345678"}, [ROW, "organisation_number"]),
    "an address that is none": ({"edi_address": "innherred"}, [ROW, "edi_address"]),
    "an address with a line break": ({"edi_address": "a@b\r\nBcc: c@d"}, [ROW, "edi_address"]),
    "an address in brackets": ({"edi_address": "<a@b>"}, [ROW, "edi_address"]),
    "a date that is none": ({"valid_to": "2026-02-30"}, [ROW, "valid_to"]),
    "an unknown inbox": ({"inbox": "post"}, [ROW, "inbox"]),
    "an unknown certificate key": ({"certificates": [{"purpose": "signing", "fil": "x"}]}, [ROW, "certificates.0"]),
    "an unknown purpose": ({"certificates": [{"purpose": "pynt", "der": ""}]}, [ROW, "certificates.0.purpose"]),
    "a certificate that is no base64": (
        {"certificates": [{"purpose": "signing", "der": "ø"}]},
        [LEVANGER_SERVICE, "signing"],
    ),
    "a certificate of an unknown version": (
        {"certificates": [{"purpose": "signing", "der": base64.b64encode(UNKNOWN_VERSION).decode()}]},
        [LEVANGER_SERVICE, "signing"],
    ),
    "a certificate that is none": (
        {"certificates": [{"purpose": "signing", "der": base64.b64encode(b"x").decode()}]},
        [LEVANGER_SERVICE, "signing"],
    ),
    "an unknown parent": ({"parent": "8099999"}, [LEVANGER_SERVICE, "parent", "8099999"]),
    "an unknown successor": ({"successor": "8099999"}, [LEVANGER_SERVICE, "successor", "8099999"]),
    "an unknown contact point": ({"contact_point": "8099999"}, [LEVANGER_SERVICE, "contact_point", "8099999"]),
    "an unknown deviation service": ({"deviation_service": "8099999"}, [LEVANGER_SERVICE, "deviation_service"]),
    "a neighbour's contact point": ({"contact_point": VERDAL_SERVICE}, [LEVANGER_SERVICE, "register.other_enterprise"]),
    "a neighbour's deviation service": ({"deviation_service": VERDAL_SERVICE}, [LEVANGER_SERVICE, "deviation_service"]),
    "no parent": ({"parent": None}, [LEVANGER_SERVICE, "parent"]),
    "an enterprise with a parent": ({"kind": "enterprise"}, [LEVANGER_SERVICE, "parent"]),
    "its own parent": ({"parent": LEVANGER_SERVICE}, [LEVANGER_SERVICE, "ring"]),
    "parents in a ring": ({"parent": "8090102"}, ["ring"]),
}


@pytest.mark.parametrize(("keys", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_row_is_named_with_row_and_key(keys, words):
    """Whoever wrote the file is told where to look, without the values being repeated."""
    if words == ["ring"]:
        changed = table(her_8090101=keys, her_8090102={"parent": LEVANGER_SERVICE})
        with pytest.raises(OwnFault, match=r"register\.ring"):
            registry_from(changed)
        return
    text = refused(**keys)
    assert all(word in text for word in words), text


def with_file(**keys: object):
    """Return the file with keys of its own replaced."""
    return {**table(), **keys}


AGREEMENT = {"between": [LEVANGER, GP]}
FILE_FAULTS = {
    "an unknown key": ({"parter": []}, "parter"),
    "no parties": ({"party": []}, "party"),
    "another format": ({"format": 2}, "format"),
    "a party twice": ({"party": [*table()["party"], table()["party"][0]]}, "twice"),
    "an unknown term": ({"defaults": {"svarfrist": 30}}, "defaults.svarfrist"),
    "an agreement of one": ({"agreement": [{"between": [LEVANGER]}]}, "agreement.0.between"),
    "an agreement with a stranger": ({"agreement": [{"between": [LEVANGER, "8099999"]}]}, "8099999"),
    "an agreement with a service": ({"agreement": [{"between": [LEVANGER_SERVICE, GP]}]}, LEVANGER_SERVICE),
    "no interval": ({"agreement": [{**AGREEMENT, "resend_interval_minutes": 0}]}, "resend_interval_minutes"),
    "too many resends": ({"agreement": [{**AGREEMENT, "resend_limit": 101}]}, "resend_limit"),
    "an unknown level": ({"agreement": [{**AGREEMENT, "level": 3}]}, "agreement.0.level"),
    "an unknown holiday rule": ({"agreement": [{**AGREEMENT, "holiday_rule": "alltid"}]}, "holiday_rule"),
    "an unknown way to confirm": ({"agreement": [{**AGREEMENT, "confirm": "alltid"}]}, "confirm"),
    "an unknown author of AppRecs": ({"agreement": [{**AGREEMENT, "apprec_by": "noen"}]}, "apprec_by"),
}


@pytest.mark.parametrize(("keys", "words"), FILE_FAULTS.values(), ids=FILE_FAULTS)
def test_a_fault_in_the_file_is_named_with_its_key(keys, words):
    """The same for the file's own keys, its defaults and its agreements."""
    with pytest.raises(OwnFault, match=words):
        registry_from(with_file(**keys))


def test_a_missing_format_or_key_is_named():
    """A file without its version, and a row without a name, say what is missing."""
    changed = table()
    del changed["format"]
    del changed["party"][0]["name"]
    with pytest.raises(OwnFault, match=r"format.*party\.0\.name"):
        registry_from(changed)


def test_many_faults_are_counted():
    """Three faults are told in full, the rest as a number."""
    changed = table()
    for row in changed["party"]:
        row["ukjent"] = 1
    with pytest.raises(OwnFault, match=r"register\.and_more"):
        registry_from(changed)


def test_what_the_file_says_comes_out():
    """Kinds, dates, inboxes and certificates of a party are as written; what is not written has its default."""
    found = registry_from(table(her_8090102={"functions": ["A", "B"], "valid_from": date(2026, 1, 1)}))
    ward = found.get("8090102")
    assert (ward.inbox, ward.functions, ward.valid_from) == (InboxKind.NONE, {"A", "B"}, date(2026, 1, 1))
    assert (ward.valid_to, ward.successor, ward.certificates) == (date(9999, 12, 31), None, ())
    assert found.get(LEVANGER_SERVICE).inbox is InboxKind.FOLDER
    assert [each.purpose for each in found.get(LEVANGER).certificates] == list(Purpose)


def test_a_certificate_is_registered_for_its_own_validity_or_the_one_written():
    """Without dates a certificate holds as long as it is valid; dates in the file narrow that."""
    der = test_keys().der(LEVANGER, Purpose.SIGNING)
    later = START + timedelta(days=10)
    rows = [inline(der, Purpose.SIGNING), inline(der, Purpose.SIGNING, valid_to=later.replace(tzinfo=None))]
    whole, short = registry_from(table(her_8090100={"certificates": rows})).get(LEVANGER).certificates
    assert whole.holds_at(later + timedelta(days=1))
    assert short.valid_to == later
    assert not short.holds_at(later + timedelta(seconds=1))


def test_an_agreement_has_its_own_terms_and_the_files_defaults_are_for_all_others():
    """Every key of an agreement reaches the terms; parties without one get the defaults of the file."""
    terms = {
        "carrier": "dialog-1.0",
        "cpa_id": "cpa-7",
        "resend_interval_minutes": 60,
        "resend_limit": 0,
        "allow_sha1": True,
        "allow_3des": False,
        "level": 1,
        "apprec_by": "epj",
        "apprec_deadline_minutes": 30,
        "answer_days": 14,
        "holiday_rule": "none",
        "confirm": "by_hand",
    }
    found = registry_from(with_file(agreement=[{**AGREEMENT, **terms}], defaults={"answer_days": 21}))
    assert found.terms(LEVANGER_SERVICE, GP, START) == Terms(
        carrier="dialog-1.0",
        cpa_id="cpa-7",
        resend_interval=timedelta(hours=1),
        resend_limit=0,
        allow_sha1=True,
        allow_3des=False,
        level=1,
        apprec_by=ApprecBy.EPJ,
        apprec_deadline=timedelta(minutes=30),
        answer_days=14,
        holiday_rule=HolidayRule.NONE,
        confirm=Confirm.BY_HAND,
    )
    assert found.terms(VERDAL, GP, START) == Terms(answer_days=21)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2026, 2, 28, 22, 59, tzinfo=UTC), 30),
        (datetime(2026, 2, 28, 23, 0, tzinfo=UTC), 10),
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), 10),
        (datetime(2026, 3, 31, 22, 0, tzinfo=UTC), 20),
        (datetime(2026, 5, 1, tzinfo=UTC), 30),
    ],
)
def test_terms_hold_on_the_days_of_the_agreement_in_oslo(at, days):
    """Both days of an agreement are included, midnight is Oslo's, and agreements follow each other."""
    first = {**AGREEMENT, "valid_from": "2026-03-01", "valid_to": "2026-03-31", "answer_days": 10}
    second = {"between": [GP, LEVANGER], "valid_from": "2026-04-01", "valid_to": "2026-04-30", "answer_days": 20}
    found = registry_from(with_file(agreement=[first, second]))
    assert found.terms(GP, LEVANGER, at).answer_days == days
