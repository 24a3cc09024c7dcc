"""A merger in the middle of a case stops no clock and closes no mouth: both sides are followed to their successors."""

import asyncio
import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, seed, settings

from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.names import HerId
from engine.records.log import TaskCause
from engine.states.case import CaseState
from engine.states.delivery import DeliveryState
from engine.states.role import Role
from tests.fakes.engines.history import begun, histories_merged, play
from tests.fakes.engines.mail_watch import our_case
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, report, sent_documents, settled
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE, registry

MERGED = int(os.environ.get("SAMVIK_MERGED", "60"))
"""How many histories with mergers are played; SAMVIK_MERGED asks for more."""

HANDLER = Person(Role.SAKSBEHANDLER, LEVANGER_SERVICE, "Siri Berg")


@pytest.fixture
async def pair() -> Pair:
    """Two engines with a case of the GP's office that Levanger has."""
    made = Pair()
    await report(made.gp, GP_SERVICE, LEVANGER_SERVICE)
    await settled(made, made.gp, GP)
    return made


def retire(pair: Pair, her_id: HerId, successor: HerId) -> None:
    """Let a party end yesterday."""
    ended = (pair.clock.now() - timedelta(days=1)).date().isoformat()
    pair.use(registry(**{f"her_{her_id}": {"valid_to": ended, "successor": successor}}))


MERGERS = {
    "theirs, within the enterprise": (LEVANGER_SERVICE, LEVANGER, (GP_SERVICE, LEVANGER)),
    "theirs, into another enterprise": (LEVANGER_SERVICE, VERDAL_SERVICE, (GP_SERVICE, VERDAL_SERVICE)),
    "ours": (GP_SERVICE, GP, (GP, LEVANGER_SERVICE)),
}


@pytest.mark.parametrize(("ended", "successor", "speaks"), MERGERS.values(), ids=MERGERS)
async def test_the_one_reminder_leaves_on_its_day_between_the_successors(pair, ended, successor, speaks):
    """A party that ended before the reminder was due is reminded, or reminds, through its successor, and once."""
    case = await case_of(pair.gp, GP)
    pair.clock.set(case.reminder_at)
    retire(pair, ended, successor)
    await pair.settle()
    _, (reminder, _) = await sent_documents(pair.gp)
    assert (reminder.sender_her, reminder.receiver_her) == speaks
    assert reminder.state is DeliveryState.LEVERT
    assert (await case_of(pair.gp, GP)).reminded_at == case.reminder_at
    pair.clock.advance(days=60)
    await pair.settle()
    assert len(await sent_documents(pair.gp)) == 2


@pytest.mark.parametrize(
    ("ended", "successor", "speaks"),
    [(LEVANGER_SERVICE, LEVANGER, (LEVANGER, GP_SERVICE)), (GP_SERVICE, GP, (LEVANGER_SERVICE, GP))],
    ids=["who answers", "who is answered"],
)
async def test_a_case_is_confirmed_and_answered_between_the_successors(pair, ended, successor, speaks):
    """Whoever ended, the answer goes out, is taken for the case, and ends the other side's wait."""
    retire(pair, ended, successor)
    theirs = await case_of(pair.municipal, LEVANGER)
    await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Vi beklager."), final=True)
    await pair.settle()
    newest, _ = (await sent_documents(pair.municipal))[-1]
    assert (newest.sender_her, newest.receiver_her, newest.state) == (*speaks, DeliveryState.LEVERT)
    assert (await case_of(pair.gp, GP)).state in {CaseState.BESVART, CaseState.SVAR_IKKE_VURDERT}


async def test_nobody_of_another_enterprise_speaks_for_us(pair):
    """Where our successor is in another enterprise the step is refused, and the case is as it was."""
    retire(pair, LEVANGER_SERVICE, VERDAL_SERVICE)
    theirs = await case_of(pair.municipal, LEVANGER)
    with pytest.raises(Exception, match=r"message\.closed_with_successor"):
        await steps.answer(pair.municipal.ports, HANDLER, theirs.number, Answer("Vi beklager."), final=True)
    assert await case_of(pair.municipal, LEVANGER) == theirs


@settings(max_examples=MERGED, database=None, suppress_health_check=list(HealthCheck))
@seed(20261130)
@given(history=histories_merged)
def test_a_merger_at_any_moment_breaks_no_promise(history):
    """Whoever gives way to a successor, before, between and after all else: one reminder, on its day, none too many."""

    async def played() -> None:
        pair = await begun()
        await play(pair, history)
        case, now = await our_case(pair), pair.clock.now()
        overdue = case.state is CaseState.LEVERT and case.reminder_at is not None
        # A mail that could not be decided on may hold the answer; a person is then asked, merger or not.
        held = TaskCause.REMINDER_HELD in {task.cause for task in await pair.gp.tasks("saksbehandler")}
        late = overdue and not held and case.reminder_at < now - timedelta(hours=26)
        assert not late, "a merger stopped the clock"

    asyncio.run(played())
