"""One connection to the mail server that mail leaves through: opened as configured, then one mail after the other.

Diagnostics: a fault while the connection is opened (network, TLS, log-in) is not the fault of a message. It raises Lost
with the reason. So does a connection that ends before the server was given the mail.
"""

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress

import aiosmtplib
from aiosmtplib.errors import SMTPAuthenticationError, SMTPException, SMTPResponseException, SMTPServerDisconnected

from adapters.keys.files import read_secret
from adapters.machine import kill_hooks
from adapters.settings import Relay, Tls
from engine.codes.disk import DiskCode
from engine.codes.mail_server import MailServerCode
from engine.codes.statement import Statement
from engine.errors import OwnFault
from engine.ports import SmtpOutcome, SmtpReply

LONGEST_REPLY = 300
QUIT_SECONDS = 5.0
PROBE_SECONDS = 10.0
"""How long a connection that was used before may take to show that it is alive."""

PIECE_BYTES = 262_144
SLOWEST_BYTES_A_SECOND = 50_000
"""How slow a line may be before a mail under way counts as lost."""

_GO_AHEAD = 354
_CLOSING = 421
_OUR_LOG_IN = {530, 534, 535, 538}
"""The server wants TLS or a log-in that it did not get: our settings are wrong, the message is not (RFC 4954)."""

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Lost(Exception):
    """Raised when the server was not given the mail. Its text is a stored statement, or the server's own words."""

    def __init__(self, why: Statement | str) -> None:
        super().__init__(str(why))


class RelayLine:
    """An open connection. It carries one mail at a time; `usable` is True when it may carry another."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client
        self._patience = float(client.timeout or QUIT_SECONDS)
        self._clean = True
        protocol, transport = client.protocol, client.transport
        if protocol is None or not isinstance(transport, asyncio.WriteTransport):
            raise Lost(Statement.of(MailServerCode.CLOSED))
        self._writer = asyncio.StreamWriter(transport, protocol, None, asyncio.get_running_loop())

    @property
    def usable(self) -> bool:
        """True when another mail may be tried; the server may still have closed the connection."""
        return self._clean and self._client.is_connected

    @property
    def most_bytes(self) -> int | None:
        """Return the largest mail that the server takes, in bytes; None when it does not say (SIZE, RFC 1870)."""
        said = self._client.esmtp_extensions.get("size", "").strip()
        return int(said) or None if re.fullmatch(r"[0-9]{1,18}", said) else None

    async def reset(self) -> None:
        """Check that a used connection is alive, and reset it for a new mail. Raises Lost."""
        try:
            await self._client.rset(timeout=min(PROBE_SECONDS, self._patience))
        except (SMTPException, OSError) as error:
            raise Lost(Statement.of(MailServerCode.LOST, error=type(error).__name__)) from None

    async def begin(self, sender: str, receiver: str, size: int) -> SmtpReply | None:
        """Tell the server sender, receiver and DATA; return None when it now waits for the mail.

        Returns the server's refusal otherwise. Raises Lost when the server does not answer, or closes the connection.
        """
        most = self.most_bytes
        if most is not None and size > most:
            return SmtpReply(SmtpOutcome.REJECTED, str(Statement.of(MailServerCode.TOO_LARGE, size=size, most=most)))
        try:
            return await self._begin(sender, receiver, size)
        except SMTPResponseException as error:
            return _refused(error.code, error.message)
        except (SMTPException, OSError) as error:
            raise Lost(Statement.of(MailServerCode.NOT_REACHED, error=type(error).__name__)) from None
        except ValueError:
            return SmtpReply(SmtpOutcome.REJECTED, str(Statement.of(MailServerCode.BAD_ADDRESS)))

    async def _begin(self, sender: str, receiver: str, size: int) -> SmtpReply | None:
        sized = [f"SIZE={size}"] if self._client.supports_extension("size") else []
        await self._client.mail(sender, options=sized)
        await self._client.rcpt(receiver)
        ready = await self._client.execute_command(b"DATA")
        return None if ready.code == _GO_AHEAD else _refused(ready.code, ready.message)

    async def hand_over(self, mail: bytes, most_seconds: float) -> SmtpReply:
        """Send a mail after `begin`, and return the result; UNKNOWN when there is no answer after `most_seconds`."""
        self._clean = False
        seconds = min(self._patience + len(mail) / SLOWEST_BYTES_A_SECOND, most_seconds)
        try:
            async with asyncio.timeout(seconds):
                reply = await self._poured(mail)
        except (SMTPException, OSError, ValueError) as error:
            lost = Statement.of(MailServerCode.LOST_AFTER_DATA, error=type(error).__name__)
            return SmtpReply(SmtpOutcome.UNKNOWN, str(lost))
        self._clean = reply.code != _CLOSING
        if 200 <= reply.code < 300:
            return SmtpReply(SmtpOutcome.TAKEN, words(reply.code, reply.message))
        return answered(reply.code, reply.message)

    async def _poured(self, mail: bytes) -> aiosmtplib.SMTPResponse:
        # Not the client's data(): it does not tell whether a connection was lost before or after the mail was sent.
        if self._client.protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        answer = asyncio.ensure_future(self._client.protocol.read_response())
        # Wait from now on: the client drops an answer that nobody waits for, and a server may refuse mid-mail.
        await asyncio.sleep(0)
        try:
            for piece in on_the_wire(mail):
                self._writer.write(piece)
                await self._writer.drain()
                if answer.done():
                    break
            kill_hooks.reached(kill_hooks.Step.SEND_AFTER_DATA)
            reply = await answer
            kill_hooks.reached(kill_hooks.Step.SEND_AFTER_250)
            return reply
        finally:
            answer.cancel()

    async def quit(self) -> None:
        """Say QUIT, if the server still listens, and end the connection."""
        with suppress(SMTPException, OSError, ValueError):
            await self._client.quit(timeout=QUIT_SECONDS)
        self.close()

    def close(self) -> None:
        """End the connection at once."""
        self._clean = False
        self._client.close()


async def open_line(relay: Relay, name: str) -> RelayLine:
    """Connect as `name`, go over to TLS and log in, as configured. Raises Lost: no message is to blame for it."""
    try:
        password, context = check_relay(relay)
    except OwnFault as fault:
        raise Lost(fault.statement) from None
    implicit = relay.tls is Tls.IMPLICIT
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        timeout=relay.timeout_seconds,
        local_hostname=name,
        use_tls=implicit,
        start_tls=False,
        tls_context=context,
    )
    try:
        await _greet(client, relay, password)
        return RelayLine(client)
    except (SMTPException, OSError, ValueError) as error:
        client.close()
        raise Lost(_why(error)) from None
    except BaseException:
        client.close()
        raise


def check_relay(relay: Relay) -> tuple[bytes, ssl.SSLContext | None]:
    """Return the password, and the TLS context with the trusted issuers. Raises OwnFault with the file's name."""
    password = read_secret(relay.password_file) if relay.user and relay.password_file else b""
    if relay.user and (not password or b"\0" in password):
        raise OwnFault(DiskCode.NO_PASSWORD, path=relay.password_file, setting="relay.password_file")
    if relay.tls is Tls.NONE:
        return password, None
    try:
        return password, ssl.create_default_context(cafile=relay.ca_file)
    except (OSError, ssl.SSLError):
        raise OwnFault(DiskCode.NO_ISSUER, path=relay.ca_file, setting="relay.ca_file") from None


async def _greet(client: aiosmtplib.SMTP, relay: Relay, password: bytes) -> None:
    await client.connect()
    await _say_hello(client)
    if relay.tls is Tls.STARTTLS:
        if not client.supports_extension("starttls"):
            raise Lost(Statement.of(MailServerCode.NO_STARTTLS))
        try:
            await client.starttls()
        except SMTPResponseException as error:
            raise Lost(Statement.of(MailServerCode.STARTTLS_REFUSED, status=error.code)) from None
        await _say_hello(client)
    if relay.user:
        await _log_in(client, relay.user, password)


async def _say_hello(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except SMTPResponseException:
        await client.helo()


async def _log_in(client: aiosmtplib.SMTP, user: str, password: bytes) -> None:
    if not client.supports_extension("auth"):
        raise Lost(Statement.of(MailServerCode.NO_LOG_IN))
    try:
        await client.login(user, password)
    except SMTPAuthenticationError as error:
        # Its words are left out: a server may repeat what it was sent.
        raise Lost(Statement.of(MailServerCode.WRONG_PASSWORD, status=error.code)) from None


def _why(error: Exception) -> Statement:
    """Return one reason for a connection that could not be opened."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Statement.of(MailServerCode.NOT_TRUSTED, error=cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            return Statement.of(MailServerCode.NO_TLS)
        cause = cause.__cause__
    if isinstance(error, SMTPResponseException):
        return Statement.of(MailServerCode.BUSY, reply=words(error.code, error.message))
    return Statement.of(MailServerCode.NOT_REACHED, error=type(error).__name__)


def on_the_wire(mail: bytes) -> Iterator[bytes]:
    """Yield a mail as DATA sends it: every line ends with CRLF, dots are doubled, a lone dot ends it (RFC 5321).

    In pieces: each piece is copied while it is changed, and a copy of the whole mail could be too large.
    """
    begin, ended = 0, False
    while begin < len(mail):
        end = mail.find(b"\n", begin + PIECE_BYTES) + 1 or len(mail)
        lines = _LINE_END.sub(b"\r\n", mail[begin:end])
        begin, ended = end, lines.endswith(b"\r\n")
        yield _LEADING_DOT.sub(b"..", lines)
    yield b".\r\n" if ended else b"\r\n.\r\n"


def _refused(code: int, message: str) -> SmtpReply:
    """Return the result of a refusal before the mail was sent. Raises Lost for an answer about the connection."""
    if code == _CLOSING or not 400 <= code < 600:
        raise Lost(words(code, message))
    if code in _OUR_LOG_IN:
        wants = Statement.of(MailServerCode.WANTS_LOG_IN, reply=words(code, message))
        return SmtpReply(SmtpOutcome.POSTPONED, str(wants))
    return answered(code, message)


def answered(code: int, message: str) -> SmtpReply:
    """Return the result that a refusal means for the mail: REJECTED for 5xx, else POSTPONED."""
    return SmtpReply(SmtpOutcome.REJECTED if 500 <= code < 600 else SmtpOutcome.POSTPONED, words(code, message))


def words(code: int, message: str) -> str:
    """Return a reply as one line that a row can hold: a server may answer in Latin-1, or with control characters."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in " ".join(message.split()))
    return f"{code} {printable}"[:LONGEST_REPLY]
