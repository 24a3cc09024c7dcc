"""What is packed comes out as it was, also what looks packed and is not."""

import base64
import random
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.store.packing import LARGE_BYTES, packed_document, packed_mail, unpacked
from engine.errors import OwnFault

_MARK = b"\x00samvik\x00"


@given(st.binary(max_size=5_000))
@example(b"")
@example(_MARK)
@example(_MARK + b"z" + zlib.compress(b"a" * 100))
@example(_MARK + b"=a")
def test_content_comes_out_as_it_went_in(content: bytes) -> None:
    """Any bytes, also those that begin like packed ones, are the same afterwards."""
    assert unpacked(packed_mail(content)) == content == unpacked(packed_document(content))


@pytest.mark.parametrize("begin", [b"", _MARK, _MARK + b"z", _MARK + b"="])
def test_large_content_stands_as_it_is(begin: bytes) -> None:
    """Large content is not packed, so that it is held once; it comes out as it went in."""
    content = begin + b"a" * LARGE_BYTES
    assert len(packed_mail(content)) >= len(content)
    assert unpacked(packed_mail(content)) == content


def test_rows_from_before_are_read() -> None:
    """What was stored before anything was packed comes out as it stands."""
    assert unpacked(b"Subject: gammel\r\n\r\n") == b"Subject: gammel\r\n\r\n"


def test_a_mail_of_base64_takes_three_quarters() -> None:
    """The usual mail is stored in at most 78 hundredths of its size."""
    mail = base64.encodebytes(random.Random(13).randbytes(36_000))
    assert len(packed_mail(mail)) < 0.78 * len(mail)


def test_packed_bytes_that_are_damaged_are_refused() -> None:
    """Bytes that say they are packed, and do not unpack, raise one clear error."""
    with pytest.raises(OwnFault):
        unpacked(_MARK + b"z\xff\xff")
