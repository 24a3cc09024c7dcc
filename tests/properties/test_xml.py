"""The one hardened parser: hostile XML is refused early, and ids cannot be read in two ways."""

import time
import tracemalloc

import pytest

from engine.errors import PayloadFault
from engine.payload.elements import text
from engine.xml import BadXml, XmlLimits, parse

BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n > 1 else b"&a;" * 10) for n in range(1, 10))
    + b"]><b>&a9;</b>"
)

HOSTILE = {
    "a document type": b"<!DOCTYPE x><x/>",
    "an external subset": b"<!DOCTYPE x SYSTEM 'http://example.test/x.dtd'><x/>",
    "an external entity": b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "a parameter entity": b"<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://example.test/p'> %p;]><x/>",
    "an entity bomb": BOMB,
    "an undeclared entity": b"<x>&ukjent;</x>",
    "a document type in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
    "two roots": b"<x/><y/>",
    "no root": b"  ",
    "no bytes": b"",
    "an open element": b"<x><y></x>",
    "a NUL byte": b"<x>\x00</x>",
    "an unbound prefix": b"<p:x/>",
    "UTF-8 that is none": b"<x>\xff\xfe</x>",
    "a declaration not at the start": b" <?xml version='1.0'?><x/>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_or_broken_xml_is_refused(data):
    """No DTD, no entities, and nothing that is not well-formed; the reason repeats nothing of the content."""
    with pytest.raises(BadXml) as refused:
        parse(data)
    assert "passwd" not in str(refused.value)


LIMITS = XmlLimits(most_bytes=10_000, most_depth=10, most_nodes=100, most_attributes=5)


@pytest.mark.parametrize(
    ("fits", "over"),
    [
        (b"<a>" * 10 + b"</a>" * 10, b"<a>" * 11 + b"</a>" * 11),
        (b"<r>" + b"<a/>" * 99 + b"</r>", b"<r>" + b"<a/>" * 100 + b"</r>"),
        (b"<r>" + b"<!--c-->" * 99 + b"</r>", b"<r>" + b"<!--c-->" * 100 + b"</r>"),
        (b"<r>" + b"<?p?>" * 99 + b"</r>", b"<r>" + b"<?p?>" * 100 + b"</r>"),
        (_five := b'<r a="" b="" c="" d="" e=""/>', _five.replace(b"/>", b' f=""/>')),
        (b"<r>" + b'<a b=""/>' * 49 + b"<a/></r>", b"<r>" + b'<a b=""/>' * 50 + b"</r>"),
        (b"<%b/>" % (b"a" * 1_000), b"<%b/>" % (b"a" * 1_001)),
        (b'<r %b=""/>' % (b"a" * 1_000), b'<r %b=""/>' % (b"a" * 1_001)),
        (b"<r>" + b"x" * 9_993 + b"</r>", b"<r>" + b"x" * 9_994 + b"</r>"),
    ],
    ids=[
        "depth",
        "elements",
        "comments",
        "instructions",
        "attributes",
        "all attributes",
        "name",
        "attribute name",
        "bytes",
    ],
)
def test_each_limit_holds_exactly(fits, over):
    """A document at a limit is read, one step over it is refused."""
    assert parse(fits, LIMITS) is not None
    with pytest.raises(BadXml):
        parse(over, LIMITS)


@pytest.mark.parametrize(
    "data",
    [BOMB, b"<a>" * 2_000_000, b"<r>" + b"<a/>" * 2_000_000, b"<r " + b" ".join(b'a%d=""' % n for n in range(200_000))],
    ids=["entity bomb", "deep", "wide", "attributes"],
)
def test_an_attack_costs_neither_time_nor_memory(data):
    """What would blow up a tree is refused before any tree is built."""
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadXml):
        parse(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - began < 5
    assert peak < 60_000_000


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "UTF-16", "ISO-8859-1", "US-ASCII"])
def test_the_encodings_of_the_field_are_read(encoding):
    """Each encoding that partners use gives the same text."""
    text = "aeo" if encoding == "US-ASCII" else "æøå"
    data = f'<?xml version="1.0" encoding="{encoding}"?><x>{text}</x>'.encode(encoding)
    assert parse(data).text == text


@pytest.mark.parametrize("encoding", ["windows-1252", "cp037", "utf-7", "iso-8859-15", "koi8-r", "IBM500", "ukjent"])
def test_any_other_encoding_is_refused(encoding):
    """An encoding that two parsers might read differently is not read at all."""
    data = f'<?xml version="1.0" encoding="{encoding}"?><x>aeo</x>'.encode("ascii")
    with pytest.raises(BadXml):
        parse(data)


def test_a_byte_order_mark_does_no_harm():
    """UTF-8 with a byte order mark is read."""
    assert parse(b"\xef\xbb\xbf<x>a</x>").text == "a"


def test_comments_and_instructions_are_removed_so_that_text_is_one_piece():
    """Text around a comment or an instruction reads as one, when they are not kept for canonicalisation."""
    assert text(parse(b"<id>12<!-- 99 -->34<?p 56?>78</id>")) == "123478"


@pytest.mark.parametrize("data", [b"<id>12<!-- 99 -->34</id>", b"<id>12<?p 56?>34</id>"])
def test_an_id_reads_the_same_whether_comments_are_kept_or_not(data):
    """What a comment or an instruction stands in is one text, so that nobody reads it in two ways."""
    assert text(parse(data, keep_comments=True)) == text(parse(data)) == "1234"


def test_an_id_with_an_element_inside_is_refused():
    """An element inside an id makes two texts of it: it is not read."""
    with pytest.raises(PayloadFault, match=r"document\.not_only_text"):
        text(parse(b"<id>12<b/>34</id>", keep_comments=True))


def test_an_empty_element_has_empty_text():
    """An element without text reads as the empty text."""
    assert text(parse(b"<id/>")) == ""
