"""A reply that a record system writes in a thread: sent on once, as it is, and what it does to the case."""

import base64
import random
from dataclasses import replace

import pytest

from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.deviation.follow_up import FollowUpKind
from engine.deviation.xml import read_deviation
from engine.errors import OwnFault, Refused
from engine.payload.attachment import Attachment
from engine.record_system.taking import take_word
from engine.records.log import Action
from engine.records.messages import ClaimKind, Kind
from engine.register.parties_file import registry_from
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.engines.history import HANDLER, begin, our_case
from tests.fakes.partners.documents import document, follow_up, reply
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.files import PDF, PNG
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    STRANGER,
    VERDAL_SERVICE,
    registry,
    table,
)
from tests.fakes.world.surroundings import DEVIATION

NUMBER = "15820250068"
SPACED = "158202 50068"


async def take(pair, data, her=LEVANGER_SERVICE):
    """Let a record system of the municipalities' engine leave a file."""
    await take_word(pair.municipal.ports, her, data)


async def replies(pair):
    """Return the business messages that the municipality has queued, oldest first."""
    return [row for row in await pair.municipal.outbound() if row.kind is Kind.MELDING]


async def theirs(pair):
    """Return the municipality's case."""
    (case,) = await pair.municipal.ports.store.list_cases(LEVANGER)
    return case


async def actions(pair, case):
    """Return what the event log says of a case of the municipality's, with who did it."""
    events = await pair.municipal.ports.store.timeline(LEVANGER, case.id)
    return [(each.event.action, each.event.actor) for each in events]


@pytest.fixture
async def opened(pair):
    """Bring a case to the municipality, and return the reporter's side of it."""
    await begin(pair)
    await pair.settle()
    return await our_case(pair)


@pytest.mark.parametrize(
    ("attachments", "ours", "reporter"),
    [
        ([], CaseState.BESVART, CaseState.SVAR_IKKE_VURDERT),
        ([follow_up(FollowUpKind.SVAR)], CaseState.BESVART, CaseState.BESVART),
        ([follow_up(FollowUpKind.FORELOPIG_SVAR)], CaseState.UNDER_BEHANDLING, CaseState.UNDER_BEHANDLING),
        ([follow_up(FollowUpKind.BEKREFTELSE)], CaseState.UNDER_BEHANDLING, CaseState.UNDER_BEHANDLING),
        ([Attachment("oppfolging.xml", "application/pdf", PDF)], CaseState.BESVART, CaseState.SVAR_IKKE_VURDERT),
    ],
)
async def test_a_reply_reaches_the_reporter_and_moves_both_sides(pair, opened, attachments, ours, reporter):
    """The document's own bytes arrive; our case moves by what it carries, and a plain one waits to be judged there."""
    written = reply(str(opened.first_msg_id), attachments=attachments)
    await take(pair, written)
    (sent,) = await replies(pair)
    assert pair.municipal.ports.store.tables.outbound[sent.id][2] == written
    await pair.settle()
    assert (await pair.municipal.message(sent.id)).state is DeliveryState.LEVERT
    assert [item.msg_id for item in await pair.gp.inbox(GP)] == ["svar-1"]
    assert ((await theirs(pair)).state, (await our_case(pair)).state) == (ours, reporter)
    assert f"epj@{LEVANGER_SERVICE}" in [who for _, who in await actions(pair, await theirs(pair))]


async def test_an_answer_is_noted_on_our_case(pair, opened):
    """A final answer is the latest message and has its time, an interim one is the latest, a confirmation neither."""
    for number, kind in enumerate((FollowUpKind.BEKREFTELSE, FollowUpKind.FORELOPIG_SVAR, FollowUpKind.SVAR), 1):
        await take(pair, reply(str(opened.first_msg_id), f"svar-{number}", attachments=[follow_up(kind)]))
        case = await theirs(pair)
        assert case.confirmed_at == pair.clock.now()
        assert case.last_msg_id == (opened.first_msg_id if number == 1 else f"svar-{number}")
        assert case.answered_at == (pair.clock.now() if number == 3 else None)


async def test_the_same_file_again_sends_nothing_more(pair, opened):
    """A file that is read again after a crash is done with: one message, one claim, and the case as it was."""
    written = reply(str(opened.first_msg_id))
    await take(pair, written)
    case, events = await theirs(pair), len(pair.municipal.ports.store.tables.events)
    await take(pair, written)
    assert len(await replies(pair)) == 1
    assert await theirs(pair) == case
    assert len(pair.municipal.ports.store.tables.events) == events


async def test_other_content_under_a_used_msg_id_is_refused(pair, opened):
    """A MsgId of another reply, of one that retention has taken since, or of our own message is not used again."""
    await take(pair, reply(str(opened.first_msg_id)))
    with pytest.raises(Refused, match=r"record_system\.msgid_used"):
        await take(pair, reply(str(opened.first_msg_id), text="Noe annet."))
    ours = await pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    with pytest.raises(Refused, match=r"record_system\.msgid_used"):
        await take(pair, reply(str(opened.first_msg_id), str(ours.msg_id)))
    async with pair.municipal.ports.store.begin() as uow:
        await uow.claim(LEVANGER, ClaimKind.SENT, LEVANGER_SERVICE, "for-lenge-siden", b"", None, pair.clock.now())
    with pytest.raises(Refused, match=r"record_system\.msgid_used"):
        await take(pair, reply(str(opened.first_msg_id), "for-lenge-siden"))
    assert [row.msg_id for row in await replies(pair)] == ["svar-1", ours.msg_id]


async def test_a_refused_reply_leaves_its_msg_id_free(pair, opened):
    """What could not be sent has claimed nothing: corrected under the same MsgId, it goes."""
    with pytest.raises(Refused):
        await take(pair, reply(str(opened.first_msg_id), receiver=GP_SERVICE, carrier="dialog-1.0", text=NUMBER))
    ports = pair.municipal.ports
    async with ports.store.begin() as uow:
        assert await uow.look_up_claim(LEVANGER, ClaimKind.SENT, LEVANGER_SERVICE, "svar-1") is None
    await take(pair, reply(str(opened.first_msg_id)))
    assert len(await replies(pair)) == 1


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"thread": "ukjent"}, r"record_system\.answers_nothing"),
        ({"sender": VERDAL_SERVICE}, r"record_system\.reply_of_another"),
        ({"sender": LEVANGER}, r"record_system\.reply_of_another"),
        ({"sender": GP_SERVICE}, r"record_system\.reply_of_another"),
        ({"receiver": VERDAL_SERVICE}, r"record_system\.reply_to_another"),
        ({"receiver": STRANGER}, r"record_system\.reply_to_another"),
        ({"text": f"Gjelder {NUMBER}."}, r"document\.holds_number"),
        ({"text": f"Gjelder {SPACED}."}, r"document\.holds_number"),
    ],
)
async def test_a_reply_that_may_not_be_sent_is_refused_and_changes_nothing(pair, opened, how, told):
    """Only from the party itself, to who wrote, in a thread that it has, without a national number: else nothing."""
    before = pair.municipal.ports.store.tables.copy()
    with pytest.raises(Refused, match=told) as caught:
        await take(pair, reply(**{"thread": str(opened.first_msg_id), **how}))
    assert NUMBER not in str(caught.value)
    assert pair.municipal.ports.store.tables == before


PATIENT = b"<Patient><FamilyName>Fjell</FamilyName></Patient></MsgInfo>"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((b"</MsgInfo>", PATIENT), r"document\.holds_patient"),
        ((b"</MsgHead>", b"<!-- 15820250068 --></MsgHead>"), r"document\.holds_number"),
        ((b"Levanger kommune", b"Levanger 1582<!-- -->0250068"), r"document\.holds_number"),
        ((b"Levanger kommune", b"Levanger &#49;5820250068"), r"document\.holds_number"),
        ((b'DN="Hoveddokument"', b'DN="15820250068"'), r"document\.holds_number"),
        ((b"Vi har sett", b"<b>158202</b><i>50068</i>"), r"document\.holds_number"),
        ((b"<MsgId>svar-1<", b"<MsgId>15820250068<"), r"document\.holds_number"),
        ((b"v1.2 2006-05-24", b"v1.1 2004-01-01"), r"record_system\.unreadable"),
        ((b"DIALOG_HELSEFAGLIG", b"DIALOG_AVVIK"), r"record_system\.cannot_send .*message\.other_type"),
        ((b"DIALOG_HELSEFAGLIG", b"EPIKRISE"), r"record_system\.cannot_send .*message\.other_type"),
    ],
)
async def test_a_document_outside_the_profile_is_refused(pair, opened, change, told):
    """A patient, a national number wherever it hides, another version or another kind of message does not leave."""
    written = reply(str(opened.first_msg_id))
    changed = written.replace(*change)
    assert changed != written
    with pytest.raises(Refused, match=told):
        await take(pair, changed)
    assert await replies(pair) == []


HIDDEN = [
    Attachment("notat.txt", "text/plain", NUMBER.encode()),
    Attachment("notat.txt", "text/plain", NUMBER.encode("utf-16")),
    Attachment("data", "application/xml", b"<x>&#49;5820250068</x>"),
    Attachment("data.xml", "application/octet-stream", b"<x>158202<!-- -->50068</x>"),
    Attachment("data.json", "", b'{"nr": "15820250068"}'),
    Attachment(f"{NUMBER}.pdf", "application/pdf", b"%PDF-1.7"),
]


@pytest.mark.parametrize("attachment", HIDDEN, ids=range(len(HIDDEN)))
async def test_a_national_number_in_a_readable_attachment_is_refused(pair, opened, attachment):
    """Text and XML that go with a reply are looked into, and so are the names of files."""
    with pytest.raises(Refused, match=r"document\.holds_number"):
        await take(pair, reply(str(opened.first_msg_id), attachments=[attachment]))


async def test_what_only_looks_like_a_number_is_sent(pair, opened):
    """Neither the digits of a UUID nor the content of a picture is taken for a national number."""
    picture = Attachment("bilde.png", "image/png", PNG + base64.b64decode("158202500680"))
    for number, msg_id in enumerate(("aaaaaaaa-bbbb-4abc-8def-a15820250068", "svar-2")):
        await take(pair, reply(str(opened.first_msg_id), msg_id, attachments=[picture]))
        assert len(await replies(pair)) == number + 1


async def test_a_reply_may_come_from_below_its_party(pair, opened):
    """A person or a department below the party whose folder it is may be the one who answers."""
    person = {"her": "8090106", "name": "Kari Fjell", "kind": "person", "parent": LEVANGER_SERVICE}
    pair.use(registry_from({**table(), "party": [*table()["party"], person]}))
    below = reply(str(opened.first_msg_id)).replace(b">8090101<", b">8090106<")
    await take(pair, below)
    await pair.settle()
    (sent,) = await replies(pair)
    assert (sent.sender_her, (await pair.municipal.message(sent.id)).state) == ("8090106", DeliveryState.LEVERT)
    assert (await our_case(pair)).state is CaseState.SVAR_IKKE_VURDERT


async def test_any_party_of_the_senders_enterprise_may_be_answered(pair, opened):
    """The receiver of a reply may be another party of the enterprise that wrote."""
    await take(pair, reply(str(opened.first_msg_id), receiver=GP))
    assert [row.receiver_her for row in await replies(pair)] == [GP]


async def test_a_thread_without_a_case_is_just_answered(pair):
    """A dialog message that opened no case is answered by the record system, and nothing else happens."""
    pair.use(registry(her_8090100={"deviation_service": LEVANGER_WARD}))
    await pair.municipal.take(payload_mail(Letter(), document()))
    assert await pair.municipal.ports.store.list_cases(LEVANGER) == []
    await take(pair, reply("dokument-1"))
    assert len(await replies(pair)) == 1
    assert await pair.municipal.tasks() == []


async def test_a_reply_of_another_type_travels_as_that_type(pair, opened):
    """A record system that answers with dialog 1.0 is sent by the Service and Action of its own type."""
    await take(pair, reply(str(opened.first_msg_id), carrier="dialog-1.0"))
    (sent,) = await replies(pair)
    assert (sent.header.service, sent.header.action) == ("S-DIALOG_NOTAT", "DIALOG_NOTAT")
    await pair.settle()
    assert (await pair.municipal.message(sent.id)).state is DeliveryState.LEVERT


async def test_a_case_that_is_answered_already_lets_the_reply_go(pair, opened):
    """Where the table has no place for another answer the message is sent all the same, and the timeline says so."""
    await steps.answer(pair.municipal.ports, HANDLER, (await theirs(pair)).number, Answer("Vi beklager."), final=True)
    case = await theirs(pair)
    await take(pair, reply(str(opened.first_msg_id)))
    assert len(await replies(pair)) == 2
    assert await theirs(pair) == case
    assert (await actions(pair, case))[-1] == (Action.OUT_OF_TURN, f"epj@{LEVANGER_SERVICE}")


async def test_a_closed_case_is_not_touched(pair, opened):
    """A case that has come to its end stays there; the reply goes as in a thread without one."""
    who = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
    number = (await theirs(pair)).number
    await steps.answer(pair.municipal.ports, HANDLER, number, Answer("Vi beklager."), final=True)
    await steps.close(pair.municipal.ports, who, number)
    before = await actions(pair, await theirs(pair))
    await take(pair, reply(str(opened.first_msg_id)))
    assert len(await replies(pair)) == 2
    assert await actions(pair, await theirs(pair)) == before


async def test_a_case_that_we_reported_is_not_answered_by_us(pair):
    """In the thread of our own case a record system's message is sent, and the case waits for the other side."""
    ports = pair.municipal.ports
    reporter, assurer = (
        Person(Role.MELDER, LEVANGER_SERVICE, "Mette Moe"),
        Person(Role.KVALITETSSIKRER, LEVANGER, "Kjell Krog"),
    )
    draft = read_deviation(DEVIATION)
    case = await steps.new(ports, reporter, draft, GP_SERVICE)
    await steps.submit(ports, reporter, case.number)
    await steps.approve(ports, assurer, case.number)
    case = await steps.send(ports, assurer, case.number)
    await pair.settle()
    (there,) = await pair.gp.ports.store.list_cases(GP)
    handler = Person(Role.SAKSBEHANDLER, GP_SERVICE, "Siri Berg")
    await steps.answer(pair.gp.ports, handler, there.number, Answer("Vi ser på det."), final=False)
    await pair.settle()
    (item,) = await pair.municipal.inbox(LEVANGER)
    await take(pair, reply(str(case.first_msg_id), parent=str(item.msg_id)))
    assert len(await replies(pair)) == 2
    assert (await theirs(pair)).state is CaseState.UNDER_BEHANDLING


async def test_a_reply_within_one_enterprise_is_delivered(pair):
    """Where sender and receiver are one enterprise's, what we claimed when it left does not make it look known."""
    letter = Letter(sender=LEVANGER, signer=LEVANGER)
    await pair.municipal.take(payload_mail(letter, document(sender=LEVANGER)))
    await take(pair, reply("dokument-1", receiver=LEVANGER))
    await pair.settle()
    (sent,) = await replies(pair)
    assert (await pair.municipal.message(sent.id)).state is DeliveryState.LEVERT


async def test_what_we_lack_ourselves_is_no_fault_of_the_file(pair, opened):
    """Without a certificate to encrypt to, the file is not refused: it can be tried again when that is mended."""
    pair.use(registry(her_8090300={"certificates": []}))
    with pytest.raises(OwnFault):
        await take(pair, reply(str(opened.first_msg_id)))
    pair.use(registry())
    await take(pair, reply(str(opened.first_msg_id)))
    assert len(await replies(pair)) == 1


async def test_a_reply_that_is_too_large_is_refused(pair, opened):
    """What would not fit on the wire is refused, and the name of no file is repeated."""
    side = pair.municipal
    side.ports = replace(
        side.ports, policy=replace(side.ports.policy, limits=replace(side.ports.policy.limits, most_bytes=100_000))
    )
    noise = random.Random(1).randbytes(80_000)  # what the GP gets is packed, and this does not become smaller by it
    file = Attachment("hemmelig-navn.pdf", "application/pdf", PDF + noise)
    with pytest.raises(
        Refused, match=r'message\.too_large_by.*"most": "100000", "name": "attachment 1", "there": "\d+"'
    ) as caught:
        await take(pair, reply(str(opened.first_msg_id), attachments=[file]))
    assert "hemmelig" not in str(caught.value)
