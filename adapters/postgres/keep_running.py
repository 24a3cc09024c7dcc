"""Keep an embedded server running for as long as its owner runs: one that ends is started again.

PostgreSQL ends itself where it cannot write its journal, as on a full disk, and nothing else would start it.

Diagnostics: `database_ended`, then `database_does_not_start` with the reason, at growing pauses, `database_is_back`.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from adapters.postgres.embedded import EmbeddedPostgres
from engine.errors import SamvikError

LOOK_SECONDS = 0.5
PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0)

_log = structlog.get_logger()


@contextmanager
def kept_running(server: EmbeddedPostgres) -> Iterator[None]:
    """Start the server again whenever it ends, until this context does."""
    stopping = threading.Event()
    watching = threading.Thread(target=_watch, args=(server, stopping), name="keeping the database")
    watching.start()
    try:
        yield
    finally:
        stopping.set()
        watching.join()


def _watch(server: EmbeddedPostgres, stopping: threading.Event) -> None:
    while not stopping.wait(LOOK_SECONDS):
        if server.ended:
            _log.error("database_ended")
            _revive(server, stopping)


def _revive(server: EmbeddedPostgres, stopping: threading.Event) -> None:
    failures = 0
    while not stopping.is_set():
        try:
            server.revive()
        except SamvikError as error:
            _log.error("database_does_not_start", reason=str(error))
            stopping.wait(PAUSES_SECONDS[min(failures, len(PAUSES_SECONDS) - 1)])
            failures += 1
        else:
            _log.warning("database_is_back")
            return
