"""A small server that speaks clamd's INSTREAM, and knows one virus."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.fakes.world.files import EICAR, VIRUS_NAME


class Clamd:
    """Reads files as clamd does.

    `reply` overrides its verdict, `hangs` keeps it silent and `pause` slow (seconds), `most` is StreamMaxLength.
    """

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.reply: bytes | None = None
        self.hangs = False
        self.pause = 0.0
        self.most = 100_000_000
        self.address = ""
        self._server: asyncio.Server | None = None

    async def start(self, path: str = "") -> None:
        """Listen on a free port, or on a socket."""
        if path:
            self._server = await asyncio.start_unix_server(self._answer, path)
            self.address = f"unix:{path}"
        else:
            self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
            self.address = f"tcp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.hangs:
                await reader.read()
                return
            content = await self._content(reader)
            await asyncio.sleep(self.pause)
            writer.write(self._verdict(content))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _content(self, reader: asyncio.StreamReader) -> bytes | None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        pieces = []
        while size := struct.unpack("!I", await reader.readexactly(4))[0]:
            pieces.append(await reader.readexactly(size))
            if sum(map(len, pieces)) > self.most:
                return None
        self.seen.append(b"".join(pieces))
        return self.seen[-1]

    def _verdict(self, content: bytes | None) -> bytes:
        if self.reply is not None:
            return self.reply
        if content is None:
            return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: " + (f"{VIRUS_NAME} FOUND".encode() if EICAR in content else b"OK") + b"\0"


@asynccontextmanager
async def clamd(path: str = "") -> AsyncIterator[Clamd]:
    """Give a scanner that runs."""
    server = Clamd()
    await server.start(path)
    try:
        yield server
    finally:
        await server.stop()
