"""The bytes after DATA: where they end, and the dots that stand for dots (RFC 5321 4.5.2).

Read in pieces as they come, not line by line: a mail of base64 has a line for each 57 bytes.
"""

END = b".\r\n"
"""What the reader waits for. It ends the mail only where it is a line of its own."""

_LINE_END = b"\r\n"


class Undotted:
    """Takes the pieces of one mail, in order, and gives the bytes that its sender meant."""

    def __init__(self) -> None:
        self._before = _LINE_END

    def take(self, piece: bytes) -> tuple[bytes, bool]:
        """Return what a piece means, and whether the mail ends with it.

        A piece holds `END` at its end or nowhere. Lines may be of any length, and cut anywhere but in `END`.
        """
        raw = self._before + piece
        ends = raw.endswith(_LINE_END + END)
        if ends:
            raw = raw[: -len(END)]
        self._before = raw[-len(_LINE_END) :]
        return raw.replace(_LINE_END + b".", _LINE_END)[len(_LINE_END) :], ends
