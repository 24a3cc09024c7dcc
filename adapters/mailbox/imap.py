"""A mailbox over IMAP4rev1 (RFC 3501; IDLE RFC 2177, UIDPLUS RFC 4315), with the few commands that collecting needs."""

import base64
import re
import ssl
from dataclasses import dataclass

from adapters.mailbox.line import Line, dial
from adapters.mailbox.session import HEAD_BYTES, Broken, Declined, Entry, Fetched, Listing, head_of
from adapters.settings import Mailbox, Tls
from engine.codes.mail_server import MailServerCode
from engine.codes.mailbox import MailboxCode
from engine.codes.statement import Code

MOST_LISTED = 5_000
_MOST_RESPONSES = 200_000
_MOST_LITERALS = 8
_PLAIN = re.compile(rb"[\x20-\x7e]*")
_CODE = re.compile(rb"^\S+ (?:NO|BAD) \[([A-Z-]{2,32})\]")
_LITERAL = re.compile(rb"\{(\d{1,18})\}$")
_EXISTS = re.compile(rb"^\* (\d{1,9}) EXISTS", re.IGNORECASE)
_FETCH = re.compile(rb"^\* (\d{1,10}) FETCH \(", re.IGNORECASE)
_UID = re.compile(rb"[ (]UID (\d{1,10})", re.IGNORECASE)
_SIZE = re.compile(rb"[ (]RFC822\.SIZE (\d{1,18})", re.IGNORECASE)
_GIVEN = rb'[ (]BODY\[%s\](?:<0>)? (?:NIL|"((?:[^"\\]|\\.)*)"|(\{))'
_BODY = {part: re.compile(_GIVEN % part, re.IGNORECASE) for part in (b"", b"HEADER")}
_VALIDITY = re.compile(rb"\[UIDVALIDITY (\d{1,10})\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Response:
    """A response in one line, and its literals by where the line announces them."""

    text: bytes
    literals: dict[int, tuple[bytes, bool]]


class Imap:
    """One session (adapters.mailbox.session.Session) on one folder."""

    def __init__(self, line: Line, folder: str) -> None:
        self._line = line
        self._folder = folder
        self._tags = 0
        self._can: frozenset[bytes] = frozenset()
        self._ours: set[int] = set()
        self.open = True

    async def listing(self) -> Listing:
        """See the protocol. Selects the folder each time, which returns its UIDVALIDITY and its mails."""
        select = b"SELECT " + _quoted(mailbox_name(self._folder))
        selected = await self._command(select, broken=MailboxCode.FOLDER_CLOSED)
        count, validity = 0, ""
        for response in selected:
            if found := _EXISTS.match(response.text):
                count = int(found.group(1))
            if found := _VALIDITY.search(response.text):
                validity = found.group(1).decode()
        if b"[READ-ONLY]" in selected[-1].text:
            raise Broken(MailboxCode.READ_ONLY)
        last = min(count, MOST_LISTED)
        entries = await self._entries(last) if last else ()
        lacks = len(entries) < last
        return Listing(validity, entries, whole=count <= MOST_LISTED and not lacks, lacks=lacks)

    async def fetch(self, entry: Entry, most: int) -> Fetched:
        """See the protocol. Asks for no more than may be held; does not download a mail that is listed as too large."""
        part, most_now = (b"HEADER", HEAD_BYTES) if entry.size > most else (b"", most)
        words = b"UID FETCH %s (UID BODY.PEEK[%s]<0.%d>)" % (entry.uid.encode(), part, most_now + 1)
        for response in await self._command(words, most=most_now):
            if _is_about(response, entry) and (body := _BODY[part].search(response.text)):
                content, whole = response.literals.get(body.start(2), (_unquoted(body.group(1)), True))
                whole = whole and not part
                return Fetched(content if whole else head_of(content), whole)
        raise Declined(MailboxCode.NOT_GIVEN)

    async def delete(self, entry: Entry) -> None:
        """See the protocol."""
        await self._command(b"UID STORE %s +FLAGS.SILENT (\\Deleted)" % entry.uid.encode())
        self._ours.add(int(entry.uid))

    async def settle(self) -> None:
        """See the protocol. Without UIDPLUS, EXPUNGE deletes all marked mails: Broken while others mark some."""
        if not self._ours:
            return
        if b"UIDPLUS" in self._can:
            await self._expunge(b"UID EXPUNGE " + b",".join(b"%d" % uid for uid in sorted(self._ours)))
            return
        found = await self._command(b"UID SEARCH DELETED", broken=MailboxCode.NOT_SEARCHED)
        marked = {int(word) for each in found if each.text.startswith(b"* SEARCH") for word in each.text.split()[2:]}
        if marked - self._ours:
            raise Broken(MailboxCode.OTHERS_DELETE)
        await self._expunge(b"EXPUNGE")

    async def news(self, seconds: float) -> bool:
        """See the protocol: IDLE, if the server offers it."""
        if b"IDLE" not in self._can:
            return False
        tag = self._tag()
        await self._line.send(tag + b" IDLE\r\n")
        if not (await self._line.line()).startswith(b"+"):
            raise Broken(MailboxCode.NO_IDLE)
        came = await self._told(seconds)
        await self._line.send(b"DONE\r\n")
        for _ in range(_MOST_RESPONSES):
            line = await self._line.line()
            came = came or bool(_EXISTS.match(line))
            if line.startswith(tag):
                return came
        raise Broken(MailboxCode.WITHOUT_END)

    async def close(self) -> None:
        """See the protocol."""
        self.open = False
        await self._line.close()

    async def begin(self, place: Mailbox, password: bytes, context: ssl.SSLContext | None) -> None:
        """Take the greeting, go over to TLS where that is configured, and log in."""
        if not (await self._line.line()).upper().startswith(b"* OK"):
            raise Broken(MailboxCode.TURNS_AWAY)
        if place.tls is Tls.STARTTLS and context is not None:
            await self._command(b"STARTTLS", broken=MailServerCode.NO_STARTTLS)
            await self._line.secure(context, place.host)
        if b"LOGINDISABLED" in await self._capabilities():
            raise Broken(MailboxCode.IN_CLEAR)
        await self._log_in(place.user.encode(), password)
        self._can = await self._capabilities()

    async def _log_in(self, user: bytes, password: bytes) -> None:
        tag = self._tag()
        words = tag + b" LOGIN"
        for text in (user, password):
            if _PLAIN.fullmatch(text):
                words += b" " + _quoted(text)
                continue
            await self._line.send(words + b" {%d}\r\n" % len(text))
            if not (await self._line.line()).startswith(b"+"):
                raise Broken(MailboxCode.LOG_IN_REFUSED)
            words = text
        await self._line.send(words + b"\r\n")
        await self._answers(tag, HEAD_BYTES, MailboxCode.LOG_IN_REFUSED)

    async def _capabilities(self) -> frozenset[bytes]:
        found = await self._command(b"CAPABILITY", broken=MailboxCode.NO_CAPABILITIES)
        words = [each.text.upper().split()[2:] for each in found if each.text.upper().startswith(b"* CAPABILITY")]
        return frozenset(word for line in words for word in line)

    async def _entries(self, last: int) -> tuple[Entry, ...]:
        """Return the mails that the server lists; where it says no in the end, those that it listed before."""
        found: dict[int, Entry] = {}
        tag = self._tag()
        await self._line.send(tag + b" FETCH 1:%d (UID RFC822.SIZE)\r\n" % last)
        for response in await self._responses(tag, HEAD_BYTES):
            number, uid, size = _FETCH.match(response.text), _UID.search(response.text), _SIZE.search(response.text)
            if number and uid and size:
                found[int(uid.group(1))] = Entry(int(number.group(1)), uid.group(1).decode(), int(size.group(1)))
        return tuple(found[uid] for uid in sorted(found))

    async def _expunge(self, words: bytes) -> None:
        await self._command(words, broken=MailboxCode.NOT_DELETED)
        self._ours.clear()

    async def _told(self, seconds: float) -> bool:
        """Wait for news of mail; silence is no fault here."""
        try:
            return bool(_EXISTS.match(await self._line.line(seconds)))
        except Broken as fault:
            if fault.silent:
                return False
            raise

    async def _command(self, words: bytes, *, most: int = HEAD_BYTES, broken: Code | None = None) -> list[_Response]:
        """Return what the server says to a command, its final line last.

        Where the server says no: raises Broken with the code `broken`, or Declined without one.
        """
        tag = self._tag()
        await self._line.send(tag + b" " + words + b"\r\n")
        return await self._answers(tag, most, broken)

    async def _answers(self, tag: bytes, most: int, broken: Code | None) -> list[_Response]:
        found = await self._responses(tag, most)
        if found[-1].text.startswith(tag + b" OK"):
            return found
        code = _CODE.match(found[-1].text)
        answer = code.group(1).decode() if code else ""
        if broken:
            raise Broken(broken, answer=answer)
        raise Declined(MailboxCode.SAYS_NO, answer=answer)

    async def _responses(self, tag: bytes, most: int) -> list[_Response]:
        """Return what the server says up to its last word about a command, whatever that is."""
        found: list[_Response] = []
        for _ in range(_MOST_RESPONSES):
            response = await self._response(most)
            if len(found) <= MOST_LISTED + 100:
                found.append(response)
            if response.text.startswith(tag + b" "):
                found[-1] = response
                return found
            if not response.text.startswith((b"* ", b"+")):
                raise Broken(MailboxCode.OTHER_PROTOCOL, protocol="IMAP")
        raise Broken(MailboxCode.WITHOUT_END)

    async def _response(self, most: int) -> _Response:
        text = b""
        literals: dict[int, tuple[bytes, bool]] = {}
        while len(literals) < _MOST_LITERALS:
            line = await self._line.line()
            found = _LITERAL.search(line)
            if found is None:
                return _Response(text + line, literals)
            literals[len(text) + found.start()] = await self._line.literal(int(found.group(1)), most)
            text += line
        raise Broken(MailboxCode.OTHER_PROTOCOL, protocol="IMAP")

    def _tag(self) -> bytes:
        self._tags += 1
        return b"s%d" % self._tags


async def open_imap(place: Mailbox, password: bytes, context: ssl.SSLContext | None) -> Imap:
    """Connect and log in. Raises Broken with the reason, never with the password."""
    session = Imap(await dial(place, context), place.folder)
    try:
        await session.begin(place, password, context)
    except BaseException:
        await session.close()
        raise
    return session


def _is_about(response: _Response, entry: Entry) -> bool:
    uid = _UID.search(response.text)
    return bool(_FETCH.match(response.text) and uid and uid.group(1).decode() == entry.uid)


def mailbox_name(folder: str) -> bytes:
    """Return the name of a folder as IMAP writes it: what is not ASCII in modified UTF-7 (RFC 3501, 5.1.3)."""
    return b"".join(
        part.encode().replace(b"&", b"&-") if part.isascii() else b"&" + _base64_of(part) + b"-"
        for part in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", folder)
    )


def _base64_of(text: str) -> bytes:
    return base64.b64encode(text.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")


def _quoted(text: bytes) -> bytes:
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _unquoted(text: bytes | None) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text or b"")
