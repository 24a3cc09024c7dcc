"""The SMTP sender: tries once to hand over one mail, and returns an exact outcome.

Diagnostics: UNREACHED means no connection, no TLS or no log-in: a fault of our own way out. POSTPONED is a 4xx, or a
connection lost before the mail. REJECTED is a 5xx about the mail, or a mail above the server's SIZE. UNKNOWN is a
connection lost after the mail was sent and before the answer came: the server may have the mail.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.machine import kill_hooks
from adapters.settings import Relay
from adapters.smtp.pool import RelayPool
from adapters.smtp.relay_line import Lost, RelayLine, check_relay, open_line
from engine.codes.mail_server import MailServerCode
from engine.codes.statement import Statement
from engine.ports import SmtpOutcome, SmtpReply

TRY_SECONDS = 160.0
"""How long a whole try may take: the lease on the work must outlast it."""


class SmtpSender:
    """Hands mails to the relay, and keeps connections for the next. The caller decides how many go at once."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._pool = RelayPool(relay)

    def check(self) -> None:
        """Raise OwnFault with the file's name when the password or the issuers cannot be read."""
        check_relay(self._relay)

    async def close(self) -> None:
        """End the connections that are kept open."""
        await self._pool.close()

    async def send(self, sender: str, receiver: str, mail: bytes) -> SmtpReply:
        """See engine.ports.Transport."""
        end = asyncio.get_running_loop().time() + TRY_SECONDS
        attempt = _Attempt(self._relay, self._pool)
        kill_hooks.commits_next(kill_hooks.Commit.SENT)
        kill_hooks.reached(kill_hooks.Step.SEND_BEFORE_CONNECT)
        try:
            # One time limit for everything before the mail itself.
            async with asyncio.timeout(self._relay.timeout_seconds):
                line, refused = await attempt.begun(sender, receiver, len(mail))
        except TimeoutError:
            return SmtpReply(attempt.outcome, str(Statement.of(MailServerCode.SILENT)))
        except Lost as lost:
            return SmtpReply(attempt.outcome, str(lost))
        try:
            return refused or await line.hand_over(mail, end - asyncio.get_running_loop().time())
        finally:
            self._pool.give_back(line)


class _Attempt:
    """One try, up to the mail itself. `outcome` is the result if the try fails now."""

    def __init__(self, relay: Relay, pool: RelayPool) -> None:
        self._relay, self._pool = relay, pool
        self.outcome = SmtpOutcome.UNREACHED

    async def begun(self, sender: str, receiver: str, size: int) -> tuple[RelayLine, SmtpReply | None]:
        """Return a connection on which the mail has begun, and the server's refusal if it refused. Raises Lost.

        When a kept connection turns out dead, a new one is opened. That does not count as a try of the message.
        """
        kept = self._pool.lend()
        if kept is not None:
            try:
                with _closed_if_it_fails(kept):
                    await kept.reset()
                    return kept, await self._begin(kept, sender, receiver, size)
            except Lost:
                self.outcome = SmtpOutcome.UNREACHED
        line = await open_line(self._relay, sender.partition("@")[2] or "samvik")
        with _closed_if_it_fails(line):
            return line, await self._begin(line, sender, receiver, size)

    async def _begin(self, line: RelayLine, sender: str, receiver: str, size: int) -> SmtpReply | None:
        self.outcome = SmtpOutcome.POSTPONED
        return await line.begin(sender, receiver, size)


@contextmanager
def _closed_if_it_fails(line: RelayLine) -> Iterator[None]:
    """Close a connection when work on it ends with an error or is cancelled."""
    try:
        yield
    except BaseException:
        line.close()
        raise
