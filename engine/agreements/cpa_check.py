"""What is to be said about a CPA before it is used: can it be, and what should be asked about (transport.md E)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from engine.agreements.cpa import Cpa, CpaParty
from engine.errors import Severity

SOON = timedelta(days=60)
"""How long before its end a certificate is worth a word."""


@dataclass(frozen=True, slots=True)
class CpaFinding:
    """One thing about an agreement. An Error keeps it from being used at that time."""

    severity: Severity
    place: str
    text: str


def check_cpa(cpa: Cpa, at: datetime) -> list[CpaFinding]:
    """Return what there is to say about an agreement at a time, the gravest first."""
    found = [*_dates(cpa, at), *(each for party in cpa.parties for each in _party(party, at)), *_answered(cpa)]
    return sorted(found, key=lambda each: each.severity is not Severity.ERROR)


def usable(findings: list[CpaFinding]) -> bool:
    """Say whether nothing keeps an agreement from being used."""
    return all(each.severity is not Severity.ERROR for each in findings)


def _dates(cpa: Cpa, at: datetime) -> Iterator[CpaFinding]:
    if cpa.end <= cpa.start:
        yield CpaFinding(Severity.ERROR, "End", "The agreement ends before it begins.")
    elif at < cpa.start:
        yield CpaFinding(Severity.ERROR, "Start", f"The agreement is valid from {cpa.start:%Y-%m-%d %H:%M} UTC.")
    elif at >= cpa.end:
        text = f"The agreement ended {cpa.end:%Y-%m-%d %H:%M} UTC; it only counts for messages from before."
        yield CpaFinding(Severity.ERROR, "End", text)


def _party(party: CpaParty, at: datetime) -> Iterator[CpaFinding]:
    place = f"PartyInfo {party.her or 'without HER-id'}"
    if party.her is None:
        yield CpaFinding(Severity.ERROR, place, "The party has no HER-id.")
    if not any(channel.protocol == "SMTP" and channel.endpoints for channel in party.channels):
        others = ", ".join(sorted({channel.protocol for channel in party.channels})) or "no channel"
        yield CpaFinding(Severity.ERROR, place, f"The party has no endpoint for SMTP, only {others[:64]}.")
    yield from _references(party, place)
    for id, der in party.certificates.items():
        yield from _certificate(id, der, place, at)


def _references(party: CpaParty, place: str) -> Iterator[CpaFinding]:
    named = {binding.encryption for binding in party.bindings} | {channel.signing for channel in party.channels}
    for id in sorted(named - {""} - set(party.certificates)):
        yield CpaFinding(Severity.ERROR, place, f"Certificate {id[:64]} is named but not in the agreement.")
    channels = {channel.id for channel in party.channels}
    for id in sorted({binding.channel for binding in party.bindings} - channels):
        yield CpaFinding(Severity.WARNING, place, f"Channel {id[:64]} is named but not in the agreement.")


def _certificate(id: str, der: bytes, place: str, at: datetime) -> Iterator[CpaFinding]:
    certificate = x509.load_der_x509_certificate(der)
    name = f"Certificate {id[:64]} (serial {certificate.serial_number:x})"
    if not certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc:
        text = f"{name} is valid from {certificate.not_valid_before_utc:%Y-%m-%d} to "
        yield CpaFinding(Severity.WARNING, place, f"{text}{certificate.not_valid_after_utc:%Y-%m-%d}.")
    elif certificate.not_valid_after_utc - at < SOON:
        yield CpaFinding(Severity.WARNING, place, f"{name} ends {certificate.not_valid_after_utc:%Y-%m-%d}.")


def _answered(cpa: Cpa) -> Iterator[CpaFinding]:
    """What one party sends, the other should receive; a file where it does not is worth asking about."""
    first, second = cpa.parties
    for sender, receiver in ((first, second), (second, first)):
        taken = {(each.service, each.action) for each in receiver.bindings if not each.sends}
        for service, action in sorted({(each.service, each.action) for each in sender.bindings if each.sends} - taken):
            text = f"{action[:64]} of {service[:64]} is sent, but the other party does not receive it."
            yield CpaFinding(Severity.WARNING, f"PartyInfo {sender.her or ''}", text)
