"""What becomes of the document inside: taken once, refused with the right code, answered in the right version."""

import pytest

from engine.codes.statement import read_statement
from engine.msh.signing import sign
from engine.msh.writing import payload_envelope
from engine.names import HerId
from engine.payload.apprec import ApprecError, read_apprec
from engine.records.messages import Kind
from engine.states.apprec import ApprecState
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import EVERYBODY, SOFTWARE, Letter, mail_of, payload_mail, sealed
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import (
    GP,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    VERDAL,
    VERDAL_SERVICE,
    registry,
    test_keys,
    with_terms,
)


async def apprecs(side):
    """Return the AppRec documents that a side has queued, oldest first."""
    rows = [row for row in await side.outbound() if row.kind is Kind.APPREC]
    return [side.ports.store.tables.outbound[row.id][2] for row in rows]


async def told(side):
    """Return status and first error code of the one AppRec."""
    (answer,) = [read_apprec(found) for found in await apprecs(side)]
    return answer.status, answer.errors[0].code if answer.errors else ""


async def test_the_same_document_under_a_new_message_id_gets_the_stored_apprec_again(pair):
    """A document that comes again is not delivered again; its sender gets the very same AppRec document."""
    side = pair.municipal
    await side.take(payload_mail(Letter(), document()))
    row = await side.take(payload_mail(Letter(message_id="melding-2"), document()))
    first, second = await apprecs(side)
    assert row.state is InboundState.DUPLIKAT_FAG
    assert first == second
    assert len(await side.inbox(LEVANGER)) == 1
    answers = [row.header.ref_to for row in await side.outbound() if row.kind is Kind.APPREC]
    assert answers == ["melding-1", "melding-2"]


async def test_other_content_under_a_used_msg_id_gets_e10_and_calls_a_person(pair):
    """Two documents under one MsgId: the second is refused with AppRec 2, E10, and a task that stays open."""
    side = pair.municipal
    await side.take(payload_mail(Letter(), document()))
    other = document().replace(b"<Sender>", b" <Sender>")
    row = await side.take(payload_mail(Letter(message_id="melding-2"), other))
    assert (row.state, row.apprec) == (InboundState.AVVIST_APP, ApprecState.SENDT_AVVIST)
    assert [read_apprec(found).status for found in await apprecs(side)] == [1, 2]
    assert read_apprec((await apprecs(side))[1]).errors[0].code == "E10"
    assert [task.cause for task in await side.tasks()] == ["E10"]
    assert len(await side.inbox(LEVANGER)) == 1


async def test_the_same_msg_id_from_another_sender_is_another_document(pair):
    """MsgIds are claimed for each sender, so that nobody can use up another's."""
    side = pair.municipal
    await side.take(payload_mail(Letter(), document()))
    letter = Letter(sender=VERDAL_SERVICE, signer=VERDAL)
    row = await side.take(payload_mail(letter, document(VERDAL_SERVICE)))
    assert row.state is InboundState.LEVERT_INTERNT
    assert len(await side.inbox(LEVANGER)) == 2


REFUSED = {
    "no XML": (b"Hei, dette er ikke XML", "T01"),
    "nothing at all": (b"", "T01"),
    "cut off": (document()[:-20], "T01"),
    "a document type": (b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "T01"),
    "an unknown root": (b"<x xmlns='urn:annet'/>", "T10"),
    "another version of MsgHead": (document().replace(b"v1.2 2006-05-24", b"v1.3 2030-01-01"), "T10"),
    "no MsgId": (document().replace(b"<MsgId>dokument-1</MsgId>", b""), "T02"),
    "two MsgIds": (document().replace(b"<MsgId>", b"<MsgId>dobbel</MsgId><MsgId>", 1), "T02"),
    "no HER-id of the sender": (document().replace(b"HER", b"XYZ"), "T02"),
    "an unknown receiver": (document(receiver=HerId("8099999")), "E21"),
}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
async def test_a_document_that_cannot_be_taken_is_acknowledged_and_refused_with_its_code(pair, content, code):
    """A bad document in a good envelope gets its Acknowledgment, then AppRec 2 with the code of what is wrong."""
    side = pair.municipal
    row = await side.take(payload_mail(Letter(), content))
    assert row.state is InboundState.AVVIST_APP
    assert await told(side) == (2, code)
    assert [row.kind for row in await side.outbound()] == [Kind.KVITTERING, Kind.APPREC]
    assert side.ports.store.tables.inbox == {}


@pytest.mark.parametrize(("content", "code"), REFUSED.values(), ids=REFUSED)
async def test_the_sender_of_a_refused_document_learns_of_it(pair, content, code):
    """The AppRec about whatever was refused finds the delivery it is about, even where the MsgId could not be read."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    pair.gp.sent.clear()
    content = content.replace(b"dokument-1", str(sent.msg_id).encode())
    await pair.municipal.take(payload_mail(Letter(message_id=sent.header.message_id), content))
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.AVVIST
    assert code in (await pair.gp.message(sent.id)).reason


async def test_nothing_of_a_refused_document_is_kept_in_clear(pair):
    """The store of the receiver holds the encrypted mail and our answer, and no word of the document itself."""
    secret = b"hemmelig-innhold"
    await pair.municipal.take(payload_mail(Letter(), document().replace(b"v1.2 2006-05-24", secret)))
    assert secret not in repr(pair.municipal.ports.store.tables).encode()


async def test_a_refused_document_is_taken_once_the_register_is_corrected(pair):
    """What was refused left no claim on its MsgId: sent again under a new MessageId it is delivered."""
    side = pair.municipal
    pair.use(registry(her_8090101={"functions": ["HENVIS"]}))
    first = await side.take(payload_mail(Letter(), document()))
    assert (first.state, await told(side)) == (InboundState.AVVIST_APP, (2, "T10"))
    pair.use(registry())
    again = await side.take(payload_mail(Letter(message_id="melding-2"), document()))
    assert again.state is InboundState.LEVERT_INTERNT


@pytest.mark.parametrize(("carrier", "version"), [("samvik-1", "1.1"), ("dialog-1.0", "1.0")])
async def test_the_apprec_has_the_version_of_the_dialog(pair, carrier, version):
    """Dialog 1.0 is answered with AppRec 1.0, dialog 1.1 with 1.1, whatever our own agreement sends."""
    letter = Letter() if carrier == "samvik-1" else Letter(service="S-DIALOG_NOTAT", action="DIALOG_NOTAT")
    await pair.municipal.take(payload_mail(letter, document(carrier=carrier)))
    (found,) = await apprecs(pair.municipal)
    assert read_apprec(found).version == version


async def test_an_agreement_on_dialog_1_0_is_carried_and_receipted_in_both_directions(pair):
    """Where the agreement names the carrier dialog-1.0, message and receipt use it and are understood."""
    pair.use(with_terms(carrier="dialog-1.0"))
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle()
    delivered = await pair.gp.message(sent.id)
    assert (delivered.state, delivered.header.service) == (DeliveryState.LEVERT, "S-DIALOG_NOTAT")
    assert [read_apprec(found).version for found in await apprecs(pair.municipal)] == ["1.0"]


BAD_RECEIPTS = {
    "cut off": apprec("x", GP_SERVICE, LEVANGER_SERVICE)[:-30],
    "unknown version": apprec("x", GP_SERVICE, LEVANGER_SERVICE).replace(b"2012-02-15", b"2031-01-01"),
    "no status": apprec("x", GP_SERVICE, LEVANGER_SERVICE).replace(b"<Status ", b"<Annet "),
}


@pytest.mark.parametrize("content", BAD_RECEIPTS.values(), ids=BAD_RECEIPTS)
async def test_an_apprec_that_cannot_be_read_is_acknowledged_and_never_answered_with_another(pair, content):
    """Two engines that cannot read each other's AppRecs must not write them to each other for ever."""
    row = await pair.municipal.take(payload_mail(Letter(action="APPREC"), content))
    assert [answer.kind for answer in await pair.municipal.outbound()] == [Kind.KVITTERING]
    assert row.state is InboundState.UKORRELERT
    assert row.reason


@pytest.mark.parametrize(("status", "code", "state"), [(2, "E35", "AVVIST"), (3, "X99", "LEVERT_MED_FEIL")])
async def test_a_partners_refusal_moves_the_delivery_and_shows_its_words(pair, status, code, state):
    """AppRec 2 and 3 give their own states, and the partner's code and text stand on the row."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="a-1", action="APPREC")
    await pair.gp.take(
        payload_mail(letter, apprec(sent.msg_id, LEVANGER_SERVICE, GP_SERVICE, status, [ApprecError(code, "Vi")]))
    )
    found = await pair.gp.message(sent.id)
    assert (found.state, f'"{code}"' in found.reason) == (state, True)
    assert [task.cause for task in await pair.gp.tasks()] == (["AVVIST"] if status == 2 else [])


async def test_a_message_with_two_documents_is_refused_whole(pair):
    """One message carries one document; with two, a MessageError says so and nothing is delivered."""
    letter = Letter()
    parts = {"en": sealed(letter, document()), "to": sealed(letter, document(msg_id="dokument-2"))}
    envelope = payload_envelope(letter.to, letter.message_id, letter.at, SOFTWARE, list(parts))
    soap = sign(envelope, parts, letter.signed_with, MemoryKeys(test_keys(), EVERYBODY)).soap
    row = await pair.municipal.take(mail_of(soap, parts))
    assert (row.state, read_statement(row.reason).params["error"] == "MimeProblem") == (
        InboundState.AVVIST_TRANSPORT,
        True,
    )
