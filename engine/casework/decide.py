"""How any event moves a case: state, deadline, clock, tasks, log line and the recall of the reminder, decided together.

Everything here is pure. What people do is decided in engine.casework.step_decisions, what comes from outside or with
time in engine.casework.event_decisions; both end in `advance_case`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from engine.case.clock import clock_from
from engine.case.deadlines import deadline_of, waits_for_clock
from engine.case.record import Case
from engine.case.roles import MAY
from engine.casework.move import Move
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.move import LogLine, NewTask
from engine.commit.policy import Policy
from engine.errors import Refused
from engine.records.channels import CaseFile
from engine.states.case import CASE, OPEN, PARTNER_HAS_IT, CaseEvent, CaseState
from engine.states.role import Role
from engine.states.table import Otherwise, Step, advance

_S = CaseState

_STATE_TASK = {
    _S.TIL_KVALITETSSIKRING: CaseTaskCode.ASSURE,
    _S.RETURNERT: CaseTaskCode.RETURNED,
    _S.GODKJENT: CaseTaskCode.NOT_SENT,
    _S.OVER_FRIST: CaseTaskCode.NO_ANSWER,
    _S.SVAR_IKKE_VURDERT: CaseTaskCode.JUDGE_REPLY,
    _S.FEILADRESSERT: CaseTaskCode.WRONG_RECEIVER,
    _S.TIL_VURDERING: CaseTaskCode.MAY_BE_A_DEVIATION,
    _S.UNDER_BEHANDLING: CaseTaskCode.TREAT,
}
"""What the owner of a state is called to do, where that is not said by the event."""

_EVENT_TASK = {
    CaseEvent.REFUSED: CaseTaskCode.REFUSED,
    CaseEvent.REMINDED_EARLY: CaseTaskCode.REMINDED_EARLY,
}
"""What an event calls for, whether or not it moved the case."""


def advance_case(case: Case, event: CaseEvent, now: datetime, noted: Case | None = None) -> Move:
    """Return what an event does to a case. `noted` is the case with the fields that change beside its state.

    Where the table ignores the event, only the log and the noted fields change. Raises Refused, naming the state, what
    is possible in it and who may do that, where the table refuses.
    """
    step = _step(case, event)
    after = replace(noted or case, state=step.state)
    if step.moved or (after.start != case.start and waits_for_clock(after)):
        after = replace(after, deadline=deadline_of(after, now))
    tasks = _tasks_of_state(after, event, now) if step.moved else ()
    if step.task:
        tasks = (task_about(case, event, _surprise(case, event), now),)
    return Move(
        case=after,
        was=case,
        lines=(LogLine(event, {"state": step.state}),),
        closes_tasks=step.moved,
        tasks=tasks,
        recalls_reminder=step.moved and case.reminded_at is not None and step.state not in PARTNER_HAS_IT,
    )


def wait_until(case: Case, at: datetime, *tasks: NewTask) -> Move:
    """Return the move that looks at a case again at a time, whatever the deadline of its state, and calls people."""
    return Move(case=replace(case, deadline=at), was=case, tasks=tasks)


def task_about(case: Case, cause: StrEnum, said: Statement, now: datetime) -> NewTask:
    """Return a task about a case, for the owner of its state; for a case worker where that is no person."""
    owner = OPEN[case.state][0] if case.state in OPEN else Role.SEKRETARIAT
    return NewTask(cause, said, owner if isinstance(owner, Role) else Role.SAKSBEHANDLER, case.deadline or now)


def opening_state(*, reporting: bool, judged: bool) -> CaseState:
    """Return the state that a case begins in.

    `judged` is True where somebody has said that it is a deviation: a partner with Samvik, or a person of ours.
    """
    if reporting:
        return _S.KLADD
    return _S.UNDER_BEHANDLING if judged else _S.TIL_VURDERING


def open_case(
    case: Case, content: bytes, action: StrEnum, now: datetime, *, data: Mapping[str, str], files: tuple[CaseFile, ...]
) -> Move:
    """Return the move that opens a case, with its deadline and its log line. `data` goes into that line."""
    opened = replace(case, deadline=deadline_of(case, now))
    line = LogLine(action, {"number": case.number, "state": case.state, **data})
    return Move(case=opened, was=None, lines=(line,), content=content, files=files)


def with_clock(policy: Policy, case: Case, start: date, now: datetime) -> Case:
    """Return a case with a clock that started on a day. What is for information only has none (process.md 2.5)."""
    if case.for_information:
        return case
    terms = policy.registry.terms(case.our_her, case.their_her, now)
    clock = clock_from(start, terms.answer_days, terms.holiday_rule)
    return replace(case, start=clock.start, due=clock.due, reminder_at=clock.reminder_at)


def without_clock(case: Case) -> Case:
    """Return a case whose clock was stopped."""
    return replace(case, start=None, due=None, reminder_at=None)


def not_reminded(case: Case) -> Case:
    """Return a case whose reminder was recalled before it left, so that it may be reminded later.

    A reply that is judged interim must then not lead back to a state that says it was reminded.
    """
    reminded = case.interrupted_state in {_S.PURRET, _S.OVER_FRIST}
    return replace(case, reminded_at=None, interrupted_state=_S.LEVERT if reminded else case.interrupted_state)


def _step(case: Case, event: CaseEvent) -> Step[CaseState]:
    try:
        return advance(CASE, case.state, event)
    except Refused:
        row = CASE[case.state]
        people = [step for step in MAY if isinstance(step, CaseEvent) and not isinstance(row[step], Otherwise)]
        ways = [Statement.of(CaseCode.WAY, step=step, roles=sorted(MAY[step])) for step in people]
        raise Refused(
            CaseCode.NOT_POSSIBLE,
            number=case.number,
            state=case.state,
            step=event,
            ways=ways or [Statement.of(CaseCode.NO_WAY)],
        ) from None


def _surprise(case: Case, event: CaseEvent) -> Statement:
    """Return what a person is told about an event that the case has no place for."""
    if event is CaseEvent.MISADDRESSED:
        return Statement.of(CaseTaskCode.MISADDRESSED_TOO_LATE, number=case.number)
    if event in _EVENT_TASK:
        return Statement.of(_EVENT_TASK[event], number=case.number)
    return Statement.of(CaseTaskCode.UNEXPECTED, number=case.number, event=event)


def _tasks_of_state(case: Case, event: CaseEvent, now: datetime) -> tuple[NewTask, ...]:
    """Return what the new state calls for. A case that the other side treats waits for them, and calls nobody here."""
    code = _EVENT_TASK.get(event) or _STATE_TASK.get(case.state)
    if case.state is _S.OVER_FRIST and not case.reporting:
        code = CaseTaskCode.WE_HAVE_NOT_ANSWERED
    if code is None or (case.state is _S.UNDER_BEHANDLING and case.reporting):
        return ()
    return (task_about(case, case.state, Statement.of(code, number=case.number), now),)
