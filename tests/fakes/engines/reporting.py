"""The steps that bring a deviation case from a draft to the other side, and what both sides then hold."""

from dataclasses import replace

from engine.case.record import Case
from engine.casework import steps
from engine.commit.actor import Person
from engine.deviation.xml import read_deviation
from engine.names import HerId
from engine.records.log import Event
from engine.records.messages import Kind, OutgoingMessage
from engine.states.role import Role
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.world.surroundings import DEVIATION


async def report(side: Side, sender: HerId, receiver: HerId, **changed: object) -> Case:
    """Draft, submit, approve and send the example deviation, changed so; nothing is carried yet."""
    ports, assurer = side.ports, Person(Role.KVALITETSSIKRER, sender, "Kjell Krog")
    deviation = replace(read_deviation(DEVIATION), **changed)
    case = await steps.new(ports, Person(Role.MELDER, sender, "Mette Moe"), deviation, receiver)
    await steps.submit(ports, Person(Role.MELDER, sender, "Mette Moe"), case.number)
    await steps.approve(ports, assurer, case.number)
    return await steps.send(ports, assurer, case.number)


async def case_of(side: Side, owner: HerId) -> Case:
    """Return an enterprise's only case."""
    (case,) = await side.ports.store.list_cases(owner)
    return case


async def events_of(side: Side, case: Case) -> list[Event]:
    """Return what happened to a case, in order."""
    return [stored.event for stored in await side.ports.store.timeline(case.owner, case.id)]


async def sent_documents(side: Side, kind: Kind = Kind.MELDING) -> list[tuple[OutgoingMessage, bytes]]:
    """Return every document of a kind that a side has queued or sent, with its bytes, oldest first."""
    found = []
    async with side.ports.store.begin() as unit:
        for row in await side.outbound():
            document = await unit.document(row.owner, row.id)
            if row.kind is kind and document is not None:
                found.append((row, document))
    return found


async def settled(pair: Pair, side: Side, owner: HerId) -> Case:
    """Carry everything there is, and return an enterprise's only case."""
    await pair.settle()
    return await case_of(side, owner)
