"""Checks what a CPA says by itself: whether it can be used, and what should be asked about (transport.md E).

engine.trust.cpa_adding asks this and what the register knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from engine.agreements.cpa import Cpa, CpaParty
from engine.agreements.kept_cpas import SMTP, address_of
from engine.codes.agreement import AgreementCode
from engine.codes.statement import Statement
from engine.errors import Severity

SOON = timedelta(days=60)
"""How long before its end a certificate gets a warning."""


@dataclass(frozen=True, slots=True)
class CpaFinding:
    """One thing about an agreement. An Error keeps it from being used at that time."""

    severity: Severity
    place: str
    said: Statement

    @property
    def with_place(self) -> Statement:
        """Return what there is to say, and where."""
        return Statement.of(AgreementCode.WRONG_AT, place=self.place, what=self.said)


def check_cpa(cpa: Cpa, at: datetime) -> list[CpaFinding]:
    """Return what there is to say about an agreement that is to be used from `at` on, or from its Start."""
    begins = max(at, cpa.start)
    parties = (each for party in cpa.parties for each in _party(party, begins))
    return [*_dates(cpa, at), *_itself(cpa), *parties, *_answered(cpa)]


def usable(findings: list[CpaFinding]) -> bool:
    """Say whether nothing keeps an agreement from being used."""
    return all(each.severity is not Severity.ERROR for each in findings)


def _dates(cpa: Cpa, at: datetime) -> Iterator[CpaFinding]:
    if cpa.end <= cpa.start:
        yield error("End", AgreementCode.ENDS_BEFORE_START)
    elif at < cpa.start:
        yield warning("Start", AgreementCode.NOT_YET, start=cpa.start)
    elif at >= cpa.end:
        yield error("End", AgreementCode.ENDED, end=cpa.end)


def error(place: str, said: AgreementCode, **params: object) -> CpaFinding:
    """Return what keeps an agreement from being used."""
    return CpaFinding(Severity.ERROR, place, Statement.of(said, **params))


def warning(place: str, said: AgreementCode, **params: object) -> CpaFinding:
    """Return what should be asked about."""
    return CpaFinding(Severity.WARNING, place, Statement.of(said, **params))


def place_of(party: CpaParty) -> str:
    """Return where a party stands in the file."""
    return f"PartyInfo {party.her or '-'}"


def _itself(cpa: Cpa) -> Iterator[CpaFinding]:
    first, second = cpa.parties
    if first.her is not None and first.her == second.her:
        yield error(place_of(first), AgreementCode.WITH_ITSELF, id=cpa.id)


def _party(party: CpaParty, at: datetime) -> Iterator[CpaFinding]:
    place, named = place_of(party), {value for kind, value in party.ids if kind == "HER"}
    if len(named) > 1:
        yield error(place, AgreementCode.SEVERAL_HER_IDS, number=len(named))
    elif party.her is None:
        yield error(place, AgreementCode.NO_HER_ID)
    if any(channel.protocol == SMTP and channel.endpoints for channel in party.channels):
        if not address_of(party):
            yield error(place, AgreementCode.NO_MAIL_ADDRESS)
    else:
        others = ", ".join(sorted({channel.protocol for channel in party.channels})) or "-"
        yield error(place, AgreementCode.NO_SMTP, others=others[:64])
    yield from _references(party, place)
    for id, der in party.certificates.items():
        yield from _certificate(id, der, place, at)


def _references(party: CpaParty, place: str) -> Iterator[CpaFinding]:
    named = {binding.encryption for binding in party.bindings} | {channel.signing for channel in party.channels}
    for id in sorted(named - {""} - set(party.certificates)):
        yield error(place, AgreementCode.NO_CERTIFICATE, name=id[:64])
    channels = {channel.id for channel in party.channels}
    for id in sorted({binding.channel for binding in party.bindings} - channels):
        yield warning(place, AgreementCode.NO_CHANNEL, name=id[:64])


def _certificate(id: str, der: bytes, place: str, at: datetime) -> Iterator[CpaFinding]:
    certificate = x509.load_der_x509_certificate(der)
    name, serial = id[:64], f"{certificate.serial_number:x}"
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= at < end:
        yield warning(place, AgreementCode.CERTIFICATE_DATES, name=name, serial=serial, start=start, end=end)
    elif end - at < SOON:
        yield warning(place, AgreementCode.CERTIFICATE_ENDS, name=name, serial=serial, end=end)


def _answered(cpa: Cpa) -> Iterator[CpaFinding]:
    """Yield each Action that one party sends and the other does not receive, which is worth a question."""
    first, second = cpa.parties
    for sender, receiver in ((first, second), (second, first)):
        taken = {(each.service, each.action) for each in receiver.bindings if not each.sends}
        for service, action in sorted({(each.service, each.action) for each in sender.bindings if each.sends} - taken):
            yield warning(place_of(sender), AgreementCode.NOT_RECEIVED, action=action[:64], service=service[:64])
