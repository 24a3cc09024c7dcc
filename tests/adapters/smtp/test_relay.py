"""Connections to the relay: kept, bounded, never shared by two mails; TLS and log-in as configured, or not at all."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.settings import Relay, Tls
from adapters.smtp import relay_line as module
from adapters.smtp import sender as sending
from adapters.smtp.sender import TRY_SECONDS, SmtpSender
from adapters.wiring.engine import LEASE_SECONDS
from engine.errors import OwnFault
from engine.ports import SmtpOutcome, SmtpReply
from tests.fakes.partners.wire import GOODBYE, ScriptedServer, serving
from tests.fakes.servers.dovecot import certificate
from tests.fakes.waiting import PATIENCE, until

MAIL = b"Subject: prove\r\n\r\nhei\r\n"
PASSWORD = "hemmelig-ord"


@asynccontextmanager
async def sender_to(port: int, **relay: object) -> AsyncIterator[SmtpSender]:
    """Give a sender to a server on this machine, closed after."""
    out = SmtpSender(Relay.model_validate({"port": port, "timeout_seconds": 2, **relay}))
    try:
        yield out
    finally:
        await out.close()


async def send(out: SmtpSender, mail: bytes = MAIL) -> SmtpReply:
    """Send one mail."""
    return await out.send("a@samvik.test", "b@x.test", mail)


# the pool


async def test_one_connection_carries_mail_after_mail() -> None:
    """Three mails one after the other cost one connection, greeted once and reset between them."""
    server = ScriptedServer()
    async with serving(server) as port, sender_to(port) as out:
        for _ in range(3):
            assert (await send(out)).outcome is SmtpOutcome.TAKEN
    assert server.connections == 1
    assert server.said == ["EHLO", *("MAIL", "RCPT", "DATA"), *("RSET", "MAIL", "RCPT", "DATA") * 2, "QUIT"]
    assert len(server.mails) == 3


async def test_two_mails_at_once_never_share_a_connection() -> None:
    """Twelve mails at once: each has a connection to itself while it is under way."""
    server = ScriptedServer()
    async with serving(server) as port, sender_to(port) as out:
        replies = await asyncio.gather(*(send(out) for _ in range(12)))
    assert {reply.outcome for reply in replies} == {SmtpOutcome.TAKEN}
    assert server.connections == 12
    assert server.mails == [MAIL + b".\r\n"] * 12


async def test_a_mail_that_is_refused_leaves_the_connection_to_the_next() -> None:
    """After 550 the next mail goes over the same connection."""
    server = ScriptedServer(RCPT=b"550 Nobody")
    async with serving(server) as port, sender_to(port) as out:
        assert (await send(out)).outcome is SmtpOutcome.REJECTED
        server.answers["RCPT"] = b"250 OK"
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
    assert server.connections == 1


@pytest.mark.parametrize("stage", ["RSET", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", [GOODBYE, b"421 Too long idle"])
async def test_a_kept_connection_that_is_dead_is_opened_anew(stage: str, answer: bytes) -> None:
    """Whenever before the mail a kept connection ends, the same try goes on over a new one."""
    server = ScriptedServer()
    async with serving(server) as port, sender_to(port) as out:
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
        server.once[stage] = answer
        reply = await send(out)
    assert reply.outcome is SmtpOutcome.TAKEN, reply
    assert (server.connections, len(server.mails)) == (2, 2)


async def test_a_kept_connection_that_is_silent_is_opened_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that a firewall has forgotten costs a short wait and no try."""
    monkeypatch.setattr(module, "PROBE_SECONDS", 0.1)
    server = ScriptedServer(RSET=None)
    async with serving(server) as port, sender_to(port) as out:
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
    assert server.connections == 2


async def test_a_new_connection_that_is_dead_is_not_tried_twice() -> None:
    """Only a kept connection is opened anew: a server that hangs up each time is asked once a try."""
    server = ScriptedServer(MAIL=GOODBYE)
    async with serving(server) as port, sender_to(port) as out:
        assert (await send(out)).outcome is SmtpOutcome.POSTPONED
    assert server.connections == 1


async def test_a_server_with_a_limit_of_mails_a_connection_costs_nothing() -> None:
    """421 after every second mail: all seven are taken, over four connections."""
    server = ScriptedServer()
    server.mails_a_connection = 2
    async with serving(server) as port, sender_to(port) as out:
        for _ in range(7):
            assert (await send(out)).outcome is SmtpOutcome.TAKEN
    assert (server.connections, len(server.mails)) == (4, 7)


async def test_an_idle_connection_is_ended_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody needs for so long says QUIT by itself."""
    server = ScriptedServer()
    async with serving(server) as port, sender_to(port, idle_seconds=1) as out:
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
        await until(lambda: server.said[-1] == "QUIT")


async def test_lost_after_data_is_unknown_and_its_connection_is_not_used_again() -> None:
    """On a kept connection, too, a hang-up after the mail is UNKNOWN, and nothing is sent a second time."""
    server = ScriptedServer()
    async with serving(server) as port, sender_to(port) as out:
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
        server.answers["mail"] = GOODBYE
        assert (await send(out)).outcome is SmtpOutcome.UNKNOWN
        assert len(server.mails) == 2
        server.answers["mail"] = b"250 OK"
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
    assert (server.connections, len(server.mails)) == (2, 3)


def test_a_try_is_shorter_than_the_lease_on_its_work() -> None:
    """However slow the server, no other node may begin to send the same message meanwhile."""
    longest = Relay.model_fields["timeout_seconds"].default
    assert longest < TRY_SECONDS < LEASE_SECONDS
    with pytest.raises(ValueError, match="60"):
        Relay(timeout_seconds=longest + 1)


async def test_a_try_ends_in_time_while_the_mail_is_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that reads a large mail too slowly loses it: UNKNOWN, in time."""
    monkeypatch.setattr(sending, "TRY_SECONDS", 1.0)

    async def read_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 prove.test\r\n")
        for _ in range(3):
            await reader.readline()
            writer.write(b"250 OK\r\n")
        await reader.readline()
        writer.write(b"354 Go on\r\n")
        await asyncio.sleep(2 * PATIENCE)

    slow = ScriptedServer()
    monkeypatch.setattr(slow, "_talk", read_nothing)
    async with serving(slow) as port, sender_to(port) as out, asyncio.timeout(PATIENCE):
        reply = await send(out, b"x" * 78 + b"\r\n" + bytes(60_000_000))
    assert reply.outcome is SmtpOutcome.UNKNOWN


async def test_a_refusal_in_the_middle_of_a_mail_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says 552 before it has all of a mail, and hangs up, has refused it."""

    async def enough(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 prove.test\r\n")
        for _ in range(3):
            await reader.readline()
            writer.write(b"250 OK\r\n")
        await reader.readline()
        writer.write(b"354 Go on\r\n")
        await reader.readexactly(1_000_000)
        writer.write(b"552 5.3.4 Too large\r\n")
        while await reader.read(1_000_000):
            pass

    server = ScriptedServer()
    monkeypatch.setattr(server, "_talk", enough)
    async with serving(server) as port, sender_to(port) as out:
        reply = await send(out, (b"x" * 78 + b"\r\n") * 600_000)
    assert reply == SmtpReply(SmtpOutcome.REJECTED, "552 5.3.4 Too large")


# the server's SIZE


@pytest.mark.parametrize(("said", "outcome"), [(22, SmtpOutcome.REJECTED), (23, SmtpOutcome.TAKEN), (0, None)])
async def test_a_mail_above_the_servers_size_is_not_sent(said: int, outcome: SmtpOutcome | None) -> None:
    """One byte above SIZE is REJECTED with both numbers before MAIL; SIZE 0 and none say nothing."""
    assert len(MAIL) == 23
    server = ScriptedServer(EHLO=f"250-prove.test\r\n250 SIZE {said}".encode())
    async with serving(server) as port, sender_to(port) as out:
        reply = await send(out)
    assert reply.outcome is (outcome or SmtpOutcome.TAKEN)
    if outcome is SmtpOutcome.REJECTED:
        assert reply.text == 'mail_server.too_large {"size": "23", "most": "22"}'
        assert "MAIL" not in server.said


async def test_a_server_without_esmtp_is_not_told_a_size() -> None:
    """A server that only knows HELO gets no parameter that it could not read."""
    server = ScriptedServer(EHLO=b"502 What", HELO=b"250 prove.test")
    async with serving(server) as port, sender_to(port) as out:
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
    assert server.said[:3] == ["EHLO", "HELO", "MAIL"]


# TLS and log-in


class TlsServer(ScriptedServer):
    """A scripted server under TLS, from the beginning or by STARTTLS, that lets one user in."""

    def __init__(self, folder: Path, **answers: bytes | None) -> None:
        hello = b"250-prove.test\r\n250-STARTTLS\r\n250 AUTH PLAIN"
        super().__init__(**{"EHLO": hello, "STARTTLS": b"220 Go on", "AUTH": b"235 Welcome", **answers})
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.secret: bytes = b""

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reply(writer, "greeting")
        while line := await reader.readline():
            word = line.split()[0].decode().upper()
            self.said.append(word)
            if word == "AUTH":
                self.secret = base64.b64decode(line.split()[2])
            if not self._reply(writer, word):
                return
            if word == "STARTTLS" and (self.answers["STARTTLS"] or b"").startswith(b"220"):
                await writer.start_tls(self.context)
            if word == "DATA":
                self.mails.append(await reader.readuntil(b"\r\n.\r\n"))
                self._reply(writer, "mail")


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a server's certificate and a password that we alone may read."""
    folder = tmp_path_factory.mktemp("tls")
    certificate(folder)
    path = folder / "passord"
    path.write_text(f"{PASSWORD}\n", "utf-8")
    path.chmod(0o600)
    return folder


def starttls(secrets: Path, **more: object) -> dict[str, object]:
    """Return the settings of a relay with STARTTLS and a log-in."""
    own = {"tls": "starttls", "ca_file": secrets / "server.pem", "user": "en", "password_file": secrets / "passord"}
    return {**own, **more}


async def test_user_and_password_go_over_tls_alone(secrets: Path) -> None:
    """STARTTLS first, then AUTH, then the mail."""
    server = TlsServer(secrets)
    async with serving(server) as port, sender_to(port, **starttls(secrets)) as out:
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
    assert server.said[:5] == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL"]
    assert server.said.count("AUTH") == 1
    assert server.secret == f"\0en\0{PASSWORD}".encode()


async def test_a_new_password_counts_at_the_next_log_in(secrets: Path, tmp_path: Path) -> None:
    """The file is read at each log-in, so that a new password needs no restart."""
    path = tmp_path / "passord"
    path.write_text("gammelt\n", "utf-8")
    path.chmod(0o600)
    server = TlsServer(secrets, mail=GOODBYE)
    async with serving(server) as port, sender_to(port, **starttls(secrets, password_file=path)) as out:
        await send(out)
        path.write_text("nytt\n", "utf-8")
        await send(out)
    assert server.secret == b"\0en\0nytt"


FAULTS = {
    "no STARTTLS": ({"EHLO": b"250 prove.test"}, "mail_server.no_starttls"),
    "STARTTLS refused": ({"STARTTLS": b"554 No TLS today"}, 'mail_server.starttls_refused {"status": "554"}'),
    "wrong password": ({"AUTH": b"535 No"}, 'mail_server.wrong_password {"status": "535"}'),
    "no log-in now": ({"AUTH": b"454 Later"}, 'mail_server.wrong_password {"status": "454"}'),
    "no AUTH": (
        {"EHLO": b"250-prove.test\r\n250 STARTTLS"},
        "mail_server.no_log_in",
    ),
}


@pytest.mark.parametrize(("answers", "reason"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_of_tls_or_log_in_costs_no_message_its_delivery(
    secrets: Path, answers: dict[str, bytes], reason: str
) -> None:
    """A 5xx to STARTTLS or AUTH is UNREACHED with one reason; no address, mail or password has left."""
    server = TlsServer(secrets, **answers)
    async with serving(server) as port, sender_to(port, **starttls(secrets)) as out:
        reply = await send(out)
    assert reply == SmtpReply(SmtpOutcome.UNREACHED, reason)
    assert "MAIL" not in server.said


async def test_a_server_that_repeats_the_password_does_not_make_us_tell_it(secrets: Path) -> None:
    """What the server says to a log-in is kept nowhere: it could be what it was sent."""
    told = base64.b64encode(f"\0en\0{PASSWORD}".encode())
    server = TlsServer(secrets, AUTH=b"535 " + told + b" " + PASSWORD.encode())
    async with serving(server) as port, sender_to(port, **starttls(secrets)) as out:
        reply = await send(out)
    assert PASSWORD not in reply.text
    assert told.decode() not in reply.text


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
async def test_a_certificate_that_nobody_vouches_for_is_no_tls(secrets: Path, tls: Tls) -> None:
    """With the system's issuers the test's own certificate is not trusted: UNREACHED, and the reason says so."""
    server = TlsServer(secrets)
    under = server.context if tls is Tls.IMPLICIT else None
    async with serving(server, tls=under) as port, sender_to(port, tls=tls.value) as out:
        reply = await send(out)
    assert reply.outcome is SmtpOutcome.UNREACHED
    assert reply.text.startswith("mail_server.not_trusted ")
    assert server.mails == []


async def test_tls_from_the_beginning(secrets: Path) -> None:
    """With implicit TLS the mail goes, and over a server in clear it does not."""
    server = TlsServer(secrets)
    implicit = {"tls": "implicit", "ca_file": secrets / "server.pem"}
    async with serving(server, tls=server.context) as port, sender_to(port, **implicit) as out:
        assert (await send(out)).outcome is SmtpOutcome.TAKEN
    async with serving(ScriptedServer()) as port, sender_to(port, **implicit) as out:
        assert await send(out) == SmtpReply(SmtpOutcome.UNREACHED, "mail_server.no_tls")


async def test_a_password_that_others_may_read_stops_the_start_and_costs_no_message(
    secrets: Path, tmp_path: Path
) -> None:
    """The file is named at the start; should it become readable later, mails wait."""
    path = tmp_path / "passord"
    path.write_text(PASSWORD, "utf-8")
    path.chmod(0o644)
    server = TlsServer(secrets)
    async with serving(server) as port, sender_to(port, **starttls(secrets, password_file=path)) as out:
        with pytest.raises(OwnFault, match="passord"):
            out.check()
        reply = await send(out)
    assert reply.outcome is SmtpOutcome.UNREACHED
    assert str(path) in reply.text


def test_user_and_password_belong_together(tmp_path: Path) -> None:
    """A user without a password, or the reverse, stops the start."""
    for half in ({"user": "en"}, {"password_file": tmp_path / "passord"}):
        with pytest.raises(ValueError, match=r"start\.user_without_password"):
            Relay.model_validate(half)
