"""What is kept of mail that nobody vouched for: bounded in bytes, number and time, and never at a partner's cost."""

from dataclasses import replace

import pytest

from engine.commit.policy import StrangerLimits
from engine.errors import Refused, Unavailable
from engine.inbound.desk import take_for_desk
from engine.inbound.mailbox import MailboxMail, collect
from engine.inbound.storing import take_in
from engine.names import OPERATOR
from engine.operations.by_hand import cancel, release
from engine.operations.strangers import HEAD_BYTES, MOST_AT_ONCE, head_of, keep_within_bounds
from engine.records.messages import Kept
from engine.states.inbound import InboundState
from tests.fakes.partners.bounces import bounce
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, payload_mail, unsigned
from tests.fakes.world.parties import GP_SERVICE, KARI, LEVANGER, LEVANGER_SERVICE, VERDAL
from tests.journeys.test_acceptance import GENUINE, again

JUNK = b"Subject: tilbud\r\nX-Spor: 1\r\n\r\n" + b"Kj\xc3\xb8p n\xc3\xa5! " * 1_000


def limited(side, **limits):
    """Give a side other limits for strangers."""
    policy = replace(side.ports.policy, strangers=StrangerLimits(**limits))
    side.ports = replace(side.ports, policy=policy)


async def raw_of(side, mail):
    """Return what is kept of a mail."""
    async with side.ports.store.begin() as uow:
        return await uow.raw(mail.owner, mail.id)


async def test_after_a_month_only_the_header_is_kept(pair):
    """Junk shrinks to its header on the thirtieth day and is gone after a year, its task too; each is logged."""
    side = pair.municipal
    mail = await side.take(JUNK)
    await keep_within_bounds(side.ports)
    assert await raw_of(side, mail) == JUNK
    pair.clock.advance(days=30, seconds=1)
    assert await keep_within_bounds(side.ports) == Kept(0, 1)
    assert await raw_of(side, mail) == b"Subject: tilbud\r\nX-Spor: 1\r\n\r\n"
    assert (await side.mail(mail.id)).reduced_at == pair.clock.now()
    pair.clock.advance(days=336)
    assert await keep_within_bounds(side.ports) == Kept(0, 0)
    assert not await side.inbound()
    assert not await side.tasks()
    actions = [stored.event.action for stored in await side.ports.store.timeline(OPERATOR, mail.id)]
    assert actions[-2:] == ["only the header is kept", "removed by age"]


async def test_what_is_thrown_away_keeps_its_header_alone(pair):
    """A person who discards junk frees its bytes at once."""
    mail = await pair.municipal.take(JUNK)
    await cancel(pair.municipal.ports, KARI, mail.id, "Reklame")
    assert len(await raw_of(pair.municipal, mail)) < 100
    assert (await pair.municipal.mail(mail.id)).state is InboundState.FORKASTET


async def test_a_mail_of_which_only_the_header_is_kept_is_not_released(pair):
    """Nothing would come of it: the person is told to ask for the mail anew, and it stays where it is."""
    mail = await pair.municipal.take(JUNK)
    pair.clock.advance(days=31)
    await keep_within_bounds(pair.municipal.ports)
    with pytest.raises(Refused, match=r"inbound\.only_header_kept"):
        await release(pair.municipal.ports, KARI, mail.id, "Prøv igjen")
    assert (await pair.municipal.mail(mail.id)).state is InboundState.KARANTENE


async def test_what_a_partner_signed_is_never_reduced(pair):
    """A conflict in quarantine, an old message and a message for somebody else stay whole for ever."""
    side = pair.municipal
    await side.take(GENUINE)
    conflict = await side.take(payload_mail(Letter(), document(msg_id="annet")))
    old = await side.take(payload_mail(Letter(message_id="gammel", at=pair.clock.now().replace(year=2020)), document()))
    assert [row.state for row in (conflict, old)] == [InboundState.KARANTENE] * 2
    assert conflict.verified
    assert old.verified
    limited(side, most_bytes=1, most_mails=1)
    pair.clock.advance(days=4_000)
    assert await keep_within_bounds(side.ports) == Kept(0, 0)
    kept = [len(await raw_of(side, mail)) for mail in await side.inbound()]
    assert min(kept) > 2_000
    await cancel(side.ports, KARI, conflict.id, "Avklart")
    assert len(await raw_of(side, conflict)) > 2_000


async def test_a_forged_message_is_a_strangers(pair):
    """Whoever claims a partner's name without its key is counted as a stranger, quarantined or refused."""
    side = pair.municipal
    refused = await side.take(payload_mail(replace(Letter(), signer=VERDAL), document()))
    silent = await side.take(again(payload_mail(Letter(message_id="b"), document(), unsigned)))
    assert [refused.verified, silent.verified] == [False, False]
    assert (await side.ports.store.kept_of_strangers()).mails == 2


async def test_at_the_quota_the_oldest_junk_is_reduced_first(pair):
    """Ten old mails and ten of today fill the quota: old ones shrink until a fifth is free, today's stay whole."""
    side = pair.municipal
    old = [await side.take(JUNK + b"%d" % number) for number in range(10)]
    pair.clock.advance(days=1, seconds=1)
    new = [await side.take(JUNK + b"%d" % number) for number in range(10, 20)]
    size = (await side.ports.store.kept_of_strangers()).size
    limited(side, most_bytes=size)
    kept = await keep_within_bounds(side.ports)
    assert kept.size <= size * 0.8
    whole = [len(await raw_of(side, mail)) > 1_000 for mail in old]
    assert whole == sorted(whole)
    assert 0 < sum(whole) < 10
    assert all([len(await raw_of(side, mail)) > 1_000 for mail in new])


async def test_too_many_headers_are_removed_the_oldest_first(pair):
    """Above the number of mails the oldest headers go, but none of a whole mail and none of the last day."""
    side = pair.municipal
    mails = [await side.take(JUNK + b"%d" % number) for number in range(20)]
    for mail in mails[:15]:
        await cancel(side.ports, KARI, mail.id, "Reklame")
    limited(side, most_mails=20)
    assert (await keep_within_bounds(side.ports)).mails == 20
    pair.clock.advance(days=1, seconds=1)
    assert (await keep_within_bounds(side.ports)).mails == 16
    left = {mail.id for mail in await side.inbound()}
    assert left == {mail.id for mail in mails[4:]}


async def test_one_look_does_a_bounded_amount(pair):
    """However many mails are due, a look reduces a bounded number, and the next one goes on."""
    side = pair.municipal
    for number in range(MOST_AT_ONCE + 5):
        await take_in(side.ports, b"Subject: %d\r\n\r\nx" % number, "192.0.2.1")
    await side.work()
    pair.clock.advance(days=31)
    await keep_within_bounds(side.ports)
    reduced = [mail for mail in await side.inbound() if mail.reduced_at]
    assert len(reduced) == MOST_AT_ONCE
    await keep_within_bounds(side.ports)
    assert all(mail.reduced_at for mail in await side.inbound())


async def test_without_room_for_strangers_partners_still_get_in(pair):
    """A stranger's mail is not taken, and so stays with its sender; a partner's message and a bounce of ours are."""
    sent = await pair.submit(LEVANGER_SERVICE, GP_SERVICE)
    await pair.municipal.work()
    returned = bounce(pair.municipal.sent[0])
    ports = pair.municipal.ports
    forged = payload_mail(replace(Letter(message_id="falsk"), signer=VERDAL), document())
    before = len(await pair.municipal.inbound())
    for mail in (JUNK, forged):
        with pytest.raises(Unavailable, match=r"inbound\.no_room_for_strangers"):
            await take_in(ports, mail, "192.0.2.1", strangers=False)
    with pytest.raises(Unavailable):
        await take_for_desk(ports, JUNK, "192.0.2.1", strangers=False)
    assert len(await pair.municipal.inbound()) == before
    for mail in (GENUINE, returned):
        await take_in(ports, mail, "192.0.2.1", strangers=False)
    await pair.municipal.work()
    assert len(await pair.municipal.inbox(LEVANGER)) == 1
    assert "5.1.1" in (await pair.municipal.message(sent.id)).reason


async def test_without_room_a_partner_who_cannot_be_checked_now_gets_in(pair):
    """Where revocation lists are out of reach a signed message waits inside, not with its sender."""
    pair.revocation.silent = True
    id = await take_in(pair.municipal.ports, GENUINE, "192.0.2.1", strangers=False)
    await pair.municipal.work()
    assert (await pair.municipal.mail(id)).state is InboundState.VENTER


async def test_without_room_a_strangers_mail_stays_in_the_mailbox(pair):
    """It is left where it is, and a partner's mail beside it is collected."""
    ports = pair.municipal.ports
    with pytest.raises(Refused, match=r"inbound\.no_room_for_strangers"):
        await collect(ports, MailboxMail("post", "1", "1", len(JUNK), JUNK, True, 9_000_000), strangers=False)
    assert await collect(ports, MailboxMail("post", "1", "2", 1, GENUINE, True, 9_000_000), strangers=False)


@pytest.mark.parametrize(
    ("raw", "head"),
    [
        (b"A: b\r\n\r\nc\n\nd", b"A: b\r\n\r\n"),
        (b"A: b\n\nc\r\n\r\n", b"A: b\n\n"),
        (b"A: b", b"A: b"),
        (b"", b""),
        (b"x" * 20_000 + b"\r\n\r\n", b"x" * HEAD_BYTES),
    ],
)
def test_the_header_of_a_mail(raw: bytes, head: bytes):
    """It ends at the first empty line, of either kind, and is never longer than its bound."""
    assert head_of(raw) == head
