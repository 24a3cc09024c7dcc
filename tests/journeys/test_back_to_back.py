"""Two engines in memory: the four legs of an exchange, and what happens when one of them is lost, late or changed."""

from datetime import timedelta

import pytest

from engine.msh.mime import read_mail
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryState
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import apprec
from tests.fakes.partners.forgery import Letter, header_of, loses, payload_mail
from tests.fakes.world.parties import GP, GP_SERVICE, LEVANGER, LEVANGER_SERVICE, with_terms

ACK, APPREC, MESSAGE = "Acknowledgment", "APPREC", "DIALOG_HELSEFAGLIG"


class Post:
    """A carrier that keeps a copy of every mail, and loses those with certain Actions."""

    def __init__(self, *lost: str) -> None:
        self.lost = set(lost)
        self.mails: list[bytes] = []

    def __call__(self, mail: bytes) -> bytes | None:
        """Carry one mail."""
        self.mails.append(mail)
        return None if header_of(mail).action in self.lost else mail

    def copies(self, action: str) -> list[bytes]:
        """Return the mails with an Action."""
        return [mail for mail in self.mails if header_of(mail).action == action]


def mail_id(mail: bytes) -> str:
    """Return a mail's own Message-ID."""
    return read_mail(mail).message_id


def entity(mail: bytes) -> bytes:
    """Return what stands below the mail's own headers."""
    return mail[mail.index(b"MIME-Version:") :]


async def state(pair, sent):
    """Return the state of a delivery of the GP's office."""
    return (await pair.gp.message(sent.id)).state


@pytest.mark.parametrize(("sender", "receiver"), [(GP_SERVICE, LEVANGER_SERVICE), (LEVANGER_SERVICE, GP_SERVICE)])
async def test_a_deviation_goes_through_its_four_legs(pair, sender, receiver):
    """Message, Acknowledgment, AppRec, Acknowledgment: each once, both sides at rest, no task left."""
    post = Post()
    sent = await pair.submit(sender, receiver)
    await pair.settle(post)
    assert [header_of(mail).action for mail in post.mails] == [MESSAGE, ACK, APPREC, ACK]
    for side in (pair.gp, pair.municipal):
        assert {row.state for row in await side.outbound()} <= {DeliveryState.LEVERT, DeliveryState.FULLFORT}
        assert {row.deadline for row in await side.outbound()} == {None}
        assert await side.tasks() == []
        assert {key[1] for key in side.ports.store.tables.work} <= {WorkKind.INNBOKS, WorkKind.SAK}
    here = pair.gp if sender == GP_SERVICE else pair.municipal
    assert (await here.message(sent.id)).state is DeliveryState.LEVERT


async def test_an_acknowledgment_swaps_the_parties_and_copies_what_was_signed(pair):
    """The Acknowledgment has a MessageId of its own, the conversation and CPAId of the original, and its digests."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    post = Post()
    await pair.settle(post)
    found = header_of(post.copies(ACK)[0])
    original = sent.header
    assert (found.from_her, found.to_her) == (original.to_her, original.from_her)
    assert (found.conversation_id, found.cpa_id) == (original.conversation_id, original.cpa_id)
    assert found.message_id != original.message_id
    soap = read_mail(post.copies(ACK)[0]).soap
    assert all(digest.encode() in soap for digest in sent.reference_digests.values())


async def test_a_lost_acknowledgment_is_asked_for_again_with_the_same_bytes(pair):
    """After 12 hours the same envelope goes out in a new mail, the stored Acknowledgment comes again."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    post = Post(ACK, APPREC)
    await pair.settle(post)
    pair.clock.advance(hours=11, minutes=59)
    await pair.settle(post)
    assert len(post.copies(MESSAGE)) == 1
    post.lost.clear()
    pair.clock.advance(minutes=1)
    await pair.settle(post)
    first, second = post.copies(MESSAGE)
    assert entity(first) == entity(second)
    assert mail_id(first) != mail_id(second)
    to_gp = [mail for mail in post.copies(ACK) if header_of(mail).to_her == GP_SERVICE]
    assert len(to_gp) == 2
    assert entity(to_gp[0]) == entity(to_gp[1])
    assert mail_id(to_gp[0]) != mail_id(to_gp[1])
    assert await state(pair, sent) is DeliveryState.LEVERT
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    states = [row.state for row in await pair.municipal.inbound() if row.kind is Kind.MELDING]
    assert sorted(states) == [InboundState.DUPLIKAT, InboundState.LEVERT_INTERNT]


async def lose_everything(pair, sent, days=4):
    """Let every mail be lost for some days, hour by hour; return the copies of the message that went out."""
    post = Post(MESSAGE, ACK, APPREC)
    for _ in range(24 * days):
        await pair.settle(post)
        pair.clock.advance(hours=1)
    return post.copies(MESSAGE)


async def test_after_five_resends_without_an_answer_a_person_is_called(pair):
    """Six tries in all, 12 hours apart; then UBEKREFTET with a task and a deadline, and silence on the wire."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    copies = await lose_everything(pair, sent)
    assert len(copies) == 6
    assert len({entity(mail) for mail in copies}) == 1
    assert len({mail_id(mail) for mail in copies}) == 6
    found = await pair.gp.message(sent.id)
    assert (found.state, found.attempts, found.deadline is None) == (DeliveryState.UBEKREFTET, 6, False)
    assert [task.cause for task in await pair.gp.tasks()] == ["UBEKREFTET"]


async def test_resends_follow_the_agreement(pair):
    """The agreement's interval and count hold, also where they allow no resend at all."""
    pair.use(with_terms(resend_interval_minutes=240, resend_limit=0))
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    copies = await lose_everything(pair, sent, days=1)
    assert len(copies) == 1
    assert await state(pair, sent) is DeliveryState.UBEKREFTET
    gave_up = [
        row for row in await pair.gp.ports.store.timeline(GP, sent.id) if row.event.data.get("state") == "UBEKREFTET"
    ]
    assert gave_up[0].event.at - sent.created_at == timedelta(hours=4)


async def test_a_late_acknowledgment_is_taken_after_giving_up(pair):
    """An answer that comes when a person had been called still counts, and the way to LEVERT closes the task."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    copies = await lose_everything(pair, sent)
    await pair.municipal.take(copies[-1])
    await pair.settle(loses(APPREC))
    assert await state(pair, sent) is DeliveryState.TRANSPORTKVITTERT
    pair.clock.advance(hours=12)
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.LEVERT
    assert await pair.gp.tasks() == []


async def test_an_apprec_that_is_overdue_calls_a_person_and_is_still_taken(pair):
    """No AppRec within the agreed time: MANGLER_APPREC and a task; when it comes after all, LEVERT and no task."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.settle(loses(APPREC))
    assert await state(pair, sent) is DeliveryState.TRANSPORTKVITTERT
    pair.clock.advance(hours=4)
    await pair.settle(loses(APPREC))
    assert await state(pair, sent) is DeliveryState.MANGLER_APPREC
    assert [task.cause for task in await pair.gp.tasks()] == ["MANGLER_APPREC"]
    pair.clock.advance(hours=8)
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.LEVERT
    assert await pair.gp.tasks() == []


async def test_an_apprec_before_its_acknowledgment_proves_both(pair):
    """When the Acknowledgment is lost and the AppRec arrives, the message is delivered and never sent again."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    post = Post(ACK)
    await pair.settle(post)
    assert await state(pair, sent) is DeliveryState.LEVERT
    pair.clock.advance(days=5)
    await pair.gp.work()
    assert len(post.copies(MESSAGE)) == 1


async def test_an_acknowledgment_after_the_apprec_changes_nothing(pair):
    """A delivered message stays delivered when its Acknowledgment comes last."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    kept = []
    await pair.settle(lambda mail: kept.append(mail) if header_of(mail).action == ACK else mail)
    late = next(mail for mail in kept if header_of(mail).to_her == GP_SERVICE)
    row = await pair.gp.take(late)
    assert row.state is InboundState.KORRELERT
    assert await state(pair, sent) is DeliveryState.LEVERT


async def test_a_lost_acknowledgment_of_an_apprec_sends_the_apprec_again(pair):
    """AppRecs are resent too until acknowledged, and the second one does no harm."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    lost = lambda mail: None if (header_of(mail).action, header_of(mail).from_her) == (ACK, GP_SERVICE) else mail  # noqa: E731
    await pair.settle(lost)
    post = Post()
    pair.clock.advance(hours=12)
    await pair.settle(post)
    assert [header_of(mail).action for mail in post.mails] == [APPREC, ACK]
    answers = [row for row in await pair.municipal.outbound() if row.kind is Kind.APPREC]
    assert [row.state for row in answers] == [DeliveryState.FULLFORT]
    assert await state(pair, sent) is DeliveryState.LEVERT


async def test_a_mail_that_comes_twice_is_delivered_once_and_acknowledged_twice(pair):
    """A duplicate gets the stored Acknowledgment again, byte for byte, and no second inbox item."""
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    (mail,) = pair.gp.sent
    for number in range(3):
        await pair.municipal.take(mail.replace(b"Message-ID: <", b"Message-ID: <%d-" % number, 1))
        await pair.municipal.work()
    acknowledgments = [found for found in pair.municipal.sent if header_of(found).action == ACK]
    assert len({entity(found) for found in acknowledgments}) == 1
    assert len({mail_id(found) for found in acknowledgments}) == 3
    assert len(await pair.municipal.inbox(LEVANGER)) == 1


async def test_an_apprec_for_the_dialogs_own_answer_is_acknowledged_and_never_answered(pair):
    """An AppRec gets its Acknowledgment and nothing more, whatever it says."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    letter = Letter(LEVANGER_SERVICE, GP_SERVICE, LEVANGER, GP, message_id="a-1", action="APPREC")
    await pair.gp.take(payload_mail(letter, apprec(sent.msg_id, LEVANGER_SERVICE, GP_SERVICE)))
    assert [row.kind for row in await pair.gp.outbound()] == [Kind.MELDING, Kind.KVITTERING]
