"""Hostile documents cost little and end in one kind of fault."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.errors import PayloadFault
from engine.payload.apprec import read_apprec
from engine.payload.elements import root_kind
from engine.payload.msghead import read_identity, read_msghead
from tests.engine.payload.payload_examples import FILES, FIRST, message, receipt, refusal

READERS = [root_kind, read_msghead, read_apprec]
GENUINE = [message(attachments=FILES, conversation=(FIRST, FIRST)), receipt("1.0"), refusal("1.1")]
BOMB = b'<!DOCTYPE a [<!ENTITY b "xxxx"><!ENTITY c "&b;&b;&b;">]>'


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"<" * 1000,
        b"<a>" * 100_000,
        b"<a>" * 5_000 + b"</a>" * 5_000,
        b"<a>" + b"<b/>" * 60_000 + b"</a>",
        b"<a " + b" ".join(b'x%d=""' % n for n in range(1000)) + b"/>",
        b'<?xml version="1.0"?>' + BOMB + b"<a>&c;</a>",
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>&unknown;</a>",
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        b'<?xml version="1.0" encoding="utf-16"?><a/>',
        b"<p:a/>",
        b"<a/><b/>",
    ],
)
def test_what_is_no_acceptable_xml_is_t01(read, data):
    """Broken, bottomless, endless, DTD-bearing and oddly encoded documents are all T01."""
    with pytest.raises(PayloadFault) as caught:
        read(data)
    assert caught.value.code == "T01"


@pytest.mark.parametrize("genuine", GENUINE)
def test_a_dtd_on_a_genuine_document_is_refused(genuine):
    """A document type declaration is refused even where nothing uses it."""
    with pytest.raises(PayloadFault) as caught:
        root_kind(genuine.replace(b"?>", b"?>" + BOMB, 1))
    assert caught.value.code == "T01"


def test_deep_content_inside_a_genuine_document_is_refused():
    """XHTML nested beyond the limit of depth does not reach the reader."""
    data = message().replace(b"Linje", b"<p>" * 100 + b"x" + b"</p>" * 100 + b"Linje")
    with pytest.raises(PayloadFault) as caught:
        read_msghead(data)
    assert caught.value.code == "T01"


def test_no_fault_repeats_what_the_document_says():
    """Marked content in every value never shows up in a fault (design 11)."""
    mark = b"15720255178"
    for old in (
        b"AVV-1",
        b"1000011",
        FIRST.encode(),
        b"2026-11-20T10:15:30+01:00",
        b"DIALOG_HELSEFAGLIG",
        b"HER",
        b"XML",
    ):
        data = message().replace(old, mark)
        try:
            read_msghead(data)
        except PayloadFault as fault:
            assert mark.decode() not in f"{fault} {fault.said} {fault.location}"  # noqa: PT017 - some are readable


def mutate(data, draw):
    """Return a document with a few bytes changed, cut out or doubled."""
    found = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(found) - 1))
        piece = bytes(found[at : at + draw(st.integers(1, 60))])
        match draw(st.integers(0, 3)):
            case 0:
                found[at] = draw(st.integers(0, 255))
            case 1 if len(piece) < len(found):
                del found[at : at + len(piece)]
            case 2:
                found[at:at] = piece
            case _:
                found[at:at] = draw(
                    st.sampled_from([b"<x/>", b"<!---->", b"&#0;", b"]]>", b"\xff", b'"', b"<Id>", b"<"])
                )
    return bytes(found)


@settings(max_examples=200)
@given(st.sampled_from(GENUINE), st.data())
def test_changed_documents_never_raise_anything_but_a_payload_fault(genuine, data):
    """Whatever is cut, doubled or overwritten, each reader answers or raises its one fault."""
    changed = mutate(genuine, data.draw)
    for read in READERS:
        try:
            read(changed)
        except PayloadFault as fault:
            assert fault.code in {"T01", "T02", "T10", "T99"}  # noqa: PT017 - both ways are right
    read_identity(changed)


ODD = ["", " ", "1", "HER", "15720255178", "2026-11-20T10:15:30", "x" * 300, "\u0661", "æ\n"]


def disturb(root, draw):
    """Remove, double, move, rename or refill one element of a tree; the document stays well-formed."""
    elements = [each for each in root.iter() if each.getparent() is not None]
    chosen = draw(st.sampled_from(elements or [root]))
    parent = chosen.getparent()
    match draw(st.integers(0, 5)) if parent is not None else 5:
        case 0:
            parent.remove(chosen)
        case 1:
            parent.append(deepcopy(chosen))
        case 2:
            draw(st.sampled_from(elements)).append(deepcopy(chosen))
        case 3:
            chosen.tag = draw(st.sampled_from(elements)).tag
        case 4:
            chosen.text = draw(st.sampled_from(ODD))
        case _:
            chosen.set(draw(st.sampled_from(["V", "S", "DN"])), draw(st.sampled_from(ODD)))


@settings(max_examples=300)
@given(st.sampled_from(GENUINE), st.integers(1, 6), st.data())
def test_disturbed_trees_never_raise_anything_but_a_payload_fault(genuine, count, data):
    """Well-formed documents with their parts missing, doubled, moved or renamed end in the one fault, or are read."""
    root = etree.fromstring(genuine)
    for _ in range(count):
        disturb(root, data.draw)
    changed = etree.tostring(root)
    for read in READERS:
        try:
            read(changed)
        except PayloadFault as fault:
            assert fault.code in {"T02", "T10", "T99"}  # noqa: PT017 - both ways are right
    read_identity(changed)
