"""What deliveries, documents and deadlines do to a case: pure functions of the case, the facts and the time."""

from dataclasses import dataclass, replace
from datetime import datetime

from engine.case.calendar import end_of
from engine.case.clock import start_of
from engine.case.deadlines import LOOK_AGAIN
from engine.case.record import Case
from engine.casework.decide import advance_case, task_about, wait_until, with_clock, without_clock
from engine.casework.move import Move
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.policy import Policy
from engine.deviation.follow_up import FollowUp, FollowUpKind
from engine.names import MsgId
from engine.records.log import TaskCause
from engine.records.messages import OutgoingMessage
from engine.states.case import CASE, FINAL_STATES, INTERRUPTIBLE, PARTNER_HAS_IT, REMINDABLE, CaseEvent, CaseState
from engine.states.delivery import NEEDS_ACTION, DeliveryState

_TO_REPORTER = {
    FollowUpKind.BEKREFTELSE: CaseEvent.CONFIRMED,
    FollowUpKind.FORELOPIG_SVAR: CaseEvent.ANSWERED_INTERIM,
    FollowUpKind.SVAR: CaseEvent.ANSWERED,
}
_TO_RECEIVER = {FollowUpKind.PURRING: CaseEvent.REMINDED, FollowUpKind.TRUKKET: CaseEvent.WITHDRAWN}
_DELIVERED = {DeliveryState.LEVERT, DeliveryState.LEVERT_MED_FEIL, DeliveryState.LEVERT_MANUELT}
_PROOFS = frozenset(_TO_REPORTER.values()) | {CaseEvent.REPLIED}
_HAS_BEEN_DELIVERED = PARTNER_HAS_IT | {CaseState.SVAR_IKKE_VURDERT, CaseState.BESVART}
_CLOCK_GOES_ON = REMINDABLE | {CaseState.PURRET, CaseState.SVAR_IKKE_VURDERT}
_ENDED = FINAL_STATES | {CaseState.BESVART, CaseState.ORIENTERT}
_LATE = {
    CaseState.PURRET: CaseEvent.OVERDUE,
    CaseState.SVAR_IKKE_VURDERT: CaseEvent.ASSESSMENT_OVERDUE,
    CaseState.BESVART: CaseEvent.CLOSING_DUE,
    CaseState.ORIENTERT: CaseEvent.CLOSING_DUE,
}


@dataclass(frozen=True, slots=True)
class InThread:
    """A message from a party of a case, in its thread: its MsgId, when its sender made it, and what it says it is."""

    msg_id: MsgId
    made_at: datetime
    follow_up: FollowUp | None


def decide_delivery(
    policy: Policy, case: Case, message: OutgoingMessage, now: datetime, told_at: datetime | None = None
) -> Move | None:
    """Return what the delivery of its deviation does to a case: delivered starts the clock, failed calls a person.

    `told_at` is the AppRec's own time. None while the delivery is still under way.
    """
    if message.state in _DELIVERED and case.clock is None:
        start = start_of(told_at or now, message.created_at, now)
        return advance_case(case, CaseEvent.DELIVERED, now, with_clock(policy, case, start, now))
    if message.state is DeliveryState.AVVIST:
        stopped = without_clock(case) if case.state in _CLOCK_GOES_ON else case
        return advance_case(case, CaseEvent.REFUSED, now, stopped)
    if message.state in NEEDS_ACTION or message.state is DeliveryState.KANSELLERT:
        return advance_case(case, CaseEvent.DELIVERY_FAILED, now)
    return None


def is_to_be_reminded(case: Case) -> bool:
    """True where the deadline of a case is that of its reminder."""
    return case.reporting and case.state in REMINDABLE and case.clock is not None


def decide_deadline(case: Case, now: datetime) -> Move:
    """Return what follows a deadline that has passed: escalate, close, or call the owner of the state again."""
    if case.state in _LATE:
        return advance_case(case, _LATE[case.state], now)
    said = Statement.of(CaseTaskCode.DEADLINE_PASSED, number=case.number)
    return wait_until(case, now + LOOK_AGAIN, task_about(case, TaskCause.DEADLINE_PASSED, said, now))


def event_of(case: Case, follow_up: FollowUp | None, now: datetime) -> CaseEvent:
    """Return what a message means to this side of a case. What is out of place counts as a plain reply."""
    if follow_up is None:
        return CaseEvent.REPLIED
    meanings = _TO_REPORTER if case.reporting else _TO_RECEIVER
    event = meanings.get(follow_up.kind, CaseEvent.REPLIED)
    if event is CaseEvent.REMINDED and (case.due is None or now < end_of(case.due)):
        return CaseEvent.REMINDED_EARLY
    return CaseEvent.INFORMED if event is CaseEvent.CONFIRMED and case.for_information else event


def proves_delivery(case: Case, event: CaseEvent) -> bool:
    """True where a message is the first proof that the other side has what we sent, in a case that it moves."""
    target = CASE[case.state][event]
    return case.reporting and case.clock is None and event in _PROOFS and target in _HAS_BEEN_DELIVERED


def decide_in_thread(
    policy: Policy, case: Case, message: InThread, delivery: OutgoingMessage | None, now: datetime
) -> Move:
    """Return what a message in a case's thread does to the case.

    `delivery` is our message that carried the deviation, where the clock may start by this one (`proves_delivery`).
    """
    event = event_of(case, message.follow_up, now)
    if event is CaseEvent.REPLIED and not case.reporting:
        said = Statement.of(CaseTaskCode.REPORTER_WROTE, number=case.number)
        return Move(case=case, was=case, tasks=(task_about(case, TaskCause.MESSAGE, said, now),))
    move = advance_case(case, event, now, _noted(policy, case, event, message, delivery, now))
    if move.case.state is case.state and event is CaseEvent.REPLIED:
        said = Statement.of(CaseTaskCode.REPLY, number=case.number)
        move = move.calling(task_about(case, TaskCause.REPLY, said, now))
    if _is_answered_though_refused(move.case):
        said = Statement.of(CaseTaskCode.ANSWERED_THOUGH_REFUSED, number=case.number)
        move = move.calling(task_about(move.case, TaskCause.ANSWERED_THOUGH_REFUSED, said, now))
    return move


def _noted(
    policy: Policy, case: Case, event: CaseEvent, message: InThread, delivery: OutgoingMessage | None, now: datetime
) -> Case:
    """Return a case with what a message changes in it beside the state.

    Nobody answers a confirmation, so it does not become the latest message. It proves delivery as every answer does,
    and so starts a clock that the AppRec has not started, unless the AppRec was a refusal.
    """
    noted = case
    if event not in {CaseEvent.CONFIRMED, CaseEvent.INFORMED}:
        noted = replace(noted, last_msg_id=message.msg_id)
    if proves_delivery(case, event) and (delivery is None or delivery.state is not DeliveryState.AVVIST):
        first_sent = delivery.created_at if delivery else case.opened_at
        noted = with_clock(policy, noted, start_of(message.made_at, first_sent, now), now)
    if event not in {CaseEvent.ANSWERED, CaseEvent.REPLIED} or case.state in _ENDED:
        return noted
    noted = replace(noted, answered_at=now)
    if case.state is CaseState.SVAR_IKKE_VURDERT:
        return noted
    return replace(noted, interrupted_state=case.state if case.state in INTERRUPTIBLE else CaseState.LEVERT)


def _is_answered_though_refused(case: Case) -> bool:
    """True where the other side writes in a case whose deviation it refused: no clock runs, so nobody is reminded."""
    return case.reporting and case.state in REMINDABLE and case.clock is None and not case.for_information
