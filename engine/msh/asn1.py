"""Checks the form of ASN.1 from outside before anything is built from it, as engine/xml.py does for XML.

asn1crypto reads all that CMS may be, but takes minutes over one object identifier of a megabyte, and seconds over a tag
number, or over a content in millions of pieces. This check passes every value once without looking at its content, and
refuses what no EnvelopedData has. Its time grows with the number of values, which is bounded.
"""

_MOST_VALUES = 50_000
"""Values of all kinds: an encrypted content of 50 MB in pieces of a kilobyte is within it."""
_DEEPEST = 32
_MOST_IDENTIFIER_BYTES = 64
_IDENTIFIER, _LONG_TAG, _CONSTRUCTED, _INDEFINITE = 0x06, 0x1F, 0x20, 0x80
_END = b"\0\0"


def check_form(data: bytes) -> None:
    """Check that the bytes are BER values inside one another, in the number, depth and form that CMS has.

    Raises ValueError where a length is longer than what holds it, the end of one without length is missing, a tag has
    a number above 30, an object identifier more than 64 bytes, or there are more than 50 000 values or 32 levels.
    """
    ends: list[int | None] = []
    at = values = 0
    while at < len(data) or ends:
        while ends and ends[-1] == at:
            ends.pop()
        if at == len(data) and not ends:
            return
        if ends and ends[-1] is None and data.startswith(_END, at):
            ends.pop()
            at += len(_END)
            continue
        values += 1
        at = _enter(data, at, ends)
        if values > _MOST_VALUES or len(ends) > _DEEPEST:
            raise ValueError("too many values, or too deep")


def _enter(data: bytes, at: int, ends: list[int | None]) -> int:
    """Return where the next value begins: inside a constructed value, whose end is noted, or after a primitive one."""
    tag, length, begin = _header(data, at)
    within = next((end for end in reversed(ends) if end is not None), len(data))
    if begin + (length or 0) > within:
        raise ValueError("longer than what holds it")
    if tag & _CONSTRUCTED:
        ends.append(None if length is None else begin + length)
        return begin
    if length is None or (tag == _IDENTIFIER and length > _MOST_IDENTIFIER_BYTES):
        raise ValueError("a value that is no CMS")
    return begin + length


def _header(data: bytes, at: int) -> tuple[int, int | None, int]:
    """Return the tag of a value, its length (None for an indefinite one), and where its content begins."""
    if at + 2 > len(data):
        raise ValueError("cut off")
    tag, first = data[at], data[at + 1]
    if tag & _LONG_TAG == _LONG_TAG:
        raise ValueError("a tag that CMS does not have")
    if first < _INDEFINITE:
        return tag, first, at + 2
    if first == _INDEFINITE:
        return tag, None, at + 2
    begin = at + 2 + (first & 0x7F)
    return tag, int.from_bytes(data[at + 2 : begin]), begin
