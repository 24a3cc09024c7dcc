"""What a fuzz found in CMS: bytes that asn1crypto takes seconds or minutes over are refused before it sees them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agreements.purpose import Purpose
from engine.errors import PartnerFault
from engine.msh.asn1 import check_form
from engine.msh.encryption import decrypt, encrypt
from tests.fakes.fuzz.asn1 import content, many_recipients
from tests.fakes.partners.documents import document
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import LEVANGER, test_keys

OURS = test_keys().der(LEVANGER, Purpose.ENCRYPTION)
KEYS = MemoryKeys(test_keys(), (LEVANGER,))
SEALED = encrypt(document(), OURS)

COSTLY = {
    "an object identifier of a megabyte": lambda: (
        b"\x30\x84\x00\x0f\x42\x46\x06\x84\x00\x0f\x42\x40" + b"\xff" * 1_000_000
    ),
    "a tag number of 100 000 bytes": lambda: b"\x3f" + b"\xff" * 100_000 + b"\x7f\x00",
    "a content in a million pieces": lambda: content(b"\x24\x80" + b"\x04\x01x" * 1_000_000 + b"\0\0"),
    "five thousand recipients": lambda: many_recipients(5_000),
    "as many recipients as have room": lambda: many_recipients(1_001),
    "nested a million times": lambda: b"\x30\x80" * 1_000_000,
}


@pytest.mark.parametrize("made", COSTLY.values(), ids=COSTLY)
def test_what_would_cost_seconds_is_refused_at_once(made):
    """Each of these is the one failure to decrypt, after less than half a second of work."""
    data = made()
    begun = time.process_time()
    with pytest.raises(PartnerFault, match=r"envelope\.not_decrypted"):
        decrypt(data, [OURS], KEYS)
    assert time.process_time() - begun < 0.5


BAD = {
    "cut off after its tag": b"\x30",
    "cut off in its length": b"\x30\x82\x01",
    "longer than there is": b"\x30\x03\x04\x01",
    "longer than what holds it": b"\x30\x03\x04\x02x" + b"x",
    "endless and primitive": b"\x04\x80x\0\0",
    "without its end": b"\x30\x80\x04\x01x",
    "past the end of what holds it": b"\x30\x04\x24\x80\x04\x00\0\0",
    "a high tag number": b"\x1f\x20\x00",
    "33 levels": b"\x30\x80" * 33 + b"\0\0" * 33,
    "50 001 values": b"\x05\x00" * 50_001,
    "a long object identifier": b"\x06\x41" + b"\x01" * 65,
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_form_that_no_cms_has_is_refused(data):
    """Lengths that lie, ends that are missing, and what is over a limit, raise ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011 - the texts reach nobody
        check_form(data)


GOOD = {
    "nothing": b"",
    "ours": SEALED,
    "32 levels": b"\x30\x80" * 32 + b"\0\0" * 32,
    "50 000 values": b"\x05\x00" * 50_000,
    "an empty sequence": b"\x30\x00",
    "sequences that end together": b"\x30\x04\x30\x02\x30\x00",
    "zeros in a value": b"\x04\x04\0\0\0\0",
    "endless in definite": b"\x30\x06\x30\x80\x05\x00\0\0",
    "an object identifier of 64 bytes": b"\x06\x40" + b"\x01" * 64,
}


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD)
def test_a_form_within_the_limits_is_taken(data):
    """What is exactly at a limit passes, and so does every way of writing an end."""
    check_form(data)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_value_error(data):
    """Whatever stands there, the look ends, and says yes or ValueError."""
    try:
        check_form(data)
    except ValueError:
        return
