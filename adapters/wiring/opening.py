"""A database opened from the settings, with its key ring: all that looking at rows needs which name no party.

It imports little, for short commands start often. adapters.wiring.desk adds the register; what decides and acts is
put together in adapters.wiring.engine.
"""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Any

from adapters.keys.at_rest import AtRest
from adapters.machine.clocks import DatabaseClock, SystemClock
from adapters.settings import Environment, Settings
from adapters.store.migrate import require_schema
from adapters.store.postgres import PostgresStore
from engine.codes.start import StartCode
from engine.errors import OwnFault

OWNER_SECONDS = 60.0
LOOK_SECONDS = 0.2


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
    from adapters.postgres.embedded import running_url, start_embedded
    from adapters.postgres.keep_running import kept_running

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
    from adapters.postgres.embedded import running_url

    end = time.monotonic() + OWNER_SECONDS
    while running_url(settings.data_dir) is not None:
        if time.monotonic() > end:
            raise OwnFault(StartCode.DATABASE_HELD, folder=settings.data_dir)
        time.sleep(LOOK_SECONDS)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[PostgresStore]:
    """Open a migrated store alone, for work that needs no register."""
    with database_url(settings) as url:
        require_schema(url)
        async with store_under_ring(settings, url) as store:
            yield store


@asynccontextmanager
async def store_under_ring(
    settings: Settings,
    url: str,
    **how: Any,  # noqa: ANN401 what the store takes
) -> AsyncIterator[PostgresStore]:
    """Open a store under the key ring of the settings; `how` is as PostgresStore takes it.

    Raises OwnFault where the database was used with another ring: it could read nothing of what is there, and nobody
    else what is stored under this one. A ring that was only just made for it is then gone again.
    """
    lost = not settings.keys.at_rest.exists()
    store = PostgresStore(url, key_ring(settings), **how)
    await store.open()
    try:
        await store.check_ring()
    except OwnFault as error:
        await store.close()
        if lost:
            settings.keys.at_rest.unlink()
            raise OwnFault(StartCode.RING_GONE, path=settings.keys.at_rest) from None
        raise OwnFault(StartCode.RING_OF_ANOTHER, path=settings.keys.at_rest, what=error.statement) from None
    try:
        yield store
    finally:
        await store.close()


def key_ring(settings: Settings) -> AtRest:
    """Return the key ring for content at rest; demo and test make one at the first start, production brings its own."""
    path = settings.keys.at_rest
    if path.exists() or settings.environment is Environment.PRODUCTION:
        return key_ring_there_is(settings)
    return AtRest.create(path)


def key_ring_there_is(settings: Settings) -> AtRest:
    """Return the key ring that is there already. Raises OwnFault where none is."""
    if not settings.keys.at_rest.exists():
        raise OwnFault(StartCode.RING_MISSING, path=settings.keys.at_rest)
    return AtRest.load(settings.keys.at_rest)


async def log_clock(store: PostgresStore) -> DatabaseClock:
    """Return the database's clock for what is logged now, and make room for it in the log."""
    clock = await database_clock(store)
    await store.ensure_partitions(clock.now())
    return clock


async def database_clock(store: PostgresStore) -> DatabaseClock:
    """Return the clock that tells the database's time: what is logged, or decided, bears that."""
    clock = DatabaseClock(SystemClock())
    await clock.measure(store.database_time)
    return clock
