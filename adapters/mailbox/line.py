"""A connection to a mailbox's server, with limits on memory and on waiting."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from adapters.mailbox.session import HEAD_BYTES, Broken
from adapters.settings import Mailbox, Tls
from engine.codes.mail_server import MailServerCode
from engine.codes.mailbox import MailboxCode

LONGEST_LINE = 16_384
_PIECE = 65_536
_SLACK = 1_000_000
_END = b"\r\n.\r\n"


class Line:
    """One connection. Every method raises Broken for any fault of the network or the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
        self._reader = reader
        self._writer = writer
        self._seconds = seconds
        self._held = bytearray()
        self._in_clear: asyncio.StreamWriter | None = None

    async def send(self, data: bytes) -> None:
        """Send bytes."""
        with _faults():
            async with asyncio.timeout(self._seconds):
                self._writer.write(data)
                await self._writer.drain()

    async def line(self, seconds: float | None = None) -> bytes:
        """Return the next line without its end. Each piece of it must arrive within `seconds`."""
        while (end := self._held.find(b"\r\n")) < 0:
            if len(self._held) > LONGEST_LINE:
                raise Broken(MailboxCode.LONG_LINE)
            await self._more(seconds)
        if end > LONGEST_LINE:
            raise Broken(MailboxCode.LONG_LINE)
        found = bytes(self._held[:end])
        del self._held[: end + 2]
        return found

    async def text(self, most: int, patience: int = 0) -> tuple[bytes, bool]:
        """Return the lines before a lone dot, with doubled dots undone (RFC 1939 3), and True.

        Of a text above `most` bytes only the first HEAD_BYTES are returned, with False. The rest is read and dropped,
        up to about twice `patience` or `most`, whichever is more, so that the connection can be used further.
        """
        content, kept, total = bytearray(), bytearray(), 0
        self._held[:0] = b"\r\n"
        while (end := self._held.find(_END)) < 0:
            if len(self._held) > len(_END):
                total += self._pour(content, len(self._held) - len(_END))
            if len(content) > most + 2:
                kept = kept or content[: min(most, HEAD_BYTES) + 2]
                content.clear()
            if total > 2 * max(most, patience) + _SLACK:
                raise Broken(MailboxCode.WITHOUT_END)
            await self._more()
        self._pour(content, end + 2)
        del self._held[: len(_END) - 2]
        whole = not kept and len(content) <= most + 2
        shown = content if whole else kept or content[: min(most, HEAD_BYTES) + 2]
        return bytes(shown.replace(b"\r\n..", b"\r\n.")[2:]), whole

    async def literal(self, size: int, most: int) -> tuple[bytes, bool]:
        """Return `size` bytes and True; only the first HEAD_BYTES and False when `size` is more than `most`."""
        if size > 2 * most + _SLACK:
            raise Broken(MailboxCode.MORE_THAN_ASKED)
        content, wanted = bytearray(), size if size <= most else min(size, HEAD_BYTES)
        left = size
        while left:
            if not self._held:
                await self._more()
            piece = self._held[: min(left, _PIECE)]
            del self._held[: len(piece)]
            content += piece[: wanted - len(content)]
            left -= len(piece)
        return bytes(content), size <= most

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Switch to TLS. Drops what came before in clear, since anybody could have sent it."""
        with _faults():
            async with asyncio.timeout(self._seconds):
                loop = asyncio.get_running_loop()
                reader = asyncio.StreamReader()
                protocol = asyncio.StreamReaderProtocol(reader)
                plain = self._writer.transport
                transport = await loop.start_tls(plain, protocol, context, server_hostname=host)
                if transport is None:
                    raise Broken(MailServerCode.CLOSED)
                protocol.connection_made(transport)
                # Keep the old writer: the library closes the connection when a writer is garbage-collected.
                self._in_clear = self._writer
                self._reader, self._writer = reader, asyncio.StreamWriter(transport, protocol, reader, loop)
                self._held.clear()

    async def close(self) -> None:
        """Close the connection at once, without telling the server."""
        with suppress(OSError, RuntimeError):
            self._writer.transport.abort()

    def _pour(self, content: bytearray, size: int) -> int:
        content += self._held[:size]
        del self._held[:size]
        return size

    async def _more(self, seconds: float | None = None) -> None:
        with _faults():
            async with asyncio.timeout(seconds or self._seconds):
                data = await self._reader.read(_PIECE)
        if not data:
            raise Broken(MailServerCode.CLOSED)
        self._held += data


async def dial(place: Mailbox, context: ssl.SSLContext | None) -> Line:
    """Connect to a mailbox's server; with TLS from the beginning, if configured."""
    secure = context if place.tls is Tls.IMPLICIT else None
    with _faults():
        async with asyncio.timeout(place.timeout_seconds):
            reader, writer = await asyncio.open_connection(place.host, place.usual_port, ssl=secure)
    return Line(reader, writer, place.timeout_seconds)


@contextmanager
def _faults() -> Iterator[None]:
    """Turn faults into Broken with our own statement: the server's words could hold anything."""
    try:
        yield
    except TimeoutError:
        raise Broken(MailServerCode.SILENT, silent=True) from None
    except ssl.SSLCertVerificationError as error:
        raise Broken(MailServerCode.NOT_TRUSTED, error=error.verify_message) from None
    except ssl.SSLError:
        raise Broken(MailServerCode.NO_TLS) from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).partition(":")[0]
        raise Broken(MailServerCode.NOT_REACHED, error=reason) from None
