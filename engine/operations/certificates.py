"""How the certificates of the register, of its CPAs and of the issuers stand at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, product

from cryptography import x509

from engine.agreements.kept_cpas import KeptCpa, certificates_of
from engine.agreements.purpose import Purpose
from engine.names import OPERATOR, HerId
from engine.register.parties import RegisteredCertificate, Registry
from engine.trust.known import Known

THRESHOLDS = (60, 30, 7, 0)
"""Days before a certificate runs out at which operations is told; 0 is when it has."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a certificate of the register stands at a time. `her` is '' for an issuer of keys.anchors.

    `until` is the earlier of its own end and the register's; `replaced` says that another takes over before that.
    `key_here` is None where the key is the partner's.
    """

    her: HerId
    name: str
    purpose: Purpose | None
    der: bytes
    serial: int
    starts: datetime
    until: datetime
    replaced: bool
    key_here: bool | None
    owner: HerId

    def threshold(self, at: datetime) -> int | None:
        """Return the last threshold that has been passed, in days, None where there is time enough."""
        left = self.until - at
        return next((days for days in sorted(THRESHOLDS) if left <= timedelta(days=days)), None)


def standings(known: Known, at: datetime) -> list[Standing]:
    """Return every certificate of the register that is or will be used, and the issuers', soonest end first."""
    found = [each for party in _with_certificates(known.registry) for each in _of_party(known, party, at)]
    there = {each.der for each in found}
    found += [each for kept in _counting(known.registry, at) for each in _of_cpa(known, kept) if each.der not in there]
    found += [_of_anchor(der) for der in known.anchors]
    return sorted(found, key=lambda each: each.until)


def _with_certificates(registry: Registry) -> Iterator[HerId]:
    return (party.her for party in registry.all() if party.certificates)


def _of_party(known: Known, her: HerId, at: datetime) -> Iterator[Standing]:
    party = known.registry.get(her)
    ours = known.owner_of(her)
    for held in party.certificates:
        if held.valid_to < at - timedelta(days=max(THRESHOLDS)):
            continue
        parsed = x509.load_der_x509_certificate(held.der)
        yield Standing(
            her,
            party.name,
            held.purpose,
            held.der,
            parsed.serial_number,
            held.valid_from,
            _end(held),
            any(_takes_over(other, held) for other in party.certificates),
            known.holds_key(held.der) if ours else None,
            ours or OPERATOR,
        )


def _counting(registry: Registry, at: datetime) -> Iterator[KeptCpa]:
    """Yield the CPAs that count now, or will."""
    return (kept for kept in registry.cpas() if kept.vouches_at(at) or at < kept.cpa.start < kept.ends)


def _of_cpa(known: Known, kept: KeptCpa) -> Iterator[Standing]:
    """Yield the certificates of a CPA; where it ends before one of them does, nothing is to be told of that one."""
    for (her, side), purpose in product(zip(kept.hers, kept.cpa.parties, strict=True), Purpose):
        ours = known.owner_of(her)
        for der in certificates_of(side, purpose):
            parsed = x509.load_der_x509_certificate(der)
            until = parsed.not_valid_after_utc
            key_here = known.holds_key(der) if ours else None
            serial, replaced = parsed.serial_number, kept.ends <= until
            name = known.registry.get(her).name
            yield Standing(her, name, purpose, der, serial, kept.cpa.start, until, replaced, key_here, ours or OPERATOR)


def _of_anchor(der: bytes) -> Standing:
    parsed = x509.load_der_x509_certificate(der)
    name = parsed.subject.rfc4514_string()
    starts, until = parsed.not_valid_before_utc, parsed.not_valid_after_utc
    return Standing(HerId(""), name, None, der, parsed.serial_number, starts, until, False, None, OPERATOR)


def _end(held: RegisteredCertificate) -> datetime:
    return min(held.valid_to, x509.load_der_x509_certificate(held.der).not_valid_after_utc)


def _takes_over(other: RegisteredCertificate, held: RegisteredCertificate) -> bool:
    """Say whether another certificate of the same purpose is there when one ends, and lasts longer."""
    return other.purpose is held.purpose and other.valid_from <= _end(held) < _end(other)


def certificates_to_ask_about(registry: Registry, at: datetime) -> Iterable[bytes]:
    """Return the certificates (DER) of the register and its CPAs whose revocation must be known now."""
    registered = (each.der for party in registry.all() for each in party.certificates if each.holds_at(at))
    sides = [side for kept in _counting(registry, at) for side in kept.cpa.parties]
    agreed = (der for side, purpose in product(sides, Purpose) for der in certificates_of(side, purpose))
    return dict.fromkeys(chain(registered, agreed))
