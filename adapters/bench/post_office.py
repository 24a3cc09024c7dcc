"""A mailbox in memory that speaks just enough POP3 for the benchmark: mail is dropped in while it is being emptied."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress


class PostOffice:
    """One mailbox on a free port of loopback; whoever logs in is let in.

    Each session sees what was there when it began.
    """

    def __init__(self) -> None:
        self._mails: dict[str, bytes] = {}
        self._count = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    def drop(self, mail: bytes) -> None:
        """Put a mail into the mailbox."""
        self._count += 1
        self._mails[f"mail-{self._count}"] = mail

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(self._mails)
        with suppress(ConnectionError):
            writer.write(b"+OK\r\n")
            while line := await reader.readline():
                word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
                writer.writelines(session.answer(word.upper(), rest))
                await writer.drain()
                if word.upper() == "QUIT":
                    break
        writer.close()


class _Session:
    def __init__(self, mails: dict[str, bytes]) -> None:
        self._mails = mails
        self._seen = list(mails)
        self._doomed: list[str] = []

    def answer(self, word: str, rest: str) -> Iterator[bytes]:
        """Yield the answer to one command."""
        yield b"+OK\r\n"
        if word in {"UIDL", "LIST"}:
            for number, uid in enumerate(self._seen, 1):
                said = uid if word == "UIDL" else len(self._mails[uid])
                yield f"{number} {said}\r\n".encode()
            yield b".\r\n"
        elif word == "RETR":
            yield self._mails[self._seen[int(rest) - 1]].replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n"
        elif word == "DELE":
            self._doomed.append(self._seen[int(rest) - 1])
        elif word == "QUIT":
            for uid in self._doomed:
                self._mails.pop(uid, None)
