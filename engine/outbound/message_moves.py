"""What an event does to an outgoing message, decided from its row, the policy and the time alone.

`engine.outbound.transitions` writes what is decided here; nothing else moves an outgoing message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.codes.message import MessageCode
from engine.codes.statement import Statement
from engine.commit.move import LogLine, NewTask
from engine.commit.policy import Policy
from engine.commit.tasks import DESK_DEADLINE
from engine.msh.retry import next_resend
from engine.names import HerId
from engine.outbound.alarm_moves import CAUSE_OF, OVER_BY
from engine.records.log import Cause
from engine.records.messages import OutgoingMessage
from engine.records.work import WorkKind
from engine.states.delivery import DELIVERY, FINAL_STATES, NEEDS_ACTION, DeliveryEvent, DeliveryState
from engine.states.role import Role
from engine.states.table import advance

_S, _E = DeliveryState, DeliveryEvent

_NEEDS_A_PERSON = {
    _S.UBEKREFTET: MessageCode.UNCONFIRMED,
    _S.TRANSPORTFEIL: MessageCode.TRANSPORT_FAILED,
    _S.AVVIST: MessageCode.REFUSED_BY_RECEIVER,
    _S.MANGLER_APPREC: MessageCode.NO_APPREC,
    _S.STOPPET: MessageCode.STOPPED,
}
_TRIES = frozenset({_E.HANDED_OVER, _E.HANDED_OVER_LAST, _E.LOST_AFTER_DATA})
_BEGINS_ANEW = frozenset({_E.RESEND, _E.RELEASE, _E.RESTORED})


@dataclass(frozen=True, slots=True)
class AlarmSigns:
    """What a move says about its partner: causes that are over, and causes that failed once more."""

    partner: str
    over: frozenset[Cause] = frozenset()
    failed: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageMove:
    """What one event does to an outgoing message.

    `before` and `message` are its row before and after. `timers` is when to send and when to alarm, None where the
    timers stay. With `at_rest` every open task about the message closes.
    """

    before: OutgoingMessage
    message: OutgoingMessage
    line: LogLine
    signs: AlarmSigns
    timers: Mapping[WorkKind, datetime] | None = None
    tasks: tuple[NewTask, ...] = ()
    at_rest: bool = False


def decide(
    policy: Policy,
    message: OutgoingMessage,
    event: DeliveryEvent,
    now: datetime,
    data: Mapping[str, str],
    trouble: Cause | None = None,
) -> MessageMove:
    """Return what an event does to a message.

    `data` goes to the log; its `reason` also to the message. `trouble` is what a try that was put off says about the
    partner or our way out. Raises Refused where the table refuses the event.
    """
    step = advance(DELIVERY, message.state, event)
    after = _moved(message, step.state, event, now, data) if step.moved else _stayed(message, event, data)
    timers = timers_of(after, now) if step.moved else None
    if timers is not None:
        after = replace(after, deadline=_deadline(after.state, timers, now))
    return MessageMove(
        before=message,
        message=after,
        line=LogLine(event, {**data, "state": step.state}),
        signs=_signs(policy, message, event, step.state if step.moved else None, trouble),
        timers=timers,
        tasks=_tasks(after, event, now, moved=step.moved, unexpected=step.task),
        at_rest=step.moved and after.state in FINAL_STATES,
    )


def timers_of(message: OutgoingMessage, now: datetime) -> dict[WorkKind, datetime]:
    """Return when to send (again) and when to alarm, for the state that a message is in."""
    interval = timedelta(seconds=message.resend_interval)
    if message.state is _S.KO:
        # A message that no mail server takes is given up as late as one that nobody acknowledges.
        return {WorkKind.SEND: now, WorkKind.FRIST: now + interval * (message.resend_limit + 1 - message.attempts)}
    if message.state in {_S.SENDT, _S.SENDT_UKJENT}:
        last = message.sent_at or now
        resend = next_resend(last, interval, message.attempts, message.resend_limit)
        return {WorkKind.SEND: resend} if resend else {WorkKind.FRIST: last + interval}
    if message.state is _S.TRANSPORTKVITTERT:
        return {WorkKind.FRIST: now + timedelta(seconds=message.apprec_deadline)}
    return {}


def recall_event(message: OutgoingMessage) -> DeliveryEvent:
    """Return how a message is recalled: cancelled where no mail server has had it, else only not tried again."""
    fresh = message.sent_at is None and message.state in {_S.KO, _S.STOPPET}
    return _E.CANCEL if fresh else _E.OVERTAKEN


def deadline_event(message: OutgoingMessage, now: datetime) -> DeliveryEvent | None:
    """Return what a deadline does to a message; None where a later one has replaced it."""
    if message.deadline is not None and message.deadline > now:
        return None
    return _E.APPREC_OVERDUE if message.state is _S.TRANSPORTKVITTERT else _E.GIVEN_UP


def partner_of(policy: Policy, her_id: HerId | None) -> str:
    """Return the key that sending is shared out by: the receiver's enterprise."""
    return (policy.registry.root(her_id) if her_id else None) or her_id or ""


def _moved(
    message: OutgoingMessage, state: DeliveryState, event: DeliveryEvent, now: datetime, data: Mapping[str, str]
) -> OutgoingMessage:
    tried = event in _TRIES
    return replace(
        message,
        state=state,
        attempts=0 if event in _BEGINS_ANEW else message.attempts + tried,
        sent_at=now if tried else message.sent_at,
        reason=data.get("reason", ""),
    )


def _stayed(message: OutgoingMessage, event: DeliveryEvent, data: Mapping[str, str]) -> OutgoingMessage:
    """Return a message that an event did not move; one that was put off says why."""
    return replace(message, reason=data.get("reason", "")) if event is _E.POSTPONED else message


def _deadline(state: DeliveryState, timers: Mapping[WorkKind, datetime], now: datetime) -> datetime | None:
    if state in FINAL_STATES:
        return None
    return now + DESK_DEADLINE if state in NEEDS_ACTION else min(timers.values(), default=None)


def _signs(
    policy: Policy,
    message: OutgoingMessage,
    event: DeliveryEvent,
    entered: DeliveryState | None,
    trouble: Cause | None,
) -> AlarmSigns:
    failed = [CAUSE_OF[entered]] if entered in CAUSE_OF else []
    failed += [trouble] if trouble is not None else []
    return AlarmSigns(partner_of(policy, message.header.to_her), OVER_BY.get(event, frozenset()), tuple(failed))


def _tasks(
    message: OutgoingMessage, event: DeliveryEvent, now: datetime, *, moved: bool, unexpected: bool
) -> tuple[NewTask, ...]:
    """Return the task of a state that alarms, or of a word that the state did not expect."""
    to, due = message.receiver_her or message.header.to_her, now + DESK_DEADLINE
    if unexpected:
        returned = event is _E.RETURNED
        code = MessageCode.RETURNED_THOUGH_DELIVERED if returned else MessageCode.UNEXPECTED_WORD
        return (NewTask(event, Statement.of(code, her_id=to, event=event), Role.DRIFT, due),)
    if not moved or message.state not in NEEDS_ACTION:
        return ()
    said = Statement.of(_NEEDS_A_PERSON[message.state], her_id=to)
    return (NewTask(message.state, said, Role.DRIFT, due),)
