"""Mails are cut as relays and other vendors write them, and anything else is refused early."""

import base64
import quopri
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.errors import EbxmlCode, Unreadable
from engine.msh.mime import MailLimits, content_id_of, read_mail, write_entity, write_mail

SOAP = "<Envelope>blåbær</Envelope>".encode()
DATA = bytes(range(256)) * 5
RELATED = "multipart/related"
HEADER = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"'


def multipart(*parts: bytes, header: bytes = HEADER, end: bytes = b"--b--\r\n") -> bytes:
    """Return a mail with these parts, each with its own headers."""
    return (
        header
        + b"\r\n\r\nThis is a multi-part message in MIME format.\r\n"
        + b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
        + end
    )


def part(data: bytes, content_id: str = "", encoding: str = "binary", media_type: str = "text/xml") -> bytes:
    """Return one part with its headers; `data` stands there as it is."""
    named = f"Content-Id: <{content_id}>\r\n" if content_id else ""
    return f"Content-Type: {media_type}\r\n{named}content-transfer-encoding: {encoding}\r\n\r\n".encode() + data


ENCODED = {
    "7bit": ("7bit", b"<Envelope/>", b"<Envelope/>"),
    "8bit": ("8bit", SOAP, SOAP),
    "binary": ("binary", DATA, DATA),
    "upper case": ("BASE64", base64.b64encode(DATA), DATA),
    "base64 in lines": ("base64", base64.encodebytes(DATA), DATA),
    "base64 wrapped anew": (
        "base64",
        b"\r\n ".join([base64.b64encode(DATA)[i : i + 13] for i in range(0, 1800, 13)]),
        DATA,
    ),
    "base64 with stray bytes": ("base64", b"\xff!" + base64.b64encode(DATA).replace(b"A", b"A \x00*"), DATA),
    "base64 with a tail": ("base64", base64.b64encode(DATA) + b"=\r\n\r\n-- \r\nUtbytt av relay\r\n", DATA),
    "base64 unpadded": ("base64", base64.b64encode(DATA[:1279]).rstrip(b"="), DATA[:1279]),
    "quoted-printable": ("quoted-printable", quopri.encodestring(SOAP), SOAP),
}


@pytest.mark.parametrize(("encoding", "written", "data"), ENCODED.values(), ids=ENCODED)
def test_every_transfer_encoding_gives_the_same_bytes(encoding, written, data):
    """What relays do to the encoded text does no harm to the bytes that were signed."""
    if encoding == "BASE64":
        assert len(DATA) % 3
    mail = read_mail(multipart(part(SOAP), part(written, "a", encoding, "application/pkcs7-mime")))
    assert (mail.soap, mail.parts[0].data, mail.parts[0].content_id) == (SOAP, data, "a")
    assert mail.findings == ()


HEADERS = {
    "no start and no type": b"multipart/related; boundary=b",
    "no blanks": b'multipart/related;boundary="b";type="text/xml"',
    "a trailing semicolon": b'multipart/related; boundary="b"; type="text/xml"; charset=utf-8;',
    "upper case": b'Multipart/Related; BOUNDARY="b"; TYPE="TEXT/XML"',
    "folded": b'multipart/related;\r\n\tboundary="b";\r\n type="text/xml"',
    "a start that names no part": b'multipart/related; boundary="b"; start="<annen>"',
    "an empty start": b'multipart/related; boundary="b"; start=""',
}


@pytest.mark.parametrize("value", HEADERS.values(), ids=HEADERS)
def test_the_first_part_is_the_envelope_where_start_says_nothing(value):
    """Parameters may be missing, in any case and any order."""
    mail = read_mail(multipart(part(SOAP, "s"), part(DATA, "a", media_type="x/y"), header=b"Content-Type: " + value))
    assert (mail.soap, [found.data for found in mail.parts], mail.findings) == (SOAP, [DATA], ())


def test_start_names_the_envelope_wherever_it_stands():
    """Where start names one part, that is the envelope, and the others keep their order."""
    header = b'Content-Type: multipart/related; boundary="b"; start="<s>"'
    mail = read_mail(
        multipart(part(DATA, "a", media_type="x/y"), part(SOAP, "s"), part(b"2", "c", media_type="x/y"), header=header)
    )
    assert (mail.soap, [found.content_id for found in mail.parts]) == (SOAP, ["a", "c"])


def test_lines_may_end_with_lf_alone():
    """A mail that was stored with LF is read like the one on the wire."""
    mail = multipart(part(b"<Envelope/>"), part(base64.encodebytes(DATA), "a", "base64")).replace(b"\r\n", b"\n")
    assert read_mail(mail).parts[0].data == DATA


def test_a_part_without_a_final_boundary_is_read_to_the_end():
    """A mail whose last boundary was cut off still gives its parts."""
    mail = read_mail(multipart(part(b"<Envelope/>"), part(base64.b64encode(DATA), "a", "base64"), end=b""))
    assert mail.parts[0].data == DATA


def test_a_boundary_is_a_line_of_its_own():
    """Bytes that look like a boundary inside a line, or continue it, do not cut a part."""
    data = b"x--b\r\n--bc\r\n --b\r\n--b-\r\ny"
    assert read_mail(multipart(part(SOAP), part(data, "a", media_type="x/y"))).parts[0].data == data


def test_a_signal_is_a_single_part():
    """A mail that is text/xml as a whole is an envelope without attachments."""
    mail = read_mail(
        b"Message-ID: <1152>\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(SOAP)
    )
    assert (mail.soap, mail.parts, mail.message_id) == (SOAP, (), "1152")


def test_a_nested_multipart_is_one_attachment_and_is_not_opened():
    """Exactly one level of multipart is ebXML; what is nested stays bytes."""
    inner = multipart(part(SOAP, "s"), header=b'Content-Type: multipart/related; boundary="i"').replace(b"--b", b"--i")
    nested = b'Content-Type: multipart/related; boundary="i"\r\nContent-ID: <n>\r\n\r\n' + inner
    mail = read_mail(multipart(part(b"<Envelope/>"), nested))
    assert (mail.soap, [found.media_type for found in mail.parts]) == (b"<Envelope/>", ["multipart/related"])


FINDINGS = {
    "another type": (multipart(part(SOAP), header=HEADER + b'; type="application/soap+xml"'), MailCode.TYPE_NOT_XML),
    "an unknown encoding": (multipart(part(SOAP), part(DATA, "a", "uuencode", "x/y")), MailCode.UNKNOWN_ENCODING),
    "no base64": (multipart(part(SOAP), part(b"AAAAA", "a", "base64", "x/y")), MailCode.NOT_BASE64),
}


@pytest.mark.parametrize(("mail", "code"), FINDINGS.values(), ids=FINDINGS)
def test_what_is_wrong_around_a_readable_envelope_is_a_finding(mail, code):
    """MIME faults that leave the envelope readable become MimeProblem, so that the sender can be told."""
    found = read_mail(mail)
    assert found.soap == SOAP
    assert [finding.code for finding in found.findings] == [EbxmlCode.MIME_PROBLEM]
    assert found.findings[0].said == Statement.of(code)


UNREADABLE = {
    "an empty boundary": (b'Content-Type: multipart/related; boundary=""\r\n\r\n', MailCode.NO_BOUNDARY),
    **{
        f"a boundary in {charset!r}": (
            f"Content-Type: {RELATED}; boundary*={charset}''b%FF".encode(),
            MailCode.NO_BOUNDARY,
        )
        for charset in ("undefined", "idna", "punycode", "a\0b")
    },
    "a huge boundary": (
        b'Content-Type: multipart/related; boundary="' + b"b" * 201 + b'"\r\n\r\n',
        MailCode.NO_BOUNDARY,
    ),
    "an envelope in another type": (multipart(part(SOAP, media_type="text/plain")), MailCode.ROOT_NOT_XML),
    "an envelope in no base64": (multipart(part(b"AAAAA", encoding="base64")), MailCode.SOAP_NOT_DECODED),
    "long parameters": (HEADER + b"; x=" + b"y" * 2_100 + b"\r\n\r\n", MailCode.LONG_CONTENT_TYPE),
    "a long header": (b"X-A: " + b"y" * 70_000 + b"\r\nContent-Type: text/xml\r\n\r\n<a/>", MailCode.LARGE_HEADER),
    "long parameters in a part": (
        multipart(b"Content-Type: a/b; " + b"x=y; " * 500 + b"\r\n\r\n"),
        MailCode.LONG_CONTENT_TYPE,
    ),
    "line breaks alone": (b"\r\n" * 40_000, MailCode.LARGE_HEADER),
    "a long header in a part": (multipart(part(SOAP), b"X-A: " + b"y" * 70_000 + b"\r\n\r\n"), MailCode.LARGE_HEADER),
    "too many parts": (multipart(*[part(SOAP)] * 51), MailCode.TOO_MANY_PARTS),
}


@pytest.mark.parametrize(("mail", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_mail_without_a_usable_envelope_is_unreadable(mail, reason):
    """The reason names what was wrong, for the person who looks at the quarantine."""
    with pytest.raises(Unreadable) as caught:
        read_mail(mail)
    assert caught.value.statement.code == reason


def test_limits_hold_exactly():
    """Fifty parts and 51 200 000 bytes are read, one more is not."""
    assert len(read_mail(multipart(*[part(SOAP)] * 50)).parts) == 49
    whole = multipart(part(SOAP), part(b"", "a", media_type="x/y"))
    limits = MailLimits(most_bytes=len(whole))
    assert read_mail(whole, limits)
    with pytest.raises(Unreadable, match=r"mail\.too_large"):
        read_mail(whole + b" ", limits)


ATTACKS = {
    "100 000 parts": lambda: multipart(*[part(b"<a/>")] * 100_000),
    "100 000 empty parts": lambda: multipart(*[b""] * 100_000),
    "51 200 001 bytes": lambda: multipart(part(b"x" * 51_199_000)).ljust(51_200_001),
    "parameters without end": lambda: HEADER + b'; a="' + b"\\" * 60_000 + b"\r\n\r\n",
    "a header without end": lambda: b"Content-Type: text/xml" + b";\r\n x=y" * 3_000_000,
    "newlines only": lambda: HEADER + b"\r\n" * 10_000_000,
    "almost boundaries": lambda: multipart(part(SOAP), b"\r\n--b " * 3_000_000, *[part(SOAP)] * 51),
}


@pytest.mark.parametrize("make", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_refused_early_and_in_bounded_memory(make):
    """Hostile mails cost little more than their own size, and far less than a second each."""
    raw = make()
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(Unreadable):
        read_mail(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - began < 5
    assert peak < 2 * len(raw) + 20_000_000


COSTLY_BOUNDARIES = {
    "with a million blanks": (b"--b" + b" " * 1_000_000 + b"x\r\n") * 40,
    "that are only dashes": b"\r\n--" * 10_000_000,
    "that never end": b"--b " * 10_000_000,
    "around large parts": b"--b\r\n\r\n" + (b"x" * 900_000 + b"\r\n--b\r\n\r\n") * 44,
}


@pytest.mark.parametrize("body", COSTLY_BOUNDARIES.values(), ids=COSTLY_BOUNDARIES)
def test_looking_for_boundaries_takes_no_second(body):
    """Forty megabytes of what is nearly a boundary, as a fuzz found them, are passed in half a second of work."""
    began = time.process_time()
    with pytest.raises(Unreadable):
        read_mail(HEADER + b"\r\n\r\n" + body)
    assert time.process_time() - began < 0.5


def test_a_large_mail_is_read_in_a_few_times_its_size():
    """A mail of 40 MB is read without copying it again and again."""
    raw = multipart(part(SOAP), part(base64.encodebytes(bytes(30_000_000)), "a", "base64", "x/y"))
    tracemalloc.start()
    assert len(read_mail(raw).parts[0].data) == 30_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * len(raw)


@given(soap=st.binary(min_size=1), data=st.binary(), name=st.from_regex(r"[A-Za-z0-9.@-]{1,60}", fullmatch=True))
def test_what_we_write_is_what_we_read(soap, data, name):
    """Whatever bytes an envelope and its attachment hold, they come back unchanged through a mail."""
    mail = read_mail(write_mail(write_entity(soap, "s@a", {name: data}, "grense"), {"Message-ID": "<1@a>"}))
    assert (mail.soap, mail.message_id, mail.findings) == (soap, "1@a", ())
    assert [(found.content_id, found.data) for found in mail.parts] == [(name, data)]


@given(soap=st.binary(min_size=1))
def test_a_signal_that_we_write_is_what_we_read(soap):
    """A signal goes through a mail as a single part."""
    assert read_mail(write_mail(write_entity(soap, "s@a", {}, ""), {})).soap == soap


def test_a_mail_of_ours_has_crlf_lines_of_bounded_length():
    """What we write is 7bit with short CRLF lines, so that no relay has a reason to change it."""
    mail = write_mail(write_entity(SOAP * 50, "s@a", {"a": DATA}, "grense"), {"From": "a@example.test"})
    assert mail.isascii()
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert max(len(line) for line in mail.split(b"\r\n")) <= 200


@given(st.binary())
def test_no_bytes_raise_anything_but_unreadable(raw):
    """Whatever arrives is read or unreadable."""
    for mail in (raw, HEADER + b"\r\n\r\n--b\r\n" + raw, b"Content-Type: text/xml\r\n" + raw):
        try:
            read_mail(mail)
        except Unreadable as error:
            assert str(error)  # noqa: PT017 every reason must have words


@pytest.mark.parametrize(
    ("uri", "name"), [("cid:a@b", "a@b"), ("cid:a%40b", "a@b"), ("cid:a%25b", "a%b"), ("cid:", ""), ("a", "a")]
)
def test_a_cid_names_a_content_id(uri, name):
    """The scheme goes, and percent-encoding is undone."""
    assert content_id_of(uri) == name
