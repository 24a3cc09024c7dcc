"""The acceptance list of the transport profile, T1 to T24 of transport.md F.4, each case by its number.

T23 (a bounce) and T25 (a large attachment) belong to mail servers and stand with them.
"""

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.agreements.purpose import Purpose
from engine.codes.statement import read_statement
from engine.deviation.text import notat_of
from engine.deviation.xml import read_deviation
from engine.errors import EbxmlCode, Finding, Severity
from engine.msh import constants as c
from engine.msh.mime import read_mail
from engine.msh.signing import sign
from engine.msh.writing import payload_envelope
from engine.names import MessageId
from engine.outbound.compose import compose
from engine.outbound.deliveries import queue
from engine.payload.attachment import Attachment
from engine.payload.msghead import read_msghead
from engine.records.messages import Kind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import (
    CONTENT_ID,
    EVERYBODY,
    SOFTWARE,
    Letter,
    acknowledgment_mail,
    altered,
    eb,
    error_mail,
    header_of,
    loses,
    mail_of,
    payload,
    payload_mail,
    remove,
    resigned,
    sealed,
    unsigned,
)
from tests.fakes.tools import openssl
from tests.fakes.world.files import PNG
from tests.fakes.world.keys import MemoryKeys
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, VERDAL, test_keys, with_terms
from tests.fakes.world.surroundings import DEVIATION

GENUINE = payload_mail(Letter(), document())
ACK, ERROR = c.ACKNOWLEDGMENT, c.MESSAGE_ERROR


def again(mail, number=2):
    """Return a mail as its sender sends it again: the same envelope under a new Message-ID."""
    return mail.replace(b"Message-ID: <", b"Message-ID: <%d-" % number, 1)


async def taken(side, mail):
    """Let a side take a mail and send its answers; return what became of it."""
    row = await side.take(mail)
    await side.work()
    return row


async def answers(side):
    """Return the Actions of what a side has sent, oldest first."""
    await side.work()
    return [header_of(mail).action for mail in side.sent]


async def refused(side, mail, code):
    """Hand over a mail and make sure that it is refused with a code, by one MessageError and nothing else."""
    row = await side.take(mail)
    assert row.state is InboundState.AVVIST_TRANSPORT, row
    assert read_statement(row.reason).params["error"].startswith(code)
    assert await answers(side) == [ERROR]
    assert not await side.inbox(LEVANGER)


async def test_t01_a_payload_sent_gets_an_acknowledgment_that_matches(pair):
    """The Acknowledgment refers to the MessageId and copies the digests that were sent."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle(loses("APPREC"))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTKVITTERT
    (receipt,) = [row for row in await pair.gp.inbound() if row.kind is Kind.KVITTERING]
    assert receipt.header.ref_to == sent.header.message_id


async def test_t01_an_acknowledgment_with_other_digests_confirms_nothing(pair):
    """What was acknowledged must be what was sent."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, ref_to=sent.header.message_id)
    await pair.gp.take(acknowledgment_mail(letter, {"": "AAAA"}))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.SENDT


async def test_t02_a_payload_received_gets_a_signed_acknowledgment(pair):
    """The Acknowledgment names the message, and verifies at the other side."""
    await pair.municipal.take(GENUINE)
    assert await answers(pair.municipal) == [ACK, "APPREC"]
    (acknowledgment, _) = pair.municipal.sent
    assert header_of(acknowledgment).from_her == LEVANGER_SERVICE
    assert b"SignatureValue" in read_mail(acknowledgment).soap


async def test_t03_an_apprec_goes_both_ways_and_each_is_acknowledged(pair):
    """AppRecs are ordinary payload messages: each gets its Acknowledgment."""
    for sender, receiver in ((GP_SERVICE, LEVANGER_SERVICE), (LEVANGER_SERVICE, GP_SERVICE)):
        sent = await pair.submit(sender, receiver)
        await pair.settle()
        sides = (pair.gp, pair.municipal) if sender == GP_SERVICE else (pair.municipal, pair.gp)
        assert (await sides[0].message(sent.id)).state is DeliveryState.LEVERT
        apprecs = [row for row in await sides[1].outbound() if row.kind is Kind.APPREC]
        assert [row.state for row in apprecs] == [DeliveryState.FULLFORT]


async def test_t04_without_acknowledgment_the_same_message_goes_in_a_new_mail(pair):
    """The MessageId and every byte of the envelope stay, the mail's own id is new."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    pair.clock.advance(hours=12, seconds=1)
    await pair.gp.work()
    first, second = map(read_mail, pair.gp.sent)
    assert first.soap == second.soap
    assert first.message_id != second.message_id


async def test_t05_a_duplicate_is_not_delivered_again_and_gets_the_same_acknowledgment(pair):
    """The stored Acknowledgment goes once more, byte for byte."""
    await taken(pair.municipal, GENUINE)
    assert (await pair.municipal.take(again(GENUINE))).state is InboundState.DUPLIKAT
    sent = await answers(pair.municipal)
    acknowledgments = [read_mail(mail).soap for mail in pair.municipal.sent if header_of(mail).action == ACK]
    assert (sent.count(ACK), len(set(acknowledgments))) == (2, 1)
    assert len(await pair.municipal.inbox(LEVANGER)) == 1


async def test_t06_the_same_mail_twice_gets_silence(pair):
    """The same bytes under the same Message-ID within ten minutes are one mail that a server delivered twice."""
    await taken(pair.municipal, GENUINE)
    pair.clock.advance(minutes=9, seconds=59)
    assert (await pair.municipal.take(GENUINE)).state is InboundState.DUPLIKAT
    assert (await answers(pair.municipal)).count(ACK) == 1


@pytest.mark.parametrize("why", ["later", "another Message-ID", "other bytes"])
async def test_t06_silence_is_kept_for_nothing_else(pair, why):
    """After ten minutes, under another Message-ID, or with another byte, the Acknowledgment is repeated."""
    await taken(pair.municipal, GENUINE)
    if why == "later":
        pair.clock.advance(minutes=10, seconds=1)
    changed = again(GENUINE) if why == "another Message-ID" else GENUINE
    await pair.municipal.take(b"Received: x\r\n" + changed if why == "other bytes" else changed)
    assert (await answers(pair.municipal)).count(ACK) == 2


async def test_t06_a_mail_that_failed_silences_nothing(pair):
    """A copy that could not be verified was never answered, so the genuine mail after it is."""
    await pair.municipal.take(altered(GENUINE, lambda soap: soap.replace(b"samtale-1", b"samtale-2")))
    await pair.municipal.take(GENUINE)
    assert (await answers(pair.municipal)).count(ACK) == 1


async def test_t07_a_changed_envelope_is_a_security_failure(pair):
    """One changed letter of the header, and nothing of it is believed."""
    await refused(pair.municipal, altered(GENUINE, lambda soap: soap.replace(b"samtale-1", b"samtale-2")), "Security")


async def test_t08_a_changed_attachment_is_a_security_failure(pair):
    """One changed bit of the attachment, and nothing is decrypted."""
    letter = Letter()
    part = bytearray(sealed(letter, document()))
    part[-1] ^= 1
    await refused(pair.municipal, mail_of(payload(letter, document()).soap, {CONTENT_ID: bytes(part)}), "Security")


async def test_t09_a_certificate_that_is_not_the_registered_one_is_a_security_failure(pair):
    """A foreign signer, and one that has been revoked, are refused alike."""
    await refused(pair.municipal, payload_mail(Letter(signer=VERDAL), document()), "SecurityFailure")


async def test_t09_a_revoked_certificate_is_a_security_failure(pair):
    """The registered certificate counts only while it has not been revoked."""
    pair.revocation.revoked.add(test_keys().der(GP, Purpose.SIGNING))
    await refused(pair.municipal, GENUINE, "SecurityFailure")


async def test_t10_what_is_encrypted_to_another_key_is_a_security_failure(pair):
    """A document that our key does not open is refused."""
    await refused(pair.municipal, payload_mail(Letter(readable_by=GP), document()), "SecurityFailure")


@pytest.mark.parametrize(
    ("letter", "terms", "code"),
    [
        (Letter(service="S-ANNET"), {}, "Inconsistent"),
        (Letter(action="ANNET"), {}, "ValueNotRecognized"),
        (Letter(receiver=GP_SERVICE), {}, "ValueNotRecognized"),
        (Letter(), {"cpa_id": "avtale-9", "check_cpa": True}, "ValueNotRecognized"),
        (Letter(), {"check_roles": True}, "Inconsistent"),
    ],
    ids=["Service", "Action", "party", "CPAId", "Role"],
)
async def test_t11_what_is_not_agreed_is_refused_by_its_own_code(pair, letter, terms, code):
    """CPAId and Role only where the agreement checks them."""
    pair.use(with_terms(**terms))
    await refused(pair.municipal, payload_mail(letter, document()), code)


async def test_t12_a_missing_part_is_a_mime_problem(pair):
    """The Manifest and the signature name a part that is not in the mail."""
    await refused(pair.municipal, mail_of(payload(Letter(), document()).soap, {}), "MimeProblem")


async def test_t13_a_message_without_signature_is_a_security_failure(pair):
    """Who does not sign is not believed, and told so at the registered address."""
    await refused(pair.municipal, altered(GENUINE, unsigned), "SecurityFailure")


async def test_t14_a_message_error_stops_the_resends(pair):
    """The delivery is refused, a person is called, and nothing is sent again."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, ref_to=sent.header.message_id)
    finding = Finding("9", EbxmlCode.NOT_SUPPORTED, Severity.ERROR, "//Service", "Nei.")
    await pair.gp.take(error_mail(letter, finding))
    pair.clock.advance(days=3)
    await pair.gp.work()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTFEIL
    assert len(pair.gp.sent) == 1
    assert await pair.gp.tasks()


async def test_t15_a_late_acknowledgment_still_counts(pair):
    """After the last resend the message is given up, and taken up again by the Acknowledgment that comes late."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    held = []
    await pair.settle(lambda mail: held.append(mail) if header_of(mail).action in {ACK, "APPREC"} else mail)
    for _ in range(8):
        pair.clock.advance(hours=12, seconds=1)
        await pair.settle(lambda mail: None)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.UBEKREFTET
    for mail in held:
        await pair.gp.take(mail)
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT


async def test_t16_a_party_with_several_ids_is_known_by_its_her_id(pair):
    """Other PartyIds beside the HER-id are noted and not read."""

    def several(root):
        party = next(root.iter(eb("From"))).find(eb("PartyId"))
        other = party.makeelement(eb("PartyId"), {eb("type"): "orgnummer"})
        other.text = "999000037"
        party.addprevious(other)

    row = await pair.municipal.take(altered(GENUINE, lambda soap: resigned(soap, several)))
    assert row.state is InboundState.LEVERT_INTERNT


@pytest.mark.parametrize("missing", [b"start", b"type"])
async def test_t17_a_mail_without_start_or_type_is_read(pair, missing):
    """Without `start` the first part is the envelope; without `type` it is what it says itself."""
    parameter = {b"start": b'; start="<soap@example.test>"', b"type": b'; type="text/xml"'}[missing]
    assert parameter in GENUINE
    row = await pair.municipal.take(GENUINE.replace(parameter, b"", 1))
    assert row.state is InboundState.LEVERT_INTERNT


@pytest.mark.parametrize(
    ("cipher", "allowed", "state"),
    [
        ("aes-256-cbc", False, InboundState.LEVERT_INTERNT),
        ("des3", True, InboundState.LEVERT_INTERNT),
        ("des3", False, InboundState.AVVIST_TRANSPORT),
    ],
)
async def test_t18_aes_is_read_and_3des_where_that_is_agreed(pair, tmp_path, cipher, allowed, state):
    """What openssl encrypts opens here; 3DES only by the agreement's switch."""
    pair.use(with_terms(allow_3des=allowed))
    part = openssl.encrypt(tmp_path, document(), test_keys().der(LEVANGER, Purpose.ENCRYPTION), cipher)
    letter = Letter()
    envelope = payload_envelope(letter.to, MessageId("melding-1"), letter.at, SOFTWARE, [CONTENT_ID])
    soap = sign(envelope, {CONTENT_ID: part}, letter.signed_with, MemoryKeys(test_keys(), EVERYBODY)).soap
    assert (await pair.municipal.take(mail_of(soap, {CONTENT_ID: part}))).state is state


async def test_t21_a_message_with_several_files_is_delivered_whole(pair):
    """Each file is a Document of its own in the one encrypted part."""
    files = [Attachment(f"bilde-{number}.png", "image/png", PNG + bytes([number]) * 1000) for number in range(3)]
    notat = notat_of(read_deviation(DEVIATION), "nb")
    draft = compose(pair.gp.ports, GP_SERVICE, LEVANGER_SERVICE, notat, files, None, pair.clock.now(), shown=False)
    async with pair.gp.ports.store.begin() as uow:
        sent = await queue(uow, pair.gp.ports.policy, draft, pair.clock.now())
    await pair.settle()
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT
    (item,) = await pair.municipal.inbox(LEVANGER)
    async with pair.municipal.ports.store.begin() as uow:
        _, data = await uow.inbox_item(LEVANGER, item.id)
    assert [(each.name, each.content) for each in read_msghead(data).attachments] == [
        (each.name, each.content) for each in files
    ]


async def test_t20_norwegian_letters_survive(pair):
    """æ, ø and å in the document stay what they are, whatever a subject in another character set says."""
    row = await pair.municipal.take(b"Subject: =?iso-8859-1?q?Avvik_=E6=F8=E5?=\r\n" + GENUINE)
    assert row.state is InboundState.LEVERT_INTERNT
    (item,) = await pair.municipal.inbox(LEVANGER)
    async with pair.municipal.ports.store.begin() as uow:
        found = await uow.inbox_item(LEVANGER, item.id)
    assert "å" in found[1].decode()


async def test_t19_what_was_packed_before_it_was_encrypted_is_unpacked(pair):
    """gzip inside the encryption, as the parties may agree on."""
    row = await pair.municipal.take(payload_mail(Letter(), gzip.compress(document())))
    assert row.state is InboundState.LEVERT_INTERNT


async def test_t22_an_acknowledgment_of_an_unknown_message_moves_nothing(pair):
    """It is kept, and shown as belonging to nothing of ours."""
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, ref_to="ukjent")
    assert (await pair.gp.take(acknowledgment_mail(letter, {}))).state is InboundState.UKORRELERT


async def test_t24_a_message_past_its_time_to_live_is_refused(pair):
    """TimeToLiveExpired, and nothing is delivered."""

    def late(root):
        data = next(root.iter(eb("MessageData")))
        element = data.makeelement(eb("TimeToLive"))
        element.text = (pair.clock.now() - timedelta(seconds=1)).isoformat()
        data.append(element)

    await refused(pair.municipal, altered(GENUINE, lambda soap: resigned(soap, late)), "TimeToLiveExpired")


def ping(root):
    """Make a Ping of a message: of the message service itself, without body and without asking for a receipt."""
    next(root.iter(eb("Service"))).text = c.MSH_SERVICE
    next(root.iter(eb("Action"))).text = c.PING
    remove(next(root.iter(eb("AckRequested"))))


async def test_a_ping_is_answered_only_where_that_is_agreed(pair):
    """NotSupported by default; with the switch one signed Pong, and none for a copy."""
    mail = altered(GENUINE, lambda soap: resigned(soap, ping))
    await refused(pair.municipal, mail, "NotSupported")
    pair.use(with_terms(answer_ping=True))
    pair.municipal.sent.clear()
    assert (await taken(pair.municipal, mail)).state is InboundState.PING_BESVART
    assert (await pair.municipal.take(again(mail))).state is InboundState.DUPLIKAT
    assert await answers(pair.municipal) == [c.PONG]
    assert header_of(pair.municipal.sent[0]).ref_to in {None, "melding-1"}


async def test_a_status_request_is_never_supported(pair):
    """Nobody learns from us what became of a message, but by its receipts."""
    pair.use(with_terms(answer_ping=True))

    def status(root):
        ping(root)
        next(root.iter(eb("Action"))).text = "StatusRequest"

    await refused(pair.municipal, altered(GENUINE, lambda soap: resigned(soap, status)), "NotSupported")


async def test_an_unverified_ping_gets_no_answer(pair):
    """A signal that nobody vouches for is set aside in silence, switch or not."""
    pair.use(with_terms(answer_ping=True))
    mail = altered(
        payload_mail(replace(Letter(), signer=VERDAL), document()), lambda soap: resigned(soap, ping, VERDAL)
    )
    assert (await pair.municipal.take(mail)).state is InboundState.KARANTENE
    assert await answers(pair.municipal) == []
