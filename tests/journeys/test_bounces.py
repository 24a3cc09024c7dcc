"""Mails that come back from mail servers: tied to their delivery, told to people, and never answered (T23)."""

import pytest

from engine.casework import steps
from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.deviation.xml import read_deviation
from engine.names import OPERATOR
from engine.operations.by_hand import resend
from engine.operations.partner_word import partner_word
from engine.records.messages import Kind
from engine.records.work import WorkKind
from engine.states.case import CaseState
from engine.states.delivery import DELIVERY, DeliveryEvent, DeliveryState
from engine.states.inbound import InboundState
from engine.states.table import IGNORE, TASK
from tests.fakes.engines.attaching import ASSURER, REPORTER
from tests.fakes.engines.pair import Pair
from tests.fakes.engines.reporting import case_of
from tests.fakes.partners.bounces import bounce, message_id
from tests.fakes.world.parties import GP, GP_SERVICE, KARI, LEVANGER_SERVICE
from tests.fakes.world.surroundings import DEVIATION

SECRET = "Hemmelig Navnesen"


async def sent_mail(pair: Pair):
    """Send a deviation; return its delivery and the mail, which arrived nowhere."""
    sent = await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.gp.work()
    mail = pair.gp.sent.pop()
    return sent, mail


async def state(pair: Pair, sent) -> DeliveryState:
    """Return where a delivery stands."""
    return (await pair.gp.message(sent.id)).state


async def lines(pair: Pair, sent):
    """Return the events of a delivery."""
    return [each.event for each in await pair.gp.ports.store.timeline(GP, sent.id)]


async def test_a_bounce_stops_its_delivery_and_calls_a_person(pair: Pair) -> None:
    """5.1.1 is TRANSPORTFEIL with code and meaning on the timeline, the server's words kept apart; nothing leaves."""
    sent, mail = await sent_mail(pair)
    before = len(await pair.gp.outbound())
    came = await pair.gp.take(bounce(mail, diagnostic=f"smtp; 550 {SECRET}"))
    assert (came.state, came.owner, came.kind) == (InboundState.KORRELERT, GP, Kind.FEIL)
    found = await pair.gp.message(sent.id)
    assert (found.state, found.reason) == (
        DeliveryState.TRANSPORTFEIL,
        'message.bounced {"fault": "5.1.1", "subject": "1"}',
    )
    assert [task.cause for task in await pair.gp.tasks()] == ["TRANSPORTFEIL"]
    last = (await lines(pair, sent))[-1]
    assert (last.action, last.actor) == (DeliveryEvent.RETURNED, "e-posttjener")
    assert last.data["code"] == "5.1.1"
    assert SECRET not in repr(await lines(pair, sent)) + repr(came) + repr(found)
    assert await partner_word(pair.gp.ports.store, pair.gp.ports.clock, KARI, GP, sent.id) == f"5.1.1 550 {SECRET}"
    assert len(await pair.gp.outbound()) == before
    assert pair.gp.ports.store.tables.work == {}


async def test_a_bounce_of_any_try_counts_and_a_resend_mends_it(pair: Pair) -> None:
    """The first try's bounce comes after the second try; a person resends, and the message arrives."""
    sent, first = await sent_mail(pair)
    pair.clock.advance(hours=12)
    await pair.gp.work()
    second = pair.gp.sent.pop()
    assert message_id(first) != message_id(second)
    await pair.gp.take(bounce(first))
    assert await state(pair, sent) is DeliveryState.TRANSPORTFEIL
    await resend(pair.gp.ports, KARI, sent.id, "Adressen er rettet.")
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.LEVERT


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.4.7"), ("relayed", "2.0.0")])
async def test_what_is_not_final_is_a_line_on_the_timeline(pair: Pair, action: str, status: str) -> None:
    """A delay moves nothing, and calls nobody; the resend goes as it would have."""
    sent, mail = await sent_mail(pair)
    before = await pair.gp.message(sent.id)
    came = await pair.gp.take(bounce(mail, action, status))
    assert came.state is InboundState.KORRELERT
    assert await pair.gp.message(sent.id) == before
    assert [each.data["code"] for each in await lines(pair, sent) if each.action == DeliveryEvent.NOTICED] == [status]
    assert await pair.gp.tasks() == []
    pair.clock.advance(hours=12)
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.LEVERT


@pytest.mark.parametrize("until", ["acknowledged", "delivered"])
async def test_a_bounce_against_a_confirmation_only_calls_a_person(pair: Pair, until: str) -> None:
    """What the partner has signed for does not move by anybody's word: a task, and the partner's words stay."""
    sent, mail = await sent_mail(pair)
    pair.gp.sent.append(mail)
    if until == "acknowledged":
        await pair.carry()
        await pair.municipal.work()
        for each in pair.municipal.sent[:1]:
            await pair.hand_over(each)
        await pair.gp.work(WorkKind.MOTTA)
    else:
        await pair.settle()
    before = await pair.gp.message(sent.id)
    assert before.state in {DeliveryState.TRANSPORTKVITTERT, DeliveryState.LEVERT}
    await pair.gp.take(bounce(mail))
    assert await pair.gp.message(sent.id) == before
    (task,) = await pair.gp.tasks()
    assert task.cause == DeliveryEvent.RETURNED
    assert task.text.startswith("message.returned_though_delivered ")


async def test_a_bounce_of_a_receipt_calls_a_person_once(pair: Pair) -> None:
    """An Acknowledgment that comes back is a task, however often, and nothing goes to and fro."""
    await sent_mail(pair)
    await pair.submit(GP_SERVICE, LEVANGER_SERVICE)
    await pair.carry()
    await pair.municipal.work()
    mail = next(each for each in pair.municipal.sent if b"multipart/related" not in each)
    count = len(await pair.municipal.outbound())
    for _ in range(3):
        assert (await pair.municipal.take(bounce(mail))).state is InboundState.KORRELERT
    assert [task.cause for task in await pair.municipal.tasks()] == [DeliveryEvent.RETURNED]
    assert len(await pair.municipal.outbound()) == count


@pytest.mark.parametrize("proof", ["", "X-Samvik-Return: " + "0" * 32])
async def test_a_bounce_that_knows_the_message_id_alone_stops_nothing(pair: Pair, proof: str) -> None:
    """Who read our Message-ID in a log calls a person, once; the resends go on, and the message arrives."""
    sent, mail = await sent_mail(pair)
    before = await pair.gp.message(sent.id)
    forged = bounce(message_id(mail)).replace(b"X-Last: x", proof.encode() or b"X-Last: x")
    for _ in range(3):
        assert (await pair.gp.take(forged)).state is InboundState.KORRELERT
    assert await pair.gp.message(sent.id) == before
    (task,) = await pair.gp.tasks()
    assert task.text.startswith("message.returned_without_proof ")
    pair.clock.advance(hours=12)
    await pair.settle()
    assert await state(pair, sent) is DeliveryState.LEVERT


async def test_the_proof_of_another_mail_proves_nothing(pair: Pair) -> None:
    """A partner that has one mail of ours cannot stop another one by it."""
    sent, mail = await sent_mail(pair)
    _, other = await sent_mail(pair)
    forged = bounce(other).replace(message_id(other).encode(), message_id(mail).encode())
    await pair.gp.take(forged)
    assert await state(pair, sent) is DeliveryState.SENDT


def strange(mail: bytes):
    """Return Message-IDs that are none of ours, by why."""
    own = message_id(mail)
    other = "f" * 32
    owner, id, rest = own.strip("<>").split(".", 2)
    return [
        "<fremmed@example.test>",
        "",
        f"<{owner}.{other}.{rest}>",
        f"<8090999.{id}.{rest}>",
        f"<{OPERATOR}.{id}.{rest}>",
        own.replace("@", "x@"),
    ]


@pytest.mark.parametrize("which", range(6))
async def test_a_bounce_of_nothing_of_ours_is_quarantined(pair: Pair, which: int) -> None:
    """Another's mail, an id that is a guess, or the id under another owner: kept with the reason, nothing moves."""
    sent, mail = await sent_mail(pair)
    came = await pair.gp.take(bounce(strange(mail)[which]))
    assert (came.state, came.reason) == (InboundState.KARANTENE, "inbound.not_ours")
    assert came.owner == OPERATOR
    assert await state(pair, sent) is DeliveryState.SENDT
    assert len(await pair.gp.outbound()) == 1


async def test_an_automatic_reply_is_kept_and_never_answered(pair: Pair) -> None:
    """Out of office: quarantine, with the reason, and nothing is sent."""
    _, mail = await sent_mail(pair)
    reply = b"Auto-Submitted: auto-replied\r\nContent-Type: text/plain\r\nIn-Reply-To: %s\r\n\r\nFerie\r\n"
    came = await pair.gp.take(reply % message_id(mail).encode())
    assert came.state is InboundState.KARANTENE
    why = Statement.of(MailCode.NOT_MULTIPART)
    assert came.reason == str(Statement.of(MailCode.AUTOMATIC_REPLY, why=why))
    assert len(await pair.gp.outbound()) == 1


async def test_a_returned_deviation_shows_in_its_case_as_a_failed_delivery(pair: Pair) -> None:
    """The case does what it does at every TRANSPORTFEIL: a person is called, it stays where it is."""
    ports = pair.gp.ports
    case = await steps.new(ports, REPORTER, read_deviation(DEVIATION), LEVANGER_SERVICE)
    await steps.submit(ports, REPORTER, case.number)
    await steps.approve(ports, ASSURER, case.number)
    await steps.send(ports, ASSURER, case.number)
    await pair.gp.work()
    await pair.gp.take(bounce(pair.gp.sent.pop()))
    found = await case_of(pair.gp, GP)
    assert (found.state, found.due) == (CaseState.SENDES, None)
    assert "TRANSPORTFEIL" in {task.cause for task in await pair.gp.tasks()}


UNMOVED = {
    DeliveryState.TRANSPORTKVITTERT: TASK,
    DeliveryState.MANGLER_APPREC: TASK,
    DeliveryState.LEVERT: TASK,
    DeliveryState.LEVERT_MED_FEIL: TASK,
    DeliveryState.AVVIST: TASK,
    DeliveryState.FULLFORT: TASK,
    DeliveryState.STOPPET: TASK,
    DeliveryState.KANSELLERT: TASK,
    DeliveryState.LEVERT_MANUELT: IGNORE,
}


@pytest.mark.parametrize("at", DeliveryState)
def test_a_bounce_moves_only_what_nobody_has_confirmed(at: DeliveryState) -> None:
    """Every state says what a bounce does to it, and a notice does nothing anywhere."""
    assert DELIVERY[at][DeliveryEvent.RETURNED] is UNMOVED.get(at, DeliveryState.TRANSPORTFEIL)
    assert DELIVERY[at][DeliveryEvent.NOTICED] is IGNORE
