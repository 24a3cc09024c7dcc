"""A mail server in front of partners of every mood: it takes, dawdles, greylists or says nothing, by the receiver."""

import asyncio
import re
from contextlib import suppress
from datetime import UTC, datetime

from tests.fakes.partners.forgery import header_of

DAWDLE_SECONDS = 8.0
"""Longer than a prompt answer, shorter than the sender's patience."""

_RECEIVER = re.compile(rb"<(good|slow|grey|dead)([0-9]+)@")


class MoodyRelay:
    """Listens on a free port; `arrived` holds when each MessageId of a good partner was taken."""

    def __init__(self) -> None:
        self.arrived: dict[str, datetime] = {}
        self.tries: dict[str, int] = {}
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=10_000_000)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mood = ""
        writer.write(b"220 relay.test ESMTP\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                found = _RECEIVER.search(line)
                mood = found.group(1).decode() if found else "good"
                self.tries[mood] = self.tries.get(mood, 0) + 1
                answer = await self._received(mood)
                if answer is None:
                    await reader.read()
                    return
                writer.write(answer)
            elif word == b"DATA":
                writer.write(b"354 Go on\r\n")
                mail = await reader.readuntil(b"\r\n.\r\n")
                self._note(mood, mail)
                writer.write(b"250 Taken\r\n")
            elif word == b"EHLO":
                writer.write(b"250-relay.test\r\n250 SIZE 60000000\r\n")
            else:
                writer.write(b"221 Bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
            await writer.drain()

    async def _received(self, mood: str) -> bytes | None:
        if mood == "slow":
            await asyncio.sleep(DAWDLE_SECONDS)
        if mood == "dead":
            return None
        return b"450 4.2.0 Greylisted, try again later\r\n" if mood == "grey" else b"250 OK\r\n"

    def _note(self, mood: str, mail: bytes) -> None:
        if mood == "good":
            at, whole = datetime.now(UTC), mail.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
            self.arrived.setdefault(str(header_of(whole).message_id), at)
