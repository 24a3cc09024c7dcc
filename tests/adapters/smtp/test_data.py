"""Where a mail ends, and what its dots mean, however its bytes are cut into pieces (RFC 5321 4.5.2)."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from adapters.smtp.data import Undotted, next_piece

END = b".\r\n"
_BITS = st.lists(
    st.sampled_from([b".", b"..", b"\r\n", b"\r", b"\n", b"a", b"a" * 1_500, b".\n", b"\r\n."]), max_size=40
)


def dotted(meant: bytes) -> bytes:
    """Return what a sender writes after DATA for a mail that ends with a line end, line by line."""
    lines = meant.split(b"\r\n")[:-1]
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


async def read(wire: list[bytes]) -> tuple[bytes, bytes]:
    """Return the mail that comes out of what was sent, and what is left for the next command."""
    reader, undotted, content = asyncio.StreamReader(limit=1_001), Undotted(), b""
    for piece in wire:
        reader.feed_data(piece)
    reader.feed_eof()
    while True:
        meant, ends = undotted.take(await next_piece(reader))
        content += meant
        if ends:
            return content, await reader.read()


@given(_BITS)
def test_a_mail_comes_out_as_its_sender_meant_it(bits: list[bytes]) -> None:
    """What was written with dots is read without them, and what comes after the mail stays for the next command."""
    meant = b"".join(bits) + b"\r\n"
    assert asyncio.run(read([dotted(meant) + b"QUIT\r\n"])) == (meant, b"QUIT\r\n")


@given(_BITS, st.data())
def test_it_does_not_matter_where_the_bytes_are_cut(bits: list[bytes], data: st.DataObject) -> None:
    """The same bytes mean the same in any pieces that cut no end in two."""
    meant = b"".join(bits) + b"\r\n"
    wire, undotted, content, ends = dotted(meant), Undotted(), b"", False
    while wire and not ends:
        most = wire.index(END) + len(END) if END in wire else len(wire)
        whole = most if most <= len(END) else data.draw(st.integers(1, most - len(END)) | st.just(most))
        piece, wire = wire[:whole], wire[whole:]
        got, ends = undotted.take(piece)
        content += got
    assert (content, ends, wire) == (meant, True, b"")


def test_an_empty_mail_ends_at_once() -> None:
    """A dot as the first line ends a mail of no bytes."""
    assert asyncio.run(read([b".\r\n"])) == (b"", b"")


def test_only_a_line_of_its_own_ends_a_mail() -> None:
    """A dot after a bare line feed, or at the end of a sentence, ends nothing (no smuggling)."""
    wire = b"a\n.\r\nb.\r\nc\r.\r\n\r\n.\r\n"
    assert asyncio.run(read([wire])) == (b"a\n.\r\nb.\r\nc\r.\r\n\r\n", b"")
