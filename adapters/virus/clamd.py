"""The virus scanner: clamd's INSTREAM command, over TCP or a Unix socket, one connection a file.

Diagnostics: none of its own. What cannot be asked is Unavailable, with a reason that names the address and never the
file; it stands on the mail that waits, or is told to whoever sends.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from engine.codes.file import FileCode
from engine.codes.start import StartCode
from engine.errors import OwnFault, Unavailable

PIECE = 65_536
LONGEST_REPLY = 1_024
_FOUND, _CLEAN = " FOUND", "stream: OK"
_LONGEST_NAME = 100

_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class ClamdScanner:
    """Asks clamd about files (engine.ports.AttachmentScanner).

    `address` is `tcp://HOST:PORT` or `unix:/PATH`; `timeout_seconds` bounds what is said about all files of a message.
    """

    address: str
    timeout_seconds: float

    def __post_init__(self) -> None:
        """Raise OwnFault where the address is none."""
        _place_of(self.address)

    async def scan(self, contents: Sequence[bytes]) -> tuple[int, str] | None:
        """See the port."""
        try:
            async with asyncio.timeout(self.timeout_seconds):
                for number, content in enumerate(contents, 1):
                    virus = self._verdict(await self._reply_about(content))
                    if virus is not None:
                        return number, virus
                return None
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise Unavailable(FileCode.SCANNER_SILENT, address=self.address, error=type(error).__name__) from None

    async def _reply_about(self, content: bytes) -> str:
        async with self._connected() as (reader, writer):
            await _hand_over(writer, content)
            return (await reader.readuntil(b"\0"))[:-1].decode("ascii", "replace")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[_Line]:
        host, port, path = _place_of(self.address)
        if path:
            reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST_REPLY)
        else:
            reader, writer = await asyncio.open_connection(host, port, limit=LONGEST_REPLY)
        try:
            yield reader, writer
        finally:
            # Not waited for: whoever is asked must not hold us when all has been said.
            writer.close()

    def _verdict(self, reply: str) -> str | None:
        if reply == _CLEAN:
            return None
        if reply.startswith("stream: ") and reply.endswith(_FOUND):
            name = reply.removeprefix("stream: ").removesuffix(_FOUND)
            return "".join(sign for sign in name if sign.isascii() and sign.isprintable())[:_LONGEST_NAME] or "?"
        if "size limit exceeded" in reply:
            raise Unavailable(FileCode.SCANNER_LIMIT, address=self.address)
        raise Unavailable(FileCode.SCANNER_UNCLEAR, address=self.address)


async def _hand_over(writer: asyncio.StreamWriter, content: bytes) -> None:
    """Send a file in pieces, each with its length before it, and a length of 0 at the end."""
    view = memoryview(content)
    try:
        writer.write(b"zINSTREAM\0")
        for start in range(0, len(view), PIECE):
            piece = view[start : start + PIECE]
            writer.write(struct.pack("!I", len(piece)) + piece)
            await writer.drain()
        writer.write(struct.pack("!I", 0))
        await writer.drain()
    except ConnectionError:
        # It hung up, perhaps after a verdict: what it said can still be read.
        return


def _place_of(address: str) -> tuple[str, int, str]:
    """Return host, port and '', or '', 0 and the path of a socket. Raises OwnFault where an address is neither."""
    if address.startswith("unix:/"):
        return "", 0, address.removeprefix("unix:")
    host, colon, port = address.removeprefix("tcp://").rpartition(":")
    if address.startswith("tcp://") and colon and host and port.isdecimal() and 0 < int(port) < 65_536:
        return host.strip("[]"), int(port), ""
    raise OwnFault(StartCode.SCANNER_ADDRESS, address=address)
