"""Who may do what with a case: every row, by value."""

import pytest

from engine.case.roles import MAY, Duty, check_may
from engine.errors import Refused
from engine.states.case import CaseEvent
from engine.states.role import Role

TREATS = {"saksbehandler", "sekretariat"}
REPORTS = {"melder", "kvalitetssikrer", "saksbehandler"}
ROWS = {
    "new": REPORTS,
    "submit": REPORTS,
    "return": {"kvalitetssikrer"},
    "reject": {"kvalitetssikrer", "saksbehandler"},
    "approve": {"kvalitetssikrer"},
    "send": {"kvalitetssikrer", "sekretariat"},
    "register": TREATS,
    "confirm": TREATS,
    "answer": TREATS,
    "answer interim": TREATS,
    "assess final": TREATS,
    "assess interim, was LEVERT": TREATS,
    "assess interim, was UNDER_BEHANDLING": TREATS,
    "assess interim, was PURRET": TREATS,
    "assess interim, was OVER_FRIST": TREATS,
    "assess interim, was FEILADRESSERT": TREATS,
    "withdraw": {"melder", "kvalitetssikrer", "sekretariat"},
    "close": TREATS,
    "disagree": {"kvalitetssikrer", "sekretariat", "saksbehandler"},
    "send back": TREATS,
    "remind": TREATS,
    "read": {"melder", "kvalitetssikrer", "saksbehandler", "sekretariat"},
    "read originals": {"saksbehandler"},
}


def test_every_step_has_its_roles() -> None:
    """The table of roles is the one that is written here, row by row."""
    assert {step.value: {role.value for role in roles} for step, roles in MAY.items()} == ROWS


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", MAY)
def test_a_step_is_refused_to_whoever_may_not(step: CaseEvent | Duty, role: Role) -> None:
    """A role in the row passes; any other is refused, and the refusal names who may."""
    if role.value in ROWS[step.value]:
        check_may(step, role)
        return
    with pytest.raises(Refused) as refused:
        check_may(step, role)
    said = refused.value.statement
    assert said is not None
    assert (said.code, said.params["role"], said.params["step"]) == ("case.may_not", role.value, step.value)
    assert said.params["roles"] == ", ".join(sorted(ROWS[step.value]))
