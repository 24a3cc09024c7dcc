"""What deliveries, documents and deadlines do to a case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from engine.casework.event_decisions import (
    InThread,
    decide_deadline,
    decide_delivery,
    decide_in_thread,
    event_of,
    is_to_be_reminded,
    proves_delivery,
)
from engine.codes.case_task import CaseTaskCode
from engine.deviation.fields import Answer
from engine.deviation.follow_up import FollowUp, FollowUpKind
from engine.names import MsgId
from engine.records.log import TaskCause
from engine.states.case import CaseEvent, CaseState
from engine.states.delivery import DeliveryState
from tests.fakes.decisions.casework import NOW, STARTED, delivery, received, reported
from tests.fakes.decisions.policies import policy

S, E, D, K = CaseState, CaseEvent, DeliveryState, FollowUpKind


def says(kind: FollowUpKind | None, made_at: datetime = NOW) -> InThread:
    """Return a message in the thread: of a kind, or a plain reply."""
    answer = Answer("Vi beklager.") if kind in {K.SVAR, K.FORELOPIG_SVAR} else None
    return InThread(
        MsgId("new"), made_at, FollowUp(kind, "AVVIK-2026-000001", "Saksbehandling", "", answer) if kind else None
    )


@pytest.mark.parametrize("state", [D.LEVERT, D.LEVERT_MED_FEIL, D.LEVERT_MANUELT])
def test_delivered_starts_the_clock(state: DeliveryState) -> None:
    """The clock counts from the AppRec's own time, kept between our first try and its receipt."""
    move = decide_delivery(policy(), reported(S.SENDES), delivery(state=state), NOW + timedelta(days=2), NOW)
    assert move is not None
    assert (move.case.state, move.case.clock) == (S.LEVERT, reported(**STARTED).clock)
    early = decide_delivery(policy(), reported(S.SENDES), delivery(state=state), NOW, NOW - timedelta(days=9))
    assert early is not None
    assert early.case.start == date(2026, 3, 2)


def test_a_clock_that_runs_is_not_started_again() -> None:
    """A second positive AppRec changes nothing."""
    assert decide_delivery(policy(), reported(S.LEVERT, **STARTED), delivery(state=D.LEVERT), NOW) is None


@pytest.mark.parametrize("state", [S.LEVERT, S.UNDER_BEHANDLING, S.PURRET])
def test_a_refusal_stops_the_clock(state: CaseState) -> None:
    """Refused after all, the case is to be sent again, without its clock."""
    move = decide_delivery(policy(), reported(state, **STARTED), delivery(state=D.AVVIST), NOW)
    assert move is not None
    assert (move.case.state, move.case.clock) == (S.SENDES, None)


def test_a_refusal_after_the_answer_keeps_the_clock() -> None:
    """What is answered needs no clock, and keeps its days for people to see."""
    move = decide_delivery(policy(), reported(S.BESVART, **STARTED), delivery(state=D.AVVIST), NOW)
    assert move is not None
    assert (move.case.state, move.case.start) == (S.BESVART, date(2026, 3, 2))


@pytest.mark.parametrize("state", [D.UBEKREFTET, D.TRANSPORTFEIL, D.MANGLER_APPREC, D.KANSELLERT])
def test_a_failed_delivery_calls_a_person(state: DeliveryState) -> None:
    """The case stays in SENDES with a task."""
    move = decide_delivery(policy(), reported(S.SENDES), delivery(state=state), NOW)
    assert move is not None
    assert (move.case.state, [task.cause for task in move.tasks]) == (S.SENDES, [E.DELIVERY_FAILED])


@pytest.mark.parametrize("state", [D.KO, D.SENDT, D.SENDT_UKJENT, D.TRANSPORTKVITTERT])
def test_a_delivery_under_way_moves_nothing(state: DeliveryState) -> None:
    """Until it is decided the case waits."""
    assert decide_delivery(policy(), reported(S.SENDES), delivery(state=state), NOW) is None


@pytest.mark.parametrize(
    ("state", "after"),
    [(S.PURRET, S.OVER_FRIST), (S.SVAR_IKKE_VURDERT, S.BESVART), (S.BESVART, S.LUKKET), (S.ORIENTERT, S.LUKKET)],
)
def test_a_deadline_moves_what_goes_on_by_itself(state: CaseState, after: CaseState) -> None:
    """Two weeks after the reminder the case is over time; what is answered is closed."""
    assert decide_deadline(reported(state), NOW).case.state is after


def test_any_other_deadline_calls_again_in_a_week() -> None:
    """The case stays, its owner is called, and it is looked at again after seven days."""
    case = reported(S.KLADD)
    move = decide_deadline(case, NOW)
    assert move.case == replace(case, deadline=NOW + timedelta(days=7))
    assert [(task.cause, task.said.code) for task in move.tasks] == [
        (TaskCause.DEADLINE_PASSED, CaseTaskCode.DEADLINE_PASSED)
    ]


def test_who_is_to_be_reminded() -> None:
    """A case of ours that the partner has, with a clock; no other."""
    assert is_to_be_reminded(reported(S.LEVERT, **STARTED))
    assert is_to_be_reminded(reported(S.UNDER_BEHANDLING, **STARTED))
    for case in (
        received(S.UNDER_BEHANDLING, **STARTED),
        reported(S.LEVERT),
        reported(S.PURRET, **STARTED),
        reported(S.SVAR_IKKE_VURDERT, **STARTED),
    ):
        assert not is_to_be_reminded(case)


@pytest.mark.parametrize(
    ("kind", "to_reporter", "to_receiver"),
    [
        (K.BEKREFTELSE, E.CONFIRMED, E.REPLIED),
        (K.FORELOPIG_SVAR, E.ANSWERED_INTERIM, E.REPLIED),
        (K.SVAR, E.ANSWERED, E.REPLIED),
        (K.PURRING, E.REPLIED, E.REMINDED),
        (K.TRUKKET, E.REPLIED, E.WITHDRAWN),
        (None, E.REPLIED, E.REPLIED),
    ],
)
def test_what_a_message_means_to_each_side(kind: K | None, to_reporter: E, to_receiver: E) -> None:
    """What is out of place counts as a plain reply."""
    late = NOW + timedelta(days=60)
    assert event_of(reported(**STARTED), says(kind).follow_up, late) is to_reporter
    assert event_of(received(**STARTED), says(kind).follow_up, late) is to_receiver


def test_a_reminder_is_early_until_the_due_date_ends() -> None:
    """Until midnight in Oslo of the due date, and always where no clock runs."""
    purring = says(K.PURRING).follow_up
    ends = datetime(2026, 4, 1, 22, tzinfo=UTC)
    assert event_of(received(**STARTED), purring, ends - timedelta(seconds=1)) is E.REMINDED_EARLY
    assert event_of(received(**STARTED), purring, ends) is E.REMINDED
    assert event_of(received(), purring, ends) is E.REMINDED_EARLY


def test_a_confirmation_of_what_is_for_information_is_its_end() -> None:
    """No answer is expected, so the confirmation is the last word."""
    case = reported(S.LEVERT, for_information=True)
    assert event_of(case, says(K.BEKREFTELSE).follow_up, NOW) is E.INFORMED
    assert decide_in_thread(policy(), case, says(K.BEKREFTELSE), None, NOW).case.state is S.ORIENTERT


def test_an_answer_ends_the_waiting() -> None:
    """A final answer is the latest message and has its time; where it came is remembered."""
    case = reported(S.PURRET, **STARTED, reminded_at=NOW)
    move = decide_in_thread(policy(), case, says(K.SVAR), None, NOW)
    after = move.case
    assert (after.state, after.answered_at, after.last_msg_id) == (S.BESVART, NOW, "new")
    assert (after.interrupted_state, move.recalls_reminder) == (S.PURRET, True)


def test_a_plain_reply_waits_to_be_judged() -> None:
    """The state that it interrupted is remembered, and the case worker has five working days."""
    move = decide_in_thread(policy(), reported(S.UNDER_BEHANDLING, **STARTED), says(None), None, NOW)
    after = move.case
    assert (after.state, after.interrupted_state, after.answered_at) == (S.SVAR_IKKE_VURDERT, S.UNDER_BEHANDLING, NOW)
    assert after.deadline == datetime(2026, 3, 9, 23, tzinfo=UTC)
    assert [task.said.code for task in move.tasks] == [CaseTaskCode.JUDGE_REPLY]


def test_a_second_reply_calls_but_moves_nothing() -> None:
    """Where one waits to be judged, the next one is shown; the state it interrupted and the deadline stay."""
    case = reported(S.SVAR_IKKE_VURDERT, **STARTED, interrupted_state=S.PURRET)
    move = decide_in_thread(policy(), case, says(None), None, NOW)
    assert move.case == replace(case, last_msg_id=MsgId("new"), answered_at=NOW)
    assert [task.cause for task in move.tasks] == [E.REPLIED, TaskCause.REPLY]


def test_a_reply_to_a_case_that_was_not_with_the_partner_returns_to_levert() -> None:
    """A reply that overtakes the AppRec interrupts SENDES; judged interim, the case is delivered."""
    move = decide_in_thread(policy(), reported(S.SENDES), says(None), delivery(), NOW)
    assert (move.case.state, move.case.interrupted_state) == (S.SVAR_IKKE_VURDERT, S.LEVERT)


def test_an_answer_after_the_end_has_no_time() -> None:
    """What came too late does not change when the case was answered."""
    case = reported(S.LUKKET, answered_at=NOW)
    assert decide_in_thread(policy(), case, says(K.SVAR), None, NOW + timedelta(days=9)).case.answered_at == NOW


def test_an_interim_answer_answers_nothing() -> None:
    """It keeps the case open, and its clock."""
    move = decide_in_thread(policy(), reported(S.LEVERT, **STARTED), says(K.FORELOPIG_SVAR), None, NOW)
    assert (move.case.state, move.case.answered_at, move.case.interrupted_state) == (S.UNDER_BEHANDLING, None, None)


def test_a_confirmation_is_answered_by_nobody() -> None:
    """The latest message stays the one before it."""
    move = decide_in_thread(policy(), reported(S.LEVERT, **STARTED), says(K.BEKREFTELSE), None, NOW)
    assert (move.case.state, move.case.last_msg_id) == (S.UNDER_BEHANDLING, "first")


def test_the_first_answer_proves_delivery() -> None:
    """An answer that overtakes the AppRec starts the clock, from its own time within what we know."""
    case = reported(S.SENDES)
    assert proves_delivery(case, E.ANSWERED_INTERIM)
    made = NOW + timedelta(days=1)
    move = decide_in_thread(policy(), case, says(K.FORELOPIG_SVAR, made), delivery(), NOW + timedelta(days=3))
    assert (move.case.state, move.case.start) == (S.UNDER_BEHANDLING, date(2026, 3, 3))
    long_ago = says(K.FORELOPIG_SVAR, NOW - timedelta(days=9))
    assert decide_in_thread(policy(), case, long_ago, None, NOW).case.start == date(2026, 3, 2)


def test_a_refused_deviation_that_is_answered_has_no_clock() -> None:
    """The AppRec was a refusal: nobody is reminded, and a person is told why."""
    move = decide_in_thread(policy(), reported(S.SENDES), says(K.BEKREFTELSE), delivery(state=D.AVVIST), NOW)
    assert (move.case.state, move.case.clock) == (S.UNDER_BEHANDLING, None)
    assert [task.cause for task in move.tasks] == [TaskCause.ANSWERED_THOUGH_REFUSED]


def test_what_proves_nothing() -> None:
    """A running clock, a case of theirs, a reminder, and a message that moves the case nowhere it was delivered."""
    assert not proves_delivery(reported(S.LEVERT, **STARTED), E.ANSWERED)
    assert not proves_delivery(received(), E.REPLIED)
    assert not proves_delivery(reported(S.SENDES), E.REMINDED)
    assert not proves_delivery(reported(S.LUKKET), E.ANSWERED)


def test_the_reporters_plain_words_are_shown_and_move_nothing() -> None:
    """What the reporter writes in a case that we treat is for the case worker to read."""
    case = received(id=UUID(int=9))
    move = decide_in_thread(policy(), case, says(None), None, NOW)
    assert (move.case, move.lines, move.closes_tasks) == (case, (), False)
    assert [(task.cause, task.said.code) for task in move.tasks] == [(TaskCause.MESSAGE, CaseTaskCode.REPORTER_WROTE)]


def test_a_withdrawal_ends_the_case_that_we_treat() -> None:
    """The reporter took it back."""
    assert decide_in_thread(policy(), received(), says(K.TRUKKET), None, NOW).case.state is S.TRUKKET
