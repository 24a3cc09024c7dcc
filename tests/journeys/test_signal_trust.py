"""Acknowledgments and MessageErrors move a delivery only from whom it went to, to whom it came from, and signed."""

from dataclasses import replace

import pytest
from lxml import etree

from engine.codes.inbound import InboundCode
from engine.errors import EbxmlCode, Finding, Severity
from engine.msh import constants as c
from engine.names import HerId
from engine.records.log import Action
from engine.records.messages import Kind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.partners.forgery import Letter, acknowledgment_mail, altered, ds, eb, error_mail, resigned, unsigned
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, VERDAL_SERVICE

FINDING = Finding("15", EbxmlCode.SECURITY_FAILURE, Severity.ERROR, "//Header/Signature", "Not valid.")
WARNING = replace(FINDING, severity=Severity.WARNING)
FROM_LEVANGER = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="signal-1")


@pytest.fixture
async def sent(pair):
    """A message of the GP's office to Levanger that nobody has acknowledged."""
    found = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    pair.gp.sent.clear()
    return await pair.gp.message(found.id)


SPOOFS = {
    "a third party in its own name": (replace(FROM_LEVANGER, sender=VERDAL_SERVICE, signer=VERDAL), "UKORRELERT"),
    "a third party in the receiver's name": (replace(FROM_LEVANGER, signer=VERDAL), "KARANTENE"),
    "the sender itself": (replace(FROM_LEVANGER, signer=GP), "KARANTENE"),
    "the enterprise above whom we sent to": (replace(FROM_LEVANGER, sender=LEVANGER), "UKORRELERT"),
    "to another party of ours": (replace(FROM_LEVANGER, receiver=GP), "UKORRELERT"),
    "to a party that is not ours": (replace(FROM_LEVANGER, receiver=VERDAL_SERVICE), "KARANTENE"),
    "to nobody known": (replace(FROM_LEVANGER, receiver=HerId("8099999")), "KARANTENE"),
}


@pytest.mark.parametrize(("letter", "state"), SPOOFS.values(), ids=SPOOFS)
async def test_a_signal_from_the_wrong_party_moves_nothing(pair, sent, letter, state):
    """Neither an Acknowledgment nor a MessageError counts from others, or to others; none is answered."""
    refers = replace(letter, ref_to=sent.header.message_id)
    for mail in (
        acknowledgment_mail(refers, sent.reference_digests),
        error_mail(replace(refers, message_id="s-2"), FINDING),
    ):
        row = await pair.gp.take(mail)
        assert row.state == state
        assert row.reason
    assert await pair.gp.message(sent.id) == sent
    assert [row.id for row in await pair.gp.outbound()] == [sent.id]


@pytest.mark.parametrize("write", [acknowledgment_mail, lambda letter, _: error_mail(letter, FINDING)])
async def test_an_unsigned_signal_moves_nothing_and_is_not_answered(pair, sent, write):
    """A signal without a signature is kept in quarantine, with a task for a person."""
    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    mail = write(letter, sent.reference_digests)
    row = await pair.gp.take(altered(mail, unsigned))
    assert row.state is InboundState.KARANTENE
    assert await pair.gp.message(sent.id) == sent
    assert [task.cause for task in await pair.gp.tasks()] == ["KARANTENE"]
    assert len(await pair.gp.outbound()) == 1


async def test_an_unsigned_message_error_is_shown_as_unverified(pair, sent):
    """Some systems sign no MessageError: the timeline of our message says so and what code it has; nothing moves."""
    mail = altered(error_mail(replace(FROM_LEVANGER, ref_to=sent.header.message_id), FINDING), unsigned)
    row = await pair.gp.take(mail)
    assert row.header.ref_to == sent.header.message_id
    assert InboundCode.UNVERIFIED_ERROR in row.reason
    assert "SecurityFailure" in row.reason
    lines = await pair.gp.ports.store.timeline(sent.owner, sent.id)
    assert [each.event.data for each in lines if each.event.action == Action.UNVERIFIED_ERROR] == [
        {"mail": str(row.id), "code": "SecurityFailure"}
    ]
    assert await pair.gp.message(sent.id) == sent
    async with pair.gp.ports.store.begin() as uow:
        assert b"Not valid." in await uow.partner_word(sent.owner, sent.id)


async def test_unverified_words_are_kept_once_and_only_from_whom_we_sent_to(pair, sent):
    """A flood of them writes one line, and those in another's name, or with codes of their own, none."""
    refers = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    await pair.gp.take(altered(error_mail(replace(refers, sender=VERDAL_SERVICE), FINDING), unsigned))
    for number in range(3):
        letter = replace(refers, message_id=f"feil-{number}")
        await pair.gp.take(altered(error_mail(letter, replace(FINDING, location="//sted")), unsigned))
    lines = await pair.gp.ports.store.timeline(sent.owner, sent.id)
    assert [each.event.action for each in lines].count(Action.UNVERIFIED_ERROR) == 1


async def test_codes_that_the_standard_does_not_have_are_not_repeated(pair, sent):
    """What somebody writes in the place of a code stands in no reason and no log."""
    mail = error_mail(replace(FROM_LEVANGER, ref_to=sent.header.message_id), FINDING)
    mail = altered(mail, lambda soap: unsigned(soap).replace(b"SecurityFailure", b"Kari 01818012345"))
    row = await pair.gp.take(mail)
    assert "Kari" not in row.reason
    assert not any("Kari" in str(each) for each in await pair.gp.ports.store.timeline(sent.owner, sent.id))


async def test_a_genuine_acknowledgment_moves_the_delivery(pair, sent):
    """The letter that the spoofs differ from in one thing is itself taken, and answered by nothing."""
    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    row = await pair.gp.take(acknowledgment_mail(letter, sent.reference_digests))
    assert (row.state, row.kind) == (InboundState.KORRELERT, Kind.KVITTERING)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTKVITTERT
    assert len(await pair.gp.outbound()) == 1


@pytest.mark.parametrize("kept", [[""], []], ids=["the envelope's only", "none"])
async def test_an_acknowledgment_with_fewer_digests_counts(pair, sent, kept):
    """Real partners copy some of the references, or none; what they copy must agree."""
    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    await pair.gp.take(acknowledgment_mail(letter, {uri: sent.reference_digests[uri] for uri in kept}))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTKVITTERT


@pytest.mark.parametrize("uri", ["", "cid", "cid:other"])
async def test_an_acknowledgment_of_other_bytes_moves_nothing_and_calls_a_person(pair, sent, uri):
    """A copied digest that we never sent means that the partner has something else than our message."""
    (part,) = [key for key in sent.reference_digests if key]
    digests = {**sent.reference_digests, part if uri == "cid" else uri: "AAAA"}
    await pair.gp.take(acknowledgment_mail(replace(FROM_LEVANGER, ref_to=sent.header.message_id), digests))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.SENDT
    assert [task.subject for task in await pair.gp.tasks()] == [sent.id]


async def test_an_acknowledgment_of_nothing_we_sent_is_kept_uncorrelated(pair, sent):
    """An Acknowledgment of an unknown MessageId is stored with its reason, and answered by nothing."""
    row = await pair.gp.take(acknowledgment_mail(replace(FROM_LEVANGER, ref_to="ukjent"), {}))
    assert (row.state, row.kind) == (InboundState.UKORRELERT, Kind.KVITTERING)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.SENDT


async def test_a_genuine_message_error_stops_resends_and_calls_a_person(pair, sent):
    """A MessageError moves the delivery to TRANSPORTFEIL; nothing is sent any more, and nothing answers it."""
    await pair.gp.take(error_mail(replace(FROM_LEVANGER, ref_to=sent.header.message_id), FINDING))
    refused = await pair.gp.message(sent.id)
    assert refused.state is DeliveryState.TRANSPORTFEIL
    assert refused.reason == 'message.partner_error {"fault": "SecurityFailure"}'
    assert [task.cause for task in await pair.gp.tasks()] == ["TRANSPORTFEIL"]
    pair.clock.advance(days=30)
    await pair.gp.work()
    assert pair.gp.sent == []
    assert len(await pair.gp.outbound()) == 1


async def test_a_message_error_with_warnings_only_leaves_the_delivery_alone(pair, sent):
    """A MessageError whose highest severity is Warning is shown to a person and moves nothing."""
    await pair.gp.take(error_mail(replace(FROM_LEVANGER, ref_to=sent.header.message_id), WARNING))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.SENDT
    assert [task.subject for task in await pair.gp.tasks()] == [sent.id]


def with_block(xml):
    """Return a change that puts a block into the header of a signal and signs it again as Levanger."""
    names = f'xmlns:eb="{c.EB}" xmlns:SOAP="{c.SOAP}"'

    def put(root):
        block = etree.fromstring(f"<x {names}>{xml}</x>")[0]
        next(root.iter(eb("MessageHeader"))).addnext(block)

    return lambda soap: resigned(soap, put, LEVANGER)


async def test_an_acknowledgment_with_an_error_is_a_refusal(pair, sent):
    """An Acknowledgment that lists an error of severity Error confirms nothing (transport.md B.4)."""
    errors = '<eb:Error eb:errorCode="DeliveryFailure" eb:severity="Error"/>'
    block = f'<eb:ErrorList eb:version="2.0" eb:highestSeverity="Error">{errors}</eb:ErrorList>'
    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    await pair.gp.take(acknowledgment_mail(letter, sent.reference_digests, with_block(block)))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTFEIL


async def test_an_acknowledgment_with_warnings_confirms(pair, sent):
    """Warnings beside an Acknowledgment take nothing away from it."""
    errors = '<eb:Error eb:errorCode="Inconsistent" eb:severity="Warning"/>'
    block = f'<eb:ErrorList eb:version="2.0" eb:highestSeverity="Warning">{errors}</eb:ErrorList>'
    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    await pair.gp.take(acknowledgment_mail(letter, sent.reference_digests, with_block(block)))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTKVITTERT


async def test_a_message_error_is_none_the_less_one_for_holding_an_acknowledgment(pair, sent):
    """The Action says what a signal is, not the blocks beside it."""
    block = f"<eb:Acknowledgment><eb:RefToMessageId>{sent.header.message_id}</eb:RefToMessageId></eb:Acknowledgment>"
    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    mail = altered(error_mail(letter, FINDING), with_block(block))
    assert (await pair.gp.take(mail)).kind is Kind.FEIL
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTFEIL


async def test_an_acknowledgment_that_refers_to_two_messages_confirms_neither(pair, sent):
    """Where header and block name different messages, nobody can say which was meant."""

    def change(root):
        next(root.iter(eb("Acknowledgment"))).find(eb("RefToMessageId")).text = "en-annen"

    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    mail = acknowledgment_mail(letter, sent.reference_digests, lambda soap: resigned(soap, change, LEVANGER))
    assert (await pair.gp.take(mail)).state is InboundState.UKORRELERT
    assert (await pair.gp.message(sent.id)).state is DeliveryState.SENDT


async def test_an_acknowledgment_that_copies_a_reference_twice_confirms_nothing(pair, sent):
    """Of two digests for one part, one right and one wrong, neither is believed."""

    def change(root):
        first = next(root.iter(eb("Acknowledgment"))).find(ds("Reference"))
        first.addnext(etree.fromstring(etree.tostring(first, with_tail=False)))
        first.find(ds("DigestValue")).text = "AAAA"

    letter = replace(FROM_LEVANGER, ref_to=sent.header.message_id)
    mail = acknowledgment_mail(letter, sent.reference_digests, lambda soap: resigned(soap, change, LEVANGER))
    assert (await pair.gp.take(mail)).state is InboundState.KARANTENE
    assert (await pair.gp.message(sent.id)).state is DeliveryState.SENDT
