"""Set the stage: a temporary folder with keys, two registers and two configurations; a database server; two engines."""

import shutil
import tempfile
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from adapters.demo.network import Network
from adapters.keys.pki import Enterprise, make_pki
from adapters.node import Node
from adapters.registry.importing import keep_version
from adapters.registry.parties_file import read_parties
from adapters.settings import Settings, load_settings
from adapters.store.embedded import EmbeddedPostgres, temporary_embedded
from adapters.store.migrate import migrate
from adapters.store.postgres import PostgresStore
from adapters.wiring import Engine, engine, key_ring

GP_ONLY = """
# The GP's register is out of date: this service is gone from Levanger's own.
[[party]]
her = "8090199"
name = "Hjemmetjenesten, Levanger (nedlagt)"
kind = "service"
parent = "8090100"
"""


class DemoClock:
    """The machine's time, plus what the story has jumped."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """See engine.ports.Clock."""
        return datetime.now(UTC) + self._ahead

    def jump(self, by: timedelta) -> None:
        """Move on, for both engines at once."""
        self._ahead += by


@dataclass
class Player:
    """One of the two engines, running."""

    name: str
    config: Path
    engine: Engine
    node: Node


@dataclass
class Stage:
    """Everything that the story needs."""

    folder: Path
    clock: DemoClock
    network: Network
    municipal: Player
    gp: Player

    def wake(self) -> None:
        """Let both engines look at the clock."""
        self.municipal.node.wake()
        self.gp.node.wake()


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Set everything up in a temporary folder on free loopback ports; take it all away at the end."""
    async with AsyncExitStack() as closing:
        folder = Path(tempfile.mkdtemp(prefix="samvik-demo-"))
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        clock, network = DemoClock(), Network()
        _write_registers(folder, clock.now())
        server = closing.enter_context(temporary_embedded())
        port = await network.start()
        closing.push_async_callback(network.stop)
        municipal = await _player(closing, server, folder, "innherred", ("8090100", "8090200"), port, clock)
        gp = await _player(closing, server, folder, "namdalen", ("8090300",), port, clock)
        network.route("innherred@testedi.nhn.no", municipal.node.port)
        network.route("namdalen@testedi.nhn.no", gp.node.port)
        yield Stage(folder, clock, network, municipal, gp)


def _write_registers(folder: Path, now: datetime) -> None:
    text = resources.files("config").joinpath("demo/parties.toml").read_text("utf-8")
    rows = tomllib.loads(text)["party"]
    enterprises = [
        Enterprise(row["her"], row["name"], row["organisation_number"]) for row in rows if "parent" not in row
    ]
    make_pki(folder / "pki", enterprises, now)
    (folder / "innherred-parties.toml").write_text(text, "utf-8")
    (folder / "namdalen-parties.toml").write_text(text + GP_ONLY, "utf-8")


async def _player(
    closing: AsyncExitStack,
    server: EmbeddedPostgres,
    folder: Path,
    name: str,
    hers: tuple[str, ...],
    relay_port: int,
    clock: DemoClock,
) -> Player:
    server.create_database(name)
    url = server.url(name)
    migrate(url)
    config = folder / f"{name}.toml"
    config.write_text(_config(name, hers, url, relay_port), "utf-8")
    config.chmod(0o600)
    settings = load_settings(config)
    await _import(settings, url, folder / f"{name}-parties.toml", clock)
    opened = await closing.enter_async_context(engine(settings, url, clock))
    node = Node(opened)
    await node.start()
    closing.push_async_callback(node.stop)
    return Player(name, config, opened, node)


def _config(name: str, hers: tuple[str, ...], url: str, relay_port: int) -> str:
    quoted = ", ".join(f'"{her}"' for her in hers)
    return "\n".join(
        (
            'environment = "demo"',
            f'data_dir = "{name}-data"',
            f'inbox_dir = "{name}-inbox"',
            f"parties = [{quoted}]",
            "[database]",
            f'url = "{url}"',
            "[listen]",
            "port = 0",
            "[relay]",
            f"port = {relay_port}",
        )
    )


async def _import(settings: Settings, url: str, file: Path, clock: DemoClock) -> None:
    table, data = read_parties(file)
    store = PostgresStore(url, key_ring(settings))
    await store.open()
    try:
        await keep_version(store, table, data, "demo", clock.now())
    finally:
        await store.close()
