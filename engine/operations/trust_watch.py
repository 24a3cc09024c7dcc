"""What threatens trust before it fails: certificates that run out, keys that are missing, sources that are silent.

Each is told to operations by a task, once for each threshold, and the task closes by itself when the cause is gone.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, product
from urllib.parse import urlsplit
from uuid import UUID

from cryptography import x509

from engine.agreements.kept_cpas import KeptCpa, certificates_of
from engine.agreements.purpose import Purpose
from engine.case.calendar import oslo_date
from engine.codes.certificate import CertificateCode
from engine.codes.statement import Statement, read_statement
from engine.commit.ports import Ports
from engine.names import OPERATOR, HerId
from engine.records.log import Event, Task
from engine.register.parties import RegisteredCertificate, Registry

THRESHOLDS = (60, 30, 7, 0)
"""Days before a certificate runs out at which operations is told; 0 is when it has."""

TOLD = "certificate told about"
SILENT = "revocation source silent"
MISSING = "key missing"
_CAUSES = frozenset({MISSING, *(f"certificate {days}" for days in THRESHOLDS)})
_TIME_TO_ACT = timedelta(days=1)
_MOST_TASKS = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """An address that revocation lists or answers come from, and why it gave none; '' where it did."""

    url: str
    silent: str = ""


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


def standings(ports: Ports, at: datetime) -> list[Standing]:
    """Return every certificate of the register that is or will be used, and the issuers', soonest end first."""
    found = [each for party in _with_certificates(ports.policy.registry) for each in _of_party(ports, party, at)]
    known = {each.der for each in found}
    found += [
        each for kept in _counting(ports.policy.registry, at) for each in _of_cpa(ports, kept) if each.der not in known
    ]
    found += [_of_anchor(der) for der in ports.policy.anchors]
    return sorted(found, key=lambda each: each.until)


def _with_certificates(registry: Registry) -> Iterator[HerId]:
    return (party.her for party in registry.all() if party.certificates)


def _of_party(ports: Ports, her: HerId, at: datetime) -> Iterator[Standing]:
    party = ports.policy.registry.get(her)
    ours = ports.policy.owner_of(her)
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
            ports.keys.holds(held.der) if ours else None,
            ours or OPERATOR,
        )


def _counting(registry: Registry, at: datetime) -> Iterator[KeptCpa]:
    """Yield the CPAs that count now, or will."""
    return (kept for kept in registry.cpas() if kept.vouches_at(at) or at < kept.cpa.start < kept.ends)


def _of_cpa(ports: Ports, kept: KeptCpa) -> Iterator[Standing]:
    """Yield the certificates of a CPA; where it ends before one of them does, nothing is to be told of that one."""
    for (her, side), purpose in product(zip(kept.hers, kept.cpa.parties, strict=True), Purpose):
        ours = ports.policy.owner_of(her)
        for der in certificates_of(side, purpose):
            parsed = x509.load_der_x509_certificate(der)
            until = parsed.not_valid_after_utc
            key_here = ports.keys.holds(der) if ours else None
            serial, replaced = parsed.serial_number, kept.ends <= until
            name = ports.policy.registry.get(her).name
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


async def look_at_certificates(ports: Ports) -> None:
    """Open a task for each certificate that runs out with none to follow, and for each key of ours that is missing.

    Those of a certificate that is replaced, or gone from the register, close.
    """
    now = ports.clock.now()
    shown = await _shown(ports, _CAUSES)
    due: set[UUID] = set()
    for each in standings(ports, now):
        threshold = None if each.replaced else each.threshold(now)
        if threshold is not None:
            due.add(_subject(each.der))
            await _tell_of_end(ports, each, threshold, now)
        if each.key_here is False and each.until > now:
            due.add(_subject(each.der, MISSING))
            if _subject(each.der, MISSING) not in shown:
                await _open(ports, each.owner, _subject(each.der, MISSING), MISSING, _missing_text(each), now)
    for subject in shown.keys() - due:
        await _close(ports, shown[subject], subject, now)


async def _tell_of_end(ports: Ports, each: Standing, threshold: int, now: datetime) -> None:
    """Tell once that a threshold was passed: a task that a person has closed is not opened again for the same one."""
    subject = _subject(each.der)
    events = [stored.event for stored in await ports.store.timeline(each.owner, subject)]
    if any(event.action == TOLD and event.data.get("threshold") == str(threshold) for event in events):
        return
    async with ports.store.begin() as uow:
        await uow.close_tasks_of(each.owner, subject, now, "told anew")
        task = _task(ports, each.owner, subject, f"certificate {threshold}", _end_text(each, now), now)
        if await uow.open_task(each.owner, task):
            data = {"threshold": str(threshold), "serial": f"{each.serial:x}", "her": each.her}
            await uow.log(each.owner, Event(now, subject, TOLD, "motor", data))


async def look_at_sources(ports: Ports, sources: Sequence[Source]) -> None:
    """Open a task for each source of revocation that is silent, and close those of the others."""
    now = ports.clock.now()
    shown = await _shown(ports, {SILENT}) if sources else {}
    for source in sources:
        subject = _subject(source.url.encode(), SILENT)
        if source.silent and subject not in shown:
            await _open(ports, OPERATOR, subject, SILENT, _silent_text(source), now)
        elif not source.silent and subject in shown:
            await _close(ports, OPERATOR, subject, now)


async def _shown(ports: Ports, causes: Set[str]) -> dict[UUID, HerId]:
    """Return what operations has open tasks about for these causes, with the owner."""
    owners = (*ports.policy.hosted, OPERATOR)
    tasks = [task for owner in owners for task in await ports.store.list_tasks(owner, most=_MOST_TASKS)]
    return {task.subject: task.owner for task in tasks if task.cause in causes}


def certificates_to_ask_about(registry: Registry, at: datetime) -> Iterable[bytes]:
    """Return the certificates (DER) of the register and its CPAs whose revocation must be known now."""
    registered = (each.der for party in registry.all() for each in party.certificates if each.holds_at(at))
    sides = [side for kept in _counting(registry, at) for side in kept.cpa.parties]
    agreed = (der for side, purpose in product(sides, Purpose) for der in certificates_of(side, purpose))
    return dict.fromkeys(chain(registered, agreed))


async def _open(ports: Ports, owner: HerId, subject: UUID, cause: str, text: str, now: datetime) -> None:
    async with ports.store.begin() as uow:
        await uow.open_task(owner, _task(ports, owner, subject, cause, text, now))


async def _close(ports: Ports, owner: HerId, subject: UUID, now: datetime) -> None:
    async with ports.store.begin() as uow:
        await uow.close_tasks_of(owner, subject, now, "the cause is gone")


def _task(ports: Ports, owner: HerId, subject: UUID, cause: str, text: str, now: datetime) -> Task:
    return Task(ports.ids.new(), owner, subject, cause, text, "drift", now, now + _TIME_TO_ACT)


def _subject(data: bytes, kind: str = "") -> UUID:
    """Return the same id for the same certificate or address, on every node."""
    return UUID(bytes=hashlib.sha256(kind.encode() + data).digest()[:16], version=5)


_PURPOSE = {Purpose.SIGNING: "Signeringssertifikatet", Purpose.ENCRYPTION: "Krypteringssertifikatet"}


def _named(each: Standing) -> str:
    if each.purpose is None:
        return f"Sertifikatet til utstederen {each.name} (serienummer {each.serial:x})"
    return f"{_PURPOSE[each.purpose]} til {each.name} (HER-id {each.her}, serienummer {each.serial:x})"


def _end_text(each: Standing, now: datetime) -> str:
    day = oslo_date(each.until)
    what = f"{_named(each)} {'gikk' if each.until <= now else 'går'} ut {day.day}.{day.month}.{day.year}."
    if each.purpose is None:
        return f"{what} Legg utstederens nye sertifikat i keys.anchors."
    if each.owner == OPERATOR:
        return f"{what} Be parten om det nye, og importer det med samvik parties import."
    return f"{what} Bestill et nytt, legg nøkkelen i keys.directory, og før det opp i partsfilen før det gamle går ut."


def _missing_text(each: Standing) -> str:
    return f"Nøkkelen mangler. {_named(each)} er vårt, men nøkkelen er verken i keys.directory eller i tokenet."


def _silent_text(source: Source) -> str:
    host = urlsplit(source.url).hostname or "-"
    why = read_statement(source.silent) or source.silent
    return str(Statement.of(CertificateCode.SOURCE_SILENT, host=host, why=why))
