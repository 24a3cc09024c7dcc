"""Comments in header fields: taken off where the grammar of RFC 5322 has them, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.msh.comments import without_comments
from engine.msh.mime import read_mail

MAIL = b"""MIME-Version: 1.0 (made by hand)
Message-ID: (a note) <id (kept)@x> (another)
Content-Type: (first) multipart/related (second (nested \\) one)); boundary="b(kept)"; type="text/xml"; start="<s@x>"

--b(kept)
Content-Type: text/xml (the envelope)
Content-ID: <s@x> (start)
Content-Transfer-Encoding: base64 (std)

PGEvPg==
--b(kept)
Content-Type: application/pkcs7-mime
Content-ID: (sealed) <p@x>
Content-Transfer-Encoding: (std) quoted-printable

=61
--b(kept)--
""".replace(b"\n", b"\r\n")


def test_a_mail_with_comments_is_read() -> None:
    """Encoding, ids and types are those without the comments; a boundary may hold brackets."""
    mail = read_mail(MAIL)
    assert (mail.message_id, mail.soap) == ("id (kept)@x", b"<a/>")
    (part,) = mail.parts
    assert (part.content_id, part.media_type, part.data.strip(), part.problem) == (
        "p@x", "application/pkcs7-mime", b"a", None
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("base64 (std)", "base64"), ("(a)base64", "base64"), ("failed (bad-address)", "failed"),
        ("a (b (c) d) e", "a  e"), (r"a (b \) c) d", "a  d"), ('"(kept)" (not)', '"(kept)"'),
        (r'"\" (kept)"', r'"\" (kept)"'), ("<(x)@y>", "<(x)@y>"),
        ("a (open", "a (open"), ("a) b", "a) b"), ("", ""), ("(all)", ""),
    ],
)  # fmt: skip
def test_only_comments_are_taken_off(value: str, plain: str) -> None:
    """Nested ones and quoted signs are understood; quoted texts, brackets and what does not end stay."""
    assert without_comments(value) == plain


@given(st.text(alphabet='()<>"\\ ab', max_size=80))
def test_whatever_stands_there_is_survived(value: str) -> None:
    """No value is ever longer without its comments, and none without brackets is changed."""
    assert len(without_comments(value)) <= len(value)
    if "(" not in value:
        assert without_comments(value) in {value, value.strip()}
