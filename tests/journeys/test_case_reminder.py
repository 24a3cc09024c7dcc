"""The one reminder leaves only while no answer has been stored: called back, tried no more, or held until we know."""

from datetime import timedelta

import pytest

from engine.case.record import Case
from engine.casework import steps
from engine.casework.possible_answers import MOST_MAILS
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.deviation.fields import Answer
from engine.errors import Refused
from engine.inbound.storing import take_in
from engine.operations import by_hand
from engine.payload.apprec import ApprecError
from engine.ports import SmtpOutcome, SmtpReply
from engine.record_system.taking import take_word
from engine.records.log import TaskCause
from engine.records.messages import OutgoingMessage
from engine.records.work import WorkKind
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.history import GP_HANDLER, HANDLER, REPORTER, reply_plainly
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, report, sent_documents, settled
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import Letter, altered, payload_mail, unsigned
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE, with_terms


@pytest.fixture
def pair() -> Pair:
    """Give two engines."""
    return Pair()


async def at_the_reminder(pair: Pair) -> Case:
    """Bring a case to the moment that its reminder is due."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    case = await settled(pair, pair.gp, GP)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    return case


async def say(pair: Pair, what: str) -> list[bytes]:
    """Let the municipality answer, finally ("final"), interim ("interim") or in plain words; return its mails."""
    if what == "plain":
        await reply_plainly(pair)
    else:
        theirs = await case_of(pair.municipal, LEVANGER)
        await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=what == "final")
    await pair.municipal.work()
    mails, pair.municipal.sent = pair.municipal.sent, []
    return mails


async def reminders(pair: Pair) -> list[OutgoingMessage]:
    """Return what was sent to the municipality after the deviation."""
    return [row for row, _ in await sent_documents(pair.gp)][1:]


async def left(pair: Pair) -> int:
    """Let the mail server work again for three days, and count the reminders' mails that leave."""
    pair.gp.outcome, pair.gp.sent = SmtpOutcome.TAKEN, []
    ids = {str(row.header.message_id).encode() for row in await reminders(pair)}
    count = 0
    for _ in range(72):
        pair.clock.advance(hours=1)
        await pair.gp.work()
        count += sum(id in mail for mail in pair.gp.sent for id in ids)
        pair.gp.sent = []
    return count


@pytest.mark.parametrize("what", ["plain", "final"])
async def test_queued_reminder_is_called_back_by_any_answer(pair: Pair, what: str) -> None:
    """While the mail server is down the reminder waits; a plain reply calls it back as an answer does."""
    await at_the_reminder(pair)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    await pair.gp.work()
    for mail in await say(pair, what):
        await pair.gp.take(mail)
    assert [row.state for row in await reminders(pair)] == [DeliveryState.KANSELLERT]
    assert await left(pair) == 0


async def test_queued_reminder_stays_called_back_when_the_real_answer_follows(pair: Pair) -> None:
    """A plain reply and then the structured answer: nothing leaves when the mail server is back."""
    await at_the_reminder(pair)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    await pair.gp.work()
    for what in ("plain", "final"):
        for mail in await say(pair, what):
            await pair.gp.take(mail)
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    assert await left(pair) == 0


async def test_queued_reminder_is_called_back_by_our_withdrawal(pair: Pair) -> None:
    """Nobody is reminded of what was withdrawn: the withdrawal leaves alone."""
    case = await at_the_reminder(pair)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    await pair.gp.work()
    await steps.withdraw(pair.gp.ports, REPORTER, case.number, "Meldt feil")
    first, second = await reminders(pair)
    assert (first.state, second.state) == (DeliveryState.KANSELLERT, DeliveryState.KO)


async def test_reminder_that_never_left_leaves_after_an_interim_judgement(pair: Pair) -> None:
    """A reminder that was called back was none: judged interim, the same clock goes on and one leaves, once."""
    case = await at_the_reminder(pair)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    await pair.gp.work()
    for mail in await say(pair, "plain"):
        await pair.gp.take(mail)
    waiting = await case_of(pair.gp, GP)
    assert (waiting.interrupted_state, waiting.reminded_at) == (CaseState.LEVERT, None)
    await steps.judge_reply(pair.gp.ports, GP_HANDLER, case.number, final=False)
    pair.gp.outcome = SmtpOutcome.TAKEN
    await pair.settle()
    states = sorted(row.state for row in await reminders(pair))
    assert states == [DeliveryState.KANSELLERT, DeliveryState.LEVERT]
    assert (await case_of(pair.gp, GP)).state is CaseState.PURRET


async def test_reminder_called_back_while_it_left_counts_as_the_one(pair: Pair) -> None:
    """The plain reply comes while the mail server takes the reminder: judged interim, no second one leaves."""
    case = await at_the_reminder(pair)
    replies = await say(pair, "plain")
    send = pair.gp.send

    async def slowly(sender: str, receiver: str, mail: bytes) -> SmtpReply:
        while replies:
            await pair.gp.take(replies.pop())
        return await send(sender, receiver, mail)

    pair.gp.send = slowly  # type: ignore[method-assign]
    await pair.gp.work(WorkKind.SAK)
    await pair.gp.work(WorkKind.SEND)
    pair.gp.send = send  # type: ignore[method-assign]
    found = await case_of(pair.gp, GP)
    assert (found.state, found.reminded_at) == (CaseState.SVAR_IKKE_VURDERT, pair.clock.now())
    await steps.judge_reply(pair.gp.ports, GP_HANDLER, case.number, final=False)
    assert len(await reminders(pair)) == 1
    await pair.settle()
    assert len(await reminders(pair)) == 1


@pytest.mark.parametrize("what", ["plain", "final"])
@pytest.mark.parametrize("again", [False, True])
async def test_unacknowledged_reminder_is_not_resent_after_an_answer(pair: Pair, what: str, again: bool) -> None:
    """What is out is out, but there is no further try, neither by the timer nor by a person."""
    case = await at_the_reminder(pair)
    await pair.gp.work()
    if again:
        pair.gp.outcome = SmtpOutcome.POSTPONED
        pair.clock.advance(hours=13)
        await pair.gp.work()
        assert [row.state for row in await reminders(pair)] == [DeliveryState.KO]
    for mail in await say(pair, what):
        await pair.gp.take(mail)
    (reminder,) = await reminders(pair)
    assert (reminder.state, (await case_of(pair.gp, GP)).reminded_at) == (DeliveryState.FULLFORT, case.reminder_at)
    with pytest.raises(Refused):
        await by_hand.resend(pair.gp.ports, KARI, reminder.id, "Prøv igjen")
    assert await left(pair) == 0


@pytest.mark.parametrize("unread", [True, False])
async def test_reminder_waits_for_mail_that_is_not_decided(pair: Pair, unread: bool) -> None:
    """The answer's mail stands unread, or waits for a revocation list: the reminder is held, and a person called."""
    case = await at_the_reminder(pair)
    pair.clock.advance(hours=-20)
    answer, *_ = await say(pair, "final")
    id = await take_in(pair.gp.ports, answer, "192.0.2.1")
    pair.revocation.silent = True
    if not unread:
        await pair.gp.work(WorkKind.MOTTA)
    assert (await pair.gp.mail(id)).state is (InboundState.MOTTATT if unread else InboundState.VENTER)
    pair.clock.advance(hours=20)
    await pair.gp.work(WorkKind.SAK)
    held = await case_of(pair.gp, GP)
    assert (held.state, await reminders(pair)) == (CaseState.LEVERT, [])
    assert held.deadline == pair.clock.now() + timedelta(minutes=5)
    assert [task.cause for task in await pair.gp.tasks("saksbehandler")] == ["reminder held"]
    pair.revocation.silent = False
    pair.clock.advance(hours=2)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    assert (case.number, await reminders(pair), await pair.gp.tasks("saksbehandler")) == (held.number, [], [])


async def test_reminder_waits_for_what_waited_in_vain_until_a_person_decides(pair: Pair) -> None:
    """Mail that a day's waiting brought to quarantine may be the answer: the reminder leaves when it is thrown away."""
    await at_the_reminder(pair)
    pair.clock.advance(hours=-72)
    answer, *_ = await say(pair, "final")
    pair.revocation.silent = True
    mail = await pair.gp.take(answer)
    for _ in range(72):
        pair.clock.advance(hours=1)
        await pair.gp.work()
    pair.clock.advance(hours=1)
    await pair.gp.work()
    assert (await pair.gp.mail(mail.id)).state is InboundState.KARANTENE
    assert await reminders(pair) == []
    await by_hand.cancel(pair.gp.ports, KARI, mail.id, "Uleselig")
    pair.revocation.silent = False
    pair.clock.advance(hours=1)
    await pair.gp.work()
    assert len(await reminders(pair)) == 1


@pytest.mark.parametrize("sender", ["unreadable", "another party", "receipts"])
async def test_reminder_does_not_wait_for_mail_that_cannot_be_the_answer(pair: Pair, sender: str) -> None:
    """What is no ebXML message, comes from another enterprise or is a receipt holds nobody's reminder."""
    await at_the_reminder(pair)
    if sender == "unreadable":
        await take_in(pair.gp.ports, b"Subject: x\r\n\r\nx", "192.0.2.1")
    elif sender == "another party":
        await report(pair.municipal, VERDAL_SERVICE, GP_SERVICE)
        await pair.municipal.work(WorkKind.SEND)
    else:
        await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
        await pair.gp.work(WorkKind.SEND)
        for mail in pair.gp.sent:
            await pair.municipal.take(mail)
        await pair.municipal.work(WorkKind.SEND)
    for mail in pair.municipal.sent:
        await take_in(pair.gp.ports, mail, "192.0.2.1")
    await pair.gp.work(WorkKind.SAK)
    reminded = [case for case in await pair.gp.ports.store.list_cases(GP) if case.state is CaseState.PURRET]
    assert len(reminded) == 1


async def test_reminder_does_not_wait_for_mail_to_another_enterprise_here(pair: Pair) -> None:
    """What the partner writes to another enterprise that this engine serves holds nothing."""
    await report(pair.municipal, LEVANGER_SERVICE, GP_SERVICE)
    case = await settled(pair, pair.municipal, LEVANGER)
    await report(pair.gp, GP_SERVICE, VERDAL_SERVICE)
    await pair.gp.work(WorkKind.SEND)
    pair.clock.set(case.reminder_at)
    for mail in pair.gp.sent:
        await take_in(pair.municipal.ports, mail, "192.0.2.1")
    await pair.municipal.work(WorkKind.SAK)
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.PURRET


@pytest.mark.parametrize("acknowledged", [True, False])
async def test_queued_or_lost_reminder_waits_for_mail_that_is_not_decided(pair: Pair, acknowledged: bool) -> None:
    """The answer waits for a revocation list when the mail server is back, or when a resend is due: no mail leaves."""
    await at_the_reminder(pair)
    pair.gp.outcome = SmtpOutcome.POSTPONED if acknowledged else SmtpOutcome.TAKEN
    await pair.gp.work()
    answer, *_ = await say(pair, "final")
    pair.revocation.silent = True
    await pair.gp.take(answer)
    pair.gp.outcome, pair.gp.sent = SmtpOutcome.TAKEN, []
    for _ in range(20):
        pair.clock.advance(hours=1)
        await pair.gp.work()
    assert pair.gp.sent == []
    assert "reminder held" in {task.cause for task in await pair.gp.tasks()}
    pair.revocation.silent = False
    pair.clock.advance(hours=2)
    await pair.settle()
    assert (await case_of(pair.gp, GP)).state is CaseState.BESVART
    assert await left(pair) == 0


async def test_refusal_after_the_confirmation_stops_the_clock_and_calls_a_person() -> None:
    """A person confirmed, then the record system refused: the case waits for a person, and nobody is reminded."""
    pair = Pair(with_terms(apprec_by="epj"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    await steps.confirm(pair.municipal.ports, HANDLER, (await case_of(pair.municipal, LEVANGER)).number)
    case = await settled(pair, pair.gp, GP)
    assert (case.state, case.clock is None) == (CaseState.UNDER_BEHANDLING, False)
    await _refuse(pair, case)
    refused = await settled(pair, pair.gp, GP)
    assert (refused.state, refused.clock) == (CaseState.SENDES, None)
    assert refused.deadline is not None
    said = str(Statement.of(CaseTaskCode.REFUSED, number=case.number))
    assert [task.text for task in await pair.gp.tasks() if task.subject == case.id] == [said]
    pair.clock.advance(days=60)
    await pair.settle()
    assert await reminders(pair) == []


async def test_confirmation_after_the_refusal_starts_no_clock() -> None:
    """The same two words in the other order: no reminder of what the other side has refused, and a person is told."""
    pair = Pair(with_terms(apprec_by="epj"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    case = await settled(pair, pair.gp, GP)
    await steps.confirm(pair.municipal.ports, HANDLER, (await case_of(pair.municipal, LEVANGER)).number)
    await pair.municipal.work()
    late, pair.municipal.sent = pair.municipal.sent, []
    await _refuse(pair, case)
    await pair.settle()
    for mail in late:
        await pair.gp.take(mail)
    confirmed = await case_of(pair.gp, GP)
    assert (confirmed.state, confirmed.clock) == (CaseState.UNDER_BEHANDLING, None)
    assert "answered though refused" in {task.cause for task in await pair.gp.tasks("saksbehandler")}
    pair.clock.advance(days=60)
    await pair.settle()
    assert await reminders(pair) == []


async def test_refusal_while_a_reply_is_judged_leaves_no_clock_to_go_on() -> None:
    """Judged interim after the refusal, the case waits for a person, and nobody is reminded."""
    pair = Pair(with_terms(apprec_by="epj"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    case = await settled(pair, pair.gp, GP)
    await reply_plainly(pair)
    await pair.settle()
    waiting = await case_of(pair.gp, GP)
    assert waiting.clock is not None
    pair.clock.advance(days=2)
    await _refuse(pair, case)
    assert (await settled(pair, pair.gp, GP)).deadline == waiting.deadline
    await steps.judge_reply(pair.gp.ports, GP_HANDLER, case.number, final=False)
    pair.clock.advance(days=60)
    found = await settled(pair, pair.gp, GP)
    assert (found.state, found.clock, await reminders(pair)) == (CaseState.LEVERT, None, [])
    assert [task.cause for task in await pair.gp.tasks("saksbehandler")] == ["deadline passed"]


async def _refuse(pair: Pair, case: Case) -> None:
    """Let the municipality's record system refuse the deviation."""
    errors = [ApprecError("E21", "")]
    word = apprec(str(case.first_msg_id), LEVANGER_SERVICE, GP_SERVICE, 2, errors)
    await take_word(pair.municipal.ports, LEVANGER_SERVICE, word)


async def test_no_number_of_strangers_mails_holds_a_reminder_back(pair: Pair) -> None:
    """What nobody vouches for is counted nowhere: more unsigned mails than are ever read leave the reminder its day."""
    case = await at_the_reminder(pair)
    pretended = payload_mail(Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP), document(LEVANGER_SERVICE, GP_SERVICE))
    for mail in (altered(pretended, unsigned), b"Subject: x\r\n\r\nx"):
        for _ in range(MOST_MAILS + 1):
            await take_in(pair.gp.ports, mail, "192.0.2.1")
    await pair.gp.work(WorkKind.SAK)
    assert await reminders(pair) == []  # they are unread, and any may be the answer
    await pair.gp.work(WorkKind.MOTTA)
    pair.clock.advance(minutes=6)
    await pair.gp.work(WorkKind.SAK)
    assert len(await reminders(pair)) == 1
    assert (await case_of(pair.gp, GP)).reminded_at == case.reminder_at + timedelta(minutes=6)
    assert [task for task in await pair.gp.tasks("saksbehandler") if task.cause == TaskCause.REMINDER_HELD] == []
