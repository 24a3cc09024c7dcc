"""Mails of ours that mail servers returned, tied to their deliveries.

A bounce proves nothing of who wrote it, but whoever did knows the random id of a delivery of ours. It never does more
than stop a delivery that nobody has confirmed, which calls a person; it is never answered.
"""

from dataclasses import replace

from engine.commit.actor import MAIL_SERVER
from engine.commit.mail import MailCommit, Outcome
from engine.delivery.moving import advance_message
from engine.msh.bounce import Bounce, hint
from engine.names import OPERATOR
from engine.outbound.deliveries import keep_word
from engine.records.messages import Kind
from engine.states.delivery import DeliveryEvent
from engine.states.inbound import InboundEvent
from engine.verdict.kinds import NOT_OURS, Returned


async def on_returned(commit: MailCommit, found: Returned) -> Outcome:
    """Move our delivery by a bounce that is final; any other report is a line on its timeline."""
    message = await commit.uow.outbound(found.owner, found.delivery)
    if message is None:
        return Outcome(OPERATOR, InboundEvent.UNREADABLE, NOT_OURS)
    bounce = found.bounce
    event = DeliveryEvent.RETURNED if bounce.failed else DeliveryEvent.NOTICED
    data = _told(bounce)
    moved = await advance_message(replace(commit, actor=MAIL_SERVER), message, event, data)
    # What the partner itself wrote of the message is not replaced by what anybody may have written.
    if moved.state is not message.state or await commit.uow.partner_word(message.owner, message.id) is None:
        await keep_word(commit.uow, message, [f"{bounce.code} {bounce.words}".strip()])
    return Outcome(found.owner, InboundEvent.RECEIPT_MATCHED, f"{data['action']} {data['reason']}", kind=Kind.FEIL)


def _told(bounce: Bounce) -> dict[str, str]:
    reason = f"{bounce.code}: {hint(bounce.code)}" if bounce.code else hint("")
    return {"action": bounce.action or "unknown", "code": bounce.code, "reason": reason}
