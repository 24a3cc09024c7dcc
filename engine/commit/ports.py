"""What acts for a use case: the store, keys, clock and the rest, together with the policy that it follows."""

from dataclasses import dataclass
from datetime import datetime

from engine.agreements.kept_cpas import Doing
from engine.agreements.purpose import Purpose
from engine.commit.policy import Policy
from engine.names import HerId
from engine.ports import (
    AttachmentScanner,
    Clock,
    FreshBytes,
    Ids,
    KeyStore,
    Offload,
    PdfRenderer,
    RevocationSource,
    Store,
)
from engine.trust.known import Known
from engine.trust.speakers import choose_certificate, choose_own


@dataclass(frozen=True, slots=True)
class Ports:
    """What a use case acts through. A node has one until its register, keys or settings change.

    Pure decisions never see it: they take `policy`. `scanner` looks for viruses in files; None where nothing does.
    `fresh` holds bytes that this process has just stored; None where they are read from the store each time.
    """

    store: Store
    keys: KeyStore
    revocation: RevocationSource
    ids: Ids
    clock: Clock
    offload: Offload
    pdf: PdfRenderer
    policy: Policy
    scanner: AttachmentScanner | None = None
    fresh: FreshBytes | None = None

    @property
    def known(self) -> Known:
        """Return what certificates and agreements are judged by."""
        return Known(self.policy.registry, self.policy.hosted, self.policy.anchors, self.keys.holds)

    def signing_certificate(self, her: HerId, receiver: HerId, now: datetime, doing: Doing | None = None) -> bytes:
        """Return the certificate (DER) that a party of ours signs with now. Raises OwnFault where it has none."""
        held = self.policy.registry.certificates_between(her, receiver, Purpose.SIGNING, now, doing)
        return choose_own(held, her, Purpose.SIGNING, self.keys, now)

    def encryption_certificate(self, her: HerId, sender: HerId, now: datetime, doing: Doing | None = None) -> bytes:
        """Return the certificate (DER) that is encrypted to for a party now.

        Raises OwnFault where none is good, Unavailable when its revocation cannot be known.
        """
        held = self.policy.registry.certificates_between(her, sender, Purpose.ENCRYPTION, now, doing)
        return choose_certificate(held, her, Purpose.ENCRYPTION, self.policy.anchors, self.revocation, now)
