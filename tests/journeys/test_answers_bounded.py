"""What somebody can make us say to others with mails that were overheard once: each answer goes once, and not often."""

from engine.codes.statement import read_statement
from engine.msh import constants as c
from engine.operations.by_hand import release
from engine.states.inbound import InboundState
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, altered, payload_mail, resigned
from tests.fakes.world.parties import KARI, STRANGER, with_terms
from tests.journeys.test_acceptance import ACK, ERROR, GENUINE, again, answers, ping

COPIES = 100


def elsewhere(number: int) -> bytes:
    """Return a genuine message of the GP to somebody whom we do not serve."""
    return payload_mail(Letter(receiver=STRANGER, message_id=f"annen-{number}"), document())


def pinged(number: int) -> bytes:
    """Return a signed Ping of the GP."""
    return altered(payload_mail(Letter(message_id=f"ping-{number}"), document()), lambda soap: resigned(soap, ping))


async def test_a_genuine_mail_for_somebody_else_is_answered_once(pair):
    """Replayed a hundred times under new Message-IDs it brings its sender one MessageError, and no person a task."""
    mail = elsewhere(0)
    for number in range(COPIES):
        assert (await pair.municipal.take(again(mail, number))).state is InboundState.AVVIST_TRANSPORT
    assert await answers(pair.municipal) == [ERROR]
    assert not await pair.municipal.tasks()
    last = (await pair.municipal.inbound())[-1]
    assert read_statement(last.reason).code == "inbound.refused_before"


async def test_many_genuine_mails_for_others_are_answered_within_the_hourly_limit(pair):
    """A hundred different ones bring ten MessageErrors this hour; the next hour others may be answered."""
    limit = pair.municipal.ports.policy.refusals_an_hour
    rows = [await pair.municipal.take(elsewhere(number)) for number in range(COPIES)]
    assert await answers(pair.municipal) == [ERROR] * limit
    assert [row.state for row in rows[limit:]] == [InboundState.KARANTENE] * (COPIES - limit)
    pair.clock.advance(hours=1, seconds=1)
    await pair.municipal.take(elsewhere(COPIES))
    assert len(await answers(pair.municipal)) == limit + 1


async def test_what_is_not_for_us_uses_up_nothing_of_what_a_partner_is_told(pair):
    """After a hundred mails for others, a message to us that breaks a rule is refused with its MessageError."""
    for number in range(COPIES):
        await pair.municipal.take(elsewhere(number))
    before = len(await answers(pair.municipal))
    assert (await pair.municipal.take(pinged(0))).state is InboundState.AVVIST_TRANSPORT
    assert len(await answers(pair.municipal)) == before + 1


async def test_a_message_that_breaks_a_rule_is_answered_once(pair):
    """A hundred copies bring one MessageError; another message of the same partner brings its own."""
    for number in range(COPIES):
        await pair.municipal.take(again(pinged(0), number))
    await pair.municipal.take(pinged(1))
    assert await answers(pair.municipal) == [ERROR, ERROR]


async def test_a_ping_is_answered_once(pair):
    """A hundred copies of one Ping bring one Pong."""
    pair.use(with_terms(answer_ping=True))
    states = [(await pair.municipal.take(again(pinged(0), number))).state for number in range(COPIES)]
    assert await answers(pair.municipal) == [c.PONG]
    assert states == [InboundState.PING_BESVART] + [InboundState.DUPLIKAT] * (COPIES - 1)


async def test_pings_are_answered_within_the_hourly_limit(pair):
    """More Pings than the limit are set aside without a Pong, and one that was not answered claims nothing."""
    pair.use(with_terms(answer_ping=True))
    limit = pair.municipal.ports.policy.errors_an_hour
    rows = [await pair.municipal.take(pinged(number)) for number in range(limit + 2)]
    assert await answers(pair.municipal) == [c.PONG] * limit
    assert [row.state for row in rows[limit:]] == [InboundState.KARANTENE] * 2
    pair.clock.advance(hours=1, seconds=1)
    assert (await pair.municipal.take(again(pinged(limit)))).state is InboundState.PING_BESVART


async def test_copies_of_a_message_are_acknowledged_within_the_hourly_limit(pair):
    """A hundred copies bring ten more Acknowledgments this hour; who asks again an hour later gets it again."""
    limit = pair.municipal.ports.policy.refusals_an_hour
    for number in range(COPIES):
        row = await pair.municipal.take(again(GENUINE, number))
        await pair.municipal.work()
    assert row.state is InboundState.DUPLIKAT
    assert (await answers(pair.municipal)).count(ACK) == 1 + limit
    assert len(await pair.municipal.inbox(pair.municipal.ports.policy.hosted[0])) == 1
    pair.clock.advance(hours=1, seconds=1)
    await pair.municipal.take(again(GENUINE, COPIES))
    assert (await answers(pair.municipal)).count(ACK) == 2 + limit


async def test_a_refused_mail_that_is_released_and_fails_again_can_be_released_again(pair):
    """What a person lets in anew is judged anew: its sender is not told twice, and the mail is not stuck."""
    row = await pair.municipal.take(elsewhere(0))
    for _ in range(2):
        await release(pair.municipal.ports, KARI, row.id, "Registeret er rettet")
        await pair.municipal.work()
        assert (await pair.municipal.mail(row.id)).state is InboundState.AVVIST_TRANSPORT
    assert await answers(pair.municipal) == [ERROR]


async def test_a_message_of_ten_years_ahead_is_refused_and_claims_nothing(pair):
    """It would be taken anew when our memory of its id is gone: refused once, as Inconsistent."""
    future = payload_mail(Letter(at=pair.clock.now().replace(year=2040)), document())
    row = await pair.municipal.take(future)
    assert row.state is InboundState.AVVIST_TRANSPORT
    assert "Inconsistent" in row.reason
    assert await answers(pair.municipal) == [ERROR]
    assert (await pair.municipal.take(GENUINE)).state is InboundState.LEVERT_INTERNT
