"""The listener, over SMTP or LMTP: stores a mail, commits, and only then says 250.

LMTP (RFC 2033) is for a mail server in front of us. After DATA it gets one answer for each recipient; one commit
decides all of them.

Diagnostics: 250 the bytes are durable; 421 no room for one more connection, or a mail that comes too slowly; 451 it
cannot be stored now, send again; 452 too many recipients of one mail; 550 no party of ours has that address; 552 larger
than allowed. No answer says anything about the content: the engine judges it later. Bytes are stored as they come, so
mail in 8 bits and in UTF-8 (RFC 6152, RFC 6531) is taken from who asks for that.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters.machine import kill_hooks
from adapters.machine.system import HUGE_BYTES
from adapters.settings import Limits, Listen, ListenProtocol
from adapters.smtp.crowd import is_full, peer_of, who_goes
from adapters.smtp.data import Undotted, next_piece
from adapters.smtp.pace import Pace
from adapters.smtp.slots import FairSlots, Slots
from engine.codes.start import StartCode
from engine.errors import OwnFault, SamvikError

SMALL_MAIL_BYTES = 1_000_000
MOST_RECIPIENTS = 1_000
"""Recipients of one mail; a sender must be able to name a hundred (RFC 5321 4.5.3.1.8)."""

_log = structlog.get_logger()

TakeIn = Callable[[bytes, str], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who stores a mail that is to none of our parties and to people at our domains, and at which addresses."""

    take_in: TakeIn
    addresses: Callable[[], Collection[str]]


class Listener:
    """One listening socket. `take_in` stores a mail; `addresses` returns the recipients that are ours.

    `desk` takes the mail to people. `huge` admits one huge mail at a time, in all of this process.
    """

    def __init__(
        self,
        listen: Listen,
        limits: Limits,
        take_in: TakeIn,
        addresses: Callable[[], Collection[str]],
        huge: FairSlots | None = None,
        desk: Desk | None = None,
    ) -> None:
        self._listen = listen
        self._most_bytes = limits.most_mail_bytes
        self._handler = _Handler(take_in, addresses, desk)
        self._slots = Slots(FairSlots(listen.most_large_mails), huge or FairSlots(1))
        self._open: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen; return the port. Several processes may share it. Raises OwnFault when the port cannot be had."""
        loop, host, port = asyncio.get_running_loop(), self._listen.host, self._listen.port
        try:
            self._server = await loop.create_server(self._connection, host, port, reuse_port=True)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).partition(":")[0]
            raise OwnFault(StartCode.NOT_LISTENING, host=host, port=port, error=reason, section="listen") from None
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no more connections and close the open ones."""
        if self._server is not None:
            self._server.close()
            await asyncio.gather(*(connection.end() for connection in list(self._open)))
            await self._server.wait_closed()

    def _connection(self) -> "_Connection":
        kind = _LmtpConnection if self._listen.protocol is ListenProtocol.LMTP else _Connection
        return kind(self._handler, self._listen, self._most_bytes, self._slots, self._open)


class _Connection(SMTP):
    """One connection, with our limits on the number of connections and the memory that they use together."""

    def __init__(
        self,
        handler: "_Handler",
        listen: Listen,
        most_bytes: int,
        slots: Slots,
        siblings: set["_Connection"],
    ) -> None:
        super().__init__(
            handler,
            data_size_limit=most_bytes,
            enable_SMTPUTF8=True,
            hostname="samvik",
            ident="Samvik",
            timeout=listen.idle_seconds,
        )
        self._most_bytes = most_bytes
        self._limits = listen
        self._slots = slots
        self._siblings = siblings
        self._in_house = False
        self.declared_size = 0
        self.peer = ""
        self.idle_since: float | None = None

    def data_received(self, data: bytes) -> None:
        # The library restarts its timeout only at commands: a large mail on a slow line would look like silence.
        self._reset_timeout()
        super().data_received(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = transport.get_extra_info("peername")
        self.peer = peer_of(str(address[0])) if address else "unknown"
        if isinstance(transport, asyncio.Transport) and not self._has_place():
            _send_away(transport)
            return
        self._siblings.add(self)
        self._in_house, self.idle_since = True, self.loop.time()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._siblings.discard(self)
        if self._in_house:
            self._in_house = False
            super().connection_lost(error)

    def _has_place(self) -> bool:
        """Say whether this connection may stay, after another one was sent away for it where that was needed."""
        most, most_a_peer = self._limits.most_connections, self._limits.most_connections_a_peer
        if not is_full(self._siblings, self.peer, most, most_a_peer):
            return True
        goes = who_goes(self._siblings, self.peer, most_a_peer, self.loop.time())
        if goes is None or not isinstance(goes.transport, asyncio.Transport):
            return False
        self._siblings.discard(goes)
        _send_away(goes.transport)
        return True

    def abort(self) -> None:
        """Drop the connection at once."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def end(self) -> None:
        """Drop the connection and wait until all work for it has ended, so that the store may be closed."""
        self.abort()
        if self._handler_coroutine is not None:
            await asyncio.wait({self._handler_coroutine})

    async def smtp_DATA(self, arg: str) -> None:
        """Take a mail's bytes. Who declares a small mail may send no large one."""
        envelope = self.envelope
        if envelope is None or not envelope.rcpt_tos or arg:
            await self.push("501 Syntax: DATA" if arg else "503 Error: need RCPT command")
            return
        small = 0 < self.declared_size <= SMALL_MAIL_BYTES
        await self._take(envelope, min(SMALL_MAIL_BYTES, self._most_bytes) if small else self._most_bytes)

    async def _take(self, envelope: Envelope, most_bytes: int) -> None:
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(None) as limit:
                    content = await self._read_mail(most_bytes, self._pace(limit), held)
            except TimeoutError:
                await self.push("421 That comes too slowly, come back later")
                self.abort()
                return
            self.idle_since = None
            if content is None:
                reply = "552 Larger than allowed"
            else:
                whole: Any = content
                envelope.content = whole
                reply = await self.event_handler.handle_DATA(self, self.session, envelope)
            self._set_post_data_state()
            self.idle_since = self.loop.time()
            await self._answer(reply, envelope)

    async def _answer(self, reply: str, _envelope: Envelope) -> None:
        await self.push(reply)
        kill_hooks.reached(kill_hooks.Step.MAIL_AFTER_250, reply)

    async def _read_mail(self, most_bytes: int, pace: Pace, held: AsyncExitStack) -> bytes | bytearray | None:
        """Return the bytes before the lone dot, None when they are too many. Raises TimeoutError by its pace.

        Unlike the library's own reading, this takes lines of any length, since partners send them, and never holds more
        than `most_bytes`. Once it is large a mail pauses until it has one of the few slots, which `held` gives back.
        """
        content, too_large, undotted, slots = bytearray(), False, Undotted(), self._slots_to_take()
        while True:
            piece = await next_piece(self._reader)
            meant, ends = undotted.take(piece)
            content += meant
            pace.brought(len(piece))
            if len(content) > most_bytes:
                too_large = True
            if too_large:
                content.clear()
            if ends:
                # A huge mail is returned without a copy: both would be in memory.
                return None if too_large else content if len(content) > HUGE_BYTES else bytes(content)
            while slots and len(content) > slots[0][0]:
                await pace.wait_for(held.enter_async_context(slots.pop(0)[1].slot(self.peer)))

    def _pace(self, limit: asyncio.Timeout) -> Pace:
        return Pace(limit, self.loop.time, self._limits.least_bytes_a_second, self._is_busy)

    def _is_busy(self) -> None:
        self.idle_since = self.loop.time()

    def _slots_to_take(self) -> list[tuple[int, FairSlots]]:
        return sorted([(SMALL_MAIL_BYTES, self._slots.large), (HUGE_BYTES, self._slots.huge)], key=itemgetter(0))


def _send_away(transport: asyncio.Transport) -> None:
    transport.write(b"421 No room for so many connections, come back later\r\n")
    # Who does not read what we say must not keep the connection open by that.
    transport.close() if not transport.get_write_buffer_size() else transport.abort()


class _LmtpConnection(_Connection):
    """One connection of a mail server in front of us. It gets an answer for each recipient."""

    async def smtp_LHLO(self, arg: str) -> None:
        """Greet, instead of HELO and EHLO (RFC 2033)."""
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, _arg: str) -> None:
        """Refuse what is SMTP's."""
        await self.push("500 This is LMTP: say LHLO")

    async def smtp_EHLO(self, _arg: str) -> None:
        """Refuse what is SMTP's."""
        await self.push("500 This is LMTP: say LHLO")

    async def _answer(self, reply: str, envelope: Envelope) -> None:
        for _ in envelope.rcpt_tos:
            await self.push(reply)


class _Handler:
    def __init__(self, take_in: TakeIn, addresses: Callable[[], Collection[str]], desk: Desk | None) -> None:
        self._take_in = take_in
        self._addresses = addresses
        self._desk = desk

    async def handle_MAIL(
        self, connection: _Connection, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        sizes = [option[5:] for option in options if option.upper().startswith("SIZE=")]
        connection.declared_size = int(sizes[0]) if sizes and sizes[0].isdigit() else 0
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.lower() not in self._addresses() and not self._is_desk(address):
            return "550 No party here has this address"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 Too many recipients, send the rest in another mail"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def _is_desk(self, address: str) -> bool:
        return self._desk is not None and address.lower() in self._desk.addresses()

    def _taker(self, envelope: Envelope) -> TakeIn:
        if self._desk is not None and all(map(self._is_desk, envelope.rcpt_tos)):
            return self._desk.take_in
        return self._take_in

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content
        peer = str(session.peer[0]) if session.peer else "unknown"
        try:
            with kill_hooks.in_hand(peer, kill_hooks.Commit.MAIL):
                kill_hooks.reached(kill_hooks.Step.MAIL_READ)
                stored = await self._taker(envelope)(content, peer)
        except SamvikError as error:
            _log.error("mail_not_stored", reason=str(error))
            return "451 Cannot be stored now, send again"
        except Exception as error:  # over LMTP every recipient must be answered, whatever happens
            return await self.handle_exception(error)
        return f"250 Stored as {stored}"

    async def handle_exception(self, error: Exception) -> str:
        # The library would answer 500 with the error's text: the sender would give up, and read what is ours alone.
        _log.error("connection_failed", error=type(error).__name__)
        return "451 Cannot be done now, send again"
