"""The sender: whatever a mail server does at whatever stage, one honest word comes back and nothing is raised."""

import asyncio
import socket

import pytest

from adapters.settings import Limits, Listen, Relay
from adapters.smtp import relay_line as module
from adapters.smtp.listener import Listener
from adapters.smtp.relay_line import LONGEST_REPLY
from adapters.smtp.sender import SmtpSender
from engine.ports import SmtpOutcome, SmtpReply
from tests.fakes.partners.wire import GOODBYE, ScriptedServer, serving

MAIL = b"Subject: prove\r\n\r\nhei\r\n"
POSTPONED, REJECTED, UNKNOWN = SmtpOutcome.POSTPONED, SmtpOutcome.REJECTED, SmtpOutcome.UNKNOWN
UNREACHED = SmtpOutcome.UNREACHED


async def sent(port: int, mail: bytes = MAIL, sender: str = "a@samvik.test", receiver: str = "b@x.test") -> SmtpReply:
    """Send one mail to a server on this machine that gets a second for each answer."""
    out = SmtpSender(Relay(port=port, timeout_seconds=1))
    try:
        return await out.send(sender, receiver, mail)
    finally:
        await out.close()


async def test_taken_with_the_servers_words() -> None:
    """250 after the mail is TAKEN, and the server's own words are kept."""
    server = ScriptedServer()
    async with serving(server) as port:
        assert await sent(port) == SmtpReply(SmtpOutcome.TAKEN, "250 Taken as 17")
    assert server.mails == [MAIL + b".\r\n"]


@pytest.mark.parametrize(
    ("stage", "answer", "outcome"),
    [
        ("greeting", b"451 Later", UNREACHED),
        *((stage, b"451 Later", POSTPONED) for stage in ("MAIL", "RCPT", "DATA", "mail")),
        ("greeting", b"421 Busy", UNREACHED),
        ("greeting", b"554 Not you", UNREACHED),
        *((stage, b"550 Never", REJECTED) for stage in ("MAIL", "RCPT", "DATA", "mail")),
        *((stage, b"421 Closing", POSTPONED) for stage in ("MAIL", "RCPT", "DATA", "mail")),
        *((stage, b"530 5.7.0 Must issue a STARTTLS command first", POSTPONED) for stage in ("MAIL", "RCPT")),
        *((stage, GOODBYE, UNREACHED) for stage in ("greeting", "EHLO")),
        *((stage, GOODBYE, POSTPONED) for stage in ("MAIL", "RCPT", "DATA")),
        ("greeting", None, UNREACHED),
        *((stage, None, POSTPONED) for stage in ("MAIL", "DATA")),
        ("greeting", b"no number", UNREACHED),
        *((stage, b"no number", POSTPONED) for stage in ("MAIL", "RCPT", "DATA")),
        ("mail", GOODBYE, UNKNOWN),
        ("mail", None, UNKNOWN),
        ("mail", b"no number", UNKNOWN),
        ("mail", b"252 Probably", SmtpOutcome.TAKEN),
        ("QUIT", GOODBYE, SmtpOutcome.TAKEN),
    ],
)
async def test_what_each_stage_means(
    stage: str, answer: bytes | None, outcome: SmtpOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal, a hang-up, silence or nonsense at each stage gives the outcome that is true of the mail."""
    monkeypatch.setattr(module, "SLOWEST_BYTES_A_SECOND", 10_000_000)
    async with serving(ScriptedServer(**{stage: answer})) as port:
        reply = await sent(port)
    assert reply.outcome is outcome, reply
    assert reply.text


async def test_nobody_listens() -> None:
    """Where no server answers, our own way out is closed."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        reply = await sent(taken.getsockname()[1])
    assert reply.outcome is UNREACHED


@pytest.mark.parametrize("answer", [b"250 mottatt p\xe5 tjener", b"250 a\x00b\x1b[2J", b"250 " + b"x" * 700])
async def test_a_reply_is_one_printable_line(answer: bytes) -> None:
    """Words in Latin-1, control characters and long speeches become text that a row and a terminal can hold."""
    async with serving(ScriptedServer(mail=answer)) as port:
        reply = await sent(port)
    assert reply.outcome is SmtpOutcome.TAKEN
    assert reply.text.isprintable()
    assert reply.text.encode()
    assert len(reply.text) <= LONGEST_REPLY


@pytest.mark.parametrize(
    ("mail", "arrives"),
    [
        (b".\r\n..\r\n.a\r\n", b"..\r\n...\r\n..a\r\n"),
        (b"a\nb\rc\r\n", b"a\r\nb\r\nc\r\n"),
        (b"a\n.\nb", b"a\r\n..\r\nb\r\n"),
        (b"", b"\r\n"),
    ],
)
async def test_nothing_in_a_mail_can_end_it_early(mail: bytes, arrives: bytes) -> None:
    """Dots are doubled and bare line ends made whole, so that no mail can carry commands of its own."""
    server = ScriptedServer()
    async with serving(server) as port:
        assert (await sent(port, mail)).outcome is SmtpOutcome.TAKEN
    assert server.mails == [arrives + b".\r\n"]


async def test_what_we_send_our_listener_gets() -> None:
    """A mail with dots, long lines and every byte comes out of our own listener as it went in."""
    got: list[bytes] = []

    async def keep(raw: bytes, _peer: str) -> int:
        got.append(raw)
        return 1

    listener = Listener(Listen(port=0), Limits(), keep, lambda: {"b@x.test"})
    every = bytes(each for each in range(256) if each not in b"\r\n")
    mail = b".\r\n..\r\n" + every * 20 + b"\r\n." + b"x" * 1_500_000 + b"\r\n"
    port = await listener.start()
    try:
        assert (await sent(port, mail)).outcome is SmtpOutcome.TAKEN
    finally:
        await listener.stop()
    assert got == [mail]


@pytest.mark.parametrize("receiver", ["b@x.test\r\nDATA", "b@æøå.test", "", "b" * 5_000])
async def test_an_odd_address_raises_nothing(receiver: str) -> None:
    """An address that cannot be written on the wire gives an outcome, and no command of its own."""
    server = ScriptedServer()
    async with serving(server) as port:
        reply = await sent(port, receiver=receiver)
    assert isinstance(reply, SmtpReply)
    assert all(mail == MAIL + b".\r\n" for mail in server.mails)


async def test_stopping_a_node_stops_a_send() -> None:
    """Cancelling a send that waits for its answer ends it at once."""
    async with serving(ScriptedServer(mail=None)) as port:
        waiting = asyncio.create_task(SmtpSender(Relay(port=port)).send("a@samvik.test", "b@x.test", MAIL))
        await asyncio.wait({waiting}, timeout=0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
