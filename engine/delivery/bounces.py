"""Mails of ours that mail servers returned, and the messages that they carried.

A bounce does not prove who wrote it. One that returns our mail's proof (engine.outbound.mail) shows that its writer had
all of the mail, as every server on its way has: it can stop a message that nobody has confirmed, which calls a person,
and nothing more. One that knows our Message-ID alone calls a person, and the resends go on. None is ever answered.
"""

import hmac
from dataclasses import replace

from engine.codes.inbound import InboundCode
from engine.codes.message import MessageCode
from engine.codes.statement import Statement
from engine.commit.actor import MAIL_SERVER
from engine.commit.mail import MailCommit, Outcome
from engine.commit.move import NewTask
from engine.commit.tasks import DESK_DEADLINE
from engine.delivery.moving import advance_message
from engine.msh.bounce import Bounce, subject_of
from engine.names import OPERATOR
from engine.outbound.deliveries import keep_word
from engine.outbound.mail import PROOF_HEADER, proof_of
from engine.records.log import TaskCause
from engine.records.messages import Kind, OutgoingMessage
from engine.states.delivery import DELIVERY, DeliveryEvent, DeliveryState
from engine.states.inbound import InboundEvent
from engine.states.role import Role
from engine.verdict.kinds import Returned


async def on_returned(commit: MailCommit, found: Returned) -> Outcome:
    """Move our delivery by a bounce that is final; any other report is a line on its timeline."""
    message = await commit.uow.outbound(found.owner, found.delivery)
    if message is None:
        return Outcome(OPERATOR, InboundEvent.UNREADABLE, str(Statement.of(InboundCode.NOT_OURS)))
    bounce = found.bounce
    doubted = bounce.failed and _would_move(message) and not _is_proven(message, bounce)
    event = DeliveryEvent.RETURNED if bounce.failed and not doubted else DeliveryEvent.NOTICED
    why = reason_of(bounce)
    data = {"action": bounce.action or "unknown", "code": bounce.code, "reason": str(why)}
    moved = await advance_message(replace(commit, actor=MAIL_SERVER), message, event, data)
    # What the partner itself wrote of the message is not replaced by what anybody may have written.
    if moved.state is not message.state or await commit.uow.partner_word(message.owner, message.id) is None:
        await keep_word(commit.uow, message, [f"{bounce.code} {bounce.words}".strip()])
    if doubted:
        said = Statement.of(MessageCode.RETURNED_WITHOUT_PROOF, why=why)
        task = NewTask(TaskCause.RETURNED_WITHOUT_PROOF, said, Role.DRIFT, commit.now + DESK_DEADLINE)
        await commit.open_task(message.owner, message.id, task)
    report = Statement.of(MessageCode.MAIL_REPORT, action=data["action"], why=why)
    return Outcome(found.owner, InboundEvent.RECEIPT_MATCHED, str(report), kind=Kind.FEIL)


def _would_move(message: OutgoingMessage) -> bool:
    return isinstance(DELIVERY[message.state][DeliveryEvent.RETURNED], DeliveryState)


def _is_proven(message: OutgoingMessage, bounce: Bounce) -> bool:
    said = bounce.fields.get(PROOF_HEADER.lower(), "").strip()
    wanted = proof_of(message, bounce.message_id)
    # Without digests there is nothing in the proof that the Message-ID alone does not tell.
    return bool(message.reference_digests) and hmac.compare_digest(said.encode(), wanted.encode())


def reason_of(bounce: Bounce) -> Statement:
    """Return what the status code of a bounce says."""
    if not bounce.code:
        return Statement.of(MessageCode.BOUNCED_SILENT)
    subject = subject_of(bounce.code)
    if not subject:
        return Statement.of(MessageCode.BOUNCED_UNKNOWN, fault=bounce.code)
    return Statement.of(MessageCode.BOUNCED, fault=bounce.code, subject=subject)
