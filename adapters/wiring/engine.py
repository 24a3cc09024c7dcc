"""The one place where settings become a running engine: database, keys, register, ports."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from adapters.keys.revocation import RevocationFiles
from adapters.machine import kill_hooks
from adapters.machine.fresh import FreshMemory
from adapters.machine.system import LargeWorkThread, RandomIds
from adapters.pdf.renderer import PdfPages
from adapters.sealing.event_log import EventLog
from adapters.settings import Environment, Settings
from adapters.store.migrate import require_schema
from adapters.store.postgres import PostgresStore
from adapters.text.toml import toml_of
from adapters.virus.clamd import ClamdScanner
from adapters.wiring.desk import Desk, current_registry
from adapters.wiring.environment import check_environment
from adapters.wiring.log import event_log
from adapters.wiring.opening import database_clock, database_url, store_under_ring
from adapters.wiring.trust import load_anchors, load_keys
from adapters.words.partner import WordsForPartners
from adapters.xsd.files import SchemaFiles
from engine.agreements.carriers import Carrier, carriers_from
from engine.agreements.services import Route, ServiceTable, routes_from
from engine.codes.disk import DiskCode
from engine.commit.policy import Policy, StrangerLimits
from engine.commit.ports import Ports
from engine.errors import OwnFault
from engine.msh.mime import MailLimits
from engine.names import HerId
from engine.ports import Clock
from engine.register.parties import Registry

LEASE_SECONDS = 180.0
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

    @property
    def desk(self) -> Desk:
        """Return what a person looks at."""
        return Desk(self.store, self.ports.policy.registry, self.ports.policy.hosted)


@asynccontextmanager
async def engine(settings: Settings, url: str, clock: Clock | None = None) -> AsyncIterator[Engine]:
    """Open an engine on a migrated database; close it after. Raises OwnFault for anything missing or out of place."""
    kill_hooks.switch_on(settings.hooks.directory)
    async with store_under_ring(settings, url, lease_seconds=LEASE_SECONDS) as store:
        if clock is None:
            clock = await database_clock(store)
        await store.ensure_partitions(clock.now())
        version, registry = await current_registry(store)
        ports = make_ports(settings, store, registry, clock)
        log = event_log(settings, url, store.at_rest)
        yield Engine(settings, store, log, ports, version)


@asynccontextmanager
async def opened_engine(settings: Settings) -> AsyncIterator[Engine]:
    """Open an engine for one command: database, register and keys. Raises OwnFault where the schema is another."""
    with database_url(settings) as url:
        require_schema(url)
        async with engine(settings, url) as opened:
            yield opened


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
        pdf=PdfPages(),
        policy=policy,
        scanner=make_scanner(settings),
        fresh=FreshMemory(),
    )


def revocation_folder(settings: Settings) -> Path:
    """Return where fetched revocation lists and answers lie."""
    return settings.data_dir / "revocation"


def make_scanner(settings: Settings) -> ClamdScanner | None:
    """Return the scanner that is configured, None where there is none. Raises OwnFault where its address is none."""
    scanner = settings.scanner
    return ClamdScanner(scanner.address, scanner.timeout_seconds) if scanner.address else None


def load_schemas(settings: Settings) -> SchemaFiles:
    """Return our schemas, or those in the owner's folder, compiled. Raises OwnFault where a file is off or missing."""
    schemas = SchemaFiles(settings.schemas.directory)
    schemas.prepare()
    return schemas


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
        data = path.read_bytes() if path else resources.files("config").joinpath(own).read_bytes()
    except OSError as error:
        raise OwnFault(DiskCode.NOT_READ, path=path or own, error=error.strerror) from None
    return toml_of(data, path or own)[0]
