"""What our side says in a case's thread: a confirmation, answers, the reminder, a withdrawal."""

from dataclasses import replace
from uuid import UUID

from engine.case.record import Case
from engine.casework.move import FollowUpToSend
from engine.codes.case import CaseCode
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.deviation.fields import MIME_TYPE
from engine.deviation.follow_up import FOLLOW_UP_FILE, FollowUp, FollowUpKind, note_of, write_follow_up
from engine.errors import Refused
from engine.outbound.compose import compose
from engine.outbound.outgoing import ReadyMessage
from engine.payload.attachment import Attachment
from engine.records.log import Action

IS_ANSWERED = frozenset({FollowUpKind.FORELOPIG_SVAR, FollowUpKind.SVAR, FollowUpKind.PURRING})
"""Kinds that the other side may answer, so that the next message in the thread answers them in turn."""


async def compose_follow_up(commit: Commit, case: Case, message: FollowUpToSend) -> ReadyMessage:
    """Return a message in a case's thread, from our side to theirs, ready to queue.

    A side that has ended meanwhile is followed to its successor: a merger stops no clock. Ours stays in the enterprise
    that owns the case. Raises Refused where no message can go.
    """
    if case.channel is not None:
        raise Refused(CaseCode.NO_MESSAGE_CAN_GO, number=case.number, channel=case.channel)
    if case.first_msg_id is None:
        raise Refused(CaseCode.NO_THREAD, number=case.number)
    number = case.number if case.reporting else case.partner_number or case.number
    ports, now, registry = commit.ports, commit.now, commit.ports.policy.registry
    heir, theirs = registry.speaker(case.our_her, now), registry.speaker(case.their_her, now)
    ours = heir if registry.root(heir) == case.owner else case.our_her
    contact = registry.get(ours).name
    follow_up = FollowUp(message.kind, number, contact, message.text, message.answer)
    attachments = [Attachment(FOLLOW_UP_FILE, MIME_TYPE, write_follow_up(follow_up)), *message.files]
    notat = note_of(follow_up, "nb", now.date())
    thread = (case.last_msg_id or case.first_msg_id, case.first_msg_id)
    shown = await commit.uow.has_shown_samvik(case.owner, theirs)
    return compose(ports, ours, theirs, notat, attachments, thread, now, shown=shown)


async def log_message(commit: Commit, case: Case, message: UUID) -> None:
    """Name a message of ours in its case's log, so that the case's timeline can show what became of it."""
    await replace(commit, actor=ENGINE).log(case.owner, case.id, Action.MESSAGE_SENT, {"message": str(message)})
