"""The record system's own AppRec: whose it may be, what it does to mail, sender and case, and what comes too late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.codes.case_task import CaseTaskCode
from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.errors import Refused
from engine.payload.apprec import ApprecError, read_apprec
from engine.record_system.taking import folder_parties, take_word
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.states.apprec import ApprecEvent, ApprecState
from engine.states.case import CaseEvent, CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.history import begin, our_case
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    STRANGER,
    VERDAL,
    VERDAL_SERVICE,
    with_terms,
)

REFUSAL = [ApprecError("E35", "Pasienten er ikke hos oss.")]


@pytest.fixture
def pair() -> Pair:
    """Two engines whose agreement leaves the AppRec to the record system, for an hour."""
    return Pair(with_terms(apprec_by="epj", apprec_deadline_minutes=60))


async def sent_document(pair):
    """Bring the example deviation to the record system's folder, and return its delivery."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    return sent


async def says(pair, sent, status=1, **how):
    """Let Levanger's record system say an AppRec about a document."""
    errors = how.pop("errors", REFUSAL if status != 1 else [])
    word = apprec(str(sent.msg_id), LEVANGER_SERVICE, GP_SERVICE, status, errors, **how)
    await take_word(pair.municipal.ports, LEVANGER_SERVICE, word)
    return word


async def mail_of(pair):
    """Return the mail with the document, as it stands at the municipality."""
    return next(row for row in await pair.municipal.inbound() if row.kind is Kind.MELDING)


async def apprecs(pair):
    """Return the AppRec documents that the municipality has queued, oldest first."""
    tables = pair.municipal.ports.store.tables
    return [tables.outbound[row.id][2] for row in await pair.municipal.outbound() if row.kind is Kind.APPREC]


def everything(pair):
    """Return all that the municipality's store holds."""
    tables = pair.municipal.ports.store.tables
    return [dict(tables.inbound), dict(tables.outbound), dict(tables.ledger), dict(tables.work), list(tables.events)]


@pytest.mark.parametrize(
    ("status", "state", "told", "delivery"),
    [
        (1, InboundState.LEVERT_INTERNT, ApprecState.SENDT_OK, DeliveryState.LEVERT),
        (2, InboundState.AVVIST_APP, ApprecState.SENDT_AVVIST, DeliveryState.AVVIST),
        (3, InboundState.LEVERT_INTERNT, ApprecState.SENDT_FEIL_I_DEL, DeliveryState.LEVERT_MED_FEIL),
    ],
)
async def test_the_record_systems_word_goes_to_the_sender(pair, status, state, told, delivery):
    """Its own bytes leave, the mail moves by the tables, no deadline is left, and the sender's delivery follows."""
    sent = await sent_document(pair)
    word = await says(pair, sent, status)
    row = await mail_of(pair)
    assert (row.state, row.apprec, row.deadline) == (state, told, None)
    told_why = Statement.of(RecordSystemCode.APPREC_SAYS, status=status, fault="E35")
    assert row.reason == ("" if status == 1 else str(told_why))
    assert await apprecs(pair) == [word]
    assert (LEVANGER, WorkKind.FRIST, row.id) not in pair.municipal.ports.store.tables.work
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is delivery
    events = [each.event for each in await pair.municipal.ports.store.timeline(LEVANGER, row.id)]
    assert events[-1].actor == f"epj@{LEVANGER_SERVICE}"


async def test_a_late_copy_of_the_document_gets_the_record_systems_apprec_again(pair):
    """The same document under a new MessageId is answered with the AppRec that the record system gave."""
    await pair.municipal.take(payload_mail(Letter(), document()))
    word = apprec("dokument-1", LEVANGER_SERVICE, GP_SERVICE, 2, REFUSAL)
    await take_word(pair.municipal.ports, LEVANGER_SERVICE, word)
    again = await pair.municipal.take(payload_mail(Letter(message_id="melding-2"), document()))
    assert again.state is InboundState.DUPLIKAT_FAG
    assert await apprecs(pair) == [word, word]


async def test_the_same_word_again_changes_nothing(pair):
    """A file that is read again after a crash sends no second AppRec, opens no task, and is no error."""
    for status in (1, 2, 3):
        fresh = Pair(with_terms(apprec_by="epj"))
        sent = await sent_document(fresh)
        await says(fresh, sent, status)
        before = await fresh.municipal.tasks()
        await says(fresh, sent, status)
        assert len(await apprecs(fresh)) == 1
        assert await fresh.municipal.tasks() == before


@pytest.mark.parametrize("status", [2, 3])
async def test_another_word_than_the_one_that_was_sent_calls_a_person(pair, status):
    """A record system that changes its mind is not heard by the sender any more: a task for people, nothing sent."""
    sent = await sent_document(pair)
    await says(pair, sent, 1)
    await says(pair, sent, status)
    assert len(await apprecs(pair)) == 1
    (task,) = await pair.municipal.tasks()
    assert task.subject == (await mail_of(pair)).id
    assert task.text.startswith("record_system.contradicts ")


@pytest.mark.parametrize(("status", "calls"), [(1, 0), (2, 1), (3, 1)])
async def test_where_the_engine_gave_its_word_the_record_systems_is_not_sent(status, calls):
    """With the engine's own AppRec out, an AppRec 1 is an event alone; 2 and 3 open a task, and nothing is sent."""
    pair = Pair()
    sent = await sent_document(pair)
    await says(pair, sent, status)
    row = await mail_of(pair)
    assert (row.state, row.apprec) == (InboundState.LEVERT_INTERNT, ApprecState.SENDT_OK)
    assert len(await apprecs(pair)) == 1
    assert len(await pair.municipal.tasks()) == calls
    actions = [each.event.action for each in await pair.municipal.ports.store.timeline(LEVANGER, row.id)]
    assert actions[-1] in {ApprecEvent.EPJ_OK, ApprecEvent.EPJ_REFUSED, ApprecEvent.EPJ_PARTLY}


@pytest.mark.parametrize(("status", "calls"), [(1, 0), (2, 1), (3, 1)])
async def test_a_word_after_the_fallback_is_not_sent(pair, status, calls):
    """When the engine has answered for a silent record system, its late AppRec 1 is ignored, and 2 or 3 is a task."""
    sent = await sent_document(pair)
    pair.clock.advance(hours=1)
    await pair.settle()
    before = len(await pair.municipal.tasks())
    await says(pair, sent, status)
    assert len(await apprecs(pair)) == 1
    assert len(await pair.municipal.tasks()) == before + calls
    assert (await mail_of(pair)).apprec is ApprecState.SENDT_OK


async def test_the_deadline_does_nothing_after_the_word(pair):
    """An hour after the record system's AppRec nothing is sent in its place, and no task opens."""
    sent = await sent_document(pair)
    await says(pair, sent, 2)
    pair.clock.advance(hours=2)
    await pair.settle()
    assert len(await apprecs(pair)) == 1
    assert "silent record system" not in [task.cause for task in await pair.municipal.tasks()]


@pytest.mark.parametrize(("carrier", "theirs", "wanted"), [("samvik-1", "1.0", "1.1"), ("dialog-1.0", "1.1", "1.0")])
async def test_an_apprec_of_the_other_version_is_written_anew(carrier, theirs, wanted):
    """Where the agreement's carrier wants another version, that version leaves with the same word, Id and time."""
    pair = Pair(with_terms(apprec_by="epj", carrier=carrier))
    sent = await sent_document(pair)
    await says(pair, sent, 2, version=theirs)
    (written,) = [read_apprec(each) for each in await apprecs(pair)]
    assert (written.version, written.status, written.id) == (wanted, 2, f"kvittering-{sent.msg_id}")
    assert [(error.code, error.detail) for error in written.errors] == [("E35", "Pasienten er ikke hos oss.")]
    assert written.original_msg_id == sent.msg_id
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.AVVIST


@pytest.mark.parametrize(
    ("change", "code", "detail"),
    [
        ((b' V="E35"', b' V="Z12"'), "X99", "Z12 Pasienten finnes ikke i mottakersystemet Pasienten er ikke hos oss."),
        ((b"<Error ", b"<Feil "), "X99", "Fagsystemet oppga ingen årsak."),
    ],
)
async def test_an_error_that_we_may_not_write_becomes_another_error(pair, change, code, detail):
    """An unknown code, or a refusal without any, still reaches the sender as AppRec 2 with an error of the list."""
    sent = await sent_document(pair)
    word = apprec(str(sent.msg_id), LEVANGER_SERVICE, GP_SERVICE, 2, REFUSAL, version="1.0")
    await take_word(pair.municipal.ports, LEVANGER_SERVICE, word.replace(*change))
    (written,) = [read_apprec(each) for each in await apprecs(pair)]
    assert [(error.code, error.detail) for error in written.errors] == [(code, detail)]


async def test_a_word_for_a_ward_is_given_in_its_name(pair):
    """A document to a ward lies in the contact point's folder: its AppRec reaches a sender who knows only the ward."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_WARD)
    await pair.settle()
    await says(pair, sent, 1)
    (written,) = [read_apprec(each) for each in await apprecs(pair)]
    assert written.sender_her == LEVANGER_WARD
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT


WRONG = [
    ("ukjent", LEVANGER_SERVICE, GP_SERVICE, LEVANGER_SERVICE, r"record_system\.apprec_about_nothing"),
    ("dokument-1", LEVANGER_SERVICE, GP, LEVANGER_SERVICE, r"record_system\.apprec_about_nothing"),
    ("dokument-1", LEVANGER_SERVICE, VERDAL_SERVICE, LEVANGER_SERVICE, r"record_system\.apprec_about_nothing"),
    ("dokument-1", VERDAL_SERVICE, GP_SERVICE, LEVANGER_SERVICE, r"record_system\.apprec_of_another"),
    ("dokument-1", STRANGER, GP_SERVICE, LEVANGER_SERVICE, r"record_system\.apprec_of_another"),
    ("dokument-1", LEVANGER_WARD, GP_SERVICE, LEVANGER, r"record_system\.apprec_about_nothing"),
    ("dokument-1", VERDAL_SERVICE, GP_SERVICE, VERDAL_SERVICE, r"record_system\.apprec_about_nothing"),
    ("dokument-1", GP_SERVICE, GP_SERVICE, GP_SERVICE, r"party\.not_served"),
]


@pytest.mark.parametrize(("about", "sender", "receiver", "folder", "told"), WRONG)
async def test_an_apprec_that_is_not_theirs_to_give_is_refused(pair, about, sender, receiver, folder, told):
    """Only the inbox that has the document, in the name of its enterprise, to who sent it: else nothing changes."""
    await pair.municipal.take(payload_mail(Letter(), document()))
    before = everything(pair)
    with pytest.raises(Refused, match=told):
        await take_word(pair.municipal.ports, folder, apprec(about, sender, receiver))
    assert everything(pair) == before


async def test_two_senders_may_use_the_same_msg_id(pair):
    """A MsgId is its sender's own: the AppRec's receiver says which of two documents is meant."""
    letter = Letter(sender=VERDAL_SERVICE, signer=VERDAL, message_id="melding-2")
    first = await pair.municipal.take(payload_mail(Letter(), document()))
    second = await pair.municipal.take(payload_mail(letter, document(sender=VERDAL_SERVICE)))
    await take_word(pair.municipal.ports, LEVANGER_SERVICE, apprec("dokument-1", LEVANGER_SERVICE, VERDAL_SERVICE))
    assert (await pair.municipal.mail(first.id)).state is InboundState.RUTET
    assert (await pair.municipal.mail(second.id)).state is InboundState.LEVERT_INTERNT


@pytest.mark.parametrize("data", [b"", b"ikke xml", b"<a/>", b"\xff\xfe\x00", b"<a>" * 10_000])
async def test_what_is_no_document_of_ours_is_refused(pair, data):
    """Bytes that are neither AppRec nor MsgHead are refused with a sentence in Norwegian and what to do."""
    with pytest.raises(Refused, match=r"^record_system\.unreadable "):
        await take_word(pair.municipal.ports, LEVANGER_SERVICE, data)


async def test_both_sides_count_from_the_day_of_the_record_systems_apprec(pair):
    """An AppRec that comes after midnight starts both clocks on its own day, also where the engine gives it."""
    for word in (True, False):
        fresh = Pair(with_terms(apprec_by="epj", apprec_deadline_minutes=60))
        fresh.clock.set(fresh.clock.now().replace(hour=22, minute=30))
        case = await begin(fresh)
        await fresh.settle()
        (theirs,) = await fresh.municipal.ports.store.list_cases(LEVANGER)
        assert str(theirs.start) == "2026-03-02"
        fresh.clock.advance(minutes=60)
        if word:
            about = str(case.first_msg_id)
            told = apprec(about, LEVANGER_SERVICE, GP_SERVICE, at=fresh.clock.now() - timedelta(minutes=1))
            await take_word(fresh.municipal.ports, LEVANGER_SERVICE, told)
        await fresh.settle()
        (theirs,) = await fresh.municipal.ports.store.list_cases(LEVANGER)
        ours = await our_case(fresh)
        assert (str(ours.start), ours.due) == ("2026-03-03", theirs.due)
        assert (theirs.start, theirs.state) == (ours.start, CaseState.UNDER_BEHANDLING)
        assert theirs.deadline is not None
        assert theirs.deadline.date() == theirs.due


async def test_a_refused_document_that_opened_a_case_calls_a_person(pair):
    """The case stays where it is, since no state ends it unseen; its case worker is told once, and it is logged."""
    case = await begin(pair)
    await pair.settle()
    for _ in range(2):
        word = apprec(str(case.first_msg_id), LEVANGER_SERVICE, GP_SERVICE, 2, REFUSAL)
        await take_word(pair.municipal.ports, LEVANGER_SERVICE, word)
    (theirs,) = await pair.municipal.ports.store.list_cases(LEVANGER)
    assert theirs.state is CaseState.UNDER_BEHANDLING
    told = [task for task in await pair.municipal.tasks("saksbehandler") if task.cause == CaseEvent.DELIVERY_FAILED]
    said = str(Statement.of(CaseTaskCode.REFUSED_BY_RECORD_SYSTEM, number=theirs.number))
    assert [task.text for task in told] == [said]
    events = [each.event for each in await pair.municipal.ports.store.timeline(LEVANGER, theirs.id)]
    assert (events[-1].action, events[-1].actor) == (CaseEvent.DELIVERY_FAILED, f"epj@{LEVANGER_SERVICE}")
    await pair.settle()
    assert (await our_case(pair)).state is CaseState.SENDES


async def test_only_parties_with_a_folder_that_are_served_here_have_one(pair):
    """The folders are those of our own parties whose inbox is a folder, and nobody else's."""
    assert folder_parties(pair.municipal.ports.policy) == [LEVANGER_SERVICE]
    assert (
        folder_parties(
            replace(pair.municipal.ports, policy=replace(pair.municipal.ports.policy, hosted=(VERDAL,))).policy
        )
        == []
    )
