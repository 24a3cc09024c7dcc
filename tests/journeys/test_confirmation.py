"""The confirmation of a deviation: what the engine confirms on its own, what people do, and that it is said once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import Answer, DeviationKind
from engine.deviation.follow_up import FOLLOW_UP_FILE, FollowUpKind, read_follow_up
from engine.errors import Refused
from engine.payload.msghead import MsgHead, read_msghead
from engine.ports import SmtpOutcome
from engine.states.case import CaseEvent, CaseState
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.engines.reporting import case_of, events_of, report, sent_documents, settled
from tests.fakes.partners.epj import plain_document, plain_mail
from tests.fakes.partners.forgery import Letter
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, registry, with_terms

HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
INFORMS = {
    "for information": {"kind": DeviationKind.AVVIK_ORIENTERING},
    "something good": {"kind": DeviationKind.RAABRA},
    "a deviation without a wish for an answer": {"information_only": True},
    "a proposal without a wish for an answer": {"kind": DeviationKind.FORBEDRINGSFORSLAG, "information_only": True},
}


async def confirmations(side: Side) -> list[MsgHead]:
    """Return the confirmations that a side has sent or will send."""
    heads = [read_msghead(document) for _, document in await sent_documents(side)]
    return [head for head in heads if _kind(head) is FollowUpKind.BEKREFTELSE]


def _kind(head: MsgHead) -> FollowUpKind | None:
    found = [read_follow_up(file.content).kind for file in head.attachments if file.name == FOLLOW_UP_FILE]
    return found[0] if found else None


@pytest.mark.parametrize("changed", INFORMS.values(), ids=INFORMS)
async def test_what_is_for_information_only_is_confirmed_at_once_and_closed(pair: Pair, changed: dict) -> None:
    """The receiver's engine confirms in the thread, both cases end, a person is called to read it, nobody reminds."""
    sent = await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE, **changed)
    ours = await settled(pair, pair.gp, GP)
    theirs = await case_of(pair.municipal, LEVANGER)
    assert (ours.state, theirs.state) == (CaseState.LUKKET, CaseState.LUKKET)
    assert (ours.clock, theirs.clock) == (None, None)
    (head,) = await confirmations(pair.municipal)
    assert (head.conversation, head.parent) == (sent.first_msg_id, sent.first_msg_id)
    assert theirs.number in head.dialog.text
    assert [task.cause for task in await pair.municipal.tasks("saksbehandler")] == ["for information"]
    pair.clock.advance(days=90)
    await pair.settle()
    assert len(await sent_documents(pair.gp)) == 1


async def test_an_ordinary_deviation_waits_for_a_person_to_confirm_it(pair: Pair) -> None:
    """By default nothing is confirmed unasked; a case worker's word is sent once, and the clock goes on as it was."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    before = await settled(pair, pair.gp, GP)
    assert await confirmations(pair.municipal) == []
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    after = await settled(pair, pair.gp, GP)
    assert (before.state, after.state) == (CaseState.LEVERT, CaseState.UNDER_BEHANDLING)
    assert (after.clock, after.deadline) == (before.clock, before.deadline)
    assert (await case_of(pair.municipal, LEVANGER)).confirmed_at == pair.clock.now()
    with pytest.raises(Refused, match=r"case\.confirmed_already"):
        await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    await pair.settle()
    assert len(await confirmations(pair.municipal)) == 1


async def test_a_confirmed_case_is_still_reminded_of_once(pair: Pair) -> None:
    """A confirmation is no answer: the one reminder leaves on its day, about the deviation, and no second one."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    case = await settled(pair, pair.gp, GP)
    await steps.confirm(pair.municipal.ports, HANDLER, (await case_of(pair.municipal, LEVANGER)).number)
    await pair.settle()
    pair.clock.set(case.reminder_at)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.PURRET
    pair.clock.advance(days=60)
    await pair.settle()
    _, reminder = await sent_documents(pair.gp)
    assert read_msghead(reminder[1]).parent == case.first_msg_id


async def test_an_answer_still_answers_the_deviation(pair: Pair) -> None:
    """After a confirmation the answer refers to the deviation, not to our own confirmation."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.BESVART
    parents = {read_msghead(document).parent for _, document in await sent_documents(pair.municipal)}
    assert parents == {theirs.first_msg_id}


async def test_an_agreement_may_let_the_engine_confirm_everything_or_nothing() -> None:
    """`all` confirms an ordinary deviation as its case opens, in the same commit; `by_hand` not even information."""
    pair = Pair(with_terms(confirm="all"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.UNDER_BEHANDLING
    assert len(await confirmations(pair.municipal)) == 1
    pair = Pair(with_terms(confirm="by_hand"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE, kind=DeviationKind.RAABRA)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.LEVERT
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    assert (await settled(pair, pair.gp, GP)).state is CaseState.LUKKET
    assert (await case_of(pair.municipal, LEVANGER)).state is CaseState.LUKKET


async def test_the_same_document_again_is_not_confirmed_again() -> None:
    """Whatever the network repeats, one confirmation leaves."""
    pair = Pair(with_terms(confirm="all"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    (mail,) = pair.gp.sent
    for _ in range(3):
        await pair.municipal.take(mail)
    assert len(await confirmations(pair.municipal)) == 1


async def test_a_confirmation_that_overtakes_the_apprec_starts_the_clock() -> None:
    """A confirmation proves delivery (process.md 2.5): with the AppRec lost on the way, the clock runs all the same."""
    pair = Pair(with_terms(confirm="all"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    (mail,) = pair.gp.sent
    pair.gp.sent = []
    await pair.municipal.take(mail)
    await pair.municipal.work()
    for answer in pair.municipal.sent:
        row = await pair.gp.take(answer)
        if row.kind == "melding":
            break
    case = await case_of(pair.gp, GP)
    assert (case.state, str(case.start)) == (CaseState.UNDER_BEHANDLING, "2026-03-02")
    assert case.deadline == case.reminder_at
    for answer in pair.municipal.sent:
        await pair.gp.take(answer)
    assert (await case_of(pair.gp, GP)).clock == case.clock


async def test_a_confirmation_in_a_reminded_case_does_not_hide_the_waiting_reminder(pair: Pair) -> None:
    """A reminder that has not left is called back by the answer, though a confirmation came in between."""
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    case = await settled(pair, pair.gp, GP)
    theirs = await case_of(pair.municipal, LEVANGER)
    pair.gp.outcome = SmtpOutcome.POSTPONED
    pair.clock.set(case.reminder_at)
    await pair.gp.work()
    await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Ser på det."), final=False)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Svar."), final=True)
    await pair.municipal.work()
    for mail in pair.municipal.sent:
        await pair.gp.take(mail)
    reminder = (await sent_documents(pair.gp))[-1][0]
    assert ((await case_of(pair.gp, GP)).state, reminder.state) == (CaseState.BESVART, DeliveryState.KANSELLERT)


async def test_a_confirmation_that_cannot_go_leaves_the_deviation_delivered() -> None:
    """Where no message can go back, the case opens all the same, the AppRec is sent, and a person is called."""
    pair = Pair(with_terms(confirm="all"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    pair.municipal.ports = _with(pair.municipal, carrier="patient", confirm="all")
    await pair.municipal.take(pair.gp.sent[0])
    theirs = await case_of(pair.municipal, LEVANGER)
    assert (theirs.state, theirs.confirmed_at) == (CaseState.UNDER_BEHANDLING, None)
    assert "not confirmed" in {task.cause for task in await pair.municipal.tasks("saksbehandler")}
    assert len(await sent_documents(pair.municipal)) == 0


def _with(side: Side, **terms: object):
    return replace(side.ports, policy=replace(side.ports.policy, registry=with_terms(**terms)))


async def test_a_plain_message_is_never_confirmed_unasked() -> None:
    """A partner without Samvik gets its AppRec and nothing more; registered, a person may still write to it."""
    pair = Pair(with_terms(confirm="all"))
    document = plain_document(GP_SERVICE, LEVANGER_SERVICE, "Vi fikk ingen epikrise.")
    await pair.municipal.take(plain_mail(Letter(), document))
    theirs = await case_of(pair.municipal, LEVANGER)
    assert theirs.state is CaseState.TIL_VURDERING
    assert await confirmations(pair.municipal) == []
    with pytest.raises(Refused, match=r"case\.not_possible.*TIL_VURDERING"):
        await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    await steps.register(pair.municipal.ports, HANDLER, theirs.number)
    await steps.confirm(pair.municipal.ports, HANDLER, theirs.number)
    assert len(await confirmations(pair.municipal)) == 1


async def test_the_record_systems_word_comes_before_ours() -> None:
    """Where the record system may still refuse the document, the engine confirms nothing on its own."""
    pair = Pair(with_terms(confirm="all", apprec_by="epj", apprec_deadline_minutes=60))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    assert await confirmations(pair.municipal) == []


async def test_who_may_confirm(pair: Pair) -> None:
    """The reporter cannot confirm its own deviation, nor a role that treats no cases; each refusal says who may."""
    sent = await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    with pytest.raises(Refused, match=r"case\.they_confirm"):
        await steps.confirm(pair.gp.ports, Person(Role.SAKSBEHANDLER, GP, "Siri Berg"), sent.number)
    theirs = await case_of(pair.municipal, LEVANGER)
    with pytest.raises(Refused, match=r"case\.may_not.*saksbehandler, sekretariat"):
        await steps.confirm(pair.municipal.ports, Person(Role.MELDER, LEVANGER, "Mette Moe"), theirs.number)
    assert CaseEvent.CONFIRM not in {event.action for event in await events_of(pair.municipal, theirs)}


async def test_information_that_nobody_confirms_calls_people_and_reminds_nobody() -> None:
    """Without a confirmation the sender's people are called after 14 days; no reminder ever leaves (process.md 2.5)."""
    pair = Pair(with_terms(confirm="by_hand"))
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE, kind=DeviationKind.AVVIK_ORIENTERING)
    case = await settled(pair, pair.gp, GP)
    assert (case.state, case.deadline) == (CaseState.LEVERT, pair.clock.now() + timedelta(days=14))
    pair.clock.advance(days=60)
    await pair.settle()
    assert "deadline passed" in {task.cause for task in await pair.gp.tasks("saksbehandler")}
    assert len(await sent_documents(pair.gp)) == 1
    assert registry().defaults().confirm == "information"
