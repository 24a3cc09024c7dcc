"""The SMTP sender: one try to hand one mail over, and an honest word on what became of it.

Diagnostics: a 4xx, or no connection, is POSTPONED; a 5xx is REJECTED; a connection lost after DATA was sent, before
the answer came, is UNKNOWN: the server may have the mail.
"""

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPRecipientRefused, SMTPResponseException

from adapters.settings import Relay
from engine.ports import SmtpOutcome, SmtpReply

LONGEST_REPLY = 300


class SmtpSender:
    """Hands mails to the relay, one connection a mail."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def send(self, sender: str, receiver: str, mail: bytes) -> SmtpReply:
        """See engine.ports.Transport."""
        client = aiosmtplib.SMTP(
            hostname=self._relay.host,
            port=self._relay.port,
            timeout=self._relay.timeout_seconds,
            local_hostname=sender.partition("@")[2] or "samvik",
            start_tls=False,
        )
        try:
            await client.connect()
            await client.mail(sender, options=[f"SIZE={len(mail)}"])
            await client.rcpt(receiver)
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            return _before_data(error)
        return await _data(client, mail)


async def _data(client: aiosmtplib.SMTP, mail: bytes) -> SmtpReply:
    try:
        reply = await client.data(mail)
    except SMTPResponseException as error:
        return _refused(error)
    except (SMTPException, OSError, ValueError) as error:
        return SmtpReply(SmtpOutcome.UNKNOWN, f"connection lost after DATA ({type(error).__name__})")
    else:
        await _quit(client)
        return SmtpReply(SmtpOutcome.TAKEN, _words(reply.code, reply.message))
    finally:
        client.close()


async def _quit(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit()
    except (SMTPException, OSError):
        # The mail is taken; how the connection ends does not matter any more.
        client.close()


def _before_data(error: Exception) -> SmtpReply:
    if isinstance(error, SMTPResponseException | SMTPRecipientRefused):
        return _refused(error)
    return SmtpReply(SmtpOutcome.POSTPONED, f"no connection to the mail server ({type(error).__name__})")


def _refused(error: SMTPResponseException) -> SmtpReply:
    outcome = SmtpOutcome.REJECTED if 500 <= error.code < 600 else SmtpOutcome.POSTPONED
    return SmtpReply(outcome, _words(error.code, error.message))


def _words(code: int, message: str) -> str:
    return f"{code} {' '.join(message.split())}"[:LONGEST_REPLY]
