"""Mails that nobody vouches for: one task for each sender that they name and each cause, with a count."""

import pytest

from engine.codes.envelope import EnvelopeCode
from engine.codes.inbound import InboundCode
from engine.codes.statement import read_statement
from engine.commit.actor import Person
from engine.errors import Refused
from engine.msh.rules import finding
from engine.names import OPERATOR, HerId
from engine.operations.by_hand import cancel, move_pile
from engine.records.log import Task
from engine.states.inbound import InboundEvent, InboundState
from engine.states.role import Role
from tests.fakes.engines.pair import Pair
from tests.fakes.partners.documents import document
from tests.fakes.partners.forgery import Letter, acknowledgment_mail, altered, error_mail, payload_mail, unsigned
from tests.fakes.world.parties import VERDAL_SERVICE

OPERATOR_OF_DESK = Person(Role.DRIFT, OPERATOR, "Kari Nordmann")
FAULT = finding("cms", EnvelopeCode.NOT_DECRYPTED)
KARANTENE = InboundState.KARANTENE


def forged(number: int, **named: HerId) -> bytes:
    """Return an unsigned MessageError of somebody's."""
    return altered(error_mail(Letter(message_id=f"forfalsket-{number}", **named), FAULT), unsigned)


async def open_tasks(pair: Pair) -> list[Task]:
    """Return what the desk of the municipality has to do."""
    store = pair.municipal.ports.store
    return [task for owner in (*pair.municipal.ports.policy.hosted, OPERATOR) for task in await store.list_tasks(owner)]


@pytest.fixture
async def flooded() -> Pair:
    """Give a municipality that got 120 unsigned MessageErrors in a GP's name."""
    pair = Pair()
    for number in range(120):
        await pair.municipal.take(forged(number))
    return pair


async def test_a_flood_in_one_name_is_one_task_with_a_count(flooded: Pair) -> None:
    """The task says whose name they bear and why they are kept, counts them, and leads to the last one."""
    (task,) = await open_tasks(flooded)
    assert (task.count, task.cause) == (120, KARANTENE)
    said = read_statement(task.text)
    assert (said.code, said.params["her_id"]) == (InboundCode.PILE, Letter().sender)
    newest = max(await flooded.municipal.inbound(), key=lambda mail: mail.received_at)
    assert task.latest == newest.id or newest.pile == task.subject


async def test_each_sender_and_each_cause_has_its_own_task() -> None:
    """Another party's name, another fault, and all that name parties nobody knows: a task each."""
    pair = Pair()
    mails = [
        forged(1),
        forged(2, sender=VERDAL_SERVICE),
        forged(3, sender=HerId("8099998")),
        forged(4, sender=HerId("8099999")),
        b"Subject: hei\r\n\r\nhei\r\n",
        b"Subject: hei igjen\r\n\r\nhei\r\n",
    ]
    for mail in mails:
        await pair.municipal.take(mail)
    assert sorted(task.count for task in await open_tasks(pair)) == [1, 1, 2, 2]


async def test_what_a_registered_party_signed_has_a_task_of_its_own() -> None:
    """A verified receipt that cannot count is a matter between two parties, not one of a pile."""
    pair = Pair()
    for number in range(3):
        letter = Letter(message_id=f"kvittering-{number}", ref_to="x")
        mail = acknowledgment_mail(letter, {}, lambda soap: soap)
        await pair.municipal.take(mail)
    assert all(task.latest is None for task in await open_tasks(pair))


async def test_a_pile_is_thrown_away_at_once(flooded: Pair) -> None:
    """One step by a person discards all of it, each mail with a line in its log, and closes the task."""
    ports, (task,) = flooded.municipal.ports, await open_tasks(flooded)
    assert await move_pile(ports, OPERATOR_OF_DESK, task.id, InboundEvent.DISCARD, "søppel") == 120
    mails = await flooded.municipal.inbound()
    assert {(mail.state, mail.pile) for mail in mails} == {(InboundState.FORKASTET, None)}
    assert await open_tasks(flooded) == []
    for mail in mails[:3]:
        last = (await ports.store.timeline(mail.owner, mail.id))[-1].event
        assert (last.action, last.actor, last.data["reason"]) == (InboundEvent.DISCARD, str(OPERATOR_OF_DESK), "søppel")


async def test_a_pile_is_released_once_and_comes_back_as_one(flooded: Pair) -> None:
    """What is still wrong after a release lies in its pile again, with one task, and nothing goes round for ever."""
    ports, (task,) = flooded.municipal.ports, await open_tasks(flooded)
    assert await move_pile(ports, OPERATOR_OF_DESK, task.id, InboundEvent.RELEASE, "sertifikatet er registrert") == 120
    await flooded.municipal.work()
    (again,) = await open_tasks(flooded)
    assert (again.count, again.subject, again.id == task.id) == (120, task.subject, False)


async def test_the_task_closes_with_the_last_mail_of_its_pile() -> None:
    """Who discards the mails one by one has no task left over."""
    pair = Pair()
    mails = [await pair.municipal.take(forged(number)) for number in range(2)]
    await cancel(pair.municipal.ports, OPERATOR_OF_DESK, mails[0].id, "søppel")
    assert len(await open_tasks(pair)) == 1
    await cancel(pair.municipal.ports, OPERATOR_OF_DESK, mails[1].id, "søppel")
    assert await open_tasks(pair) == []


async def test_only_a_task_about_a_pile_moves_one(flooded: Pair) -> None:
    """A task that is not open, one about something else, and a step without a reason are refused."""
    ports, (task,) = flooded.municipal.ports, await open_tasks(flooded)
    with pytest.raises(Refused, match="reason"):
        await move_pile(ports, OPERATOR_OF_DESK, task.id, InboundEvent.DISCARD, "")
    with pytest.raises(Refused, match=r"operations\.no_task"):
        await move_pile(ports, OPERATOR_OF_DESK, task.subject, InboundEvent.DISCARD, "x")


async def test_a_good_message_beside_a_flood_is_taken(flooded: Pair) -> None:
    """A flood in a party's name hides nothing that the party itself signed."""
    row = await flooded.municipal.take(payload_mail(Letter(), document()))
    assert row.state is InboundState.LEVERT_INTERNT
