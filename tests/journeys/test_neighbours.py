"""Two enterprises of one engine with a case between them: each with rows, numbers and logs of its own."""

import pytest

from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.fields import Answer
from engine.errors import Refused
from engine.records.messages import Kind
from engine.states.case import CaseState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of, events_of, report, settled
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE

HANDLER = Person(Role.SAKSBEHANDLER, VERDAL_SERVICE, "Siri Berg")


async def test_a_case_between_two_parties_of_one_engine_runs_from_draft_to_close(pair: Pair) -> None:
    """Levanger reports to Verdal through the engine of both: a case at each side, an answer, and both are closed."""
    side = pair.municipal
    await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    ours = await settled(pair, side, LEVANGER)
    theirs = await case_of(side, VERDAL)
    assert (ours.state, ours.reporting, ours.owner) == (CaseState.LEVERT, True, LEVANGER)
    assert (theirs.state, theirs.reporting, theirs.owner) == (CaseState.UNDER_BEHANDLING, False, VERDAL)
    assert (theirs.partner_number, theirs.due, theirs.first_msg_id) == (ours.number, ours.due, ours.first_msg_id)
    await steps.answer(side.ports, HANDLER, theirs.number, Answer("Ny rutine."), final=True)
    ours = await settled(pair, side, LEVANGER)
    assert (ours.state, (await case_of(side, VERDAL)).state) == (CaseState.BESVART, CaseState.BESVART)
    await steps.close(side.ports, Person(Role.SAKSBEHANDLER, LEVANGER, "Siri Berg"), ours.number)
    assert (await case_of(side, VERDAL)).state is CaseState.BESVART
    assert await pair.gp.inbound() == []


async def test_each_side_has_rows_of_its_own(pair: Pair) -> None:
    """Documents, inbox, tasks and timelines belong to one of the two, and neither's list shows the other's."""
    side, store = pair.municipal, pair.municipal.ports.store
    await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    ours = await settled(pair, side, LEVANGER)
    theirs = await case_of(side, VERDAL)
    sent = [row for row in await store.list_outbound(LEVANGER) if row.kind is Kind.MELDING]
    assert [row.receiver_her for row in sent] == [VERDAL_SERVICE]
    assert [row for row in await store.list_outbound(VERDAL) if row.kind is Kind.MELDING] == []
    assert (await store.list_inbox(LEVANGER), len(await store.list_inbox(VERDAL))) == ([], 1)
    assert {task.subject for task in await store.list_tasks(VERDAL)} == {theirs.id}
    assert theirs.id not in {task.subject for task in await store.list_tasks(LEVANGER, open_only=False)}
    assert await store.timeline(VERDAL, ours.id) == []
    assert await store.timeline(LEVANGER, theirs.id) == []
    assert await events_of(side, ours)
    assert await events_of(side, theirs)


async def test_neither_reaches_the_others_case_by_number_or_id(pair: Pair) -> None:
    """The same number is two cases, one a side; the other's own id leads nowhere."""
    side = pair.municipal
    await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    ours = await settled(pair, side, LEVANGER)
    theirs = await case_of(side, VERDAL)
    assert ours.number == theirs.number == "AVVIK-2026-000001"
    for her, mine in ((LEVANGER, ours), (VERDAL, theirs)):
        found, _ = await steps.look(side.ports, Person(Role.SEKRETARIAT, her, "Stein Lie"), mine.number)
        assert found.id == mine.id
    with pytest.raises(Refused, match=r"case\.not_found"):
        await steps.look(side.ports, HANDLER, str(ours.id))
    with pytest.raises(Refused, match=r"case\.not_found"):
        await steps.answer(
            side.ports, Person(Role.SAKSBEHANDLER, LEVANGER, "Siri Berg"), str(theirs.id), Answer("Nei."), final=True
        )


async def test_every_enterprise_counts_its_own_cases_of_each_year_in_oslo(pair: Pair) -> None:
    """Numbers run from 1 a party and a year; the year turns at midnight in Oslo, not in UTC."""
    side = pair.municipal
    for _ in range(2):
        await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    await report(side, VERDAL_SERVICE, LEVANGER_SERVICE)
    await report(pair.gp, GP_SERVICE, LEVANGER_SERVICE)
    pair.clock.set(pair.clock.now().replace(month=12, day=31, hour=22, minute=59))
    await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    pair.clock.advance(minutes=1)
    await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    numbers = {
        owner: sorted(case.number[6:] for case in await engine.ports.store.list_cases(owner))
        for engine, owner in ((side, LEVANGER), (side, VERDAL), (pair.gp, GP))
    }
    assert numbers == {
        LEVANGER: ["2026-000001", "2026-000002", "2026-000003", "2027-000001"],
        VERDAL: ["2026-000001"],
        GP: ["2026-000001"],
    }


async def test_one_reminder_between_neighbours(pair: Pair) -> None:
    """The reminder of a case between two parties of one engine leaves once, and moves both sides."""
    side = pair.municipal
    await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    ours = await settled(pair, side, LEVANGER)
    pair.clock.set(ours.reminder_at)
    assert (await settled(pair, side, LEVANGER)).state is CaseState.PURRET
    assert (await case_of(side, VERDAL)).state is CaseState.PURRET
    pair.clock.advance(days=60)
    await pair.settle()
    assert len([row for row in await side.outbound() if row.kind is Kind.MELDING]) == 2


async def test_a_withdrawal_between_neighbours_ends_both(pair: Pair) -> None:
    """What the reporter withdraws is withdrawn at the other side, in the same engine."""
    side = pair.municipal
    sent = await report(side, LEVANGER_SERVICE, VERDAL_SERVICE)
    await pair.settle()
    await steps.withdraw(
        side.ports, Person(Role.MELDER, LEVANGER, "Mette Moe"), sent.number, "Gjaldt en annen avdeling"
    )
    await pair.settle()
    assert {(await case_of(side, owner)).state for owner in (LEVANGER, VERDAL)} == {CaseState.TRUKKET}
