"""Messages of a partner that are verified whatever they hold: changed in document or envelope, and signed anew."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from engine.codes.envelope import EnvelopeCode
from engine.deviation.fields import FILE_NAME, MIME_TYPE
from engine.deviation.follow_up import FollowUpKind
from engine.msh import constants as c
from engine.msh.rules import finding
from engine.payload.apprec import ApprecError
from engine.payload.attachment import Attachment
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.engines.reporting import case_of, report
from tests.fakes.fuzz.mutations import XML_CHANGES, numbered
from tests.fakes.partners.documents import apprec, document, follow_up, reply
from tests.fakes.partners.feedback import feedback_document
from tests.fakes.partners.forgery import (
    Letter,
    acknowledgment_mail,
    altered,
    ds,
    eb,
    error_mail,
    payload_mail,
    resigned,
    soap_name,
)
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

FROM_LEVANGER = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP)
TEXTS = (
    "",
    " ",
    "x",
    "0",
    "-1",
    "true",
    "2001-01-01T00:00:00Z",
    "9999-12-31T24:00:00",
    "2026-02-30T12:00:00",
    "urn:uuid:{8090100}",
    "8090100",
    "x" * 3_000,
    "æøå\u202e\u0085",
    "http://schemas.xmlsoap.org/soap/actor/next",
)


@dataclass
class Played:
    """The GP's engine with a case and a message of its own, and what Levanger may write about them."""

    pair: Pair
    msg_id: str
    message_id: str
    digests: Mapping[str, str]

    @property
    def side(self) -> Side:
        """Return the engine that the messages come to."""
        return self.pair.gp


async def played() -> Played:
    """Return an engine that has sent a deviation which arrived."""
    pair = Pair()
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    case = await case_of(pair.gp, GP)
    sent = next(row for row in await pair.gp.outbound() if row.id == case.delivery)
    return Played(pair, str(sent.msg_id), str(sent.header.message_id), sent.reference_digests)


def _business(_: Played, dice: random.Random) -> bytes:
    content = _changed(dice, DEVIATION) if dice.random() < 0.5 else DEVIATION
    attached = [Attachment(FILE_NAME, MIME_TYPE, content)] if dice.random() < 0.7 else []
    return document(LEVANGER_SERVICE, GP_SERVICE, f"ny-{dice.random()}", attachments=attached)


def _follow_up(at: Played, dice: random.Random) -> bytes:
    ours = follow_up(dice.choice(list(FollowUpKind)))
    if dice.random() < 0.5:
        ours = replace(ours, content=_changed(dice, ours.content))
    return reply(at.msg_id, f"svar-{dice.random()}", attachments=[ours] if dice.random() < 0.8 else [])


def _feedback(at: Played, dice: random.Random) -> bytes:
    code = dice.choice(["1", "2", "5", "9", "77"])
    about = dice.choice([at.msg_id, None])
    return feedback_document(LEVANGER_SERVICE, GP_SERVICE, code=code, about=about, msg_id=f"feil-{dice.random()}")


def _apprec(at: Played, dice: random.Random) -> bytes:
    version = dice.choice(["1.0", "1.1"])
    status = dice.choice([1, 2, 3])
    errors = () if status == 1 else (ApprecError("E21"),)
    return apprec(at.msg_id, LEVANGER_SERVICE, GP_SERVICE, status, errors, version)


DOCUMENTS: dict[str, Callable[[Played, random.Random], bytes]] = {
    "business": _business,
    "follow-up": _follow_up,
    "HIS 1151": _feedback,
    "AppRec": _apprec,
}
SIGNALS = ("Acknowledgment", "MessageError")
KINDS = (*DOCUMENTS, *SIGNALS)


def message(kind: str, at: Played, dice: random.Random, number: int) -> bytes:
    """Return one changed message of a kind, signed as Levanger signs, whatever was changed."""
    letter = replace(
        FROM_LEVANGER, message_id=f"melding-{number}", action="APPREC" if kind == "AppRec" else "DIALOG_HELSEFAGLIG"
    )
    if kind in DOCUMENTS:
        plain = DOCUMENTS[kind](at, dice)
        mail = payload_mail(letter, _changed(dice, plain) if dice.random() < 0.75 else plain)
        return mail if dice.random() < 0.6 else _with_envelope_changed(dice, mail)
    refers = replace(letter, ref_to=at.message_id)
    if kind == "Acknowledgment":
        return _with_envelope_changed(dice, acknowledgment_mail(refers, at.digests))
    return _with_envelope_changed(dice, error_mail(refers, finding("cms", EnvelopeCode.NOT_DECRYPTED)))


def _changed(dice: random.Random, plain: bytes) -> bytes:
    """Return a document that was changed: most often a little, so that it still is one."""
    if dice.random() < 0.3:
        return dice.choice(XML_CHANGES)(dice, plain)
    if dice.random() < 0.3:
        return numbered(dice, plain)
    root = etree.fromstring(plain)
    _change(dice, list(root.iter(etree.Element)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _with_envelope_changed(dice: random.Random, mail: bytes) -> bytes:
    """Return a mail whose envelope was changed outside its signature, which stays in place, and signed anew."""

    def change(root: etree._Element) -> None:
        signature = next(root.iter(ds("Signature")))
        kept = {signature, *signature.iterdescendants(), *signature.iterancestors()}
        _change(dice, [each for each in root.iter(etree.Element) if each not in kept])

    return altered(mail, lambda soap: resigned(soap, change, LEVANGER))


def _change(dice: random.Random, elements: list[etree._Element]) -> None:
    """Change one to three elements: out, double, another text, attribute, name, or something foreign inside."""
    for _ in range(dice.randrange(1, 4)):
        node = dice.choice(elements)
        above = node.getparent()
        what = dice.randrange(7)
        if what == 0 and above is not None:
            above.remove(node)
        elif what == 1 and above is not None:
            above.insert(dice.randrange(len(above) + 1), etree.fromstring(etree.tostring(node, with_tail=False)))
        elif what == 2:
            node.text = dice.choice(TEXTS)
        elif what == 3:
            node.set(
                dice.choice([*node.attrib.keys(), "x", eb("version"), soap_name("mustUnderstand")]), dice.choice(TEXTS)
            )
        elif what == 4:
            node.tag = dice.choice(["{urn:fremmed}x", f"{{{c.EB}}}Fremmed", etree.QName(node).localname])
        elif what == 5:
            node.insert(0, etree.fromstring('<f:x xmlns:f="urn:fremmed" f:y="1">z</f:x>'))
        elif node.attrib:
            del node.attrib[dice.choice(list(node.attrib.keys()))]
