"""Two engines with PostgreSQL and real SMTP on loopback, worked one piece at a time and restarted at will."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from adapters.demo.network import Network
from adapters.keys.at_rest import AtRest
from adapters.settings import Limits, Listen, Relay
from adapters.smtp.listener import Desk, Listener
from adapters.smtp.sender import SmtpSender
from adapters.store.postgres import PostgresStore
from engine.commit.ports import Ports
from engine.delivery.send import deliver
from engine.errors import SamvikError, Unavailable
from engine.inbound.desk import desk_addresses, take_for_desk
from engine.inbound.receive import give_up, receive
from engine.inbound.storing import take_in
from engine.operations.deadlines import look_at
from engine.records.work import Work, WorkKind
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.world.parties import GP_ADDRESS, MUNICIPAL_ADDRESS

KINDS = (WorkKind.MOTTA, WorkKind.SEND, WorkKind.FRIST, WorkKind.SAK)


class Routing(Protocol):
    """Whoever is told where mail for an address goes: each engine says so as it starts."""

    def route(self, address: str, port: int) -> None:
        """Deliver mail for an address to a port on this machine."""


class RealSide(Side):
    """One engine on a database of its own, with a listener and a sender."""

    def __init__(self, ports: Ports, url: str, at_rest: AtRest, address: str, network: Routing) -> None:
        super().__init__(ports)
        self._url = url
        self._at_rest = at_rest
        self._address = address
        self._network = network
        self._sender: SmtpSender | None = None
        self.listen = Listen(port=0)
        self.relay: dict[str, object] = {}
        self.addresses = {address}
        self.store_is_away = False

    async def start(self, relay_port: int) -> None:
        """Open the store and listen, as a node does when it starts."""
        self._relay_port = relay_port
        store = PostgresStore(self._url, self._at_rest)
        await store.open()
        await store.ensure_partitions(self.ports.clock.now())
        self.ports = replace(self.ports, store=store)
        desk = Desk(self._take_for_desk, lambda: desk_addresses(self.addresses))
        self._listener = Listener(self.listen, Limits(), self._take_in, lambda: self.addresses, desk=desk)
        self._network.route(self._address, await self._listener.start())
        self._sender = SmtpSender(Relay.model_validate({"port": relay_port, "timeout_seconds": 5, **self.relay}))

    async def stop(self) -> None:
        """Close everything that a process would lose when it stops."""
        await self._listener.stop()
        if self._sender is not None:
            await self._sender.close()
        await self.ports.store.close()

    async def _take_in(self, raw: bytes, peer: str) -> object:
        if self.store_is_away:
            raise Unavailable("the database is away")
        return await take_in(self.ports, raw, peer)

    async def _take_for_desk(self, raw: bytes, peer: str) -> object:
        return await take_for_desk(self.ports, raw, peer)

    async def restart(self) -> None:
        """Stop and start."""
        await self.stop()
        await self.start(self._relay_port)

    async def one(self) -> bool:
        """Do one piece of due work, if there is any."""
        for work in await self.ports.store.take_work(KINDS, self.ports.clock.now(), 1):
            await self._do(work)
            return True
        return False

    async def _do(self, work: Work) -> None:
        try:
            if work.kind is WorkKind.MOTTA:
                await receive(work, self.ports)
            elif work.kind is WorkKind.SEND:
                await deliver(work, self.ports, self._sender)
            else:
                await look_at(work, self.ports)
        except SamvikError as error:
            await give_up(work, self.ports, error)


class RealPair(Pair):
    """The municipalities' engine and the GP's over real SMTP."""

    async def one_each(self) -> bool:
        """Let each engine do one piece of work; say whether there was any."""
        done = [await side.one() for side in (self.gp, self.municipal)]
        return any(done)

    async def settle(self) -> None:
        """Work until nothing is left to do at this time."""
        while await self.one_each():
            pass

    async def settle_with_restarts(self) -> int:
        """Work one piece at a time, and restart both engines after each; return how many pieces there were."""
        count = 0
        while await self.one_each():
            count += 1
            await self.gp.restart()
            await self.municipal.restart()
        return count


@asynccontextmanager
async def real_pair(urls: tuple[str, str], at_rest: AtRest) -> AsyncIterator[tuple[RealPair, Network]]:
    """Open two engines and the mail server between them."""
    pair, network = RealPair(), Network()
    port = await network.start()
    pair.municipal = RealSide(pair.municipal.ports, urls[0], at_rest, MUNICIPAL_ADDRESS, network)
    pair.gp = RealSide(pair.gp.ports, urls[1], at_rest, GP_ADDRESS, network)
    await pair.municipal.start(port)
    await pair.gp.start(port)
    try:
        yield pair, network
    finally:
        await pair.gp.stop()
        await pair.municipal.stop()
        await network.stop()
