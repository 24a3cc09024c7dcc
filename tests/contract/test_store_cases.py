"""Cases in the store: what was stored comes back, states guard each change, and one reminder a leg is all there is."""

import asyncio
from dataclasses import replace
from datetime import date

from engine.names import MsgId
from engine.states.case import CaseState
from tests.fakes.clock import START
from tests.fakes.rows import OURS, case, message


async def test_case_comes_back_as_it_was_stored(store) -> None:
    """A case and its content come back equal, by id, conversation and delivery."""
    full = case(
        state=CaseState.SVAR_IKKE_VURDERT,
        former=CaseState.LEVERT,
        conversation=MsgId("first"),
        last=MsgId("last"),
        delivery=message().id,
        start=date(2026, 3, 2),
        due=date(2026, 4, 1),
        reminder_at=START,
        reminded_at=START,
        answered_at=START,
    )
    async with store.begin() as unit:
        await unit.add_case(OURS, full, b"draft")
    async with store.begin() as unit:
        assert await unit.case(OURS, full.id) == full
        assert await unit.case_content(OURS, full.id) == b"draft"
        assert await unit.cases_by_conversation(OURS, MsgId("first")) == [full]
        assert await unit.case_by_delivery(OURS, message().id) == full
    assert await store.list_cases(OURS) == [full]
    assert await store.list_cases(OURS, CaseState.KLADD) == []


async def test_case_moves_only_from_the_state_that_is_named(store) -> None:
    """A change that names another state than the case is in changes nothing."""
    async with store.begin() as unit:
        await unit.add_case(OURS, case(), b"draft")
        moved = case(state=CaseState.TIL_KVALITETSSIKRING)
        assert not await unit.settle_case(OURS, moved, CaseState.RETURNERT)
        assert await unit.settle_case(OURS, moved, CaseState.KLADD)
        assert await unit.case(OURS, case().id) == moved


async def test_content_is_replaced(store) -> None:
    """A corrected draft takes the place of the old one."""
    async with store.begin() as unit:
        await unit.add_case(OURS, case(), b"draft")
        await unit.keep_case_content(OURS, case().id, b"corrected")
        assert await unit.case_content(OURS, case().id) == b"corrected"


async def test_numbers_are_never_given_twice(store) -> None:
    """Each case gets a number that no other has."""
    async with store.begin() as unit:
        first = await unit.next_case_number()
        await unit.add_case(OURS, replace(case(), number=str(first)), b"")
        assert await unit.next_case_number() != first


async def test_one_of_two_claimers_gets_the_reminder(store) -> None:
    """When two nodes claim the reminder of the same leg at once, one gets it; the next leg has its own."""
    async with store.begin() as unit:
        await unit.add_case(OURS, case(), b"")

    async def claim(leg: int) -> bool:
        async with store.begin() as unit:
            claimed = await unit.claim_reminder(OURS, case().id, leg, START)
            await asyncio.sleep(0)
            return claimed

    assert sorted(await asyncio.gather(claim(1), claim(1))) == [False, True]
    assert await claim(2)
