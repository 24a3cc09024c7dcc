"""Mails of ours that mail servers returned, and the messages that they carried.

A bounce does not prove who wrote it: it only shows that its writer knows the random id of a message of ours. So it can
stop a message that nobody has confirmed, which calls a person, and nothing more. It is never answered.
"""

from dataclasses import replace

from engine.codes.inbound import InboundCode
from engine.codes.message import MessageCode
from engine.codes.statement import Statement
from engine.commit.actor import MAIL_SERVER
from engine.commit.mail import MailCommit, Outcome
from engine.delivery.moving import advance_message
from engine.msh.bounce import Bounce, subject_of
from engine.names import OPERATOR
from engine.outbound.deliveries import keep_word
from engine.records.messages import Kind
from engine.states.delivery import DeliveryEvent
from engine.states.inbound import InboundEvent
from engine.verdict.kinds import Returned


async def on_returned(commit: MailCommit, found: Returned) -> Outcome:
    """Move our delivery by a bounce that is final; any other report is a line on its timeline."""
    message = await commit.uow.outbound(found.owner, found.delivery)
    if message is None:
        return Outcome(OPERATOR, InboundEvent.UNREADABLE, str(Statement.of(InboundCode.NOT_OURS)))
    bounce = found.bounce
    event = DeliveryEvent.RETURNED if bounce.failed else DeliveryEvent.NOTICED
    why = reason_of(bounce)
    data = {"action": bounce.action or "unknown", "code": bounce.code, "reason": str(why)}
    moved = await advance_message(replace(commit, actor=MAIL_SERVER), message, event, data)
    # What the partner itself wrote of the message is not replaced by what anybody may have written.
    if moved.state is not message.state or await commit.uow.partner_word(message.owner, message.id) is None:
        await keep_word(commit.uow, message, [f"{bounce.code} {bounce.words}".strip()])
    report = Statement.of(MessageCode.MAIL_REPORT, action=data["action"], why=why)
    return Outcome(found.owner, InboundEvent.RECEIPT_MATCHED, str(report), kind=Kind.FEIL)


def reason_of(bounce: Bounce) -> Statement:
    """Return what the status code of a bounce says."""
    if not bounce.code:
        return Statement.of(MessageCode.BOUNCED_SILENT)
    subject = subject_of(bounce.code)
    if not subject:
        return Statement.of(MessageCode.BOUNCED_UNKNOWN, fault=bounce.code)
    return Statement.of(MessageCode.BOUNCED, fault=bounce.code, subject=subject)
