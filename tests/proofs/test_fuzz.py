"""Mutated mails through `assess`: nothing raises, and no changed message is taken for the genuine one.

SAMVIK_PROOF_SEED and SAMVIK_PROOF_COUNT choose what is tried; a failure names the seed and the number of its try.
"""

import os
import random
from collections.abc import Callable

import pytest
from lxml import etree

from engine.assess import Accepted, Quarantine, Receipt, Refusal, Signal, Verified, assess
from engine.msh.mime import read_mail
from engine.msh.signature import canonical_fragment, remove_other_actors
from tests.fakes.clock import START
from tests.fakes.documents import apprec, document
from tests.fakes.forgery import Letter, acknowledgment_mail, ds, mail_of, payload_mail
from tests.fakes.pair import Pair
from tests.fakes.parties import GP_SERVICE, LEVANGER_SERVICE
from tests.samples import samples_folder

# A mutated certificate may make cryptography warn of what it will refuse one day; only raising counts here.
ODD_CERTIFICATE = "ignore::cryptography.utils.CryptographyDeprecationWarning"
pytestmark = [pytest.mark.proof, pytest.mark.filterwarnings(ODD_CERTIFICATE)]

SEED = int(os.environ.get("SAMVIK_PROOF_SEED", "20261122"))
COUNT = int(os.environ.get("SAMVIK_PROOF_COUNT", "6000"))

ORIGINALS = {
    "message": payload_mail(Letter(), document()),
    "AppRec": payload_mail(Letter(message_id="a-1", action="APPREC"), apprec("x", GP_SERVICE, LEVANGER_SERVICE)),
    "acknowledgment": acknowledgment_mail(Letter(message_id="k-1", ref_to="m-1"), {"": "AAAA", "cid:a": "BBBB"}),
}
WORDS = (
    b"\r\n\r\n",
    b"--grense-1",
    b"--grense-1--",
    b"\x00",
    b"\xff",
    b"<!DOCTYPE x>",
    b"<![CDATA[",
    b"<!--x-->",
    b"<?x y?>",
    b"&#0;",
    b"&amp;",
    b' xmlns=""',
    b"cid:",
    b"%40",
    b"=",
    b"Content-ID: <vedlegg@example.test>\r\n",
    b"base64",
    b"7bit",
    b'SOAP:actor="http://schemas.xmlsoap.org/soap/actor/next"',
    b"</",
    b"/>",
    b'"',
    b"2.0",
    b"HER",
    b"8090100",
)
Mutation = Callable[[random.Random, bytes], bytes]


def flip(dice: random.Random, data: bytes) -> bytes:
    """Change one byte."""
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ dice.randrange(1, 256)]) + data[at + 1 :]


def cut(dice: random.Random, data: bytes) -> bytes:
    """Take a piece out."""
    begin = dice.randrange(len(data))
    return data[:begin] + data[begin + dice.randrange(1, 200) :]


def double(dice: random.Random, data: bytes) -> bytes:
    """Put a piece in a second time, somewhere else."""
    begin, to = dice.randrange(len(data)), dice.randrange(len(data))
    return data[:to] + data[begin : begin + dice.randrange(1, 400)] + data[to:]


def insert(dice: random.Random, data: bytes) -> bytes:
    """Put a word in that means something somewhere."""
    at = dice.randrange(len(data))
    return data[:at] + dice.choice(WORDS) + data[at:]


def end(dice: random.Random, data: bytes) -> bytes:
    """Cut the end off."""
    return data[: dice.randrange(len(data))]


BYTES: tuple[Mutation, ...] = (flip, cut, double, insert, end)


def move(dice: random.Random, root: etree._Element) -> None:
    """Hang an element under another one."""
    found = list(root.iter(etree.Element))
    what, where = dice.choice(found), dice.choice(found)
    if what is not root and what not in where.iterancestors() and what is not where:
        where.insert(dice.randrange(len(where) + 1), what)


def copy(dice: random.Random, root: etree._Element) -> None:
    """Hang a copy of an element under another one."""
    found = list(root.iter(etree.Element))
    what = etree.fromstring(etree.tostring(dice.choice(found), with_tail=False))
    where = dice.choice(found)
    where.insert(dice.randrange(len(where) + 1), what)


def drop(dice: random.Random, root: etree._Element) -> None:
    """Take an element out."""
    doomed = dice.choice(list(root.iter(etree.Element)))
    if doomed is not root:
        doomed.getparent().remove(doomed)


def retext(dice: random.Random, root: etree._Element) -> None:
    """Give an element the text of another one, or none."""
    found = list(root.iter(etree.Element))
    dice.choice(found).text = dice.choice([None, " ", "x", dice.choice(found).text])


def reattribute(dice: random.Random, root: etree._Element) -> None:
    """Give an element an attribute of another one."""
    found = list(root.iter(etree.Element))
    pairs = [pair for element in found for pair in element.attrib.items()]
    dice.choice(found).set(*dice.choice(pairs or [("x", "y")]))


def hide(dice: random.Random, root: etree._Element) -> None:
    """Address an element to the next hop, which takes it out of the signature."""
    actor = "http://schemas.xmlsoap.org/soap/actor/next"
    dice.choice(list(root.iter(etree.Element))).set("{http://schemas.xmlsoap.org/soap/envelope/}actor", actor)


def comment(dice: random.Random, root: etree._Element) -> None:
    """Put a comment or an instruction somewhere."""
    where = dice.choice(list(root.iter(etree.Element)))
    where.insert(dice.randrange(len(where) + 1), dice.choice([etree.Comment("x"), etree.PI("x", "y")]))


TREES = (move, copy, drop, retext, reattribute, hide, comment)


def mutated_tree(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail whose envelope was changed as XML."""
    read = read_mail(mail)
    root = etree.fromstring(read.soap)
    for _ in range(dice.randrange(1, 4)):
        dice.choice(TREES)(dice, root)
    return mail_of(etree.tostring(root), {part.content_id: part.data for part in read.parts})


def mutated_envelope(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail whose envelope was changed as bytes, below its transfer encoding."""
    read = read_mail(mail)
    soap = dice.choice(BYTES)(dice, read.soap)
    return mail_of(soap, {part.content_id: part.data for part in read.parts})


def mutated_parts(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail whose attachments were changed, doubled, renamed or joined by others."""
    read = read_mail(mail)
    parts = {part.content_id: part.data for part in read.parts} or {"ny": b"x"}
    name, data = dice.choice(list(parts.items()))
    parts[dice.choice([name, name.replace("@", "%40"), "ny", ""])] = dice.choice([flip(dice, data), data, b""])
    return mail_of(read.soap, parts)


def mutated_mail(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail that was changed anywhere."""
    for _ in range(dice.randrange(1, 4)):
        mail = dice.choice(BYTES)(dice, mail) or mail
    return mail


MUTATIONS: tuple[Mutation, ...] = (mutated_tree, mutated_envelope, mutated_parts, mutated_mail)


def meaning(found: Verified, *, content_too: bool) -> tuple[object, ...]:
    """Return everything that a decision is made of, the document included where it was opened."""
    envelope = found.envelope
    told = (envelope.header, envelope.from_role, envelope.to_role, envelope.ack_requested, envelope.time_to_live)
    said = (envelope.acknowledgment, envelope.errors, envelope.timestamp, envelope.manifest)
    signed = (told, said, found.signed.digest, found.signed.certificate)
    if not content_too:
        return signed
    content = found.digest if isinstance(found, Accepted) else found.apprec if isinstance(found, Receipt) else None
    return (*signed, type(found), content)


def independently_canonical(mail: bytes) -> bytes:
    """Return the signed bytes of the original, found by another way than the verifier's."""
    root = etree.fromstring(read_mail(mail).soap)
    signature = next(root.iter(ds("Signature")))
    signature.getparent().remove(signature)
    remove_other_actors(root)
    return canonical_fragment(root)


@pytest.mark.parametrize("kind", ORIGINALS)
def test_no_mutation_of_a_mail_raises_or_passes_for_another_message(kind):
    """Whatever is changed in a signed mail, `assess` answers; what it still believes says what the sender signed."""
    world, original = Pair().municipal.world, ORIGINALS[kind]
    genuine = assess(original, world, START)
    assert isinstance(genuine, Accepted | Receipt | Signal)
    signed = independently_canonical(original)
    for number in range(COUNT):
        dice = random.Random(f"{SEED}/{kind}/{number}")
        mutant = dice.choice(MUTATIONS)(dice, original)
        try:
            found = assess(mutant, world, START)
        except Exception as error:
            pytest.fail(f"seed {SEED}, {kind}, try {number}: {type(error).__name__}: {error}")
        if isinstance(found, Verified):
            # What stands around the signed parts may still be refused, under the name of the genuine message.
            opened = not isinstance(found, Refusal)
            same = meaning(found, content_too=opened) == meaning(genuine, content_too=opened)
            assert same, f"seed {SEED}, {kind}, try {number}"
            assert found.signed.envelope == signed, f"seed {SEED}, {kind}, try {number}"


def test_no_mutation_of_a_real_mail_raises():
    """Real mails of other vendors, changed anywhere, give an answer."""
    world = Pair().municipal.world
    folder = samples_folder("transport")
    mails = [path.read_bytes() for path in sorted((folder / "mail").iterdir())]
    mails += [path.read_bytes() for path in sorted((folder / "hermes").glob("*.eml"))]
    for number in range(COUNT):
        dice = random.Random(f"{SEED}/real/{number}")
        mutant = mutated_mail(dice, dice.choice(mails))
        try:
            found = assess(mutant, world, START)
        except Exception as error:
            pytest.fail(f"seed {SEED}, real, try {number}: {type(error).__name__}: {error}")
        assert isinstance(found, Quarantine), f"seed {SEED}, real, try {number}: nobody here is a party of it"


def test_no_bytes_raise():
    """Random bytes behind headers that lead deeper and deeper are read as nothing, or refused."""
    world = Pair().municipal.world
    heads = (b"", b"Content-Type: text/xml\r\n\r\n", b"Content-Type: text/xml\r\n\r\n<x>", b"Content-Type: ")
    for number in range(COUNT):
        dice = random.Random(f"{SEED}/bytes/{number}")
        raw = dice.choice(heads) + dice.randbytes(dice.randrange(400))
        assert isinstance(assess(raw, world, START), Quarantine), f"seed {SEED}, bytes, try {number}"
