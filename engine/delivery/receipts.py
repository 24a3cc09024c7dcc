"""Acknowledgments, MessageErrors and AppRecs from partners, and how they move our own messages.

A receipt counts only by the trust rules of engine.trust.speakers. Any other is kept as UKORRELERT and moves nothing.
"""

from dataclasses import replace
from functools import partial

from engine.codes.message import MessageCode
from engine.codes.statement import Statement
from engine.commit.actor import partner
from engine.commit.forms import by_any_form
from engine.commit.mail import MailCommit, Outcome
from engine.commit.tasks import desk_task
from engine.delivery.moving import advance_message
from engine.errors import APPREC_ERRORS, EbxmlCode
from engine.names import HerId, MessageId
from engine.outbound.deliveries import keep_word
from engine.records.log import TaskCause
from engine.records.messages import Kind, OutgoingMessage
from engine.states.delivery import DeliveryEvent
from engine.states.inbound import InboundEvent
from engine.trust.speakers import apprec_counts, receipt_counts, same_digests
from engine.verdict.kinds import ApprecReceived, ApprecUnreadable, Signal

_APPREC_EVENT = {1: DeliveryEvent.APPREC_OK, 2: DeliveryEvent.APPREC_REFUSED, 3: DeliveryEvent.APPREC_PARTLY}


async def on_signal(commit: MailCommit, found: Signal) -> Outcome:
    """Move our delivery by an Acknowledgment or MessageError, if it comes from whom we sent to."""
    envelope = found.envelope
    kind = Kind.KVITTERING if envelope.acknowledges else Kind.FEIL
    original = await _by_message_id(commit, found.owner, envelope.ref_to) if envelope.ref_to else None
    if original is None or not receipt_counts(envelope, original):
        reason = str(Statement.of(MessageCode.RECEIPT_ORPHAN))
        return Outcome(found.owner, InboundEvent.RECEIPT_ORPHAN, reason, envelope.header, kind)
    event, data = _acknowledged(found, original) if envelope.acknowledges else _refused(found)
    told = [f"{each.code} {each.location}: {each.description}" for each in envelope.errors]
    await keep_word(commit.uow, original, told)
    await advance_message(replace(commit, actor=partner(envelope.from_her)), original, event, data)
    return Outcome(found.owner, InboundEvent.RECEIPT_MATCHED, "", envelope.header, kind)


def _acknowledged(found: Signal, original: OutgoingMessage) -> tuple[DeliveryEvent, dict[str, str]]:
    block = found.envelope.acknowledgment
    data = {"message_id": str(found.envelope.message_id)}
    if block is not None and not same_digests(block.digests, original.reference_digests):
        return DeliveryEvent.ACKNOWLEDGED_OTHER_BYTES, data
    last = original.kind is not Kind.MELDING
    return DeliveryEvent.ACKNOWLEDGED_LAST if last else DeliveryEvent.ACKNOWLEDGED, data


def _refused(found: Signal) -> tuple[DeliveryEvent, dict[str, str]]:
    code = _ebxml_code(found.envelope.errors[0].code)
    serious = found.envelope.highest_severity != "Warning"
    data = {"code": str(code), "reason": str(Statement.of(MessageCode.PARTNER_ERROR, fault=code))}
    return DeliveryEvent.MESSAGE_ERROR if serious else DeliveryEvent.WARNED, data


def _ebxml_code(text: str) -> EbxmlCode:
    return EbxmlCode(text) if text in set(EbxmlCode) else EbxmlCode.UNKNOWN


async def on_apprec(commit: MailCommit, found: ApprecReceived | ApprecUnreadable) -> Outcome:
    """Move our deliveries of a document by its AppRec, if it can be read and comes from whom the document went to."""
    if isinstance(found, ApprecUnreadable):
        return await _on_unreadable(commit, found)
    apprec, registry = found.apprec, commit.ports.policy.registry
    speaks = registry.root(apprec.sender_her) == registry.root(found.envelope.from_her)
    sent = await _originals(commit, found) if speaks else []
    counted = [each for each in sent if apprec_counts(apprec.sender_her, each, registry)]
    event, header = InboundEvent.RECEIPT_ORPHAN, found.envelope.header
    reason = str(Statement.of(MessageCode.APPREC_ORPHAN))
    for original in counted:
        data = _told(found)
        await keep_word(commit.uow, original, [f"{each.code} {each.name}: {each.detail}" for each in apprec.errors])
        told, theirs = _APPREC_EVENT[apprec.status], replace(commit, actor=partner(apprec.sender_her))
        await advance_message(theirs, original, told, data, confirmed_at=apprec.gen_date)
        event, reason = InboundEvent.RECEIPT_MATCHED, ""
    if not counted:
        said = Statement.of(MessageCode.APPREC_FITS_NOTHING, her_id=found.envelope.from_her)
        task = desk_task(TaskCause.APPREC_FITS_NOTHING, said, commit.now)
        await commit.open_task(found.owner, commit.mail.id, task)
    return Outcome(found.owner, event, reason, header, Kind.APPREC, apprec.original_msg_id)


async def _on_unreadable(commit: MailCommit, found: ApprecUnreadable) -> Outcome:
    """Show a person an AppRec that cannot be read: it may be a refusal, and an answer to it could go on for ever."""
    said = Statement.of(MessageCode.APPREC_NEEDS_A_PERSON, her_id=found.envelope.from_her)
    task = desk_task(TaskCause.UNREADABLE_APPREC, said, commit.now)
    await commit.open_task(found.owner, commit.mail.id, task)
    fault = found.fault
    reason = Statement.of(MessageCode.APPREC_UNREADABLE, fault=fault.code, location=fault.location, detail=fault.said)
    return Outcome(found.owner, InboundEvent.RECEIPT_ORPHAN, str(reason), found.envelope.header, Kind.APPREC)


async def _originals(commit: MailCommit, found: ApprecReceived) -> list[OutgoingMessage]:
    """Return what the AppRec is about; one about an unreadable document can only name the envelope's MessageId."""
    about = found.apprec.original_msg_id
    sent = await by_any_form(partial(commit.uow.outbound_by_msg_id, found.owner), about)
    if sent:
        return [each for each in sent if each.kind is Kind.MELDING]
    by_envelope = await _by_message_id(commit, found.owner, MessageId(about))
    return [by_envelope] if by_envelope and by_envelope.kind is Kind.MELDING else []


async def _by_message_id(commit: MailCommit, owner: HerId, message_id: MessageId) -> OutgoingMessage | None:
    return await by_any_form(partial(commit.uow.outbound_by_message_id, owner), message_id)


def _told(found: ApprecReceived) -> dict[str, str]:
    apprec = found.apprec
    data = {"apprec": str(apprec.id), "status": str(apprec.status), "gen_date": apprec.gen_date.isoformat()}
    if apprec.errors:
        code = apprec.errors[0].code if apprec.errors[0].code in APPREC_ERRORS else "X99"
        data |= {"code": code, "reason": str(Statement.of(MessageCode.APPREC_ERROR, fault=code))}
    return data
