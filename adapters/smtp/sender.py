"""The SMTP sender: one try to hand one mail over, and an honest word on what became of it.

Diagnostics: a 4xx, or no connection, is POSTPONED; a 5xx is REJECTED; a connection lost after the mail was sent, before
the answer came, is UNKNOWN: the server may have the mail.
"""

import asyncio
import re

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPResponseException, SMTPServerDisconnected

from adapters import hooks
from adapters.settings import Relay
from engine.ports import SmtpOutcome, SmtpReply

LONGEST_REPLY = 300
SLOWEST_BYTES_A_SECOND = 50_000
"""How slow a line may be before a mail under way counts as lost."""

_GO_AHEAD = 354
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class SmtpSender:
    """Hands mails to the relay, one connection a mail."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def send(self, sender: str, receiver: str, mail: bytes) -> SmtpReply:
        """See engine.ports.Transport."""
        hooks.commits_next(hooks.Commit.SENT)
        hooks.reached(hooks.Step.SEND_BEFORE_CONNECT)
        client = aiosmtplib.SMTP(
            hostname=self._relay.host,
            port=self._relay.port,
            timeout=self._relay.timeout_seconds,
            local_hostname=sender.partition("@")[2] or "samvik",
            start_tls=False,
        )
        try:
            # One patience for all of it: the lease on the work must outlast a try.
            async with asyncio.timeout(self._relay.timeout_seconds):
                await client.connect()
                await client.mail(sender, options=[f"SIZE={len(mail)}"])
                await client.rcpt(receiver)
                ready = await client.execute_command(b"DATA")
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            return _before_data(error)
        try:
            if ready.code != _GO_AHEAD:
                return _answered(ready.code, ready.message)
            return await self._hand_over(client, mail)
        finally:
            client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: bytes) -> SmtpReply:
        # Not the client's own data(): it cannot tell a connection lost before the mail was sent from one lost after.
        try:
            if client.protocol is None:
                raise SMTPServerDisconnected("Connection lost")
            client.protocol.write(_on_the_wire(mail))
            hooks.reached(hooks.Step.SEND_AFTER_DATA)
            patience = self._relay.timeout_seconds + len(mail) / SLOWEST_BYTES_A_SECOND
            reply = await client.protocol.read_response(timeout=patience)
        except (SMTPException, OSError, ValueError) as error:
            return SmtpReply(SmtpOutcome.UNKNOWN, f"connection lost after DATA ({type(error).__name__})")
        hooks.reached(hooks.Step.SEND_AFTER_250)
        await _quit(client)
        if 200 <= reply.code < 300:
            return SmtpReply(SmtpOutcome.TAKEN, _words(reply.code, reply.message))
        return _answered(reply.code, reply.message)


def _on_the_wire(mail: bytes) -> bytes:
    """Return a mail as DATA sends it: every line ends with CRLF, dots are doubled, a lone dot ends it (RFC 5321)."""
    lines = _LINE_END.sub(b"\r\n", mail)
    ending = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
    return _LEADING_DOT.sub(b"..", lines) + ending


async def _quit(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit()
    except (SMTPException, OSError):
        # The server has answered; how the connection ends does not matter any more.
        client.close()


def _before_data(error: Exception) -> SmtpReply:
    if isinstance(error, SMTPResponseException):
        return _answered(error.code, error.message)
    return SmtpReply(SmtpOutcome.POSTPONED, f"no connection to the mail server ({type(error).__name__})")


def _answered(code: int, message: str) -> SmtpReply:
    return SmtpReply(SmtpOutcome.REJECTED if 500 <= code < 600 else SmtpOutcome.POSTPONED, _words(code, message))


def _words(code: int, message: str) -> str:
    """Return a reply as one line that a row can hold: a server may answer in Latin-1, or with control characters."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in " ".join(message.split()))
    return f"{code} {printable}"[:LONGEST_REPLY]
