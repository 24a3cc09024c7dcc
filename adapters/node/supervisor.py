"""`samvik run`: one owner process with the embedded database, if any, and as many nodes as asked for.

Diagnostics: a node that dies is started again, logged as `node_died`; its leased work is freed by another. One that
refuses to start says why in `node_refused`, and everything stops. SIGTERM and SIGINT stop all nodes after what they are
committing, then the database; nodes whose owner process is gone stop by themselves.
"""

import asyncio
import multiprocessing
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from pathlib import Path

import structlog

from adapters.checking.gathering import refuse_to_start
from adapters.checking.places import is_taken, ports_of
from adapters.machine.logs import configure_logs
from adapters.node.node import Node
from adapters.settings import Settings, load_settings
from adapters.store.migrate import migrate, require_schema, schema_standing
from adapters.wiring.engine import engine
from adapters.wiring.opening import database_url
from engine.codes.start import StartCode
from engine.errors import OwnFault, Unavailable

LOOK_SECONDS = 0.5
STOP_SECONDS = 30.0
REFUSED = 2

_log = structlog.get_logger()


def run_nodes(config: Path, settings: Settings, processes: int) -> None:
    """Run nodes until a signal says stop."""
    _check_ports(settings)
    with database_url(settings, own=True) as url:
        asyncio.run(refuse_to_start(settings, url))
        migrate_empty(url)
        if processes == 1:
            asyncio.run(_run_node(settings, url))
        else:
            _supervise(config, url, processes)


def migrate_empty(url: str) -> None:
    """Bring an empty database to this version's schema. Raises OwnFault where one that is in use lacks a migration."""
    if schema_standing(url).is_empty:
        migrate(url)
    require_schema(url)


def _check_ports(settings: Settings) -> None:
    """Refuse a port that another program has: our own nodes share theirs, and two engines would share each other's."""
    for section, host, port in ports_of(settings):
        with suppress(OSError):
            if is_taken(host, port):
                raise OwnFault(StartCode.PORT_TAKEN, host=host, port=port, section=section)


async def _run_node(settings: Settings, url: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    owner = multiprocessing.parent_process()
    if owner is not None:
        loop.add_reader(owner.sentinel, stop.set)
    async with engine(settings, url) as opened:
        node = Node(opened)
        await node.start()
        await stop.wait()
        await node.stop()


def _node_process(config: Path, url: str) -> None:
    configure_logs()
    try:
        asyncio.run(_run_node(load_settings(config), url))
    except OwnFault as error:
        _log.error("node_refused", reason=str(error))
        sys.exit(REFUSED)
    except Unavailable as error:
        # The database may be on its way back: this node is started again.
        _log.error("node_not_started", reason=str(error))
        sys.exit(1)


def _supervise(config: Path, url: str, processes: int) -> None:
    context = multiprocessing.get_context("spawn")
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    nodes = [_start(context, config, url) for _ in range(processes)]
    while not stopping:
        time.sleep(LOOK_SECONDS)
        for place, node in enumerate(nodes):
            if node.is_alive() or stopping:
                continue
            if node.exitcode == REFUSED:
                _stop(nodes)
                raise OwnFault(StartCode.NODE_REFUSED)
            _log.error("node_died", exit_code=node.exitcode)
            nodes[place] = _start(context, config, url)
    _stop(nodes)


def _stop(nodes: Sequence[SpawnProcess]) -> None:
    for node in nodes:
        node.terminate()
    for node in nodes:
        node.join(STOP_SECONDS)
        node.kill()


def _start(context: multiprocessing.context.SpawnContext, config: Path, url: str) -> SpawnProcess:
    node = context.Process(target=_node_process, args=(config, url), daemon=True)
    node.start()
    return node
