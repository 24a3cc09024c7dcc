"""What is put into mailboxes: business mails of a partner in the demo's register, and mails broken in many ways."""

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from adapters.keys.files import keys_in
from adapters.keys.ring import KeyRing
from engine.agreements.purpose import Purpose
from engine.msh.encryption import encrypt
from engine.msh.signing import sign
from engine.msh.writing import payload_envelope
from engine.names import MessageId
from engine.register.parties import Registry
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import CONTENT_ID, SOFTWARE, Letter, mail_of
from tests.fakes.world.parties import GP, LEVANGER

MOST_BYTES = 100_000
_PLACEHOLDER = "dokument-0000"


class Partner:
    """The GP's office as it writes to Levanger at a time, with the keys of a folder and the demo's register."""

    def __init__(self, keys: Path, register: Registry, at: datetime) -> None:
        self._keys = KeyRing([keys_in(keys / "private")])
        self._signing = _certificate(register, GP, Purpose.SIGNING, at)
        self._encryption = _certificate(register, LEVANGER, Purpose.ENCRYPTION, at)
        self._document = document(msg_id=_PLACEHOLDER, at=at)
        self._at = at

    def mail(self, number: int) -> bytes:
        """Return a signed mail with an encrypted deviation; each number has ids of its own."""
        letter = Letter(message_id=f"melding-{number}", conversation_id=f"samtale-{number}", at=self._at)
        content = self._document.replace(_PLACEHOLDER.encode(), msg_id(number).encode())
        part = {CONTENT_ID: encrypt(content, self._encryption)}
        envelope = payload_envelope(letter.to, MessageId(letter.message_id), letter.at, SOFTWARE, [CONTENT_ID])
        mail = mail_of(sign(envelope, part, self._signing, self._keys).soap, part)
        return mail.replace(b"<post-1@", b"<post-%d@" % number)


def msg_id(number: int) -> str:
    """Return the MsgId of a business mail's document."""
    return f"dokument-{number:04d}"


def broken(count: int, chance: random.Random, good: bytes) -> list[bytes]:
    """Return mails that nobody can read, of every kind in turn; `good` is one that could be, to be spoilt."""
    return [BROKEN[number % len(BROKEN)](number, chance, good) for number in range(count)]


def _head(number: int, content_type: str) -> bytes:
    return b"Message-ID: <stygg-%d@example.test>\r\nContent-Type: %s\r\n" % (number, content_type.encode())


BROKEN: list[Callable[[int, random.Random, bytes], bytes]] = [
    lambda number, _, __: b"Subject: hei %d\r\n\r\nIkke en melding.\r\n" % number,
    lambda number, _, __: _head(number, "multipart/related") + b"\r\n--x\r\n\r\nuten grense\r\n--x--\r\n",
    lambda number, _, __: _head(number, "text/xml") + b"\r\n" + b"<stor>\r\n" * (MOST_BYTES // 4),
    lambda number, chance, __: _head(number, "text/xml") + b"\r\n\0\0" + chance.randbytes(9) + b"\0" * 500,
    lambda number, _, __: b"".join(b"X-%d-%d: %s\r\n" % (number, n, b"x" * 900) for n in range(90)) + b"\r\nhei\r\n",
    lambda _, chance, __: chance.randbytes(3_000),
    lambda *_: b"",
    lambda number, _, __: _head(number, "text/plain") + b"\r\n" + b"y" * 60_000,
    lambda number, _, __: _head(number, "text/xml") + b"\r\n.\r\n..\r\n.\r\n<ikke-xml\r\n.\r\n",
    lambda number, chance, good: good[: chance.randrange(400, 800)].replace(b"<post-", b"<kuttet-%d-" % number),
]


def _certificate(register: Registry, her: str, purpose: Purpose, at: datetime) -> bytes:
    party = next(party for party in register.all() if party.her == her)
    return next(each.der for each in party.certificates if each.purpose is purpose and each.holds_at(at))
