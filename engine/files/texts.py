"""What can be read in a file that goes out, whatever it is called: texts to search, as their reader would see them.

Every file is read as text, for a number is one in an old Word file or a false picture too; only PDF is not, since its
own numbers look like people's. Packed files (Word, LibreOffice, zip) and the encoded parts of a mail are opened, one
inside the other, within one bound for a whole document. Nothing here backtracks: time grows with the bytes alone.
"""

import binascii
import codecs
import html
import io
import quopri
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from engine.codes.file import FileCode
from engine.errors import Refused

MOST_UNPACKED = 20_000_000
"""Bytes that the files of one document may have when they are unpacked."""
MOST_PACKED = 1_000
DEEPEST = 8
_PIECE, _LAP = 262_144, 512
"""How much is searched at once, so that other threads get their turn, and how much of it again with the next."""

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ENCODED = re.compile(rb"content-transfer-encoding:", re.IGNORECASE)
_NOT_BASE64 = bytes(
    sign for sign in range(256) if not (chr(sign).isascii() and chr(sign).isalnum()) and sign not in b"+/"
)
_TAG = re.compile(r"""<(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|["'])*+>""")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_RTF_SIGN = re.compile(r"\\'([0-9a-fA-F]{2})|\\u([0-9]{1,6}+) ?\??")
_RTF_WORD = re.compile(r"\\[a-zA-Z]++-?[0-9]*+ ?|[{}]")


class Unpacker:
    """Reads the files of one document; together they may unpack to so much and no more."""

    def __init__(self) -> None:
        self._bytes, self._files = MOST_UNPACKED, MOST_PACKED

    def texts(self, content: bytes, depth: int = 0) -> Iterator[str]:
        """Yield every reading of a file, in pieces. Raises Refused where it cannot be unpacked within the bounds."""
        if content.startswith(b"%PDF-"):
            return
        if depth > DEEPEST:
            raise _cannot_search()
        for inner in self._packed(content):
            yield from self.texts(inner, depth + 1)
        for piece in pieces(_decoded(content)):
            yield from _readings(piece)

    def _packed(self, content: bytes) -> Iterator[bytes]:
        if content.startswith(b"PK"):
            yield from self._members(content)
        for inner in _mail_parts(content):
            yield self._counted(inner)

    def _members(self, content: bytes) -> Iterator[bytes]:
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return
        for member in archive.infolist():
            # Other ways of packing unpack without bound.
            if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise _cannot_search()
            yield self._counted(self._read(archive, member))

    def _read(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
        try:
            with archive.open(member) as file:
                return file.read(self._bytes + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, OSError, EOFError):
            # Damaged, or under a password.
            raise _cannot_search() from None

    def _counted(self, inner: bytes) -> bytes:
        self._bytes -= len(inner)
        self._files -= 1
        if self._bytes < 0 or self._files < 0:
            raise _cannot_search()
        return inner


def pieces(text: str) -> Iterable[str]:
    """Return a text in pieces that lap over each other, so that nothing short is cut in two."""
    return (text[start : start + _PIECE + _LAP] for start in range(0, len(text), _PIECE))


def _cannot_search() -> Refused:
    return Refused(FileCode.CANNOT_SEARCH)


def _decoded(content: bytes) -> str:
    """Return a file as text; what is in no known encoding keeps its digits all the same."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    # UTF-16 without a mark, as old Word files have it, is digits with zeros between.
    return content.replace(b"\x00", b"").decode("utf-8", "replace")


def _mail_parts(content: bytes) -> Iterator[bytes]:
    """Yield the parts of a mail that are encoded; ones inside others come too, for boundaries end them all."""
    for part in _ENCODED.split(content)[1:]:
        lines = part.replace(b"\r\n", b"\n")
        encoding, body = lines[:32].strip().lower(), lines.partition(b"\n\n")[2].partition(b"\n--")[0]
        if encoding.startswith(b"base64"):
            yield _from_base64(body)
        elif encoding.startswith(b"quoted-printable"):
            yield quopri.decodestring(body)


def _from_base64(body: bytes) -> bytes:
    """Return what base64 says, also where it is cut off or has other signs in it, as mail programs read it."""
    signs = body.translate(None, _NOT_BASE64)
    whole = signs[:-1] if len(signs) % 4 == 1 else signs
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def _readings(text: str) -> Iterator[str]:
    """Yield a text with its escapes resolved, and without its tags if it has any."""
    if text.lstrip().startswith("{\\rtf"):
        yield _RTF_WORD.sub("", _RTF_SIGN.sub(_rtf_sign, text))
    if "\\u" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    yield html.unescape(text)
    if "<" in text:
        yield html.unescape(_TAG.sub("\n", _without_comments(text)))


def _rtf_sign(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else chr(min(int(found[2]), 0x10FFFF))


def _without_comments(text: str) -> str:
    first, *rest = text.replace("<![CDATA[", "").replace("]]>", "").split("<!--")
    return first + "".join(piece.partition("-->")[2] if "-->" in piece else piece for piece in rest)
