"""What the benchmark knows of an exchange under way: it hears what a node has committed, and asks no table.

A store tells of every event of its log once it is committed (`PostgresStore.hear`); the node's own listener, which
writes the log lines of service, goes on hearing all of it.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from uuid import UUID

from adapters.store.postgres import PostgresStore
from engine.names import HerId
from engine.records.log import Event
from engine.states.delivery import DeliveryEvent
from engine.states.inbound import InboundEvent


class Point(StrEnum):
    """How far an exchange has come: each is a commit."""

    INBOX = "in the inbox"
    APPREC = "AppRec received"
    COMPLETE = "AppRec acknowledged"


_POINTS: dict[str, Point] = {
    InboundEvent.STORED: Point.INBOX,
    InboundEvent.HANDED_OVER: Point.INBOX,
    DeliveryEvent.APPREC_OK: Point.APPREC,
    DeliveryEvent.APPREC_PARTLY: Point.APPREC,
    DeliveryEvent.APPREC_REFUSED: Point.APPREC,
    DeliveryEvent.ACKNOWLEDGED_LAST: Point.COMPLETE,
}

Times = dict[Point, dict[UUID, float]]
"""When each point was reached, by the id of its row; seconds of the machine's clock since 1970."""


class Hearing:
    """Notes when each point was reached first; calls `answered` once for each message that has its AppRec."""

    def __init__(self, answered: Callable[[], None], now: Callable[[], float] = time.time) -> None:
        self._answered, self._now = answered, now
        self.times: Times = {point: {} for point in Point}

    def listen_in(self, store: PostgresStore) -> None:
        """Hear what `store` commits from now on, after whoever hears it already."""
        told = store.hear

        def hear(owner: HerId, event: Event) -> None:
            if told is not None:
                told(owner, event)
            self.hear(event)

        store.hear = hear

    def hear(self, event: Event) -> None:
        """Hear of one event that was committed."""
        point = _POINTS.get(event.action)
        if point is None or event.subject in self.times[point]:
            return
        self.times[point][event.subject] = self._now()
        if point is Point.APPREC:
            self._answered()
