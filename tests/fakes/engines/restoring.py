"""Two engines over real SMTP, one of which is backed up and restored."""

from pathlib import Path

from adapters import backup
from adapters.keys.at_rest import AtRest
from adapters.sealing.event_log import EventLog
from engine.operations.restore import release_sending
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.states.delivery import DeliveryState
from tests.fakes.engines.real_pair import RealPair
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER_SERVICE


class Here:
    """The two engines; the GP's has an operator who makes backups and restores them."""

    def __init__(self, pair: RealPair, url: str, at_rest: AtRest, folder: Path) -> None:
        self.pair, self.url, self.at_rest, self.folder = pair, url, at_rest, folder
        self.file = folder / "samvik.backup"

    @property
    def log(self) -> EventLog:
        """The GP's event log."""
        return EventLog(self.url, self.at_rest, self.folder / "seals.log")

    @property
    def site(self) -> backup.Site:
        """The GP's engine, as its configuration names it."""
        ports, log = self.pair.gp.ports, self.log
        return backup.Site(self.url, self.at_rest, log, "test", (GP,), lambda _: ports, self.pair.clock)

    async def back_up(self) -> None:
        """Make a backup while the engine runs."""
        await self.pair.gp.ports.store.add_registry_version("", b"", "prove", self.pair.clock.now())
        await self.log.seal_events(self.pair.clock.now())
        await backup.back_up(self.site, self.file, lambda _: None)

    async def restore(self) -> int:
        """Lose the engine, restore the backup and start again; return how many messages are in doubt."""
        await self.log.seal_events(self.pair.clock.now())
        await self.pair.gp.stop()
        _, in_doubt = await backup.restore(self.site, self.file, "kari", lambda _: None, replace=True)
        await self.pair.gp.start(self.pair.gp._relay_port)
        return in_doubt

    async def release(self) -> list[str]:
        """Let sending go on; return the MessageIds that go out once more."""
        return [str(row.header.message_id) for row in await release_sending(self.pair.gp.ports, KARI)]

    async def receipt_less(self) -> OutgoingMessage:
        """Queue a deviation that has not left."""
        return await self.pair.submit(GP_SERVICE, LEVANGER_SERVICE)

    async def states(self) -> list[DeliveryState]:
        """Return the states of the GP's business messages, oldest first."""
        return [row.state for row in await self.pair.gp.outbound() if row.kind is Kind.MELDING]

    async def arrived(self) -> list[IncomingMail]:
        """Return what came to the municipality, oldest first."""
        return [row for row in await self.pair.municipal.inbound() if row.kind is Kind.MELDING]
