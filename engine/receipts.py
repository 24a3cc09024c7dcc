"""What partners say of our own messages: Acknowledgments, MessageErrors and AppRecs move our deliveries.

A receipt counts only by the trust rules of engine.msh.trust; any other is kept as UKORRELERT and moves nothing.
"""

from engine.assess import Receipt, Signal
from engine.deliveries import move
from engine.desk import Desk, Outcome
from engine.msh.trust import apprec_counts, receipt_counts, same_digests
from engine.names import MessageId
from engine.records import Kind, Outbound
from engine.states.delivery import DeliveryEvent
from engine.states.inbound import InboundEvent

LONGEST_TEXT = 500
_APPREC_EVENT = {1: DeliveryEvent.APPREC_OK, 2: DeliveryEvent.APPREC_REFUSED, 3: DeliveryEvent.APPREC_PARTLY}


async def on_signal(desk: Desk, found: Signal) -> Outcome:
    """Move our delivery by an Acknowledgment or MessageError, if it comes from whom we sent to."""
    envelope = found.envelope
    kind = Kind.KVITTERING if envelope.acknowledgment else Kind.FEIL
    original = await desk.uow.outbound_by_message_id(found.owner, envelope.ref_to) if envelope.ref_to else None
    if original is None or not receipt_counts(envelope, original):
        reason = "Refers to no message that we sent to this party."
        return Outcome(found.owner, InboundEvent.RECEIPT_ORPHAN, reason, envelope.header, kind)
    event, data = _acknowledged(found, original) if envelope.acknowledgment else _refused(found)
    await move(desk.uow, desk.world, original, event, desk.now, f"HER {envelope.from_her}", data)
    return Outcome(found.owner, InboundEvent.RECEIPT_MATCHED, "", envelope.header, kind)


def _acknowledged(found: Signal, original: Outbound) -> tuple[DeliveryEvent, dict[str, str]]:
    block = found.envelope.acknowledgment
    data = {"message_id": str(found.envelope.message_id)}
    if block is not None and not same_digests(block.digests, original.reference_digests):
        return DeliveryEvent.ACKNOWLEDGED_OTHER_BYTES, data
    last = original.kind is not Kind.MELDING
    return DeliveryEvent.ACKNOWLEDGED_LAST if last else DeliveryEvent.ACKNOWLEDGED, data


def _refused(found: Signal) -> tuple[DeliveryEvent, dict[str, str]]:
    first = found.envelope.errors[0]
    reason = f"{first.code}: {first.description}"[:LONGEST_TEXT]
    data = {"code": first.code[:LONGEST_TEXT], "location": first.location[:LONGEST_TEXT], "reason": reason}
    serious = found.envelope.highest_severity != "Warning"
    return DeliveryEvent.MESSAGE_ERROR if serious else DeliveryEvent.WARNED, data


async def on_apprec(desk: Desk, found: Receipt) -> Outcome:
    """Move our deliveries of a document by its AppRec, if it comes from whom the document went to."""
    apprec, registry = found.apprec, desk.world.registry
    speaks = registry.is_at_or_below(apprec.sender_her, found.envelope.from_her)
    sent = await _originals(desk, found) if speaks else []
    counted = [each for each in sent if apprec_counts(apprec.sender_her, each, registry)]
    event, header = InboundEvent.RECEIPT_ORPHAN, found.envelope.header
    reason = "Refers to no document that we sent to this party."
    for original in counted:
        data = _told(found)
        actor = f"HER {apprec.sender_her}"
        await move(desk.uow, desk.world, original, _APPREC_EVENT[apprec.status], desk.now, actor, data)
        event, reason = InboundEvent.RECEIPT_MATCHED, ""
    return Outcome(found.owner, event, reason, header, Kind.APPREC, apprec.original_msg_id)


async def _originals(desk: Desk, found: Receipt) -> list[Outbound]:
    """Return what the AppRec is about; one about an unreadable document can only name the envelope's MessageId."""
    about = found.apprec.original_msg_id
    sent = await desk.uow.outbound_by_msg_id(found.owner, about)
    if sent:
        return [each for each in sent if each.kind is Kind.MELDING]
    by_envelope = await desk.uow.outbound_by_message_id(found.owner, MessageId(about))
    return [by_envelope] if by_envelope and by_envelope.kind is Kind.MELDING else []


def _told(found: Receipt) -> dict[str, str]:
    apprec = found.apprec
    data = {"apprec": str(apprec.id), "status": str(apprec.status), "gen_date": apprec.gen_date.isoformat()}
    for error in apprec.errors[:1]:
        data["code"] = error.code[:LONGEST_TEXT]
        data["reason"] = f"{error.code} {error.name}: {error.detail}"[:LONGEST_TEXT]
    return data
