"""Set the stage: a temporary folder with keys, registers and configurations; a database server; three engines."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.demo.network import Network
from adapters.node.node import Node
from adapters.postgres.embedded import temporary_embedded
from adapters.wiring.engine import Engine, engine
from adapters.wiring.trial import demo_register, make_keys, prepare
from engine.names import HerId

GP_ONLY = """
# The GP's register is out of date: this service is gone from Levanger's own.
[[party]]
her = "8090199"
name = "Hjemmetjenesten, Levanger (nedlagt)"
kind = "service"
parent = "8090100"
"""


STORY_TAKES = timedelta(weeks=6)
"""How much time passes in the story, at most: it begins so long ago, and ends about now."""


class DemoClock:
    """The machine's time, less what the story has not yet jumped.

    The story lies in the past, so that what a visitor does afterwards by commands, which go by the machine's time, is
    done today for the engines, too.
    """

    def __init__(self) -> None:
        self._ahead = -STORY_TAKES

    def now(self) -> datetime:
        """See engine.ports.Clock."""
        return datetime.now(UTC) + self._ahead

    def jump_to(self, at: datetime) -> None:
        """Move on to a time, for all engines at once; never back."""
        self._ahead += max(at - self.now(), timedelta())

    def catch_up(self) -> timedelta:
        """Go by the machine's time from now on; return how far ahead of it the story has ended, zero as a rule."""
        self._ahead = max(self._ahead, timedelta())
        return self._ahead


@dataclass(frozen=True, slots=True)
class Part:
    """Who an engine is in the story: its name, what people call it, the enterprises it serves, their addresses."""

    name: str
    title: str
    hers: tuple[str, ...]
    addresses: tuple[str, ...]
    extra_register: str = ""


MUNICIPAL = Part("innherred", "Levanger og Verdal kommuner", ("8090100", "8090200"), ("innherred@testedi.nhn.no",))
GP = Part(
    "legekontor",
    "Namdalen og Snåsa legekontor",
    ("8090300", "8090500"),
    ("namdalen@testedi.nhn.no", "snasa@testedi.nhn.no"),
    GP_ONLY,
)
HOSPITAL = Part("sykehus", "Helse Nord-Trøndelag HF", ("8090400",), ("nordtrondelag@testedi.nhn.no",))


@dataclass(frozen=True, slots=True)
class Player:
    """One of the engines, running."""

    part: Part
    config: Path
    engine: Engine
    node: Node


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that the story needs."""

    clock: DemoClock
    network: Network
    municipal: Player
    gp: Player
    hospital: Player

    @property
    def players(self) -> tuple[Player, ...]:
        """All engines."""
        return (self.gp, self.municipal, self.hospital)

    def player_of(self, her_id: HerId) -> Player:
        """Return the engine that serves a party."""
        return next(player for player in self.players if player.node.ports.policy.owner_of(her_id))

    def wake(self) -> None:
        """Let all engines look at the clock."""
        for player in self.players:
            player.node.wake()


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Set everything up in a temporary folder on free loopback ports; take it all away at the end."""
    async with AsyncExitStack() as closing:
        folder = Path(tempfile.mkdtemp(prefix="samvik-demo-"))
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        clock, network = DemoClock(), Network()
        make_keys(folder, demo_register(), clock.now())
        server = closing.enter_context(temporary_embedded())
        relay_port = await network.start()
        closing.push_async_callback(network.stop)
        players: dict[str, Player] = {}
        for part in (MUNICIPAL, GP, HOSPITAL):
            register = demo_register() + part.extra_register
            trial = await prepare(server, folder, part.name, part.hers, register, clock.now(), relay_port=relay_port)
            opened = await closing.enter_async_context(engine(trial.settings, trial.url, clock))
            node = Node(opened)
            await node.start()
            closing.push_async_callback(node.stop)
            for address in part.addresses:
                network.route(address, node.port)
            players[part.name] = Player(part, trial.config, opened, node)
        yield Stage(clock, network, players[MUNICIPAL.name], players[GP.name], players[HOSPITAL.name])
