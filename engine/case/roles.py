"""Who may do what with a case, one row a step (process.md 1.4). An actor is a role at a party, `ROLE@HER-ID`."""

from dataclasses import dataclass
from enum import StrEnum

from engine.errors import BadName, Refused
from engine.names import HerId, her_id
from engine.states.case import CaseEvent


class Role(StrEnum):
    """The roles that people have."""

    MELDER = "melder"
    KVALITETSSIKRER = "kvalitetssikrer"
    SAKSBEHANDLER = "saksbehandler"
    SEKRETARIAT = "sekretariat"
    DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person's role at a party."""

    role: Role
    her: HerId

    def __str__(self) -> str:
        return f"{self.role}@{self.her}"


_R, _E = Role, CaseEvent
_TREATS = frozenset({_R.SAKSBEHANDLER, _R.SEKRETARIAT})

MAY: dict[CaseEvent, frozenset[Role]] = {
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
}
"""Steps that people take, and the roles that may. What is not here comes from outside or with time."""

MAY_REMIND = _TREATS
"""Who may send a reminder by hand, where a restore has left it in doubt."""

MAY_READ = frozenset({_R.MELDER, _R.KVALITETSSIKRER, _R.SAKSBEHANDLER, _R.SEKRETARIAT})
"""Who may read what a case says: those who work with cases. Operations sees states, times and codes alone."""

MAY_READ_ORIGINALS = frozenset({_R.SAKSBEHANDLER})
"""Who may read what a partner sent as it came, with the patient that it may name: those who treat the case, no more."""


def actor(text: str) -> Actor:
    """Return the actor written as ROLE@HER-ID. Raises Refused with the roles that there are."""
    role, _, her = text.partition("@")
    try:
        return Actor(Role(role), her_id(her))
    except (ValueError, BadName):
        known = ", ".join(Role)
        raise Refused(f"--as takes ROLE@HER-ID, with one of the roles {known}.") from None


def check_may(event: CaseEvent, who: Actor) -> None:
    """Raise Refused, naming who may, where a role may not take a step."""
    if who.role not in MAY[event]:
        raise Refused(f"A {who.role} may not {event}. That is for: {', '.join(sorted(MAY[event]))}.")


def check_may_remind(who: Actor) -> None:
    """Raise Refused, naming who may, where a role may not send a reminder by hand."""
    if who.role not in MAY_REMIND:
        raise Refused(f"A {who.role} may not remind. That is for: {', '.join(sorted(MAY_REMIND))}.")


def check_may_read(who: Actor) -> None:
    """Raise Refused, naming who may, where a role may not read what cases say."""
    if who.role not in MAY_READ:
        raise Refused(f"A {who.role} may not read what a case says. That is for: {', '.join(sorted(MAY_READ))}.")


def check_may_read_originals(who: Actor) -> None:
    """Raise Refused, naming who may, where a role may not read what a partner sent as it came."""
    if who.role not in MAY_READ_ORIGINALS:
        raise Refused(f"A {who.role} may not read originals. That is for: {', '.join(sorted(MAY_READ_ORIGINALS))}.")
