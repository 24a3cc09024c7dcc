"""Who approves a deviation is another person than who wrote it, unless the party has said otherwise (process.md A3)."""

from dataclasses import replace

import pytest

from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.xml import read_deviation
from engine.errors import Refused
from engine.register.parties_file import registry_from
from engine.states.case import CaseState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.world.parties import GP_SERVICE, LEVANGER_SERVICE, table
from tests.fakes.world.surroundings import DEVIATION

TEXT = read_deviation(DEVIATION)


def assurer(name: str) -> Person:
    """Return somebody of the GP's office who may report and approve."""
    return Person(Role.KVALITETSSIKRER, GP_SERVICE, name)


async def approved(pair: Pair, writer: str, corrector: str, approver: str) -> CaseState:
    """Let three persons write, correct and approve a deviation; return where it stands."""
    ports = pair.gp.ports
    case = await steps.new(ports, assurer(writer), TEXT, LEVANGER_SERVICE)
    await steps.submit(ports, assurer(corrector), case.number, TEXT if corrector != writer else None)
    return (await steps.approve(ports, assurer(approver), case.number)).state


async def test_another_person_may_approve() -> None:
    """Two persons in the same role are two persons."""
    assert await approved(Pair(), "Mette", "Mette", "Kjell") is CaseState.GODKJENT


@pytest.mark.parametrize(
    ("writer", "corrector", "approver"),
    [
        ("Mette", "Mette", "Mette"),
        ("Mette", "Mette", "METTE"),
        ("Mette", "Kjell", "Mette"),
        ("Mette", "Kjell", "Kjell"),
        ("Mette", "Mette", ""),
        ("", "", "Kjell"),
    ],
)
async def test_who_wrote_or_corrected_a_draft_does_not_approve_it(writer: str, corrector: str, approver: str) -> None:
    """Nor does a person whom nobody knows, for whom somebody else wrote or not."""
    with pytest.raises(Refused, match=r"case\.same_person"):
        await approved(Pair(), writer, corrector, approver)


async def test_an_office_of_one_may_say_otherwise() -> None:
    """A party whose row in the parties file says second_person = false lets its only person do both."""
    rows = table()
    for row in rows["party"]:
        if row["her"] in {"8090300", "8090301"}:
            row["second_person"] = False
    assert await approved(Pair(registry_from(rows)), "Mette", "Mette", "Mette") is CaseState.GODKJENT


async def test_each_correction_adds_its_writer_once() -> None:
    """The case remembers everybody who wrote, each once, in the order in which they did."""
    pair = Pair()
    case = await steps.new(pair.gp.ports, assurer("Mette"), TEXT, LEVANGER_SERVICE)
    for name in ("Kjell", "Mette", "Kjell"):
        case = await steps.submit(pair.gp.ports, assurer(name), case.number, replace(TEXT, title=f"Rettet av {name}"))
        case = await steps.return_(pair.gp.ports, assurer("Siri"), case.number, "mangler tid")
    assert case.written_by == ("Mette", "Kjell")
