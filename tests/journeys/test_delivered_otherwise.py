"""A message that was delivered by post, by phone or by a form, and what that does to its case."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from engine.case.calendar import oslo_date
from engine.case.channel import Channel
from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.xml import read_deviation
from engine.errors import Refused
from engine.msh.mime import write_mail
from engine.operations.by_hand import deliver_otherwise, hold, release
from engine.outbound.mail import mail_headers
from engine.ports import SmtpOutcome
from engine.records.messages import Kind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.clock import START
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

REPORTER, ASSURER = Person(Role.MELDER, GP_SERVICE, "Mette Moe"), Person(Role.KVALITETSSIKRER, GP, "Kjell Krog")
TODAY = oslo_date(START)


async def stuck(pair):
    """Return a case whose deviation no mail server takes, and its delivery."""
    ports = pair.gp.ports
    case = await steps.new(ports, REPORTER, read_deviation(DEVIATION), LEVANGER_SERVICE)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    case = await steps.send(ports, ASSURER, case.number)
    pair.gp.outcome = SmtpOutcome.REJECTED
    await pair.gp.work()
    pair.gp.outcome = SmtpOutcome.TAKEN
    return case, await pair.gp.message(case.delivery)


async def case_now(pair):
    """Return the only case of the GP."""
    (case,) = await pair.gp.ports.store.list_cases(GP)
    return case


async def test_the_clock_starts_on_the_day_of_delivery(pair):
    """Delivered by post two days ago, the case waits for its answer from that day; nothing calls anybody any more."""
    _, sent = await stuck(pair)
    assert sent.state is DeliveryState.TRANSPORTFEIL
    assert await pair.gp.tasks()
    pair.clock.advance(days=5)
    on = TODAY + timedelta(days=3)
    told = await deliver_otherwise(pair.gp.ports, KARI, sent.id, Channel.POST, on, "rekommandert brev")
    case = await case_now(pair)
    assert (told, case.state, case.start) == (DeliveryState.LEVERT_MANUELT, CaseState.LEVERT, on)
    assert (case.due, case.clock is not None) == (on + timedelta(days=30), True)
    for role in Role:
        assert await pair.gp.tasks(role) == []
    assert pair.gp.ports.store.tables.work.keys() == {(GP, "sak", case.id)}
    events = [each.event for each in await pair.gp.ports.store.timeline(GP, sent.id)]
    wanted = {"reason": "rekommandert brev", "channel": "post", "delivered_on": on.isoformat()}
    assert wanted.items() <= events[-1].data.items()


@pytest.mark.parametrize("days", [0, 5])
async def test_the_first_and_the_last_day_are_days(pair, days):
    """The day that the message was made and today both count as they are, whatever the hour."""
    _, sent = await stuck(pair)
    pair.clock.advance(days=5)
    await deliver_otherwise(pair.gp.ports, KARI, sent.id, Channel.PHONE, TODAY + timedelta(days=days), "ringt")
    assert (await case_now(pair)).start == TODAY + timedelta(days=days)


async def test_what_the_partner_says_later_is_harmless(pair):
    """The same message arrives after all: its receipts change neither delivery nor clock, and nothing is sent."""
    _, sent = await stuck(pair)
    await deliver_otherwise(pair.gp.ports, KARI, sent.id, Channel.FORM, TODAY, "levert i skjema")
    before = await case_now(pair)
    mime = pair.gp.ports.store.tables.outbound[sent.id][1]
    pair.clock.advance(hours=3)
    await pair.hand_over(write_mail(mime, mail_headers(sent, UUID(int=77), pair.clock.now())))
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT_MANUELT
    assert await case_now(pair) == before
    assert await pair.gp.tasks() == []


async def test_what_cannot_be_is_refused(pair):
    """Days that have not come or are too early, no reason, a national number, and a second time: nothing changes."""
    _, sent = await stuck(pair)
    ports = pair.gp.ports
    wrong = [
        (sent.id, TODAY + timedelta(days=1), "brev", r"channel\.day_not_come"),
        (sent.id, TODAY - timedelta(days=1), "brev", r"channel\.day_too_early"),
        (sent.id, TODAY, " ", r"case\.no_reason"),
        (sent.id, TODAY, "brev til 15820250068", r"case\.number_in_reason"),
        (UUID(int=999), TODAY, "brev", r"message\.not_found"),
    ]
    for id, on, reason, told in wrong:
        with pytest.raises(Refused, match=told):
            await deliver_otherwise(ports, KARI, id, Channel.POST, on, reason)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTFEIL
    await deliver_otherwise(ports, KARI, sent.id, Channel.POST, TODAY, "brev")
    with pytest.raises(Refused):
        await deliver_otherwise(ports, KARI, sent.id, Channel.POST, TODAY, "brev")


async def test_a_message_that_may_leave_is_held_first(pair):
    """In the queue it may leave at any moment: held it does not, and can be delivered otherwise, or released."""
    first, second = [await pair.submit(GP_SERVICE, LEVANGER_SERVICE) for _ in range(2)]
    ports = pair.gp.ports
    with pytest.raises(Refused, match=r"message\.may_leave"):
        await deliver_otherwise(ports, KARI, first.id, Channel.POST, TODAY, "brev")
    for sent in (first, second):
        assert await hold(ports, KARI, sent.id, "e-posten er nede") == DeliveryState.STOPPET
    await pair.gp.work()
    assert pair.gp.sent == []
    await deliver_otherwise(ports, KARI, first.id, Channel.POST, TODAY, "brev")
    assert await release(ports, KARI, second.id, "e-posten virker") == DeliveryState.KO
    await pair.settle()
    assert (await pair.gp.message(first.id)).state is DeliveryState.LEVERT_MANUELT
    assert (await pair.gp.message(second.id)).state is DeliveryState.LEVERT


async def test_a_receipt_is_delivered_by_no_other_channel(pair):
    """Acknowledgments and AppRecs are for programs: there is no other way for them."""
    await pair.municipal.take(payload_mail(Letter(), document()))
    receipts = [row for row in await pair.municipal.outbound() if row.kind is not Kind.MELDING]
    assert len(receipts) == 2
    for row in receipts:
        with pytest.raises(Refused, match=r"message\.is_receipt"):
            await deliver_otherwise(pair.municipal.ports, KARI, row.id, Channel.POST, date(2026, 3, 2), "brev")
