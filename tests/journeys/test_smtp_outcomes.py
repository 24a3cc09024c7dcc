"""What mail servers say to a message: taken, not now, never, or a connection lost after DATA."""

from datetime import timedelta

import pytest

from engine.operations.deadlines import look_at
from engine.ports import SmtpOutcome
from engine.records.log import Cause
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryState
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.forgery import header_of
from tests.fakes.store.due_work import next_due
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE


async def state(pair: Pair, sent):
    """Return the state of a delivery of the GP's office."""
    return (await pair.gp.message(sent.id)).state


async def pauses(pair: Pair, count: int) -> list[timedelta]:
    """Let the mail server refuse for now, and return the pauses between tries."""
    found = []
    for _ in range(count):
        tries = pair.gp.tries
        await pair.gp.work(WorkKind.SEND)
        assert pair.gp.tries == tries + 1
        due = await next_due(pair.gp.ports.store, [WorkKind.SEND])
        found.append(due - pair.clock.now())
        pair.clock.set(due)
    return found


async def test_a_server_that_takes_nothing_now_is_tried_with_growing_pauses(pair):
    """After 4xx or no connection the pauses double from a minute to an hour; the message stays in the queue."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    assert await pauses(pair, 8) == [timedelta(minutes=each) for each in (1, 2, 4, 8, 16, 32, 60, 60)]
    assert await state(pair, sent) is DeliveryState.KO
    pair.gp.outcome = SmtpOutcome.TAKEN
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.LEVERT


async def test_a_resend_that_the_server_postpones_is_not_tried_again_at_once(pair):
    """The pauses after 4xx hold for a resend as for a first try."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    pair.clock.advance(hours=12)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    assert await pauses(pair, 4) == [timedelta(minutes=each) for each in (1, 2, 4, 8)]


async def test_a_server_that_never_takes_the_message_is_given_up_as_late_as_a_silent_partner(pair):
    """Six intervals after it was queued a message that no server took becomes UBEKREFTET, and a person is called."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    while await state(pair, sent) is DeliveryState.KO:
        pair.clock.set(await next_due(pair.gp.ports.store, list(WorkKind)))
        await pair.gp.work()
    assert await state(pair, sent) is DeliveryState.UBEKREFTET
    assert pair.clock.now() - sent.created_at == timedelta(hours=72)
    assert [task.cause for task in await pair.gp.tasks()] == ["UBEKREFTET"]
    alarms = await pair.gp.ports.store.list_alarms(GP)
    assert {(alarm.partner, alarm.cause) for alarm in alarms} == {
        (LEVANGER, Cause.UTSATT),
        (LEVANGER, Cause.INGEN_KVITTERING),
    }
    assert pair.gp.ports.store.tables.work == {}


async def test_a_server_that_refuses_the_message_for_good_stops_it(pair):
    """5xx is TRANSPORTFEIL at once, with the server's words on the row and a task."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.gp.outcome = SmtpOutcome.REJECTED
    await pair.gp.work()
    found = await pair.gp.message(sent.id)
    assert (found.state, bool(found.reason)) == (DeliveryState.TRANSPORTFEIL, True)
    assert [task.cause for task in await pair.gp.tasks()] == ["TRANSPORTFEIL"]
    assert pair.gp.ports.store.tables.work == {}


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_connection_lost_after_data_is_resent_as_the_same_message(pair, arrived):
    """Whether the partner got it or not, the same bytes go out 12 hours later and the document arrives once."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.gp.outcome = SmtpOutcome.UNKNOWN
    await pair.gp.work()
    (first,) = pair.gp.sent
    assert await state(pair, sent) is DeliveryState.SENDT_UKJENT
    if not arrived:
        pair.gp.sent.clear()
    pair.gp.outcome = SmtpOutcome.TAKEN
    copies = []
    await pair.carry(lambda mail: copies.append(mail))
    pair.clock.advance(hours=12)
    await pair.settle(lambda mail: copies.append(mail) or mail)
    again = [mail for mail in copies if header_of(mail).action == "DIALOG_HELSEFAGLIG"][-1]
    assert again.partition(b"MIME-Version:")[2] == first.partition(b"MIME-Version:")[2]
    assert await state(pair, sent) is DeliveryState.LEVERT


@pytest.mark.parametrize("outcome", [SmtpOutcome.UNKNOWN, SmtpOutcome.TAKEN])
async def test_a_signal_that_may_have_arrived_is_not_sent_again_unasked(pair, outcome):
    """Nobody confirms an Acknowledgment: a partner who lacks it asks again by resending."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.municipal.outcome = outcome
    await pair.carry()
    await pair.municipal.work()
    (row,) = [row for row in await pair.municipal.outbound() if row.kind is Kind.KVITTERING]
    assert row.state is DeliveryState.FULLFORT


async def test_every_try_stands_in_the_timeline_with_the_servers_words(pair):
    """The delivery log tells each try, with the reply of the mail server."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    await pauses(pair, 2)
    lines = await pair.gp.ports.store.timeline(GP, sent.id)
    replies = [line.event.data["smtp"] for line in lines if line.event.actor == "e-posttjener"]
    assert len(replies) == 2
    assert all("bytes for innherred@testedi.nhn.no" in reply for reply in replies)


async def test_a_second_look_before_the_deadline_does_not_call_a_person_early(pair):
    """A deadline that was taken from the queue just before the Acknowledgment came is no longer due."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    mails = pair.gp.sent[:]
    for _ in range(5):
        pair.clock.advance(hours=12)
        await pair.gp.work()
    pair.clock.advance(hours=12)
    (work,) = await pair.gp.ports.store.take_work([WorkKind.FRIST], pair.clock.now(), 1)
    await pair.municipal.take(mails[0])
    await pair.settle(lambda mail: None if header_of(mail).action == "APPREC" else mail)
    assert await state(pair, sent) is DeliveryState.TRANSPORTKVITTERT
    await look_at(work, pair.gp.ports)
    assert await state(pair, sent) is DeliveryState.TRANSPORTKVITTERT
    pair.clock.advance(hours=4)
    await pair.gp.work(WorkKind.FRIST)
    assert await state(pair, sent) is DeliveryState.MANGLER_APPREC
