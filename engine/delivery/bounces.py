"""Mails of ours that mail servers returned, tied to their deliveries.

A bounce proves nothing of who wrote it, but whoever did knows the random id of a delivery of ours. It never does more
than stop a delivery that nobody has confirmed, which calls a person; it is never answered.
"""

from engine.casework.following import after_delivery
from engine.codes.mail import MailCode
from engine.codes.statement import Statement
from engine.commit.mail import MailCommit, Outcome
from engine.msh.bounce import Bounce, hint
from engine.names import OPERATOR
from engine.outbound.deliveries import keep_word, move
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
    moved = await move(commit.uow, commit.ports, message, event, commit.now, "mail server", data)
    # What the partner itself wrote of the message is not replaced by what anybody may have written.
    if moved.state is not message.state or await commit.uow.partner_word(message.owner, message.id) is None:
        await keep_word(commit.uow, message, [f"{bounce.code} {bounce.words}".strip()])
    if moved.state is not message.state:
        await after_delivery(commit.uow, commit.ports, moved, commit.now)
    reason = Statement.of(MailCode.BOUNCE_ACTION, action=data["action"], what=hint(bounce.code))
    return Outcome(found.owner, InboundEvent.RECEIPT_MATCHED, str(reason), kind=Kind.FEIL)


def _told(bounce: Bounce) -> dict[str, str]:
    return {"action": bounce.action or "unknown", "code": bounce.code, "reason": str(hint(bounce.code))}
