"""A node of the demo's municipalities as it runs, with a mail server between it and itself."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.demo.network import Network
from adapters.machine.clocks import SystemClock
from adapters.node.node import Node
from adapters.registry.importing import keep_version
from adapters.registry.parties_file import read_parties
from adapters.settings import load_settings
from adapters.store.postgres import PostgresStore
from adapters.wiring.engine import Engine, engine
from adapters.wiring.opening import key_ring
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.names import HerId
from engine.records.messages import OutgoingMessage
from engine.states.delivery import DeliveryState
from tests.fakes.engines.project import Project
from tests.fakes.waiting import comes

LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE, GP_SERVICE = map(
    HerId, ("8090100", "8090101", "8090200", "8090201", "8090301")
)
ADDRESS = "innherred@testedi.nhn.no"


@dataclass
class Running:
    """The node, the engine that it runs, and another engine on the same database, as a command or a second node has."""

    project: Project
    url: str
    node: Node
    engine: Engine
    other: Engine
    network: Network

    async def submit(self, sender: HerId, receiver: HerId) -> OutgoingMessage:
        """Queue the example deviation from outside of the node, as `samvik send` does."""
        deviation = read_deviation((self.project.folder / "avvik.xml").read_bytes())
        return await submit(self.other.ports, deviation, sender, receiver)

    async def message(self, sent: OutgoingMessage) -> OutgoingMessage:
        """Return a message as it stands now."""
        rows = await self.other.store.list_outbound(sent.owner)
        return next(row for row in rows if row.id == sent.id)

    async def reaches(self, sent: OutgoingMessage, state: DeliveryState = DeliveryState.LEVERT) -> None:
        """Wait until a message is in a state."""

        async def reached() -> bool:
            return (await self.message(sent)).state is state

        await comes(reached)


def unsaid(register: str) -> str:
    """Take out of the demo's register who has Samvik, so that only what a party has sent tells it."""
    assert "samvik = true\n" in register
    return register.replace("samvik = true\n", "")


async def import_parties(project: Project, url: str, name: str = "parties.toml") -> None:
    """Import a parties file as the command does."""
    settings = load_settings(project.folder / "samvik.toml")
    table, data = read_parties(project.folder / name)
    store = PostgresStore(url, key_ring(settings))
    await store.open()
    await keep_version(store, table, data, "prove", SystemClock().now())
    await store.close()


@asynccontextmanager
async def running(
    folder: Path, url: str, keys: Path, more: str = "", change: Callable[[str], str] = lambda text: text
) -> AsyncIterator[Running]:
    """Run a node in a folder, on a migrated database, with keys that were made before and `more` settings.

    `change` alters the parties file first.
    """
    async with AsyncExitStack() as closing:
        network = Network()
        port = await network.start()
        closing.push_async_callback(network.stop)
        project = Project(folder, url, port)
        shutil.copytree(keys, folder / "pki")
        project.put("parties.toml", change((folder / "parties.toml").read_text("utf-8")))
        await import_parties(project, url)
        with (folder / "samvik.toml").open("a", encoding="utf-8") as file:
            file.write(more)
        settings = load_settings(folder / "samvik.toml")
        opened = await closing.enter_async_context(engine(settings, url))
        other = await closing.enter_async_context(engine(settings, url))
        node = Node(opened)
        await node.start()
        closing.push_async_callback(node.stop)
        network.route(ADDRESS, node.port)
        yield Running(project, url, node, opened, other, network)
