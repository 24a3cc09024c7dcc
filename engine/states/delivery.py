"""The way of one outgoing message, from the queue to the partner's word (process.md 2.4 B).

A business message expects an Acknowledgment and then an AppRec; an AppRec expects only an Acknowledgment; a signal
expects nothing. The use case says which by its choice of event (ACKNOWLEDGED or ACKNOWLEDGED_LAST, HANDED_OVER or
HANDED_OVER_LAST), so that the table need not know kinds. Receipts may come late, twice or in the wrong order: an
AppRec before its Acknowledgment proves the transport too, and a late word after giving up is still taken.
SENDT_UKJENT is a connection lost after DATA, or a restore from a backup that knows nothing of what followed: the
partner may have the message, so it is sent again only as the same envelope under the same MessageId, which every
receiver must tell from a new one.

A bounce (RETURNED) is anybody's word: it stops what nobody has confirmed, and contradicts a confirmation in vain.
"""

from enum import StrEnum

from engine.states.role import Role, SystemRole, Turn
from engine.states.table import IGNORE, REFUSE, TASK, Otherwise


class DeliveryState(StrEnum):
    """Where an outgoing message stands."""

    KO = "KO"
    SENDT = "SENDT"
    SENDT_UKJENT = "SENDT_UKJENT"
    TRANSPORTKVITTERT = "TRANSPORTKVITTERT"
    LEVERT = "LEVERT"
    LEVERT_MED_FEIL = "LEVERT_MED_FEIL"
    FULLFORT = "FULLFORT"
    AVVIST = "AVVIST"
    MANGLER_APPREC = "MANGLER_APPREC"
    UBEKREFTET = "UBEKREFTET"
    TRANSPORTFEIL = "TRANSPORTFEIL"
    STOPPET = "STOPPET"
    LEVERT_MANUELT = "LEVERT_MANUELT"
    KANSELLERT = "KANSELLERT"


class DeliveryEvent(StrEnum):
    """What can happen to an outgoing message."""

    HANDED_OVER = "smtp 250"
    HANDED_OVER_LAST = "smtp 250, nothing more expected"
    POSTPONED = "smtp 4xx or no connection"
    REJECTED = "smtp 5xx"
    LOST_AFTER_DATA = "connection lost after DATA"
    ACKNOWLEDGED = "Acknowledgment"
    ACKNOWLEDGED_LAST = "Acknowledgment, nothing more expected"
    ACKNOWLEDGED_OTHER_BYTES = "Acknowledgment of other bytes"
    MESSAGE_ERROR = "MessageError"
    WARNED = "MessageError with warnings only"
    APPREC_OK = "AppRec 1"
    APPREC_PARTLY = "AppRec 3"
    APPREC_REFUSED = "AppRec 2"
    RESEND_DUE = "no Acknowledgment, resend due"
    GIVEN_UP = "resends used up"
    APPREC_OVERDUE = "no AppRec in time"
    HOLD = "held"
    RELEASE = "release"
    RESEND = "resend"
    CANCEL = "cancel"
    DELIVERED_OTHERWISE = "delivered by another channel"
    OVERTAKEN = "overtaken by an answer, tried no more"
    RESTORED = "restored from a backup"
    RETURNED = "returned by a mail server"
    NOTICED = "report of a mail server"


_S, _E = DeliveryState, DeliveryEvent

_Row = dict[DeliveryEvent, DeliveryState | Otherwise]

# What the partner, or a mail server, may say at any time while the message is under way, in whatever order it comes.
_PARTNER_WORD: _Row = {
    _E.ACKNOWLEDGED: _S.TRANSPORTKVITTERT,
    _E.ACKNOWLEDGED_LAST: _S.FULLFORT,
    _E.ACKNOWLEDGED_OTHER_BYTES: TASK,
    _E.MESSAGE_ERROR: _S.TRANSPORTFEIL,
    _E.WARNED: TASK,
    _E.APPREC_OK: _S.LEVERT,
    _E.APPREC_PARTLY: _S.LEVERT_MED_FEIL,
    _E.APPREC_REFUSED: _S.AVVIST,
    _E.RETURNED: _S.TRANSPORTFEIL,
    _E.NOTICED: IGNORE,
}

# What the partner may still say when the message has come to its end: shown when it contradicts, else only logged.
_AFTERWORD: _Row = {
    _E.ACKNOWLEDGED: IGNORE,
    _E.ACKNOWLEDGED_LAST: IGNORE,
    _E.ACKNOWLEDGED_OTHER_BYTES: TASK,
    _E.MESSAGE_ERROR: TASK,
    _E.WARNED: IGNORE,
    _E.APPREC_OK: IGNORE,
    _E.APPREC_PARTLY: TASK,
    _E.APPREC_REFUSED: TASK,
    _E.RETURNED: TASK,
    _E.NOTICED: IGNORE,
}

# Our own sending and timers, where they have nothing left to say.
_STALE: _Row = {
    _E.HANDED_OVER: IGNORE,
    _E.HANDED_OVER_LAST: IGNORE,
    _E.POSTPONED: IGNORE,
    _E.REJECTED: IGNORE,
    _E.LOST_AFTER_DATA: IGNORE,
    _E.RESEND_DUE: IGNORE,
    _E.GIVEN_UP: IGNORE,
    _E.APPREC_OVERDUE: IGNORE,
    _E.OVERTAKEN: IGNORE,
    _E.RESTORED: IGNORE,
}

_NO_OPERATOR: _Row = {
    _E.HOLD: REFUSE,
    _E.RELEASE: REFUSE,
    _E.RESEND: REFUSE,
    _E.CANCEL: REFUSE,
    _E.DELIVERED_OTHERWISE: REFUSE,
}

_STOPPED: _Row = (
    _PARTNER_WORD
    | _STALE
    | _NO_OPERATOR
    | {
        _E.RESEND: _S.KO,
        _E.DELIVERED_OTHERWISE: _S.LEVERT_MANUELT,
        _E.OVERTAKEN: _S.FULLFORT,
    }
)

_FINAL: _Row = _AFTERWORD | _STALE | _NO_OPERATOR

DELIVERY: dict[DeliveryState, _Row] = {
    _S.KO: _PARTNER_WORD
    | _NO_OPERATOR
    | {
        _E.HANDED_OVER: _S.SENDT,
        _E.HANDED_OVER_LAST: _S.FULLFORT,
        _E.POSTPONED: _S.KO,
        _E.REJECTED: _S.TRANSPORTFEIL,
        _E.LOST_AFTER_DATA: _S.SENDT_UKJENT,
        _E.RESEND_DUE: IGNORE,
        _E.GIVEN_UP: _S.UBEKREFTET,
        _E.APPREC_OVERDUE: IGNORE,
        _E.HOLD: _S.STOPPET,
        _E.CANCEL: _S.KANSELLERT,
        _E.OVERTAKEN: _S.FULLFORT,
        _E.RESTORED: _S.SENDT_UKJENT,
    },
    _S.SENDT: _PARTNER_WORD
    | _STALE
    | _NO_OPERATOR
    | {
        _E.REJECTED: _S.TRANSPORTFEIL,
        _E.RESEND_DUE: _S.KO,
        _E.GIVEN_UP: _S.UBEKREFTET,
        _E.DELIVERED_OTHERWISE: _S.LEVERT_MANUELT,
        _E.OVERTAKEN: _S.FULLFORT,
        _E.RESTORED: _S.SENDT_UKJENT,
    },
    _S.SENDT_UKJENT: _PARTNER_WORD
    | _STALE
    | _NO_OPERATOR
    | {
        _E.RESEND_DUE: _S.KO,
        _E.GIVEN_UP: _S.UBEKREFTET,
        _E.RESEND: _S.KO,
        _E.DELIVERED_OTHERWISE: _S.LEVERT_MANUELT,
        _E.OVERTAKEN: _S.FULLFORT,
    },
    _S.TRANSPORTKVITTERT: _PARTNER_WORD
    | _STALE
    | _NO_OPERATOR
    | {
        _E.ACKNOWLEDGED: IGNORE,
        _E.ACKNOWLEDGED_LAST: IGNORE,
        _E.MESSAGE_ERROR: TASK,
        _E.RETURNED: TASK,
        _E.APPREC_OVERDUE: _S.MANGLER_APPREC,
        _E.DELIVERED_OTHERWISE: _S.LEVERT_MANUELT,
        _E.OVERTAKEN: _S.FULLFORT,
    },
    _S.MANGLER_APPREC: _STOPPED
    | {
        _E.ACKNOWLEDGED: IGNORE,
        _E.ACKNOWLEDGED_LAST: IGNORE,
        _E.MESSAGE_ERROR: TASK,
        _E.RETURNED: TASK,
    },
    # A receipt whose deadline passed while its last try was under way has arrived all the same.
    _S.UBEKREFTET: _STOPPED | {_E.HANDED_OVER_LAST: _S.FULLFORT},
    _S.TRANSPORTFEIL: _STOPPED,
    _S.STOPPET: _STOPPED
    | {
        _E.RESEND: REFUSE,
        _E.RETURNED: TASK,
        _E.RELEASE: _S.KO,
        _E.CANCEL: _S.KANSELLERT,
    },
    # A refused document is corrected and sent as a new message; the same bytes would be refused again.
    _S.AVVIST: _FINAL
    | {
        _E.APPREC_OK: TASK,
        _E.APPREC_REFUSED: IGNORE,
        _E.DELIVERED_OTHERWISE: _S.LEVERT_MANUELT,
    },
    _S.LEVERT: _FINAL,
    _S.LEVERT_MED_FEIL: _FINAL | {_E.APPREC_PARTLY: IGNORE},
    _S.LEVERT_MANUELT: _FINAL | {_E.RETURNED: IGNORE},
    _S.FULLFORT: _FINAL,
    _S.KANSELLERT: _FINAL | {_E.ACKNOWLEDGED: TASK, _E.ACKNOWLEDGED_LAST: TASK, _E.APPREC_OK: TASK},
}

FINAL_STATES = frozenset({_S.LEVERT, _S.LEVERT_MED_FEIL, _S.FULLFORT, _S.LEVERT_MANUELT, _S.KANSELLERT})
"""States that wait for nobody. Every other state has an owner in OWNER_OF and a deadline on its row."""

OWNER_OF: dict[DeliveryState, Turn] = {
    _S.KO: SystemRole.MOTOR,
    _S.SENDT: SystemRole.MOTOR,
    _S.SENDT_UKJENT: SystemRole.MOTOR,
    _S.TRANSPORTKVITTERT: SystemRole.MOTPART,
    _S.MANGLER_APPREC: Role.DRIFT,
    _S.UBEKREFTET: Role.DRIFT,
    _S.TRANSPORTFEIL: Role.DRIFT,
    _S.STOPPET: Role.DRIFT,
    _S.AVVIST: Role.DRIFT,
}
"""Who must act next: the engine itself, the partner, or a person on the operations desk."""

NEEDS_ACTION = frozenset(state for state, owner in OWNER_OF.items() if owner is Role.DRIFT)
"""States that alarm: entering one opens a task."""
