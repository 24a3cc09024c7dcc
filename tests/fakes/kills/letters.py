"""What the offices of the kill proof write and read: every message built with their own keys, every mail taken apart.

Mails are read by the standard library, lxml and cryptography, not by what is proved.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from lxml import etree

from adapters.keys.files import keys_in
from adapters.keys.ring import KeyRing
from adapters.registry.parties_file import load_registry
from engine.agreements.purpose import Purpose
from engine.msh import constants as c
from engine.msh.encryption import encrypt
from engine.msh.signing import sign
from engine.msh.writing import Addressing, acknowledgment_envelope, payload_envelope
from engine.names import ConversationId, HerId, MessageId
from engine.payload.elements import MSGHEAD
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import CONTENT_ID, SOFTWARE, Letter, mail_of
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE

SNASA, SNASA_SERVICE = HerId("8090500"), HerId("8090501")
OFFICES = {GP_SERVICE: GP, SNASA_SERVICE: SNASA}
_GZIP = b"\x1f\x8b"
_APPREC = "{http://www.kith.no/xmlstds/apprec/"
_MSG_ID = "dokument-XXXXX"


@dataclass
class Deviation:
    """A document that an office wrote: its bytes, and the entity that carries it."""

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

    @property
    def root(self) -> etree._Element:
        """Return the document."""
        return etree.fromstring(self.document)

    @property
    def is_apprec(self) -> bool:
        """Say whether it brought an application receipt."""
        return bool(self.document) and self.root.tag.startswith(_APPREC)

    @property
    def msg_id(self) -> str:
        """Return the MsgId of the document that it brought, '' where that is none with a head of its own."""
        return self.root.findtext(f".//{{{MSGHEAD}}}MsgId") or "" if self.document else ""


class Letters:
    """Writes and reads for both offices, with the private keys in a folder; `now` tells their time."""

    def __init__(self, keys: Path, parties: Path, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now
        self._ring = KeyRing([keys_in(keys / "private")])
        register = load_registry(parties)
        self._der = {(party.her, each.purpose): each.der for party in register.all() for each in party.certificates}
        self._template = {office: document(office, LEVANGER_SERVICE, _MSG_ID, at=now()) for office in OFFICES}

    def deviation(self, number: int, office: HerId) -> Deviation:
        """Write a deviation; each number has ids of its own."""
        msg_id = f"dokument-{number:05d}"
        content = self._template[office].replace(_MSG_ID.encode(), msg_id.encode())
        letter = Letter(
            sender=office, message_id=f"melding-{number}", conversation_id=f"samtale-{number}", at=self._now()
        )
        return Deviation(msg_id, letter.message_id, office, content, self._payload(letter, content))

    def answers(self, content: bytes, got: Got) -> list[bytes]:
        """Return the entities that answer a mail: its Acknowledgment, and an AppRec for what is none itself."""
        answers = [self._acknowledgment(_parts(content)[0], got)]
        if not got.is_apprec:
            about = apprec(got.msg_id, got.receiver, LEVANGER_SERVICE, at=self._now())
            letter = Letter(sender=got.receiver, message_id=f"apprec-{got.message_id}", action="APPREC", at=self._now())
            answers.append(self._payload(letter, about))
        return answers

    def read(self, content: bytes, receiver: HerId, *, said_250: bool) -> Got:
        """Take a mail of the engine apart."""
        parts = _parts(content)
        root = etree.fromstring(parts[0])
        clear = self._deciphered(parts[1], OFFICES[receiver]) if len(parts) > 1 else b""
        ids = [root.findtext(f".//{{{c.EB}}}{name}") or "" for name in ("MessageId", "Action", "RefToMessageId")]
        return Got(receiver, *ids, content.partition(b"\r\n\r\n")[2], clear, said_250)

    def _acknowledgment(self, soap: bytes, got: Got) -> bytes:
        envelope = etree.fromstring(soap)
        copied = [etree.tostring(each, with_tail=False) for each in envelope.iter(f"{{{c.DS}}}Reference")]
        id = MessageId(f"kvittert-{got.message_id}")
        made = acknowledgment_envelope(_back(envelope, got.message_id), id, self._now(), SOFTWARE, copied)
        return mail_of(sign(made, {}, self._der[OFFICES[got.receiver], Purpose.SIGNING], self._ring).soap, {})

    def _payload(self, letter: Letter, content: bytes) -> bytes:
        part = {CONTENT_ID: encrypt(content, self._der[LEVANGER, Purpose.ENCRYPTION])}
        envelope = payload_envelope(letter.to, MessageId(letter.message_id), letter.at, SOFTWARE, [CONTENT_ID])
        return mail_of(sign(envelope, part, self._der[OFFICES[letter.sender], Purpose.SIGNING], self._ring).soap, part)

    def _deciphered(self, part: bytes, enterprise: HerId) -> bytes:
        certificate = x509.load_der_x509_certificate(self._der[enterprise, Purpose.ENCRYPTION])
        plain = pkcs7_decrypt_der(part, certificate, _key(self._keys / "private" / f"{enterprise}-encryption.pem"), [])
        return gzip.decompress(plain) if plain.startswith(_GZIP) else plain


@cache
def _key(path: Path) -> PrivateKeyTypes:
    return load_pem_private_key(path.read_bytes(), None)


def _parts(content: bytes) -> list[bytes]:
    mail = message_from_bytes(content, policy=policy.default)
    return [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]


def _back(envelope: etree._Element, ref_to: str) -> Addressing:
    """Return the addressing of an Acknowledgment: all as it came, with sender and receiver swapped."""
    sides = {side: envelope.find(f".//{{{c.EB}}}{side}") for side in ("From", "To")}
    hers = {side: HerId(str(found.findtext(f"{{{c.EB}}}PartyId"))) for side, found in sides.items()}
    roles = {side: found.findtext(f"{{{c.EB}}}Role") or "" for side, found in sides.items()}
    letter = Letter(
        sender=hers["To"],
        receiver=hers["From"],
        conversation_id=ConversationId(envelope.findtext(f".//{{{c.EB}}}ConversationId") or ""),
        cpa_id=envelope.findtext(f".//{{{c.EB}}}CPAId") or "",
        service=c.MSH_SERVICE,
        action=c.ACKNOWLEDGMENT,
        ref_to=ref_to,
    )
    return replace(letter.to, from_role=roles["To"], to_role=roles["From"])
