"""Servers that speak POP3 and IMAP from a script, and lie, cut, dawdle or never stop at a chosen command."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from adapters.settings import Mailbox, MailboxProtocol, Tls

Trick = Callable[[asyncio.StreamWriter, bytes], Awaitable[bool]]
"""Does something of its own with a command; True where the server must not answer any more itself."""

PASSWORD = "hemmelig-ord"


class HostileMailbox:
    """A mailbox in memory. `mails` maps a uid to bytes, `tricks` the first word(s) of a command to what is done."""

    def __init__(self, protocol: MailboxProtocol, *mails: bytes) -> None:
        self.protocol = protocol
        self.mails = {str(number): mail for number, mail in enumerate(mails, 1)}
        self.tricks: dict[str, Trick] = {}
        self.sizes: dict[str, int] = {}
        self.validity = "7"
        self.can = "IMAP4rev1 UIDPLUS"
        self.greeting = b"* OK ready\r\n" if protocol is MailboxProtocol.IMAP else b"+OK ready\r\n"
        self.log_ins = 0
        self.seen: list[str] = []
        self.marked: set[str] = set()
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def place(self, folder: Path) -> Mailbox:
        """Return the settings of this mailbox."""
        secret = folder / "passord"
        secret.write_text(PASSWORD, "utf-8")
        secret.chmod(0o600)
        assert self._server is not None
        return Mailbox(
            name="edi",
            protocol=self.protocol,
            host="127.0.0.1",
            port=self._server.sockets[0].getsockname()[1],
            tls=Tls.NONE,
            user="en",
            password_file=secret,
            timeout_seconds=1,
        )

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
        for task, writer in self._open.items():
            writer.transport.abort()
            task.cancel()
        if self._open:
            await asyncio.wait(self._open)

    def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[asyncio.create_task(self._serve(reader, writer))] = writer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = self._pop3() if self.protocol is MailboxProtocol.POP3 else self._imap()
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.write(self.greeting)
            while line := await reader.readline():
                command = line.decode().strip()
                self.seen.append(command)
                trick = next((each for word, each in self.tricks.items() if re.search(word, command)), None)
                if trick is not None and await trick(writer, line):
                    await writer.drain()
                    continue
                for piece in answer(command):
                    writer.write(piece)
                await writer.drain()
                if writer.is_closing() or command == "QUIT":
                    break
        writer.close()

    def _pop3(self) -> Callable[[str], list[bytes]]:
        order, gone = list(self.mails), set()

        def answer(command: str) -> list[bytes]:
            word, _, rest = command.partition(" ")
            there = [(n, uid) for n, uid in enumerate(order, 1) if uid not in gone]
            uid = order[int(rest.split()[0]) - 1] if rest[:1].isdigit() else ""
            match word:
                case "PASS":
                    self.log_ins += 1
                case "LIST":
                    return _lines(f"{n} {self._size(uid)}" for n, uid in there)
                case "UIDL":
                    return _lines(f"{n} {uid}" for n, uid in there)
                case "RETR":
                    return [b"+OK\r\n", stuffed(self.mails[uid]), b".\r\n"]
                case "TOP":
                    return [b"+OK\r\n", stuffed(self.mails[uid].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"), b".\r\n"]
                case "DELE":
                    gone.add(uid)
                case "QUIT":
                    for each in gone:
                        self.mails.pop(each, None)
            return [b"+OK\r\n"]

        return answer

    def _imap(self) -> Callable[[str], list[bytes]]:
        def answer(command: str) -> list[bytes]:
            tag, _, rest = command.partition(" ")
            ok = f"{tag} OK\r\n".encode()
            number = re.search(r"\b(?:FETCH|STORE|EXPUNGE) (\d+)\b", rest)
            uid = number.group(1) if number else ""
            if rest.startswith("CAPABILITY"):
                return [f"* CAPABILITY {self.can}\r\n".encode(), ok]
            if rest.startswith("LOGIN"):
                self.log_ins += 1
            if rest.startswith("SELECT"):
                head = f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}]\r\n"
                return [head.encode(), ok]
            if rest.startswith("FETCH"):
                listed = enumerate(self.mails, 1)
                rows = [f"* {n} FETCH (UID {uid} RFC822.SIZE {self._size(uid)})\r\n" for n, uid in listed]
                return ["".join(rows).encode(), ok]
            if rest.startswith("UID FETCH"):
                return [self._part(uid, int(re.search(r"\.(\d+)>", rest).group(1)), "HEADER" in rest), ok]
            return [*self._deleting(rest, uid), ok]

        return answer

    def _deleting(self, command: str, uid: str) -> list[bytes]:
        if command.startswith("UID STORE"):
            self.marked.add(uid)
        if command.startswith("UID SEARCH"):
            return [f"* SEARCH {' '.join(sorted(self.marked))}\r\n".encode()]
        if command.startswith(("UID EXPUNGE", "EXPUNGE")):
            for each in self.marked:
                self.mails.pop(each, None)
            self.marked.clear()
        return []

    def _part(self, uid: str, most: int, head: bool) -> bytes:
        mail, name = self.mails[uid], b"HEADER" if head else b""
        part = (mail[: mail.find(b"\r\n\r\n") + 4] if head else mail)[:most]
        return b"* 1 FETCH (UID %s BODY[%s]<0> {%d}\r\n%s)\r\n" % (uid.encode(), name, len(part), part)

    def _size(self, uid: str) -> int:
        return self.sizes.get(uid, len(self.mails[uid]))


@asynccontextmanager
async def hostile(protocol: MailboxProtocol, *mails: bytes) -> AsyncIterator[HostileMailbox]:
    """Run such a server for a while."""
    server = HostileMailbox(protocol, *mails)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def stuffed(mail: bytes) -> bytes:
    """Return a mail as POP3 sends it: a dot before each line that begins with one, and an end of line at its end."""
    text = re.sub(rb"(?m)^\.", b"..", mail)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def says(*pieces: bytes) -> Trick:
    """Answer with these bytes and nothing else."""

    async def trick(writer: asyncio.StreamWriter, _line: bytes) -> bool:
        for piece in pieces:
            writer.write(piece)
        return True

    return trick


def gives(*pieces: bytes, end: str = "OK") -> Trick:
    """Answer an IMAP command with these bytes, and then with this last word."""

    async def trick(writer: asyncio.StreamWriter, line: bytes) -> bool:
        writer.write(b"".join(pieces) + line.split()[0] + f" {end}\r\n".encode())
        return True

    return trick


def refuses(text: str = "") -> Trick:
    """Say no, in the words of either protocol."""

    async def trick(writer: asyncio.StreamWriter, line: bytes) -> bool:
        tag = line.split()[0]
        no = tag + b" NO " if tag[1:].isdigit() else b"-ERR "
        writer.write(no + text.encode() + b"\r\n")
        return True

    return trick


async def cuts(writer: asyncio.StreamWriter, _line: bytes) -> bool:
    """Cut the connection in the middle of an answer."""
    writer.write(b"+OK\r\nSubject: halv")
    await writer.drain()
    writer.close()
    return True


async def hangs_up(writer: asyncio.StreamWriter, _line: bytes) -> bool:
    """End the connection without a word."""
    writer.close()
    return True


async def hangs(_writer: asyncio.StreamWriter, _line: bytes) -> bool:
    """Never answer."""
    return True


def _lines(rows) -> list[bytes]:
    return [b"+OK\r\n", *(row.encode() + b"\r\n" for row in rows), b".\r\n"]


def endless(first: bytes, piece: bytes) -> Trick:
    """Send for ever, until the other side has had enough."""

    async def trick(writer: asyncio.StreamWriter, _line: bytes) -> bool:
        writer.write(first)
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(piece)
                await writer.drain()
        return True

    return trick
