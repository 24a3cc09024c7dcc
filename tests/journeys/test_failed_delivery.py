"""A deviation that does not reach its receiver calls a person in its case, whichever way it failed."""

from collections.abc import Awaitable, Callable

import pytest

from engine.operations.by_hand import cancel, hold
from engine.ports import SmtpOutcome
from engine.records.messages import OutgoingMessage
from engine.states.case import CaseEvent, CaseState
from engine.states.delivery import DeliveryState
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, events_of, report
from tests.fakes.partners.bounces import bounce
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER_SERVICE


async def rejected(pair: Pair, sent: OutgoingMessage) -> None:
    """Let the mail server refuse the mail for good."""
    pair.gp.outcome = SmtpOutcome.REJECTED
    await pair.gp.work()


async def given_up(pair: Pair, sent: OutgoingMessage) -> None:
    """Let every mail be lost until the resends are used up."""
    for _ in range(8):
        await pair.gp.work()
        pair.gp.sent.clear()
        pair.clock.advance(hours=12)


async def bounced(pair: Pair, sent: OutgoingMessage) -> None:
    """Let a mail server return the mail."""
    await pair.gp.work()
    await pair.gp.take(bounce(pair.gp.sent.pop()))


async def cancelled(pair: Pair, sent: OutgoingMessage) -> None:
    """Let operations take the message back before it has left."""
    await cancel(pair.gp.ports, KARI, sent.id, "Feil mottaker.")


async def held(pair: Pair, sent: OutgoingMessage) -> None:
    """Let operations keep the message from leaving."""
    await hold(pair.gp.ports, KARI, sent.id, "Vent litt.")


WAYS = {
    rejected: DeliveryState.TRANSPORTFEIL,
    given_up: DeliveryState.UBEKREFTET,
    bounced: DeliveryState.TRANSPORTFEIL,
    cancelled: DeliveryState.KANSELLERT,
    held: DeliveryState.STOPPET,
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_a_failed_delivery_reaches_its_case(
    pair: Pair, way: Callable[[Pair, OutgoingMessage], Awaitable[None]]
) -> None:
    """The case stays SENDES, its timeline says that the delivery failed, and its owner has a task."""
    case = await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    (sent,) = await pair.gp.outbound()
    await way(pair, sent)
    assert (await pair.gp.message(sent.id)).state is WAYS[way]
    assert (await case_of(pair.gp, GP)).state is CaseState.SENDES
    assert [each.action for each in await events_of(pair.gp, case)].count(CaseEvent.DELIVERY_FAILED) == 1
    tasks = [task for task in await pair.gp.ports.store.list_tasks(GP) if task.subject == case.id]
    assert CaseEvent.DELIVERY_FAILED in [task.cause for task in tasks]
