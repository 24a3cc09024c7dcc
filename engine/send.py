"""Messages that go out: a deviation becomes a document and a delivery, and each try at a mail server is recorded.

deviation -> MsgHead with text, structured attachment and PDF -> encrypted, signed, stored and queued in one
commit (`submit`) -> SMTP (`deliver`) -> the partner's receipts (engine.receipts), or a deadline (`look_at`).
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from engine.accept import answer_for_silent_epj
from engine.deliveries import move, queue
from engine.drafts import draft_document
from engine.errors import Refused
from engine.msh.mime import write_mail
from engine.msh.retry import next_smtp_try
from engine.msh.writing import Addressing
from engine.names import ConversationId, HerId, MsgId
from engine.payload.attachment import Attachment
from engine.payload.carrier import Carrier
from engine.payload.deviation import Deviation
from engine.payload.deviation_xml import write_deviation
from engine.payload.main_text import main_text, notat_of
from engine.payload.msghead import build_msghead
from engine.ports import SmtpOutcome, SmtpReply, Transport
from engine.records import Kind, Outbound, Work
from engine.states.delivery import DeliveryEvent, DeliveryState
from engine.world import World

_UNDER_WAY = {DeliveryState.KO, DeliveryState.SENDT, DeliveryState.SENDT_UKJENT}


async def submit(world: World, deviation: Deviation, sender: HerId, receiver: HerId) -> Outbound:
    """Store and queue a deviation from one party to another; return its delivery.

    Raises Refused, saying what to do, where the parties, their terms or the carrier do not allow it.
    """
    now = world.clock.now()
    owner = _check_parties(world, sender, receiver, now)
    terms = world.registry.terms(sender, receiver, now)
    carrier = world.carriers.get(terms.carrier)
    if carrier is None or not carrier.enabled:
        raise Refused(f"The agreement's carrier '{terms.carrier}' is not enabled. Change the agreement.")
    _check_function(world, receiver, carrier)
    msg_id = MsgId(str(world.ids.new()))
    document = _document(world, deviation, carrier, msg_id, sender, receiver, now)
    to = _addressing(world, carrier, sender, receiver, now)
    draft = draft_document(world, owner, to, document, msg_id, (sender, receiver), now)
    size = len(draft.mime)
    if size > world.limits.most_bytes:
        raise Refused(f"The message would be {size} bytes on the wire; at most {world.limits.most_bytes} are taken.")
    async with world.store.begin() as uow:
        return await queue(uow, world, draft, now)


def _check_parties(world: World, sender: HerId, receiver: HerId, now: datetime) -> HerId:
    owner = world.owner_of(sender)
    if owner is None:
        raise Refused(f"HER-id {sender} is not served by this engine. Send as one of its own parties.")
    for her in (sender, receiver):
        party = world.registry.find(her)
        if party is None:
            raise Refused(f"HER-id {her} is not in the parties file. Import a file that holds it.")
        if not party.is_open(now):
            heir = f" Its successor is {party.successor}." if party.successor else ""
            raise Refused(f"{party.name} (HER-id {her}) takes no messages today.{heir}")
    return owner


def _check_function(world: World, receiver: HerId, carrier: Carrier) -> None:
    functions = world.registry.get(receiver).functions
    if functions and carrier.message_type not in functions:
        raise Refused(f"HER-id {receiver} does not take {carrier.message_type}. Agree on another carrier.")


def _document(
    world: World,
    deviation: Deviation,
    carrier: Carrier,
    msg_id: MsgId,
    sender: HerId,
    receiver: HerId,
    now: datetime,
) -> bytes:
    attachments = [
        Attachment("avvik.xml", "text/xml", write_deviation(deviation)),
        Attachment("avvik.pdf", "application/pdf", world.pdf.render(deviation.title, main_text(deviation, "nb"), now)),
    ]
    return build_msghead(
        carrier,
        msg_id=msg_id,
        gen_date=now,
        sender=world.document_party(sender),
        receiver=world.document_party(receiver),
        conversation=None,
        notat=notat_of(deviation, "nb"),
        attachments=attachments,
        test=world.test,
    )


def _addressing(world: World, carrier: Carrier, sender: HerId, receiver: HerId, now: datetime) -> Addressing:
    terms = world.registry.terms(sender, receiver, now)
    return Addressing(
        from_her=world.registry.envelope_party(sender, terms.level),
        to_her=world.registry.envelope_party(receiver, terms.level),
        from_role=carrier.sender_role,
        to_role=carrier.receiver_role,
        cpa_id=terms.cpa_id,
        conversation_id=ConversationId(str(world.ids.new())),
        service=carrier.service,
        action=carrier.action,
    )


async def deliver(work: Work, world: World, transport: Transport) -> None:
    """Hand one message to a mail server: the stored bytes, in a mail with a new Message-ID (transport.md D)."""
    now = world.clock.now()
    async with world.store.begin() as uow:
        message = await uow.outbound(work.owner, work.subject)
        mime = await uow.mime(work.owner, work.subject)
        if message is None or mime is None or _is_stale(message):
            await uow.finish_work(work)
            return
        if message.state in {DeliveryState.SENDT, DeliveryState.SENDT_UKJENT}:
            message = await move(uow, world, message, DeliveryEvent.RESEND_DUE, now, "motor", {})
    mail = write_mail(mime, mail_headers(message, world.ids.new(), now))
    reply = await transport.send(message.from_address, message.to_address, mail)
    await _record(work, world, reply)


def _is_stale(message: Outbound) -> bool:
    """A business message that has its answer is never sent again; a receipt is, for each duplicate."""
    return message.kind is Kind.MELDING and message.state not in _UNDER_WAY


def mail_headers(message: Outbound, id: UUID, now: datetime) -> Mapping[str, str]:
    """Return the headers of one mail: no content, no names, and our registered address as From (G.10)."""
    return {
        "From": message.from_address,
        "To": message.to_address,
        "Subject": "ebXML",
        "Date": format_datetime(now),
        "Message-ID": f"<{id}@{message.from_address.partition('@')[2]}>",
        "SOAPAction": '"ebXML"',
        "X-Mailer": "Samvik",
    }


async def _record(work: Work, world: World, reply: SmtpReply) -> None:
    now = world.clock.now()
    async with world.store.begin() as uow:
        message = await uow.outbound(work.owner, work.subject)
        if message is None:
            return
        data = {"smtp": reply.text, "reason": "" if reply.outcome is SmtpOutcome.TAKEN else reply.text}
        event = _smtp_event(message, reply.outcome)
        if event is DeliveryEvent.POSTPONED:
            await uow.postpone_work(work, next_smtp_try(now, work.attempts + 1))
        else:
            await uow.finish_work(work)
        await move(uow, world, message, event, now, "smtp", data)


def _smtp_event(message: Outbound, outcome: SmtpOutcome) -> DeliveryEvent:
    last = message.kind in {Kind.KVITTERING, Kind.FEIL}
    taken = DeliveryEvent.HANDED_OVER_LAST if last else DeliveryEvent.HANDED_OVER
    return {
        SmtpOutcome.TAKEN: taken,
        # Nobody confirms a signal: one that may have arrived is not sent again, and a partner who lacks it asks again.
        SmtpOutcome.UNKNOWN: taken if last else DeliveryEvent.LOST_AFTER_DATA,
        SmtpOutcome.POSTPONED: DeliveryEvent.POSTPONED,
        SmtpOutcome.REJECTED: DeliveryEvent.REJECTED,
    }[outcome]


async def look_at(work: Work, world: World) -> None:
    """Act on a deadline that has passed: of an outgoing message, or of a mail that waits for a record system."""
    now = world.clock.now()
    async with world.store.begin() as uow:
        message = await uow.outbound(work.owner, work.subject)
        if message is not None:
            await uow.finish_work(work)
            overdue = message.state is DeliveryState.TRANSPORTKVITTERT
            event = DeliveryEvent.APPREC_OVERDUE if overdue else DeliveryEvent.GIVEN_UP
            await move(uow, world, message, event, now, "motor", {})
            return
    await answer_for_silent_epj(work, world)
