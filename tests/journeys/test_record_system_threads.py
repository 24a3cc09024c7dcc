"""Both references of a record system's reply lead to one thread that its party has, or the reply does not leave."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import pytest

from adapters.machine.system import LARGE_BYTES
from engine.errors import Refused
from engine.names import HerId
from engine.payload.apprec import ApprecError
from engine.record_system.taking import take_word
from engine.records.messages import Kind
from engine.states.case import CaseState
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import report
from tests.fakes.partners.documents import apprec, reply
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL_SERVICE

T = TypeVar("T")


def id_of(number: int) -> str:
    """Return a MsgId of a record system."""
    return str(UUID(int=number, version=4))


async def two_cases(pair: Pair, second: HerId = LEVANGER_SERVICE) -> tuple[str, str]:
    """Let the GP report two cases, the second to whom is said; return their conversations."""
    found = []
    for receiver in (LEVANGER_SERVICE, second):
        found.append(str((await report(pair.gp, GP_SERVICE, receiver)).first_msg_id))
        await pair.settle()
    return found[0], found[1]


async def states(pair: Pair) -> list[set[CaseState]]:
    """Return the states of the cases at both sides."""
    sides = ((pair.gp, GP), (pair.municipal, LEVANGER))
    return [{case.state for case in await side.ports.store.list_cases(owner)} for side, owner in sides]


@pytest.mark.parametrize("second", [LEVANGER_SERVICE, VERDAL_SERVICE])
async def test_references_to_two_threads_are_refused(pair: Pair, second: HerId) -> None:
    """A parent in one case and the conversation of another, our own or somebody else's, moves neither side."""
    first, other = await two_cases(pair, second)
    before = await states(pair)
    for number, (parent, thread) in enumerate([(first, other), (other, first)], 1):
        with pytest.raises(Refused, match=r"record_system\.(mixed_threads|answers_nothing)"):
            await take_word(pair.municipal.ports, LEVANGER_SERVICE, reply(thread, id_of(number), parent=parent))
    await pair.settle()
    assert await states(pair) == before
    assert [row for row in await pair.municipal.outbound() if row.kind is Kind.MELDING] == []


@pytest.mark.parametrize("unknown", ["parent", "conversation"])
async def test_a_reference_to_what_was_never_received_is_refused(pair: Pair, unknown: str) -> None:
    """One reference that leads nowhere is not made good by the other."""
    first, _ = await two_cases(pair)
    parent, thread = (id_of(9), first) if unknown == "parent" else (first, id_of(9))
    with pytest.raises(Refused, match=r"record_system\.(mixed_threads|answers_nothing)"):
        await take_word(pair.municipal.ports, LEVANGER_SERVICE, reply(thread, id_of(1), parent=parent))
    assert (await states(pair))[1] == {CaseState.UNDER_BEHANDLING}


async def test_a_later_message_of_the_thread_may_be_answered(pair: Pair) -> None:
    """A reply to the reminder, in the conversation of the deviation, goes and answers that case alone."""
    first, _ = await two_cases(pair)
    pair.clock.set((await pair.gp.ports.store.list_cases(GP))[-1].reminder_at)
    await pair.settle()
    (reminder,) = [item for item in await pair.municipal.inbox(LEVANGER) if item.conversation == first]
    written = reply(first, id_of(1), parent=str(reminder.msg_id))
    await take_word(pair.municipal.ports, LEVANGER_SERVICE, written)
    found = {str(case.first_msg_id): case.state for case in await pair.municipal.ports.store.list_cases(LEVANGER)}
    assert found.pop(first) is CaseState.BESVART
    assert set(found.values()) == {CaseState.PURRET}


class Watched:
    """Runs steps at once, and keeps what sizes were named."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def run(self, size: int, step: Callable[[], T]) -> T:
        """See engine.ports.Offload."""
        self.sizes.append(size)
        return step()


async def test_every_file_is_read_off_the_loop(pair: Pair) -> None:
    """However small a file is, it is read where it does not hold others up."""
    side, watched = pair.municipal, Watched()
    side.ports = replace(side.ports, offload=watched)
    for content in (b"x", reply("ukjent", id_of(1))):
        with pytest.raises(Refused):
            await take_word(side.ports, LEVANGER_SERVICE, content)
    assert len(watched.sizes) == 2
    assert min(watched.sizes) >= LARGE_BYTES


async def test_a_number_in_an_apprec_is_refused(pair: Pair) -> None:
    """What a record system says of an error goes out as it is, and so may hold no national number."""
    first, _ = await two_cases(pair)
    errors = [ApprecError("E21", "Gjelder 158202 /50068.")]
    with pytest.raises(Refused, match=r"document\.holds_number"):
        await take_word(pair.municipal.ports, LEVANGER_SERVICE, apprec(first, LEVANGER_SERVICE, GP_SERVICE, 2, errors))
