"""The application receipt that we owe the sender of one accepted business message (payload.md C).

Exactly one AppRec is made for a document; a document that comes again gets the stored one again. Where the agreement
says that the record system gives its word, the receipt waits for it, and a silent record system is answered for by
the engine's own inbox, so that the sender never waits for ever (process.md 2.4 C, the rule at its end).
"""

from enum import StrEnum

from engine.states.table import IGNORE, TASK, Otherwise


class ApprecState(StrEnum):
    """What the sender has been told about the document."""

    INGEN = "INGEN"
    VENTER_EPJ = "VENTER_EPJ"
    SENDT_OK = "SENDT_OK"
    SENDT_FEIL_I_DEL = "SENDT_FEIL_I_DEL"
    SENDT_AVVIST = "SENDT_AVVIST"


class ApprecEvent(StrEnum):
    """Who says what about the document."""

    STORED = "stored in the engine's inbox"
    REFUSED = "refused by the engine"
    ASKED_EPJ = "handed to the record system"
    EPJ_OK = "AppRec 1 from the record system"
    EPJ_PARTLY = "AppRec 3 from the record system"
    EPJ_REFUSED = "AppRec 2 from the record system"
    EPJ_SILENT = "no word from the record system in time"
    AGAIN = "the same document again"


_S, _E = ApprecState, ApprecEvent
_Row = dict[ApprecEvent, ApprecState | Otherwise]

_TOLD: _Row = {
    _E.STORED: IGNORE,
    _E.REFUSED: TASK,
    _E.ASKED_EPJ: IGNORE,
    _E.EPJ_OK: TASK,
    _E.EPJ_PARTLY: TASK,
    _E.EPJ_REFUSED: TASK,
    _E.EPJ_SILENT: IGNORE,
    _E.AGAIN: IGNORE,
}

APPREC: dict[ApprecState, _Row] = {
    _S.INGEN: {
        _E.STORED: _S.SENDT_OK,
        _E.REFUSED: _S.SENDT_AVVIST,
        _E.ASKED_EPJ: _S.VENTER_EPJ,
        _E.EPJ_OK: TASK,
        _E.EPJ_PARTLY: TASK,
        _E.EPJ_REFUSED: TASK,
        _E.EPJ_SILENT: IGNORE,
        _E.AGAIN: IGNORE,
    },
    _S.VENTER_EPJ: {
        _E.STORED: _S.SENDT_OK,
        _E.REFUSED: TASK,
        _E.ASKED_EPJ: IGNORE,
        _E.EPJ_OK: _S.SENDT_OK,
        _E.EPJ_PARTLY: _S.SENDT_FEIL_I_DEL,
        _E.EPJ_REFUSED: _S.SENDT_AVVIST,
        _E.EPJ_SILENT: _S.SENDT_OK,
        _E.AGAIN: IGNORE,
    },
    _S.SENDT_OK: _TOLD | {_E.EPJ_OK: IGNORE},
    _S.SENDT_FEIL_I_DEL: _TOLD | {_E.EPJ_PARTLY: IGNORE},
    _S.SENDT_AVVIST: _TOLD | {_E.EPJ_REFUSED: IGNORE},
}
