"""What strangers wrote, without the signs that a terminal or a browser would obey instead of showing."""

import re

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Control characters (C0 but tab and line feed, C1), what turns the direction of text, and halves of characters."""
_NEVER_OURS = re.compile("[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Those of them that nothing of ours ever writes, not even colours."""


def printable(text: str) -> str:
    """Return a text in which signs that would be obeyed are written out, such as `\\u202e`."""
    return _OBEYED.sub(_written_out, text)


def harmless(text: str) -> str:
    """Return an output in which only what is never ours is written out: it may hold colours. In JSON this is valid."""
    return _NEVER_OURS.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
