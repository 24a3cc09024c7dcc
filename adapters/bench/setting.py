"""What the benchmark runs on: the engines of a GP's office and of a municipality, with ports of loopback."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.bench.counting import STATEMENTS_LIBRARY
from adapters.machine.ports import free_ports
from adapters.postgres.embedded import EmbeddedPostgres, start_embedded
from adapters.wiring.trial import Trial, demo_register, make_keys, prepare
from engine.names import HerId

SENDING, RECEIVING = "sender", "receiver"
"""The two engines, and their databases."""
SENDER, RECEIVER = HerId("8090301"), HerId("8090201")


@dataclass(frozen=True, slots=True)
class Setting:
    """Two prepared engines and the database server that they share; none of them runs yet."""

    server: EmbeddedPostgres
    sending: Trial
    receiving: Trial


@asynccontextmanager
async def bench_setting() -> AsyncIterator[Setting]:
    """Prepare everything in a temporary folder, the database durable; take it all away at the end."""
    with ExitStack() as closing:
        folder = _folder()
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        server = closing.enter_context(start_embedded(folder / "database", preload=STATEMENTS_LIBRARY))
        register, now = demo_register(), datetime.now(UTC)
        make_keys(folder, register, now)
        ports = free_ports(2)
        sending = await prepare(
            server, folder, SENDING, ["8090300"], register, now, relay_port=ports[1], listen_port=ports[0], web=False
        )
        receiving = await prepare(
            server, folder, RECEIVING, ["8090200"], register, now, relay_port=ports[0], listen_port=ports[1], web=False
        )
        yield Setting(server, sending, receiving)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="samvik-bench-"))
    # PostgreSQL runs under an account of its own where we are root, and must get through.
    folder.chmod(0o711)
    return folder
