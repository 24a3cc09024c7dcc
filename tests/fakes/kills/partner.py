"""The other side of the kill proof: offices outside of the engine that write, confirm, and keep every byte.

It has a mail server of its own (aiosmtpd) that every mail of the engine leaves through, and hands its own mails over
as a real mail server does: the same mail again until somebody says 250. It never asks for an Acknowledgment again
unless it is told to, so that a mail that was lost after its 250 stays lost and shows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import aiosmtplib
from aiosmtpd.smtp import SMTP

from engine.msh import constants as c
from engine.names import HerId
from tests.fakes.kills.letters import SNASA_SERVICE, Deviation, Got, Letters
from tests.fakes.world.parties import GP_SERVICE

ADDRESSES = {"namdalen@testedi.nhn.no": GP_SERVICE, "snasa@testedi.nhn.no": SNASA_SERVICE}
ENGINE = "innherred@testedi.nhn.no"
HAND_OVER_SECONDS = 0.7
PAUSE = 0.05


@dataclass
class Partner:
    """Both offices. `hang` says where their mail server stops answering, and for whom; `ahead` sets their clock."""

    keys: Path
    parties: Path
    engine_port: int
    ahead: timedelta = timedelta(0)
    hang: str = ""
    hang_for: str = ""
    hung: int = 0
    port: int = 0
    deviations: dict[str, Deviation] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    handed_over: list[tuple[bytes, int]] = field(default_factory=list)
    """Every try of every mail, with the code of its answer, 0 where there was none."""

    def __post_init__(self) -> None:
        self._letters = Letters(self.keys, self.parties, self.now)
        self._numbers, self._posts = count(1), count(1)
        self._answers: dict[str, list[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    def now(self) -> datetime:
        """Return the offices' time."""
        return datetime.now(UTC).replace(microsecond=0) + self.ahead

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.get_running_loop().create_server(self._connection, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Say and hear nothing more."""
        self.hang = ""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            self._server.close()

    def write(self, office: HerId = GP_SERVICE) -> Deviation:
        """Write a deviation with ids of its own; nothing is sent."""
        made = self._letters.deviation(next(self._numbers), office)
        self.deviations[made.msg_id] = made
        return made

    def mail(self, deviation: Deviation) -> bytes:
        """Return a mail of its own with a deviation's envelope, as each try of the message service has."""
        return self._posted(deviation.entity)

    def post(self, deviation: Deviation) -> asyncio.Task[None]:
        """Hand a deviation over in one mail until somebody says 250."""

        async def posting() -> None:
            await self._until_taken(self.mail(deviation))
            deviation.taken = True

        return self._soon(posting)

    async def try_once(self, mail: bytes, patience: float = HAND_OVER_SECONDS) -> int:
        """Try to hand a mail over once; return the code of the last answer, 0 where there was none."""
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=self.engine_port, timeout=patience, start_tls=False)
        code = 0
        try:
            async with asyncio.timeout(patience):
                await client.connect()
                await client.sendmail("kontor@testedi.nhn.no", [ENGINE], mail)
                code = 250
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = refused.recipients[0].code
        except aiosmtplib.SMTPResponseException as refused:
            code = refused.code
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError):
            code = 0
        finally:
            client.close()
        self.handed_over.append((mail, code))
        return code

    async def ask_again(self) -> int:
        """Send every deviation that was not acknowledged again, in a new mail (transport.md D); return how many."""
        known = {got.ref_to for got in self.got if got.action == c.ACKNOWLEDGMENT and got.said_250}
        missing = [each for each in self.deviations.values() if each.taken and each.message_id not in known]
        for each in missing:
            self.post(each)
        return len(missing)

    def idle(self) -> bool:
        """Say whether nothing of the offices' is under way."""
        return not self._tasks

    def take(self, content: bytes, receiver: str, *, said_250: bool) -> None:
        """Keep a mail of the engine, and answer it once it was taken."""
        got = self._letters.read(content, ADDRESSES[receiver], said_250=said_250)
        self.got.append(got)
        if said_250 and got.document:
            if got.message_id not in self._answers:
                self._answers[got.message_id] = self._letters.answers(content, got)
            for entity in self._answers[got.message_id]:
                self._soon(lambda entity=entity: self._until_taken(self._posted(entity)))

    def _posted(self, entity: bytes) -> bytes:
        return entity.replace(b"<post-1@", b"<post-%d@" % next(self._posts), 1)

    async def _until_taken(self, mail: bytes) -> None:
        while await self.try_once(mail) != 250:  # noqa: ASYNC110 what is waited for is tried
            await asyncio.sleep(PAUSE)

    def _soon(self, step: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        async def run() -> None:
            await step()

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _connection(self) -> asyncio.BaseProtocol:
        if self.hang == "connect":
            self.hung += 1
            return asyncio.Protocol()
        return _Lines(_Handler(self), hostname="kontor", ident="Kontor", data_size_limit=60_000_000)


class _Lines(SMTP):
    """aiosmtpd with lines as long as those of an envelope."""

    line_length_limit = 2**22


class _Handler:
    def __init__(self, partner: Partner) -> None:
        self._partner = partner

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
        envelope.rcpt_tos.append(address)
        await self._hang_at("RCPT", address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:
        (receiver,) = envelope.rcpt_tos
        if self._hangs("DATA", receiver):
            self._partner.take(envelope.content, receiver, said_250=False)
            await self._hang_at("DATA", receiver)
        self._partner.take(envelope.content, receiver, said_250=True)
        return "250 Taken"

    def _hangs(self, where: str, receiver: str) -> bool:
        return self._partner.hang == where and receiver == self._partner.hang_for

    async def _hang_at(self, where: str, receiver: str) -> None:
        if self._hangs(where, receiver):
            self._partner.hung += 1
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
