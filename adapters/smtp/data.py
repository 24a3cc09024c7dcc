"""The bytes after DATA: where they end, and the dots that stand for dots (RFC 5321 4.5.2).

Read in pieces as they come, not line by line: a mail of base64 has a line for each 57 bytes.
"""

import asyncio

_END = b".\r\n"
_LINE_END = b"\r\n"


async def next_piece(reader: asyncio.StreamReader) -> bytes:
    """Wait for the next bytes of a mail: up to a dot before a line end, which may be its last, or as many as are there.

    The dot and its line end are never parted. Raises IncompleteReadError where the sender has gone.
    """
    try:
        return await reader.readuntil(_END)
    except asyncio.LimitOverrunError as over:
        return await reader.readexactly(over.consumed)


class Undotted:
    """Takes the pieces of one mail, in order, and gives the bytes that its sender meant."""

    def __init__(self) -> None:
        self._before = _LINE_END

    def take(self, piece: bytes) -> tuple[bytes, bool]:
        """Return what a piece means, and whether the mail ends with it.

        A dot before a line end stands at the end of a piece or nowhere, as `next_piece` gives them. Lines may be of any
        length, and be cut anywhere else.
        """
        raw = self._before + piece
        ends = raw.endswith(_LINE_END + _END)
        if ends:
            raw = raw[: -len(_END)]
        self._before = raw[-len(_LINE_END) :]
        return raw.replace(_LINE_END + b".", _LINE_END)[len(_LINE_END) :], ends
