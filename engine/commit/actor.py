"""Who acts: a person in a role at a party, or a system. Each step and each line of the log bears one of them."""

from dataclasses import dataclass
from typing import Protocol

from engine.codes.party import PartyCode
from engine.errors import BadName, Refused
from engine.names import OPERATOR, HerId, her_id
from engine.states.role import Role, SystemRole


@dataclass(frozen=True, slots=True)
class Person:
    """A person who acts in one role at a party. `name` is empty only where the door does not know it."""

    role: Role
    her_id: HerId
    name: str = ""

    def __str__(self) -> str:
        place = self.role if self.her_id == OPERATOR else f"{self.role}@{self.her_id}"
        return f"{place} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class System:
    """A system that acts: this engine, a partner, a party's record system, a mail server or eDialog.

    `her_id` is whose system it is, None where that is not known.
    """

    role: SystemRole
    her_id: HerId | None = None
    name: str = ""

    def __str__(self) -> str:
        match self.role:
            case SystemRole.MOTPART:
                return f"HER {self.her_id}"
            case SystemRole.FAGSYSTEM:
                return f"epj@{self.her_id}"
        return f"{self.role} {self.name}".strip()


Actor = Person | System
ENGINE = System(SystemRole.MOTOR)
MAIL_SERVER = System(SystemRole.EPOSTTJENER)


def partner(her_id: HerId) -> System:
    """Return the other side, as it names itself in a message that was verified."""
    return System(SystemRole.MOTPART, her_id)


def operator(name: str) -> Person:
    """Return a person of the operations desk, who acts for every party of this engine."""
    return Person(Role.DRIFT, OPERATOR, name)


def person(text: str, name: str = "") -> Person:
    """Return the person written as ROLE@HER-ID. Raises Refused, naming the roles that there are."""
    role, _, her = text.partition("@")
    try:
        return Person(Role(role), her_id(her), name)
    except (ValueError, BadName):
        raise Refused(PartyCode.NO_PERSON, roles=list(Role)) from None


class Serving(Protocol):
    """What knows the enterprises that are served here: a policy, or a desk."""

    def owner_of(self, her: HerId | None) -> HerId | None:
        """Return the hosted enterprise that a HER-id belongs to, None where it is not ours."""


def owner_of(policy: Serving, who: Person) -> HerId:
    """Return the enterprise whose cases a person may see. Raises Refused where it is not served here."""
    owner = policy.owner_of(who.her_id)
    if owner is None:
        raise Refused(PartyCode.NOT_SERVED, her_id=who.her_id)
    return owner
