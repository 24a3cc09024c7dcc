"""Who may do what with a case, one row a step (process.md 1.4). A person acts in one role at a party."""

from enum import StrEnum

from engine.codes.case import CaseCode
from engine.errors import Refused
from engine.states.case import CaseEvent
from engine.states.role import Role


class Duty(StrEnum):
    """What people do with a case that does not move it."""

    NEW = "new"
    READ = "read"
    REMIND = "remind"
    READ_ORIGINALS = "read originals"


_R, _E, _D = Role, CaseEvent, Duty
_TREATS = frozenset({_R.SAKSBEHANDLER, _R.SEKRETARIAT})

MAY: dict[CaseEvent | Duty, frozenset[Role]] = {
    _D.NEW: frozenset({_R.MELDER, _R.KVALITETSSIKRER, _R.SAKSBEHANDLER}),
    _E.SUBMIT: frozenset({_R.MELDER, _R.KVALITETSSIKRER, _R.SAKSBEHANDLER}),
    _E.RETURN: frozenset({_R.KVALITETSSIKRER}),
    _E.REJECT: frozenset({_R.KVALITETSSIKRER, _R.SAKSBEHANDLER}),
    _E.APPROVE: frozenset({_R.KVALITETSSIKRER}),
    _E.SEND: frozenset({_R.KVALITETSSIKRER, _R.SEKRETARIAT}),
    _E.REGISTER: _TREATS,
    _E.CONFIRM: _TREATS,
    _E.ANSWER: _TREATS,
    _E.ANSWER_INTERIM: _TREATS,
    _E.ASSESS_FINAL: _TREATS,
    _E.ASSESS_INTERIM_LEVERT: _TREATS,
    _E.ASSESS_INTERIM_UNDER_BEHANDLING: _TREATS,
    _E.ASSESS_INTERIM_PURRET: _TREATS,
    _E.ASSESS_INTERIM_OVER_FRIST: _TREATS,
    _E.ASSESS_INTERIM_FEILADRESSERT: _TREATS,
    _E.WITHDRAW: frozenset({_R.MELDER, _R.KVALITETSSIKRER, _R.SEKRETARIAT}),
    _E.CLOSE: _TREATS,
    _E.DISAGREE: frozenset({_R.KVALITETSSIKRER, _R.SEKRETARIAT, _R.SAKSBEHANDLER}),
    _E.SEND_BACK: _TREATS,
    # Only for a reminder that a restore has left in doubt.
    _D.REMIND: _TREATS,
    # Operations sees states, times and codes, and nothing that a case says.
    _D.READ: frozenset({_R.MELDER, _R.KVALITETSSIKRER, _R.SAKSBEHANDLER, _R.SEKRETARIAT}),
    # The original of a partner may name a patient, so only case workers read it.
    _D.READ_ORIGINALS: frozenset({_R.SAKSBEHANDLER}),
}
"""Steps that people take, and the roles that may take them. Events that are not here come from outside or with time."""


def check_may(step: CaseEvent | Duty, role: Role) -> None:
    """Raise Refused, naming who may, where a role may not take a step."""
    if role not in MAY[step]:
        raise Refused(CaseCode.MAY_NOT, role=role, step=step, roles=sorted(MAY[step]))
