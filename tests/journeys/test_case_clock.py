"""What starts, moves and stops the clock of a case when messages come early, late or out of place."""

from datetime import timedelta

import pytest

from engine.case.record import Case
from engine.casework import steps
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement, read_statement
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.deviation.follow_up import FollowUpKind
from engine.errors import Refused
from engine.records.work import WorkKind
from engine.states.case import CaseEvent, CaseState
from engine.states.role import Role
from tests.fakes.engines.history import GP_HANDLER, HANDLER, reply_plainly
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, report, sent_documents, settled
from tests.fakes.partners.documents import follow_up, reply
from tests.fakes.partners.forgery import ACTION, Letter, header_of, payload_mail
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE

SECRETARIAT = Person(Role.SEKRETARIAT, LEVANGER, "Stein Lie")


@pytest.fixture
def pair() -> Pair:
    """Give two engines."""
    return Pair()


async def arrived_without_receipt(pair: Pair) -> None:
    """Bring a deviation to the municipality, and lose its Acknowledgment and AppRec."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    mails, pair.gp.sent = pair.gp.sent, []
    for mail in mails:
        await pair.municipal.take(mail)
    await pair.municipal.work()
    pair.municipal.sent.clear()
    pair.clock.advance(days=2)


async def delivered(pair: Pair) -> Case:
    """Let the documents, not the receipts, that the municipality now sends reach the GP, and return the GP's case."""
    await pair.municipal.work(WorkKind.SEND)
    mails, pair.municipal.sent = pair.municipal.sent, []
    for mail in mails:
        if header_of(mail).action == ACTION:
            await pair.gp.take(mail)
    return await case_of(pair.gp, GP)


async def goes_silent(pair: Pair, days: int = 60) -> list[str]:
    """Let time pass at the GP alone, nothing arriving; return the subjects of what it sent after the deviation."""
    for _ in range(days):
        pair.clock.advance(days=1)
        await pair.gp.work()
        pair.gp.sent.clear()
    return [str(row.msg_id) for row, _ in await sent_documents(pair.gp)][1:]


async def test_interim_answer_that_overtakes_the_apprec_starts_the_clock(pair: Pair) -> None:
    """An interim answer proves delivery: the clock starts with it, and an unanswered case is reminded of."""
    await arrived_without_receipt(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Vi ser på det."), final=False)
    case = await delivered(pair)
    assert (case.state, str(case.start), case.deadline) == (CaseState.UNDER_BEHANDLING, "2026-03-04", case.reminder_at)
    assert len(await goes_silent(pair)) == 1


async def test_plain_reply_that_overtakes_the_apprec_starts_the_clock(pair: Pair) -> None:
    """A plain reply proves delivery: judged interim, the case has a clock, and is reminded of."""
    await arrived_without_receipt(pair)
    await reply_plainly(pair)
    case = await delivered(pair)
    assert (case.state, str(case.start)) == (CaseState.SVAR_IKKE_VURDERT, "2026-03-04")
    assert case.deadline < case.reminder_at
    await steps.judge_reply(pair.gp.ports, GP_HANDLER, case.number, final=False)
    judged = await case_of(pair.gp, GP)
    assert (judged.state, judged.deadline) == (CaseState.LEVERT, case.reminder_at)
    assert len(await goes_silent(pair)) == 1


async def test_late_apprec_does_not_move_a_clock_that_an_answer_started(pair: Pair) -> None:
    """The first proof of delivery counts; the AppRec of a later resend changes nothing."""
    await arrived_without_receipt(pair)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Vi ser på det."), final=False)
    case = await delivered(pair)
    pair.clock.advance(days=3)
    later = await settled(pair, pair.gp, GP)
    assert (later.start, later.deadline) == (case.start, case.deadline)


async def test_confirmation_after_the_answer_leaves_the_closing_deadline(pair: Pair) -> None:
    """A confirmation that comes ten days after the answer it should have preceded moves no deadline."""
    await arrived_without_receipt(pair)
    case = await case_of(pair.gp, GP)
    for msg_id, kind in (("svar", FollowUpKind.SVAR), ("bekreftelse", FollowUpKind.BEKREFTELSE)):
        document = reply(str(case.first_msg_id), msg_id, attachments=[follow_up(kind)])
        letter = Letter(LEVANGER, GP, LEVANGER, GP, message_id=msg_id, at=pair.clock.now())
        await pair.gp.take(payload_mail(letter, document))
        pair.clock.advance(days=10)
    answered = await case_of(pair.gp, GP)
    assert answered.state is CaseState.BESVART
    assert answered.deadline == pair.clock.now() - timedelta(days=20) + timedelta(days=14)


async def from_reporter(pair: Pair, kind: FollowUpKind) -> Case:
    """Let the GP's record system send a follow-up, and return the municipality's case."""
    ours = await case_of(pair.gp, GP)
    document = reply(str(ours.first_msg_id), f"p-{pair.clock.now():%d%m}", sender=GP_SERVICE,
                     receiver=LEVANGER_SERVICE, attachments=[follow_up(kind)])  # fmt: skip
    letter = Letter(GP, LEVANGER, GP, LEVANGER, message_id=f"m-{pair.clock.now():%d%m}", at=pair.clock.now())
    await pair.municipal.take(payload_mail(letter, document))
    return await case_of(pair.municipal, LEVANGER)


async def test_reminder_before_the_answer_is_due_moves_nothing(pair: Pair) -> None:
    """A reminder on day 3 calls the handler; the received case keeps its state and its due date, and is not closed."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    before = await case_of(pair.municipal, LEVANGER)
    pair.clock.advance(days=3)
    after = await from_reporter(pair, FollowUpKind.PURRING)
    assert (after.state, after.deadline) == (CaseState.UNDER_BEHANDLING, before.deadline)
    told = [task for task in await pair.municipal.tasks("saksbehandler") if task.cause == CaseEvent.REMINDED_EARLY]
    assert [read_statement(task.text) for task in told] == [
        Statement.of(CaseTaskCode.REMINDED_EARLY, number=before.number)
    ]


async def test_received_case_over_time_is_ours_to_answer_and_not_to_close(pair: Pair) -> None:
    """Reminded after the due date and never answered: the secretariat is told that we owe it, and cannot close it."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    pair.clock.advance(days=40)
    assert (await from_reporter(pair, FollowUpKind.PURRING)).state is CaseState.PURRET
    pair.clock.advance(days=15)
    await pair.municipal.work()
    theirs = await case_of(pair.municipal, LEVANGER)
    assert theirs.state is CaseState.OVER_FRIST
    said = str(Statement.of(CaseTaskCode.WE_HAVE_NOT_ANSWERED, number=theirs.number))
    assert [task.text for task in await pair.municipal.tasks("sekretariat")] == [said]
    with pytest.raises(Refused, match=r"case\.not_answered"):
        await steps.close(pair.municipal.ports, SECRETARIAT, theirs.number)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    await steps.close(pair.municipal.ports, SECRETARIAT, theirs.number)
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.LUKKET


async def test_reporters_case_over_time_says_who_did_not_answer_and_may_be_closed(pair: Pair) -> None:
    """The reporting side's secretariat is told that the other side has not answered, and may close the case."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    case = await settled(pair, pair.gp, GP)
    assert case.reminder_at is not None
    pair.clock.set(case.reminder_at)
    await pair.gp.work()
    pair.clock.advance(days=15)
    await pair.gp.work()
    told = [task.text for task in await pair.gp.tasks("sekretariat")]
    assert told == [str(Statement.of(CaseTaskCode.NO_ANSWER, number=case.number))]
    await steps.close(pair.gp.ports, Person(Role.SEKRETARIAT, GP, "Stein Lie"), case.number)
    assert (await case_of(pair.gp, GP)).state is CaseState.LUKKET
