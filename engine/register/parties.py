"""The parties as the address register describes them (payload.md E), and the agreements between them.

A Registry is one imported version of the parties file and never changes; a new import makes a new Registry.
Questions about time take the time as an argument.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.agreements.cpa import CpaParty
from engine.agreements.kept_cpas import Doing, KeptCpa, address_of, certificates_of, in_force, named, terms_of
from engine.agreements.purpose import Purpose
from engine.agreements.terms import WITHOUT_CPA, Agreement, Terms
from engine.codes.party import PartyCode
from engine.codes.register import RegisterCode
from engine.errors import OwnFault
from engine.names import CpaId, HerId

OSLO = ZoneInfo("Europe/Oslo")


class PartyKind(StrEnum):
    """The level and nature of a party: an enterprise is level 1, the others stand below one."""

    ENTERPRISE = "enterprise"
    SERVICE = "service"
    DEPARTMENT = "department"
    PERSON = "person"


class InboxKind(StrEnum):
    """Where a party reads: the engine's own inbox, its record system's folder or HTTP too, or nowhere of its own."""

    ENGINE = "engine"
    FOLDER = "folder"
    API = "api"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RegisteredCertificate:
    """A certificate (DER) that the register holds for a party and a purpose, with the period it is registered for."""

    purpose: Purpose
    der: bytes
    valid_from: datetime
    valid_to: datetime

    def holds_at(self, at: datetime) -> bool:
        """Say whether the register holds it at that time."""
        return self.valid_from <= at <= self.valid_to


@dataclass(frozen=True, slots=True)
class Party:
    """One HER-id. Dates are days in Europe/Oslo, both included; empty fields are inherited where that is said."""

    her: HerId
    name: str
    kind: PartyKind
    parent: HerId | None
    organisation_number: str
    edi_address: str
    valid_from: date
    valid_to: date
    successor: HerId | None
    contact_point: HerId | None
    deviation_service: HerId | None
    inbox: InboxKind
    functions: frozenset[str]
    second_person: bool | None = None
    folder_pdf: bool = True
    certificates: tuple[RegisteredCertificate, ...] = ()

    @property
    def has_record_system(self) -> bool:
        """Say whether a record system reads for the party, and may say what becomes of a document."""
        return self.inbox in {InboxKind.FOLDER, InboxKind.API}

    def is_open(self, at: datetime) -> bool:
        """Say whether the party takes messages on the Oslo day of `at`."""
        return self.valid_from <= at.astimezone(OSLO).date() <= self.valid_to


class Registry:
    """All parties of one version of the parties file, by HER-id."""

    def __init__(
        self,
        parties: Iterable[Party],
        agreements: Iterable[Agreement],
        defaults: Terms,
        cpas: Iterable[KeptCpa] = (),
    ) -> None:
        self._parties: Mapping[HerId, Party] = {party.her: party for party in parties}
        self._agreements = tuple(agreements)
        self._defaults = defaults
        self._cpas = tuple(cpas)

    def __contains__(self, her_id: HerId) -> bool:
        return her_id in self._parties

    def all(self) -> list[Party]:
        """Return every party in the order of the file."""
        return list(self._parties.values())

    def agreements(self) -> tuple[Agreement, ...]:
        """Return every agreement in the order of the file."""
        return self._agreements

    def cpas(self) -> tuple[KeptCpa, ...]:
        """Return every CPA that is kept, in the order in which they were added."""
        return self._cpas

    def with_cpas(self, cpas: Iterable[KeptCpa]) -> "Registry":
        """Return the same register with these CPAs."""
        return Registry(self._parties.values(), self._agreements, self._defaults, cpas)

    def defaults(self) -> Terms:
        """Return the terms where two enterprises have no agreement."""
        return self._defaults

    def find(self, her_id: HerId | None) -> Party | None:
        """Return the party with this HER-id, or None."""
        return self._parties.get(her_id) if her_id else None

    def get(self, her_id: HerId) -> Party:
        """Return the party with this HER-id. Raises OwnFault where the register does not know it."""
        party = self._parties.get(her_id)
        if party is None:
            raise OwnFault(PartyCode.NOT_REGISTERED, her_id=her_id)
        return party

    def line(self, her_id: HerId) -> list[Party]:
        """Return the party and its ancestors, lowest first; empty for an unknown HER-id."""
        found: list[Party] = []
        party = self.find(her_id)
        while party is not None and party not in found:
            found.append(party)
            party = self.find(party.parent)
        return found

    def root(self, her_id: HerId) -> HerId | None:
        """Return the enterprise at the root of the party's tree, None for an unknown HER-id."""
        line = self.line(her_id)
        return line[-1].her if line else None

    def is_at_or_below(self, her_id: HerId, ancestor: HerId) -> bool:
        """Say whether a party is `ancestor` or stands below it."""
        return any(party.her == ancestor for party in self.line(her_id))

    def is_related(self, her_id: HerId, other: HerId) -> bool:
        """Say whether one is the other, above it, below it, or its successor."""
        if self.is_at_or_below(her_id, other) or self.is_at_or_below(other, her_id):
            return True
        return self.is_successor(her_id, of=other)

    def is_successor(self, her_id: HerId, *, of: HerId) -> bool:
        """Say whether `her_id` follows `of`, directly or over several mergers."""
        seen: set[HerId] = set()
        party = self.find(of)
        while party is not None and party.successor and party.her not in seen:
            seen.add(party.her)
            if party.successor == her_id:
                return True
            party = self.find(party.successor)
        return False

    def heir(self, her_id: HerId, at: datetime) -> Party | None:
        """Return the first successor of a party that is open, over several mergers if need be; None for none."""
        seen = {her_id}
        party = self.find(her_id)
        heir = self.find(party.successor) if party else None
        while heir is not None and not heir.is_open(at) and heir.her not in seen:
            seen.add(heir.her)
            heir = self.find(heir.successor)
        return heir if heir is not None and heir.is_open(at) else None

    def speaker(self, her_id: HerId, at: datetime) -> HerId:
        """Return who speaks and is spoken to for a party: itself while it is open, then its heir, else itself."""
        party = self.find(her_id)
        heir = None if party is None or party.is_open(at) else self.heir(her_id, at)
        return heir.her if heir else her_id

    def deviation_service(self, her_id: HerId, other: HerId, at: datetime) -> HerId:
        """Return whom deviations between a party and another enterprise go through (process.md R11, R14, R15).

        It is the nearest deviation service that the party or one above it names, while that is open and has an inbox.
        Where there is none, and within one enterprise, it is the party itself.
        """
        line = self.line(her_id)
        if line and line[-1].her == self.root(other):
            return her_id
        for party in line:
            service = self.find(party.deviation_service)
            if service is not None and service.is_open(at) and service.inbox is not InboxKind.NONE:
                return service.her
        return her_id

    def needs_second_person(self, her_id: HerId) -> bool:
        """Say whether another person than the writer must approve what a party reports; where nobody says, one must."""
        said = (party.second_person for party in self.line(her_id))
        return next((each for each in said if each is not None), True)

    def address_to(self, her_id: HerId, sender: HerId, at: datetime, doing: Doing | None = None) -> str:
        """Return where mail from `sender` to a party goes: the CPA's endpoint, else its EDI address.

        Raises OwnFault where there is none.
        """
        cpa = self._in_force(sender, her_id, at, doing)
        return (address_of(cpa.side(self._hers(her_id)), doing) if cpa else "") or self.edi_address(her_id)

    def edi_address(self, her_id: HerId) -> str:
        """Return the party's EDI address, inherited from above. Raises OwnFault where there is none."""
        for party in self.line(her_id):
            if party.edi_address:
                return party.edi_address
        raise OwnFault(RegisterCode.NO_ADDRESS, her_id=her_id)

    def certificates(self, her_id: HerId, purpose: Purpose) -> list[RegisteredCertificate]:
        """Return the certificates of a purpose, newest first; a party without any uses its parent's."""
        for party in self.line(her_id):
            found = [certificate for certificate in party.certificates if certificate.purpose is purpose]
            if found:
                return sorted(found, key=lambda certificate: certificate.valid_from, reverse=True)
        return []

    def certificates_between(
        self, her_id: HerId, other: HerId, purpose: Purpose, at: datetime, doing: Doing | None = None
    ) -> list[RegisteredCertificate]:
        """Return the certificates that a party uses towards another: those of the CPA in force, else the register's."""
        cpa = self._in_force(her_id, other, at, doing)
        return _registered(cpa.side(self._hers(her_id)), purpose, doing) if cpa else self.certificates(her_id, purpose)

    def certificates_named(
        self, her_id: HerId, other: HerId, cpa_id: CpaId, at: datetime
    ) -> list[RegisteredCertificate]:
        """Return the certificates that may sign a message of a party to another that names this CPA.

        Those of the CPA that it names alone, while that is in force; of one that was superseded or has ended, for late
        messages, beside what counts now; where none is named that we keep, what counts now.
        """
        found = self.cpas_named(cpa_id, her_id, other, at)
        known = [row for each in found for row in _registered(each.side(self._hers(her_id)), Purpose.SIGNING)]
        if any(each.holds_at(at) for each in found):
            return known
        return [*self.certificates_between(her_id, other, Purpose.SIGNING, at), *known]

    def terms(self, one: HerId, other: HerId, at: datetime, doing: Doing | None = None) -> Terms:
        """Return the terms for messages from one party to another on the Oslo day of `at`, else the defaults.

        A CPA that is in force between them decides what it says something about.
        """
        pair = frozenset(root for root in (self.root(one), self.root(other)) if root)
        day = at.astimezone(OSLO).date()
        found = (each for each in self._agreements if each.between == pair)
        agreed = next((each.terms for each in found if each.valid_from <= day <= each.valid_to), self._defaults)
        cpa = self._in_force(one, other, at, doing)
        return terms_of(cpa, self._hers(other), agreed, doing) if cpa else agreed

    def cpas_named(self, cpa_id: CpaId, one: HerId, other: HerId, at: datetime) -> list[KeptCpa]:
        """Return the CPAs between two parties that count for a message that names this id."""
        return named(self._cpas, cpa_id, self._hers(one), self._hers(other), at) if self._cpas else []

    def answering_cpa(self, named: CpaId, ours: HerId, theirs: HerId, at: datetime) -> CpaId:
        """Return the CPAId of an answer to a message that names one: that one where we keep it, else the agreed one."""
        agreed = self.terms(ours, theirs, at).cpa_id
        return named if agreed == WITHOUT_CPA or self.cpas_named(named, ours, theirs, at) else agreed

    def _in_force(self, one: HerId, other: HerId, at: datetime, doing: Doing | None) -> KeptCpa | None:
        return in_force(self._cpas, self._hers(one), self._hers(other), at, doing) if self._cpas else None

    def _hers(self, her_id: HerId) -> list[HerId]:
        return [party.her for party in self.line(her_id)]

    def envelope_party(self, her_id: HerId, level: int) -> HerId:
        """Return the HER-id that an envelope carries for a party: its level 2, or level 1 where agreed."""
        line = self.line(her_id)
        if not line:
            raise OwnFault(PartyCode.NOT_REGISTERED, her_id=her_id)
        return line[-1].her if level == 1 or len(line) == 1 else line[-2].her


def _registered(side: CpaParty, purpose: Purpose, doing: Doing | None = None) -> list[RegisteredCertificate]:
    """Return a party's certificates in a CPA as rows of the register; their own dates are checked on use."""
    return [RegisteredCertificate(purpose, der, _EVER[0], _EVER[1]) for der in certificates_of(side, purpose, doing)]


_EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
