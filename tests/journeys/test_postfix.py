"""Between real mail servers: two engines with Postfix between them, which keeps, returns and repeats mail by itself."""

import asyncio
import re
import smtplib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest

from adapters.keys.at_rest import AtRest
from adapters.postgres.embedded import EmbeddedPostgres
from adapters.settings import Listen, ListenProtocol
from engine.names import HerId
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.states.delivery import DeliveryEvent, DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.real_pair import RealPair, RealSide
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.partners.wire import GOODBYE, ScriptedServer, serving
from tests.fakes.servers.postfix import PASSWORD, USER, Postfix, postfix
from tests.fakes.waiting import PATIENCE, until
from tests.fakes.world.parties import GP, GP_ADDRESS, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, MUNICIPAL_ADDRESS

_NAMES = count(1)
_NOT_ROUTED = "error:nobody is there yet"


class Between:
    """Two engines and the server between them. `ports` is where the engines listen, by address."""

    def __init__(self, server: Postfix, secret: Path, protocol: ListenProtocol) -> None:
        self.pair = RealPair()
        self.server = server
        self.protocol = protocol
        self.ports: dict[str, int] = {}
        self.relay = {"tls": "starttls", "ca_file": server.ca, "user": USER, "password_file": secret}

    def route(self, address: str, port: int) -> None:
        """Remember where an engine listens."""
        self.ports[address] = port

    def side(self, ports, url: str, at_rest: AtRest, address: str) -> RealSide:
        """Return an engine behind the server."""
        made = RealSide(ports, url, at_rest, address, self)
        made.listen = Listen(port=0, protocol=self.protocol)
        made.relay = dict(self.relay)
        return made

    def use(self, **ports: int) -> None:
        """Let the server deliver to the engines, or to another port for the GP's office."""
        lines = {address: f"{self.protocol}:inet:127.0.0.1:{port}" for address, port in self.ports.items()}
        if self.protocol is ListenProtocol.SMTP:
            lines = {address: f"smtp:[127.0.0.1]:{port}" for address, port in self.ports.items()}
        if "municipal" in ports:
            lines[MUNICIPAL_ADDRESS] = f"smtp:[127.0.0.1]:{ports['municipal']}"
        self.server.route(lines)

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Let both engines work until something is so."""
        async with asyncio.timeout(PATIENCE):
            while not await holds():
                await self.pair.settle()
                await asyncio.sleep(0.02)

    async def send(self) -> OutgoingMessage:
        """Queue a deviation of the GP's office to Levanger, and hand it to the server."""
        sent = await self.pair.submit(GP_SERVICE, LEVANGER_SERVICE)
        await self.pair.gp.one()
        return sent

    async def state(self, sent: OutgoingMessage) -> DeliveryState:
        """Return where a delivery of the GP's stands."""
        return (await self.pair.gp.message(sent.id)).state

    async def is_in(self, sent: OutgoingMessage, state: DeliveryState) -> bool:
        """Say whether a delivery of the GP's has come to a state."""
        return await self.state(sent) is state

    async def documents(self) -> list[IncomingMail]:
        """Return the mails with a document that came to the municipalities."""
        return [row for row in await self.pair.municipal.inbound() if row.kind is Kind.MELDING]


@pytest.fixture(scope="module")
def server() -> Iterator[Postfix]:
    """Run one Postfix for these tests, which lets nobody send who has not logged in."""
    with postfix({"*": _NOT_ROUTED}, log_in=True) as running:
        yield running


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file with our password at the server."""
    path = tmp_path_factory.mktemp("relay") / "passord"
    path.write_text(f"{PASSWORD}\n", "utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def urls(pg_server: EmbeddedPostgres) -> Iterator[tuple[str, str]]:
    """Give two fresh databases."""
    names = [f"postfix_{next(_NAMES)}" for _ in range(2)]
    for name in names:
        pg_server.create_database(name, template="samvik_template")
    yield pg_server.url(names[0]), pg_server.url(names[1])
    for name in names:
        pg_server.drop_database(name)


@asynccontextmanager
async def opened(
    server: Postfix, secret: Path, urls: tuple[str, str], at_rest: AtRest, protocol: ListenProtocol
) -> AsyncIterator[Between]:
    """Run both engines behind the server."""
    here = Between(server, secret, protocol)
    pair = here.pair
    pair.municipal = here.side(pair.municipal.ports, urls[0], at_rest, MUNICIPAL_ADDRESS)
    pair.gp = here.side(pair.gp.ports, urls[1], at_rest, GP_ADDRESS)
    await pair.municipal.start(server.port)
    await pair.gp.start(server.port)
    try:
        here.use()
        yield here
    finally:
        await pair.gp.stop()
        await pair.municipal.stop()
        # Receipts may be under way still, and the next test counts what is there.
        server.clear()


@pytest.fixture
async def here(server: Postfix, secret: Path, urls: tuple[str, str], at_rest: AtRest) -> AsyncIterator[Between]:
    """Give two engines that Postfix delivers to over SMTP."""
    async with opened(server, secret, urls, at_rest, ListenProtocol.SMTP) as found:
        yield found


@pytest.mark.parametrize("protocol", list(ListenProtocol))
async def test_a_deviation_and_its_receipts_travel_through_postfix(
    server: Postfix, secret: Path, urls: tuple[str, str], at_rest: AtRest, protocol: ListenProtocol
) -> None:
    """Over STARTTLS with a log-in to Postfix, and on over SMTP or LMTP: delivered, acknowledged, receipted; no task."""
    begin = len(server.log())
    async with opened(server, secret, urls, at_rest, protocol) as here:
        sent = await here.send()
        await here.until(lambda: here.is_in(sent, DeliveryState.LEVERT))
        await here.until(lambda: _all_done(here))
        assert len(await here.pair.municipal.inbox(LEVANGER)) == 1
        assert await here.pair.gp.tasks() == await here.pair.municipal.tasks() == []
    log = server.log()[begin:]
    assert f"sasl_username={USER}" in log
    assert re.search(rf"postfix/{protocol}\[.*status=sent \(250 Stored as", log)


async def _all_done(here: Between) -> bool:
    return {row.state for row in await here.pair.municipal.outbound()} == {DeliveryState.FULLFORT}


@pytest.mark.parametrize("protocol", list(ListenProtocol))
@pytest.mark.parametrize("away", ["store", "listener"])
async def test_postfix_keeps_what_we_cannot_take_now(
    server: Postfix, secret: Path, urls: tuple[str, str], at_rest: AtRest, protocol: ListenProtocol, away: str
) -> None:
    """While our store or all of our node is away the mail stays in the server's queue; then it comes, once."""
    async with opened(server, secret, urls, at_rest, protocol) as here:
        side = here.pair.municipal
        side.store_is_away = True
        if away == "listener":
            await side._listener.stop()
        sent = await here.send()
        await _deferred(server)
        assert await here.documents() == []
        side.store_is_away = False
        if away == "listener":
            here.route(MUNICIPAL_ADDRESS, await side._listener.start())
            here.use()
        server.flush()
        await here.until(lambda: here.is_in(sent, DeliveryState.LEVERT))
        assert [row.state for row in await here.documents()] == [InboundState.LEVERT_INTERNT]


async def test_what_the_partners_server_refuses_comes_back_to_its_delivery(here: Between) -> None:
    """550 at the partner's: Postfix returns the mail to us, and the delivery is TRANSPORTFEIL with the code (T23)."""
    here.pair.municipal.addresses.clear()
    sent = await here.send()
    assert await here.state(sent) is DeliveryState.SENDT
    await here.until(lambda: here.is_in(sent, DeliveryState.TRANSPORTFEIL))
    (bounce,) = await here.pair.gp.inbound()
    assert (bounce.state, bounce.owner) == (InboundState.KORRELERT, GP)
    store = here.pair.gp.ports.store
    last = (await store.timeline(GP, sent.id))[-1].event
    assert last.action == DeliveryEvent.RETURNED
    assert last.data["code"] == "5.0.0"
    async with store.begin() as uow:
        word = await uow.partner_word(GP, sent.id)
    assert word is not None
    assert b"550 No party here has this address" in word
    assert [task.cause for task in await here.pair.gp.tasks()] == ["TRANSPORTFEIL"]
    assert len(await here.pair.gp.outbound()) == 1
    assert here.server.queued() == 0


async def _arrived(partner: ScriptedServer, most: int) -> None:
    await until(lambda: len(partner.mails) >= most)


async def _deferred(server: Postfix) -> None:
    await until(lambda: server.deferred() > 0)


async def test_a_partner_that_greylists_gets_the_mail_at_the_second_try(here: Between) -> None:
    """450 first, then taken: no state of ours moves in between, and the document arrives once."""
    partner = ScriptedServer()
    partner.once["RCPT"] = b"450 4.2.0 Greylisted, come back later"
    async with serving(partner) as port:
        here.use(municipal=port)
        sent = await here.send()
        await _deferred(here.server)
        assert await here.state(sent) is DeliveryState.SENDT
        here.server.flush()
        await _arrived(partner, 1)
    await here.pair.municipal.take(partner.mails[0].removesuffix(b".\r\n"))
    await here.until(lambda: here.is_in(sent, DeliveryState.LEVERT))
    assert await here.pair.gp.tasks() == []


async def test_a_mail_that_postfix_hands_over_twice_is_processed_once(here: Between) -> None:
    """The partner's line breaks after DATA: Postfix sends the mail again, both copies come, one document stands."""
    partner = ScriptedServer()
    partner.once["mail"] = GOODBYE
    async with serving(partner) as port:
        here.use(municipal=port)
        sent = await here.send()
        await _deferred(here.server)
        here.server.flush()
        await _arrived(partner, 2)
    for mail in partner.mails:
        await here.pair.municipal.take(mail.removesuffix(b".\r\n"))
    assert sorted(row.state for row in await here.documents()) == [InboundState.DUPLIKAT, InboundState.LEVERT_INTERNT]
    here.use()
    await here.until(lambda: here.is_in(sent, DeliveryState.LEVERT))
    assert len(await here.pair.municipal.inbox(HerId(LEVANGER))) == 1


async def test_a_wrong_password_at_postfix_costs_no_message_its_delivery(here: Between, tmp_path: Path) -> None:
    """535 leaves the message in the queue with one reason; with the right password it goes."""
    path = tmp_path / "passord"
    path.write_text("feil\n", "utf-8")
    path.chmod(0o600)
    side = here.pair.gp
    side.relay["password_file"] = path
    await side.restart()
    here.use()
    sent = await here.send()
    found = await side.message(sent.id)
    assert found.state is DeliveryState.KO
    assert found.reason == 'mail_server.wrong_password {"status": "535"}'
    path.write_text(f"{PASSWORD}\n", "utf-8")
    here.pair.clock.advance(minutes=2)
    await here.until(lambda: here.is_in(sent, DeliveryState.LEVERT))


async def test_a_mail_above_postfixs_limit_is_stopped_before_it_is_sent(
    secret: Path, urls: tuple[str, str], at_rest: AtRest
) -> None:
    """Postfix announces 9 000 bytes: the delivery is TRANSPORTFEIL, and the sentence names both sizes."""
    with postfix({"*": _NOT_ROUTED}, most_bytes=9_000, log_in=True) as small:
        async with opened(small, secret, urls, at_rest, ListenProtocol.SMTP) as here:
            sent = await here.send()
            found = await here.pair.gp.message(sent.id)
            assert found.state is DeliveryState.TRANSPORTFEIL
            assert re.match(r"mail_server\.too_large .*9000", found.reason)
        assert "from=<" not in small.log()


@pytest.mark.parametrize("protocol", list(ListenProtocol))
async def test_postfix_hands_over_mail_in_utf8_and_mail_to_the_desks(
    server: Postfix, secret: Path, urls: tuple[str, str], at_rest: AtRest, protocol: ListenProtocol
) -> None:
    """A message flagged SMTPUTF8 and 8BITMIME is taken; mail to postmaster and abuse is quarantined, with tasks."""
    begin = len(server.log())
    async with opened(server, secret, urls, at_rest, protocol) as here:
        domain = MUNICIPAL_ADDRESS.partition("@")[2]
        desks = [f"postmaster@{domain}", f"abuse@{domain}"]
        here.ports |= dict.fromkeys(desks, here.ports[MUNICIPAL_ADDRESS])
        here.use()
        message, letter = payload_mail(Letter(), document()), "Subject: Sør\r\n\r\nblåbær\r\n".encode()
        for to, mail in ((MUNICIPAL_ADDRESS, message), *((desk, letter) for desk in desks)):
            await asyncio.to_thread(_hand_in, server, to, mail)

        await here.until(lambda: _holds(here, 2))
        assert len(await here.pair.municipal.inbox(LEVANGER)) == 1
        assert [(task.cause, task.count) for task in await here.pair.municipal.tasks()] == [(InboundState.KARANTENE, 2)]
    log = server.log()[begin:]
    assert len(re.findall(rf"postfix/{protocol}\[.*status=sent \(250 Stored as", log)) >= 3
    assert "status=bounced" not in log


async def _holds(here: Between, count: int) -> bool:
    """Say whether a document has come, and so many mails for the desks are in quarantine."""
    held = [row.reason for row in await here.pair.municipal.inbound() if row.state is InboundState.KARANTENE]
    return bool(await here.documents()) and held == ["inbound.to_a_desk"] * count


def _hand_in(server: Postfix, to: str, mail: bytes) -> None:
    """Give a mail to Postfix as one that only a server with SMTPUTF8 may be given."""
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        client.starttls(context=ssl.create_default_context(cafile=str(server.ca)))
        client.login(USER, PASSWORD)
        client.sendmail("sør@testedi.nhn.no", [to], mail, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
