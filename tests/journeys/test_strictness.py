"""Strict in what goes out, tolerant in what comes: schema and rules on the way of a message (payload.md H)."""

from dataclasses import replace

import pytest

from engine.codes.schema import SchemaCode
from engine.codes.statement import Statement
from engine.delivery.send import submit
from engine.deviation.xml import read_deviation
from engine.errors import OwnFault, Refused
from engine.payload.apprec import read_apprec
from engine.record_system.taking import take_word
from engine.records.messages import Kind
from engine.schemas import SchemaFault, SchemaRule
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import apprec, document, reply
from tests.fakes.partners.forgery import Letter, altered, eb, payload_mail, resigned
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, with_terms
from tests.fakes.world.surroundings import DEVIATION

SWAPPED = document(msg_id="11111111-1111-4111-8111-111111111111", conversation="tråd-1")
PARENT, THREAD = b"<RefToParent>tr\xc3\xa5d-1</RefToParent>", b"<RefToConversation>tr\xc3\xa5d-1</RefToConversation>"
SWAPPED = SWAPPED.replace(PARENT + THREAD, THREAD + PARENT)


class Refusing:
    """Schemas that accept nothing (engine.schemas.Schemas)."""

    def check(self, kind, document):
        """See the port."""
        return [
            SchemaFault("/MsgHead", SchemaRule.OTHER, None, Statement.of(SchemaCode.NOT_AS_WANTED, element="MsgHead"))
        ]


async def noted(side, row):
    """Return the data of the Warnings on a mail's timeline, but for the forged letters' Roles (rule 9)."""
    events = await side.ports.store.timeline(row.owner, row.id)
    return [
        stored.event.data for stored in events if stored.event.action == "warning" and stored.event.data["rule"] != "9"
    ]


async def answers(side):
    """Return the AppRecs that a side has queued."""
    rows = [row for row in await side.outbound() if row.kind is Kind.APPREC]
    return [read_apprec(side.ports.store.tables.outbound[row.id][2]) for row in rows]


async def test_a_schema_invalid_document_is_taken_and_noted(pair):
    """Swapped references circulate: the document is delivered with AppRec 1, and the timeline tells the fault."""
    row = await pair.municipal.take(payload_mail(Letter(), SWAPPED))
    assert row.state is InboundState.LEVERT_INTERNT
    assert [found.status for found in await answers(pair.municipal)] == [1]
    notes = await noted(pair.municipal, row)
    assert notes[0]["rule"] == "schema"
    assert "RefToParent" in notes[0]["reason"]


async def test_where_it_is_agreed_a_schema_invalid_document_is_refused():
    """With check_schema the same document gets AppRec 2, T02, with our sentence and the place; a valid one is taken."""
    pair = Pair(with_terms(check_schema=True))
    row = await pair.municipal.take(payload_mail(Letter(), SWAPPED))
    (told,) = await answers(pair.municipal)
    assert row.state is InboundState.AVVIST_APP
    assert (told.status, told.errors[0].code) == (2, "T02")
    assert "RefToConversation er ikke ventet" in told.errors[0].detail
    assert await pair.municipal.inbox(LEVANGER) == []
    good = await pair.municipal.take(payload_mail(Letter(message_id="melding-2"), document()))
    assert good.state is InboundState.LEVERT_INTERNT


async def test_departures_from_a_profile_are_noted_once(pair):
    """An id that is no UUID is noted when the message is taken, and not again for its duplicate."""
    mail = payload_mail(Letter(), document())
    first = await pair.municipal.take(mail)
    again = await pair.municipal.take(mail.replace(b"Message-ID: <", b"Message-ID: <x"))
    assert [note["rule"] for note in await noted(pair.municipal, first)] == ["msg-id"]
    assert await noted(pair.municipal, again) == []


async def test_an_envelope_out_of_order_is_noted(pair):
    """Rule 4 alone refuses nothing."""

    def change(root):
        next(root.iter(eb("MessageHeader"))).append(next(root.iter(eb("Action"))))

    row = await pair.municipal.take(altered(payload_mail(Letter(), document()), lambda soap: resigned(soap, change)))
    assert row.state is InboundState.LEVERT_INTERNT
    assert "4" in [note["rule"] for note in await noted(pair.municipal, row)]


async def test_our_own_messages_are_noted_nowhere(pair):
    """Between two engines of ours no mail departs from anything."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    for side in (pair.municipal, pair.gp):
        assert [await noted(side, row) for row in await side.inbound()] == [[] for _ in await side.inbound()]


async def test_nothing_of_ours_leaves_that_its_schema_does_not_accept(pair):
    """A document that we wrote wrongly is our own fault: nothing is queued."""
    side = pair.gp
    ports = replace(side.ports, policy=replace(side.ports.policy, schemas=Refusing()))
    with pytest.raises(OwnFault, match=r"document\.ours_against_schema"):
        await submit(ports, read_deviation(DEVIATION), GP_SERVICE, LEVANGER_SERVICE)
    assert await side.outbound() == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"<Ack ", b"<Akk ", "document.theirs_against_schema"),
        (b"+01:00</GenDate>", b"</GenDate>", "profile.no_zone"),
        (b' DN="Henvendelse om pasient"', b"", "profile.code_not_whole.*TemaKodet"),
    ],
)
async def test_a_record_systems_reply_is_held_to_the_same(pair, old, new, told):
    """A reply that is not as schema or profile want it is refused with the place, and can be corrected."""
    side = pair.municipal
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    before = len(await side.outbound())
    word = reply(sent.msg_id)
    assert old in word
    with pytest.raises(Refused, match=told):
        await take_word(side.ports, LEVANGER_SERVICE, word.replace(old, new))
    assert len(await side.outbound()) == before
    await take_word(side.ports, LEVANGER_SERVICE, word)
    assert len(await side.outbound()) == before + 1


async def test_a_record_systems_receipt_is_held_to_its_schema():
    """An AppRec that its schema does not accept is not passed on; corrected it is."""
    pair = Pair(with_terms(apprec_by="epj"))
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    word = apprec(str(sent.msg_id), LEVANGER_SERVICE, GP_SERVICE)
    wrong = word.replace(b"<SoftwareName>", b"<Navn>x</Navn><SoftwareName>")
    with pytest.raises(Refused, match=r"document\.theirs_against_schema"):
        await take_word(pair.municipal.ports, LEVANGER_SERVICE, wrong)
    await take_word(pair.municipal.ports, LEVANGER_SERVICE, word)
    await pair.settle()
    assert GP in pair.gp.ports.policy.hosted
    assert (await pair.gp.message(sent.id)).state == "LEVERT"
