"""Both ends of SMTP by hand: a client that says what a test wants, and a server that answers by a script."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.fakes.waiting import PATIENCE

GOODBYE = b""
"""An answer that is none: the connection is closed."""


class Line:
    """A raw SMTP client; each method returns the code of the answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Send bytes without waiting for anything."""
        self._writer.write(data)

    async def drain(self) -> None:
        """Wait until what was written has left."""
        await asyncio.wait_for(self._writer.drain(), PATIENCE)

    async def answer(self) -> int:
        """Return the code of the next whole answer, 0 where the connection ends instead."""
        while True:
            try:
                line = await asyncio.wait_for(self._reader.readline(), PATIENCE)
            except ConnectionError:
                return 0
            if not line:
                return 0
            if line[3:4] != b"-":
                return int(line[:3])

    async def say(self, command: str) -> int:
        """Send one command and return the code of its answer."""
        self.write(command.encode() + b"\r\n")
        return await self.answer()

    async def to(self, receiver: str, options: str = "") -> int:
        """Go as far as RCPT; return its code, or that of MAIL where it was refused."""
        code = await self.say(f"MAIL FROM:<avsender@example.test>{options}")
        return await self.say(f"RCPT TO:<{receiver}>") if code == 250 else code

    async def mail(self, receiver: str, content: bytes, options: str = "") -> int:
        """Send a whole mail; return the code of the last answer."""
        code = await self.to(receiver, options)
        if code == 250:
            code = await self.say("DATA")
        if code != 354:
            return code
        self.write(content + b"\r\n.\r\n")
        return await self.answer()

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


@asynccontextmanager
async def dialled(port: int, *, greet: bool = True, source: str = "127.0.0.1") -> AsyncIterator[Line]:
    """Open a connection from an address, and greet unless the test wants to see the greeting itself."""
    line = Line(*await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0)))
    try:
        if greet:
            assert await line.answer() == 220
            assert await line.say("EHLO prove.test") == 250
        yield line
    finally:
        await line.close()


class ScriptedServer:
    """A mail server that answers each command by a table of first words; GOODBYE hangs up, None stays silent.

    Keys are `greeting`, the commands, and `mail` for what follows the mail itself. `mails` holds what came, `said` each
    command; `once` is like the table, for the next time only; after `mails_a_connection` mails comes 421.
    """

    def __init__(self, **answers: bytes | None) -> None:
        self.answers: dict[str, bytes | None] = {
            "greeting": b"220 prove.test ESMTP",
            "EHLO": b"250-prove.test\r\n250 SIZE 60000000",
            "MAIL": b"250 OK",
            "RCPT": b"250 OK",
            "RSET": b"250 OK",
            "DATA": b"354 Go on",
            "mail": b"250 Taken as 17",
            "QUIT": b"221 Bye",
            **answers,
        }
        self.once: dict[str, bytes | None] = {}
        self.mails: list[bytes] = []
        self.said: list[str] = []
        self.connections = 0
        self.mails_a_connection = 1_000

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()
            # Python 3.11 waits for ever where a handshake failed.
            with suppress(ConnectionError, ssl.SSLError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 0.5)
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        going, count = self._reply(writer, "greeting"), 0
        while going and (line := await reader.readline()):
            word = line.split()[0].decode().upper()
            self.said.append(word)
            if count >= self.mails_a_connection:
                writer.write(b"421 That is enough for one connection\r\n")
                return
            going = self._reply(writer, word)
            if going and word == "DATA" and (self.answers["DATA"] or b"").startswith(b"354"):
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                count += 1
                going = self._reply(writer, "mail")

    def _reply(self, writer: asyncio.StreamWriter, word: str) -> bool:
        answer = self.once.pop(word) if word in self.once else self.answers.get(word, b"502 Unknown")
        if answer:
            writer.write(answer + b"\r\n")
        return answer != GOODBYE


@asynccontextmanager
async def serving(server: ScriptedServer, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Run a scripted server on a free port of loopback, under TLS from the beginning where that is given."""
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(server.talk(reader, writer)))

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, limit=2**26, ssl=tls)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
