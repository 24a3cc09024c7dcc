"""The mail server between the engines: it delivers by recipient, and can spoil, lose or repeat a mail on cue."""

import base64
import re
from collections.abc import Callable

import structlog

from adapters.settings import Limits, Listen, Relay
from adapters.smtp.listener import Listener
from adapters.smtp.sender import SmtpSender
from engine.ports import SmtpOutcome

_log = structlog.get_logger()
_RECIPIENT = re.compile(rb"^To: (\S+)\r?$", re.MULTILINE)
_SENDER = re.compile(rb"^From: (\S+)\r?$", re.MULTILINE)

Fault = Callable[[bytes], list[bytes]]


class Network:
    """A relay on loopback. `routes` maps an EDI address to the port of the engine that holds it."""

    def __init__(self) -> None:
        self._routes: dict[str, int] = {}
        self._faults: list[tuple[Callable[[bytes], bool], Fault]] = []
        self._holds: Callable[[bytes], bool] = lambda _mail: False
        self._held: list[bytes] = []
        self.passed: list[bytes] = []
        self._listener = Listener(Listen(port=0), Limits(), self._carry, lambda: self._routes)

    async def start(self) -> int:
        """Listen on a free port and return it."""
        return await self._listener.start()

    async def stop(self) -> None:
        """Carry nothing more."""
        await self._listener.stop()

    def route(self, address: str, port: int) -> None:
        """Deliver mail for an address to a port on this machine."""
        self._routes[address.lower()] = port

    def next_time(self, matches: Callable[[bytes], bool], fault: Fault) -> None:
        """Let the next mail that matches become what `fault` makes of it: spoilt, or none."""
        self._faults.append((matches, fault))

    def hold(self, matches: Callable[[bytes], bool]) -> None:
        """Keep mails that match instead of delivering them, until they are released."""
        self._holds = matches

    async def release(self) -> None:
        """Deliver what was held, in order, and hold nothing more."""
        self._holds = lambda _mail: False
        held, self._held = self._held, []
        for mail in held:
            await self._carry(mail, "")

    async def again(self, mail: bytes) -> None:
        """Deliver a mail once more in a mail of its own, as a sender does that saw no answer."""
        await self._carry(re.sub(rb"^Message-ID: <", b"Message-ID: <igjen-", mail, count=1, flags=re.MULTILINE), "")

    async def _carry(self, mail: bytes, _peer: str) -> str:
        self.passed.append(mail)
        if self._holds(mail):
            self._held.append(mail)
            return "held"
        for copy in self._spoil(mail):
            receiver, sender = _found(_RECIPIENT, copy), _found(_SENDER, copy)
            relay = Relay(port=self._routes[receiver.lower()], timeout_seconds=10)
            out = SmtpSender(relay)
            reply = await out.send(sender, receiver, copy)
            await out.close()
            if reply.outcome is not SmtpOutcome.TAKEN:
                _log.warning("demo_mail_not_carried", reply=reply.text)
        return "carried"

    def _spoil(self, mail: bytes) -> list[bytes]:
        for place, (matches, fault) in enumerate(self._faults):
            if matches(mail):
                del self._faults[place]
                return fault(mail)
        return [mail]


def _found(pattern: re.Pattern[bytes], mail: bytes) -> str:
    found = pattern.search(mail)
    return found.group(1).decode() if found else ""


def is_signal(mail: bytes) -> bool:
    """Say whether a mail is an Acknowledgment or MessageError: those have no attachment."""
    return b"multipart/related" not in mail


def is_message(mail: bytes) -> bool:
    """Say whether a mail carries a document."""
    return not is_signal(mail)


def is_message_from(address: str) -> Callable[[bytes], bool]:
    """Return a test for mails with a document from an EDI address."""
    return lambda mail: is_message(mail) and _found(_SENDER, mail) == address


def lost(_mail: bytes) -> list[bytes]:
    """Lose the mail."""
    return []


def tampered(mail: bytes) -> list[bytes]:
    """Change one byte of the encrypted attachment on the way."""
    head, marker, rest = mail.rpartition(b"Content-Transfer-Encoding: base64\r\n\r\n")
    body, end, tail = rest.partition(b"\r\n--")
    data = bytearray(base64.b64decode(body))
    data[-1] ^= 0x01
    return [head + marker + base64.encodebytes(bytes(data)).replace(b"\n", b"\r\n").rstrip() + end + tail]
