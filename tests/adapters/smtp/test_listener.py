"""The listener: a mail is durable before it is taken, and no client can make it lose one, hang or grow."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from adapters.settings import Limits, Listen, ListenProtocol
from adapters.smtp import listener as module
from adapters.smtp import pace
from adapters.smtp.listener import Listener
from engine.errors import Unavailable
from tests.fakes.partners.wire import Line, dialled
from tests.fakes.waiting import PATIENCE, until

OURS = "edi@samvik.test"
MAIL = b"Subject: prove\r\n\r\nhei"


class Shelf:
    """Takes mails in, when the test lets it, or fails with what the test says."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.may_store = asyncio.Event()
        self.may_store.set()
        self.asked = asyncio.Event()
        self.fault: Exception | None = None

    async def take_in(self, raw: bytes, _peer: str) -> int:
        """Store a mail as the node does."""
        self.asked.set()
        await self.may_store.wait()
        if self.fault:
            raise self.fault
        self.mails.append(raw)
        return len(self.mails)


@asynccontextmanager
async def listening(shelf: Shelf, most_bytes: int = 51_200_000, **listen: int) -> AsyncIterator[tuple[Listener, int]]:
    """Run a listener on a free port."""
    settings = Listen(port=0, **listen)
    opened = Listener(settings, Limits(most_mail_bytes=most_bytes), shelf.take_in, lambda: {OURS})
    try:
        yield opened, await opened.start()
    finally:
        await opened.stop()


@pytest.fixture
def shelf() -> Shelf:
    """Give an empty shelf."""
    return Shelf()


@pytest.fixture
async def port(shelf: Shelf) -> AsyncIterator[int]:
    """Give the port of a listener with default settings."""
    async with listening(shelf) as (_, port):
        yield port


async def test_250_comes_only_after_the_mail_is_stored(port: int, shelf: Shelf) -> None:
    """While the store has not returned the client hears nothing; 250 follows once it has."""
    shelf.may_store.clear()
    async with dialled(port) as line:
        answer = asyncio.create_task(line.mail(OURS, MAIL))
        await shelf.asked.wait()
        assert not answer.done()
        assert not shelf.mails
        shelf.may_store.set()
        assert await answer == 250
        assert shelf.mails == [MAIL + b"\r\n"]


@pytest.mark.parametrize("fault", [Unavailable("the database is away"), RuntimeError("hemmelig")])
async def test_a_mail_that_cannot_be_stored_is_to_be_sent_again(
    port: int, shelf: Shelf, fault: Exception, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever keeps us from storing gives 451 and not a word of the error; the next mail on the line is taken."""
    shelf.fault = fault
    async with dialled(port) as line:
        assert await line.mail(OURS, MAIL) == 451
        shelf.fault = None
        assert await line.mail(OURS, MAIL) == 250
    assert "hemmelig" not in "".join(capfd.readouterr())


async def test_only_our_own_addresses_are_recipients(port: int, shelf: Shelf) -> None:
    """A foreign recipient gets 550, ours is taken in any case of letters, and without one DATA is refused."""
    async with dialled(port) as line:
        assert await line.to("annen@samvik.test") == 550
        assert await line.say("DATA") == 503
        assert await line.say("RCPT TO:<EDI@Samvik.Test>") == 250
        assert await line.say("DATA now") == 501
        assert await line.say("DATA") == 354
        line.write(b"hei\r\n.\r\n")
        assert await line.answer() == 250


async def test_recipients_over_the_limit_wait_for_another_mail(port: int, shelf: Shelf) -> None:
    """However often RCPT is said, so many recipients are kept and no more, and the mail is theirs."""
    async with dialled(port) as line:
        assert await line.to(OURS) == 250
        said = [await line.say(f"RCPT TO:<{OURS}>") for _ in range(module.MOST_RECIPIENTS + 1)]
        assert (said.count(250), said[-2:]) == (module.MOST_RECIPIENTS - 1, [452, 452])
        assert await line.say("DATA") == 354
        line.write(b"hei\r\n.\r\n")
        assert await line.answer() == 250
        assert await line.to(OURS) == 250
    assert len(shelf.mails) == 1


async def test_a_declared_size_over_the_limit_is_refused_at_once(shelf: Shelf) -> None:
    """SIZE= over the limit gives 552 before any byte of the mail is sent, and the line goes on."""
    async with listening(shelf, most_bytes=10_000) as (_, port), dialled(port) as line:
        assert await line.to(OURS, " SIZE=10001") == 552
        assert await line.mail(OURS, MAIL, " SIZE=10000") == 250


@pytest.mark.parametrize("options", ["", " SIZE=0", " SIZE=100"])
async def test_an_undeclared_size_over_the_limit_is_refused_at_the_end(shelf: Shelf, options: str) -> None:
    """A mail that turns out too large, whatever it said of itself, gives 552 and is not stored; the line goes on."""
    async with listening(shelf, most_bytes=10_000) as (_, port), dialled(port) as line:
        assert await line.mail(OURS, b"x" * 10_001, options) == 552
        assert await line.mail(OURS, b"x" * 9_000) == 250
    assert [len(mail) for mail in shelf.mails] == [9_002]


async def test_a_lie_about_the_size_wins_no_memory(port: int, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who declares a small mail and sends a large one gets 552, for the large limit needs a slot."""
    monkeypatch.setattr(module, "SMALL_MAIL_BYTES", 5_000)
    async with dialled(port) as line:
        assert await line.mail(OURS, b"x" * 6_000, " SIZE=100") == 552
        assert await line.mail(OURS, b"x" * 6_000, " SIZE=6002") == 250
        assert await line.mail(OURS, b"x" * 6_000) == 250


async def test_a_large_mail_may_follow_a_small_one(port: int, shelf: Shelf) -> None:
    """A small mail does not lower what the same connection may send next."""
    async with dialled(port) as line:
        assert await line.mail(OURS, MAIL, " SIZE=30") == 250
        assert await line.mail(OURS, b"x" * 1_500_000, " SIZE=1500002") == 250


async def test_only_so_many_large_mails_at_once(shelf: Shelf) -> None:
    """A mail above 1 MB waits in the middle while others are there, and a small one of unknown size passes."""
    shelf.may_store.clear()
    async with listening(shelf, most_large_mails=1) as (opened, port), dialled(port) as first, dialled(port) as second:
        large = asyncio.create_task(first.mail(OURS, b"x" * 1_500_000))
        await shelf.asked.wait()
        waiting = asyncio.create_task(second.mail(OURS, b"y" * 1_500_000))
        await until(lambda: opened._slots.large.waiting == 1)
        async with dialled(port) as small:
            passed = asyncio.create_task(small.mail(OURS, MAIL))
            shelf.asked.clear()
            await shelf.asked.wait()
            assert not waiting.done()
            shelf.may_store.set()
            assert {await large, await passed} == {250}
        assert await waiting == 250


async def test_a_mail_without_line_ends_takes_no_memory(shelf: Shelf) -> None:
    """What is over the limit is thrown away as it comes, also where no line ever ends."""
    async with listening(shelf, most_bytes=10_000) as (opened, port), dialled(port) as line:
        assert await line.to(OURS) == 250
        assert await line.say("DATA") == 354
        for _ in range(64):
            line.write(b"x" * 65_536)
            await line.drain()
        connection = next(iter(opened._open))
        assert len(connection._reader._buffer) < 1_000_000
        line.write(b"\r\n.\r\n")
        assert await line.answer() == 552


@pytest.mark.parametrize("content", [b"y" * 200_000, b"\r\n".join([b"z" * 998] * 3), b"a\r" * 1_000, b"\n.\n" * 600])
async def test_lines_of_any_length_and_odd_ends_are_kept(port: int, shelf: Shelf, content: bytes) -> None:
    """Partners write long lines: they are stored byte for byte, and only CRLF dot CRLF ends a mail."""
    async with dialled(port) as line:
        assert await line.mail(OURS, content) == 250
    assert shelf.mails == [content + b"\r\n"]


async def test_doubled_dots_are_undone(port: int, shelf: Shelf) -> None:
    """A line that begins with a dot was sent with two, also where it is longer than the library reads at once."""
    async with dialled(port) as line:
        assert await line.mail(OURS, b"..\r\n..b\r\n.." + b"c" * 3_000 + b"\r\nd.e") == 250
    assert shelf.mails == [b".\r\n.b\r\n." + b"c" * 3_000 + b"\r\nd.e\r\n"]


async def test_connections_over_the_limit_are_told_to_come_back(shelf: Shelf) -> None:
    """One connection too many gets 421 and is closed; when another ends, there is room again."""
    async with listening(shelf, most_connections=1) as (opened, port):
        async with dialled(port), dialled(port, greet=False) as refused:
            assert [await refused.answer(), await refused.answer()] == [421, 0]
        await until(lambda: not opened._open)
        async with dialled(port) as line:
            assert await line.mail(OURS, MAIL) == 250


@pytest.mark.parametrize("before", ["", "DATA"])
async def test_silence_ends_a_connection(shelf: Shelf, before: str) -> None:
    """A client that says nothing for the time allowed is hung up on, between commands and within a mail."""
    async with listening(shelf, idle_seconds=1) as (_, port), dialled(port) as line:
        if before:
            assert await line.to(OURS) == 250
            assert await line.say("DATA") == 354
            line.write(b"halvt")
        assert await line.answer() == 0
    assert not shelf.mails


async def test_a_slow_mail_is_not_silence(shelf: Shelf) -> None:
    """A mail that takes longer than the idle time is taken as long as bytes keep coming."""
    async with listening(shelf, idle_seconds=1) as (opened, port), dialled(port) as line:
        assert await line.to(OURS) == 250
        assert await line.say("DATA") == 354
        connection = next(iter(opened._open))
        first = connection._timeout_handle
        line.write(b"halvt")
        await until(lambda: connection._timeout_handle is not first)
        assert connection._timeout_handle.when() > first.when()


async def test_a_mail_that_takes_too_long_gives_its_slot_back(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that trickles a mail for ever is cut off, and the next one gets its turn."""
    monkeypatch.setattr(pace, "DATA_SECONDS", 0.5)
    async with listening(shelf, most_large_mails=1) as (_, port), dialled(port) as slow, dialled(port) as next_one:
        assert await slow.to(OURS) == 250
        assert await slow.say("DATA") == 354
        slow.write(b"x" * 1_200_000)
        assert await slow.answer() in {421, 0}
        assert await next_one.mail(OURS, b"y" * 1_200_000) == 250


GARBAGE: list[tuple[str, Callable[[Line], None]]] = [
    ("bytes", lambda line: line.write(bytes(range(256)) * 40 + b"\r\n")),
    ("endless command", lambda line: line.write(b"EHLO " + b"a" * 300_000 + b"\r\n")),
    ("nothing", lambda line: line.write(b"\r\n" * 50)),
    ("tls", lambda line: line.write(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500 + b"\r\n")),
    ("http", lambda line: line.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
    ("half a line", lambda line: line.write(b"MAIL FROM")),
]


@pytest.mark.parametrize("send", [each[1] for each in GARBAGE], ids=[each[0] for each in GARBAGE])
async def test_garbage_harms_nobody_else(port: int, shelf: Shelf, send: Callable[[Line], None]) -> None:
    """A client that talks nonsense gets errors; whoever comes next is served, and nothing is stored for the first."""
    async with dialled(port, greet=False) as line:
        send(line)
        await line.drain()
    async with dialled(port) as line:
        assert await line.mail(OURS, MAIL) == 250
    assert len(shelf.mails) == 1


async def test_a_whole_conversation_at_once(port: int, shelf: Shelf) -> None:
    """Commands and two mails written without waiting are answered in order, and both mails are stored apart."""
    one = f"MAIL FROM:<a@example.test>\r\nRCPT TO:<{OURS}>\r\nDATA\r\n".encode()
    async with dialled(port) as line:
        line.write(one + b"en\r\n.\r\n" + one + b"to\r\n.\r\nQUIT\r\n")
        answers = [await line.answer() for _ in range(9)]
    assert answers == [250, 250, 354, 250, 250, 250, 354, 250, 221]
    assert shelf.mails == [b"en\r\n", b"to\r\n"]


async def test_half_a_mail_is_not_a_mail(port: int, shelf: Shelf) -> None:
    """A client that hangs up before the last dot has sent nothing."""
    async with dialled(port) as line:
        assert await line.to(OURS) == 250
        assert await line.say("DATA") == 354
        line.write(b"halvt\r\n.")
        await line.drain()
    async with dialled(port) as line:
        assert await line.mail(OURS, MAIL) == 250
    assert shelf.mails == [MAIL + b"\r\n"]


async def test_stop_ends_open_connections(shelf: Shelf) -> None:
    """Stopping hangs up on the idle, on one within a mail and on one that waits for the store; it returns."""
    shelf.may_store.clear()
    async with listening(shelf) as (opened, port), dialled(port) as idle, dialled(port) as half, dialled(port) as busy:
        assert await half.to(OURS) == 250
        assert await half.say("DATA") == 354
        waiting = asyncio.create_task(busy.mail(OURS, MAIL))
        await shelf.asked.wait()
        async with asyncio.timeout(PATIENCE):
            await opened.stop()
        assert [await idle.answer(), await half.answer(), await waiting] == [0, 0, 0]
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", port)
    assert not shelf.mails


async def test_only_one_huge_mail_at_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge mail, declared or not, waits in the middle while another one is there, and a small one passes both."""
    monkeypatch.setattr(module, "HUGE_BYTES", 200_000)
    shelf.may_store.clear()
    async with listening(shelf) as (opened, port), dialled(port) as first, dialled(port) as second:
        one = asyncio.create_task(first.mail(OURS, b"x" * 300_000))
        await shelf.asked.wait()
        other = asyncio.create_task(second.mail(OURS, b"y" * 3_000_000, " SIZE=3000002"))
        await until(lambda: opened._slots.huge.waiting == 1)
        shelf.asked.clear()
        async with dialled(port) as small:
            passed = asyncio.create_task(small.mail(OURS, MAIL))
            await shelf.asked.wait()
            assert not other.done()
            shelf.may_store.set()
            assert {await one, await passed} == {250}
        assert await other == 250


# LMTP


@asynccontextmanager
async def lmtp(shelf: Shelf, most_bytes: int = 51_200_000) -> AsyncIterator[Line]:
    """Give a connection to a listener that speaks LMTP, greeted."""
    settings = Listen(port=0, protocol=ListenProtocol.LMTP)
    opened = Listener(settings, Limits(most_mail_bytes=most_bytes), shelf.take_in, lambda: {OURS, "to@samvik.test"})
    port = await opened.start()
    try:
        async with dialled(port, greet=False) as line:
            assert await line.answer() == 220
            assert await line.say("LHLO prove.test") == 250
            yield line
    finally:
        await opened.stop()


async def to_both(line: Line) -> None:
    """Name two recipients of ours and one that is none."""
    assert await line.say("MAIL FROM:<>") == 250
    assert await line.say(f"RCPT TO:<{OURS}>") == 250
    assert await line.say("RCPT TO:<annen@samvik.test>") == 550
    assert await line.say("RCPT TO:<to@samvik.test>") == 250
    assert await line.say("DATA") == 354


async def test_lmtp_answers_each_recipient_after_one_commit(shelf: Shelf) -> None:
    """Two recipients hear 250 each, after the mail was stored once, and the line goes on in step."""
    shelf.may_store.clear()
    async with lmtp(shelf) as line:
        await to_both(line)
        line.write(MAIL + b"\r\n.\r\n")
        await shelf.asked.wait()
        answer = asyncio.create_task(line.answer())
        assert not answer.done()
        shelf.may_store.set()
        assert [await answer, await line.answer()] == [250, 250]
        assert shelf.mails == [MAIL + b"\r\n"]
        assert await line.say("NOOP") == 250
        assert await line.mail(OURS, MAIL) == 250


@pytest.mark.parametrize("fault", [Unavailable("the database is away"), RuntimeError("hemmelig")])
async def test_lmtp_answers_each_recipient_also_when_nothing_can_be_stored(shelf: Shelf, fault: Exception) -> None:
    """Whatever keeps us from storing, each recipient hears 451, and the same mail is taken a moment later."""
    shelf.fault = fault
    async with lmtp(shelf, most_bytes=10_000) as line:
        for wanted, content in [(451, MAIL), (552, b"x" * 10_001)]:
            await to_both(line)
            line.write(content + b"\r\n.\r\n")
            assert [await line.answer(), await line.answer()] == [wanted, wanted]
        shelf.fault = None
        assert await line.mail(OURS, MAIL) == 250


async def test_lmtp_is_not_smtp(shelf: Shelf, port: int) -> None:
    """HELO and EHLO are refused over LMTP, LHLO over SMTP."""
    async with lmtp(shelf) as line:
        assert await line.say("EHLO prove.test") == 500
        assert await line.say("HELO prove.test") == 500
    async with dialled(port) as line:
        assert await line.say("LHLO prove.test") == 500


async def test_a_mail_from_nobody_is_taken(port: int, shelf: Shelf) -> None:
    """Bounces come from the null sender."""
    async with dialled(port) as line:
        assert await line.say("MAIL FROM:<>") == 250
        assert await line.say(f"RCPT TO:<{OURS}>") == 250
        assert await line.say("DATA") == 354
        line.write(MAIL + b"\r\n.\r\n")
        assert await line.answer() == 250
