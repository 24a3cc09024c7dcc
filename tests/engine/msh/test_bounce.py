"""Bounces are read as servers write them, and hostile ones cost nothing and say nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Unreadable
from engine.msh.bounce import LONGEST_WORDS, Bounce, read_bounce, subject_of
from engine.msh.mime import MailLimits
from engine.outbound.mail import delivery_of
from tests.fakes.partners.bounces import BOUNDARY, bounce, without

WORDS = "550 5.1.1 <levanger@testedi.nhn.no>: Recipient address rejected: User unknown"


def test_what_postfix_says_is_read():
    """Message-ID of the returned mail, action, code and the server's words."""
    found = read_bounce(bounce("<en@a>"))
    assert replace(found, fields={}) == Bounce("en@a", True, "failed", "5.1.1", WORDS)
    assert found.fields["x-last"] == "x"


def test_a_report_about_mail_in_utf8_is_read():
    """RFC 6533 calls the parts otherwise; they say the same."""
    mail = bounce("<en@a>", third="message/global-headers")
    assert read_bounce(mail.replace(b"message/delivery-status", b"message/global-delivery-status")).code == "5.1.1"


@pytest.mark.parametrize("third", ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"])
def test_the_returned_mail_is_found_in_every_form(third):
    """Servers return all of a mail or its headers."""
    assert read_bounce(bounce("<en@a>", third=third)).message_id == "en@a"


FAILED = {
    ("failed", "5.1.1"): True,
    ("Failed", "5.7.1 (policy)"): True,
    ("failed", ""): True,
    ("failed", "4.4.1"): False,
    ("delayed", "4.4.1"): False,
    ("delayed", "5.1.1"): False,
    ("failed (bad-address)", "5.1.1 (no (such) user)"): True,
    ("(given up) failed", "4.4.1 (later)"): False,
    ("delivered", "2.0.0"): False,
    ("relayed", "2.0.0"): False,
    ("evig", "9.9.9"): False,
}


@pytest.mark.parametrize(("said", "failed"), FAILED.items(), ids=map(str, FAILED))
def test_only_a_failure_without_a_passing_cause_is_final(said, failed):
    """4.x.x may pass, and only `failed` gives up."""
    assert read_bounce(bounce("<en@a>", *said)).failed is failed


def test_a_failure_among_several_recipients_counts():
    """A server may list an alias that was expanded before the address that failed."""
    first = b"Final-Recipient: rfc822; alle@example.test\r\nAction: expanded\r\nStatus: 2.0.0\r\n\r\n"
    mail = bounce("<en@a>").replace(b"Final-Recipient:", first + b"Final-Recipient:")
    assert read_bounce(mail).code == "5.1.1"


@pytest.mark.parametrize("words", ["smtp; a\x00b\x1b[2J", "smtp; " + "x" * 5_000, "p\xe5 norsk", ";;;", ""])
def test_the_servers_words_are_one_bounded_printable_line(words):
    """Whatever stands there can be shown."""
    found = read_bounce(bounce("<en@a>", diagnostic=words)).words
    assert found == "" or found.isprintable()
    assert len(found) <= LONGEST_WORDS


def test_other_mail_is_no_bounce():
    """What is no report is for others to judge."""
    assert read_bounce(b"Subject: hei\r\n\r\nhei\r\n") is None
    assert read_bounce(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n--a--\r\n") is None


BROKEN = {
    "a read receipt": bounce("<en@a>").replace(b"message/delivery-status", b"message/disposition-notification"),
    "no action": without(bounce("<en@a>"), b"Action"),
    "no boundary": bounce("<en@a>").replace(b'boundary="' + BOUNDARY.encode() + b'"', b"x=y"),
    "a boundary in no code": bounce("<en@a>").replace(b'boundary="', b"boundary*=idna''"),
    "no parts": bounce("<en@a>").partition(b"\r\n\r\n")[0] + b"\r\n\r\n",
    "many parts": bounce("<en@a>").replace(
        b"\r\n\r\nThis", b"\r\n\r\n" + b"".join([f"--{BOUNDARY}\r\n\r\n".encode()] * 60)
    ),
}


@pytest.mark.parametrize("mail", BROKEN.values(), ids=BROKEN)
def test_a_report_that_cannot_be_read_says_so(mail):
    """It is unreadable with one reason, never an exception of another kind."""
    with pytest.raises(Unreadable):
        read_bounce(mail)


def test_a_report_above_the_limit_is_not_read():
    """Its size alone stops it."""
    with pytest.raises(Unreadable, match=r"mail\.too_large.*1000"):
        read_bounce(bounce("<en@a>"), MailLimits(most_bytes=1_000))


def test_a_bounce_without_the_returned_mail_names_nothing():
    """Some servers return nothing at all."""
    mail = bounce("<en@a>").partition(f"--{BOUNDARY}\r\nContent-Description: Undelivered".encode())[0]
    assert read_bounce(mail).message_id == ""


@given(st.binary(max_size=300), st.integers(0, 2_000), st.integers(0, 200))
def test_whatever_is_broken_in_it_it_raises_nothing_else(noise, at, cut):
    """A bounce with other bytes anywhere is read, or unreadable."""
    mail = bounce("<en@a>")
    try:
        read_bounce(mail[:at] + noise + mail[at + cut :])
    except Unreadable:
        return


@pytest.mark.parametrize(
    ("code", "subject"), [("5.1.1", "1"), ("5.7.26", "7"), ("4.4.2", "4"), ("5.0.0", ""), ("5.8.1", ""), ("", "")]
)
def test_the_subject_of_a_status_code_is_read(code, subject):
    """The digit that says what a code is about is kept where the standard names it."""
    assert subject_of(code) == subject


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1@a",
        "8090100.00000000000040008000000000000001@a",
        "0.00000000000040008000000000000001.000000000001@a",
        "8090100.00000000000040008000000000000001.000000000001",
        "x8090100.00000000000040008000000000000001.000000000001@a",
        "8090100.0000000000004000800000000000000g.000000000001@a",
    ],
)
def test_a_message_id_that_we_did_not_make_names_no_delivery(text):
    """Only the exact form does."""
    assert delivery_of(text) is None
