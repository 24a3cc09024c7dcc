"""What a record system's AppRec or message does to a case that its party received."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.casework.by_record_system import decide_refused, decide_reply, decide_start
from engine.codes.case_task import CaseTaskCode
from engine.commit.move import LogLine
from engine.deviation.follow_up import FollowUp, FollowUpKind
from engine.names import MsgId
from engine.records.log import Action
from engine.states.case import CaseEvent, CaseState
from tests.fakes.decisions.casework import NOW, STARTED, received
from tests.fakes.decisions.policies import policy

S, E, K = CaseState, CaseEvent, FollowUpKind
SENT = MsgId("sent")


def follow_up(kind: FollowUpKind) -> FollowUp:
    """Return what a message says that it is."""
    return FollowUp(kind, "AVVIK-2026-000001", "Saksbehandling")


def test_the_clock_is_counted_from_the_apprec() -> None:
    """Another day than that of receipt gives a new due date and deadline, and a line in the log."""
    move = decide_start(policy(), received(**STARTED), date(2026, 3, 4), NOW)
    assert move is not None
    assert (move.case.start, move.case.due) == (date(2026, 3, 4), date(2026, 4, 3))
    assert move.case.deadline == datetime(2026, 4, 3, 22, tzinfo=UTC)
    assert move.lines == (LogLine(Action.CLOCK_STARTED, {"start": "2026-03-04"}),)


def test_what_needs_no_other_clock() -> None:
    """The same day, no clock, and a case that does not wait for us."""
    day = date(2026, 3, 4)
    assert decide_start(policy(), received(**{**STARTED, "start": day}), day, NOW) is None
    assert decide_start(policy(), received(), day, NOW) is None
    assert decide_start(policy(), received(S.BESVART, **STARTED), day, NOW) is None


@pytest.mark.parametrize("state", [S.UNDER_BEHANDLING, S.LUKKET])
def test_a_refused_message_calls_a_person_whatever_the_case_does(state: CaseState) -> None:
    """No state says that a case was refused unseen, so its task is opened in each of them."""
    move = decide_refused(received(state), NOW)
    assert (move.case.state, [task.cause for task in move.tasks]) == (state, [E.DELIVERY_FAILED])
    assert [task.said.code for task in move.tasks] == [CaseTaskCode.REFUSED_BY_RECORD_SYSTEM]


def test_a_plain_message_is_the_answer() -> None:
    """Without our attachment it is final, and the latest message of the thread."""
    after = decide_reply(received(), None, SENT, NOW).case
    assert (after.state, after.answered_at, after.last_msg_id) == (S.BESVART, NOW, SENT)
    interim = decide_reply(received(), follow_up(K.FORELOPIG_SVAR), SENT, NOW).case
    assert (interim.state, interim.answered_at, interim.last_msg_id) == (S.UNDER_BEHANDLING, None, SENT)


def test_a_confirmation_is_noted_once() -> None:
    """The first time stays; what is for information has come to its end."""
    case = received(confirmed_at=NOW)
    assert decide_reply(case, follow_up(K.BEKREFTELSE), SENT, datetime(2026, 3, 3, tzinfo=UTC)).case == case
    ended = decide_reply(received(for_information=True), follow_up(K.BEKREFTELSE), SENT, NOW).case
    assert (ended.state, ended.confirmed_at, ended.last_msg_id) == (S.ORIENTERT, NOW, "first")


def test_a_message_out_of_turn_is_logged_alone() -> None:
    """The other side has its answer all the same."""
    case = received(S.BESVART, answered_at=NOW)
    move = decide_reply(case, None, SENT, NOW)
    data = {"state": "BESVART", "msg_id": "sent", "event": "answer"}
    assert (move.case, move.lines) == (case, (LogLine(Action.OUT_OF_TURN, data),))
    assert replace(move, lines=()).tasks == ()
