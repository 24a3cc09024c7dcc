"""All that a use case is given: the ports, and what is configured. A node has one until something changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lxml import etree

from engine.agreements.carriers import Carrier
from engine.agreements.kept_cpas import Doing, certificates_of
from engine.agreements.purpose import Purpose
from engine.agreements.services import ServiceTable
from engine.errors import OwnFault
from engine.msh.mime import DEFAULT_LIMITS, MailLimits
from engine.msh.writing import Software
from engine.names import HerId
from engine.payload.party import DocumentParty, Unit
from engine.ports import AttachmentScanner, Clock, Ids, KeyStore, Offload, PdfRenderer, RevocationSource, Store
from engine.register.parties import PartyKind, Registry
from engine.schemas import Schemas
from engine.trust.speakers import choose_certificate, choose_own

SAMVIK = Software("Samvik", "0.1.0")


@dataclass(frozen=True, slots=True)
class World:
    """The surroundings of a decision.

    `hosted` are the enterprises that this engine serves, the first of them answers for what is addressed to none;
    `anchors` are the CAs (DER) that it trusts. `services` says how message functions are named on the wire.
    `scanner` looks into files, None where nothing does.
    `refusals_an_hour` bounds answers to mails whose signature fails, a claimed sender; `ledger_days` is how long ids
    are remembered; `test` is no production: documents are marked as test messages.
    """

    store: Store
    keys: KeyStore
    revocation: RevocationSource
    ids: Ids
    clock: Clock
    offload: Offload
    pdf: PdfRenderer
    registry: Registry
    hosted: tuple[HerId, ...]
    anchors: tuple[bytes, ...]
    carriers: Mapping[str, Carrier]
    services: ServiceTable
    deviation_schema: etree.XMLSchema
    schemas: Schemas
    software: Software = SAMVIK
    limits: MailLimits = DEFAULT_LIMITS
    scanner: AttachmentScanner | None = None
    refusals_an_hour: int = 10
    ledger_days: int = 400
    test: bool = True

    def owner_of(self, her: HerId | None) -> HerId | None:
        """Return the hosted enterprise that a HER-id belongs to, None where it is not ours."""
        root = self.registry.root(her) if her else None
        return root if root in self.hosted else None

    def signing_certificate(self, her: HerId, receiver: HerId, now: datetime, doing: Doing | None = None) -> bytes:
        """Return the certificate (DER) that a party of ours signs with now. Raises OwnFault where it has none."""
        held = self.registry.certificates_between(her, receiver, Purpose.SIGNING, now, doing)
        return choose_own(held, her, Purpose.SIGNING, self.keys, now)

    def encryption_certificate(self, her: HerId, sender: HerId, now: datetime, doing: Doing | None = None) -> bytes:
        """Return the certificate (DER) that is encrypted to for a party now.

        Raises OwnFault where none is good, Unavailable when its revocation cannot be known.
        """
        held = self.registry.certificates_between(her, sender, Purpose.ENCRYPTION, now, doing)
        return choose_certificate(held, her, Purpose.ENCRYPTION, self.anchors, self.revocation, now)

    def our_encryption_certificates(self, her: HerId) -> list[bytes]:
        """Return every encryption certificate (DER) of a party of ours, older ones too: mail under way may use them."""
        line = [party.her for party in self.registry.line(her)]
        agreed = (each.side(line) for each in self.registry.cpas() if set(line) & set(each.hers))
        in_cpas = [der for side in agreed for der in certificates_of(side, Purpose.ENCRYPTION)]
        return [*(found.der for found in self.registry.certificates(her, Purpose.ENCRYPTION)), *in_cpas]

    def document_party(self, her: HerId) -> DocumentParty:
        """Return a party as a document names it: its enterprise, and itself below where it is not the enterprise."""
        line = self.registry.line(her)
        if not line:
            raise OwnFault(f"HER-id {her} is not in the parties file.")
        top, own = line[-1], line[0]
        kind: Literal["person", "organisation"] = "person" if own.kind is PartyKind.PERSON else "organisation"
        unit = None if own is top else Unit(own.name, own.her, kind)
        return DocumentParty(top.name, top.her, top.organisation_number, unit)
