"""Who may speak for whom: one spoof a rule of design.md 4, but the thread of a case and the CPA."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.keys.pki import TestAuthority
from engine.agreements.purpose import Purpose
from engine.codes.certificate import CertificateCode
from engine.codes.envelope import EnvelopeCode
from engine.codes.signature import SignatureCode
from engine.codes.statement import read_statement
from engine.names import HerId
from engine.records.messages import Kind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import apprec, document
from tests.fakes.partners.forgery import Letter, payload_mail, unsigned
from tests.fakes.world.clock import START
from tests.fakes.world.keys import RefusingKeys
from tests.fakes.world.parties import (
    ENTERPRISES,
    GP,
    GP_ADDRESS,
    GP_SERVICE,
    LEVANGER,
    LEVANGER_SERVICE,
    STRANGER,
    VERDAL,
    VERDAL_SERVICE,
    inline,
    registry,
    test_keys,
)

DAY = timedelta(days=1)
GP_ROW = f"her_{GP}"


def registered(der: bytes, **more):
    """Return a register that holds one signing certificate for the GP's office."""
    encryption = inline(test_keys().der(GP, Purpose.ENCRYPTION), Purpose.ENCRYPTION)
    return registry(**{GP_ROW: {"certificates": [inline(der, Purpose.SIGNING, **more), encryption]}})


async def assert_refused(pair, mail, reason):
    """Assert that Levanger refuses a mail for this reason, opens nothing, keeps no claim and tells the real GP."""
    side = pair.municipal
    side.ports = replace(side.ports, keys=RefusingKeys(side.ports.keys))
    row = await side.take(mail)
    assert row.state is InboundState.AVVIST_TRANSPORT
    assert reason in row.reason
    assert "SecurityFailure" in row.reason
    assert not side.ports.store.tables.ledger
    assert not side.ports.store.tables.inbox
    (answer,) = await side.outbound()
    assert (answer.kind, answer.to_address, answer.header.ref_to) == (Kind.FEIL, GP_ADDRESS, row.header.message_id)


async def test_a_message_from_the_registered_signer_is_taken(pair):
    """The letter that every forgery below differs from in one thing is itself accepted."""
    row = await pair.municipal.take(payload_mail(Letter(), document()))
    assert row.state is InboundState.LEVERT_INTERNT


@pytest.mark.parametrize("signer", [STRANGER, VERDAL, LEVANGER], ids=["unregistered", "another party's", "our own"])
async def test_a_certificate_that_is_not_registered_for_the_sender_is_refused(pair, signer):
    """A valid certificate of somebody else, known to us or not, does not speak for the GP's office."""
    await assert_refused(pair, payload_mail(Letter(signer=signer), document()), CertificateCode.NOT_REGISTERED)


async def test_a_certificate_registered_for_encryption_does_not_sign(pair):
    """The GP's own encryption certificate is no signing certificate."""
    letter = Letter(certificate=test_keys().der(GP, Purpose.ENCRYPTION))
    await assert_refused(pair, payload_mail(letter, document()), CertificateCode.NOT_REGISTERED)


async def test_a_certificate_of_a_party_below_does_not_speak_for_the_enterprise(pair):
    """A service with its own certificate signs for itself only, not for the enterprise above it."""
    own = test_keys().der(STRANGER, Purpose.SIGNING)
    pair.use(registry(**{f"her_{GP_SERVICE}": {"certificates": [inline(own, Purpose.SIGNING)]}}))
    await assert_refused(
        pair, payload_mail(Letter(sender=GP, certificate=own), document()), CertificateCode.NOT_REGISTERED
    )


@pytest.mark.parametrize(
    ("start", "lasts", "reason"),
    [(START - 30 * DAY, 29 * DAY, CertificateCode.EXPIRED), (START + 3 * DAY, 30 * DAY, CertificateCode.NOT_VALID_YET)],
    ids=["expired", "not yet valid"],
)
async def test_a_registered_certificate_is_refused_outside_its_own_validity(pair, start, lasts, reason):
    """A certificate that the register holds, but that is not valid today, is refused for that reason."""
    der = test_keys().issue(GP, Purpose.SIGNING, start=start, lasts=lasts)
    pair.use(registered(der, valid_from=START - 90 * DAY, valid_to=START + 90 * DAY))
    await assert_refused(pair, payload_mail(Letter(certificate=der), document()), reason)


async def test_a_certificate_taken_out_of_the_register_is_refused(pair):
    """A certificate that is still valid, but no longer registered, does not speak for the party."""
    der = test_keys().der(GP, Purpose.SIGNING)
    pair.use(registered(der, valid_to=START - DAY))
    await assert_refused(pair, payload_mail(Letter(), document()), CertificateCode.NOT_REGISTERED)


async def test_a_revoked_certificate_is_refused(pair):
    """A registered and valid certificate that its issuer revoked is refused."""
    pair.revocation.revoked.add(test_keys().der(GP, Purpose.SIGNING))
    await assert_refused(pair, payload_mail(Letter(), document()), CertificateCode.REVOKED)


async def test_a_registered_certificate_of_an_unknown_issuer_is_refused(pair):
    """The register alone is not enough: the chain must end at a configured anchor."""
    issued = TestAuthority(START, key_bits=2048).issue(ENTERPRISES[2], Purpose.SIGNING)
    der = test_keys().keep(GP, Purpose.SIGNING, issued)
    pair.use(registered(der))
    await assert_refused(pair, payload_mail(Letter(certificate=der), document()), CertificateCode.ISSUER_KEY)


async def test_an_unsigned_message_is_refused(pair):
    """A message without any signature is refused, and the party that it names is told."""
    await assert_refused(pair, payload_mail(Letter(), document(), unsigned), SignatureCode.ABSENT)


async def test_an_encrypted_document_for_somebody_else_is_refused(pair):
    """A document that our keys cannot open gives SecurityFailure, never an AppRec, and no inbox item."""
    row = await pair.municipal.take(payload_mail(Letter(readable_by=VERDAL), document()))
    (answer,) = await pair.municipal.outbound()
    assert (row.state, answer.kind) == (InboundState.AVVIST_TRANSPORT, Kind.FEIL)
    assert EnvelopeCode.NOT_DECRYPTED in row.reason


@pytest.mark.parametrize(
    ("sender", "receiver", "code"),
    [
        (VERDAL_SERVICE, LEVANGER_SERVICE, "X99"),
        (HerId("8099999"), LEVANGER_SERVICE, "X99"),
        (GP, LEVANGER_SERVICE, "X99"),
        (GP_SERVICE, VERDAL_SERVICE, "E21"),
        (GP_SERVICE, GP_SERVICE, "E21"),
        (GP_SERVICE, LEVANGER, "E21"),
    ],
    ids=["another party", "unknown", "above From", "the neighbour", "the sender itself", "above To"],
)
async def test_a_document_for_others_than_the_envelope_says_gets_apprec_2(pair, sender, receiver, code):
    """MsgHead's Sender must be From or below it, its Receiver To or below it."""
    row = await pair.municipal.take(payload_mail(Letter(), document(sender, receiver)))
    assert row.state is InboundState.AVVIST_APP
    assert read_statement(row.reason).params["error"] == code
    assert not pair.municipal.ports.store.tables.inbox
    assert {answer.kind for answer in await pair.municipal.outbound()} == {Kind.KVITTERING, Kind.APPREC}
    assert {answer.to_address for answer in await pair.municipal.outbound()} == {GP_ADDRESS}


@pytest.mark.parametrize(("sender", "receiver"), [(GP_SERVICE, LEVANGER_SERVICE), (GP, LEVANGER)])
async def test_a_document_from_and_to_parties_below_the_envelopes_is_taken(pair, sender, receiver):
    """An envelope between enterprises may carry a document between services below them."""
    row = await pair.municipal.take(payload_mail(Letter(sender=GP, receiver=LEVANGER), document(sender, receiver)))
    assert row.state is InboundState.LEVERT_INTERNT


async def test_a_refused_documents_apprec_never_goes_to_the_party_it_pretends_to_be_from(pair):
    """The AppRec 2 for a spoofed Sender names the signer's party as receiver, and goes to its registered address."""
    await pair.municipal.take(payload_mail(Letter(), document(VERDAL_SERVICE)))
    answer = next(row for row in await pair.municipal.outbound() if row.kind is Kind.APPREC)
    _, _, told = pair.municipal.ports.store.tables.outbound[answer.id]
    assert answer.header.to_her == GP_SERVICE
    assert VERDAL_SERVICE.encode() not in told.partition(b"</Receiver>")[0].partition(b"<Receiver>")[2]


APPREC_SENDERS = {
    "the receiver itself": (LEVANGER_SERVICE, LEVANGER_SERVICE, DeliveryState.LEVERT),
    "the enterprise above": (LEVANGER, LEVANGER, DeliveryState.LEVERT),
    "the enterprise for the service": (LEVANGER, LEVANGER_SERVICE, DeliveryState.LEVERT),
    "a stranger": (VERDAL_SERVICE, VERDAL_SERVICE, DeliveryState.TRANSPORTKVITTERT),
    "a stranger in the receiver's name": (VERDAL_SERVICE, LEVANGER_SERVICE, DeliveryState.TRANSPORTKVITTERT),
    "the receiver in a stranger's name": (LEVANGER_SERVICE, VERDAL_SERVICE, DeliveryState.TRANSPORTKVITTERT),
    "another service beside": (HerId("8090102"), HerId("8090102"), DeliveryState.TRANSPORTKVITTERT),
}


@pytest.mark.parametrize(("envelope", "sender", "state"), APPREC_SENDERS.values(), ids=APPREC_SENDERS)
async def test_an_apprec_counts_only_from_the_receiver_or_its_kin(pair, envelope, sender, state):
    """An AppRec moves the delivery only when the receiver or its kin vouch for it in their envelope."""
    sent = await acknowledged(pair)
    signer = pair.gp.ports.policy.registry.root(envelope)
    letter = Letter(
        sender=envelope, receiver=GP_SERVICE, signer=signer, readable_by=GP, message_id="a-1", action="APPREC"
    )
    row = await pair.gp.take(payload_mail(letter, apprec(sent.msg_id, sender, GP_SERVICE)))
    assert (await pair.gp.message(sent.id)).state is state
    assert row.state is (InboundState.KORRELERT if state is DeliveryState.LEVERT else InboundState.UKORRELERT)


async def test_an_apprec_from_below_the_receiver_counts(pair):
    """A document addressed to the enterprise may be answered by its service."""
    sent = await acknowledged(pair, LEVANGER)
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="a-1", action="APPREC")
    await pair.gp.take(payload_mail(letter, apprec(sent.msg_id, LEVANGER_SERVICE, GP_SERVICE)))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT


async def test_an_apprec_from_the_successor_counts(pair):
    """A party that took over since may answer for the one that is gone."""
    sent = await acknowledged(pair)
    pair.use(registry(her_8090101={"valid_to": "2026-03-01", "successor": VERDAL_SERVICE}))
    letter = Letter(VERDAL_SERVICE, GP_SERVICE, VERDAL, GP, message_id="a-1", action="APPREC")
    await pair.gp.take(payload_mail(letter, apprec(sent.msg_id, VERDAL_SERVICE, GP_SERVICE)))
    assert (await pair.gp.message(sent.id)).state is DeliveryState.LEVERT


async def test_an_apprec_about_a_document_that_was_never_sent_moves_nothing(pair):
    """An AppRec from the right party about another MsgId is kept as uncorrelated."""
    sent = await acknowledged(pair)
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="a-1", action="APPREC")
    row = await pair.gp.take(payload_mail(letter, apprec("et-annet", LEVANGER_SERVICE, GP_SERVICE)))
    assert row.state is InboundState.UKORRELERT
    assert (await pair.gp.message(sent.id)).state is DeliveryState.TRANSPORTKVITTERT


async def acknowledged(pair, receiver=LEVANGER_SERVICE):
    """Send a document to Levanger, lose its AppRec, and return the delivery."""
    sent = await pair.submit(GP_SERVICE, receiver)
    await pair.carry()
    await pair.municipal.work()
    await pair.carry(lambda mail: None if b"multipart" in mail else mail)
    return await pair.gp.message(sent.id)
