"""A deviation case over two engines in memory: from the draft to the answer, the one reminder, and what goes astray."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.case.record import Case
from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import Answer, Deviation
from engine.deviation.xml import read_deviation
from engine.errors import Refused
from engine.inbound.receive import receive
from engine.inbound.storing import take_in
from engine.names import HerId, MsgId
from engine.outbound.compose import compose, compose_deviation
from engine.outbound.deliveries import queue
from engine.payload.dialog import Notat
from engine.ports import SmtpOutcome
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    VERDAL,
    VERDAL_RETIRED,
    VERDAL_SERVICE,
    registry,
)
from tests.fakes.world.surroundings import DEVIATION

REPORTER = Person(Role.MELDER, GP_SERVICE, "Mette Moe")
ASSURER = Person(Role.KVALITETSSIKRER, GP, "Kjell Krog")
HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
GP_HANDLER = Person(Role.SAKSBEHANDLER, GP_SERVICE, "Siri Berg")
NUMBER = "15820250068"


@pytest.fixture
def pair() -> Pair:
    """Give two engines."""
    return Pair()


def draft(**changed: object) -> Deviation:
    """Return the example deviation, changed."""
    return replace(read_deviation(DEVIATION), **changed)


async def sent_case(pair: Pair, receiver: HerId = LEVANGER_SERVICE) -> Case:
    """Bring a case from the draft to the other side's inbox."""
    ports = pair.gp.ports
    case = await steps.new(ports, REPORTER, draft(), receiver)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    await steps.send(ports, ASSURER, case.number)
    await pair.settle()
    return await case_of(pair.gp, GP)


async def case_of(side: Side, owner: HerId) -> Case:
    """Return a party's only case."""
    (case,) = await side.ports.store.list_cases(owner)
    return case


async def reminders(pair: Pair) -> int:
    """Count the messages that went to the municipality, less the deviation itself."""
    return len([row for row in await pair.gp.outbound() if row.kind is Kind.MELDING]) - 1


async def test_case_is_answered_in_its_thread(pair: Pair) -> None:
    """A case goes from draft to delivery, is answered at the other side, and the answer stops the clock."""
    case = await sent_case(pair)
    assert (case.state, str(case.start), str(case.due)) == (CaseState.LEVERT, "2026-03-02", "2026-04-01")
    theirs = await case_of(pair.municipal, LEVANGER)
    assert (theirs.state, theirs.partner_number, theirs.due) == (CaseState.UNDER_BEHANDLING, case.number, case.due)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Vi beklager."), final=True)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.BESVART
    await steps.close(pair.gp.ports, GP_HANDLER, case.number)
    assert (await case_of(pair.gp, GP)).state is CaseState.LUKKET


async def test_unanswered_case_is_reminded_of_once_and_then_escalated(pair: Pair) -> None:
    """On day 31 one reminder leaves, the other side sees it, and fourteen days later our secretariat is called."""
    await sent_case(pair)
    pair.clock.set(pair.clock.now().replace(month=4, day=6))
    await pair.settle()
    assert await reminders(pair) == 0
    pair.clock.set(pair.clock.now().replace(day=7))
    await pair.settle()
    assert await reminders(pair) == 1
    assert (await case_of(pair.gp, GP)).state is CaseState.PURRET
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.PURRET
    pair.clock.advance(days=14, minutes=1)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.OVER_FRIST
    pair.clock.advance(days=60)
    await pair.settle()
    assert await reminders(pair) == 1


async def test_answer_just_before_the_reminder_cancels_it(pair: Pair) -> None:
    """An answer that is stored a moment before the reminder's time keeps it from leaving."""
    case = await sent_case(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at - timedelta(seconds=1))
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    await pair.settle()
    pair.clock.advance(seconds=2)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    assert await reminders(pair) == 0


async def test_answer_just_after_the_reminder_stands_beside_it(pair: Pair) -> None:
    """An answer a second after the reminder left is taken; both stand."""
    case = await sent_case(pair)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    await pair.gp.work()
    pair.clock.advance(seconds=1)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    assert await reminders(pair) == 1


async def test_interim_answer_does_not_stop_the_clock(pair: Pair) -> None:
    """After an interim answer the reminder leaves all the same."""
    case = await sent_case(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Vi ser på det."), final=False)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.UNDER_BEHANDLING
    pair.clock.set(case.reminder_at)
    await pair.settle()
    assert await reminders(pair) == 1


async def test_withdrawn_case_is_withdrawn_at_both_sides(pair: Pair) -> None:
    """Withdrawing tells the other side, and no reminder ever leaves."""
    case = await sent_case(pair)
    await steps.withdraw(pair.gp.ports, REPORTER, case.number, "Gjaldt en annen avdeling")
    await pair.settle()
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.TRUKKET
    pair.clock.advance(days=60)
    await pair.settle()
    assert await reminders(pair) == 1


async def test_refused_delivery_calls_people_and_starts_no_clock(pair: Pair) -> None:
    """A deviation that never arrives leaves the case in SENDES with a task."""
    ports = pair.gp.ports
    case = await steps.new(ports, REPORTER, draft(), VERDAL_SERVICE)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    await steps.send(ports, ASSURER, case.number)
    for _ in range(7):
        await pair.carry(lambda _mail: None)
        pair.clock.advance(hours=12)
    found = await case_of(pair.gp, GP)
    assert (found.state, found.clock) == (CaseState.SENDES, None)
    assert case.id in {task.subject for task in await pair.gp.tasks()}


@pytest.mark.parametrize("written", [NUMBER, "158202 50068", "1.5.8.2.0.2.5.0.0.6.8"])
async def test_national_number_stops_submit_and_is_not_repeated(pair: Pair, written: str) -> None:
    """A national number in any free text stops the draft; the refusal names the field and not the number."""
    case = await steps.new(pair.gp.ports, REPORTER, draft(consequence=f"Pasient {written} ventet."), LEVANGER_SERVICE)
    with pytest.raises(Refused, match=r"case\.number_in_text.*Consequence") as refused:
        await steps.submit(pair.gp.ports, REPORTER, case.number)
    assert written not in str(refused.value)
    assert (await case_of(pair.gp, GP)).state is CaseState.KLADD


async def test_reminder_is_a_message_in_the_thread(pair: Pair) -> None:
    """The reminder answers the deviation in its own conversation."""
    case = await sent_case(pair)
    pair.clock.set(case.reminder_at)
    await pair.settle()
    items = await pair.municipal.inbox(LEVANGER)
    purring = next(item for item in items if item.conversation is not None)
    assert (purring.conversation, purring.parent) == (case.first_msg_id, case.first_msg_id)


async def plain_reply(pair: Pair, side: Side, sender: HerId, receiver: HerId, thread: Case) -> None:
    """Let a record system that knows nothing of Samvik write in a case's thread, and carry it over."""
    assert thread.first_msg_id is not None
    conversation = (thread.first_msg_id, thread.first_msg_id)
    notat = Notat("Svar", "Vi viser til meldingen.", "", None)
    draft = compose(side.ports, sender, receiver, notat, [], conversation, pair.clock.now(), shown=False)
    async with side.ports.store.begin() as uow:
        await queue(uow, side.ports.policy, draft, pair.clock.now())
    await pair.settle()


async def test_plain_reply_waits_to_be_judged_and_stops_the_reminder(pair: Pair) -> None:
    """A plain reply becomes SVAR_IKKE_VURDERT; judged interim, the same clock goes on and the reminder leaves."""
    case = await sent_case(pair)
    await plain_reply(pair, pair.municipal, LEVANGER_SERVICE, GP_SERVICE, case)
    waiting = await case_of(pair.gp, GP)
    assert (waiting.state, waiting.interrupted_state) == (CaseState.SVAR_IKKE_VURDERT, CaseState.LEVERT)
    assert [task.cause for task in await pair.gp.tasks("saksbehandler")] == [CaseState.SVAR_IKKE_VURDERT]
    await steps.judge_reply(pair.gp.ports, GP_HANDLER, case.number, final=False)
    assert (await case_of(pair.gp, GP)).deadline == case.reminder_at
    pair.clock.set(case.reminder_at)
    await pair.settle()
    assert await reminders(pair) == 1


async def test_plain_reply_that_nobody_judges_becomes_the_answer(pair: Pair) -> None:
    """Five working days after a plain reply the case is answered, and no reminder ever leaves."""
    case = await sent_case(pair)
    await plain_reply(pair, pair.municipal, LEVANGER_SERVICE, GP_SERVICE, case)
    pair.clock.advance(days=8)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    pair.clock.advance(days=40)
    await pair.settle()
    assert await reminders(pair) == 0


async def test_message_in_the_thread_from_a_stranger_moves_nothing(pair: Pair) -> None:
    """A message in a case's thread from a party that is not in it is kept and shown, and the case stays."""
    case = await sent_case(pair)
    await plain_reply(pair, pair.municipal, VERDAL_SERVICE, GP_SERVICE, case)
    assert (await case_of(pair.gp, GP)).state is CaseState.LEVERT
    assert [task.cause for task in await pair.gp.tasks()] == ["stranger in a thread"]
    assert len(await pair.gp.inbox(GP)) == 1


async def test_reply_to_a_retired_party_in_an_open_case_is_taken_for_the_successor(pair: Pair) -> None:
    """Long after its end, a retired HER-id's mail in an open case goes to the successor; outside a case it is E21."""
    ports = pair.municipal.ports
    assurer = Person(Role.KVALITETSSIKRER, VERDAL, "Kjell Krog")
    case = await steps.new(ports, Person(Role.MELDER, VERDAL_SERVICE, "Mette Moe"), draft(), GP_SERVICE)
    await steps.submit(ports, Person(Role.MELDER, VERDAL_SERVICE, "Mette Moe"), case.number)
    await steps.approve(ports, assurer, case.number)
    await steps.send(ports, assurer, case.number)
    await pair.settle()
    case = await case_of(pair.municipal, VERDAL)
    pair.clock.set(pair.clock.now().replace(month=6))
    await pair.settle()
    stale = registry(her_8090209={"valid_to": "9999-12-31"})
    pair.gp.ports = replace(pair.gp.ports, policy=replace(pair.gp.ports.policy, registry=stale))
    await plain_reply(pair, pair.gp, GP_SERVICE, VERDAL_RETIRED, case)
    assert (await case_of(pair.municipal, VERDAL)).state is CaseState.SVAR_IKKE_VURDERT
    stranger = replace(case, first_msg_id=MsgId("ukjent-samtale"))
    await plain_reply(pair, pair.gp, GP_SERVICE, VERDAL_RETIRED, stranger)
    refused = [row.reason for row in await pair.gp.outbound() if row.state is DeliveryState.AVVIST]
    assert ['"E21"' in reason for reason in refused] == [True]


async def test_plain_message_from_a_gp_becomes_a_draft_without_the_patient(pair: Pair) -> None:
    """A plain dialogmelding to the deviation service opens a case to be judged; registered, its clock has run since."""
    notat = Notat("Manglende epikrise", "Vi fikk ingen epikrise.", "", None)
    draft_ = compose(pair.gp.ports, GP_SERVICE, LEVANGER_SERVICE, notat, [], None, pair.clock.now(), shown=False)
    async with pair.gp.ports.store.begin() as uow:
        await queue(uow, pair.gp.ports.policy, draft_, pair.clock.now())
    await pair.settle()
    case = await case_of(pair.municipal, LEVANGER)
    assert (case.state, str(case.start)) == (CaseState.TIL_VURDERING, "2026-03-02")
    pair.clock.advance(days=1)
    await steps.register(pair.municipal.ports, HANDLER, case.number)
    registered = await case_of(pair.municipal, LEVANGER)
    assert (registered.state, str(registered.due)) == (CaseState.UNDER_BEHANDLING, "2026-04-01")


async def test_reporters_plain_message_does_not_answer_the_receivers_case(pair: Pair) -> None:
    """A note from the party that reported leaves the receiver's case to be answered, and calls the handler."""
    case = await sent_case(pair)
    await plain_reply(pair, pair.gp, GP_SERVICE, LEVANGER_SERVICE, case)
    theirs = await case_of(pair.municipal, LEVANGER)
    assert (theirs.state, theirs.answered_at) == (CaseState.UNDER_BEHANDLING, None)
    assert "message" in {task.cause for task in await pair.municipal.tasks("saksbehandler")}


async def test_two_parties_of_one_enterprise_each_have_their_side(pair: Pair) -> None:
    """A reminder between two units of one enterprise reaches the other unit's case, not the reporter's own."""
    ports = pair.municipal.ports
    reporter, assurer = (
        Person(Role.MELDER, LEVANGER, "Mette Moe"),
        Person(Role.KVALITETSSIKRER, LEVANGER, "Kjell Krog"),
    )
    case = await steps.new(ports, reporter, draft(), LEVANGER_SERVICE)
    await steps.submit(ports, reporter, case.number)
    await steps.approve(ports, assurer, case.number)
    await steps.send(ports, assurer, case.number)
    await pair.settle()
    ours = next(each for each in await ports.store.list_cases(LEVANGER) if each.reporting)
    pair.clock.set(ours.reminder_at)
    await pair.settle()
    assert {each.state for each in await ports.store.list_cases(LEVANGER)} == {CaseState.PURRET}


async def test_reminder_that_cannot_be_sent_calls_people(pair: Pair) -> None:
    """When the receiver takes no messages any more, the reminder waits with a task and the case can be withdrawn."""
    case = await sent_case(pair)
    pair.use(registry(her_8090101={"valid_to": "2026-03-20"}))
    pair.clock.set(case.reminder_at)
    await pair.settle()
    assert "reminder refused" in {task.cause for task in await pair.gp.tasks("saksbehandler")}
    waiting = await case_of(pair.gp, GP)
    assert waiting.deadline is not None
    assert waiting.deadline > pair.clock.now()
    await steps.withdraw(pair.gp.ports, REPORTER, case.number, "Mottakeren er nedlagt")
    assert (await case_of(pair.gp, GP)).state is CaseState.TRUKKET


async def test_only_the_reporter_may_withdraw(pair: Pair) -> None:
    """The side that received a deviation cannot withdraw it."""
    await sent_case(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    with pytest.raises(Refused, match=r"case\.they_withdraw"):
        await steps.withdraw(
            pair.municipal.ports, Person(Role.SEKRETARIAT, LEVANGER, "Stein Lie"), theirs.number, "Nei"
        )


async def test_further_replies_do_not_push_the_deadline(pair: Pair) -> None:
    """Only the first plain reply sets the time to judge it; those that follow leave it alone."""
    case = await sent_case(pair)
    await plain_reply(pair, pair.municipal, LEVANGER_SERVICE, GP_SERVICE, case)
    first = (await case_of(pair.gp, GP)).deadline
    pair.clock.advance(days=3)
    await plain_reply(pair, pair.municipal, LEVANGER_SERVICE, GP_SERVICE, case)
    assert (await case_of(pair.gp, GP)).deadline == first


async def test_national_number_is_not_sent_past_the_case_either(pair: Pair) -> None:
    """Sending a deviation without a case refuses a national number just the same."""
    deviation = draft(description=f"Pasient {NUMBER} ventet.")
    with pytest.raises(Refused, match="Description"):
        compose_deviation(pair.gp.ports, deviation, GP_SERVICE, LEVANGER_SERVICE, pair.clock.now(), shown=False)


async def test_mail_that_stops_node_after_node_is_set_aside(pair: Pair) -> None:
    """A mail whose lease ran out five times, with nothing decided, goes to quarantine unread."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    id = await take_in(pair.municipal.ports, pair.gp.sent[-1], "192.0.2.1")
    (work,) = await pair.municipal.ports.store.take_work([WorkKind.MOTTA], pair.clock.now(), 1)
    await receive(replace(work, attempts=5, deaths=5), pair.municipal.ports)
    mail = await pair.municipal.mail(id)
    assert (mail.state, sent.state) == (InboundState.KARANTENE, DeliveryState.KO)
    assert [task.cause for task in await pair.municipal.tasks()] == [InboundState.KARANTENE]


async def test_reminder_that_has_not_left_is_called_back_by_the_answer(pair: Pair) -> None:
    """While the mail server is down the reminder waits; when the answer comes first, it never leaves."""
    case = await sent_case(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    await pair.municipal.work()
    (late,) = pair.municipal.sent
    pair.gp.outcome = SmtpOutcome.POSTPONED
    pair.clock.set(case.reminder_at)
    await pair.gp.work()
    assert (await case_of(pair.gp, GP)).state is CaseState.PURRET
    await pair.gp.take(late)
    pair.gp.outcome = SmtpOutcome.TAKEN
    pair.clock.advance(hours=2)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    states = {row.state for row in await pair.gp.outbound() if row.kind is Kind.MELDING}
    assert states == {DeliveryState.LEVERT, DeliveryState.KANSELLERT}
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
