"""Thirty servers that say one wrong thing each: what they did not give, or could not delete, stays and is told of."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from adapters.mailbox.imap import mailbox_name
from adapters.mailbox.session import Broken, Declined
from adapters.settings import Mailbox, MailboxProtocol
from engine.names import OPERATOR
from engine.records.log import Task, TaskCause
from tests.fakes.engines.running_node import Running, running
from tests.fakes.servers.hostile_mailbox import (
    HostileMailbox,
    Trick,
    cuts,
    endless,
    gives,
    hangs,
    hostile,
    refuses,
    says,
)
from tests.fakes.servers.mailbox_shelf import MOST, Shelf, emptied, mail

POP3, IMAP = MailboxProtocol.POP3, MailboxProtocol.IMAP
MAILS = [mail(name, 31_888) for name in ("en", "to", "tre")]
NONE, FIRST, ALL = "", "1", "123"
LARGE = {"1": MOST + 1}
SOME = "Some messages could not be FETCHed"
HEAD = b"Subject: en\r\nX-Mer: "


@dataclass(frozen=True, slots=True)
class Script:
    """What a server with three mails does at some commands, and which mails it has after one round."""

    protocol: MailboxProtocol
    name: str
    tricks: dict[str, Trick]
    stays: str
    sizes: dict[str, int] = field(default_factory=dict)


def retr(name: str, *said: bytes) -> Script:
    """Return a POP3 server that answers so when the first mail is fetched."""
    return Script(POP3, name, {"^RETR 1": says(*said)}, FIRST)


def fetch(name: str, what: bytes, end: str = "OK") -> Script:
    """Return an IMAP server that gives this of the first mail when all of it is asked for."""
    row = b"* 1 FETCH (UID 1 " + what + b")\r\n"
    return Script(IMAP, name, {r"UID FETCH 1 .*PEEK\[\]": gives(row, end=end)}, FIRST)


def literal(content: bytes, section: bytes = b"", origin: int = 0) -> bytes:
    """Return a part of a mail as IMAP gives it."""
    return b"BODY[%s]<%d> {%d}\r\n%s" % (section, origin, len(content), content)


# A table, one script a row: the formatter would break the rows.
SCRIPTS = [
    retr("nothing", b"+OK\r\n.\r\n"),
    retr("an empty line", b"+OK\r\n\r\n.\r\n"),
    retr("half a header", b"+OK\r\n" + HEAD + b"\r\n.\r\n"),
    retr("no", b"-ERR [SYS/TEMP]\r\n"),
    Script(POP3, "no size, nothing", {"^LIST": says(b"+OK\r\n1 -\r\n.\r\n"), "^RETR": says(b"+OK\r\n.\r\n")}, ALL),
    Script(POP3, "cut", {"^RETR 1": cuts}, FIRST),
    Script(POP3, "silence", {"^RETR 1": hangs}, FIRST),
    Script(POP3, "no end", {"^RETR 1": endless(b"+OK\r\n", b"x" * 60_000)}, FIRST),
    Script(POP3, "large, nothing by TOP", {"^TOP 1": says(b"+OK\r\n.\r\n")}, FIRST, LARGE),
    Script(POP3, "large, half a header by TOP", {"^TOP 1": says(b"+OK\r\n", HEAD, b"\r\n.\r\n")}, FIRST, LARGE),
    Script(POP3, "large, no TOP, nothing by RETR", {"^TOP": refuses(), "^RETR 1": says(b"+OK\r\n.\r\n")}, FIRST, LARGE),
    Script(POP3, "DELE refused", {"^DELE 1": refuses()}, FIRST),
    Script(POP3, "QUIT refused", {"^QUIT": refuses()}, ALL),
    Script(POP3, "sizes too small", {}, NONE, {"1": 1, "2": 31_000, "3": 0}),
    fetch("NIL", b"BODY[]<0> NIL"),
    fetch("empty quotes", b'BODY[]<0> ""'),
    fetch("an empty literal", literal(b"")),
    fetch("half a header", literal(HEAD)),
    fetch("half a header in quotes", b'BODY[]<0> "Subject: en"'),
    fetch("the header for the whole", literal(b"Subject: en\r\n\r\n", b"HEADER")),
    fetch("the text for the whole", literal(b"a\r\n\r\nb" * 9, b"TEXT")),
    fetch("the middle", literal(MAILS[0][50:], origin=50)),
    fetch("no body", b"FLAGS (\\Seen)"),
    fetch("all, then no", literal(MAILS[0]), end="NO [SERVERBUG]"),
    Script(IMAP, "nothing", {"UID FETCH 1 ": gives()}, FIRST),
    Script(IMAP, "another mail", {"UID FETCH 1 ": gives(b"* 3 FETCH (UID 3 " + literal(MAILS[2]) + b")\r\n")}, FIRST),
    Script(IMAP, "cut", {"UID FETCH 1 ": says(b"* 1 FETCH (UID 1 " + literal(MAILS[0])[:20_000])}, FIRST),
    Script(IMAP, "large, NIL", {"HEADER": gives(b"* 1 FETCH (UID 1 BODY[HEADER]<0> NIL)\r\n")}, FIRST, LARGE),
    Script(IMAP, "STORE refused", {"UID STORE 1 ": refuses()}, FIRST),
    Script(IMAP, "EXPUNGE refused", {"EXPUNGE": refuses()}, ALL),
]  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: f"{each.protocol}: {each.name}")
async def test_only_what_was_stored_whole_leaves_the_mailbox(script: Script, tmp_path: Path) -> None:
    """What the server gives badly stays, the rest is stored and goes, and the round says so; later all is stored."""
    async with hostile(script.protocol, *MAILS) as server:
        server.tricks, server.sizes, shelf = dict(script.tricks), dict(script.sizes), Shelf()
        for _ in range(2):
            assert await _is_told(server, tmp_path, shelf) == bool(script.stays)
            assert "".join(server.mails) == script.stays
        server.tricks, server.sizes = {}, {}
        await emptied(server, tmp_path, shelf)
        assert server.mails == {}
    assert sorted(each.raw for each in shelf.mails) == sorted(MAILS)
    assert all(each.whole for each in shelf.mails)


async def _is_told(server: HostileMailbox, folder: Path, shelf: Shelf) -> bool:
    with suppress(Broken, Declined):
        await emptied(server, folder, shelf)
        return False
    return True


def test_there_are_thirty_scripts() -> None:
    """Each script has a name of its own."""
    assert len({(each.protocol, each.name) for each in SCRIPTS}) == 30


@pytest.mark.parametrize("end", [f"NO {SOME}", "BAD", "OK"])
async def test_a_list_that_lacks_a_mail_is_used_and_told_of(end: str, tmp_path: Path) -> None:
    """Of three mails the two that IMAP lists are collected, and nothing follows for the third but that it is told."""
    async with hostile(IMAP, *MAILS) as server:
        server.tricks[" FETCH 1:"] = _lists(server, {"1", "2"}, end)
        shelf = Shelf()
        with pytest.raises(Declined, match=r"mailbox\.not_listed"):
            await emptied(server, tmp_path, shelf)
        assert list(server.mails) == ["3"]
        assert shelf.whole_listings == []
        server.tricks.clear()
        assert await emptied(server, tmp_path, shelf) == 1
    assert sorted(each.raw for each in shelf.mails) == sorted(MAILS)


def _lists(server: HostileMailbox, shown: set[str], end: str) -> Trick:
    """List only some of the mails that are there, and end with this word."""

    async def trick(writer: asyncio.StreamWriter, line: bytes) -> bool:
        there = [(number, uid) for number, uid in enumerate(server.mails, 1) if uid in shown]
        rows = (f"* {number} FETCH (UID {uid} RFC822.SIZE 31000)\r\n".encode() for number, uid in there)
        return await gives(*rows, end=end)(writer, line)

    return trick


@pytest.mark.parametrize("listed", ["1 31000\r\n2 31000\r\ntre 31000", "1 31000\r\n2 31000"])
async def test_a_pop3_list_that_lacks_a_mail_is_used_and_told_of(listed: str, tmp_path: Path) -> None:
    """What LIST leaves out, or tells in a line that cannot be read, stays and is told of; the others are collected."""
    async with hostile(POP3, *MAILS) as server:
        server.tricks["^LIST"] = says(b"+OK\r\n" + listed.encode() + b"\r\n.\r\n")
        shelf = Shelf()
        with pytest.raises(Declined, match=r"mailbox\.not_listed"):
            await emptied(server, tmp_path, shelf)
        assert list(server.mails) == ["3"]
    assert sorted(each.raw for each in shelf.mails) == sorted(MAILS[:2])


async def test_a_literal_before_the_mail_is_not_the_mail(tmp_path: Path) -> None:
    """What the server tells without being asked, in a literal before the mail, is not stored in its place."""
    row = b"* 1 FETCH (UID 1 X-NOTE {9}\r\na: b\r\n\r\nc " + literal(MAILS[0]) + b")\r\n"
    async with hostile(IMAP, MAILS[0]) as server:
        server.tricks["UID FETCH 1 "] = gives(row)
        shelf = Shelf()
        assert await emptied(server, tmp_path, shelf) == 1
    assert [each.raw for each in shelf.mails] == [MAILS[0]]


@pytest.mark.parametrize("protocol", [POP3, IMAP])
async def test_a_mail_that_is_all_headers_is_taken(protocol: MailboxProtocol, tmp_path: Path) -> None:
    """A mail without an empty line, or without anything, is whole where it is as long as the server lists it."""
    async with hostile(protocol, b"Subject: bare hode\r\n", b"\r\n") as server:
        shelf = Shelf()
        assert await emptied(server, tmp_path, shelf) == 2
    assert shelf.subjects == [b"", b"Subject: bare hode"]


@pytest.mark.parametrize(
    ("command", "trick", "reason"),
    [
        ("UID FETCH 1 ", gives(b"* 1 FETCH (UID 1 BODY[]<0> NIL)\r\n"), "mailbox.nothing_came"),
        (
            " FETCH 1:",
            gives(end=f"NO {SOME}"),
            "mailbox.not_listed",
        ),
    ],
    ids=["NIL", "a list that ends in no"],
)
async def test_what_is_not_given_is_told_after_a_quarter_of_an_hour(
    command: str, trick: Trick, reason: str, tmp_path: Path, pg_url: str, quick_keys: Path
) -> None:
    """A node whose server keeps a mail back opens a task that says so; given at last, the task closes."""
    async with hostile(IMAP, *MAILS[:2]) as server, asyncio.timeout(60):
        server.tricks[command] = trick
        async with running(tmp_path, pg_url, quick_keys, section(server, tmp_path)) as here:
            task = await told(here, pg_url)
            assert reason in task.text
            assert "1" in server.mails
            server.tricks.clear()
            while server.mails or await tasks(here):  # noqa: ASYNC110 rows tell nobody
                await asyncio.sleep(0.05)


def section(server: HostileMailbox, folder: Path) -> str:
    """Return the section of samvik.toml about a mailbox."""
    place = server.place(folder)
    texts = {"name": place.name, "protocol": place.protocol, "host": place.host, "tls": place.tls, "user": place.user}
    lines = [f'{key} = "{value}"' for key, value in {**texts, "password_file": place.password_file}.items()]
    return "\n".join(["\n[[mailbox]]", *lines, f"port = {place.port}", "timeout_seconds = 1", "poll_seconds = 1\n"])


async def tasks(here: Running) -> list[Task]:
    """Return the open tasks about mailboxes."""
    found = await here.other.store.list_tasks(OPERATOR)
    return [task for task in found if task.cause == TaskCause.MAILBOX_NOT_EMPTIED]


async def told(here: Running, pg_url: str) -> Task:
    """Let the trouble be a quarter of an hour old, and return the task about it."""
    earlier = "UPDATE mailbox SET failing_since = failing_since - interval '15 minutes' RETURNING name"
    async with await psycopg.AsyncConnection.connect(pg_url, autocommit=True) as database:
        while await (await database.execute(earlier)).fetchone() is None:  # noqa: ASYNC110 rows tell nobody
            await asyncio.sleep(0.05)
    while not (found := await tasks(here)):  # noqa: ASYNC110 rows tell nobody
        await asyncio.sleep(0.05)
    return found[0]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("INBOX", b"INBOX"),
        ("Avvik/Mottatt", b"Avvik/Mottatt"),
        ("Innkommende æøå", b"Innkommende &AOYA+ADl-"),
        ("A&B", b"A&-B"),
        ("台北 ☺!", b"&U,BTFw- &Jjo-!"),
        ("a😀b", b"a&2D3eAA-b"),
    ],
)
def test_a_folder_is_named_as_imap_writes_it(folder: str, name: bytes) -> None:
    """What is not ASCII goes in modified UTF-7 (RFC 3501, 5.1.3), and the setting takes it."""
    assert mailbox_name(folder) == name
    row = {"name": "x", "protocol": "imap", "host": "h", "user": "u", "password_file": "p"}
    assert Mailbox(**row, folder=folder).folder == folder
