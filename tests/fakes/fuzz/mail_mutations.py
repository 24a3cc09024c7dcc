"""Ways to change a mail: anywhere, in its envelope, in its parts, or in the document that a partner signs as it is."""

import random
from functools import cache

from engine.agreements.purpose import Purpose
from engine.errors import Unreadable
from engine.msh.encryption import encrypt
from engine.msh.mime import Mail, read_mail
from engine.msh.signing import sign
from engine.msh.writing import payload_envelope
from engine.names import MessageId
from tests.fakes.fuzz.mutations import ASN1_CHANGES, BYTES, XML_CHANGES, Mutation, changed_bytes, changed_tree, flip
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import CONTENT_ID, EVERYBODY, SOFTWARE, Letter, mail_of
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE, test_keys


def mutated_tree(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail whose envelope was changed as XML."""
    read = _readable(mail)
    return _again(read, changed_tree(dice, read.soap)) if read else changed_bytes(dice, mail)


def mutated_envelope(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail whose envelope was changed as bytes, below its transfer encoding."""
    read = _readable(mail)
    return _again(read, dice.choice(BYTES)(dice, read.soap or b"x")) if read else changed_bytes(dice, mail)


def mutated_parts(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail whose attachments were changed, doubled, renamed or joined by others."""
    read = _readable(mail)
    if read is None:
        return changed_bytes(dice, mail)
    parts = {part.content_id: part.data for part in read.parts} or {"ny": b"x"}
    name, data = dice.choice(list(parts.items()))
    changed = dice.choice([flip(dice, data or b"x"), data, b""])
    parts[dice.choice([name, name.replace("@", "%40"), "ny", ""])] = changed
    return mail_of(read.soap, parts)


def mutated_mail(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail that was changed anywhere."""
    return changed_bytes(dice, mail)


def signed_document(dice: random.Random, _mail: bytes) -> bytes:
    """Return a mail that a partner signed and encrypted as it should be, around a changed document."""
    plain = dice.choice(_documents())
    return signed(encrypt(dice.choice(XML_CHANGES)(dice, plain), _key()))


def signed_seal(dice: random.Random, _mail: bytes) -> bytes:
    """Return a mail that a partner signed as it should be, around changed CMS."""
    return signed(dice.choice(ASN1_CHANGES)(dice, _sealed()))


def signed(part: bytes) -> bytes:
    """Return a mail that the GP's office signed over a part, whatever it holds."""
    letter = Letter()
    envelope = payload_envelope(letter.to, MessageId(letter.message_id), letter.at, SOFTWARE, [CONTENT_ID])
    soap = sign(envelope, {CONTENT_ID: part}, letter.signed_with, MemoryKeys(test_keys(), EVERYBODY)).soap
    return mail_of(soap, {CONTENT_ID: part})


MUTATIONS: tuple[Mutation, ...] = (mutated_tree, mutated_envelope, mutated_parts, mutated_mail)


def _readable(mail: bytes) -> Mail | None:
    try:
        return read_mail(mail)
    except Unreadable:
        return None


def _again(read: Mail, soap: bytes) -> bytes:
    return mail_of(soap, {part.content_id: part.data for part in read.parts})


def _key() -> bytes:
    return test_keys().der(LEVANGER, Purpose.ENCRYPTION)


@cache
def _documents() -> tuple[bytes, ...]:
    return document(), apprec("x", GP_SERVICE, LEVANGER_SERVICE)


@cache
def _sealed() -> bytes:
    return encrypt(document(), _key())
