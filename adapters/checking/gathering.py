"""Everything that `samvik check` tells, in order; and what `samvik run` must know before it starts."""

import tempfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from adapters.checking.database import facts_of
from adapters.checking.neighbours import neighbours, passwords_in_clear
from adapters.checking.places import folders_of, free_bytes, is_taken, ports_of
from adapters.machine.clocks import SystemClock
from adapters.settings import Environment, Settings
from adapters.store.migrate import schema_standing
from adapters.store.postgres import PostgresStore
from adapters.wiring.desk import current_registry
from adapters.wiring.opening import store_under_ring
from engine.codes.database import DatabaseCode
from engine.codes.premise import PremiseCode
from engine.codes.start import StartCode
from engine.codes.statement import Statement
from engine.errors import OwnFault, SamvikError
from engine.operations.certificates import certificates_to_ask_about, standings
from engine.operations.premises import (
    Premise,
    Topic,
    Weight,
    broken,
    holds,
    of_certificates,
    of_clock,
    of_database,
    of_disk,
    of_folder,
    of_port,
    of_sources,
    stops,
)
from engine.ports import Clock


async def premises(settings: Settings, url: str) -> AsyncIterator[Premise]:
    """Yield every premise, as it is looked at. Changes nothing, and raises nothing of its own."""
    for each in await _of_base(settings, url, SystemClock()):
        yield each
    for each in await _of_content(settings, url):
        yield each
    async for each in neighbours(settings):
        yield each
    for each in _of_machine(settings):
        yield each


async def refuse_to_start(settings: Settings, url: str, clock: Clock | None = None) -> None:
    """Raise OwnFault where a node of these settings would lose mail, let it be seen, or decide at the wrong time.

    What only makes mail wait, such as a relay that does not answer, is no reason. Calls nobody but the database.
    """
    found = [*await _of_base(settings, url, clock or SystemClock()), *_of_folders(settings), *_in_clear(settings)]
    reasons = stops(found)
    if reasons:
        raise OwnFault(PremiseCode.REFUSES, what=reasons)


async def _of_base(settings: Settings, url: str, clock: Clock) -> list[Premise]:
    """Judge the database by itself, and its clock."""
    try:
        facts, ahead = await facts_of(url, clock)
        standing = schema_standing(url)
    except SamvikError as error:
        return [broken(Topic.DATABASE, error.statement)]
    found = [*of_database(facts, production=_is_production(settings)), of_clock(ahead)]
    if standing.is_empty:
        return [*found, Premise(Topic.SCHEMA, Weight.NOTE, Statement.of(PremiseCode.TABLES_TO_COME))]
    if standing.missing:
        about = {"number": len(standing.missing), "migration": standing.missing[0]}
        return [*found, broken(Topic.SCHEMA, Statement.of(DatabaseCode.BEHIND, **about))]
    return found


async def _of_content(settings: Settings, url: str) -> list[Premise]:
    """Judge key ring, register, keys, certificates and revocation, which stand on one another."""
    ring = settings.keys.at_rest
    if not ring.exists() and not _is_production(settings):
        return [Premise(Topic.RING, Weight.NOTE, Statement.of(PremiseCode.RING_TO_COME, path=ring))]
    try:
        async with store_under_ring(settings, url) as store:
            found = [holds(Topic.RING, PremiseCode.RING, path=ring)]
            return found + await _of_register(settings, store)
    except SamvikError as error:
        return [broken(Topic.RING, error.statement)]


async def _of_register(settings: Settings, store: PostgresStore) -> list[Premise]:
    from adapters.wiring.engine import make_ports

    clock = SystemClock()
    try:
        number, registry = await current_registry(store)
        ports = make_ports(settings, store, registry, clock)
    except SamvikError as error:
        return [broken(Topic.REGISTER, error.statement)]
    version = Statement.of(StartCode.REGISTER_VERSION, number=number, parties=", ".join(settings.parties))
    found = [holds(Topic.REGISTER, PremiseCode.HOLDS, what=version)]
    found += of_certificates(standings(ports.known, clock.now()), clock.now())
    return [
        *found,
        *await _of_sources(settings, certificates_to_ask_about(registry, clock.now()), ports.policy.anchors),
    ]


async def _of_sources(settings: Settings, certificates: Iterable[bytes], anchors: tuple[bytes, ...]) -> list[Premise]:
    from adapters.keys.revocation_fetch import RevocationFetcher

    with tempfile.TemporaryDirectory(prefix="samvik-check-") as folder:
        fetcher = RevocationFetcher(settings.revocation, anchors, Path(folder))
        sources = await fetcher.refresh(certificates, SystemClock().now())
    silent = [(urlsplit(each.url).hostname or "", each.silent) for each in sources if each.silent]
    return list(of_sources(silent, len(sources)))


def _of_machine(settings: Settings) -> list[Premise]:
    found = [*_in_clear(settings), *_of_folders(settings)]
    for section, host, port in ports_of(settings):
        try:
            found.append(of_port(section, host, port, taken=is_taken(host, port)))
        except OSError as error:
            about = {"host": host, "port": port, "error": error.strerror, "section": section}
            found.append(broken(Topic.PORTS, Statement.of(StartCode.NOT_LISTENING, **about), Weight.FAULT))
    for path in dict.fromkeys((settings.data_dir, settings.inbox_dir)):
        found.append(of_disk(str(path), free_bytes(path)))
    return found


def _of_folders(settings: Settings) -> list[Premise]:
    return [of_folder(each, production=_is_production(settings)) for each in folders_of(settings)]


def _in_clear(settings: Settings) -> list[Premise]:
    return passwords_in_clear(settings, production=_is_production(settings))


def _is_production(settings: Settings) -> bool:
    return settings.environment is Environment.PRODUCTION
