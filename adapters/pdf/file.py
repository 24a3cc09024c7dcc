"""The file of a PDF 1.7 (ISO 32000-1): numbered objects, where each begins, and which of them is the root."""

import zlib
from datetime import datetime
from functools import cache
from hashlib import sha256

from adapters.pdf.fonts import EmbeddedFont, embedded
from adapters.pdf.letters import FIRST_CODE

_NONSYMBOLIC, _SYMBOLIC = 32, 4
_CAP_HEIGHT = 660
_STEM = 84
_HEAD = b"%PDF-1.7\n%\xc2\xb5\xc2\xb6\n"


class PdfFile:
    """A file under way; objects are numbered from 1 in the order in which they come."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def add(self, body: bytes = b"") -> int:
        """Add an object, and return its number. What is not known yet is put there later."""
        self._objects.append(body)
        return len(self._objects)

    def put(self, number: int, body: bytes) -> None:
        """Put the body of an object that others already point at."""
        self._objects[number - 1] = body

    def add_stream(self, data: bytes) -> int:
        """Add bytes as a packed stream, and return its number."""
        return self.add(_stream(data))

    def add_font(self, table: int) -> int:
        """Add the letters of a table, and return the number of the font."""
        program, letters = (self.add(body) for body in _streams(table))
        font = embedded(table)
        name, box = font.name.encode(), b" ".join(b"%d" % edge for edge in font.box)
        flags = _NONSYMBOLIC if font.first_table else _SYMBOLIC
        descriptor = self.add(
            b"<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%s]/ItalicAngle 0/Ascent %d/Descent %d"
            b"/CapHeight %d/StemV %d/FontFile2 %d 0 R>>"
            % (name, flags, box, font.ascent, font.descent, _CAP_HEIGHT, _STEM, program)
        )
        encoding = b"/Encoding/WinAnsiEncoding" if font.first_table else b""
        widths = b" ".join(b"%d" % width for width in font.widths[FIRST_CODE:])
        return self.add(
            b"<</Type/Font/Subtype/TrueType/BaseFont/%s/FirstChar %d/LastChar 255/Widths[%s]%s"
            b"/FontDescriptor %d 0 R/ToUnicode %d 0 R>>" % (name, FIRST_CODE, widths, encoding, descriptor, letters)
        )

    def written(self, root: int, info: int) -> bytes:
        """Return the whole file. Its identifier is made of its content, so that it says nothing of time or place."""
        parts, starts, at = [_HEAD], [], len(_HEAD)
        for number, body in enumerate(self._objects, 1):
            part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
            starts.append(at)
            parts.append(part)
            at += len(part)
        body = b"".join(parts)
        table = b"".join(b"%010d 00000 n \n" % start for start in starts)
        name = sha256(body).hexdigest()[:32].encode()
        return body + (
            b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\n"
            b"startxref\n%d\n%%%%EOF\n" % (len(starts) + 1, table, len(starts) + 1, root, info, name, name, at)
        )


def text(value: str) -> bytes:
    """Return a text string: UTF-16 in hexadecimal digits, behind its byte order mark (7.9.2.2)."""
    return b"<feff" + value.encode("utf-16-be", "surrogatepass").hex().encode() + b">"


def moment(value: datetime) -> bytes:
    """Return an aware time as a date (7.9.4)."""
    zone = f"{value:%z}"
    return f"(D:{value:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}')".encode()


@cache
def _streams(table: int) -> tuple[bytes, bytes]:
    """Return the streams of a font: its program and its letters. They are packed once."""
    font = embedded(table)
    return _stream(font.program, b"/Length1 %d" % len(font.program)), _stream(_letters(font))


def _letters(font: EmbeddedFont) -> bytes:
    """Return a ToUnicode table, by which text is searched, copied and read aloud (9.10.3)."""
    codes = [b"<%02X> <%s>" % (code, _units(letter)) for code, letter in sorted(font.letters.items())]
    chunks = (codes[start : start + 100] for start in range(0, len(codes), 100))
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n/CMapName/Samvik def\n"
        b"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        + b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(chunk), b"\n".join(chunk)) for chunk in chunks)
        + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )


def _units(letter: str) -> bytes:
    return letter.encode("utf-16-be").hex().upper().encode()


def _stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode%s>>\nstream\n%s\nendstream" % (len(packed), more, packed)
