"""The row of a deviation case, as one side keeps it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from engine.case.channel import Channel
from engine.case.clock import Clock
from engine.names import HerId, MsgId
from engine.states.case import CaseState


@dataclass(frozen=True, slots=True)
class Case:
    """One deviation case. Free text is not here: the draft and what others wrote are content, which is encrypted.

    `reporting` says that our side reports; `ours` and `theirs` are the HER-ids of the two sides. `leg` counts how often
    it was sent to a new receiver. `conversation` is the MsgId of the first message, `last` that of the latest, which a
    reply answers; `delivery` is our outgoing message of this leg. `former` is where a plain reply interrupted it.
    `number` is ours, `partner_number` theirs. `confirmed_at` is when our side confirmed what it received;
    `for_information` says that no answer is expected, so no clock runs and nobody is reminded.
    `channel` is how it came where that was no message: then no message can go in it either. Days are days in Oslo,
    instants aware UTC.
    """

    id: UUID
    owner: HerId
    number: str
    kind: str
    reporting: bool
    ours: HerId
    theirs: HerId
    state: CaseState
    opened_at: datetime
    deadline: datetime | None
    leg: int = 1
    former: CaseState | None = None
    conversation: MsgId | None = None
    last: MsgId | None = None
    delivery: UUID | None = None
    partner_number: str = ""
    start: date | None = None
    due: date | None = None
    reminder_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    reason: str = ""
    confirmed_at: datetime | None = None
    for_information: bool = False
    channel: Channel | None = None

    @property
    def clock(self) -> Clock | None:
        """Return the running clock, None where delivery has not been confirmed."""
        if self.start is None or self.due is None or self.reminder_at is None:
            return None
        return Clock(self.start, self.due, self.reminder_at)
