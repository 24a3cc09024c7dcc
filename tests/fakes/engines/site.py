"""The pages on PostgreSQL, reached without a network, with rows that two engines have really made."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from adapters.keys.at_rest import AtRest
from adapters.machine.system import RandomIds
from adapters.settings import Settings
from adapters.store.postgres import PostgresStore
from adapters.web.app import make_app
from adapters.web.site import Site
from adapters.web.users import add_user
from engine.casework import steps
from engine.commit.actor import Person, person
from engine.commit.ports import Ports
from engine.delivery.send import submit
from engine.deviation.fields import Answer
from engine.deviation.xml import read_deviation
from engine.names import OPERATOR, HerId
from engine.records.messages import IncomingMail, OutgoingMessage
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.world.clock import START, FakeClock
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE
from tests.fakes.world.surroundings import DEVIATION

PASSWORD = "riktig hest batteri stift"
MARK = "HEMMELIGMERKE"
NUMBER = "15820250068"
ADDRESS = "http://samvik.test"
FORM = {"origin": ADDRESS, "host": "samvik.test"}
FILLED_AT = START.replace(month=4, day=20)
USERS = {
    "levanger": "drift@8090100",
    "verdal": "drift@8090200",
    "melder": "melder@8090101",
    "sekretariat": "sekretariat@8090100",
    "saksbehandler": "saksbehandler@8090101",
    "kvalitet": "kvalitetssikrer@8090100",
}


class Here:
    """One engine's pages: the ports they stand in, and browsers without a screen."""

    def __init__(self, pair: Pair, store: PostgresStore, settings: Settings) -> None:
        self.pair = pair
        self.store = store
        self.settings = settings
        self.clock: FakeClock = pair.clock
        self.site = Site(settings, store, lambda: self.ports)
        self.cookie = self.site.sessions.cookie
        self.app = make_app(self.site)

    @property
    def ports(self) -> Ports:
        """The municipalities' ports."""
        return self.pair.municipal.ports

    @asynccontextmanager
    async def browser(self, name: str = "", peer: str = "192.0.2.7") -> AsyncIterator[httpx.AsyncClient]:
        """Give a browser, logged in as a user of USERS if a name is given."""
        transport = httpx.ASGITransport(self.app, client=(peer, 4711))
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            if name:
                assert (await self.log_in(client, name)).status_code == 303
            yield client

    async def log_in(self, client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
        """Fill in the form."""
        return await client.post("/logg-inn", data={"name": name, "password": password}, headers=FORM)

    async def add_users(self) -> None:
        """Add every user of USERS, all with one password."""
        for name, who in USERS.items():
            await add_user(self.settings, self.ports, self.store.log_ins(), name, person(who), PASSWORD)

    async def rows(self, owner: HerId = LEVANGER) -> list[IncomingMail | OutgoingMessage]:
        """Return an owner's messages, newest first."""
        return [*await self.store.list_inbound(owner), *await self.store.list_outbound(owner)]

    async def fill(self) -> None:
        """Make users, and rows of every sort: delivered, refused, stuck, quarantined, with cases open and late."""
        await self.add_users()
        await self._cases()
        await self._messages()
        self.clock.set(FILLED_AT)

    async def _cases(self) -> None:
        pair, text = self.pair, f"{MARK} {NUMBER}"
        hidden = replace(read_deviation(DEVIATION), title=MARK, description=MARK, consequence=MARK)
        for sender, receiver, answered in ((GP_SERVICE, LEVANGER_SERVICE, True), (GP_SERVICE, LEVANGER_SERVICE, False)):
            case = await steps.new(pair.gp.ports, Person(Role.MELDER, sender, "Mette Moe"), hidden, receiver)
            for step in (steps.submit, steps.approve, steps.send):
                await step(pair.gp.ports, Person(_ACTS[step], GP, f"{_ACTS[step].value} Berg"), case.number)
            self.clock.advance(minutes=3)
            await pair.settle()
            self.clock.advance(hours=5)
            (theirs, *_) = await pair.municipal.ports.store.list_cases(LEVANGER)
            if answered:
                handler = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")
                await steps.answer(self.ports, handler, theirs.number, Answer(MARK), final=False)
                await pair.settle()
                self.clock.advance(days=2)
                await steps.answer(self.ports, handler, theirs.number, Answer(MARK), final=True)
                await pair.settle()
        for party, receiver in ((LEVANGER, GP_SERVICE), (VERDAL, GP_SERVICE)):
            case = await steps.new(self.ports, Person(Role.MELDER, party, "Mette Moe"), hidden, receiver)
            await steps.submit(self.ports, Person(Role.MELDER, party, "Mette Moe"), case.number)
        assert text
        await pair.settle()

    async def _messages(self) -> None:
        pair, ports = self.pair, self.ports
        texts = dict.fromkeys(("case_number", "title", "description", "consequence"), MARK)
        deviation = replace(read_deviation(DEVIATION), **texts)
        await submit(ports, deviation, VERDAL_SERVICE, LEVANGER_SERVICE)
        await pair.settle()
        self.clock.advance(minutes=7)
        await submit(ports, deviation, LEVANGER_SERVICE, GP_SERVICE)
        # Lost on the way: it is resent until its attempts are used up.
        for _ in range(8):
            await pair.settle(lambda _mail: None)
            self.clock.advance(hours=13)
        await submit(ports, deviation, LEVANGER_SERVICE, GP_SERVICE)
        await pair.settle()
        self.clock.advance(minutes=20)
        await pair.municipal.take(f"Subject: {MARK}\r\nContent-Type: text/plain\r\n\r\n{MARK} {NUMBER}".encode())
        await submit(ports, deviation, LEVANGER_SERVICE, GP_SERVICE)
        self.clock.set(FILLED_AT)
        await pair.municipal.work()
        pair.municipal.sent.clear()
        await submit(ports, deviation, LEVANGER_SERVICE, GP_SERVICE)


_ACTS = {steps.submit: Role.MELDER, steps.approve: Role.KVALITETSSIKRER, steps.send: Role.KVALITETSSIKRER}


@asynccontextmanager
async def opened_site(url: str, at_rest: AtRest, *, gp_url: str = "", environment: str = "test") -> AsyncIterator[Here]:
    """Open the municipalities' pages on a database; with `gp_url` the GP's engine has one too, to exchange with."""
    pair = Pair()
    stores = [PostgresStore(each, at_rest) for each in (url, gp_url) if each]
    for store in stores:
        await store.open()
        await store.ensure_partitions(pair.clock.now())
    pair.municipal.ports = replace(pair.municipal.ports, store=stores[0], ids=RandomIds())
    if gp_url:
        pair.gp.ports = replace(pair.gp.ports, store=stores[1], ids=RandomIds())
    else:
        pair.clock.set(FILLED_AT)
    settings = Settings(
        parties=(LEVANGER, VERDAL),
        environment=environment,
        database={"url": "postgresql://x"},
        data_dir=Path("/nowhere"),
    )
    await stores[0].raise_fence()
    try:
        yield Here(pair, stores[0], settings)
    finally:
        for store in stores:
            await store.close()
        await asyncio.sleep(0)


OWNERS = (LEVANGER, VERDAL, OPERATOR)
