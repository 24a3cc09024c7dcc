"""The SMTP sender: one try to hand one mail over, and an honest word on what became of it.

Diagnostics: a 4xx, no connection, no TLS or no log-in is POSTPONED; a 5xx about the mail, or a mail above the server's
SIZE, is REJECTED; a connection lost after the mail was sent, before the answer came, is UNKNOWN: the server may have
the mail.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.settings import Relay
from adapters.smtp.pool import RelayPool
from adapters.smtp.relay_line import Lost, RelayLine, check_relay, open_line
from engine.ports import SmtpOutcome, SmtpReply

TRY_SECONDS = 160.0
"""How long a whole try may take: the lease on the work must outlast it."""

SLOT_SECONDS = 10.0


class SmtpSender:
    """Hands mails to the relay over a bounded number of connections, which it keeps for the next mails."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._pool = RelayPool(relay)
        self._slots = asyncio.Semaphore(relay.most_connections)

    def check(self) -> None:
        """Raise OwnFault that names the file where the password or the issuers cannot be read."""
        check_relay(self._relay)

    async def close(self) -> None:
        """End the connections that are kept open."""
        await self._pool.close()

    async def send(self, sender: str, receiver: str, mail: bytes) -> SmtpReply:
        """See engine.ports.Transport."""
        end = asyncio.get_running_loop().time() + TRY_SECONDS
        try:
            async with asyncio.timeout(SLOT_SECONDS):
                await self._slots.acquire()
        except TimeoutError:
            return SmtpReply(SmtpOutcome.POSTPONED, "every connection to the mail server is in use")
        try:
            return await self._try(sender, receiver, mail, end)
        finally:
            self._slots.release()

    async def _try(self, sender: str, receiver: str, mail: bytes, end: float) -> SmtpReply:
        try:
            # One patience for all that comes before the mail itself.
            async with asyncio.timeout(self._relay.timeout_seconds):
                line, refused = await self._begun(sender, receiver, len(mail))
        except TimeoutError:
            return SmtpReply(SmtpOutcome.POSTPONED, "no connection to the mail server (it does not answer)")
        except Lost as lost:
            return SmtpReply(SmtpOutcome.POSTPONED, str(lost))
        try:
            return refused or await line.hand_over(mail, end - asyncio.get_running_loop().time())
        finally:
            self._pool.give_back(line)

    async def _begun(self, sender: str, receiver: str, size: int) -> tuple[RelayLine, SmtpReply | None]:
        """Return a connection where a mail has begun, or what the server says of it instead.

        One that was kept and turns out dead is opened anew: that costs the message no try.
        """
        kept = self._pool.lend()
        if kept is not None:
            try:
                with _closed_if_it_fails(kept):
                    await kept.reset()
                    return kept, await kept.begin(sender, receiver, size)
            except Lost:
                pass
        line = await open_line(self._relay, sender.partition("@")[2] or "samvik")
        with _closed_if_it_fails(line):
            return line, await line.begin(sender, receiver, size)


@contextmanager
def _closed_if_it_fails(line: RelayLine) -> Iterator[None]:
    """Close a connection where what is done on it ends with an error, a cancellation included."""
    try:
        yield
    except BaseException:
        line.close()
        raise
