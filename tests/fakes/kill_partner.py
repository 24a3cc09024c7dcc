"""The other side of the kill proof: offices outside of the engine that write, confirm, and keep every byte.

It has a mail server of its own (aiosmtpd) that every mail of the engine leaves through, and hands its own mails over
as a real mail server does: the same mail again until somebody says 250. It never asks for an Acknowledgment again
unless it is told to, so that a mail that was lost after its 250 stays lost and shows.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import cache
from itertools import count
from pathlib import Path

import aiosmtplib
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from lxml import etree

from adapters.keys.files import keys_in
from adapters.keys.ring import KeyRing
from adapters.registry.parties_file import load_registry
from engine.msh import constants as c
from engine.msh.certificates import Purpose
from engine.msh.encryption import encrypt
from engine.msh.signing import sign
from engine.msh.writing import Addressing, acknowledgment_envelope, payload_envelope
from engine.names import ConversationId, HerId, MessageId
from engine.payload.elements import MSGHEAD
from tests.fakes.documents import apprec, document
from tests.fakes.forgery import CONTENT_ID, SOFTWARE, Letter, mail_of
from tests.fakes.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE

SNASA, SNASA_SERVICE = HerId("8090500"), HerId("8090501")
OFFICES = {GP_SERVICE: GP, SNASA_SERVICE: SNASA}
ADDRESSES = {"namdalen@testedi.nhn.no": GP_SERVICE, "snasa@testedi.nhn.no": SNASA_SERVICE}
ENGINE = "innherred@testedi.nhn.no"
HAND_OVER_SECONDS = 0.7
PAUSE = 0.05
_APPREC = "{http://www.kith.no/xmlstds/apprec/"


@dataclass
class Deviation:
    """A document that an office wrote: its bytes, the envelope that carries it, and what came back."""

    msg_id: str
    message_id: str
    office: HerId
    document: bytes
    entity: bytes
    taken: bool = False
    """Whether a 250 was seen for it, or it stands in the mailbox."""


@dataclass(frozen=True)
class Got:
    """A mail of the engine as it came: `entity` is all below the mail's own headers, `document` deciphered."""

    receiver: HerId
    message_id: str
    action: str
    ref_to: str
    entity: bytes
    document: bytes
    said_250: bool


@dataclass
class Partner:
    """Both offices. `hang` says where their mail server stops answering, and for whom; `ahead` sets their clock."""

    keys: Path
    parties: Path
    engine_port: int
    prefix: str = ""
    ahead: timedelta = timedelta(0)
    withholds: bool = False
    """Whether no AppRec is sent for what comes."""
    hang: str = ""
    hang_for: str = ""
    hung: int = 0
    port: int = 0
    deviations: dict[str, Deviation] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    handed_over: list[tuple[bytes, int]] = field(default_factory=list)
    """Every try of every mail, with the code of its answer, 0 where there was none."""

    def __post_init__(self) -> None:
        self._ring = KeyRing([keys_in(self.keys / "private")])
        register = load_registry(self.parties)
        self._der = {(party.her, each.purpose): each.der for party in register.all() for each in party.certificates}
        self._template = {
            office: document(office, LEVANGER_SERVICE, "dokument-XXXXX", at=self.now()) for office in OFFICES
        }
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
        number = next(self._numbers)
        msg_id = f"dokument-{self.prefix}{number:05d}"
        content = self._template[office].replace(b"dokument-XXXXX", msg_id.encode())
        letter = Letter(
            sender=office,
            message_id=f"melding-{self.prefix}{number}",
            conversation_id=f"samtale-{self.prefix}{number}",
            at=self.now(),
        )
        made = Deviation(msg_id, letter.message_id, office, content, self._payload(letter.to, letter, content, office))
        self.deviations[msg_id] = made
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
        got = self._read(content, ADDRESSES[receiver], said_250=said_250)
        self.got.append(got)
        if said_250 and got.action != c.ACKNOWLEDGMENT and got.document:
            if got.message_id not in self._answers:
                self._answers[got.message_id] = self._written_for(content, got)
            for mail in self._answers[got.message_id]:
                self._soon(lambda mail=mail: self._until_taken(self._posted(mail)))

    def _written_for(self, content: bytes, got: Got) -> list[bytes]:
        """Return the entities that answer a message: its Acknowledgment, and an AppRec for a document."""
        envelope = _envelope(content)
        answers = [self._acknowledgment(envelope, got)]
        head = etree.fromstring(got.document)
        if not self.withholds and not head.tag.startswith(_APPREC):
            answers.append(self._apprec(head, got))
        return answers

    def _acknowledgment(self, envelope: etree._Element, got: Got) -> bytes:
        to = _addressing(envelope, replace_action=(c.MSH_SERVICE, c.ACKNOWLEDGMENT), ref_to=got.message_id)
        copied = [etree.tostring(each, with_tail=False) for each in envelope.iter(f"{{{c.DS}}}Reference")]
        id = MessageId(f"kvittert-{got.message_id}")
        made = acknowledgment_envelope(to, id, self.now(), SOFTWARE, copied)
        return _entity(sign(made, {}, self._der[OFFICES[got.receiver], Purpose.SIGNING], self._ring).soap, {})

    def _apprec(self, head: etree._Element, got: Got) -> bytes:
        msg_id = head.findtext(f".//{{{MSGHEAD}}}MsgId")
        content = apprec(str(msg_id), got.receiver, LEVANGER_SERVICE, at=self.now())
        letter = Letter(
            sender=got.receiver, message_id=f"apprec-{got.message_id}", action="APPREC", at=self.now(), ref_to=None
        )
        return self._payload(letter.to, letter, content, got.receiver)

    def _payload(self, to: Addressing, letter: Letter, content: bytes, office: HerId) -> bytes:
        part = {CONTENT_ID: encrypt(content, self._der[LEVANGER, Purpose.ENCRYPTION])}
        envelope = payload_envelope(to, MessageId(letter.message_id), letter.at, SOFTWARE, [CONTENT_ID])
        return _entity(sign(envelope, part, self._der[OFFICES[office], Purpose.SIGNING], self._ring).soap, part)

    def _posted(self, entity: bytes) -> bytes:
        return entity.replace(b"<post-1@", b"<post-%s%d@" % (self.prefix.encode(), next(self._posts)), 1)

    def _read(self, content: bytes, receiver: HerId, *, said_250: bool) -> Got:
        mail = message_from_bytes(content, policy=policy.default)
        parts = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
        root = etree.fromstring(parts[0])
        clear = self._deciphered(parts[1], OFFICES[receiver]) if len(parts) > 1 else b""
        entity = content.partition(b"\r\n\r\n")[2]
        ids = {name: root.findtext(f".//{{{c.EB}}}{name}") or "" for name in ("MessageId", "Action", "RefToMessageId")}
        return Got(receiver, ids["MessageId"], ids["Action"], ids["RefToMessageId"], entity, clear, said_250)

    def _deciphered(self, part: bytes, enterprise: HerId) -> bytes:
        certificate = x509.load_der_x509_certificate(self._der[enterprise, Purpose.ENCRYPTION])
        return pkcs7_decrypt_der(part, certificate, _key(self.keys / "private" / f"{enterprise}-encryption.pem"), [])

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


@cache
def _key(path: Path) -> PrivateKeyTypes:
    return load_pem_private_key(path.read_bytes(), None)


def _envelope(content: bytes) -> etree._Element:
    mail = message_from_bytes(content, policy=policy.default)
    first = next(part for part in mail.walk() if not part.is_multipart())
    return etree.fromstring(first.get_payload(decode=True))


def _addressing(envelope: etree._Element, replace_action: tuple[str, str], ref_to: str) -> Addressing:
    """Return the addressing of an answer: all as it came, with sender and receiver swapped."""
    sides = {side: envelope.find(f".//{{{c.EB}}}{side}") for side in ("From", "To")}
    hers = {side: HerId(str(found.findtext(f"{{{c.EB}}}PartyId"))) for side, found in sides.items()}
    roles = {side: found.findtext(f"{{{c.EB}}}Role") or "" for side, found in sides.items()}
    letter = Letter(
        sender=hers["To"],
        receiver=hers["From"],
        conversation_id=ConversationId(envelope.findtext(f".//{{{c.EB}}}ConversationId") or ""),
        cpa_id=envelope.findtext(f".//{{{c.EB}}}CPAId") or "",
        service=replace_action[0],
        action=replace_action[1],
        ref_to=ref_to,
    )
    return replace(letter.to, from_role=roles["To"], to_role=roles["From"])


def _entity(soap: bytes, parts: dict[str, bytes]) -> bytes:
    return mail_of(soap, parts)
