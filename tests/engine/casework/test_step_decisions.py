"""What each step of a person does to a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.case.channel import Channel
from engine.casework.move import DeviationToSend, FollowUpToSend, LetterToWrite
from engine.casework.step_decisions import (
    check_private,
    decide_answer,
    decide_approve,
    decide_confirm,
    decide_judgement,
    decide_plain_step,
    decide_send,
    decide_submit,
    decide_withdrawal,
    judgement_of,
    texts_of,
)
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.deviation.fields import Answer, Deviation, DeviationKind
from engine.deviation.follow_up import FollowUpKind
from engine.deviation.xml import read_deviation, write_deviation
from engine.errors import Refused
from engine.names import HerId, MsgId
from engine.payload.attachment import Attachment
from engine.records.log import TaskCause
from engine.states.case import CaseEvent, CaseState
from tests.fakes.decisions.casework import NOW, STARTED, received, reported

S, E = CaseState, CaseEvent
DRAFT = Deviation(DeviationKind.AVVIK, "AVVIK-2026-000001", "Fastlegetjenesten", False, "Epikrise", "Den kom ikke.")
CONTENT = write_deviation(DRAFT)
NUMBER = "15820250068"
FILE = Attachment("funn.pdf", "application/pdf", b"%PDF-")
GIVEN = Answer("Vi beklager.")


def test_submit_keeps_the_number_and_is_not_yet_assured() -> None:
    """A corrected draft takes the place of the old one under the case's own number."""
    corrected = replace(DRAFT, case_number="-", title="Manglende epikrise", information_only=True)
    move = decide_submit(reported(S.RETURNERT, reason="Uklart"), CONTENT, corrected, "Mette", NOW)
    assert (move.case.state, move.case.reason, move.case.for_information) == (S.TIL_KVALITETSSIKRING, "", True)
    assert move.content is not None
    kept = read_deviation(move.content)
    assert (kept.case_number, kept.title, kept.quality_assured) == (DRAFT.case_number, "Manglende epikrise", False)


def test_submit_without_correction_keeps_what_stands() -> None:
    """The draft as it is, and still for information where it was."""
    move = decide_submit(reported(S.KLADD, for_information=True), CONTENT, None, "Mette", NOW)
    assert (move.content, move.case.for_information) == (CONTENT, True)


def test_approve_marks_the_draft_as_assured() -> None:
    """What is sent says that it was quality-assured."""
    move = decide_approve(reported(S.TIL_KVALITETSSIKRING), CONTENT, NOW)
    assert move.case.state is S.GODKJENT
    assert move.content is not None
    assert read_deviation(move.content) == replace(DRAFT, quality_assured=True)


def test_a_national_number_stops_a_draft() -> None:
    """Submit and approve name the field, and do not repeat the number."""
    content = write_deviation(replace(DRAFT, description=f"Pasient {NUMBER}"))
    for decide in (
        lambda: decide_submit(reported(S.KLADD), content, None, "Mette", NOW),
        lambda: decide_approve(reported(S.TIL_KVALITETSSIKRING), content, NOW),
    ):
        with pytest.raises(Refused) as refused:
            decide()
        assert refused.value.statement == Statement.of(CaseCode.NUMBER_IN_TEXT, fields="Description")


def test_a_number_in_an_answer_is_found_in_each_field() -> None:
    """Every text of an answer is searched."""
    with pytest.raises(Refused) as refused:
        check_private(texts_of(Answer(NUMBER, NUMBER, NUMBER, NUMBER)))
    fields = "Answer/Assessment, Answer/Cause, Answer/Measures, Answer/Responsible"
    assert refused.value.statement == Statement.of(CaseCode.NUMBER_IN_TEXT, fields=fields)


def test_a_plain_step_keeps_its_reason() -> None:
    """The reason of a return stands on the case."""
    move = decide_plain_step(reported(S.TIL_KVALITETSSIKRING), E.RETURN, NOW, "Uklart")
    assert (move.case.state, move.case.reason) == (S.RETURNERT, "Uklart")


def test_a_received_case_is_not_closed_unanswered() -> None:
    """Over time and never answered it cannot be closed; answered, or ours, it can."""
    with pytest.raises(Refused, match=r"case\.not_answered"):
        decide_plain_step(received(S.OVER_FRIST), E.CLOSE, NOW)
    assert decide_plain_step(received(S.OVER_FRIST, answered_at=NOW), E.CLOSE, NOW).case.state is S.LUKKET
    assert decide_plain_step(reported(S.OVER_FRIST), E.CLOSE, NOW).case.state is S.LUKKET
    assert decide_plain_step(received(S.BESVART), E.CLOSE, NOW).case.state is S.LUKKET


def test_the_first_sending_carries_the_deviation() -> None:
    """It goes to the receiver of the draft, as sending number 1."""
    move = decide_send(reported(S.GODKJENT), DRAFT, [FILE], None, NOW)
    assert (move.case.state, move.case.their_her, move.case.sending_number) == (S.SENDES, reported().their_her, 1)
    assert move.message == DeviationToSend(DRAFT, (FILE,))


def test_a_deviation_that_went_astray_begins_anew() -> None:
    """Another receiver, the next number, and nothing of the clock, the reminder or the answer of the first."""
    case = reported(S.FEILADRESSERT, **STARTED, reminded_at=NOW, answered_at=NOW, interrupted_state=S.LEVERT)
    other = HerId("8090201")
    sent = decide_send(case, DRAFT, [], other, NOW).case
    assert (sent.state, sent.their_her, sent.sending_number) == (S.SENDES, other, 2)
    assert (sent.start, sent.due, sent.reminder_at, sent.reminded_at) == (None, None, None, None)
    assert (sent.answered_at, sent.interrupted_state) == (None, None)
    with pytest.raises(Refused, match=r"case\.no_new_receiver"):
        decide_send(case, DRAFT, [], None, NOW)


def test_a_confirmation_is_sent_once_with_our_number() -> None:
    """The case notes when; a second one is refused, and so is one of a case that we reported."""
    move = decide_confirm(received(), NOW)
    assert (move.case.state, move.case.confirmed_at) == (S.UNDER_BEHANDLING, NOW)
    assert move.message == FollowUpToSend(FollowUpKind.BEKREFTELSE, "Saksnummer hos oss: AVVIK-2026-000001.")
    assert [line.action for line in move.lines] == [E.CONFIRM]
    with pytest.raises(Refused, match=r"case\.confirmed_already"):
        decide_confirm(received(confirmed_at=NOW), NOW)
    with pytest.raises(Refused, match=r"case\.they_confirm"):
        decide_confirm(reported(S.UNDER_BEHANDLING), NOW)
    with pytest.raises(Refused, match=r"case\.not_possible"):
        decide_confirm(received(S.TIL_VURDERING), NOW)


def test_a_confirmation_ends_what_is_for_information() -> None:
    """One move from treatment to its end, with both lines in the log and the old tasks closed."""
    case = received(for_information=True)
    move = decide_confirm(case, NOW)
    assert (move.was, move.case.state, move.case.confirmed_at) == (case, S.ORIENTERT, NOW)
    assert [line.action for line in move.lines] == [E.CONFIRM, E.INFORMED]
    assert (move.closes_tasks, move.message is not None) == (True, True)


@pytest.mark.parametrize(
    ("final", "kind", "state", "answered_at"),
    [(True, FollowUpKind.SVAR, S.BESVART, NOW), (False, FollowUpKind.FORELOPIG_SVAR, S.UNDER_BEHANDLING, None)],
)
def test_an_answer_goes_in_the_thread(final: bool, kind: FollowUpKind, state: S, answered_at: object) -> None:
    """A final answer ends the waiting; an interim one leaves the case open."""
    move = decide_answer(received(), GIVEN, [FILE], NOW, final=final)
    assert (move.case.state, move.case.answered_at) == (state, answered_at)
    assert move.message == FollowUpToSend(kind, answer=GIVEN, files=(FILE,))


def test_an_interim_answer_keeps_the_time_of_the_answer() -> None:
    """An interim answer is none, so the time of an earlier answer stays as it was."""
    before = NOW - timedelta(days=1)
    assert decide_answer(received(answered_at=before), GIVEN, [], NOW, final=False).case.answered_at == before


def test_a_case_that_came_otherwise_is_answered_by_letter() -> None:
    """No message can go in it."""
    move = decide_answer(received(channel=Channel.POST), GIVEN, [], NOW, final=True)
    assert (move.case.state, move.message) == (S.BESVART, LetterToWrite(GIVEN, final=True))


def test_a_case_that_we_reported_is_not_answered_by_us() -> None:
    """The table alone would allow it: LEVERT has a way to BESVART."""
    with pytest.raises(Refused, match=r"case\.they_answer"):
        decide_answer(reported(S.LEVERT), GIVEN, [], NOW, final=True)


@pytest.mark.parametrize("state", [S.LEVERT, S.UNDER_BEHANDLING, S.PURRET, S.OVER_FRIST, S.FEILADRESSERT])
def test_an_interim_reply_gives_the_case_back(state: S) -> None:
    """The case returns to the state that the reply interrupted, as if it had not been answered."""
    case = reported(S.SVAR_IKKE_VURDERT, **STARTED, interrupted_state=state, answered_at=NOW)
    move = decide_judgement(case, NOW, final=False)
    assert (move.case.state, move.case.interrupted_state, move.case.answered_at) == (state, None, None)
    assert judgement_of(case, final=False).value == f"assess interim, was {state}"


def test_a_final_reply_ends_the_waiting() -> None:
    """The time of the answer stays."""
    case = reported(S.SVAR_IKKE_VURDERT, interrupted_state=S.LEVERT, answered_at=NOW)
    move = decide_judgement(case, NOW + timedelta(days=1), final=True)
    assert (move.case.state, move.case.answered_at) == (S.BESVART, NOW)


def test_a_withdrawal_tells_the_other_side() -> None:
    """Where they have it, a message goes; where none can, the case ends all the same and a person must tell them."""
    case = reported(S.LEVERT, **STARTED)
    move = decide_withdrawal(case, "Feil", NOW)
    assert (move.case.state, move.case.reason) == (S.TRUKKET, "Feil")
    assert move.message == FollowUpToSend(FollowUpKind.TRUKKET)
    assert move.if_refused is not None
    told = move.if_refused(Refused(CaseCode.NO_THREAD, number=case.number))
    assert (told.case, told.message) == (move.case, None)
    error = Statement.of(CaseCode.NO_THREAD, number=case.number)
    said = Statement.of(CaseTaskCode.NOT_TOLD, number=case.number, error=error)
    assert [(task.cause, task.said) for task in told.tasks] == [(TaskCause.NOT_TOLD, said)]


def test_a_draft_is_withdrawn_in_silence() -> None:
    """Nobody has it, so nobody is told."""
    assert decide_withdrawal(reported(S.KLADD, first_msg_id=None), "Feil", NOW).message is None


def test_only_the_reporter_withdraws() -> None:
    """The receiving side cannot."""
    with pytest.raises(Refused, match=r"case\.they_withdraw"):
        decide_withdrawal(received(), "Feil", NOW)


def test_moves_in_a_row_are_one_move() -> None:
    """`then` begins where the first began, ends where the second ends, and keeps what both do."""
    case = reported(S.PURRET, reminded_at=NOW, last_msg_id=MsgId("x"))
    first = decide_judgement(reported(S.SVAR_IKKE_VURDERT, interrupted_state=S.LEVERT), NOW, final=True)
    second = decide_plain_step(first.case, E.CLOSE, NOW)
    both = first.then(second)
    assert (both.was, both.case) == (first.was, second.case)
    assert both.lines == (*first.lines, *second.lines)
    assert both.tasks == second.tasks
    recalls = decide_withdrawal(case, "Feil", NOW)
    assert recalls.then(replace(second, recalls_reminder=False)).recalls_reminder
