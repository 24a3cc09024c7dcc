"""What a party's record system does to a case by its AppRec or by a message that it wrote itself."""

from dataclasses import replace
from datetime import date, datetime

from engine.case.deadlines import deadline_of
from engine.case.record import Case
from engine.casework.apply import apply
from engine.casework.decide import advance_case, task_about, with_clock
from engine.casework.move import Move
from engine.casework.step_decisions import confirmed
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.commit import Commit
from engine.commit.move import LogLine
from engine.commit.policy import Policy
from engine.deviation.follow_up import FollowUp, FollowUpKind
from engine.errors import Refused
from engine.names import MsgId
from engine.records.log import Action
from engine.states.case import CaseEvent, CaseState

_MEANS = {FollowUpKind.FORELOPIG_SVAR: CaseEvent.ANSWER_INTERIM, FollowUpKind.BEKREFTELSE: CaseEvent.CONFIRM}
_WAITING = {CaseState.UNDER_BEHANDLING, CaseState.TIL_VURDERING}


async def start_clock(commit: Commit, case: Case, start: date) -> None:
    """Count a received case from the day of its AppRec, as the other side does (design.md 9)."""
    move = decide_start(commit.ports.policy, case, start, commit.now)
    if move is not None:
        await apply(commit, move)


async def on_refused(commit: Commit, case: Case) -> None:
    """Call a person about a case whose message the record system refused: no state says that it was refused unseen."""
    await apply(commit, decide_refused(case, commit.now))


async def on_reply(commit: Commit, case: Case, follow_up: FollowUp | None, msg_id: MsgId | None) -> None:
    """Let a case follow a message that the record system wrote, and that was sent as `msg_id`."""
    await apply(commit, decide_reply(case, follow_up, msg_id, commit.now))


def decide_start(policy: Policy, case: Case, start: date, now: datetime) -> Move | None:
    """Return the clock of a case that waits for us, counted from another day; None where nothing changes."""
    if case.state not in _WAITING or case.start in {None, start}:
        return None
    counted = with_clock(policy, case, start, now)
    counted = replace(counted, deadline=deadline_of(counted, now))
    return Move(case=counted, was=case, lines=(LogLine(Action.CLOCK_STARTED, {"start": start.isoformat()}),))


def decide_refused(case: Case, now: datetime) -> Move:
    """Return what a case does whose message our record system refused: a person decides how it ends."""
    said = Statement.of(CaseTaskCode.REFUSED_BY_RECORD_SYSTEM, number=case.number)
    move = advance_case(case, CaseEvent.DELIVERY_FAILED, now)
    return replace(move, tasks=(task_about(case, CaseEvent.DELIVERY_FAILED, said, now),))


def decide_reply(case: Case, follow_up: FollowUp | None, msg_id: MsgId | None, now: datetime) -> Move:
    """Return what a message from our record system does to a case that we received.

    Where the table has no place for it, the other side has its answer all the same, and only the log says so.
    """
    event = _MEANS.get(follow_up.kind, CaseEvent.ANSWER) if follow_up else CaseEvent.ANSWER
    try:
        if event is CaseEvent.CONFIRM:
            return confirmed(case, now)
        answered_at = now if event is CaseEvent.ANSWER else case.answered_at
        return advance_case(case, event, now, replace(case, last_msg_id=msg_id, answered_at=answered_at))
    except Refused:
        data = {"state": case.state.value, "msg_id": str(msg_id), "event": event.value}
        return Move(case=case, was=case, lines=(LogLine(Action.OUT_OF_TURN, data),))
