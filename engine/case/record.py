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

    `reporting` is True where our side reports. `our_her` and `their_her` are the HER-ids of the two sides.
    `sending_number` counts the receivers that the deviation was sent to: each has its own clock and its own reminder.
    `first_msg_id` is the MsgId of the first message in the thread, and `last_msg_id` that of the latest one, which the
    next message answers. `delivery` is the outgoing message that carried the deviation. `interrupted_state` is the
    state that the case was in when a plain reply came. `number` is our case number, `partner_number` theirs.
    `confirmed_at` is when our side confirmed what it received. `for_information` means that no answer is expected: no
    clock runs, and no reminder is sent. `channel` is how the case came where it did not come as a message; no message
    can then be sent in it. `written_by` are the persons who wrote or corrected
    the draft, by name. Days are days in Oslo, instants aware UTC.
    """

    id: UUID
    owner: HerId
    number: str
    kind: str
    reporting: bool
    our_her: HerId
    their_her: HerId
    state: CaseState
    opened_at: datetime
    deadline: datetime | None
    sending_number: int = 1
    interrupted_state: CaseState | None = None
    first_msg_id: MsgId | None = None
    last_msg_id: MsgId | None = None
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
    written_by: tuple[str, ...] = ()

    @property
    def clock(self) -> Clock | None:
        """Return the running clock, None where delivery has not been confirmed."""
        if self.start is None or self.due is None or self.reminder_at is None:
            return None
        return Clock(self.start, self.due, self.reminder_at)
