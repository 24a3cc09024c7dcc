"""Messages ready to be stored and queued: documents, AppRecs, Acknowledgments and MessageErrors.

A draft holds the bytes that will go over the wire, made once. Nothing is sent from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from lxml import etree

from engine.agreements.kept_cpas import Doing
from engine.agreements.terms import Terms
from engine.commit.ports import Ports
from engine.conformance.checks import check_written
from engine.errors import Finding
from engine.msh import constants as c
from engine.msh.encryption import encrypt, pack
from engine.msh.envelope import Envelope
from engine.msh.mime import write_entity
from engine.msh.signing import sign
from engine.msh.writing import Addressing, acknowledgment_envelope, error_envelope, payload_envelope, pong_envelope
from engine.names import ConversationId, HerId, MessageId, MsgId
from engine.payload.apprec import ApprecError, build_apprec
from engine.payload.party import DocumentParty
from engine.records.messages import Header, Kind, OutgoingMessage
from engine.states.delivery import DeliveryState

Status = Literal[1, 2, 3]


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """An outgoing message with its MIME entity, and the business document inside (None for signals)."""

    message: OutgoingMessage
    mime: bytes
    document: bytes | None = None


def draft_acknowledgment(
    ports: Ports, owner: HerId, received: Envelope, references: Sequence[bytes], now: datetime
) -> ReadyMessage:
    """Return the signed Acknowledgment of a message, with its signature's references copied (transport.md B.3)."""
    to = _answering(received, c.ACKNOWLEDGMENT)
    message_id = _message_id(ports)
    envelope = acknowledgment_envelope(to, message_id, now, ports.policy.software, references)
    return _signal(ports, owner, Kind.KVITTERING, to, message_id, envelope, now)


def draft_pong(ports: Ports, owner: HerId, received: Envelope, now: datetime) -> ReadyMessage:
    """Return the signed answer to a Ping."""
    to = _answering(received, c.PONG)
    message_id = _message_id(ports)
    envelope = pong_envelope(to, message_id, now, ports.policy.software)
    return _signal(ports, owner, Kind.KVITTERING, to, message_id, envelope, now)


def draft_error(
    ports: Ports, owner: HerId, header: Header, answer_as: HerId, findings: Sequence[Finding], now: datetime
) -> ReadyMessage:
    """Return the signed MessageError to the sender that `header` names, from our party `answer_as` (B.4)."""
    new = str(ports.ids.new())
    to = Addressing(
        from_her=answer_as,
        to_her=_known(header.from_her),
        from_role="",
        to_role="",
        cpa_id=header.cpa_id or ports.policy.registry.terms(answer_as, _known(header.from_her), now).cpa_id,
        conversation_id=header.conversation_id or ConversationId(new),
        service=c.MSH_SERVICE,
        action=c.MESSAGE_ERROR,
        ref_to=header.message_id,
    )
    envelope = error_envelope(to, MessageId(new), now, ports.policy.software, findings, ports.policy.words.error_list)
    ready = _signal(ports, owner, Kind.FEIL, to, MessageId(new), envelope, now)
    kept = replace(ready.message, header=replace(ready.message.header, vouched=header.vouched))
    return replace(ready, message=kept)


def draft_apprec(
    ports: Ports,
    owner: HerId,
    received: Envelope,
    document: bytes,
    about: MsgId,
    answers: UUID,
    now: datetime,
    *,
    shown: bool,
) -> ReadyMessage:
    """Return an AppRec as a payload message: the Service that it answers, with the roles swapped (design.md 8).

    `shown` says whether the partner has sent us what only Samvik writes.
    """
    to = Addressing(
        from_her=received.to_her,
        to_her=received.from_her,
        from_role=received.to_role,
        to_role=received.from_role,
        cpa_id=ports.policy.registry.answering_cpa(received.cpa_id, received.to_her, received.from_her, now),
        conversation_id=received.conversation_id,
        service=received.service,
        action=ports.policy.services.apprec_action(received.service),
        ref_to=received.message_id,
    )
    return _payload(ports, owner, Kind.APPREC, to, document, about, now, shown=shown, answers=answers)


def draft_document(
    ports: Ports,
    owner: HerId,
    to: Addressing,
    document: bytes,
    msg_id: MsgId,
    parties: tuple[HerId, HerId],
    now: datetime,
    *,
    shown: bool,
) -> ReadyMessage:
    """Return a business document as a payload message; `parties` are the document's own sender and receiver.

    `shown` as in `draft_apprec`.
    """
    return _payload(ports, owner, Kind.MELDING, to, document, msg_id, now, shown=shown, parties=parties)


def apprec_document(
    ports: Ports,
    version: Literal["1.0", "1.1"],
    sender: DocumentParty,
    receiver: DocumentParty,
    status: Status,
    errors: Sequence[ApprecError],
    original: tuple[MsgId, str, datetime],
    now: datetime,
) -> bytes:
    """Return the AppRec document about the message `original` (its MsgId, type and time)."""
    msg_id, message_type, made_at = original
    document = build_apprec(
        version,
        id=MsgId(str(ports.ids.new())),
        gen_date=now,
        sender=sender,
        receiver=receiver,
        status=status,
        errors=errors,
        original_type=message_type,
        original_gen_date=made_at,
        original_msg_id=msg_id,
        software_version=ports.policy.software.version,
    )
    check_written(ports.policy.schemas, document)
    return document


def _answering(received: Envelope, action: str) -> Addressing:
    return Addressing(
        from_her=received.to_her,
        to_her=received.from_her,
        from_role=received.to_role,
        to_role=received.from_role,
        cpa_id=received.cpa_id,
        conversation_id=received.conversation_id,
        service=c.MSH_SERVICE,
        action=action,
        ref_to=received.message_id,
    )


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What the parties agreed about messages of one Service and Action, and between which addresses they go."""

    doing: Doing
    terms: Terms
    from_address: str
    to_address: str


def _agreed(ports: Ports, to: Addressing, now: datetime) -> _Agreed:
    registry, doing = ports.policy.registry, Doing(to.service, to.action)
    terms = registry.terms(to.from_her, to.to_her, now, doing)
    to_address = registry.address_to(to.to_her, to.from_her, now, doing)
    return _Agreed(doing, terms, registry.edi_address(to.from_her), to_address)


def _signal(
    ports: Ports,
    owner: HerId,
    kind: Kind,
    to: Addressing,
    message_id: MessageId,
    envelope: etree._Element,
    now: datetime,
) -> ReadyMessage:
    agreed = _agreed(ports, to, now)
    certificate = ports.signing_certificate(to.from_her, to.to_her, now, agreed.doing)
    signed = sign(envelope, {}, certificate, ports.keys)
    mime = write_entity(signed.soap, f"{message_id}.soap", {}, "")
    return ReadyMessage(_row(ports, owner, kind, to, agreed, message_id, signed.digests, now), mime)


def _payload(
    ports: Ports,
    owner: HerId,
    kind: Kind,
    to: Addressing,
    document: bytes,
    msg_id: MsgId,
    now: datetime,
    *,
    shown: bool,
    answers: UUID | None = None,
    parties: tuple[HerId, HerId] | None = None,
) -> ReadyMessage:
    message_id = _message_id(ports)
    part = f"{message_id}.p7m"
    agreed = _agreed(ports, to, now)
    packed = agreed.terms.packs(shown=shown)
    holder = ports.encryption_certificate(to.to_her, to.from_her, now, agreed.doing)
    encrypted = encrypt(pack(document) if packed else document, holder)
    envelope = payload_envelope(to, message_id, now, ports.policy.software, [part])
    certificate = ports.signing_certificate(to.from_her, to.to_her, now, agreed.doing)
    signed = sign(envelope, {part: encrypted}, certificate, ports.keys)
    mime = write_entity(signed.soap, f"{message_id}.soap", {part: encrypted}, f"samvik-{message_id}")
    row = _row(ports, owner, kind, to, agreed, message_id, signed.digests, now, msg_id, answers, parties)
    return ReadyMessage(row, mime, document)


def _row(
    ports: Ports,
    owner: HerId,
    kind: Kind,
    to: Addressing,
    agreed: _Agreed,
    message_id: MessageId,
    digests: dict[str, str],
    now: datetime,
    msg_id: MsgId | None = None,
    answers: UUID | None = None,
    parties: tuple[HerId, HerId] | None = None,
) -> OutgoingMessage:
    terms = agreed.terms
    return OutgoingMessage(
        id=ports.ids.new(),
        owner=owner,
        created_at=now,
        kind=kind,
        state=DeliveryState.KO,
        deadline=now + terms.resend_interval,
        header=Header(
            message_id, to.conversation_id, to.ref_to, to.cpa_id, to.from_her, to.to_her, to.service, to.action
        ),
        to_address=agreed.to_address,
        from_address=agreed.from_address,
        reference_digests=digests,
        resend_interval=int(terms.resend_interval.total_seconds()),
        resend_limit=terms.resend_limit,
        apprec_deadline=int(terms.apprec_deadline.total_seconds()),
        msg_id=msg_id,
        answers=answers,
        sender_her=parties[0] if parties else to.from_her,
        receiver_her=parties[1] if parties else to.to_her,
    )


def _message_id(ports: Ports) -> MessageId:
    return MessageId(str(ports.ids.new()))


def _known(her: HerId | None) -> HerId:
    if her is None:
        raise ValueError("an answer needs somebody to go to")
    return her
