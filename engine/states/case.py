"""The way of one deviation case, seen from one side (process.md 2.3 A).

The reporting side writes a draft, has it quality-assured, sends it and waits. The receiving side treats and answers.
Both use this table. A received case begins in UNDER_BEHANDLING, or in TIL_VURDERING when it came from outside Samvik.

The reporting side sends the reminder: exactly one to each receiver, and never after an answer was stored. Leaving
PARTNER_HAS_IT recalls it. A deviation that the receiver refuses after all goes back to SENDES, without its clock. One
that came to the wrong addressee (HIS 1151) is FEILADRESSERT on the reporting side until it is sent to another receiver,
with a new clock. Until then only a final answer is still taken, since it may have been under way. The receiving side
that sends a deviation back discards its case (FORKASTET); it cannot send back what it has answered.

A plain reply in the thread (SVAR_IKKE_VURDERT) stops the reminder at once. Judged interim it returns the case to the
state that the reply interrupted, so that event exists once for each such state.
"""

from enum import StrEnum

from engine.states.role import Role, SystemRole, Turn
from engine.states.table import IGNORE, REFUSE, TASK, Otherwise


class CaseState(StrEnum):
    """Where a case stands."""

    KLADD = "KLADD"
    TIL_KVALITETSSIKRING = "TIL_KVALITETSSIKRING"
    RETURNERT = "RETURNERT"
    GODKJENT = "GODKJENT"
    SENDES = "SENDES"
    LEVERT = "LEVERT"
    UNDER_BEHANDLING = "UNDER_BEHANDLING"
    PURRET = "PURRET"
    OVER_FRIST = "OVER_FRIST"
    SVAR_IKKE_VURDERT = "SVAR_IKKE_VURDERT"
    BESVART = "BESVART"
    ORIENTERT = "ORIENTERT"
    FEILADRESSERT = "FEILADRESSERT"
    TIL_VURDERING = "TIL_VURDERING"
    LUKKET = "LUKKET"
    TRUKKET = "TRUKKET"
    FORKASTET = "FORKASTET"


class CaseEvent(StrEnum):
    """What can happen to a case. The first group is what people do, the second what comes from outside or with time."""

    SUBMIT = "submit"
    RETURN = "return"
    REJECT = "reject"
    APPROVE = "approve"
    SEND = "send"
    REGISTER = "register"
    CONFIRM = "confirm"
    ANSWER_INTERIM = "answer interim"
    ANSWER = "answer"
    ASSESS_FINAL = "assess final"
    ASSESS_INTERIM_LEVERT = "assess interim, was LEVERT"
    ASSESS_INTERIM_UNDER_BEHANDLING = "assess interim, was UNDER_BEHANDLING"
    ASSESS_INTERIM_PURRET = "assess interim, was PURRET"
    ASSESS_INTERIM_OVER_FRIST = "assess interim, was OVER_FRIST"
    ASSESS_INTERIM_FEILADRESSERT = "assess interim, was FEILADRESSERT"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    DISAGREE = "disagree"
    SEND_BACK = "send back"

    DELIVERED = "positive AppRec"
    DELIVERY_FAILED = "delivery failed"
    REFUSED = "refused by the receiver"
    CONFIRMED = "confirmation received"
    INFORMED = "confirmation of what was for information only"
    ANSWERED = "final answer received"
    ANSWERED_INTERIM = "interim answer received"
    REPLIED = "plain reply received"
    REMINDER_DUE = "reminder due"
    REMINDED = "reminder received"
    REMINDED_EARLY = "reminder received before the answer was due"
    OVERDUE = "no answer after the reminder"
    ASSESSMENT_OVERDUE = "reply not judged in time"
    CLOSING_DUE = "time to close"
    FORWARDED = "forwarded by the receiver"
    MISADDRESSED = "wrong addressee"
    WITHDRAWN = "withdrawn by the sender"


_S, _E = CaseState, CaseEvent
_Row = dict[CaseEvent, CaseState | Otherwise]

_PEOPLE = tuple(event for event in CaseEvent if event.name not in {
    "DELIVERED", "DELIVERY_FAILED", "REFUSED", "CONFIRMED", "INFORMED", "ANSWERED", "ANSWERED_INTERIM", "REPLIED",
    "REMINDER_DUE", "REMINDED", "REMINDED_EARLY", "OVERDUE", "ASSESSMENT_OVERDUE", "CLOSING_DUE", "FORWARDED",
    "MISADDRESSED", "WITHDRAWN",
})  # fmt: skip

_NOBODY: _Row = dict.fromkeys(_PEOPLE, REFUSE)

# What comes from the partner and the clock while nobody else has the case yet: all of it is out of place.
_EARLY: _Row = {
    _E.DELIVERED: TASK,
    _E.DELIVERY_FAILED: TASK,
    _E.REFUSED: TASK,
    _E.CONFIRMED: TASK,
    _E.INFORMED: TASK,
    _E.ANSWERED: TASK,
    _E.ANSWERED_INTERIM: TASK,
    _E.REPLIED: TASK,
    _E.REMINDER_DUE: IGNORE,
    _E.REMINDED: TASK,
    _E.REMINDED_EARLY: TASK,
    _E.OVERDUE: IGNORE,
    _E.ASSESSMENT_OVERDUE: IGNORE,
    _E.CLOSING_DUE: IGNORE,
    _E.FORWARDED: TASK,
    _E.MISADDRESSED: TASK,
    _E.WITHDRAWN: TASK,
}

# While the other side has the case. An answer may overtake the AppRec, and proves delivery as well.
_WITH_PARTNER: _Row = _EARLY | {
    _E.DELIVERED: IGNORE,
    _E.CONFIRMED: _S.UNDER_BEHANDLING,
    _E.INFORMED: _S.ORIENTERT,
    _E.ANSWERED: _S.BESVART,
    _E.ANSWERED_INTERIM: _S.UNDER_BEHANDLING,
    _E.REPLIED: _S.SVAR_IKKE_VURDERT,
    _E.MISADDRESSED: _S.FEILADRESSERT,
    _E.WITHDRAWN: _S.TRUKKET,
}

_DRAFT: _Row = _NOBODY | _EARLY | {_E.WITHDRAW: _S.TRUKKET}

# After the end: what contradicts it is shown to a person, what repeats it is only logged.
_ENDED: _Row = (
    _NOBODY
    | _EARLY
    | {
        _E.DELIVERED: IGNORE,
        _E.DELIVERY_FAILED: IGNORE,
        _E.REFUSED: IGNORE,
        _E.CONFIRMED: IGNORE,
        _E.WITHDRAWN: IGNORE,
        _E.SEND_BACK: IGNORE,
    }
)

CASE: dict[CaseState, _Row] = {
    _S.KLADD: _DRAFT | {_E.SUBMIT: _S.TIL_KVALITETSSIKRING},
    _S.TIL_KVALITETSSIKRING: _DRAFT
    | {
        _E.RETURN: _S.RETURNERT,
        _E.REJECT: _S.FORKASTET,
        _E.APPROVE: _S.GODKJENT,
    },
    _S.RETURNERT: _DRAFT | {_E.SUBMIT: _S.TIL_KVALITETSSIKRING},
    _S.GODKJENT: _DRAFT | {_E.SEND: _S.SENDES},
    _S.SENDES: _NOBODY
    | _WITH_PARTNER
    | {
        _E.DELIVERED: _S.LEVERT,
        _E.WITHDRAW: _S.TRUKKET,
    },
    _S.LEVERT: _NOBODY
    | _WITH_PARTNER
    | {
        _E.REFUSED: _S.SENDES,
        _E.REMINDER_DUE: _S.PURRET,
        _E.WITHDRAW: _S.TRUKKET,
        _E.ANSWER: _S.BESVART,
    },
    _S.UNDER_BEHANDLING: _NOBODY
    | _WITH_PARTNER
    | {
        _E.REFUSED: _S.SENDES,
        _E.CONFIRMED: IGNORE,
        _E.ANSWERED_INTERIM: IGNORE,
        _E.REMINDER_DUE: _S.PURRET,
        _E.REMINDED: _S.PURRET,
        _E.CONFIRM: _S.UNDER_BEHANDLING,
        _E.SEND_BACK: _S.FORKASTET,
        _E.ANSWER: _S.BESVART,
        _E.ANSWER_INTERIM: _S.UNDER_BEHANDLING,
        _E.WITHDRAW: _S.TRUKKET,
    },
    _S.PURRET: _NOBODY
    | _WITH_PARTNER
    | {
        _E.REFUSED: _S.SENDES,
        _E.CONFIRMED: IGNORE,
        _E.ANSWERED_INTERIM: IGNORE,
        _E.REMINDED: IGNORE,
        _E.OVERDUE: _S.OVER_FRIST,
        _E.CONFIRM: _S.PURRET,
        _E.SEND_BACK: _S.FORKASTET,
        _E.ANSWER: _S.BESVART,
        _E.ANSWER_INTERIM: _S.PURRET,
        _E.WITHDRAW: _S.TRUKKET,
    },
    _S.OVER_FRIST: _NOBODY
    | _WITH_PARTNER
    | {
        _E.CONFIRMED: IGNORE,
        _E.ANSWERED_INTERIM: IGNORE,
        _E.REMINDED: IGNORE,
        _E.OVERDUE: TASK,
        _E.SEND_BACK: _S.FORKASTET,
        _E.ANSWER: _S.BESVART,
        _E.ANSWER_INTERIM: _S.OVER_FRIST,
        _E.WITHDRAW: _S.TRUKKET,
        _E.CLOSE: _S.LUKKET,
    },
    _S.SVAR_IKKE_VURDERT: _NOBODY
    | _WITH_PARTNER
    | {
        _E.CONFIRMED: IGNORE,
        _E.ANSWERED_INTERIM: TASK,
        _E.REPLIED: TASK,
        _E.ASSESSMENT_OVERDUE: _S.BESVART,
        _E.ASSESS_FINAL: _S.BESVART,
        _E.ASSESS_INTERIM_LEVERT: _S.LEVERT,
        _E.ASSESS_INTERIM_UNDER_BEHANDLING: _S.UNDER_BEHANDLING,
        _E.ASSESS_INTERIM_PURRET: _S.PURRET,
        _E.ASSESS_INTERIM_OVER_FRIST: _S.OVER_FRIST,
        _E.ASSESS_INTERIM_FEILADRESSERT: _S.FEILADRESSERT,
        _E.WITHDRAW: _S.TRUKKET,
    },
    _S.FEILADRESSERT: _NOBODY
    | _WITH_PARTNER
    | {
        _E.CONFIRMED: TASK,
        _E.INFORMED: TASK,
        _E.ANSWERED_INTERIM: TASK,
        _E.MISADDRESSED: IGNORE,
        _E.SEND: _S.SENDES,
        _E.WITHDRAW: _S.TRUKKET,
    },
    _S.TIL_VURDERING: _NOBODY
    | _EARLY
    | {
        _E.REGISTER: _S.UNDER_BEHANDLING,
        _E.REJECT: _S.FORKASTET,
        _E.SEND_BACK: _S.FORKASTET,
    },
    _S.BESVART: _ENDED
    | {
        _E.ANSWERED: TASK,
        _E.REPLIED: TASK,
        _E.CLOSING_DUE: _S.LUKKET,
        _E.CLOSE: _S.LUKKET,
        _E.DISAGREE: _S.UNDER_BEHANDLING,
        _E.SEND_BACK: REFUSE,
    },
    _S.ORIENTERT: _ENDED | {_E.INFORMED: IGNORE, _E.CLOSING_DUE: _S.LUKKET, _E.CLOSE: _S.LUKKET},
    _S.LUKKET: _ENDED,
    _S.TRUKKET: _ENDED,
    _S.FORKASTET: _ENDED,
}
"""FORWARDED is a task everywhere, because forwarding is not built yet (process.md A17)."""

FINAL_STATES = frozenset({_S.LUKKET, _S.TRUKKET, _S.FORKASTET})
"""States in which a case has ended."""

PARTNER_HAS_IT = frozenset({_S.LEVERT, _S.UNDER_BEHANDLING, _S.PURRET, _S.OVER_FRIST})
"""States in which the other side has the case and owes an answer."""

INTERRUPTIBLE = PARTNER_HAS_IT | {_S.FEILADRESSERT}
"""States that a plain reply may interrupt. A reply that is judged interim returns the case to them."""

REMINDABLE = frozenset({_S.LEVERT, _S.UNDER_BEHANDLING})
"""States from which the one reminder leaves."""


class Limit(StrEnum):
    """What the deadline of an open state is counted by."""

    WORKING_DAYS = "working days"
    DAYS = "days"
    REMINDER = "the clock's reminder"


OPEN: dict[CaseState, tuple[Turn, Limit, int]] = {
    _S.KLADD: (Role.MELDER, Limit.DAYS, 14),
    _S.TIL_KVALITETSSIKRING: (Role.KVALITETSSIKRER, Limit.WORKING_DAYS, 2),
    _S.RETURNERT: (Role.MELDER, Limit.WORKING_DAYS, 5),
    _S.GODKJENT: (Role.KVALITETSSIKRER, Limit.WORKING_DAYS, 1),
    _S.SENDES: (Role.DRIFT, Limit.WORKING_DAYS, 2),
    _S.LEVERT: (SystemRole.MOTPART, Limit.REMINDER, 0),
    _S.UNDER_BEHANDLING: (Role.SAKSBEHANDLER, Limit.REMINDER, 0),
    _S.PURRET: (Role.SAKSBEHANDLER, Limit.DAYS, 14),
    _S.OVER_FRIST: (Role.SEKRETARIAT, Limit.DAYS, 14),
    _S.SVAR_IKKE_VURDERT: (Role.SAKSBEHANDLER, Limit.WORKING_DAYS, 5),
    _S.BESVART: (Role.SAKSBEHANDLER, Limit.DAYS, 14),
    _S.ORIENTERT: (SystemRole.MOTOR, Limit.DAYS, 0),
    _S.FEILADRESSERT: (Role.KVALITETSSIKRER, Limit.WORKING_DAYS, 2),
    _S.TIL_VURDERING: (Role.SAKSBEHANDLER, Limit.WORKING_DAYS, 2),
}
"""Who must act in each open state, and by when: a role, what the deadline is counted by, and how many of it."""
