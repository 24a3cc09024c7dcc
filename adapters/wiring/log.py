"""The event log of an engine, opened from the settings: no register, no keys of partners, nothing that acts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.keys.at_rest import AtRest
from adapters.sealing.event_log import EventLog
from adapters.settings import Settings
from adapters.store.migrate import require_schema
from adapters.wiring.opening import database_url, store_under_ring


@asynccontextmanager
async def opened_log(settings: Settings) -> AsyncIterator[EventLog]:
    """Open the event log alone. Raises OwnFault where the schema, or the key ring, is another than the database's."""
    with database_url(settings) as url:
        require_schema(url)
        async with store_under_ring(settings, url) as store:
            yield event_log(settings, url, store.at_rest)


def event_log(settings: Settings, url: str, at_rest: AtRest) -> EventLog:
    """Return the event log of a database; its anchor file lies in the data folder."""
    return EventLog(url, at_rest, settings.data_dir / "seals.log")
