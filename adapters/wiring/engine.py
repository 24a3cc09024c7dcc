"""The one place where settings become a running engine: database, keys, register, ports."""

import time
import tomllib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.keys.at_rest import AtRest
from adapters.keys.files import keys_in, left_out, read_secret
from adapters.keys.revocation import RevocationFiles
from adapters.keys.ring import KeyRing
from adapters.keys.token import Token
from adapters.machine import kill_hooks
from adapters.machine.system import LargeWorkThread, RandomIds, SystemClock
from adapters.pdf.renderer import FpdfRenderer
from adapters.postgres.embedded import running_url, start_embedded
from adapters.postgres.keep_running import kept_running
from adapters.registry.parties_file import from_text
from adapters.sealing.event_log import EventLog
from adapters.settings import TEST_DOMAINS, Environment, Settings
from adapters.store.migrate import migrate
from adapters.store.postgres import PostgresStore
from adapters.virus.clamd import ClamdScanner
from adapters.words.partner import WordsForPartners
from adapters.xsd.files import SchemaFiles, deviation_schema
from engine.agreements.carriers import Carrier, carriers_from
from engine.agreements.kept_cpas import plain_address
from engine.agreements.services import Route, ServiceTable, routes_from
from engine.codes.disk import DiskCode
from engine.codes.start import StartCode
from engine.commit.policy import Policy, StrangerLimits
from engine.commit.ports import Ports
from engine.errors import OwnFault
from engine.msh.mime import MailLimits
from engine.names import HerId
from engine.ports import Clock
from engine.register.parties import Registry

LEASE_SECONDS = 180.0
OWNER_SECONDS = 60.0
LOOK_SECONDS = 0.2
APPREC_ACTION = "APPREC"
"""The Action of AppRecs about carriers that have no row in services.toml (design.md 8)."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A wired engine: settings, open store, event log, the ports of the use cases, and the register's version."""

    settings: Settings
    store: PostgresStore
    log: EventLog
    ports: Ports
    registry_version: int


@contextmanager
def database_url(settings: Settings, *, own: bool = False) -> Iterator[str]:
    """Yield the database's URL; where none is configured, the embedded server's, started here if nobody runs it.

    With `own` the server is always started here, and again should it end: who runs for long must not depend on a
    short command's server.
    Raises OwnFault where another command holds it for longer than a minute.
    """
    if settings.database.url:
        yield settings.database.url
        return
    if own:
        _wait_for_owner(settings)
    running = running_url(settings.data_dir)
    if running is not None:
        yield running
        return
    with start_embedded(settings.data_dir) as server:
        server.create_database("samvik")
        with kept_running(server) if own else nullcontext():
            yield server.url("samvik")


def _wait_for_owner(settings: Settings) -> None:
    """Wait until no other command runs the embedded server."""
    end = time.monotonic() + OWNER_SECONDS
    while running_url(settings.data_dir) is not None:
        if time.monotonic() > end:
            raise OwnFault(StartCode.DATABASE_HELD, folder=settings.data_dir)
        time.sleep(LOOK_SECONDS)


@asynccontextmanager
async def engine(settings: Settings, url: str, clock: Clock | None = None) -> AsyncIterator[Engine]:
    """Open an engine on a migrated database; close it after. Raises OwnFault for anything missing or out of place."""
    kill_hooks.switch_on(settings.hooks.directory)
    clock = clock or SystemClock()
    lost = not settings.keys.at_rest.exists()
    at_rest = key_ring(settings)
    store = PostgresStore(url, at_rest, lease_seconds=LEASE_SECONDS)
    await store.open()
    try:
        await _check_ring(settings, store, lost=lost)
        await store.ensure_partitions(clock.now())
        version, registry = await current_registry(store)
        ports = make_ports(settings, store, registry, clock)
        yield Engine(settings, store, EventLog(url, at_rest, settings.data_dir / "seals.log"), ports, version)
    finally:
        await store.close()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[PostgresStore]:
    """Open a migrated store alone, for work that needs no register."""
    with database_url(settings) as url:
        migrate(url)
        lost = not settings.keys.at_rest.exists()
        store = PostgresStore(url, key_ring(settings))
        await store.open()
        try:
            await _check_ring(settings, store, lost=lost)
            yield store
        finally:
            await store.close()


async def _check_ring(settings: Settings, store: PostgresStore, *, lost: bool) -> None:
    """Refuse a new key ring beside a database that was used with another: it could read nothing of what is there."""
    if lost and await store.registry_versions(1):
        settings.keys.at_rest.unlink()
        raise OwnFault(StartCode.RING_GONE, path=settings.keys.at_rest)


@asynccontextmanager
async def opened_engine(settings: Settings) -> AsyncIterator[Engine]:
    """Open an engine for one command: database, migrations, register and keys."""
    with database_url(settings) as url:
        migrate(url)
        async with engine(settings, url) as opened:
            yield opened


def key_ring(settings: Settings) -> AtRest:
    """Return the key ring for content at rest; demo and test make one at the first start, production brings its own."""
    path = settings.keys.at_rest
    if path.exists() or settings.environment is Environment.PRODUCTION:
        return key_ring_there_is(settings)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return AtRest.create(path)


def key_ring_there_is(settings: Settings) -> AtRest:
    """Return the key ring that is there already. Raises OwnFault where none is."""
    if not settings.keys.at_rest.exists():
        raise OwnFault(StartCode.RING_MISSING, path=settings.keys.at_rest)
    return AtRest.load(settings.keys.at_rest)


async def current_registry(store: PostgresStore) -> tuple[int, Registry]:
    """Return number and content of the register that was imported last. Raises OwnFault where none was."""
    versions = await store.registry_versions(1)
    if not versions:
        raise OwnFault(StartCode.NO_REGISTER)
    return versions[0].id, from_text(versions[0].content)


def make_ports(settings: Settings, store: PostgresStore, registry: Registry, clock: Clock) -> Ports:
    """Return the surroundings of every decision. Raises OwnFault where settings and register do not fit together."""
    hosted = tuple(HerId(her_id) for her_id in settings.parties)
    check_environment(settings, registry, hosted)
    carriers = load_carriers(settings.carriers)
    policy = Policy(
        registry=registry,
        hosted=hosted,
        anchors=load_anchors(settings.keys.anchors),
        carriers=carriers,
        services=load_services(carriers, settings.services),
        deviation_schema=deviation_schema(),
        schemas=load_schemas(settings),
        words=WordsForPartners(),
        limits=MailLimits(settings.limits.most_mail_bytes, settings.limits.most_parts),
        refusals_an_hour=settings.limits.refusals_an_hour,
        errors_an_hour=settings.limits.errors_an_hour,
        strangers=StrangerLimits(
            settings.limits.most_unverified_bytes,
            settings.limits.most_unverified_mails,
            settings.limits.unverified_days,
            settings.limits.unverified_header_days,
        ),
        ledger_days=settings.limits.ledger_days,
        test=settings.environment is not Environment.PRODUCTION,
    )
    return Ports(
        store=store,
        keys=load_keys(settings),
        revocation=RevocationFiles(settings.keys.revocation_lists, revocation_folder(settings)),
        ids=RandomIds(),
        clock=clock,
        offload=LargeWorkThread(),
        pdf=FpdfRenderer(),
        policy=policy,
        scanner=make_scanner(settings),
    )


def revocation_folder(settings: Settings) -> Path:
    """Return where fetched revocation lists and answers lie."""
    return settings.data_dir / "revocation"


def load_keys(settings: Settings) -> KeyRing:
    """Return our private keys, from files and from a token where one is configured. Raises OwnFault."""
    keys, token = settings.keys, settings.keys.token
    files = keys_in(keys.directory, keys.password_file)
    names = left_out(keys.directory)
    if token.module is None:
        return KeyRing([files], names)
    return KeyRing([files, Token(token.module, token.label, read_secret(token.pin_file)).keys()], names)


def make_scanner(settings: Settings) -> ClamdScanner | None:
    """Return the scanner that is configured, None where there is none. Raises OwnFault where its address is none."""
    scanner = settings.scanner
    return ClamdScanner(scanner.address, scanner.timeout_seconds) if scanner.address else None


def load_schemas(settings: Settings) -> SchemaFiles:
    """Return our schemas, or those in the owner's folder, compiled. Raises OwnFault where a file is off or missing."""
    schemas = SchemaFiles(settings.schemas.directory)
    schemas.prepare()
    return schemas


def check_environment(settings: Settings, registry: Registry, hosted: Sequence[HerId]) -> None:
    """Keep test addresses out of production, and production's out of test (Normen; process.md 4)."""
    production = settings.environment is Environment.PRODUCTION
    for her_id in hosted:
        if her_id not in registry or registry.root(her_id) != her_id:
            raise OwnFault(StartCode.NOT_AN_ENTERPRISE, her_id=her_id)
    for her_id, address in addresses(registry):
        domain = address.rpartition("@")[2].lower().rstrip(".")
        if production and domain in TEST_DOMAINS:
            raise OwnFault(StartCode.TEST_ADDRESS, her_id=her_id, domain=domain)
        if not production and domain == "edi.nhn.no":
            raise OwnFault(StartCode.PRODUCTION_ADDRESS, her_id=her_id, domain=domain, environment=settings.environment)


def addresses(registry: Registry) -> Iterator[tuple[HerId, str]]:
    """Yield every mail address that the register or a CPA has for a party."""
    yield from ((party.her, party.edi_address) for party in registry.all())
    for kept in registry.cpas():
        for her_id, side in zip(kept.hers, kept.cpa.parties, strict=True):
            yield from ((her_id, plain_address(uri)) for channel in side.channels for uri in channel.endpoints)


def load_carriers(path: Path | None = None) -> dict[str, Carrier]:
    """Return the carriers of the owner's file, or those that come with Samvik. Raises OwnFault."""
    return carriers_from(_table(path, "carriers.toml"))


def load_services(carriers: Mapping[str, Carrier], path: Path | None = None) -> ServiceTable:
    """Return how message functions are named on the wire, and the carriers' own. Raises OwnFault.

    They are those of the owner's file, or those that come with Samvik.
    """
    routes = routes_from(_table(path, "services.toml"))
    own = (
        Route(each.service, each.action, each.sender_role, each.receiver_role, APPREC_ACTION)
        for each in carriers.values()
        if each.message_type not in routes
    )
    return ServiceTable(routes, own)


def _table(path: Path | None, own: str) -> dict[str, Any]:
    """Return a table of the configuration: the owner's file, or the one that comes with Samvik."""
    try:
        text = path.read_text("utf-8") if path else resources.files("config").joinpath(own).read_text("utf-8")
        return tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OwnFault(DiskCode.NOT_READ, path=path or own, error=getattr(error, "strerror", error)) from None


def load_anchors(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """Return the trusted issuers in PEM files as DER. Raises OwnFault that names the file."""
    anchors: list[bytes] = []
    for path in paths:
        try:
            found = x509.load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError):
            raise OwnFault(DiskCode.NO_ISSUER, path=path, setting="keys.anchors") from None
        anchors += [certificate.public_bytes(Encoding.DER) for certificate in found]
    return tuple(anchors)
