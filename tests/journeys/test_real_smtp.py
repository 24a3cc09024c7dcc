"""Two engines with PostgreSQL and real SMTP between them: what must hold however the network behaves."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.demo import network as net
from adapters.demo.network import Network
from adapters.keys.at_rest import AtRest
from engine.agreements.purpose import Purpose
from engine.records.messages import Kind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.engines.real_pair import RealPair, real_pair
from tests.fakes.world.clock import START
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    MUNICIPAL_ADDRESS,
    inline,
    registry,
    test_keys,
)


@pytest.fixture
async def opened(urls: tuple[str, str], at_rest: AtRest) -> AsyncIterator[tuple[RealPair, Network]]:
    """Give two engines and the network between them."""
    async with real_pair(urls, at_rest) as found:
        yield found


async def _business(pair: RealPair) -> DeliveryState:
    return next(row.state for row in await pair.gp.outbound() if row.kind is Kind.MELDING)


async def _states(pair: RealPair) -> list[InboundState]:
    return [row.state for row in await pair.municipal.inbound() if row.kind in {Kind.MELDING, None}]


async def test_a_deviation_travels_and_every_receipt_comes_back(opened: tuple[RealPair, Network]) -> None:
    """A deviation is delivered once, acknowledged and receipted, and all four legs come to rest."""
    pair, _ = opened
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    assert await _business(pair) is DeliveryState.LEVERT
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    assert {row.state for row in await pair.municipal.outbound()} == {DeliveryState.FULLFORT}
    assert not await pair.gp.tasks()
    assert not await pair.municipal.tasks()


async def test_restart_between_any_two_steps_loses_and_doubles_nothing(opened: tuple[RealPair, Network]) -> None:
    """With both engines restarted after every single piece of work, the deviation is delivered exactly once."""
    pair, _ = opened
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    assert await pair.settle_with_restarts() >= 6
    assert await _business(pair) is DeliveryState.LEVERT
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    assert len(await pair.gp.inbox(GP)) == 1


async def test_lost_acknowledgment_is_asked_for_again(opened: tuple[RealPair, Network]) -> None:
    """When acknowledgment and AppRec are lost, the same envelope goes again after 12 hours and all ends well."""
    pair, network = opened
    network.next_time(net.is_signal, net.lost)
    network.next_time(net.is_message_from(MUNICIPAL_ADDRESS), net.lost)
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    assert await _business(pair) is DeliveryState.SENDT
    pair.clock.advance(hours=12)
    await pair.settle()
    assert await _business(pair) is DeliveryState.LEVERT
    assert sorted(await _states(pair)) == [InboundState.DUPLIKAT, InboundState.LEVERT_INTERNT]
    assert len(await pair.municipal.inbox(LEVANGER)) == 1


async def test_lost_apprec_alarms_and_is_taken_late(opened: tuple[RealPair, Network]) -> None:
    """When only the AppRec is lost the sender is alarmed after the deadline; resent, it is still taken."""
    pair, network = opened
    network.next_time(net.is_message_from(MUNICIPAL_ADDRESS), net.lost)
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    pair.clock.advance(hours=4, minutes=1)
    await pair.settle()
    assert await _business(pair) is DeliveryState.MANGLER_APPREC
    assert [task.cause for task in await pair.gp.tasks()] == [DeliveryState.MANGLER_APPREC]
    pair.clock.advance(hours=8)
    await pair.settle()
    assert await _business(pair) is DeliveryState.LEVERT
    assert not await pair.gp.tasks()


async def test_duplicate_gets_the_stored_acknowledgment(opened: tuple[RealPair, Network]) -> None:
    """A mail that comes twice gives one inbox item and the same acknowledgment bytes twice."""
    pair, network = opened
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    first = next(mail for mail in network.passed if net.is_message(mail))
    signals = [mail for mail in network.passed if net.is_signal(mail)]
    await network.again(first)
    await pair.settle()
    again = [mail for mail in network.passed if net.is_signal(mail)][len(signals) :]
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    assert [mail.partition(b"\r\n\r\n")[2] for mail in again] == [signals[0].partition(b"\r\n\r\n")[2]]


async def test_tampered_mail_is_refused_and_nothing_of_it_is_kept_in_clear(opened: tuple[RealPair, Network]) -> None:
    """A changed attachment gives SecurityFailure at the sender, no inbox item, and leaves no claim on the id."""
    pair, network = opened
    network.next_time(net.is_message, net.tampered)
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    assert await _business(pair) is DeliveryState.TRANSPORTFEIL
    assert await _states(pair) == [InboundState.AVVIST_TRANSPORT]
    assert not await pair.municipal.inbox(LEVANGER)
    genuine = next(mail for mail in network.passed if net.is_message(mail))
    await network.again(genuine)
    await pair.settle()
    assert len(await pair.municipal.inbox(LEVANGER)) == 1


async def test_expired_certificate_is_refused(opened: tuple[RealPair, Network]) -> None:
    """A message whose signing certificate expired on the way is refused with SecurityFailure, and not decrypted."""
    pair, _ = opened
    short = test_keys().issue(GP, Purpose.SIGNING, lasts=timedelta(hours=1))
    long = test_keys().der(GP, Purpose.ENCRYPTION)
    rows = [inline(short, Purpose.SIGNING, valid_to=START + timedelta(days=9)), inline(long, Purpose.ENCRYPTION)]
    pair.use(registry(her_8090300={"certificates": rows}))
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.clock.advance(hours=2)
    await pair.gp.one()
    await pair.municipal.one()
    assert await _states(pair) == [InboundState.AVVIST_TRANSPORT]
    assert "certificate.expired" in (await pair.municipal.inbound())[0].reason


async def test_engine_that_cannot_answer_waits_and_says_why(opened: tuple[RealPair, Network]) -> None:
    """When our own certificate has expired, a mail that needs an answer waits with the reason and a task."""
    pair, _ = opened
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    pair.clock.advance(days=3 * 365 + 2)
    await pair.gp.one()
    await pair.municipal.one()
    assert await _states(pair) == [InboundState.VENTER]
    assert [task.cause for task in await pair.municipal.tasks()] == [InboundState.VENTER]


async def test_server_that_is_down_is_tried_again(opened: tuple[RealPair, Network]) -> None:
    """When no mail server answers, the message waits with growing pauses and leaves when one does."""
    pair, network = opened
    port = pair.gp._relay_port
    await network.stop()
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.one()
    assert await _business(pair) is DeliveryState.KO
    pair.clock.advance(minutes=1)
    await pair.gp.one()
    network._listener._listen = network._listener._listen.model_copy(update={"port": port})
    await network.start()
    pair.clock.advance(minutes=2)
    await pair.settle()
    assert await _business(pair) is DeliveryState.LEVERT
