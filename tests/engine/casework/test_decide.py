"""How any event moves a case: state, deadline, tasks, log line and the recall of the reminder."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.casework.decide import (
    advance_case,
    not_reminded,
    open_case,
    opening_state,
    task_about,
    wait_until,
    with_clock,
    without_clock,
)
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Code, Statement
from engine.commit.move import LogLine, NewTask
from engine.errors import Refused
from engine.names import MsgId
from engine.records.log import Action, TaskCause
from engine.states.case import CaseEvent, CaseState
from engine.states.role import Role
from tests.fakes.decisions.casework import NOW, STARTED, received, reported
from tests.fakes.decisions.policies import policy

S, E = CaseState, CaseEvent


def said(code: Code) -> Statement:
    """Return what a task about the case says."""
    return Statement.of(code, number="AVVIK-2026-000001")


def test_an_event_moves_state_and_deadline_and_calls_the_new_owner() -> None:
    """The move has the new state with its deadline, one log line, and one task in place of all that were open."""
    case = reported(S.KLADD)
    move = advance_case(case, E.SUBMIT, NOW)
    deadline = datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert move.case == replace(case, state=S.TIL_KVALITETSSIKRING, deadline=deadline)
    assert (move.was, move.lines) == (case, (LogLine(E.SUBMIT, {"state": S.TIL_KVALITETSSIKRING}),))
    assert (move.closes_tasks, move.recalls_reminder, move.message) == (True, False, None)
    task = NewTask(S.TIL_KVALITETSSIKRING, said(CaseTaskCode.ASSURE), Role.KVALITETSSIKRER, deadline)
    assert move.tasks == (task,)


def test_an_ignored_event_is_only_logged() -> None:
    """Where the table ignores an event the case stays whole, and nobody is called."""
    case = reported(S.UNDER_BEHANDLING, **STARTED)
    move = advance_case(case, E.CONFIRMED, NOW)
    assert (move.case, move.tasks, move.closes_tasks) == (case, (), False)
    assert move.lines == (LogLine(E.CONFIRMED, {"state": S.UNDER_BEHANDLING}),)


def test_what_is_noted_changes_without_a_new_deadline() -> None:
    """An event that moves nothing writes what is noted, and leaves the deadline alone."""
    case = reported(S.UNDER_BEHANDLING, **STARTED)
    noted = replace(case, last_msg_id=MsgId("interim"))
    assert advance_case(case, E.ANSWERED_INTERIM, NOW, noted).case == noted


def test_a_clock_that_starts_without_a_move_sets_the_deadline() -> None:
    """In a state that waits for the clock the deadline follows it, moved or not."""
    case = reported(S.UNDER_BEHANDLING)
    moved = advance_case(case, E.ANSWERED_INTERIM, NOW, replace(case, **STARTED)).case
    assert (moved.state, moved.deadline) == (S.UNDER_BEHANDLING, STARTED["reminder_at"])


@pytest.mark.parametrize(
    ("state", "event", "code"),
    [
        (S.SVAR_IKKE_VURDERT, E.ANSWERED_INTERIM, CaseTaskCode.UNEXPECTED),
        (S.SVAR_IKKE_VURDERT, E.REPLIED, CaseTaskCode.UNEXPECTED),
        (S.LUKKET, E.REMINDED, CaseTaskCode.UNEXPECTED),
        (S.BESVART, E.REMINDED, CaseTaskCode.UNEXPECTED),
        (S.TRUKKET, E.REMINDED, CaseTaskCode.UNEXPECTED),
        (S.BESVART, E.ANSWERED, CaseTaskCode.UNEXPECTED),
        (S.SENDES, E.DELIVERY_FAILED, CaseTaskCode.UNEXPECTED),
        (S.BESVART, E.MISADDRESSED, CaseTaskCode.MISADDRESSED_TOO_LATE),
        (S.OVER_FRIST, E.REFUSED, CaseTaskCode.REFUSED),
    ],
)
def test_what_is_out_of_place_calls_a_person_and_moves_nothing(state: S, event: E, code: CaseTaskCode) -> None:
    """The case stays, what is open stays open, and the task has the event as its cause."""
    case = reported(state)
    move = advance_case(case, event, NOW)
    (task,) = move.tasks
    assert (move.case, move.closes_tasks) == (case, False)
    assert (task.cause, task.said.code, task.said.params["number"]) == (event, code, case.number)


def test_an_early_reminder_calls_the_handler() -> None:
    """A reminder before the answer is due moves nothing, and the case worker is told."""
    move = advance_case(received(), E.REMINDED_EARLY, NOW)
    assert [(task.role, task.said) for task in move.tasks] == [(Role.SAKSBEHANDLER, said(CaseTaskCode.REMINDED_EARLY))]


def test_a_refused_deviation_says_so_to_operations() -> None:
    """A deviation that is refused after all goes back to SENDES; the task says why, not what SENDES always says."""
    move = advance_case(reported(S.LEVERT, **STARTED), E.REFUSED, NOW)
    assert move.case.state is S.SENDES
    assert [(task.role, task.said) for task in move.tasks] == [(Role.DRIFT, said(CaseTaskCode.REFUSED))]


def test_a_case_that_the_partner_treats_calls_nobody() -> None:
    """Confirmed by the other side, a case of ours waits for them: what was open is closed, and nothing is opened."""
    move = advance_case(reported(S.LEVERT, **STARTED), E.CONFIRMED, NOW)
    assert (move.case.state, move.closes_tasks, move.tasks) == (S.UNDER_BEHANDLING, True, ())


@pytest.mark.parametrize(
    ("reporting", "code"), [(True, CaseTaskCode.NO_ANSWER), (False, CaseTaskCode.WE_HAVE_NOT_ANSWERED)]
)
def test_over_time_says_who_owes_the_answer(reporting: bool, code: CaseTaskCode) -> None:
    """The secretariat of each side is told who did not answer."""
    move = advance_case((reported if reporting else received)(S.PURRET), E.OVERDUE, NOW)
    assert [(task.role, task.said) for task in move.tasks] == [(Role.SEKRETARIAT, said(code))]


@pytest.mark.parametrize(
    ("state", "event", "recalled"),
    [
        (S.PURRET, E.ANSWERED, True),
        (S.PURRET, E.REPLIED, True),
        (S.PURRET, E.WITHDRAW, True),
        (S.OVER_FRIST, E.CLOSE, True),
        (S.PURRET, E.OVERDUE, False),
        (S.PURRET, E.ANSWERED_INTERIM, False),
    ],
)
def test_leaving_the_partner_recalls_the_reminder(state: S, event: E, recalled: bool) -> None:
    """An answer, a withdrawal or the end recalls the reminder; whatever leaves the case with the partner does not."""
    assert advance_case(reported(state, reminded_at=NOW), event, NOW).recalls_reminder is recalled


def test_nothing_is_recalled_where_nobody_was_reminded() -> None:
    """Without a reminder there is none to recall."""
    assert not advance_case(reported(S.LEVERT, **STARTED), E.ANSWERED, NOW).recalls_reminder


def test_an_illegal_step_says_what_is_possible_and_who_may() -> None:
    """The refusal names the case, its state, the step, and each way on with its roles in order."""
    with pytest.raises(Refused) as refused:
        advance_case(reported(S.GODKJENT), E.APPROVE, NOW)
    ways = [
        Statement.of(CaseCode.WAY, step=E.SEND, roles=["kvalitetssikrer", "sekretariat"]),
        Statement.of(CaseCode.WAY, step=E.WITHDRAW, roles=["kvalitetssikrer", "melder", "sekretariat"]),
    ]
    assert refused.value.statement == Statement.of(
        CaseCode.NOT_POSSIBLE, number="AVVIK-2026-000001", state=S.GODKJENT, step=E.APPROVE, ways=ways
    )


def test_a_step_after_the_end_has_no_way_on() -> None:
    """In a state without ways the refusal says that nothing is possible."""
    with pytest.raises(Refused) as refused:
        advance_case(reported(S.LUKKET), E.SEND, NOW)
    assert refused.value.statement is not None
    assert refused.value.statement.params["ways"] == (Statement.of(CaseCode.NO_WAY),)


@pytest.mark.parametrize(
    ("state", "role"),
    [
        (S.KLADD, Role.MELDER),
        (S.SENDES, Role.DRIFT),
        (S.LEVERT, Role.SAKSBEHANDLER),
        (S.ORIENTERT, Role.SAKSBEHANDLER),
        (S.OVER_FRIST, Role.SEKRETARIAT),
        (S.LUKKET, Role.SEKRETARIAT),
    ],
)
def test_a_task_goes_to_the_owner_of_the_state(state: S, role: Role) -> None:
    """Where the state waits for a system the case worker is called, and the secretariat after the end."""
    task = task_about(reported(state), TaskCause.MESSAGE, said(CaseTaskCode.REPLY), NOW)
    assert (task.role, task.due) == (role, reported().deadline)


def test_a_task_without_a_deadline_is_due_now() -> None:
    """A case that waits for nobody has tasks that are due at once."""
    assert task_about(reported(deadline=None), TaskCause.MESSAGE, said(CaseTaskCode.REPLY), NOW).due == NOW


def test_waiting_changes_the_deadline_alone() -> None:
    """The move logs nothing, closes nothing, and has the tasks that it is given."""
    case = reported()
    task = task_about(case, TaskCause.DEADLINE_PASSED, said(CaseTaskCode.DEADLINE_PASSED), NOW)
    move = wait_until(case, NOW + timedelta(days=1), task)
    assert (move.case, move.was) == (replace(case, deadline=NOW + timedelta(days=1)), case)
    assert (move.lines, move.closes_tasks, move.tasks) == ((), False, (task,))


def test_a_case_begins_by_who_opens_it() -> None:
    """Ours begins as a draft, theirs in treatment once somebody has judged it, and else to be judged."""
    assert opening_state(reporting=True, judged=False) is S.KLADD
    assert opening_state(reporting=False, judged=True) is S.UNDER_BEHANDLING
    assert opening_state(reporting=False, judged=False) is S.TIL_VURDERING


def test_opening_logs_number_and_state() -> None:
    """The case gets the deadline of its state, and its log line what is told beside number and state."""
    move = open_case(reported(S.KLADD), b"draft", Action.NEW, NOW, data={"channel": "post"}, files=())
    assert (move.case.deadline, move.was, move.content) == (NOW + timedelta(days=14), None, b"draft")
    assert move.lines == (LogLine(Action.NEW, {"number": "AVVIK-2026-000001", "state": S.KLADD, "channel": "post"}),)


def test_the_clock_follows_the_terms() -> None:
    """Thirty days, and the reminder on the first working day after; what is for information has no clock."""
    assert with_clock(policy(), reported(), NOW.date(), NOW) == reported(**STARTED)
    information = reported(for_information=True)
    assert with_clock(policy(), information, NOW.date(), NOW) == information
    assert without_clock(reported(**STARTED)) == reported()


@pytest.mark.parametrize(
    ("interrupted", "after"),
    [(S.PURRET, S.LEVERT), (S.OVER_FRIST, S.LEVERT), (S.UNDER_BEHANDLING, S.UNDER_BEHANDLING), (None, None)],
)
def test_a_recalled_reminder_was_never_sent(interrupted: S | None, after: S | None) -> None:
    """The case may be reminded again, and an interim reply does not lead back to a state that says it was."""
    case = reported(S.SVAR_IKKE_VURDERT, reminded_at=NOW, interrupted_state=interrupted)
    assert not_reminded(case) == replace(case, reminded_at=None, interrupted_state=after)
