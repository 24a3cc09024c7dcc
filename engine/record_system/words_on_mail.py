"""What a record system's word on a document, or its silence, does to the mail that it came with: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.codes.record_system import RecordSystemCode
from engine.codes.statement import Statement
from engine.commit.move import LogLine, NewTask
from engine.commit.policy import Policy
from engine.commit.tasks import DESK_DEADLINE
from engine.errors import APPREC_ERRORS
from engine.payload.apprec import AppRec, ApprecError
from engine.record_system.word import WordResult
from engine.records.log import TaskCause
from engine.records.messages import IncomingMail
from engine.states.apprec import APPREC, ApprecEvent
from engine.states.inbound import INBOUND, InboundEvent
from engine.states.role import Role
from engine.states.table import advance

OTHER_ERROR = "X99"

_Events = tuple[ApprecEvent, InboundEvent]
_SAID: dict[int, _Events] = {
    1: (ApprecEvent.EPJ_OK, InboundEvent.EPJ_TOOK_IT),
    2: (ApprecEvent.EPJ_REFUSED, InboundEvent.EPJ_REFUSED),
    3: (ApprecEvent.EPJ_PARTLY, InboundEvent.EPJ_TOOK_IT),
}
_SILENT: _Events = (ApprecEvent.EPJ_SILENT, InboundEvent.EPJ_SILENT)


@dataclass(frozen=True, slots=True)
class WordMove:
    """What a word does to a mail. `mail` is its row afterwards, None where nothing is sent and nothing moves."""

    result: WordResult
    line: LogLine
    mail: IncomingMail | None = None
    task: NewTask | None = None


def decide_word(mail: IncomingMail, status: int, errors: Sequence[ApprecError], now: datetime) -> WordMove:
    """Return what an AppRec from the record system does: the first one is sent on.

    A later one is only logged, and calls a person where it contradicts what the sender was told.
    """
    event = _SAID[status][0]
    step = advance(APPREC, mail.apprec, event)
    if step.moved:
        return _moved(replace(mail, reason=_reason(status, errors) or mail.reason), _SAID[status])
    late = LogLine(event, {"apprec": mail.apprec})
    if not step.task:
        return WordMove(WordResult.ALREADY_KNOWN, late)
    said = Statement.of(RecordSystemCode.CONTRADICTS, status=status, told=mail.apprec)
    return WordMove(WordResult.NEEDS_PERSON, late, task=NewTask(event, said, Role.DRIFT, now + DESK_DEADLINE))


def decide_silence(mail: IncomingMail, now: datetime) -> WordMove:
    """Return what follows when the record system gives no answer in time: the engine answers instead."""
    said = Statement.of(RecordSystemCode.SILENT)
    task = NewTask(TaskCause.SILENT_RECORD_SYSTEM, said, Role.DRIFT, now + DESK_DEADLINE)
    return replace(_moved(mail, _SILENT), task=task)


def _moved(mail: IncomingMail, events: _Events) -> WordMove:
    state = advance(INBOUND, mail.state, events[1]).state
    apprec = advance(APPREC, mail.apprec, events[0]).state
    moved = replace(mail, state=state, apprec=apprec, deadline=None)
    data = {"state": str(state), **({"reason": mail.reason} if mail.reason else {})}
    return WordMove(WordResult.SENT, LogLine(events[1], data), moved)


def errors_of(apprec: AppRec, policy: Policy) -> list[ApprecError]:
    """Return the errors by codes that we may write; AppRec 2 and 3 have at least one, AppRec 1 none."""
    if apprec.status == 1:
        return []
    known = [
        ApprecError(error.code, error.detail)
        if error.code in APPREC_ERRORS
        else ApprecError(OTHER_ERROR, " ".join(filter(None, (error.code, error.name, error.detail))))
        for error in apprec.errors
    ]
    return known or [ApprecError(OTHER_ERROR, policy.words.apprec(Statement.of(RecordSystemCode.NO_CAUSE)))]


def _reason(status: int, errors: Sequence[ApprecError]) -> str:
    """Return why the mail stands as it does: the code alone, since its text is the record system's own."""
    return str(Statement.of(RecordSystemCode.APPREC_SAYS, status=status, fault=errors[0].code)) if errors else ""
