"""The way of one mail that came in, from the bytes on disk to the party's inbox (process.md 2.4 C).

Reading, claiming and deciding happen in one commit, so a mail leaves MOTTATT straight for the state that the decision
gave it. KARANTENE and AVVIST_TRANSPORT leave no claim on the MessageId: the genuine message may still come. VENTER is
for what cannot be decided now, such as a revocation list out of reach. RUTET waits for a record system's word.
"""

from enum import StrEnum

from engine.states.role import Role, SystemRole, Turn
from engine.states.table import IGNORE, REFUSE, TASK, Otherwise


class InboundState(StrEnum):
    """Where a mail that came in stands."""

    MOTTATT = "MOTTATT"
    VENTER = "VENTER"
    KARANTENE = "KARANTENE"
    FORKASTET = "FORKASTET"
    AVVIST_TRANSPORT = "AVVIST_TRANSPORT"
    DUPLIKAT = "DUPLIKAT"
    KORRELERT = "KORRELERT"
    UKORRELERT = "UKORRELERT"
    AVVIST_APP = "AVVIST_APP"
    DUPLIKAT_FAG = "DUPLIKAT_FAG"
    RUTET = "RUTET"
    LEVERT_INTERNT = "LEVERT_INTERNT"
    RETURNERT = "RETURNERT"
    PING_BESVART = "PING_BESVART"


class InboundEvent(StrEnum):
    """What can happen to a mail that came in."""

    UNREADABLE = "unreadable"
    CONFLICT = "same id, other content"
    POSTPONED = "cannot be decided now"
    REFUSED = "refused with MessageError"
    DUPLICATE = "MessageId seen before"
    RECEIPT_MATCHED = "receipt of our message"
    RECEIPT_ORPHAN = "receipt of no message of ours"
    DOCUMENT_REFUSED = "refused with AppRec 2"
    DOCUMENT_DUPLICATE = "document seen before"
    STORED = "in the inbox"
    PINGED = "a Ping, answered with a Pong"
    HANDED_OVER = "handed to the record system"
    EPJ_TOOK_IT = "the record system took it"
    EPJ_REFUSED = "the record system refused it"
    EPJ_SILENT = "no word from the record system in time"
    RETURNED = "sent back by a person"
    RELEASE = "release"
    DISCARD = "cancel"


_S, _E = InboundState, InboundEvent
_Row = dict[InboundEvent, InboundState | Otherwise]

_DECISIONS: _Row = {
    _E.UNREADABLE: _S.KARANTENE,
    _E.CONFLICT: _S.KARANTENE,
    _E.POSTPONED: _S.VENTER,
    _E.REFUSED: _S.AVVIST_TRANSPORT,
    _E.DUPLICATE: _S.DUPLIKAT,
    _E.RECEIPT_MATCHED: _S.KORRELERT,
    _E.RECEIPT_ORPHAN: _S.UKORRELERT,
    _E.DOCUMENT_REFUSED: _S.AVVIST_APP,
    _E.DOCUMENT_DUPLICATE: _S.DUPLIKAT_FAG,
    _E.STORED: _S.LEVERT_INTERNT,
    _E.HANDED_OVER: _S.RUTET,
    _E.PINGED: _S.PING_BESVART,
}

_DECIDED: _Row = dict.fromkeys(_DECISIONS, IGNORE)
_NO_EPJ: _Row = {_E.EPJ_TOOK_IT: TASK, _E.EPJ_REFUSED: TASK, _E.EPJ_SILENT: IGNORE}
_NO_PERSON: _Row = {_E.RETURNED: REFUSE, _E.RELEASE: REFUSE, _E.DISCARD: REFUSE}
_FINAL: _Row = _DECIDED | _NO_EPJ | _NO_PERSON

INBOUND: dict[InboundState, _Row] = {
    _S.MOTTATT: _DECISIONS | _NO_EPJ | _NO_PERSON,
    _S.VENTER: _DECISIONS | _NO_EPJ | _NO_PERSON | {_E.RELEASE: _S.MOTTATT, _E.DISCARD: _S.FORKASTET},
    _S.KARANTENE: _FINAL | {_E.RELEASE: _S.MOTTATT, _E.DISCARD: _S.FORKASTET},
    _S.AVVIST_TRANSPORT: _FINAL | {_E.RELEASE: _S.MOTTATT},
    _S.FORKASTET: _FINAL,
    _S.DUPLIKAT: _FINAL,
    _S.KORRELERT: _FINAL,
    _S.UKORRELERT: _FINAL,
    _S.AVVIST_APP: _FINAL,
    _S.DUPLIKAT_FAG: _FINAL,
    _S.RUTET: _DECIDED
    | _NO_PERSON
    | {
        _E.EPJ_TOOK_IT: _S.LEVERT_INTERNT,
        _E.EPJ_REFUSED: _S.AVVIST_APP,
        _E.EPJ_SILENT: _S.LEVERT_INTERNT,
    },
    _S.LEVERT_INTERNT: _FINAL | {_E.EPJ_TOOK_IT: IGNORE, _E.RETURNED: _S.RETURNERT},
    _S.RETURNERT: _FINAL | {_E.EPJ_TOOK_IT: IGNORE},
    _S.PING_BESVART: _FINAL,
}

OWNER_OF: dict[InboundState, Turn] = {
    _S.MOTTATT: SystemRole.MOTOR,
    _S.VENTER: Role.DRIFT,
    _S.KARANTENE: Role.DRIFT,
    _S.RUTET: SystemRole.FAGSYSTEM,
}
"""Who must act next on a mail that is not finished; each such row carries a deadline."""

NEEDS_ACTION = frozenset({_S.KARANTENE, _S.VENTER})
"""States that alarm: entering one opens a task."""
