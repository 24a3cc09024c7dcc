"""What threatens trust before it fails: certificates that run out, keys missing or left out, sources that are silent.

Each is told to operations by a task, once for each threshold, and the task closes by itself when the cause is gone.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from engine.agreements.purpose import Purpose
from engine.case.calendar import oslo_date
from engine.codes.operations import OperationsCode
from engine.codes.statement import Statement, read_statement
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.move import NewTask
from engine.commit.ports import Ports
from engine.files.name import shown_name
from engine.names import OPERATOR, HerId
from engine.operations.certificates import Standing, standings
from engine.records.log import Action, TaskCause
from engine.states.role import Role


class CertificateCause(StrEnum):
    """Why operations is warned of a certificate: the threshold that has been passed, in days."""

    SIXTY = "certificate 60"
    THIRTY = "certificate 30"
    SEVEN = "certificate 7"
    ENDED = "certificate 0"


_CAUSES = frozenset[StrEnum]({TaskCause.KEY_MISSING, TaskCause.KEY_LEFT_OUT, *CertificateCause})
_TIME_TO_ACT = timedelta(days=1)
_MOST_TASKS = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """An address that revocation lists or answers come from, and why it gave none; '' where it did."""

    url: str
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """A task about something that threatens trust. `threshold` is in days, None where it is no certificate's end."""

    owner: HerId
    subject: UUID
    task: NewTask
    threshold: int | None = None
    serial: int = 0
    her_id: str = ""


def warnings_of(found: Sequence[Standing], now: datetime) -> list[Warned]:
    """Return what operations must know: certificates that run out with none to follow, and keys that are missing."""
    return [warned for each in found for warned in _warnings(each, now)]


def _warnings(each: Standing, now: datetime) -> Iterator[Warned]:
    threshold = None if each.replaced else each.threshold(now)
    if threshold is not None:
        task = NewTask(CertificateCause(f"certificate {threshold}"), _end_of(each, now), Role.DRIFT, now + _TIME_TO_ACT)
        yield Warned(each.owner, subject_of(each.der), task, threshold, each.serial, each.her)
    if each.key_here is False and each.until > now:
        said = Statement.of(OperationsCode.KEY_MISSING, certificate=_certificate(each))
        task = NewTask(TaskCause.KEY_MISSING, said, Role.DRIFT, now + _TIME_TO_ACT)
        yield Warned(each.owner, subject_of(each.der, TaskCause.KEY_MISSING), task)


def over(shown: Mapping[UUID, HerId], warned: Iterable[Warned]) -> list[tuple[HerId, UUID]]:
    """Return the owners and subjects of open tasks whose cause is gone."""
    due = {each.subject for each in warned}
    return [(owner, subject) for subject, owner in shown.items() if subject not in due]


def key_warnings(names: Iterable[str], now: datetime) -> Iterator[Warned]:
    """Yield a task for each file that lies with our keys, looks like one, and is not read."""
    for name in names:
        said = Statement.of(OperationsCode.KEY_LEFT_OUT, name=shown_name(name))
        subject = subject_of(name.encode("utf-8", "surrogatepass"), TaskCause.KEY_LEFT_OUT)
        yield Warned(OPERATOR, subject, NewTask(TaskCause.KEY_LEFT_OUT, said, Role.DRIFT, now + _TIME_TO_ACT))


def source_warning(source: Source, now: datetime) -> Warned:
    """Return the task about a source of revocation that is silent."""
    host = urlsplit(source.url).hostname or "?"
    said = Statement.of(OperationsCode.SOURCE_SILENT, host=host, why=read_statement(source.silent) or source.silent)
    task = NewTask(TaskCause.SOURCE_SILENT, said, Role.DRIFT, now + _TIME_TO_ACT)
    return Warned(OPERATOR, _subject_of_source(source), task)


async def look_at_certificates(ports: Ports) -> None:
    """Open a task for each certificate that runs out with none to follow, and each key of ours missing or not read.

    Those of a certificate that is replaced, or gone from the register, close.
    """
    now = ports.clock.now()
    shown = await _shown(ports, _CAUSES)
    warned = [*warnings_of(standings(ports.known, now), now), *key_warnings(ports.keys.left_out(), now)]
    for each in warned:
        if each.threshold is not None:
            await _warn_of_end(ports, each, now)
        elif each.subject not in shown:
            await _open(ports, each, now)
    for owner, subject in over(shown, warned):
        await _close(ports, owner, subject, now)


async def _warn_of_end(ports: Ports, warned: Warned, now: datetime) -> None:
    """Warn once of each threshold: a task that a person has closed is not opened again for the same one."""
    owner, subject, threshold = warned.owner, warned.subject, str(warned.threshold)
    events = [stored.event for stored in await ports.store.timeline(owner, subject)]
    if any(event.action == Action.CERTIFICATE_WARNED and event.data.get("threshold") == threshold for event in events):
        return
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, now, ENGINE)
        await uow.close_tasks_of(owner, subject, now, str(Statement.of(OperationsCode.TOLD_ANEW)))
        if await commit.open_task(owner, subject, warned.task):
            data = {"threshold": threshold, "serial": f"{warned.serial:x}", "her": warned.her_id}
            await commit.log(owner, subject, Action.CERTIFICATE_WARNED, data)


async def look_at_sources(ports: Ports, sources: Sequence[Source]) -> None:
    """Open a task for each source of revocation that is silent, and close those of the others."""
    now = ports.clock.now()
    shown = await _shown(ports, {TaskCause.SOURCE_SILENT}) if sources else {}
    for source in sources:
        subject = _subject_of_source(source)
        if source.silent and subject not in shown:
            await _open(ports, source_warning(source, now), now)
        elif not source.silent and subject in shown:
            await _close(ports, OPERATOR, subject, now)


async def _shown(ports: Ports, causes: Set[str]) -> dict[UUID, HerId]:
    """Return what operations has open tasks about for these causes, with the owner."""
    owners = (*ports.policy.hosted, OPERATOR)
    tasks = [task for owner in owners for task in await ports.store.list_tasks(owner, most=_MOST_TASKS)]
    return {task.subject: task.owner for task in tasks if task.cause in causes}


async def _open(ports: Ports, warned: Warned, now: datetime) -> None:
    async with ports.store.begin() as uow:
        await Commit(uow, ports, now, ENGINE).open_task(warned.owner, warned.subject, warned.task)


async def _close(ports: Ports, owner: HerId, subject: UUID, now: datetime) -> None:
    async with ports.store.begin() as uow:
        await uow.close_tasks_of(owner, subject, now, str(Statement.of(OperationsCode.CAUSE_GONE)))


def subject_of(data: bytes, kind: str = "") -> UUID:
    """Return the same id for the same certificate or address, on every node."""
    return UUID(bytes=hashlib.sha256(kind.encode() + data).digest()[:16], version=5)


def _subject_of_source(source: Source) -> UUID:
    return subject_of(source.url.encode(), TaskCause.SOURCE_SILENT)


_PURPOSE = {
    Purpose.SIGNING: OperationsCode.SIGNING_CERTIFICATE,
    Purpose.ENCRYPTION: OperationsCode.ENCRYPTION_CERTIFICATE,
}


def _certificate(each: Standing) -> Statement:
    serial = f"{each.serial:x}"
    if each.purpose is None:
        return Statement.of(OperationsCode.ISSUER_CERTIFICATE, name=each.name, serial=serial)
    return Statement.of(_PURPOSE[each.purpose], name=each.name, her_id=each.her, serial=serial)


def _end_of(each: Standing, now: datetime) -> Statement:
    """Return that a certificate runs out, or has run out, and what to do about it."""
    code = OperationsCode.CERTIFICATE_ENDED if each.until <= now else OperationsCode.CERTIFICATE_ENDS
    remedy = OperationsCode.RENEW_OURS
    if each.purpose is None:
        remedy = OperationsCode.RENEW_ISSUER
    elif each.owner == OPERATOR:
        remedy = OperationsCode.ASK_PARTNER
    day = oslo_date(each.until)
    return Statement.of(code, certificate=_certificate(each), day=day, remedy=Statement.of(remedy))
