"""By when the owner of a state must act: days stated here, not taken from the code."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.case.deadlines import deadline_of, waits_for_clock
from engine.states.case import CaseState
from tests.fakes.decisions.casework import NOW, STARTED, received, reported

S = CaseState
DAYS_OR_END = {
    S.KLADD: NOW + timedelta(days=14),
    S.TIL_KVALITETSSIKRING: datetime(2026, 3, 4, 23, tzinfo=UTC),
    S.RETURNERT: datetime(2026, 3, 9, 23, tzinfo=UTC),
    S.GODKJENT: datetime(2026, 3, 3, 23, tzinfo=UTC),
    S.SENDES: datetime(2026, 3, 4, 23, tzinfo=UTC),
    S.PURRET: NOW + timedelta(days=14),
    S.OVER_FRIST: NOW + timedelta(days=14),
    S.SVAR_IKKE_VURDERT: datetime(2026, 3, 9, 23, tzinfo=UTC),
    S.BESVART: NOW + timedelta(days=14),
    S.ORIENTERT: NOW,
    S.FEILADRESSERT: datetime(2026, 3, 4, 23, tzinfo=UTC),
    S.TIL_VURDERING: datetime(2026, 3, 4, 23, tzinfo=UTC),
    S.LUKKET: None,
    S.TRUKKET: None,
    S.FORKASTET: None,
}


@pytest.mark.parametrize(("state", "deadline"), DAYS_OR_END.items())
def test_each_state_has_its_deadline(state: CaseState, deadline: datetime | None) -> None:
    """A state that the clock does not govern has so many days, or working days until midnight in Oslo."""
    assert deadline_of(reported(state), NOW) == deadline
    assert not waits_for_clock(reported(state))


def test_a_case_with_the_partner_waits_for_its_reminder() -> None:
    """With a clock the deadline is the reminder; once that has left, two weeks after it; never before now."""
    case = reported(S.LEVERT, **STARTED)
    assert deadline_of(case, NOW) == STARTED["reminder_at"]
    late = NOW + timedelta(days=60)
    assert deadline_of(case, late) == late
    reminded = reported(S.LEVERT, **STARTED, reminded_at=NOW)
    assert deadline_of(reminded, NOW) == NOW + timedelta(days=14)
    assert deadline_of(reminded, late) == late


def test_a_case_that_we_treat_has_until_its_due_date_ends() -> None:
    """Until midnight in Oslo of the due date; after it a person is called every week."""
    case = received(S.UNDER_BEHANDLING, **STARTED)
    assert deadline_of(case, NOW) == datetime(2026, 4, 1, 22, tzinfo=UTC)
    late = datetime(2026, 4, 1, 22, tzinfo=UTC)
    assert deadline_of(case, late) == late + timedelta(days=7)


def test_without_a_clock_somebody_looks_soon() -> None:
    """What is for information is missed after two weeks by its reporter; its receiver has two working days."""
    assert deadline_of(reported(for_information=True), NOW) == NOW + timedelta(days=14)
    two_days = datetime(2026, 3, 4, 23, tzinfo=UTC)
    assert deadline_of(received(for_information=True), NOW) == two_days
    assert deadline_of(reported(), NOW) == two_days
