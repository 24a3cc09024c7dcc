"""A mailbox over POP3 (RFC 1939, STLS by RFC 2595). UIDL identifies its mails."""

import re
import ssl

from adapters.mailbox.line import Line, dial
from adapters.mailbox.session import HEAD_BYTES, Broken, Declined, Entry, Fetched, Listing, head_of
from adapters.settings import Mailbox, Tls
from engine.codes.mail_server import MailServerCode
from engine.codes.mailbox import MailboxCode

MOST_LISTED = 5_000
_MOST_LINES = 200_000
_UID = re.compile(r"[\x21-\x7e]{1,200}")
_CODE = re.compile(rb"^-ERR \[([A-Z/-]{2,32})\]")


class Pop3:
    """One session (adapters.mailbox.session.Session). The server locks the mailbox until the session ends."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.open = True

    async def listing(self) -> Listing:
        """See the protocol. The mails have no uid when UIDL is missing or gives two mails the same id."""
        sizes, whole, lacks = await self._numbered(b"LIST")
        try:
            uids, _, _ = await self._numbered(b"UIDL")
        except Declined:
            uids = {}
        lacks = lacks or (whole and bool(uids.keys() - sizes.keys()))
        if (
            len(set(uids.values())) < len(sizes)
            or not sizes.keys() <= uids.keys()
            or not all(map(_UID.fullmatch, uids.values()))
        ):
            uids = {}
        entries = (Entry(number, uids.get(number, ""), _size(size)) for number, size in sorted(sizes.items()))
        return Listing("", tuple(entries), whole and not lacks, lacks)

    async def fetch(self, entry: Entry, most: int) -> Fetched:
        """See the protocol. A mail that is listed as too large is downloaded only where the server has no TOP."""
        if entry.size > most:
            return Fetched(await self._head(entry, most), whole=False)
        await self._ask(b"RETR %d" % entry.number)
        content, whole = await self._line.text(most)
        return Fetched(content if whole else head_of(content), whole)

    async def delete(self, entry: Entry) -> None:
        """See the protocol."""
        await self._ask(b"DELE %d" % entry.number)

    async def settle(self) -> None:
        """See the protocol: DELE takes effect only at QUIT."""
        try:
            await self._ask(b"QUIT")
        except Declined:
            raise Broken(MailboxCode.NOT_DELETED) from None
        finally:
            await self.close()

    async def news(self, seconds: float) -> bool:
        """See the protocol: a POP3 server never tells of new mail."""
        return False

    async def close(self) -> None:
        """See the protocol."""
        self.open = False
        await self._line.close()

    async def greeted(self) -> None:
        """Take the server's greeting."""
        await self._answered()

    async def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Switch to TLS; a server that does not offer it gets no password."""
        try:
            await self._ask(b"STLS")
        except Declined:
            raise Broken(MailServerCode.NO_STARTTLS) from None
        await self._line.secure(context, host)

    async def log_in(self, user: str, password: bytes) -> None:
        """Log in."""
        try:
            await self._ask(b"USER " + user.encode())
            await self._ask(b"PASS " + password)
        except Declined as no:
            raise Broken(MailboxCode.LOG_IN_REFUSED, answer=no.answer) from None

    async def _head(self, entry: Entry, most: int) -> bytes:
        try:
            await self._ask(b"TOP %d 0" % entry.number)
        except Declined:
            await self._ask(b"RETR %d" % entry.number)
        content, whole = await self._line.text(min(most, HEAD_BYTES), most)
        return content if whole else head_of(content)

    async def _numbered(self, command: bytes) -> tuple[dict[int, str], bool, bool]:
        """Return what LIST or UIDL says of the first mails, whether that was all, and whether a line says nothing."""
        await self._ask(command)
        found: dict[int, str] = {}
        for count in range(_MOST_LINES):
            line = await self._line.line()
            if line == b".":
                return found, count <= MOST_LISTED, len(found) < min(count, MOST_LISTED)
            words = line.split()
            if count < MOST_LISTED and len(words) >= 2 and words[0].isdigit():
                found[int(words[0])] = words[1].decode("ascii", "backslashreplace")
        raise Broken(MailboxCode.WITHOUT_END)

    async def _ask(self, command: bytes) -> None:
        await self._line.send(command + b"\r\n")
        await self._answered()

    async def _answered(self) -> None:
        answer = await self._line.line()
        if answer.startswith(b"-ERR"):
            code = _CODE.match(answer)
            raise Declined(MailboxCode.SAYS_NO, answer=code.group(1).decode() if code else "")
        if not answer.startswith(b"+OK"):
            raise Broken(MailboxCode.OTHER_PROTOCOL, protocol="POP3")


async def open_pop3(place: Mailbox, password: bytes, context: ssl.SSLContext | None) -> Pop3:
    """Connect and log in. Raises Broken with the reason, never with the password."""
    session = Pop3(await dial(place, context))
    try:
        await session.greeted()
        if place.tls is Tls.STARTTLS and context is not None:
            await session.secure(context, place.host)
        await session.log_in(place.user, password)
    except BaseException as error:
        await session.close()
        if isinstance(error, Declined):
            raise Broken(MailboxCode.TURNS_AWAY, answer=error.answer) from None
        raise
    return session


def _size(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 19 else 1
