"""What each step of a person does to a case: pure functions of the case, what was said, and the time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from engine.case.record import Case
from engine.casework.decide import advance_case, task_about
from engine.casework.move import DeviationToSend, FollowUpToSend, LetterToWrite, Move
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.deviation.fields import Answer, Deviation, free_texts
from engine.deviation.follow_up import FollowUpKind
from engine.deviation.labels import SENTENCES
from engine.deviation.xml import read_deviation, write_deviation
from engine.errors import Refused
from engine.names import HerId
from engine.payload.attachment import Attachment
from engine.payload.national_numbers import fields_with_numbers
from engine.records.log import TaskCause
from engine.states.case import CaseEvent, CaseState

_INTERIM = {
    CaseState.LEVERT: CaseEvent.ASSESS_INTERIM_LEVERT,
    CaseState.UNDER_BEHANDLING: CaseEvent.ASSESS_INTERIM_UNDER_BEHANDLING,
    CaseState.PURRET: CaseEvent.ASSESS_INTERIM_PURRET,
    CaseState.OVER_FRIST: CaseEvent.ASSESS_INTERIM_OVER_FRIST,
    CaseState.FEILADRESSERT: CaseEvent.ASSESS_INTERIM_FEILADRESSERT,
}
"""How a reply is judged interim, by the state that it interrupted."""


def decide_plain_step(case: Case, event: CaseEvent, now: datetime, reason: str = "") -> Move:
    """Return a step that changes nothing but state and reason: return, reject, register, close."""
    if event is CaseEvent.CLOSE and _is_unanswered(case):
        raise Refused(CaseCode.NOT_ANSWERED, number=case.number)
    return advance_case(case, event, now, replace(case, reason=reason))


def decide_submit(case: Case, content: bytes, corrected: Deviation | None, by: str, now: datetime) -> Move:
    """Return the hand-over of a draft to the quality assurer, corrected by the person `by` if so given.

    Raises Refused where a text holds a national number.
    """
    information = corrected.for_information if corrected else case.for_information
    writers = (*case.written_by, by) if corrected and by not in case.written_by else case.written_by
    handed_over = replace(case, reason="", for_information=information, written_by=writers)
    move = advance_case(case, CaseEvent.SUBMIT, now, handed_over)
    return replace(move, content=_draft(content, corrected, approved=False))


def check_second_person(case: Case, by: str) -> None:
    """Raise Refused where nobody knows that the person `by` is another than those who wrote a draft."""
    if not by or not all(case.written_by) or by.casefold() in {each.casefold() for each in case.written_by}:
        raise Refused(CaseCode.SAME_PERSON, number=case.number)


def decide_approve(case: Case, content: bytes, now: datetime) -> Move:
    """Return the approval of a draft. Raises Refused where a text holds a national number."""
    move = advance_case(case, CaseEvent.APPROVE, now, replace(case, reason=""))
    return replace(move, content=_draft(content, None, approved=True))


def decide_send(
    case: Case, deviation: Deviation, files: Sequence[Attachment], receiver: HerId | None, now: datetime
) -> Move:
    """Return the sending of an approved deviation, or of one that went astray: with another receiver, all begins anew.

    Raises Refused where it went astray and no receiver is named.
    """
    again = case.state is CaseState.FEILADRESSERT
    if again and receiver is None:
        raise Refused(CaseCode.NO_NEW_RECEIVER, number=case.number)
    begun_anew = replace(
        case,
        their_her=receiver or case.their_her,
        sending_number=case.sending_number + 1 if again else case.sending_number,
        start=None,
        due=None,
        reminder_at=None,
        reminded_at=None,
        answered_at=None,
        interrupted_state=None,
    )
    return advance_case(case, CaseEvent.SEND, now, begun_anew).sending(DeviationToSend(deviation, tuple(files)))


def decide_confirm(case: Case, now: datetime) -> Move:
    """Return the confirmation to the reporter that we have registered a deviation, with our number (process.md 2.2).

    It is sent once for each case. What was sent for information only has then come to its end (process.md A11). A later
    answer still answers the deviation, so `last_msg_id` stays. Raises Refused where it was confirmed before, is not
    registered, or was reported by us.
    """
    if case.reporting:
        raise Refused(CaseCode.THEY_CONFIRM, number=case.number)
    if case.confirmed_at is not None:
        raise Refused(CaseCode.CONFIRMED_ALREADY, number=case.number)
    text = SENTENCES["our_number"]["nb"].format(number=case.number)
    return confirmed(case, now).sending(FollowUpToSend(FollowUpKind.BEKREFTELSE, text))


def confirmed(case: Case, now: datetime) -> Move:
    """Return what a confirmation that was sent does to a case that we received."""
    noted = replace(case, confirmed_at=case.confirmed_at or now)
    move = advance_case(case, CaseEvent.CONFIRM, now, noted)
    return move.then(advance_case(move.case, CaseEvent.INFORMED, now)) if case.for_information else move


def decide_answer(case: Case, given: Answer, files: Sequence[Attachment], now: datetime, *, final: bool) -> Move:
    """Return an answer to a received deviation: a message in its thread, or a letter where it came otherwise.

    Raises Refused for a case that we reported.
    """
    if case.reporting:
        raise Refused(CaseCode.THEY_ANSWER, number=case.number)
    event = CaseEvent.ANSWER if final else CaseEvent.ANSWER_INTERIM
    move = advance_case(case, event, now, replace(case, answered_at=now) if final else case)
    if case.channel is not None:
        return move.sending(LetterToWrite(given, final))
    kind = FollowUpKind.SVAR if final else FollowUpKind.FORELOPIG_SVAR
    return move.sending(FollowUpToSend(kind, answer=given, files=tuple(files)))


def judgement_of(case: Case, *, final: bool) -> CaseEvent:
    """Return the event of judging a plain reply. It is another one for each state that a reply may interrupt."""
    return CaseEvent.ASSESS_FINAL if final else _INTERIM[case.interrupted_state or CaseState.LEVERT]


def decide_judgement(case: Case, now: datetime, *, final: bool) -> Move:
    """Return the judgement of a plain reply. Final ends the clock; interim returns to the interrupted state."""
    judged = replace(case, reason="")
    if not final:
        judged = replace(judged, interrupted_state=None, answered_at=None)
    return advance_case(case, judgement_of(case, final=final), now, judged)


def decide_withdrawal(case: Case, reason: str, now: datetime) -> Move:
    """Return the withdrawal of a deviation. Where the other side has it and cannot be told by message, a person must.

    Raises Refused for a case that the other side reported.
    """
    if not case.reporting:
        raise Refused(CaseCode.THEY_WITHDRAW, number=case.number)
    move = advance_case(case, CaseEvent.WITHDRAW, now, replace(case, reason=reason))
    if case.first_msg_id is None:
        return move

    def not_told(error: Refused) -> Move:
        said = Statement.of(CaseTaskCode.NOT_TOLD, number=case.number, error=error.statement)
        return move.calling(task_about(case, TaskCause.NOT_TOLD, said, now))

    return move.sending(FollowUpToSend(FollowUpKind.TRUKKET), not_told)


def check_private(texts: Iterable[tuple[str, str]]) -> None:
    """Raise Refused, naming the fields, where a text that is to be sent or kept holds a national number."""
    fields = fields_with_numbers(list(texts))
    if fields:
        raise Refused(CaseCode.NUMBER_IN_TEXT, fields=fields)


def texts_of(given: Answer) -> list[tuple[str, str]]:
    """Return every text of an answer that a person wrote, with the name of its field."""
    return [
        ("Answer/Assessment", given.assessment),
        ("Answer/Cause", given.cause),
        ("Answer/Measures", given.measures),
        ("Answer/Responsible", given.responsible),
    ]


def _is_unanswered(case: Case) -> bool:
    return case.state is CaseState.OVER_FRIST and not case.reporting and case.answered_at is None


def _draft(content: bytes, corrected: Deviation | None, *, approved: bool) -> bytes:
    """Return a draft as it is to be kept, with the number that the case has."""
    known = read_deviation(content)
    draft = replace(corrected, case_number=known.case_number) if corrected else known
    check_private(free_texts(draft))
    return write_deviation(replace(draft, quality_assured=approved))
