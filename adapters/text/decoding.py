"""The one decoder: bytes that people or their programs wrote become text. UTF-8, with a byte order mark or without."""

import sys
from pathlib import Path

from engine.codes.disk import DiskCode
from engine.errors import OwnFault, Refused

_MARK = b"\xef\xbb\xbf"


def text_of(data: bytes, path: Path | str) -> str:
    """Return the text in the bytes of a file that somebody named.

    Raises Refused where it is not UTF-8, which names the first line that is not.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(DiskCode.NOT_TEXT, path=path, line=data.count(b"\n", 0, error.start) + 1) from None


def configured_text(data: bytes, path: Path | str) -> str:
    """Return the text in the bytes of a file that the configuration is, or names. Raises OwnFault as `text_of` does."""
    try:
        return text_of(data, path)
    except Refused as error:
        raise OwnFault(DiskCode.NOT_TEXT, **error.statement.params) from None


def without_mark(data: bytes) -> bytes:
    """Return bytes without the mark that some editors put before UTF-8: it belongs to no password."""
    return data.removeprefix(_MARK)


def standard_input(most: int) -> str:
    """Return at most so many characters of standard input, which must be UTF-8. Raises Refused as `text_of` does."""
    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:  # a program gave text
        return sys.stdin.read(most)
    return text_of(raw.read(), "-")[:most]


def input_line() -> str:
    """Return the next line of standard input without its end, as `standard_input` does."""
    raw = getattr(sys.stdin, "buffer", None)
    line = sys.stdin.readline() if raw is None else text_of(raw.readline(), "-")
    return line.rstrip("\r\n")
