"""Housekeeping by the clock: each tick is safe to run on any node at any time, and does nothing when nothing is due.

The truth is in the rows, never in a timer; a tick that was missed is run once when it can be (coalesce).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.keys.revocation_fetch import RevocationFetcher
from adapters.machine.clocks import DatabaseClock
from adapters.node.strangers import RoomForStrangers
from adapters.registry.kept import from_text
from adapters.wiring.engine import Engine, revocation_folder
from adapters.wiring.environment import check_environment
from engine.codes.log import LogCode
from engine.codes.statement import Statement
from engine.commit.ports import Ports
from engine.errors import OwnFault, SamvikError
from engine.operations.anchors import tell_of_anchor
from engine.operations.certificates import certificates_to_ask_about
from engine.operations.premises import MOST_CLOCK_DIFFERENCE
from engine.operations.strangers import keep_within_bounds
from engine.operations.trust_watch import look_at_certificates, look_at_sources
from engine.outbound.partner_alarms import update_alarms
from engine.register.parties import Registry

SEAL_SECONDS = 5
RESCUE_SECONDS = 15
OUT_SECONDS = 2
REGISTRY_SECONDS = 5
RING_SECONDS = 5
CLOCK_SECONDS = 5
PARTITION_SECONDS = 3_600
REVOCATION_SECONDS = 60
CERTIFICATE_SECONDS = 3_600
ALARM_SECONDS = 15
STRANGER_SECONDS = 15
GRACE_SECONDS = 3.0

_log = structlog.get_logger()


class Scheduler:
    """The ticks of one node.

    `ports` gives what the node decides by now, `use_registry` is called when a newer register has been imported,
    `looks` to take what others left in folders; `room` is told how much there is of mail that nobody vouched for.
    """

    def __init__(
        self,
        engine: Engine,
        ports: Callable[[], Ports],
        use_registry: Callable[[Registry], None],
        looks: Sequence[Callable[[], Awaitable[None]]],
        room: RoomForStrangers,
    ) -> None:
        self._engine = engine
        self._ports = ports
        settings = engine.settings
        folder = revocation_folder(settings)
        self._fetcher = RevocationFetcher(settings.revocation, engine.ports.policy.anchors, folder)
        self._use_registry = use_registry
        self._looks = looks
        self._room = room
        self._version = engine.registry_version
        self._running: set[asyncio.Task[Any]] = set()
        self.clock_is_off = False
        """Whether this machine's clock is over a minute from the database's: no deadline is decided on then."""
        self._ticks = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to tick."""
        for tick, seconds in (
            (self._seal, SEAL_SECONDS),
            (self._rescue, RESCUE_SECONDS),
            *((look, OUT_SECONDS) for look in self._looks),
            (self._registry, REGISTRY_SECONDS),
            (self._ring, RING_SECONDS),
            (self._clock, CLOCK_SECONDS),
            (self._partitions, PARTITION_SECONDS),
            (self._alarms, ALARM_SECONDS),
            (self.strangers, STRANGER_SECONDS),
        ):
            self._ticks.add_job(self._guarded, "interval", seconds=seconds, args=[tick])
        for tick, seconds in ((self._revocation, REVOCATION_SECONDS), (self._certificates, CERTIFICATE_SECONDS)):
            begin = datetime.now(UTC)
            self._ticks.add_job(self._guarded, "interval", seconds=seconds, args=[tick], next_run_time=begin)
        self._ticks.start()

    async def stop(self) -> None:
        """Tick no more, after what runs now; what takes longer than a moment is cut off. May be repeated."""
        if not self._ticks.running:
            return
        self._ticks.remove_all_jobs()
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)
        self._ticks.shutdown(wait=False)

    async def _guarded(self, tick: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            await tick()
        except asyncio.CancelledError:
            # Only `stop` cancels a tick. It ends here: the library would print it as an error, twice.
            _log.warning("tick_cut_off", tick=tick.__name__)
        except SamvikError as error:
            _log.warning("tick_failed", tick=tick.__name__, reason=str(error))
        except Exception as error:  # a bug of ours must cost one tick, and be seen by its type alone
            _log.error("tick_failed", tick=tick.__name__, error=type(error).__name__)

    async def _seal(self) -> None:
        log = self._engine.log
        try:
            await log.seal_events(self._engine.ports.clock.now())
        except OwnFault as fault:
            await tell_of_anchor(self._ports(), fault.statement)
            raise
        if log.begun_after:
            await tell_of_anchor(self._ports(), Statement.of(LogCode.ANCHOR_BEGUN, seal=log.begun_after))
            log.begun_after = 0

    async def _rescue(self) -> None:
        freed = await self._engine.store.return_expired_work()
        if freed:
            _log.warning("work_rescued", count=freed)

    async def _ring(self) -> None:
        if await asyncio.to_thread(self._engine.store.at_rest.refresh):
            _log.info("key_ring_changed", key_id=self._engine.store.at_rest.active_id)

    async def _clock(self) -> None:
        clock = self._engine.ports.clock
        if not isinstance(clock, DatabaseClock):
            return
        ahead = await clock.measure(self._engine.store.database_time)
        off = abs(ahead) > MOST_CLOCK_DIFFERENCE
        if off != self.clock_is_off:
            _log.error("clock_is_off" if off else "clock_is_right", seconds_ahead=round(ahead.total_seconds(), 1))
        self.clock_is_off = off

    async def _partitions(self) -> None:
        await self._engine.store.ensure_partitions(self._engine.ports.clock.now())

    async def strangers(self) -> None:
        """Keep mail that nobody vouched for within its bounds, and learn how much room there is for more."""
        self._room.counted(await keep_within_bounds(self._ports()))

    async def _revocation(self) -> None:
        ports = self._ports()
        now = ports.clock.now()
        sources = await self._fetcher.refresh(certificates_to_ask_about(ports.policy.registry, now), now)
        for source in sources:
            if source.silent:
                _log.warning("revocation_source_silent", host=urlsplit(source.url).hostname, reason=source.silent)
        await look_at_sources(ports, sources)

    async def _certificates(self) -> None:
        await look_at_certificates(self._ports())

    async def _alarms(self) -> None:
        for action, alarm in await update_alarms(self._ports()):
            told = {"owner": alarm.owner, "partner": alarm.partner, "cause": alarm.cause, "count": alarm.count}
            _log.info(action.replace(" ", "_"), **told)

    async def _registry(self) -> None:
        versions = await self._engine.store.registry_versions(1)
        if versions and versions[0].id != self._version:
            registry = from_text(versions[0].content)
            check_environment(self._engine.settings, registry, self._engine.ports.policy.hosted)
            _log.info("registry_changed", version=versions[0].id)
            self._use_registry(registry)
            self._version = versions[0].id
