"""Shipments and letters: the same of the fake and of PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta

from engine.case.channel import Channel
from tests.fakes.store.rows import OURS, case, letter, shipment
from tests.fakes.world.clock import START


async def test_a_shipment_is_claimed_once(store):
    """The first claim of a source and id stands; a later one gets it back, and another source is another shipment."""
    later = shipment(case_id=case(402).id, sha256=b"x" * 32, taken_at=START + timedelta(days=1))
    async with store.begin() as unit:
        assert await unit.claim_shipment(OURS, shipment(), b'{"id": "1"}') is None
        assert await unit.claim_shipment(OURS, later, b"{}") == shipment()
        assert await unit.shipment_of(OURS, case().id) == (shipment(), b'{"id": "1"}')
        assert await unit.claim_shipment(OURS, replace(later, source="sykehuset"), b"{}") is None
        assert await unit.shipment_of(OURS, case(403).id) is None


async def test_a_letter_comes_back_with_what_became_of_it(store):
    """A letter and its PDF come back equal, in order, with folder and day of delivery when those are known."""
    first, second = letter(), letter(802, channel=Channel.EDIALOG, source="kommunen", shipment="forsendelse-1")
    second = replace(second, made_at=START + timedelta(days=1))
    async with store.begin() as unit:
        await unit.add_letter(OURS, second, b"%PDF-2")
        await unit.add_letter(OURS, first, b"%PDF-1")
        assert await unit.letters_of(OURS, case().id) == [first, second]
        gone = replace(first, exported_at=START, delivered_on=date(2026, 3, 2))
        await unit.settle_letter(OURS, gone)
        assert await unit.letter(OURS, first.id) == (gone, b"%PDF-1")


async def test_a_case_keeps_its_channel(store):
    """How a case came stands in its row, and no move changes it."""
    came = case(channel=Channel.FORM, reporting=False)
    async with store.begin() as unit:
        await unit.add_case(OURS, came, b"")
        await unit.settle_case(OURS, replace(came, reason="x"), came.state)
        assert await unit.case(OURS, came.id) == replace(came, reason="x")
    assert await store.list_cases(OURS) == [replace(came, reason="x")]
