"""What a record system's document must not hold: a number or a patient, in its text, its files or what they pack."""

import base64
import io
import random
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.conformance.privacy_of_documents import check_outgoing
from engine.errors import PayloadFault, Refused
from engine.files.texts import MOST_UNPACKED
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from tests.fakes.growth import least_costs
from tests.fakes.partners.documents import reply
from tests.properties.test_national_numbers import NUMBER, numbers

XHTML = "http://www.w3.org/1999/xhtml"
SPLIT = "<b>158202</b><b>50068</b>"
ENTITIES = "".join(f"&#{ord(digit)};" for digit in NUMBER)
ESCAPES = "".join(f"\\u{ord(digit):04x}" for digit in NUMBER)
QUOTED = b"Content-Transfer-Encoding: quoted-printable\n\n"
NESTED = b'<MsgHead xmlns="http://www.kith.no/xmlstds/msghead/2006-05-24"><Patient><FamilyName>K</FamilyName></Patient></MsgHead>'


def check(document: bytes) -> None:
    """Check a document as it is before it goes out."""
    check_outgoing(document, read_msghead(document).attachments)


def saying(markup: str) -> bytes:
    """Return a reply whose text is some markup."""
    return reply("dokument-1", text="@@").replace(b"@@", markup.encode())


def bearing(content: bytes, mime: str = "application/octet-stream", name: str = "fil") -> bytes:
    """Return a reply with a file."""
    return reply("dokument-1", attachments=[Attachment(name, mime, content)])


def packed(how: int = zipfile.ZIP_DEFLATED, **members: str) -> bytes:
    """Return a zip file, its members named as in Word."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, text in members.items():
            archive.writestr(f"word/{name}.xml", text)
    return file.getvalue()


TEXTS = {
    "line wrap": "158202\n50068",
    "tab": "158202\t50068",
    "zero width": "158202\u200b50068",
    "minus": "158202\u221250068",
    "arabic": "".join(chr(0x660 + int(digit)) for digit in NUMBER),
    "paragraphs": f'<p xmlns="{XHTML}">158202</p><p xmlns="{XHTML}">50068</p>',
    "break": f'158202<br xmlns="{XHTML}"/>50068',
    "cells": f'<table xmlns="{XHTML}"><tr>\n  <td>158202</td>\n  <td>50068</td></tr></table>',
    "comment between": "158202<!-- x -->50068",
    "instruction between": "158202<?x y?>50068",
    "in an instruction": f"hei<?x {NUMBER}?>",
    "name of an instruction": f"hei<?x{NUMBER}?>",
    "name of an element": f"hei<x{NUMBER}/>",
    "like a UUID": "00000000-0000-0000-0000-015820250068",
    "like a good UUID": "aaaaaaaa-bbbb-4abc-8def-a15820250068",
    "an attribute": f'<b title="{NUMBER}"/>',
    "name of an attribute": f'<b x{NUMBER}="1"/>',
    "around what is not shown": "158202<style>x</style>50068",
    "in what is not shown": f"<script>{NUMBER}</script>",
    "a false container": f'<c xmlns="http://www.kith.no/xmlstds/base64container">{NUMBER}</c>',
}


@pytest.mark.parametrize("markup", TEXTS.values(), ids=TEXTS)
def test_a_number_in_the_text_is_refused(markup):
    """However the number is wrapped, tagged or disguised in the text, the document does not leave."""
    with pytest.raises(Refused, match=r"document\.holds_number") as caught:
        check(saying(markup))
    assert NUMBER not in str(caught.value)


def test_a_file_in_the_text_is_no_part_of_a_document():
    """A container that stands in the text, where nobody would search or scan it, makes the document unreadable."""
    with pytest.raises(PayloadFault) as caught:
        check(saying(f'<Base64Container xmlns="http://www.kith.no/xmlstds/base64container">{NUMBER}</Base64Container>'))
    assert (caught.value.code, NUMBER in str(caught.value)) == ("T02", False)


FILES = {
    "plain, no type": (NUMBER.encode(), "application/octet-stream"),
    "markdown": (b"# 158202\n50068", "application/markdown"),
    "rtf": (b"{\\rtf1\\ansi {\\b 158202}{\\i0 50068}}", "application/rtf"),
    "rtf escapes": (b"{\\rtf1 " + b"".join(b"\\'%x" % sign for sign in NUMBER.encode()) + b"}", "application/rtf"),
    "log": (b"2026-11-23 nr=" + NUMBER.encode(), "application/x-log"),
    "mail": (b"Subject: x\nMIME-Version: 1.0\n\n" + NUMBER.encode(), "message/rfc822"),
    "mail, quoted": (
        b"MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n158202=\n5=30068",
        "message/rfc822",
    ),
    "mail, base64": (
        b"MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(b"nr " + NUMBER.encode()),
        "message/rfc822",
    ),
    "xml with charset": (f"<a>{NUMBER}</a>".encode(), "application/xml; charset=utf-8"),
    "xml split": (f"<a>{SPLIT}</a>".encode(), "text/xml"),
    "xml entities": (f"<a>{ENTITIES}</a>".encode(), "text/xml"),
    "xml cdata": (b"<a>158202<![CDATA[50068]]></a>", "text/xml"),
    "xml attribute": (f'<a b="{ENTITIES}"/>'.encode(), "text/xml"),
    "html entities": (f"{ENTITIES}<br>".encode(), "text/html"),
    "html named": (b"158202&nbsp;50068<br>", "text/html"),
    "html split": (f"{SPLIT}<br>".encode(), "text/html"),
    "html comment between": (b"158202<!-- a > b -->50068", "text/html"),
    "html comment": (f"<!-- {NUMBER} -->".encode(), "text/html"),
    "html quoted sign": (b'158202<b title="a>b">50068</b>', "text/html"),
    "json": (f'{{"nr": "{ESCAPES}"}}'.encode(), "application/json"),
    "json list": (b'["158202","50068"]', "application/json"),
    "utf-16": (NUMBER.encode("utf-16"), "text/plain"),
    "utf-16 without mark": (("æ" + NUMBER).encode("utf-16-be"), ""),
    "utf-16 without mark, split": ("158202 - 50068".encode("utf-16-le"), ""),
    "far into a file": (b"x" * 262_138 + NUMBER.encode() + b"x" * 999, ""),
    "mail, quoted, other lines": (
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n158202=\r\n5=30068\r\n",
        "message/rfc822",
    ),
    "mail, base64 cut off": (
        b"Content-Transfer-Encoding: base64\n\n!"
        + base64.b64encode(b"nr " + NUMBER.encode() + b".").rstrip(b"=")
        + b"A\n",
        "message/rfc822",
    ),
    "mail with word": (
        b"Content-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(packed(document=f"<w>{NUMBER}</w>"))
        + b"\n--nexta\n\n"
        + b"abcd" * 50_000,
        "message/rfc822",
    ),
    "utf-16, arabic": (TEXTS["arabic"].encode("utf-16"), ""),
    "latin-1": ("fødselsnr ".encode("latin-1") + b"158202\xa050068", ""),
    "word": (packed(document="<w:p><w:t>158202</w:t></w:r><w:r><w:t>50068</w:t></w:p>"), "application/zip"),
    "word footnote": (packed(document="<w/>", footnotes=f"<w>{NUMBER}</w>"), ""),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(range(256)) + NUMBER.encode("utf-16-le"), "application/msword"),
    "a picture that is none": (NUMBER.encode(), "image/png"),
}


@pytest.mark.parametrize(("content", "mime"), FILES.values(), ids=FILES)
def test_a_number_in_a_file_is_refused(content, mime):
    """What the file is called and said to be does not matter: its bytes are read as what they are."""
    with pytest.raises(Refused, match=r"document\.holds_number"):
        check(bearing(content, mime))


@given(
    numbers(),
    st.sampled_from(["<b>{}</b><i>{}</i>", "{}\n{}", "{}&nbsp;{}", "{}<!-- x -->{}", '["{}","{}"]']),
    st.integers(1, 10),
)
def test_any_number_in_any_markup_is_refused(number, markup, at):
    """Wherever markup cuts a number in two, it is found."""
    with pytest.raises(Refused, match=r"document\.holds_number"):
        check(bearing(markup.format(number[:at], number[at:]).encode()))


@pytest.mark.parametrize(
    "content", [NESTED, NESTED.decode().encode("utf-16"), packed(x=NESTED.decode()), b"<m:Patient\n>"]
)
def test_a_patient_in_a_file_is_refused(content):
    """A message that is attached may name no patient either."""
    with pytest.raises(Refused, match=r"document\.holds_patient"):
        check(bearing(content, "text/xml"))


def test_a_patient_in_the_text_is_refused():
    """A patient under any namespace is one."""
    with pytest.raises(Refused, match=r"document\.holds_patient"):
        check(saying('hei<Patient xmlns="urn:x"><FamilyName>K</FamilyName></Patient>'))


def test_what_cannot_be_unpacked_within_bounds_is_refused():
    """A file that unpacks to more than is searched does not leave unsearched, and costs little."""
    with pytest.raises(Refused, match=r"file\.cannot_search"):
        check(bearing(packed(document="0" * (MOST_UNPACKED + 1))))
    with pytest.raises(Refused, match=r"file\.cannot_search"):
        check(bearing(packed(**{f"d{number}": "" for number in range(2_000)})))


def test_files_packed_in_each_other_are_opened_to_a_depth():
    """A number three files deep is found; what is packed deeper than is opened does not leave."""
    inner = packed(document=NUMBER)
    for _ in range(2):
        inner = b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(inner)
    with pytest.raises(Refused, match=r"document\.holds_number"):
        check(bearing(inner))
    deep = b"hei"
    for _ in range(20):
        deep = b"Content-Transfer-Encoding: base64\n\n" + base64.b64encode(deep)
    with pytest.raises(Refused, match=r"file\.cannot_search"):
        check(bearing(deep))


def test_a_file_that_cannot_be_opened_is_refused():
    """What is packed in a way that could unpack without bound, or under a password, does not leave unsearched."""
    with pytest.raises(Refused, match=r"file\.cannot_search"):
        check(bearing(packed(zipfile.ZIP_BZIP2, document="hei")))
    locked = bytearray(packed(document="hei"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    with pytest.raises(Refused, match=r"file\.cannot_search"):
        check(bearing(bytes(locked)))


def test_what_holds_no_number_is_let_through():
    """Pictures, PDFs, structured numbers and ids of our own kind pass."""
    rng = random.Random(3)
    for content in (
        b"\x89PNG\r\n\x1a\n" + rng.randbytes(300_000),
        b"%PDF-1.7\n0000000016 00000 n\n158202 50068 re",
        packed(document="<w:p>Hei</w:p>"),
        b"PK\x03\x04" + rng.randbytes(50_000),
        "Vi har sett på dette den 23.11.2026 kl. 14.30. Ring 74 01 23 45.".encode(),
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed\n\nhei",
        b"",
    ):
        check(bearing(content))
    for msg_id in ("aaaaaaaa-bbbb-4abc-8def-a15820250068", "svar-2"):
        check(reply("dokument-1", msg_id))


@pytest.mark.parametrize("middle", ["0000-0000", "4000-0000", "0000-8000", "9000-8000"])
def test_an_id_that_is_no_real_uuid_is_searched(middle):
    """Only what has the version and variant of a UUID is spared, and only where an id stands."""
    with pytest.raises(Refused, match=r"document\.holds_number"):
        check(reply("dokument-1", f"00000000-0000-{middle}-015820250068"))
    check(reply("dokument-1", "00000000-0000-4000-8000-015820250068"))


def test_people_named_in_a_note_are_fields():
    """The number of a doctor and the postal code after it make no number together, though they stand in the note."""
    check(saying("<RollerRelatertNotat><Id>158202</Id><PostalCode>50068</PostalCode></RollerRelatertNotat>"))
    with pytest.raises(Refused):
        check(saying("<Annet><Id>158202</Id><PostalCode>50068</PostalCode></Annet>"))


def test_parties_beside_each_other_are_no_number():
    """Digits of two fields of a party, such as its id and its postal code, do not make a number together."""
    document = reply("dokument-1")
    changed = document.replace(b">8090101<", b">15820250068<", 1)
    with pytest.raises(Refused):
        check_outgoing(changed)
    apart = document.replace(
        b"<OrganisationName>", b"<OrganisationName>158202</OrganisationName><City>50068</City><X>", 1
    )
    apart = apart.replace(b"</OrganisationName>", b"</X>", 2).replace(b"</X>", b"</OrganisationName>", 1)
    assert apart != document
    check_outgoing(apart)


PATTERNS = [
    b"1 ",
    b"0",
    b"<",
    b"<b>1",
    b"&#49;",
    b"&",
    b"<!--",
    b"-->",
    b"\\u0031",
    b"{\\rtf1 \\'31",
    b"\xe5",
    b"\x001",
    b"=31",
    b"<a:",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_time_grows_with_the_size_of_a_file_alone(pattern, record_property):
    """Four times the bytes take about four times the processor time, whatever they are; speed is reported."""
    head = b"{\\rtf" if b"rtf" in pattern else QUOTED if pattern == b"=31" else b"x"
    documents = [bearing(head + pattern * (size // len(pattern))) for size in (250_000, 1_000_000)]

    def checked(document: bytes, files: Sequence[Attachment]) -> None:
        with suppress(Refused):
            check_outgoing(document, files)

    def even(costs: Sequence[float]) -> bool:
        return costs[1] < 10 * costs[0] + 0.05

    steps = [partial(checked, document, read_msghead(document).attachments) for document in documents]
    costs = least_costs(steps, even)
    record_property("ms a MB", round(costs[1] * 1000))
    assert even(costs), costs
