"""What is configured: who is served here, whom we trust, what was agreed, and the limits. It does nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.agreements.carriers import Carrier
from engine.agreements.kept_cpas import certificates_of
from engine.agreements.purpose import Purpose
from engine.agreements.services import ServiceTable
from engine.codes.party import PartyCode
from engine.errors import OwnFault
from engine.msh.mime import DEFAULT_LIMITS, MailLimits
from engine.msh.writing import Software
from engine.names import HerId
from engine.payload.party import DocumentParty, Unit
from engine.ports import PartnerWords
from engine.records.messages import Kept
from engine.register.parties import PartyKind, Registry
from engine.schemas import Schemas

SAMVIK = Software("Samvik", "0.1.0")
LEDGER_DAYS = 400
"""How long ids are remembered, where nothing else is configured."""


@dataclass(frozen=True, slots=True)
class StrangerLimits:
    """What mail that nobody vouched for may take of the disk, and for how long.

    Above `most_bytes` or `most_mails` only what a registered certificate signed is taken. After `body_days` only the
    header of such a mail is kept, and nothing after `head_days`.
    """

    most_bytes: int = 2_000_000_000
    most_mails: int = 100_000
    body_days: int = 30
    head_days: int = 365

    def are_reached(self, kept: Kept) -> bool:
        """Say whether there is no room for one more mail of a stranger."""
        return kept.size >= self.most_bytes or kept.mails >= self.most_mails


@dataclass(frozen=True, slots=True)
class Policy:
    """What a decision follows beside its facts and the time. A pure decision takes this, never `Ports`.

    `hosted` are the enterprises that this engine serves; the first answers for what is addressed to none of them.
    `anchors` are the CAs (DER) that it trusts. `services` says how message functions are named on the wire, `words`
    what partners read. `refusals_an_hour` limits the answers to one claimed sender of mails whose signature fails or
    that are not for us, and those to copies of one message; `errors_an_hour` those to a verified partner's mistakes and
    Pings.
    `ledger_days` is how long ids are remembered. `test` marks documents as test messages; it is False in production.
    """

    registry: Registry
    hosted: tuple[HerId, ...]
    anchors: tuple[bytes, ...]
    carriers: Mapping[str, Carrier]
    services: ServiceTable
    schemas: Schemas
    words: PartnerWords
    software: Software = SAMVIK
    limits: MailLimits = DEFAULT_LIMITS
    refusals_an_hour: int = 10
    errors_an_hour: int = 100
    strangers: StrangerLimits = StrangerLimits()
    ledger_days: int = LEDGER_DAYS
    test: bool = True

    def owner_of(self, her: HerId | None) -> HerId | None:
        """Return the hosted enterprise that a HER-id belongs to, None where it is not ours."""
        root = self.registry.root(her) if her else None
        return root if root in self.hosted else None

    def our_encryption_certificates(self, her: HerId) -> list[bytes]:
        """Return every encryption certificate (DER) of a party of ours, older ones too: mail under way may use them."""
        line = [party.her for party in self.registry.line(her)]
        agreed = (cpa.side(line) for cpa in self.registry.cpas() if set(line) & set(cpa.hers))
        in_cpas = [der for side in agreed for der in certificates_of(side, Purpose.ENCRYPTION)]
        return [*(held.der for held in self.registry.certificates(her, Purpose.ENCRYPTION)), *in_cpas]

    def document_party(self, her: HerId) -> DocumentParty:
        """Return a party as a document names it: its enterprise, and the party below it where it is not that.

        Raises OwnFault where the register does not have it.
        """
        line = self.registry.line(her)
        if not line:
            raise OwnFault(PartyCode.NOT_REGISTERED, her_id=her)
        top, own = line[-1], line[0]
        kind: Literal["person", "organisation"] = "person" if own.kind is PartyKind.PERSON else "organisation"
        unit = None if own is top else Unit(own.name, own.her, kind)
        return DocumentParty(top.name, top.her, top.organisation_number, unit)
