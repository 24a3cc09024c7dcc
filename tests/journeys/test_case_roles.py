"""Who may take which step in a case, and what a refusal says."""

from dataclasses import replace

import pytest

from engine.casework import steps
from engine.codes.case import CaseCode
from engine.codes.statement import Statement
from engine.commit.actor import Person, person
from engine.deviation.fields import Deviation
from engine.deviation.xml import read_deviation
from engine.errors import Refused
from engine.names import HerId
from engine.states.case import CaseState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

REPORTER = Person(Role.MELDER, GP_SERVICE, "Mette Moe")
ASSURER = Person(Role.KVALITETSSIKRER, GP, "Kjell Krog")


@pytest.fixture
def pair() -> Pair:
    """Give two engines, the municipalities' and the GP's."""
    return Pair()


def draft() -> Deviation:
    """Return what a GP reports, before it has a number."""
    return replace(read_deviation(DEVIATION), case_number="-")


async def test_illegal_step_says_what_is_possible_and_who_may(pair: Pair) -> None:
    """A step out of turn names the state, what is allowed from it and who may do it, and changes nothing."""
    case = await steps.new(pair.gp.ports, REPORTER, draft(), LEVANGER_SERVICE)
    with pytest.raises(Refused, match=r"case\.not_possible") as refused:
        await steps.approve(pair.gp.ports, ASSURER, case.number)
    said = refused.value.statement
    assert said is not None
    assert (said.params["number"], said.params["state"], said.params["step"]) == (case.number, "KLADD", "approve")
    assert said.params["ways"] == (
        Statement.of(CaseCode.WAY, step="submit", roles="kvalitetssikrer, melder, saksbehandler"),
        Statement.of(CaseCode.WAY, step="withdraw", roles="kvalitetssikrer, melder, sekretariat"),
    )
    with pytest.raises(Refused, match=r"case\.may_not.*kvalitetssikrer"):
        await steps.approve(pair.gp.ports, REPORTER, case.number)
    assert (await case_of(pair.gp, GP)).state is CaseState.KLADD


@pytest.mark.parametrize("role", [Role.SEKRETARIAT, Role.DRIFT])
async def test_who_may_not_report_opens_no_draft(pair: Pair, role: Role) -> None:
    """A role that does not report is refused, with those that may; no draft is opened and no number used."""
    with pytest.raises(Refused, match=r"case\.may_not.*kvalitetssikrer, melder, saksbehandler"):
        await steps.new(pair.gp.ports, Person(role, GP), draft(), LEVANGER_SERVICE)
    assert await pair.gp.ports.store.list_cases(GP) == []
    case = await steps.new(pair.gp.ports, REPORTER, draft(), LEVANGER_SERVICE)
    assert case.number == "AVVIK-2026-000001"


async def test_operations_look_at_no_case(pair: Pair) -> None:
    """Operations sees states, times and codes alone: what a case says is refused, and no look is logged."""
    case = await steps.new(pair.gp.ports, REPORTER, draft(), LEVANGER_SERVICE)
    with pytest.raises(Refused, match=r"case\.may_not.*\"step\": \"read\""):
        await steps.look(pair.gp.ports, Person(Role.DRIFT, GP, "Dag Dahl"), case.number)
    events = await pair.gp.ports.store.timeline(GP, case.id)
    assert [each.event.action for each in events] == ["new"]


def test_actor_is_a_role_at_a_party() -> None:
    """An actor is written ROLE@HER-ID; anything else is refused with the roles that there are."""
    assert person(f"melder@{GP}") == Person(Role.MELDER, GP)
    for wrong in ("melder", "sjef@8090300", "melder@abc", ""):
        with pytest.raises(Refused, match="melder, kvalitetssikrer"):
            person(wrong)


@pytest.mark.parametrize("receiver", ["8099999", GP_SERVICE])
async def test_no_draft_is_opened_for_a_receiver_to_whom_nothing_can_go(pair: Pair, receiver: str) -> None:
    """A party that no register knows, and oneself, are refused when the draft is opened, not when it is sent."""
    reporter = Person(Role.MELDER, GP_SERVICE)
    with pytest.raises(Refused, match=r"party\.not_registered|message\.to_itself"):
        await steps.new(pair.gp.ports, reporter, read_deviation(DEVIATION), HerId(receiver))
    assert await pair.gp.ports.store.list_cases(GP) == []
