"""How our side of a deviation that came is opened and confirmed."""

from dataclasses import replace
from datetime import date

import pytest

from engine.case.channel import Channel
from engine.casework.opening import confirm_unasked, confirms_unasked, received_case
from engine.codes.case import CaseCode
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.errors import Refused
from engine.records.log import Action, TaskCause
from engine.states.case import CaseState
from engine.states.role import Role
from tests.fakes.decisions.casework import NOW, STARTED, received
from tests.fakes.decisions.policies import policy

S = CaseState


@pytest.mark.parametrize(
    ("state", "channel", "code"),
    [
        (S.UNDER_BEHANDLING, None, CaseTaskCode.ARRIVED),
        (S.TIL_VURDERING, None, CaseTaskCode.MAY_BE_A_DEVIATION),
        (S.UNDER_BEHANDLING, Channel.POST, CaseTaskCode.ARRIVED_OTHERWISE),
        (S.TIL_VURDERING, Channel.EDIALOG, CaseTaskCode.MAY_BE_A_DEVIATION_OTHERWISE),
    ],
)
def test_a_received_case_runs_and_calls(state: CaseState, channel: Channel | None, code: CaseTaskCode) -> None:
    """Its clock runs from the day of receipt, and whoever treats or judges it is called."""
    case = received(state, channel=channel)
    move = received_case(policy(), case, b"x", date(2026, 3, 2), NOW, action=Action.RECEIVED, data={})
    assert (move.was, move.case.start, move.case.due) == (None, STARTED["start"], STARTED["due"])
    assert [(task.cause, task.role, task.said.code) for task in move.tasks] == [(state, Role.SAKSBEHANDLER, code)]
    assert [line.action for line in move.lines] == [Action.RECEIVED]


@pytest.mark.parametrize(
    ("terms", "information", "unasked"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"confirm": "all"}, False, True),
        ({"confirm": "all"}, True, True),
        ({"confirm": "by_hand"}, True, False),
    ],
)
def test_who_confirms(terms: dict[str, str], information: bool, unasked: bool) -> None:
    """By the terms: everything, what is for information, or nothing."""
    assert confirms_unasked(policy(**terms), received(for_information=information), NOW) is unasked


def test_what_is_to_be_judged_is_not_confirmed() -> None:
    """A plain message may be no deviation at all."""
    assert not confirms_unasked(policy(confirm="all"), received(S.TIL_VURDERING), NOW)


def test_a_confirmation_that_cannot_go_calls_a_person() -> None:
    """The case stays as it was, and says that it is not confirmed."""
    case = received()
    move = confirm_unasked(case, NOW)
    assert (move.case.confirmed_at, move.if_refused is not None) == (NOW, True)
    assert move.if_refused is not None
    failed = move.if_refused(Refused(CaseCode.NO_THREAD, number=case.number))
    error = Statement.of(CaseCode.NO_THREAD, number=case.number)
    said = Statement.of(CaseTaskCode.NOT_CONFIRMED, number=case.number, error=error)
    assert (failed.case, failed.was, failed.lines) == (case, case, ())
    assert [(task.cause, task.said) for task in failed.tasks] == [(TaskCause.NOT_CONFIRMED, said)]


def test_what_is_for_information_has_no_clock() -> None:
    """Its receiver has two working days to confirm."""
    case = received(for_information=True)
    move = received_case(policy(), case, b"x", date(2026, 3, 2), NOW, action=Action.RECEIVED, data={})
    assert replace(move.case, deadline=case.deadline) == case
