"""Cases in the store: what was stored comes back, states guard each change, and one reminder a leg is all there is."""

import asyncio
from datetime import date

import pytest

from engine.errors import Refused
from engine.names import MsgId
from engine.records.channels import CaseFile
from engine.states.case import CaseState
from tests.fakes.store.rows import OURS, STRANGER, THEIRS, case, item, message
from tests.fakes.world.clock import START


async def test_case_comes_back_as_it_was_stored(store) -> None:
    """A case and its content come back equal, by id, conversation and delivery."""
    full = case(
        state=CaseState.SVAR_IKKE_VURDERT,
        interrupted_state=CaseState.LEVERT,
        first_msg_id=MsgId("first"),
        last_msg_id=MsgId("last"),
        delivery=message().id,
        start=date(2026, 3, 2),
        due=date(2026, 4, 1),
        reminder_at=START,
        reminded_at=START,
        answered_at=START,
        confirmed_at=START,
        for_information=True,
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


async def test_files_come_back_in_their_order(store) -> None:
    """The files of a case keep order, names, types and bytes; a case without files has none."""
    files = [CaseFile(f"bilde æ{each}.png", "image/png", b"\x00\xff" * each) for each in range(1, 12)]
    async with store.begin() as unit:
        await unit.add_case(OURS, case(), b"draft")
        await unit.add_case(OURS, case(402), b"draft")
        await unit.add_case_files(OURS, case().id, files)
        await unit.add_case_files(OURS, case(402).id, [])
    async with store.begin() as unit:
        assert await unit.case_files(OURS, case().id) == files
        assert await unit.case_files(OURS, case(402).id) == []


async def test_each_owner_counts_its_own_cases_of_each_year(store) -> None:
    """Numbers run from 1 without a gap, an owner and a year apart."""
    counted = [(OURS, 2026, 1), (OURS, 2026, 2), (THEIRS, 2026, 1), (OURS, 2027, 1), (OURS, 2026, 3)]
    for owner, year, number in counted:
        async with store.begin() as unit:
            assert await unit.next_case_number(owner, year) == number


async def test_number_of_a_case_that_was_not_opened_is_given_again(store) -> None:
    """A transaction that fails takes its number back, so that no gap calls for an explanation."""

    async def fail() -> None:
        async with store.begin() as unit:
            assert await unit.next_case_number(OURS, 2026) == 1
            raise Refused("no case after all")

    with pytest.raises(Refused):
        await fail()
    async with store.begin() as unit:
        assert await unit.next_case_number(OURS, 2026) == 1


async def test_cases_opened_at_once_get_numbers_of_their_own(store) -> None:
    """Eight nodes that open a case at the same moment get eight numbers in a row."""

    async def count(_: int) -> int:
        async with store.begin() as unit:
            number = await unit.next_case_number(OURS, 2026)
            await asyncio.sleep(0)
            return number

    assert sorted(await asyncio.gather(*map(count, range(8)))) == list(range(1, 9))


async def test_case_is_found_by_its_number_or_its_id(store) -> None:
    """The readable number and the own id lead to the case, anything else to none, whatever it holds."""
    async with store.begin() as unit:
        for number in (401, 402):
            await unit.add_case(OURS, case(number), b"draft")
        for wanted in ("AVVIK-401", str(case(401).id)):
            assert await unit.case_by_number(OURS, wanted) == case(401)
        for wanted in ("AVVIK-403", "", "AVVIK-40%", "' OR 1=1 --", str(message().id), "x" * 5_000):
            assert await unit.case_by_number(OURS, wanted) is None


async def test_inbox_item_is_found_by_what_its_sender_called_it(store) -> None:
    """The same MsgId of two senders names two documents."""
    other = item(302, sender=STRANGER)
    async with store.begin() as unit:
        await unit.add_inbox_item(OURS, item(), b"first")
        await unit.add_inbox_item(OURS, other, b"other")
        assert await unit.inbox_item_by_msg_id(OURS, THEIRS, MsgId("document-1")) == (item(), b"first")
        assert await unit.inbox_item_by_msg_id(OURS, STRANGER, MsgId("document-1")) == (other, b"other")
        assert await unit.inbox_item_by_msg_id(OURS, THEIRS, MsgId("document-2")) is None


async def test_one_of_two_claimers_gets_the_reminder(store) -> None:
    """When two nodes claim the reminder of the same leg at once, one gets it; the next leg has its own."""
    async with store.begin() as unit:
        await unit.add_case(OURS, case(), b"")

    async def claim(leg: int) -> bool:
        async with store.begin() as unit:
            claimed = await unit.claim_reminder(OURS, case().id, leg, START, message(leg).id)
            await asyncio.sleep(0)
            return claimed

    assert sorted(await asyncio.gather(claim(1), claim(1))) == [False, True]
    assert await claim(2)


async def test_reminder_that_was_called_back_may_be_followed_by_one(store) -> None:
    """A leg's reminder is found by case and by message; called back, one more can be claimed, and no third."""
    first, second = message(101).id, message(102).id
    async with store.begin() as unit:
        await unit.add_case(OURS, case(), b"")
        assert await unit.reminder_of(OURS, case().id, 1) is None
        assert await unit.case_of_reminder(OURS, first) is None
        assert await unit.claim_reminder(OURS, case().id, 1, START, first)
        assert await unit.reminder_of(OURS, case().id, 1) == first
        await unit.recall_reminder(OURS, case().id, 1)
        assert await unit.reminder_of(OURS, case().id, 1) is None
        assert await unit.case_of_reminder(OURS, first) == case()
        assert await unit.claim_reminder(OURS, case().id, 1, START, second)
        assert not await unit.claim_reminder(OURS, case().id, 1, START, first)
        assert await unit.reminder_of(OURS, case().id, 1) == second
        assert await unit.reminder_of(OURS, case().id, 2) is None
        assert await unit.case_of_reminder(OURS, second) == case()
