"""Who makes the PDF of a deviation, what is packed, and what the mails weigh that come of it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.bench.filling import filled
from adapters.pdf.renderer import PdfPages
from engine.casework import steps
from engine.delivery.send import submit
from engine.deviation.fields import FILE_NAME, MIME_TYPE
from engine.deviation.follow_up import FOLLOW_UP_FILE
from engine.deviation.xml import read_deviation
from engine.inbox.made_pdf import made_pdf
from engine.msh.encryption import decrypt
from engine.msh.mime import read_mail
from engine.names import HerId
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from engine.states.inbound import InboundState
from tests.fakes.engines.attaching import HANDLER, letter, received, sent_with
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.partners.documents import reply
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE, test_keys, with_terms
from tests.fakes.world.surroundings import DEVIATION

PDF_FILE = "avvik.pdf"
WITH_PDF, WITHOUT_PDF = 85_000, 50_000
"""What the mail of the bench's deviation may weigh, in bytes."""

LARGER_KEYS = 1_000
"""What keys of 3072 bits, as in service, add to a mail that was made with those of the tests (2048), in bytes."""


async def names(side: Side, owner: HerId) -> list[str]:
    """Return what the newest document in an inbox bears."""
    return [each.name for each in await received(side, owner)]


def is_packed(mail: bytes, readers: Side) -> bool:
    """Say whether the document in a mail is gzip inside its encryption."""
    policy = readers.ports.policy
    hers = [party.her for party in policy.registry.all() if policy.owner_of(party.her)]
    certificates = [each for her in hers for each in policy.our_encryption_certificates(her)]
    part = read_mail(mail).parts[0].data
    document = decrypt(part, certificates, MemoryKeys(test_keys(), policy.hosted))
    return len(part) < len(document)


async def test_the_first_deviation_bears_a_pdf_and_those_after_an_answer_do_not(pair: Pair) -> None:
    """What has not shown Samvik gets a PDF, unpacked; its confirmation, answer or deviation shows it, both ways."""
    mails = {"gp": [], "municipal": []}

    def seen(mail: bytes) -> bytes:
        mails["municipal" if b"To: namdalen" in mail else "gp"].append(mail)
        return mail

    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle(seen)
    assert await names(pair.municipal, LEVANGER) == [FILE_NAME, PDF_FILE]
    assert not is_packed(mails["gp"][0], pair.municipal), "who had shown nothing"
    apprec = next(mail for mail in mails["municipal"] if read_mail(mail).parts)
    assert is_packed(apprec, pair.gp), "the AppRec to who has shown it"

    (case,) = await pair.municipal.ports.store.list_cases(LEVANGER)
    await steps.confirm(pair.municipal.ports, HANDLER, case.number)
    await pair.settle()
    mails["gp"].clear()
    pair.clock.advance(minutes=1)
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle(seen)
    assert await names(pair.municipal, LEVANGER) == [FILE_NAME]
    assert is_packed(mails["gp"][0], pair.municipal)

    await pair.submit(GP_SERVICE, VERDAL_SERVICE)
    await pair.settle()
    assert PDF_FILE in await names(pair.municipal, pair.municipal.ports.policy.hosted[1]), (
        "another party, another system"
    )


@pytest.mark.parametrize(
    ("said", "sent"),
    [({"samvik": True}, False), ({"pdf": "never"}, False), ({"pdf": "always", "samvik": True}, True), ({}, True)],
)
async def test_an_agreement_says_who_gets_a_pdf(pair: Pair, said: dict[str, object], sent: bool) -> None:
    """What is agreed counts from the first deviation."""
    pair.use(with_terms(**said))
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    assert (PDF_FILE in await names(pair.municipal, LEVANGER)) is sent


@pytest.mark.parametrize(
    "file",
    [
        Attachment(FILE_NAME, "application/xml", DEVIATION),
        Attachment(FILE_NAME, MIME_TYPE, b"<Deviation/>"),
        Attachment(FOLLOW_UP_FILE, MIME_TYPE, b"<FollowUp/>"),
        Attachment("funn.xml", MIME_TYPE, DEVIATION),
    ],
)
async def test_what_looks_like_samvik_shows_nothing(pair: Pair, file: Attachment) -> None:
    """An attachment of another type or name, or one that cannot be read, is not taken for Samvik's."""
    row = await pair.municipal.take(letter(file))
    assert row.state is InboundState.LEVERT_INTERNT
    assert not pair.municipal.ports.store.tables.samvik


async def test_only_who_is_vouched_for_shows_anything(pair: Pair) -> None:
    """The same attachment counts in a verified message, and not in one whose signature does not hold."""
    written = reply(
        "traad-1",
        sender=GP_SERVICE,
        receiver=LEVANGER_SERVICE,
        attachments=[Attachment(FILE_NAME, MIME_TYPE, DEVIATION)],
    )
    forged = payload_mail(Letter(), written, lambda soap: soap.replace(b"samtale-1", b"samtale-2"))
    assert (await pair.municipal.take(forged)).verified is False
    assert not pair.municipal.ports.store.tables.samvik
    assert (await pair.municipal.take(payload_mail(Letter(), written))).verified
    assert list(pair.municipal.ports.store.tables.samvik) == [(LEVANGER, GP_SERVICE)]


async def test_a_follow_up_in_a_thread_shows_it_too(pair: Pair) -> None:
    """A confirmation alone is enough: the engine that it comes to sends no PDF to that partner any more."""
    case = await sent_with(pair, [])
    assert not pair.gp.ports.store.tables.samvik
    (theirs,) = await pair.municipal.ports.store.list_cases(LEVANGER)
    await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    await pair.settle()
    assert list(pair.gp.ports.store.tables.samvik) == [(case.owner, LEVANGER_SERVICE)]


async def test_the_receiver_makes_the_senders_pdf(pair: Pair) -> None:
    """What the receiver makes of the structured document has the very bytes of the PDF that the sender left out."""
    pair.clock.set(START + timedelta(seconds=31, microseconds=123_456))
    for side in (pair.gp, pair.municipal):
        side.ports = replace(side.ports, pdf=PdfPages())
    documents = {}
    for pdf in ("always", "never"):
        pair.use(with_terms(pdf=pdf))
        sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
        await pair.settle()
        (item,) = [each for each in await pair.municipal.inbox(LEVANGER) if each.msg_id == sent.msg_id]
        async with pair.municipal.ports.store.begin() as uow:
            found = await uow.inbox_item(LEVANGER, item.id)
        assert found
        documents[pdf] = read_msghead(found[1])
    with_it, without = documents["always"], documents["never"]
    assert made_pdf(PdfPages(), with_it) is None
    theirs = next(each for each in with_it.attachments if each.name == PDF_FILE)
    made = made_pdf(PdfPages(), without)
    assert made is not None
    assert (made.name, made.mime_type, made.content) == (theirs.name, theirs.mime_type, theirs.content)
    assert without.dialog.text == with_it.dialog.text, "the text tells everything, with and without a PDF"


async def test_the_benchs_mail_weighs_little(pair: Pair) -> None:
    """The mail of a deviation of 20 kB between two with Samvik: at most 85 kB with its PDF, and 50 kB without."""
    deviation = filled(read_deviation(DEVIATION), random.Random(1))
    sizes = {}
    for pdf in ("always", "partners_without_samvik"):
        pair.use(with_terms(pdf=pdf, samvik=True))
        pair.gp.ports = replace(pair.gp.ports, pdf=PdfPages())
        await submit(pair.gp.ports, deviation, GP_SERVICE, LEVANGER_SERVICE)
        await pair.gp.work()
        sizes[pdf] = len(pair.gp.sent.pop())
    assert sizes["always"] - sizes["partners_without_samvik"] > 20_000, "the PDF is the larger part"
    assert sizes["always"] + LARGER_KEYS <= WITH_PDF
    assert sizes["partners_without_samvik"] + LARGER_KEYS <= WITHOUT_PDF
