"""What must be true before a node starts and while it runs: each fact that was gathered, judged by one table.

Adapters gather the facts (adapters.checking) and put the judgements into words. A node starts with a FAULT: something
does not work, and mail waits. It refuses to start with a STOP: mail would be lost, doubled, decided on at the wrong
time, or seen by others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from engine.codes.premise import PremiseCode
from engine.codes.statement import Statement
from engine.operations.certificates import Standing

OLDEST_SERVER = 130_000
"""The oldest PostgreSQL that has all that our statements use, as server_version_num."""

MOST_CLOCK_DIFFERENCE = timedelta(minutes=1)
NOTED_CLOCK_DIFFERENCE = timedelta(seconds=5)
LEAST_CONNECTIONS = 12
"""What a node with its commands may need."""

LEAST_FREE_BYTES = 200_000_000
NOTED_FREE_BYTES = 2_000_000_000
_OTHERS = 0o007
SOON_DAYS = 30


class Topic(StrEnum):
    """What a premise is about, in the order that they are told."""

    SETTINGS = "settings"
    DATABASE = "database"
    SCHEMA = "schema"
    CLOCK = "clock"
    RING = "ring"
    REGISTER = "register"
    KEYS = "keys"
    CERTIFICATES = "certificates"
    REVOCATION = "revocation"
    RELAY = "relay"
    MAILBOX = "mailbox"
    SCANNER = "scanner"
    FOLDERS = "folders"
    PORTS = "ports"
    DISK = "disk"


class Weight(StrEnum):
    """How much it matters."""

    HOLDS = "holds"
    NOTE = "note"
    FAULT = "fault"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Premise:
    """One premise as it was found."""

    topic: Topic
    weight: Weight
    said: Statement


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What a database says of itself and of us. Times in milliseconds are 0 for none. `free` are connections."""

    name: str
    encoding: str
    version: int
    pooled: bool
    read_only: bool
    standby: bool
    durable: bool
    idle_session_ms: int
    may_create: bool
    superuser: bool
    free: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the settings: `error` says why it cannot be read and written, `mode` is None where it is missing."""

    setting: str
    path: str
    mode: int | None
    error: str = ""
    secret: bool = True


def of_database(facts: DatabaseFacts, *, production: bool) -> list[Premise]:
    """Judge a database that lets us in."""
    durable_matters = Weight.STOP if production else Weight.NOTE
    table: tuple[tuple[bool, Weight, PremiseCode, dict[str, object]], ...] = (
        (facts.encoding != "UTF8", Weight.STOP, PremiseCode.ENCODING, {"name": facts.name, "encoding": facts.encoding}),
        (facts.version < OLDEST_SERVER, Weight.STOP, PremiseCode.VERSION, {"version": facts.version // 10_000}),
        (facts.pooled, Weight.STOP, PremiseCode.POOLER, {}),
        (facts.standby, Weight.STOP, PremiseCode.STANDBY, {"name": facts.name}),
        (facts.read_only and not facts.standby, Weight.STOP, PremiseCode.READ_ONLY, {"name": facts.name}),
        (not facts.durable, durable_matters, PremiseCode.NOT_DURABLE, {}),
        (not facts.may_create, Weight.STOP, PremiseCode.MAY_NOT_CREATE, {"name": facts.name}),
        (facts.idle_session_ms > 0, Weight.NOTE, PremiseCode.TIMEOUT, {"setting": "idle_session_timeout"}),
        (facts.superuser and production, Weight.NOTE, PremiseCode.SUPERUSER, {}),
        (facts.free < LEAST_CONNECTIONS, Weight.NOTE, PremiseCode.FEW_CONNECTIONS, {"number": facts.free}),
    )
    said = [
        Premise(Topic.DATABASE, weight, Statement.of(code, **about)) for holds, weight, code, about in table if holds
    ]
    version = f"{facts.version // 10_000}.{facts.version % 10_000}"
    return said or [holds(Topic.DATABASE, PremiseCode.DATABASE, name=facts.name, version=version)]


def of_clock(difference: timedelta) -> Premise:
    """Judge how far this machine's clock is ahead of the database's."""
    seconds = round(difference.total_seconds(), 1)
    if abs(difference) > MOST_CLOCK_DIFFERENCE:
        return Premise(Topic.CLOCK, Weight.STOP, Statement.of(PremiseCode.CLOCK_OFF, seconds=seconds))
    if abs(difference) > NOTED_CLOCK_DIFFERENCE:
        return Premise(Topic.CLOCK, Weight.NOTE, Statement.of(PremiseCode.CLOCK_DRIFTS, seconds=seconds))
    return holds(Topic.CLOCK, PremiseCode.CLOCK, seconds=seconds)


def of_certificates(standings: Sequence[Standing], at: datetime) -> Iterator[Premise]:
    """Judge our keys, and every certificate of the register and of the issuers."""
    ours = [each for each in standings if each.key_here is not None and each.starts <= at < each.until]
    lacking = [each for each in ours if not each.key_here]
    for each in lacking:
        about = {"her_id": each.her, "purpose": each.purpose or "", "serial": f"{each.serial:x}"}
        yield Premise(Topic.KEYS, Weight.FAULT, Statement.of(PremiseCode.NO_KEY, **about))
    if not lacking:
        yield holds(Topic.KEYS, PremiseCode.KEYS, number=len(ours))
    ending = [each for each in standings if not each.replaced and each.until - at <= timedelta(days=SOON_DAYS)]
    for each in ending:
        weight, code = (Weight.FAULT, PremiseCode.RAN_OUT) if each.until <= at else (Weight.NOTE, PremiseCode.RUNS_OUT)
        about = {"name": each.name, "her_id": each.her, "serial": f"{each.serial:x}"}
        yield Premise(Topic.CERTIFICATES, weight, Statement.of(code, **about, day=each.until))
    if not ending:
        yield holds(Topic.CERTIFICATES, PremiseCode.CERTIFICATES, number=len(standings), days=SOON_DAYS)


def of_sources(silent: Iterable[tuple[str, str]], number: int) -> Iterator[Premise]:
    """Judge the sources of revocation lists and answers: `silent` are hosts with the reason."""
    told = list(silent)
    for host, reason in told:
        yield Premise(Topic.REVOCATION, Weight.FAULT, Statement.of(PremiseCode.SOURCE_SILENT, host=host, reason=reason))
    if not told:
        yield holds(Topic.REVOCATION, PremiseCode.SOURCES, number=number)


def of_neighbour(topic: Topic, setting: str, place: str, error: str) -> Premise:
    """Judge a server that was called: `error` is why it cannot be used, '' where it can."""
    if error:
        return Premise(
            topic, Weight.FAULT, Statement.of(PremiseCode.NOT_REACHED, setting=setting, place=place, error=error)
        )
    return holds(topic, PremiseCode.REACHED, setting=setting, place=place)


def of_password_in_clear(topic: Topic, setting: str, place: str, *, production: bool) -> Premise:
    """Judge a log-in without TLS at a server that is not this machine."""
    weight = Weight.STOP if production else Weight.NOTE
    return Premise(topic, weight, Statement.of(PremiseCode.CLEAR_PASSWORD, setting=setting, place=place))


def of_folder(folder: Folder, *, production: bool) -> Premise:
    """Judge a folder of the settings: it must be ours to use, and what is in it nobody else's to read."""
    about = {"setting": folder.setting, "path": folder.path}
    if folder.error:
        return Premise(
            Topic.FOLDERS, Weight.STOP, Statement.of(PremiseCode.FOLDER_NOT_USED, **about, error=folder.error)
        )
    if folder.mode is None:
        return Premise(Topic.FOLDERS, Weight.NOTE, Statement.of(PremiseCode.FOLDER_MISSING, **about))
    if folder.secret and folder.mode & _OTHERS:
        weight = Weight.STOP if production else Weight.NOTE
        return Premise(Topic.FOLDERS, weight, Statement.of(PremiseCode.FOLDER_OPEN, **about, mode=f"{folder.mode:04o}"))
    return holds(Topic.FOLDERS, PremiseCode.FOLDER, **about)


def of_disk(path: str, free: int) -> Premise:
    """Judge the room on the disk of a folder, in bytes."""
    if free >= NOTED_FREE_BYTES:
        return holds(Topic.DISK, PremiseCode.DISK, path=path, free=free)
    weight = Weight.FAULT if free < LEAST_FREE_BYTES else Weight.NOTE
    return Premise(Topic.DISK, weight, Statement.of(PremiseCode.DISK_FULL, path=path, free=free))


def of_port(section: str, host: str, port: int, *, taken: bool) -> Premise:
    """Judge a port that we listen on: where somebody listens there already, that may be a node of ours."""
    about = {"section": section, "host": host, "port": port}
    if taken:
        return Premise(Topic.PORTS, Weight.NOTE, Statement.of(PremiseCode.PORT_TAKEN, **about))
    return holds(Topic.PORTS, PremiseCode.PORT_FREE, **about)


def holds(topic: Topic, code: PremiseCode, **about: object) -> Premise:
    """Return a premise that holds."""
    return Premise(topic, Weight.HOLDS, Statement.of(code, **about))


def broken(topic: Topic, said: Statement, weight: Weight = Weight.STOP) -> Premise:
    """Return a premise that an error has told of."""
    return Premise(topic, weight, said)


def stops(premises: Iterable[Premise]) -> list[Statement]:
    """Return why a node must not start, nothing where it may."""
    return [each.said for each in premises if each.weight is Weight.STOP]
