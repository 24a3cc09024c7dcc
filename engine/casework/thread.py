"""What our side says in a case's thread: a confirmation, answers, the reminder, a withdrawal."""

from collections.abc import Sequence
from datetime import datetime

from engine.case.record import Case
from engine.casework.moves import move_case
from engine.commit.ports import Ports
from engine.deviation.fields import MIME_TYPE, Answer
from engine.deviation.follow_up import FOLLOW_UP_FILE, FollowUp, FollowUpKind, note_of, write_follow_up
from engine.errors import Refused
from engine.outbound.compose import compose
from engine.outbound.deliveries import queue
from engine.payload.attachment import Attachment
from engine.ports import UnitOfWork
from engine.records.log import Event
from engine.records.messages import OutgoingMessage
from engine.states.case import CaseEvent

MESSAGE_SENT = "message in the case"
"""The action of a case's event that names a message of ours in its thread."""


async def send_follow_up(
    uow: UnitOfWork,
    ports: Ports,
    case: Case,
    kind: FollowUpKind,
    now: datetime,
    *,
    text: str = "",
    answer: Answer | None = None,
    files: Sequence[Attachment] = (),
) -> OutgoingMessage:
    """Queue a message in the case's thread, from our side to theirs, with files. Raises Refused where none can go."""
    if case.channel is not None:
        raise Refused(f"Case {case.number} did not come as a message ({case.channel}), so none can go in it.")
    if case.first_msg_id is None:
        raise Refused(f"Case {case.number} has no conversation to answer in.")
    number = case.number if case.reporting else case.partner_number or case.number
    follow_up = FollowUp(kind, number, ports.policy.registry.get(case.our_her).name, text, answer)
    attachments = [Attachment(FOLLOW_UP_FILE, MIME_TYPE, write_follow_up(follow_up)), *files]
    notat = note_of(follow_up, "nb", now.date())
    thread = (case.last_msg_id or case.first_msg_id, case.first_msg_id)
    draft = compose(ports, case.our_her, case.their_her, notat, attachments, thread, now)
    sent = await queue(uow, ports.policy, draft, now)
    await log_message(uow, case, sent, now)
    return sent


async def log_message(uow: UnitOfWork, case: Case, sent: OutgoingMessage, now: datetime) -> None:
    """Name a message of ours in its case's log, so that the case's timeline can show what became of it."""
    await uow.log(case.owner, Event(now, case.id, MESSAGE_SENT, "motor", {"message": str(sent.id)}))


async def send_confirmation(uow: UnitOfWork, ports: Ports, case: Case, now: datetime, actor: str) -> Case:
    """Tell the reporter that we have received and registered a deviation, and under which number (process.md 2.2).

    Once a case: Refused where it was confirmed before, is not registered, or was reported by us. What was sent for
    information only has thereby come to its end (A11). A later answer still answers the deviation, so `last` stays.
    """
    if case.reporting:
        raise Refused(f"Case {case.number} is one that we reported: the other side confirms it.")
    if case.confirmed_at is not None:
        raise Refused(f"Case {case.number} has been confirmed already; once is enough.")
    await send_follow_up(uow, ports, case, FollowUpKind.BEKREFTELSE, now, text=f"Saksnummer hos oss: {case.number}.")
    confirmed = await move_case(uow, ports, case, CaseEvent.CONFIRM, now, actor, {"confirmed_at": now})
    if not case.for_information:
        return confirmed
    return await move_case(uow, ports, confirmed, CaseEvent.INFORMED, now, actor)
