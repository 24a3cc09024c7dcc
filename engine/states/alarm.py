"""What operations is told of a partner and a cause: opened once, told again while it lasts, closed once.

However many messages fail, there is one row for a partner and a cause. A trouble is watched before it is told
(OBSERVERT), and what works again is watched before it is called over (BEDRET), so that a partner who fails by turns
neither floods the desk nor hides.
"""

from enum import StrEnum

from engine.states.table import IGNORE, REFUSE, Otherwise


class AlarmState(StrEnum):
    """Where an alarm stands."""

    LUKKET = "LUKKET"
    OBSERVERT = "OBSERVERT"
    APEN = "APEN"
    BEDRET = "BEDRET"


class AlarmEvent(StrEnum):
    """What can happen to an alarm."""

    FAILED = "failed"
    WORKED = "worked"
    LASTED = "failing for too long"
    REPEAT_DUE = "still open"
    CALM = "calm for long enough"
    SETTLED = "closed by a person"


_S, _E = AlarmState, AlarmEvent

_Row = dict[AlarmEvent, AlarmState | Otherwise]

ALARM: dict[AlarmState, _Row] = {
    _S.LUKKET: {
        _E.FAILED: _S.OBSERVERT,
        _E.WORKED: IGNORE,
        _E.LASTED: IGNORE,
        _E.REPEAT_DUE: IGNORE,
        _E.CALM: IGNORE,
        _E.SETTLED: REFUSE,
    },
    _S.OBSERVERT: {
        _E.FAILED: IGNORE,
        _E.WORKED: _S.LUKKET,
        _E.LASTED: _S.APEN,
        _E.REPEAT_DUE: IGNORE,
        _E.CALM: _S.LUKKET,
        _E.SETTLED: REFUSE,
    },
    _S.APEN: {
        _E.FAILED: IGNORE,
        _E.WORKED: _S.BEDRET,
        _E.LASTED: IGNORE,
        _E.REPEAT_DUE: IGNORE,
        _E.CALM: IGNORE,
        _E.SETTLED: _S.LUKKET,
    },
    _S.BEDRET: {
        _E.FAILED: _S.APEN,
        _E.WORKED: IGNORE,
        _E.LASTED: IGNORE,
        _E.REPEAT_DUE: IGNORE,
        _E.CALM: _S.LUKKET,
        _E.SETTLED: _S.LUKKET,
    },
}

FAILING = frozenset({_S.OBSERVERT, _S.APEN})
"""States that something which works again moves."""

TOLD = frozenset({_S.APEN, _S.BEDRET})
"""States of an alarm that operations has been told of, and not yet that it is over."""
