"""Messages that go out: a deviation becomes a document and a delivery, and each try at a mail server is recorded.

deviation -> MsgHead with text, structured attachment and perhaps PDF -> encrypted, signed, stored and queued in one
commit (`submit`) -> SMTP (`deliver`) -> the partner's receipts (engine.delivery.receipts), or a deadline (`look_at`).
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from functools import partial
from typing import Final, Literal

from engine.casework.reminder import holds_back, left_after_all
from engine.commit.actor import ENGINE, MAIL_SERVER
from engine.commit.commit import Commit
from engine.commit.large_work import has_room
from engine.commit.ports import Ports
from engine.delivery.moving import advance_message
from engine.deviation.fields import Deviation
from engine.msh.mime import write_mail
from engine.msh.retry import next_smtp_try
from engine.names import HerId
from engine.outbound.attachments import attach
from engine.outbound.compose import compose_deviation
from engine.outbound.deliveries import queue
from engine.outbound.mail import mail_headers
from engine.ports import SmtpOutcome, SmtpReply, Transport, UnitOfWork, Way
from engine.records.log import Cause
from engine.records.messages import Kind, OutgoingMessage
from engine.records.work import Work
from engine.states.delivery import DeliveryEvent, DeliveryState

_TROUBLE = {SmtpOutcome.UNREACHED: Cause.INGEN_VEI_UT, SmtpOutcome.POSTPONED: Cause.UTSATT}
_REMINDER: Final = "reminder"
_UNDER_WAY = {DeliveryState.KO, DeliveryState.SENDT, DeliveryState.SENDT_UKJENT}


async def submit(
    ports: Ports,
    deviation: Deviation,
    sender: HerId,
    receiver: HerId,
    files: Sequence[tuple[str, bytes]] = (),
) -> OutgoingMessage:
    """Store and queue a deviation from one party to another with files, by name and bytes; return its delivery.

    Raises Refused, saying what to do, where the parties, their terms or the carrier do not allow it.
    """
    now = ports.clock.now()
    attached, owner = await attach(ports, sender, receiver, files, now), ports.policy.owner_of(sender)
    shown = owner is not None and await ports.store.share(lambda uow: uow.has_shown_samvik(owner, receiver))
    draft = compose_deviation(ports, deviation, sender, receiver, now, attached, shown=shown)
    return await ports.store.share(partial(queue, policy=ports.policy, draft=draft, now=now))


async def deliver(work: Work, ports: Ports, transport: Transport) -> SmtpReply | None:
    """Hand one message to a mail server: the stored bytes, in a mail with a new Message-ID (transport.md D).

    Returns what the server said, None where nothing was sent.
    """
    async with AsyncExitStack() as held:
        now = ports.clock.now()
        ready = await ports.store.share(partial(_ready, work=work, ports=ports, held=held, now=now))
        if ready is _REMINDER:
            # Mails are read before it leaves. Nobody who shares transactions is to wait for that.
            async with ports.store.begin() as uow:
                ready = None if await holds_back(uow, ports, work, now) else await _to_send(uow, work, ports, held, now)
        if not isinstance(ready, tuple):
            return None
        message, mime = ready
        mail = write_mail(mime, mail_headers(message, ports.ids.new(), now))
        reply = await transport.send(message.from_address, message.to_address, mail)
        await ports.store.share(partial(_record, work=work, ports=ports, reply=reply))
        return reply


async def _ready(
    uow: UnitOfWork, work: Work, ports: Ports, held: AsyncExitStack, now: datetime
) -> tuple[OutgoingMessage, bytes] | Literal["reminder"] | None:
    """Return what `_to_send` does, _REMINDER for a reminder, which is looked at by itself."""
    if await uow.case_of_reminder(work.owner, work.subject) is not None:
        return _REMINDER
    return await _to_send(uow, work, ports, held, now)


async def _to_send(
    uow: UnitOfWork, work: Work, ports: Ports, held: AsyncExitStack, now: datetime
) -> tuple[OutgoingMessage, bytes] | None:
    """Return a message and its MIME entity, None where nothing is to be sent now."""
    if not await has_room(uow, ports, work, Way.OUT, held):
        return None
    message = await uow.outbound(work.owner, work.subject)
    mime = await uow.mime(work.owner, work.subject)
    if message is None or mime is None or is_stale(message):
        await uow.finish_work(work)
        return None
    if message.state in {DeliveryState.SENDT, DeliveryState.SENDT_UKJENT}:
        message = await advance_message(Commit(uow, ports, now, ENGINE), message, DeliveryEvent.RESEND_DUE)
    return message, mime


def is_stale(message: OutgoingMessage) -> bool:
    """Return whether a message must not be sent: a business message that has its answer; a receipt never is stale."""
    return message.kind is Kind.MELDING and message.state not in _UNDER_WAY


async def _record(uow: UnitOfWork, work: Work, ports: Ports, reply: SmtpReply) -> None:
    now = ports.clock.now()
    message = await uow.outbound(work.owner, work.subject)
    if message is None:
        return
    data = {"smtp": reply.text, "reason": "" if reply.outcome is SmtpOutcome.TAKEN else reply.text}
    event = smtp_event(message, reply.outcome)
    if event is DeliveryEvent.POSTPONED:
        due = next_smtp_try(now, work.attempts + 1)
        # A resend was queued anew when it began; the pause holds for that too.
        if await uow.postpone_work(work, due):
            await uow.add_work(work.owner, work.kind, work.subject, work.partner, due)
    else:
        await uow.finish_work(work)
    commit = Commit(uow, ports, now, MAIL_SERVER)
    moved = await advance_message(commit, message, event, data, trouble=_TROUBLE.get(reply.outcome))
    if moved.state is DeliveryState.KANSELLERT and reply.outcome in {SmtpOutcome.TAKEN, SmtpOutcome.UNKNOWN}:
        await left_after_all(uow, ports, moved, now)


def smtp_event(message: OutgoingMessage, outcome: SmtpOutcome) -> DeliveryEvent:
    """Return what a mail server's reply means for a message."""
    last = message.kind in {Kind.KVITTERING, Kind.FEIL}
    taken = DeliveryEvent.HANDED_OVER_LAST if last else DeliveryEvent.HANDED_OVER
    return {
        SmtpOutcome.TAKEN: taken,
        # Nobody confirms a signal: one that may have arrived is not sent again, and a partner who lacks it asks again.
        SmtpOutcome.UNKNOWN: taken if last else DeliveryEvent.LOST_AFTER_DATA,
        SmtpOutcome.POSTPONED: DeliveryEvent.POSTPONED,
        SmtpOutcome.UNREACHED: DeliveryEvent.POSTPONED,
        SmtpOutcome.REJECTED: DeliveryEvent.REJECTED,
    }[outcome]
