"""Ways to change what comes from outside: as bytes, as an XML tree, and as the nested lengths of ASN.1."""

import random
from collections.abc import Callable

from lxml import etree

WORDS = (
    b"\r\n\r\n",
    b"--grense-1",
    b"--grense-1--",
    b"\x00",
    b"\xff",
    b"<!DOCTYPE x>",
    b"<![CDATA[",
    b"<!--x-->",
    b"<?x y?>",
    b"&#0;",
    b"&amp;",
    b' xmlns=""',
    b"cid:",
    b"%40",
    b"=",
    b"Content-ID: <vedlegg@example.test>\r\n",
    b"base64",
    b"7bit",
    b'SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next"',
    b"</",
    b"/>",
    b'"',
    b"2.0",
    b"HER",
    b"8090100",
)
Mutation = Callable[[random.Random, bytes], bytes]
"""Changes bytes, by the throws of a dice."""


def flip(dice: random.Random, data: bytes) -> bytes:
    """Change one byte."""
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ dice.randrange(1, 256)]) + data[at + 1 :]


def cut(dice: random.Random, data: bytes) -> bytes:
    """Take a piece out."""
    begin = dice.randrange(len(data))
    return data[:begin] + data[begin + dice.randrange(1, 200) :]


def double(dice: random.Random, data: bytes) -> bytes:
    """Put a piece in a second time, somewhere else."""
    begin, to = dice.randrange(len(data)), dice.randrange(len(data))
    return data[:to] + data[begin : begin + dice.randrange(1, 400)] + data[to:]


def insert(dice: random.Random, data: bytes) -> bytes:
    """Put a word in that means something somewhere."""
    at = dice.randrange(len(data))
    return data[:at] + dice.choice(WORDS) + data[at:]


def end(dice: random.Random, data: bytes) -> bytes:
    """Cut the end off."""
    return data[: dice.randrange(len(data))]


BYTES: tuple[Mutation, ...] = (flip, cut, double, insert, end)


def move(dice: random.Random, root: etree._Element) -> None:
    """Hang an element under another one."""
    found = list(root.iter(etree.Element))
    what, where = dice.choice(found), dice.choice(found)
    if what is not root and what not in where.iterancestors() and what is not where:
        where.insert(dice.randrange(len(where) + 1), what)


def copy(dice: random.Random, root: etree._Element) -> None:
    """Hang a copy of an element under another one."""
    found = list(root.iter(etree.Element))
    what = etree.fromstring(etree.tostring(dice.choice(found), with_tail=False))
    where = dice.choice(found)
    where.insert(dice.randrange(len(where) + 1), what)


def drop(dice: random.Random, root: etree._Element) -> None:
    """Take an element out."""
    doomed = dice.choice(list(root.iter(etree.Element)))
    if doomed is not root:
        doomed.getparent().remove(doomed)


def retext(dice: random.Random, root: etree._Element) -> None:
    """Give an element the text of another one, or none."""
    found = list(root.iter(etree.Element))
    dice.choice(found).text = dice.choice([None, " ", "x", dice.choice(found).text])


def reattribute(dice: random.Random, root: etree._Element) -> None:
    """Give an element an attribute of another one."""
    found = list(root.iter(etree.Element))
    pairs = [pair for element in found for pair in element.attrib.items()]
    dice.choice(found).set(*dice.choice(pairs or [("x", "y")]))


def hide(dice: random.Random, root: etree._Element) -> None:
    """Address an element to the next hop, which takes it out of the signature."""
    actor = "http://schemas.xmlsoap.org/soap/actor/next"
    dice.choice(list(root.iter(etree.Element))).set("{http://schemas.xmlsoap.org/soap/envelope/}actor", actor)


def comment(dice: random.Random, root: etree._Element) -> None:
    """Put a comment or an instruction somewhere."""
    where = dice.choice(list(root.iter(etree.Element)))
    where.insert(dice.randrange(len(where) + 1), dice.choice([etree.Comment("x"), etree.PI("x", "y")]))


TREES = (move, copy, drop, retext, reattribute, hide, comment)


def changed_tree(dice: random.Random, data: bytes) -> bytes:
    """Change a document as XML, once to three times; what is no XML is changed as bytes."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return changed_bytes(dice, data)
    for _ in range(dice.randrange(1, 4)):
        dice.choice(TREES)(dice, root)
    return etree.tostring(root)


def changed_bytes(dice: random.Random, data: bytes) -> bytes:
    """Change bytes anywhere, once to three times."""
    for _ in range(dice.randrange(1, 4)):
        data = dice.choice(BYTES)(dice, data or b"x")
    return data


def numbered(dice: random.Random, data: bytes) -> bytes:
    """Give a number, date or code of the text another length or sign."""
    digits = [at for at, sign in enumerate(data) if 0x30 <= sign <= 0x39]
    if not digits:
        return changed_bytes(dice, data)
    at = dice.choice(digits)
    return data[:at] + dice.choice(NUMBERS) + data[at + 1 :]


NUMBERS = (b"", b"-", b"0" * 50, b"9" * 400, b"99999999999999999999", b"1e999", b"NaN", b"\xd9\xa1", b"T24:00:00", b"Z")


def lying_length(dice: random.Random, data: bytes) -> bytes:
    """Give an ASN.1 value another length: longer than there is, endless, or written in more bytes."""
    tags = [at for at in range(len(data) - 1) if data[at] in TAGS]
    if not tags:
        return changed_bytes(dice, data)
    at = dice.choice(tags) + 1
    return data[:at] + dice.choice(LENGTHS) + data[at + 1 :]


def other_tag(dice: random.Random, data: bytes) -> bytes:
    """Call an ASN.1 value another type."""
    tags = [at for at in range(len(data)) if data[at] in TAGS]
    if not tags:
        return changed_bytes(dice, data)
    at = dice.choice(tags)
    return data[:at] + bytes([dice.choice(TAGS)]) + data[at + 1 :]


TAGS = b"\x02\x03\x04\x05\x06\x0c\x13\x17\x18\x24\x30\x31\x80\xa0\xa1\xa2"
LENGTHS = (
    b"\x00",
    b"\x7f",
    b"\x80",
    b"\x81\xff",
    b"\x82\xff\xff",
    b"\x84\xff\xff\xff\xff",
    b"\x88" + b"\xff" * 8,
    b"\xff",
)
XML_CHANGES: tuple[Mutation, ...] = (changed_tree, changed_tree, changed_bytes, numbered)
ASN1_CHANGES: tuple[Mutation, ...] = (lying_length, other_tag, changed_bytes)
