"""What is under way is known by hearing commits: each point once, and whoever heard before goes on hearing."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from adapters.bench.hearing import Hearing, Point
from adapters.store.postgres import PostgresStore
from engine.names import HerId
from engine.records.log import Action, Event
from engine.states.delivery import DeliveryEvent
from engine.states.inbound import InboundEvent

OWNER = HerId("8090300")
ROW, OTHER = UUID(int=1), UUID(int=2)


def event(action, row=ROW):
    """Return an event of the log about a row."""
    return Event(datetime(2026, 3, 2, tzinfo=UTC), row, str(action), "engine")


class Listened:
    """A hearing with a clock that counts up, and how many answers it told of."""

    def __init__(self):
        self.clock, self.answers = 100.0, 0
        self.hearing = Hearing(self._answer, self._now)

    def _answer(self):
        self.answers += 1

    def _now(self):
        self.clock += 1.0
        return self.clock


@pytest.mark.parametrize(
    ("action", "point"),
    [
        (InboundEvent.STORED, Point.INBOX),
        (InboundEvent.HANDED_OVER, Point.INBOX),
        (DeliveryEvent.APPREC_OK, Point.APPREC),
        (DeliveryEvent.APPREC_PARTLY, Point.APPREC),
        (DeliveryEvent.APPREC_REFUSED, Point.APPREC),
        (DeliveryEvent.ACKNOWLEDGED_LAST, Point.COMPLETE),
    ],
)
def test_each_point_is_noted_when_it_is_reached_first(action, point):
    """A second event of the same kind about the same row changes nothing; another row has a time of its own."""
    it = Listened()
    for row in (ROW, ROW, OTHER):
        it.hearing.hear(event(action, row))
    assert it.hearing.times[point] == {ROW: 101.0, OTHER: 102.0}
    assert not any(times for each, times in it.hearing.times.items() if each is not point)


def test_a_message_is_answered_once_however_often_its_apprec_comes():
    """A duplicate of an AppRec makes room for no further message."""
    it = Listened()
    for action in (DeliveryEvent.APPREC_OK, DeliveryEvent.APPREC_OK, DeliveryEvent.APPREC_REFUSED):
        it.hearing.hear(event(action))
    assert it.answers == 1
    it.hearing.hear(event(DeliveryEvent.APPREC_OK, OTHER))
    assert it.answers == 2


@pytest.mark.parametrize(
    "action",
    [
        Action.QUEUED,
        Action.STORED,
        DeliveryEvent.HANDED_OVER,
        DeliveryEvent.HANDED_OVER_LAST,
        DeliveryEvent.ACKNOWLEDGED,
        InboundEvent.RECEIPT_MATCHED,
        InboundEvent.DUPLICATE,
    ],
)
def test_what_happens_in_between_is_no_point(action):
    """A message that was handed over, acknowledged, or came again is neither answered nor complete."""
    it = Listened()
    it.hearing.hear(event(action))
    assert it.answers == 0
    assert not any(it.hearing.times.values())


@pytest.fixture
async def store(pg_url, at_rest):
    """Give an open store on PostgreSQL."""
    opened = PostgresStore(pg_url, at_rest)
    await opened.open()
    yield opened
    await opened.close()


async def test_commits_of_a_real_store_are_heard_and_a_rollback_is_not(store):
    """Whoever heard the store before still hears every event, and hears it first."""
    it, told = Listened(), []
    store.hear = lambda owner, heard: told.append((owner, heard.subject, it.answers))
    it.hearing.listen_in(store)

    async def fails():
        async with store.begin() as uow:
            await uow.log(OWNER, event(DeliveryEvent.APPREC_OK, OTHER))
            raise ZeroDivisionError

    async with store.begin() as uow:
        await uow.log(OWNER, event(DeliveryEvent.APPREC_OK))
        assert it.answers == 0
    with pytest.raises(ZeroDivisionError):
        await fails()
    assert told == [(OWNER, ROW, 0)]
    assert it.hearing.times[Point.APPREC] == {ROW: 101.0}
