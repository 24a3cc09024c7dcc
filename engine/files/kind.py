"""What a file is, by its first bytes alone: neither its name nor the type that it came with is believed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.deviation.fields import FILE_NAME, MIME_TYPE
from engine.deviation.follow_up import FOLLOW_UP_FILE, read_follow_up
from engine.deviation.xml import read_deviation
from engine.errors import PayloadFault
from engine.payload.attachment import Attachment

OPAQUE = "application/octet-stream"
"""The type of everything that no reader should open by itself."""


class FileKind(StrEnum):
    """What a file can be found to be. The first four may be agreed on; the others are only told apart in words."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    PROGRAM = "program"
    PACKED = "packed"
    MARKUP = "markup"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Row:
    """The type on the wire, the endings of names, and other types that partners write."""

    mime: str
    endings: tuple[str, ...]
    aliases: frozenset[str]


_ROWS = {
    FileKind.PDF: _Row("application/pdf", ("pdf",), frozenset({"application/x-pdf"})),
    FileKind.PNG: _Row("image/png", ("png",), frozenset({"image/x-png"})),
    FileKind.JPEG: _Row(
        "image/jpeg",
        ("jpg", "jpeg", "jpe"),
        frozenset({"image/jpg", "image/pjpeg", "image/pjpg"}),
    ),
    FileKind.TIFF: _Row("image/tiff", ("tif", "tiff"), frozenset({"image/tif", "image/x-tiff"})),
    FileKind.PROGRAM: _Row(OPAQUE, (), frozenset()),
    FileKind.PACKED: _Row(OPAQUE, (), frozenset()),
    FileKind.MARKUP: _Row(OPAQUE, (), frozenset()),
    FileKind.UNKNOWN: _Row(OPAQUE, (), frozenset()),
}
AGREEABLE = tuple(kind for kind, row in _ROWS.items() if row.endings)
_BY_ENDING = {ending: kind for kind, row in _ROWS.items() for ending in row.endings}
_BY_MIME = {mime: kind for kind in AGREEABLE for mime in (_ROWS[kind].mime, *_ROWS[kind].aliases)}

_BLANK = b" \t\r\n\x0c"
_MARK = b"\xef\xbb\xbf"
_FIRST = 64
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\xd0\xcf\x11\xe0", b"BZh")


def sniff(content: bytes) -> FileKind:
    """Return what a file is. Before the mark of a PDF only blanks may stand: what has more in front is two files.

    The whole of the time it takes is that of looking at the first 64 bytes.
    """
    first = content[:_FIRST]
    if first.removeprefix(_MARK).lstrip(_BLANK).startswith(b"%PDF-"):
        return FileKind.PDF
    if first.startswith(b"\x89PNG\r\n\x1a\n") and first[12:16] == b"IHDR":
        return FileKind.PNG
    if first.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if first[:4] in {b"II*\x00", b"MM\x00*"} and len(first) >= 8:
        return FileKind.TIFF
    return _other(first)


def _other(first: bytes) -> FileKind:
    if first.startswith(_PROGRAMS):
        return FileKind.PROGRAM
    if first.startswith(_PACKED):
        return FileKind.PACKED
    if first.removeprefix(_MARK).lstrip(_BLANK).startswith(b"<"):
        return FileKind.MARKUP
    return FileKind.UNKNOWN


def mime_of(kind: FileKind) -> str:
    """Return the type that a file of a kind is sent and kept with; OPAQUE for all that may not be agreed on."""
    return _ROWS[kind].mime


def ending_of(kind: FileKind) -> str:
    """Return how the name of a file of a kind ends, without the dot; 'bin' for what no reader should open."""
    return next(iter(_ROWS[kind].endings), "bin")


def declared(mime_type: str) -> FileKind | None:
    """Return the kind that a MimeType names, parameters and letter case aside; None for one that is not agreeable."""
    return _BY_MIME.get(mime_type.partition(";")[0].strip().lower())


def kind_by_name(name: str) -> FileKind | None:
    """Return the kind that the ending of a name promises; None for none, or one that is not agreeable."""
    return _BY_ENDING.get(name.rpartition(".")[2].lower()) if "." in name else None


def is_structured(attachment: Attachment) -> bool:
    """Say whether an attachment means to be one of Samvik's own (a deviation, or what follows one)."""
    ours = attachment.mime_type == MIME_TYPE and attachment.name in _READERS
    return ours and sniff(attachment.content) is FileKind.MARKUP


def shown_type(attachment: Attachment) -> str:
    """Return the type that an attachment is kept and shown with: what it is, never what it says that it is.

    Samvik's own keep theirs, which no browser renders, if they hold what they should and nothing else.
    """
    if is_structured(attachment) and _is_readable(attachment):
        return MIME_TYPE
    return mime_of(sniff(attachment.content))


def _is_readable(attachment: Attachment) -> bool:
    try:
        _READERS[attachment.name](attachment.content)
    except PayloadFault:
        return False
    return True


_READERS: Mapping[str, Callable[[bytes], object]] = {FILE_NAME: read_deviation, FOLLOW_UP_FILE: read_follow_up}
