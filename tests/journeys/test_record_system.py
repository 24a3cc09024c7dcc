"""Where the record system gives the AppRec by agreement: waiting for its word, and answering for its silence."""

from datetime import timedelta

import pytest

from engine.payload.apprec import read_apprec
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.register.parties_file import registry_from
from engine.states.apprec import ApprecState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.store.due_work import next_due
from tests.fakes.world.parties import GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, table, with_terms


@pytest.fixture
def pair() -> Pair:
    """Two engines whose agreement leaves the AppRec to the record system, for an hour."""
    return Pair(with_terms(apprec_by="epj", apprec_deadline_minutes=60))


async def kinds(pair):
    """Return the kinds of what the municipalities' engine has sent or will send."""
    return [row.kind for row in await pair.municipal.outbound()]


async def test_a_document_for_a_record_system_waits_for_its_word(pair):
    """The document is acknowledged and in the inbox, its folder is being filled, and no AppRec has left."""
    row = await pair.municipal.take(payload_mail(Letter(), document()))
    assert (row.state, row.apprec) == (InboundState.RUTET, ApprecState.VENTER_EPJ)
    assert row.deadline == pair.clock.now() + timedelta(hours=1)
    assert await kinds(pair) == [Kind.KVITTERING]
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    assert await next_due(pair.municipal.ports.store, [WorkKind.INNBOKS]) == pair.clock.now()


async def test_a_party_without_a_folder_is_answered_for_by_the_engine(pair):
    """An agreement on the record system's word means nothing for a party that reads in the engine's own inbox."""
    letter = Letter(receiver=VERDAL_SERVICE, readable_by=VERDAL)
    row = await pair.municipal.take(payload_mail(letter, document(receiver=VERDAL_SERVICE)))
    assert (row.state, row.apprec) == (InboundState.LEVERT_INTERNT, ApprecState.SENDT_OK)


@pytest.mark.parametrize("inbox", ["folder", "api"])
async def test_a_silent_record_system_is_answered_for_at_the_deadline_with_a_task(pair, inbox):
    """At the deadline, not before, whichever door: the engine's own inbox has the document, AppRec 1 and a task."""
    terms = {"apprec_by": "epj", "apprec_deadline_minutes": 60}
    pair.use(registry_from({**table(her_8090101={"inbox": inbox}), "defaults": terms}))
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    pair.clock.advance(minutes=59)
    await pair.municipal.work()
    assert Kind.APPREC not in await kinds(pair)
    pair.clock.advance(minutes=1)
    await pair.settle()
    (row,) = [row for row in await pair.municipal.inbound() if row.kind is Kind.MELDING]
    assert (row.state, row.apprec, row.deadline) == (InboundState.LEVERT_INTERNT, ApprecState.SENDT_OK, None)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT
    assert [task.cause for task in await pair.municipal.tasks()] == ["silent record system"]
    assert await pair.gp.tasks() == []


async def test_the_same_document_again_is_not_answered_twice_by_a_silent_record_system(pair):
    """A second copy while the first one waits gets no AppRec of its own; the one that comes is about both."""
    await pair.municipal.take(payload_mail(Letter(), document()))
    again = await pair.municipal.take(payload_mail(Letter(message_id="melding-2"), document()))
    assert again.state is InboundState.DUPLIKAT_FAG
    pair.clock.advance(hours=1)
    await pair.municipal.work()
    answers = [row for row in await pair.municipal.outbound() if row.kind is Kind.APPREC]
    assert len(answers) == 1
    assert read_apprec(pair.municipal.ports.store.tables.outbound[answers[0].id][2]).status == 1


async def test_a_silence_that_cannot_be_answered_for_calls_a_person_and_is_tried_again(pair):
    """Where the mail cannot be read again now, nobody waits silently: a task opens, and the AppRec follows later."""
    row = await pair.municipal.take(payload_mail(Letter(), document()))
    pair.revocation.silent = True
    pair.clock.advance(hours=1)
    await pair.municipal.work()
    assert (await pair.municipal.mail(row.id)).state is InboundState.RUTET
    assert [task.subject for task in await pair.municipal.tasks()] == [row.id]
    pair.revocation.silent = False
    pair.clock.set(await next_due(pair.municipal.ports.store, [WorkKind.FRIST]))
    await pair.municipal.work()
    assert (await pair.municipal.mail(row.id)).state is InboundState.LEVERT_INTERNT
    assert Kind.APPREC in await kinds(pair)
