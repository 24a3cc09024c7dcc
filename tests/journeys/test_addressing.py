"""Where a document goes in a party's tree, and that its sender can match the receipt wherever it went (design.md 6)."""

from datetime import timedelta

import pytest

from engine.names import HerId
from engine.payload.apprec import read_apprec
from engine.records.messages import Kind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail
from tests.fakes.world.parties import (
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    LEVANGER_WARD,
    VERDAL,
    VERDAL_RETIRED,
    VERDAL_SERVICE,
    registry,
    with_terms,
)


async def status(side):
    """Return status, code and detail of the one AppRec that a side has queued."""
    (row,) = [row for row in await side.outbound() if row.kind is Kind.APPREC]
    found = read_apprec(side.ports.store.tables.outbound[row.id][2])
    return (found.status, found.errors[0].code, found.errors[0].detail) if found.errors else (found.status, "", "")


@pytest.mark.parametrize("receiver", [LEVANGER, LEVANGER_SERVICE, LEVANGER_WARD])
async def test_a_document_to_any_level_is_delivered_and_its_receipt_understood(pair, receiver):
    """Enterprise, service, or a department without an inbox: the document arrives and the sender reads LEVERT."""
    sent = await pair.submit(GP_SERVICE, receiver)
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT
    assert [item.addressed_to for item in await pair.municipal.inbox(LEVANGER)] == [receiver]


async def test_a_department_without_an_inbox_hands_over_to_the_contact_point_with_a_task(pair):
    """What is addressed to the ward goes to the contact point, with a note and a task that stays open."""
    await pair.submit(GP_SERVICE, LEVANGER_WARD)
    await pair.settle()
    (item,) = await pair.municipal.inbox(LEVANGER)
    assert (item.receiver, item.addressed_to) == (LEVANGER_SERVICE, LEVANGER_WARD)
    assert "Korttidsavdelingen" in item.note
    assert [task.text for task in await pair.municipal.tasks()] == [item.note]


async def test_a_document_on_its_way_to_a_retired_party_is_taken_by_its_successor(pair):
    """A party that closed while the message was under way: the successor gets it, the sender reads LEVERT."""
    pair.use(registry(her_8090209={"valid_to": "2026-03-02"}))
    sent = await pair.submit(GP_SERVICE, VERDAL_RETIRED)
    pair.use(registry())
    await pair.settle()
    (item,) = await pair.municipal.inbox(VERDAL)
    assert (item.receiver, item.addressed_to) == (VERDAL_SERVICE, VERDAL_RETIRED)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT
    assert [task.cause for task in await pair.municipal.tasks()] == ["addressed elsewhere"]


async def test_a_party_retired_long_ago_is_refused_with_its_successor_named(pair):
    """After 90 days a retired HER-id gets AppRec 2, E21, and the text says who took over."""
    pair.clock.advance(days=70)
    letter = Letter(receiver=VERDAL_RETIRED, readable_by=VERDAL, at=pair.clock.now())
    row = await pair.municipal.take(payload_mail(letter, document(receiver=VERDAL_RETIRED)))
    assert row.state is InboundState.AVVIST_APP
    assert (await status(pair.municipal))[:2] == (2, "E21")
    assert VERDAL_SERVICE in (await status(pair.municipal))[2]


async def test_a_receiver_that_nobody_knows_is_refused_with_e21(pair):
    """An unknown HER-id in the document, in an envelope to us, gets AppRec 2, E21."""
    await pair.municipal.take(payload_mail(Letter(), document(receiver=HerId("8099999"))))
    assert (await status(pair.municipal))[:2] == (2, "E21")


async def test_a_closed_party_without_successor_is_refused_with_e21(pair):
    """A HER-id that is closed and has no successor gets AppRec 2, E21, on the first day after its end."""
    pair.use(registry(her_8090102={"valid_to": "2026-03-01"}))
    letter = Letter(receiver=LEVANGER_WARD)
    await pair.municipal.take(payload_mail(letter, document(receiver=LEVANGER_WARD)))
    assert (await status(pair.municipal))[:2] == (2, "E21")


async def test_two_parties_of_one_engine_exchange_over_mail_with_rows_of_their_own(pair):
    """Levanger writes to Verdal through the engine that serves both; each sees only its own rows."""
    sent = await pair.submit(LEVANGER_SERVICE, VERDAL_SERVICE)
    await pair.settle()
    side = pair.municipal
    assert (await side.message(sent.id)).state is DeliveryState.LEVERT
    assert [item.receiver for item in await side.inbox(VERDAL)] == [VERDAL_SERVICE]
    assert await side.inbox(LEVANGER) == []
    assert {row.kind for row in await side.ports.store.list_outbound(VERDAL)} == {Kind.KVITTERING, Kind.APPREC}
    assert {row.kind for row in await side.ports.store.list_outbound(LEVANGER)} == {Kind.MELDING, Kind.KVITTERING}
    assert {row.kind for row in await side.ports.store.list_inbound(VERDAL)} == {Kind.KVITTERING, Kind.MELDING}
    assert await pair.gp.inbound() == []


async def test_the_right_municipality_is_found_by_her_id_behind_one_address(pair):
    """Two messages to one mail address land with the two parties that their envelopes name."""
    for receiver in (LEVANGER_SERVICE, VERDAL_SERVICE):
        await pair.submit(GP_SERVICE, receiver)
    await pair.settle()
    assert [item.receiver for item in await pair.municipal.inbox(LEVANGER)] == [LEVANGER_SERVICE]
    assert [item.receiver for item in await pair.municipal.inbox(VERDAL)] == [VERDAL_SERVICE]


@pytest.mark.parametrize(("level", "names"), [(1, ("8090300", "8090100")), (2, ("8090301", "8090101"))])
async def test_the_envelope_carries_the_level_that_the_agreement_says(pair, level, names):
    """By agreement the envelope names the enterprises or the services; the exchange completes either way."""
    pair.use(with_terms(level=level))
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    found = await pair.gp.message(sent.id)
    assert ((found.header.from_her, found.header.to_her), found.state) == (names, DeliveryState.LEVERT)


async def test_a_claimed_thread_does_not_keep_a_retired_party_reachable(pair):
    """A reference to a conversation that we know nothing of does not bring a party back to life."""
    pair.clock.advance(days=200)
    letter = Letter(receiver=VERDAL_RETIRED, readable_by=VERDAL, at=pair.clock.now() - timedelta(minutes=1))
    content = document(receiver=VERDAL_RETIRED, conversation="traad-1")
    assert (await pair.municipal.take(payload_mail(letter, content))).state is InboundState.AVVIST_APP
