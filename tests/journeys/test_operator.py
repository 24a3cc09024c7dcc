"""What the operations desk may do with a message, what it may not, and what stays behind in the log."""

from uuid import UUID

import pytest

from engine.errors import Refused
from engine.operations.by_hand import cancel, close_task, release, resend
from engine.ports import SmtpOutcome
from engine.states.delivery import DeliveryState
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, acknowledgment_mail, header_of, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER, LEVANGER_SERVICE

UNKNOWN = UUID(int=999)


async def stopped(pair):
    """Return a delivery that a mail server refused for good."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.gp.outcome = SmtpOutcome.REJECTED
    await pair.gp.work()
    pair.gp.outcome = SmtpOutcome.TAKEN
    return await pair.gp.message(sent.id)


async def test_a_resend_sends_the_stored_bytes_and_is_logged_with_its_reason(pair):
    """A message that a person resends leaves unchanged, at once, and the timeline says who and why."""
    sent = await stopped(pair)
    before = pair.gp.ports.store.tables.outbound[sent.id][1]
    assert await resend(pair.gp.ports, KARI, sent.id, "serveren er rettet") == DeliveryState.KO
    await pair.gp.work()
    (mail,) = pair.gp.sent
    assert mail.endswith(before)
    line = next(row.event for row in await pair.gp.ports.store.timeline(GP, sent.id) if row.event.action == "resend")
    assert (line.actor, line.data["reason"]) == ("drift kari", "serveren er rettet")
    await pair.settle()
    assert (await pair.gp.message(sent.id)).attempts == 1


async def test_a_resend_gives_all_tries_again(pair):
    """After a resend by a person the message is resent as often as the agreement says once more."""
    sent = await stopped(pair)
    await resend(pair.gp.ports, KARI, sent.id, "prøv igjen")
    for _ in range(80):
        await pair.gp.work()
        pair.clock.advance(hours=1)
    assert len(pair.gp.sent) == 6
    assert (await pair.gp.message(sent.id)).state is DeliveryState.UBEKREFTET


async def test_a_message_in_the_queue_can_be_cancelled_and_never_leaves(pair):
    """A cancelled message is final: nothing is sent and nothing stays in the queue."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    assert await cancel(pair.gp.ports, KARI, sent.id, "feil mottaker") == DeliveryState.KANSELLERT
    pair.clock.advance(days=5)
    await pair.gp.work()
    assert (pair.gp.sent, pair.gp.ports.store.tables.work) == ([], {})
    assert await pair.gp.tasks() == []


async def test_a_receipt_for_a_cancelled_message_calls_a_person(pair):
    """If a cancelled message turns out to have arrived, somebody must know."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await cancel(pair.gp.ports, KARI, sent.id, "feil mottaker")
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="k-1", ref_to=sent.header.message_id)
    await pair.gp.take(acknowledgment_mail(letter, sent.reference_digests))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.KANSELLERT
    assert [task.subject for task in await pair.gp.tasks()] == [sent.id]


@pytest.mark.parametrize("act", [resend, release, cancel])
async def test_a_delivered_message_can_be_neither_sent_nor_taken_back(pair, act):
    """What the partner has confirmed stays as it is; the refusal names the state, and nothing is logged."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    before = list(pair.gp.ports.store.tables.events)
    with pytest.raises(Refused, match="LEVERT"):
        await act(pair.gp.ports, KARI, sent.id, "angret")
    assert pair.gp.ports.store.tables.events == before


async def test_a_message_under_way_cannot_be_cancelled(pair):
    """Once a mail server has the message it cannot be taken back."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    with pytest.raises(Refused, match="SENDT"):
        await cancel(pair.gp.ports, KARI, sent.id, "angret")


@pytest.mark.parametrize("act", [resend, release, cancel])
async def test_an_act_without_a_reason_or_on_nothing_is_refused(pair, act):
    """Every act needs a reason and a message; the refusal says which is missing."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    with pytest.raises(Refused, match=r"case\.no_reason"):
        await act(pair.gp.ports, KARI, sent.id, "  ")
    with pytest.raises(Refused, match=str(UNKNOWN)):
        await act(pair.gp.ports, KARI, UNKNOWN, "finnes den?")
    assert (await pair.gp.message(sent.id)).state is DeliveryState.KO


@pytest.mark.parametrize("act", [release, cancel])
async def test_a_mail_that_was_delivered_cannot_be_released_or_discarded(pair, act):
    """A document in the inbox stays there."""
    row = await pair.municipal.take(payload_mail(Letter(), document()))
    with pytest.raises(Refused, match="LEVERT_INTERNT"):
        await act(pair.municipal.ports, KARI, row.id, "angret")


async def test_a_task_is_closed_once_with_what_came_of_it(pair):
    """A closed task keeps who closed it and why; it cannot be closed again, nor without a word."""
    await stopped(pair)
    (task,) = await pair.gp.tasks()
    with pytest.raises(Refused):
        await close_task(pair.gp.ports, KARI, task.id, "")
    await close_task(pair.gp.ports, KARI, task.id, "ringte motparten")
    (closed,) = await pair.gp.ports.store.list_tasks(GP, open_only=False)
    assert (closed.done_by, closed.outcome, closed.done_at) == ("kari", "ringte motparten", START)
    with pytest.raises(Refused):
        await close_task(pair.gp.ports, KARI, task.id, "igjen")


async def test_one_party_of_an_engine_cannot_be_written_to_by_another_engines_desk(pair):
    """The desk of one engine does not find the messages of another."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    with pytest.raises(Refused):
        await cancel(pair.municipal.ports, KARI, sent.id, "ikke min")
    await pair.gp.work()
    assert header_of(pair.gp.sent[0]).message_id == sent.header.message_id
