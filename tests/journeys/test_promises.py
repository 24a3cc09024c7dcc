"""The promises of design.md 3 on ids and refusals, each with somebody who tries to break it."""

import pytest

from engine.msh.mime import read_mail
from engine.names import HerId
from engine.records.messages import Kind
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, altered, eb, edited, header_of, payload_mail, unsigned
from tests.fakes.world.parties import GP_ADDRESS, GP_SERVICE, LEVANGER, STRANGER, VERDAL, VERDAL_SERVICE

GENUINE = payload_mail(Letter(), document())


def tamper(soap):
    """Change the Action of an envelope and leave the signature as it was."""
    return edited(soap, lambda root: set_text(root, "Action", "APPREC"))


def set_text(root, name, text):
    """Set the text of the one element with this ebXML name."""
    next(root.iter(eb(name))).text = text


FORGERIES = {
    "unsigned": altered(GENUINE, unsigned),
    "tampered": altered(GENUINE, tamper),
    "signed by another": payload_mail(Letter(signer=STRANGER), document(msg_id="forfalsket")),
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_an_id_that_a_forger_used_first_is_still_free_for_the_genuine_message(pair, forgery):
    """What failed leaves no claim on its MessageId, so that nobody can block a message by guessing its id."""
    side = pair.municipal
    assert (await side.take(forgery)).state is InboundState.AVVIST_TRANSPORT
    assert (await side.take(GENUINE)).state is InboundState.LEVERT_INTERNT
    assert len(await side.inbox(LEVANGER)) == 1


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_a_forgery_under_an_acknowledged_id_is_never_answered(pair, forgery):
    """No MessageError is sent for an id that was acknowledged: the forgery is quarantined with a task."""
    side = pair.municipal
    await side.take(GENUINE)
    before = await side.outbound()
    row = await side.take(forgery)
    assert row.state is InboundState.KARANTENE
    assert row.reason.startswith("inbound.acknowledged_before")
    assert await side.outbound() == before
    assert [task.cause for task in await side.tasks()] == ["KARANTENE"]


async def test_other_content_under_an_acknowledged_id_is_quarantined_without_an_answer(pair):
    """The same MessageId with another valid signature is a conflict: kept, shown, not answered, not delivered."""
    side = pair.municipal
    await side.take(GENUINE)
    before = await side.outbound()
    row = await side.take(payload_mail(Letter(), document(msg_id="dokument-2")))
    assert (row.state, row.header.message_id) == (InboundState.KARANTENE, "melding-1")
    assert await side.outbound() == before
    assert [task.cause for task in await side.tasks()] == ["KARANTENE"]
    assert len(await side.inbox(LEVANGER)) == 1


async def test_a_refused_message_under_an_acknowledged_id_is_not_answered(pair):
    """A properly signed message that breaks a rule gets no MessageError where its id was acknowledged before."""
    side = pair.municipal
    await side.take(GENUINE)
    before = await side.outbound()
    row = await side.take(payload_mail(Letter(action="UKJENT"), document()))
    assert row.state is InboundState.KARANTENE
    assert await side.outbound() == before


async def test_the_same_id_from_another_party_is_another_message(pair):
    """MessageIds are claimed for each From party, so that nobody can use up another's."""
    side = pair.municipal
    await side.take(GENUINE)
    letter = Letter(sender=VERDAL_SERVICE, signer=VERDAL)
    assert (await side.take(payload_mail(letter, document(VERDAL_SERVICE)))).state is InboundState.LEVERT_INTERNT


async def test_a_refusal_goes_out_once_for_an_id(pair):
    """The same bad mail again is quarantined and not answered, so that nobody can make us write many mails."""
    side = pair.municipal
    states = [(await side.take(FORGERIES["unsigned"])).state for _ in range(3)]
    assert states == [InboundState.AVVIST_TRANSPORT, InboundState.KARANTENE, InboundState.KARANTENE]
    assert [row.kind for row in await side.outbound()] == [Kind.FEIL]


async def test_refusals_to_one_party_are_limited_an_hour(pair):
    """Forgeries in one party's name are answered ten times an hour and no more; an hour later it is answered again."""
    side = pair.municipal
    for number in range(12):
        await side.take(payload_mail(Letter(message_id=f"id-{number}"), document(), unsigned))
    assert len(await side.outbound()) == 10
    pair.clock.advance(hours=1, seconds=1)
    await side.take(payload_mail(Letter(message_id="id-99"), document(), unsigned))
    assert len(await side.outbound()) == 11


UNANSWERED = {
    "a sender that no register knows": Letter(sender=HerId("8099999")),
    "a receiver that is not ours": Letter(receiver=GP_SERVICE),
    "a receiver that no register knows": Letter(receiver=HerId("8099999")),
}


@pytest.mark.parametrize("letter", UNANSWERED.values(), ids=UNANSWERED)
async def test_an_unverified_mail_is_answered_to_registered_addresses_only(pair, letter):
    """Without a registered sender and a receiver of ours there is nobody to answer: quarantine with a reason."""
    row = await pair.municipal.take(payload_mail(letter, document(), unsigned))
    assert row.state is InboundState.KARANTENE
    assert row.reason
    assert await pair.municipal.outbound() == []


async def test_a_refusal_ignores_the_address_that_the_mail_came_from(pair):
    """A MessageError goes to the registered address of the claimed sender, whatever From and Reply-To say."""
    mail = b"Reply-To: angriper@example.test\r\nReturn-Path: <angriper@example.test>\r\n" + FORGERIES["unsigned"]
    await pair.municipal.take(mail)
    await pair.municipal.work()
    (answer,) = pair.municipal.sent
    assert f"To: {GP_ADDRESS}\r\n".encode() in answer
    assert b"angriper" not in answer


async def test_unverified_texts_are_not_repeated_in_the_refusal(pair):
    """Of an unverified message only its ids go back; a MessageError is no way to write to somebody in our name."""
    mail = altered(GENUINE, lambda soap: edited(soap, lambda root: set_text(root, "Role", "Ring 12345678")))
    await pair.municipal.take(mail)
    (answer,) = await pair.municipal.outbound()
    mime = pair.municipal.ports.store.tables.outbound[answer.id][1]
    assert "12345678" not in str(header_of(mime))
    assert b"12345678" not in read_mail(mime).soap
