"""How a mail leaves the state that it waits in: a pure decision on its outcome, and on how often it was tried."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement
from engine.commit.mail import Outcome
from engine.commit.move import LogLine, NewTask
from engine.commit.tasks import DESK_DEADLINE
from engine.errors import SamvikError
from engine.msh.retry import next_processing
from engine.records.log import TaskCause
from engine.records.messages import IncomingMail
from engine.records.work import Work
from engine.states.inbound import INBOUND, NEEDS_ACTION, OWNER_OF, InboundEvent, InboundState
from engine.states.role import Role
from engine.states.table import advance

MOST_DEATHS = 5
"""After so many nodes that stopped while they processed a mail, it is quarantined."""

SILENT_TRIES = 6
"""How often other work fails before a person is called."""

LONGEST_WAIT = timedelta(days=1)

_SAID = {
    InboundState.KARANTENE: InboundCode.QUARANTINED,
    InboundState.VENTER: InboundCode.WAITS,
}


@dataclass(frozen=True, slots=True)
class Settled:
    """A mail as it stands after its decision, with its line in the log and the task that its state calls for.

    `look_at` is when to look at it again because a record system may be silent; None for never.
    """

    mail: IncomingMail
    line: LogLine
    task: NewTask | None
    look_at: datetime | None


def settle(mail: IncomingMail, outcome: Outcome, now: datetime) -> Settled:
    """Return how a mail stands after its outcome, at `now` (UTC)."""
    step = advance(INBOUND, mail.state, outcome.event)
    deadline = (now + outcome.deadline if step.moved else mail.deadline) if step.state in OWNER_OF else None
    settled = replace(
        mail,
        owner=outcome.owner,
        state=step.state,
        deadline=deadline,
        kind=outcome.kind,
        header=outcome.header,
        msg_id=outcome.msg_id,
        apprec=outcome.apprec,
        reason=outcome.reason,
        pile=outcome.pile.id if outcome.pile and step.state is InboundState.KARANTENE else None,
    )
    line = LogLine(outcome.event, {"state": step.state, "reason": outcome.reason})
    task = None
    if step.state in NEEDS_ACTION:
        said = outcome.pile.said if outcome.pile and settled.pile else Statement.of(_SAID[step.state])
        task = NewTask(step.state, said, Role.DRIFT, now + DESK_DEADLINE, settled.pile)
    return Settled(settled, line, task, deadline if step.state is InboundState.RUTET else None)


def conclude(outcome: Outcome, attempts: int, now: datetime) -> tuple[Outcome, datetime | None]:
    """Return the outcome, and when a mail that must wait is tried again; what has waited a day is quarantined."""
    if outcome.event is not InboundEvent.POSTPONED:
        return outcome, None
    due = next_processing(now, attempts + 1)
    if due is not None:
        return outcome, due
    said = Statement.of(InboundCode.WAITED_TOO_LONG, reason=outcome.reason)
    return replace(outcome, event=InboundEvent.UNREADABLE, reason=str(said)), None


def deadly(mail: IncomingMail | None, work: Work) -> Outcome | None:
    """Return the outcome of a mail that node after node has died of, None for any other."""
    if work.deaths < MOST_DEATHS or mail is None or mail.state is not InboundState.MOTTATT:
        return None
    said = Statement.of(InboundCode.NODES_STOPPED, count=work.deaths)
    return Outcome(work.owner, InboundEvent.UNREADABLE, str(said))


def failed(work: Work, error: SamvikError, now: datetime) -> tuple[datetime, NewTask | None]:
    """Return when work that is no mail is tried again, and whom to call where it fails again and again."""
    due = next_processing(now, work.attempts + 1) or now + LONGEST_WAIT
    if work.attempts < SILENT_TRIES:
        return due, None
    said = Statement.of(InboundCode.WORK_FAILS, work=work.kind, error=error.statement or str(error))
    return due, NewTask(TaskCause.WORK_FAILS, said, Role.DRIFT, now + LONGEST_WAIT)
