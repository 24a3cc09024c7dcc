"""Files both ways between two engines: what goes along, what is refused and to whom it is told."""

import hashlib
from dataclasses import replace

import pytest

from adapters.words.language import Language
from adapters.words.speaking import sentence
from engine.casework import steps
from engine.delivery.send import submit
from engine.deviation.fields import FILE_NAME, MIME_TYPE, Answer
from engine.deviation.follow_up import FOLLOW_UP_FILE
from engine.deviation.xml import read_deviation
from engine.errors import Refused
from engine.msh.encryption import decrypt
from engine.msh.mime import read_mail
from engine.names import HerId
from engine.outbound.attachments import attach, check_sizes
from engine.outbound.mail import mail_size
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from engine.records.log import Action
from engine.records.messages import Kind
from engine.register.parties_file import registry_from
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.attaching import ASSURER, FILES, HANDLER, REPORTER, SECRET, letter, received, sent_with, told
from tests.fakes.engines.reporting import case_of, sent_documents
from tests.fakes.world.files import PAGE, PDF, PNG, PROGRAM, ZIP
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, table, test_keys, with_terms
from tests.fakes.world.surroundings import DEVIATION


async def test_several_files_go_both_ways(pair):
    """A deviation's files follow the main document, our structured one and the PDF; an answer's follow its own."""
    assert (await sent_with(pair, FILES)).state is CaseState.LEVERT
    there = await received(pair.municipal, LEVANGER)
    assert [(each.name, each.mime_type) for each in there] == [
        (FILE_NAME, MIME_TYPE),
        ("avvik.pdf", "application/pdf"),
        ("funn.pdf", "application/pdf"),
        ("sår æøå.png", "image/png"),
        ("ct.tif", "image/tiff"),
        ("bilde.JPG", "image/jpeg"),
    ]
    assert [each.content for each in there[2:]] == [content for _, content in FILES]
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Se bildet."), final=True, files=FILES[:2])
    await pair.settle()
    here = await received(pair.gp, GP)
    assert [each.name for each in here] == [FOLLOW_UP_FILE, "funn.pdf", "sår æøå.png"]
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    assert await pair.gp.tasks() == await pair.municipal.tasks() == []


async def test_files_go_along_again_to_another_receiver(pair):
    """What went astray is sent anew with its files."""
    await sent_with(pair, FILES[:1])
    documents = await sent_documents(pair.gp)
    case = await case_of(pair.gp, GP)
    async with pair.gp.ports.store.begin() as uow:
        await uow.settle_case(GP, replace(case, state=CaseState.FEILADRESSERT), was=case.state)
    await steps.send(pair.gp.ports, ASSURER, case.number, HerId("8090201"))
    again = (await sent_documents(pair.gp))[len(documents)][1]
    assert [each.name for each in read_msghead(again).attachments] == [FILE_NAME, "avvik.pdf", "funn.pdf"]


REFUSED = {
    "a program": (
        "faktura.exe",
        PROGRAM,
        r'not_agreed {"name": "faktura.exe", "kind": "program", "agreed": "jpeg, pdf, png, tiff"}',
    ),
    "a program called PDF": (
        "f.pdf",
        PROGRAM,
        r'name_promises {"name": "f.pdf", "kind": "program", "promised": "pdf"}',
    ),
    "a PDF called picture": ("f.png", PDF, r'name_says_otherwise {"name": "f.png", "kind": "pdf"}'),
    "a PDF called program": ("f.exe", PDF, r'name_says_otherwise {"name": "f.exe", "kind": "pdf"}'),
    "a page": ("side.html", PAGE, r'not_agreed {"name": "side.html", "kind": "markup"'),
    "Word": ("notat.docx", ZIP, r'not_agreed {"name": "notat.docx", "kind": "packed"'),
    "nothing": ("tom.pdf", b"", r'name_promises {"name": "tom.pdf", "kind": "unknown", "promised": "pdf"}'),
    "a folder in its name": ("../../f.exe", PROGRAM, r'not_agreed {"name": "f.exe", "kind": "program"'),
    "a number in its name": ("15820250068.pdf", PDF, r'number_in_name {"number": "1"}'),
}


@pytest.mark.parametrize(("name", "content", "words"), REFUSED.values(), ids=REFUSED)
async def test_a_file_that_may_not_be_sent_is_refused_with_what_it_is(pair, name, content, words):
    """The caller gets one sentence with the file and what it is; no draft is opened and nothing is queued."""
    with pytest.raises(Refused, match=words):
        await sent_with(pair, [(name, content)])
    assert await pair.gp.ports.store.list_cases(GP) == []
    with pytest.raises(Refused, match=words):
        await submit(pair.gp.ports, read_deviation(DEVIATION), GP_SERVICE, LEVANGER_SERVICE, [(name, content)])
    assert await pair.gp.outbound() == []


async def test_a_name_without_an_ending_gets_the_right_one(pair):
    """Where a name promises nothing, the receiver's system is told by its ending what the file is."""
    (made,) = await attach(pair.gp.ports, GP_SERVICE, LEVANGER_SERVICE, [("funn", PNG)], pair.clock.now())
    assert (made.name, made.mime_type) == ("funn.png", "image/png")


async def test_the_agreement_says_what_goes_along(pair):
    """Kinds, number and size of files are the agreement's; an answer is held to them as well."""
    pair.use(with_terms(attachment_types=["pdf"], attachment_most=1, attachment_most_bytes=100))
    now = pair.clock.now()
    for files, words in [
        ([("b.png", PNG)], 'file.not_agreed {"name": "b.png", "kind": "png", "agreed": "pdf"}'),
        ([("a.pdf", PDF), ("b.pdf", PDF)], 'file.too_many {"number": "2", "most": "1"}'),
        (
            [("a.pdf", PDF + bytes(100))],
            f'file.too_large {{"name": "a.pdf", "size": "{len(PDF) + 100}", "most": "100"}}',
        ),
    ]:
        with pytest.raises(Refused, match=words):
            await attach(pair.gp.ports, GP_SERVICE, LEVANGER_SERVICE, files, now)
    await sent_with(pair, [("a.pdf", PDF)])
    there = await received(pair.municipal, LEVANGER)
    assert [each.name for each in there] == [FILE_NAME, "a.pdf"], "our PDF gives way to theirs"


async def test_an_agreement_that_changes_counts_when_the_case_is_sent(pair):
    """A file that was agreed on when it was drafted is refused, by name, if it is no more; the case stays approved."""
    ports = pair.gp.ports
    case = await steps.new(ports, REPORTER, read_deviation(DEVIATION), LEVANGER_SERVICE, [("b.png", PNG)])
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    pair.use(with_terms(attachment_types=["pdf"]))
    with pytest.raises(Refused, match=r'file\.not_agreed {"name": "b.png", "kind": "png"'):
        await steps.send(pair.gp.ports, ASSURER, case.number)
    assert (await case_of(pair.gp, GP)).state is CaseState.GODKJENT
    assert await pair.gp.outbound() == []


# size on the wire


def test_26_mb_goes_and_29_mb_does_not(pair):
    """By the files' sizes alone, read by nobody: 16/9 of the bytes and the line breaks, told with the file's name."""
    pair.use(with_terms(attachment_most_bytes=100_000_000))
    ports, now = pair.gp.ports, pair.clock.now()
    for size in (26_000_000, 26 * 1024 * 1024):
        check_sizes(ports.policy, GP_SERVICE, LEVANGER_SERVICE, [("ct.tif", size)], now)
    for size in (29_000_000, 29 * 1024 * 1024):
        with pytest.raises(Refused) as caught:
            check_sizes(ports.policy, GP_SERVICE, LEVANGER_SERVICE, [("a.pdf", 1000), ("ct.tif", size)], now)
    told = sentence(caught.value, Language.EN)
    assert "the largest file is ct.tif, 55482570 bytes (55.5 MB) on the wire." in told
    assert "a mail may have 51200000 bytes (51.2 MB)" in told


async def test_what_is_told_of_the_wire_is_what_goes_over_it(pair):
    """The mail that leaves is as large as was computed, give or take what stands around a file."""
    size = 300_000
    ports = replace(
        pair.gp.ports,
        policy=replace(pair.gp.ports.policy, limits=replace(pair.gp.ports.policy.limits, most_bytes=1_000)),
    )
    with pytest.raises(Refused) as caught:
        check_sizes(ports.policy, GP_SERVICE, LEVANGER_SERVICE, [("a.pdf", size)], pair.clock.now())
    assert caught.value.statement is not None
    assert caught.value.statement.params["name"] == "a.pdf"
    computed = int(str(caught.value.statement.params["there"]))
    sent = await submit(
        pair.gp.ports,
        read_deviation(DEVIATION),
        GP_SERVICE,
        LEVANGER_SERVICE,
        [("a.pdf", PDF + bytes(size - len(PDF)))],
    )
    await pair.gp.work()
    (mail,) = pair.gp.sent
    stored = pair.gp.ports.store.tables.outbound[sent.id][1]
    assert len(mail) == mail_size(sent, stored, pair.clock.now())
    assert 0 < len(mail) - computed < 40_000


async def test_the_whole_mail_is_weighed_exactly(pair):
    """At the limit it goes, one byte over it is refused with the file and its size on the wire; nothing is queued."""
    side = pair.gp
    files = [("a.pdf", PDF + bytes(50_000)), ("b.pdf", PDF)]

    async def send(most):
        side.ports = replace(
            side.ports, policy=replace(side.ports.policy, limits=replace(side.ports.policy.limits, most_bytes=most))
        )
        return await submit(side.ports, read_deviation(DEVIATION), GP_SERVICE, LEVANGER_SERVICE, files)

    sent = await send(1_000_000)
    size = mail_size(sent, side.ports.store.tables.outbound[sent.id][1], pair.clock.now())
    assert await send(size)
    with pytest.raises(
        Refused, match=rf'too_large_by {{"size": "{size}", "most": "{size - 1}", "name": "a.pdf", "there": "9\d{{4}}"'
    ):
        await send(size - 1)
    assert len(await side.outbound()) == 2


# gzip


def agreed(**terms):
    """Return a register where the two enterprises have an agreement of their own."""
    made = table()
    made["agreement"] = [{"between": [LEVANGER, GP], **terms}]
    return registry_from(made)


async def plain_of(pair, side, reader):
    """Return what is inside the encryption of the business document that a side sends."""
    await side.work()
    mail = next(mail for mail in side.sent if b"multipart/related" in mail)
    certificates = pair.municipal.ports.policy.our_encryption_certificates(LEVANGER_SERVICE)
    certificates += pair.gp.ports.policy.our_encryption_certificates(GP_SERVICE)
    part = read_mail(mail).parts[0]
    keys = MemoryKeys(test_keys(), (reader,))
    whole = decrypt(part.data, certificates, keys)
    return part.data, whole


@pytest.mark.parametrize("compress", [True, False])
async def test_documents_are_packed_where_that_is_agreed(pair, compress):
    """With gzip agreed the encrypted part is smaller than the document, both ways; without it, it is not."""
    pair.use(agreed(compress=compress))
    files = [("a.pdf", PDF + bytes(60_000))]
    await submit(pair.gp.ports, read_deviation(DEVIATION), GP_SERVICE, LEVANGER_SERVICE, files)
    part, document = await plain_of(pair, pair.gp, LEVANGER)
    assert (len(part) < len(document) / 2) is compress
    assert read_msghead(document).attachments[-1].content == files[0][1]
    await pair.settle()
    assert [row.state for row in await pair.gp.outbound() if row.kind is Kind.MELDING] == [DeliveryState.LEVERT]
    await submit(pair.municipal.ports, read_deviation(DEVIATION), LEVANGER_SERVICE, GP_SERVICE, files)
    part, document = await plain_of(pair, pair.municipal, GP)
    assert (len(part) < len(document) / 2) is compress
    await pair.settle()
    assert len(await pair.gp.inbox(GP)) == len(await pair.municipal.inbox(LEVANGER)) == 1


async def test_what_comes_packed_is_taken_whatever_is_agreed(pair):
    """Only one side has agreed on gzip, and both read each other."""
    pair.gp.ports = replace(pair.gp.ports, policy=replace(pair.gp.ports.policy, registry=agreed(compress=True)))
    sent = await submit(pair.gp.ports, read_deviation(DEVIATION), GP_SERVICE, LEVANGER_SERVICE, FILES)
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT


async def test_packing_makes_room_on_the_wire(pair):
    """What packs well may be larger than a mail could carry unpacked; what does not is refused before it is queued."""
    side = pair.gp
    side.ports = replace(
        side.ports, policy=replace(side.ports.policy, limits=replace(side.ports.policy.limits, most_bytes=100_000))
    )
    well = ("a.pdf", PDF + bytes(60_000))
    noise = b"".join(hashlib.sha256(str(each).encode()).digest() for each in range(2_200))
    deviation = read_deviation(DEVIATION)
    with pytest.raises(Refused, match=r'files_too_large .*"name": "a.pdf", "there": "109'):
        await submit(side.ports, deviation, GP_SERVICE, LEVANGER_SERVICE, [well])
    pair.use(agreed(compress=True))
    assert await submit(side.ports, deviation, GP_SERVICE, LEVANGER_SERVICE, [well])
    with pytest.raises(Refused, match=r'^message\.too_large_by {"size": "11.*"name": "stoy.pdf", "there": "9'):
        await submit(side.ports, deviation, GP_SERVICE, LEVANGER_SERVICE, [("stoy.pdf", PDF + noise)])
    with pytest.raises(Refused, match=r'before_packing .*"most": "100000", "name": "stor.pdf"'):
        await submit(side.ports, deviation, GP_SERVICE, LEVANGER_SERVICE, [("stor.pdf", PDF + bytes(80_000))])
    assert len(await side.outbound()) == 1


# what comes


async def test_a_file_that_is_not_what_it_says_is_taken_with_a_warning(pair):
    """A wrong MimeType and a kind that is not agreed are noted on the timeline, numbered, and nothing is dropped."""
    side = pair.municipal
    files = (Attachment(f"{SECRET}.png", "image/png", PDF), Attachment(f"{SECRET}.exe", "image/png", PROGRAM))
    row = await side.take(letter(*files))
    assert row.state is InboundState.LEVERT_INTERNT
    assert list(await received(side, LEVANGER)) == list(files)
    events = [each.event for each in await side.ports.store.timeline(LEVANGER, row.id)]
    notes = [
        sentence(event.data["reason"], Language.NB)
        for event in events
        if event.action == Action.WARNING and event.data["rule"] == "attachment"
    ]
    assert notes == [
        "Vedlegg 1 er en PDF, men sier at det er noe annet (MimeType). (/MsgHead/Document[2])",
        "Vedlegg 2 er et program, som avtalen ikke har med (jpeg, pdf, png, tiff). (/MsgHead/Document[3])",
        "Vedlegg 2 er et program, men sier at det er noe annet (MimeType). (/MsgHead/Document[3])",
    ]
    assert SECRET not in repr(events)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({}, "Vedlegg 2 er et program, som avtalen ikke har med (jpeg, pdf, png, tiff). (/MsgHead/Document[3])"),
        ({"attachment_most": 1}, "Meldingen har 2 vedlegg; avtalen tillater 1. (/MsgHead/Document)"),
        ({"attachment_most_bytes": 9}, f"Vedlegg 1 er på {len(PDF)} byte; avtalen tillater 9. (/MsgHead/Document[2])"),
    ],
)
async def test_a_strict_agreement_refuses_with_apprec_2(pair, terms, words):
    """Kind, number and size outside the agreement: AppRec 2, T99, the place and a sentence; nothing in the inbox."""
    pair.use(with_terms(check_attachments=True, **terms))
    side = pair.municipal
    row = await side.take(letter(Attachment("a.pdf", "application/pdf", PDF), Attachment("b", "", PROGRAM)))
    assert row.state is InboundState.AVVIST_APP
    assert await told(side) == (2, [("T99", words)])
    assert await side.inbox(LEVANGER) == []
