"""Sender and receiver as a MsgHead names them: an enterprise, and in it a service, department or person.

The party that counts is the lowest level with a HER-id (payload.md A, E).
"""

from dataclasses import dataclass
from typing import Literal

from lxml import etree

from engine.codes.document import DocumentCode
from engine.errors import BadName, PayloadFault
from engine.names import HerId, her_id
from engine.payload.elements import (
    add,
    ids_of_kind,
    one,
    optional,
    optional_text,
    optional_texts,
    place,
)

ORGANISATION_IDS = "2.16.578.1.12.4.1.1.9051"
PERSON_IDS = "2.16.578.1.12.4.1.1.8116"
LONGEST_NAME = 300

Kind = Literal["organisation", "person"]


@dataclass(frozen=True, slots=True)
class Unit:
    """The lower level of a party: a service or department, or a person (a GP) with a HER-id of their own."""

    name: str
    her: HerId
    kind: Kind = "organisation"


@dataclass(frozen=True, slots=True)
class DocumentParty:
    """A party on two levels. `org_number` is nine digits, '' where it is not known; `unit` None for one level."""

    name: str
    her: HerId
    org_number: str = ""
    unit: Unit | None = None

    @property
    def lowest(self) -> HerId:
        """The HER-id that the document is from or to."""
        return self.unit.her if self.unit else self.her


@dataclass(frozen=True, slots=True)
class ReadParty:
    """A party as a document names it. `hers` are all its HER-ids from the highest level to the lowest, never none.

    `party` holds the highest and the lowest of those levels, names cut at 300 characters. `in_words` says that a
    department below the lowest HER-id is named in words alone (design.md 6).
    """

    party: DocumentParty
    hers: tuple[HerId, ...]
    in_words: bool = False

    @property
    def lowest(self) -> HerId:
        """The HER-id that the document is from or to."""
        return self.hers[-1]


def add_organisation(parent: etree._Element, party: DocumentParty) -> None:
    """Append the Organisation of a party, the highest level outermost.

    Raises Refused where a name cannot be written as XML.
    """
    organisation = add(parent, "Organisation")
    add(organisation, "OrganisationName", party.name)
    _add_her(organisation, party.her, ORGANISATION_IDS)
    if party.org_number:
        name = "Organisasjonsnummeret i Enhetsregister"
        _add_ident(organisation, party.org_number, "ENH", ORGANISATION_IDS, name)
    if party.unit and party.unit.kind == "person":
        _add_person(organisation, party.unit)
    elif party.unit:
        below = add(organisation, "Organisation")
        add(below, "OrganisationName", party.unit.name)
        _add_her(below, party.unit.her, ORGANISATION_IDS)


def read_party(parent: etree._Element) -> ReadParty:
    """Return the party in a Sender or Receiver.

    A HER-id is known by V='HER', whatever its code system says (payload.md A). Raises PayloadFault T02 where the
    Organisation is missing or doubled, a level has several HER-ids, no level has one, or two parties stand side by
    side at the lowest level.
    """
    top = one(parent, "Organisation")
    numbers = ids_of_kind(top, "ENH")
    levels = _levels(top)
    if not any(level.ids for level in levels):
        raise PayloadFault("T02", place(top, "Ident"), DocumentCode.NO_HER_ID)
    org_number, in_words, units = _org_number(numbers), _in_words(levels), _units(levels)
    highest, below = units[0], units[-1] if len(units) > 1 else None
    party = DocumentParty(highest.name, highest.her, org_number, below)
    return ReadParty(party, tuple(unit.her for unit in units), in_words)


@dataclass(frozen=True, slots=True)
class _Level:
    """An organisation or a person as it stands in a document; `ids` are its HER-ids, none for one named in words."""

    element: etree._Element
    kind: Kind
    name: str
    ids: list[str]


def _units(levels: list[_Level]) -> list[Unit]:
    """Return the levels with a HER-id. Raises PayloadFault T02 where one has several, or one that is none."""
    units = []
    for level in levels:
        if len(level.ids) > 1:
            where, number = place(level.element, "Ident"), len(level.ids)
            raise PayloadFault("T02", where, DocumentCode.SEVERAL_HER_IDS, number=number)
        try:
            units += [Unit(level.name, her_id(id), level.kind) for id in level.ids]
        except BadName:
            where = place(level.element, "Ident", "Id")
            raise PayloadFault("T02", where, DocumentCode.NOT_A_HER_ID) from None
    return units


def _levels(top: etree._Element) -> list[_Level]:
    """Return the organisations from the highest down, and last the person with a HER-id.

    Raises PayloadFault T02 where such a person stands beside another party with a HER-id.
    """
    levels: list[_Level] = []
    persons: list[tuple[int, _Level]] = []
    level: etree._Element | None = top
    while level is not None:
        name = optional_text(level, "OrganisationName")[:LONGEST_NAME]
        levels.append(_Level(level, "organisation", name, ids_of_kind(level, "HER")))
        person = optional(level, "HealthcareProfessional")
        if person is not None and (ids := ids_of_kind(person, "HER")):
            parts = optional_texts(person, "GivenName", "MiddleName", "FamilyName")
            name = " ".join(part for part in parts if part)[:LONGEST_NAME]
            persons.append((len(levels), _Level(person, "person", name, ids)))
        level = optional(level, "Organisation")
    for number, person_there in persons:
        if any(below.ids for below in levels[number:]) or person_there is not persons[-1][1]:
            raise PayloadFault("T02", place(levels[number - 1].element), DocumentCode.SIDE_BY_SIDE)
    return [*levels, *(there for _, there in persons)]


def _in_words(levels: list[_Level]) -> bool:
    """Say whether an organisation with a name and no HER-id stands right below the lowest one with a HER-id."""
    lowest = max(number for number, level in enumerate(levels) if level.ids)
    return any(level.name for level in levels[lowest + 1 : lowest + 2])


def _org_number(numbers: list[str]) -> str:
    usable = [number for number in numbers if len(number) == 9 and number.isascii() and number.isdigit()]
    return usable[0] if len(usable) == 1 else ""


def _add_person(organisation: etree._Element, unit: Unit) -> None:
    person = add(organisation, "HealthcareProfessional")
    given, _, family = unit.name.rpartition(" ")
    add(person, "FamilyName", family)
    if given:
        add(person, "GivenName", given)
    _add_her(person, unit.her, PERSON_IDS)


def _add_her(parent: etree._Element, her: HerId, system: str) -> None:
    _add_ident(parent, her, "HER", system, "HER-id")


def _add_ident(parent: etree._Element, value: str, kind: str, system: str, name: str) -> None:
    ident = add(parent, "Ident")
    add(ident, "Id", value)
    add(ident, "TypeId", V=kind, S=system, DN=name)
