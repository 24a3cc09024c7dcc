"""Documents that go out: a deviation or what follows it becomes a MsgHead, encrypted and signed, ready to queue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.agreements.carriers import NEVER, Carrier
from engine.agreements.kept_cpas import Doing
from engine.codes.case import CaseCode
from engine.codes.message import MessageCode
from engine.codes.party import PartyCode
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.conformance.checks import check_forwarded, check_profile, check_written, refuse_files
from engine.conformance.judged import Way
from engine.deviation.fields import FILE_NAME, MIME_TYPE, Deviation, free_texts
from engine.deviation.text import notat_of
from engine.deviation.xml import write_deviation
from engine.errors import Refused
from engine.files.kind import FileKind
from engine.msh.writing import Addressing
from engine.names import ConversationId, HerId, MsgId
from engine.outbound.attachments import agreed_room, check_files, check_together
from engine.outbound.mail import check_mail_size, largest_on_wire, mail_size
from engine.outbound.outgoing import ReadyMessage, draft_document
from engine.outbound.pdf import pdf_of
from engine.payload.attachment import Attachment
from engine.payload.dialog import Notat
from engine.payload.feedback import FEEDBACK, feedback_carrier
from engine.payload.feedback_code import FeedbackCode
from engine.payload.msghead import MsgHead, build_msghead, read_msghead
from engine.payload.national_numbers import fields_with_numbers


def compose_deviation(
    ports: Ports,
    deviation: Deviation,
    sender: HerId,
    receiver: HerId,
    now: datetime,
    files: Sequence[Attachment] = (),
    *,
    shown: bool,
) -> ReadyMessage:
    """Return a deviation as the first message of a conversation: text, attachment, PDF, and files. Raises Refused.

    The PDF says what the text says. It stays behind where the receiver makes it (`shown` as in `compose`), and where
    the agreement has no room for it.
    """
    fields = fields_with_numbers(free_texts(deviation))
    if fields:
        raise Refused(CaseCode.NUMBER_IN_TEXT, fields=fields)
    attachments = [Attachment(FILE_NAME, MIME_TYPE, write_deviation(deviation))]
    terms = ports.policy.registry.terms(sender, receiver, now)
    if terms.sends_pdf(shown=shown) and agreed_room(terms, FileKind.PDF, len(files)):
        attachments.append(pdf_of(ports.pdf, deviation, now))
    attachments += files
    return compose(ports, sender, receiver, notat_of(deviation, "nb"), attachments, None, now, shown=shown)


def compose(
    ports: Ports,
    sender: HerId,
    receiver: HerId,
    notat: Notat,
    attachments: Sequence[Attachment],
    conversation: tuple[MsgId, MsgId] | None,
    now: datetime,
    *,
    shown: bool,
) -> ReadyMessage:
    """Return a document ready to queue; `conversation` is the MsgId answered and that of the first message.

    `shown` says whether the receiver has sent us what only Samvik writes; what the agreement says of it counts more.
    Raises Refused where the parties, their terms or the carrier do not allow it, or it would be too large.
    """
    check_parties(ports.policy, sender, receiver, now)
    carrier = _carrier(ports.policy, sender, receiver, now)
    terms = ports.policy.registry.terms(sender, receiver, now)
    check_files(attachments, terms)
    sizes = [(each.name, len(each.content)) for each in attachments]
    check_together(ports.policy, sizes, compress=terms.packs(shown=shown))
    return _written(ports, carrier, (sender, receiver), notat, attachments, conversation, now, shown=shown)


def compose_feedback(
    ports: Ports,
    code: FeedbackCode,
    sender: HerId,
    receiver: HerId,
    notat: Notat,
    conversation: tuple[MsgId, MsgId],
    now: datetime,
    *,
    shown: bool,
) -> ReadyMessage:
    """Return a feedback on a message that was received (HIS 1151), ready to queue.

    It travels as its own message function, whatever the agreement's carrier is. `conversation`, `shown` and what raises
    Refused are as in `compose`.
    """
    check_parties(ports.policy, sender, receiver, now)
    route = ports.policy.services.route(FEEDBACK)
    if route is None:
        raise Refused(MessageCode.NO_FEEDBACK_SERVICE, function=FEEDBACK)
    roles = (route.sender_role, route.receiver_role)
    carrier = feedback_carrier(code, route.service, route.action, roles)
    if not _takes(ports.policy, carrier, receiver):
        raise Refused(MessageCode.FEEDBACK_NOT_TAKEN, her_id=receiver, function=carrier.message_type)
    return _written(ports, carrier, (sender, receiver), notat, [], conversation, now, shown=shown)


def _written(
    ports: Ports,
    carrier: Carrier,
    parties: tuple[HerId, HerId],
    notat: Notat,
    attachments: Sequence[Attachment],
    conversation: tuple[MsgId, MsgId] | None,
    now: datetime,
    *,
    shown: bool,
) -> ReadyMessage:
    sender, receiver = parties
    msg_id = MsgId(str(ports.ids.new()))
    document = build_msghead(
        carrier,
        msg_id=msg_id,
        gen_date=now,
        sender=ports.policy.document_party(sender),
        receiver=ports.policy.document_party(receiver),
        conversation=conversation,
        notat=notat,
        attachments=attachments,
        test=ports.policy.test,
    )
    check_written(ports.policy.schemas, document)
    _check_rules(ports.policy, document, read_msghead(document), carrier, Way.WRITTEN)
    to = _addressing(ports, carrier, sender, receiver, now)
    owner = _owner(ports.policy, sender)
    draft = draft_document(ports, owner, to, document, msg_id, parties, now, shown=shown)
    packed = ports.policy.registry.terms(sender, receiver, now).packs(shown=shown)
    _check_size(ports.policy, draft, attachments, now, packed=packed)
    return draft


def forward(ports: Ports, head: MsgHead, document: bytes, now: datetime, *, shown: bool) -> ReadyMessage:
    """Return a document that a record system of ours wrote, ready to queue as it is; `head` is what it says.

    It travels as the agreement's carrier does or, where it is of another type that is taken here, as that type.
    `shown` and what raises Refused are as in `compose`.
    """
    sender, receiver = head.sender_her, head.receiver_her
    check_parties(ports.policy, sender, receiver, now)
    carrier = _carrier(ports.policy, sender, receiver, now, head.type)
    terms = ports.policy.registry.terms(sender, receiver, now)
    check_forwarded(ports.policy.schemas, document)
    refuse_files(head.attachments, terms)
    _check_rules(ports.policy, document, head, carrier, Way.FORWARDED)
    to = _addressing(ports, carrier, sender, receiver, now)
    owner, parties = _owner(ports.policy, sender), (sender, receiver)
    draft = draft_document(ports, owner, to, document, head.msg_id, parties, now, shown=shown)
    numbered = [replace(each, name=f"attachment {number}") for number, each in enumerate(head.attachments, 1)]
    _check_size(ports.policy, draft, numbered, now, packed=terms.packs(shown=shown))
    return draft


def _check_rules(policy: Policy, document: bytes, head: MsgHead, carrier: Carrier, way: Way) -> None:
    parties = (head.sender_her, head.receiver_her)
    enterprises = frozenset(her for her in parties if policy.registry.root(her) == her)
    check_profile(document, head, carrier, way, enterprises)


def _check_size(
    policy: Policy, draft: ReadyMessage, files: Sequence[Attachment], now: datetime, *, packed: bool
) -> None:
    size, most = mail_size(draft.message, draft.mime, now), policy.limits.most_bytes
    if size > most:
        check_mail_size(largest_on_wire(files, compress=packed), size, most)


def _carrier(policy: Policy, sender: HerId, receiver: HerId, now: datetime, written: str = "") -> Carrier:
    """Return how a document travels; `written` is the type that it bears already, '' where we write it."""
    name = policy.registry.terms(sender, receiver, now).carrier
    carrier = policy.carriers.get(name)
    if carrier is None or not carrier.enabled:
        raise Refused(MessageCode.CARRIER_OFF, carrier=name)
    if written not in {"", carrier.message_type}:
        carrier = _as_written(policy, carrier, written)
    if not _takes(policy, carrier, receiver):
        raise Refused(MessageCode.FUNCTION_NOT_TAKEN, her_id=receiver, function=carrier.message_type)
    return carrier


def _takes(policy: Policy, carrier: Carrier, receiver: HerId) -> bool:
    functions = policy.registry.get(receiver).functions
    return not functions or carrier.message_type in functions


def _as_written(policy: Policy, carrier: Carrier, written: str) -> Carrier:
    """Return the carrier of another type of document, with its Service, Action and Roles."""
    route = policy.services.route(written)
    if written == NEVER or route is None:
        raise Refused(MessageCode.OTHER_TYPE, type=carrier.message_type)
    return replace(
        carrier,
        message_type=written,
        service=route.service,
        action=route.action,
        sender_role=route.sender_role,
        receiver_role=route.receiver_role,
    )


def _owner(policy: Policy, sender: HerId) -> HerId:
    owner = policy.owner_of(sender)
    if owner is None:
        raise Refused(PartyCode.NOT_SERVED, her_id=sender)
    return owner


def check_parties(policy: Policy, sender: HerId, receiver: HerId, now: datetime) -> None:
    """Raise Refused where a message cannot go from one party to another: one is unknown, closed, or not served here."""
    _owner(policy, sender)
    if sender == receiver:
        raise Refused(MessageCode.TO_ITSELF, her_id=sender)
    for her in (sender, receiver):
        party = policy.registry.find(her)
        if party is None:
            raise Refused(PartyCode.NOT_REGISTERED, her_id=her)
        if not party.is_open(now):
            if party.successor:
                raise Refused(MessageCode.CLOSED_WITH_SUCCESSOR, name=party.name, her_id=her, successor=party.successor)
            raise Refused(MessageCode.CLOSED, name=party.name, her_id=her)


def _addressing(ports: Ports, carrier: Carrier, sender: HerId, receiver: HerId, now: datetime) -> Addressing:
    terms = ports.policy.registry.terms(sender, receiver, now, Doing(carrier.service, carrier.action))
    return Addressing(
        from_her=ports.policy.registry.envelope_party(sender, terms.level),
        to_her=ports.policy.registry.envelope_party(receiver, terms.level),
        from_role=carrier.sender_role,
        to_role=carrier.receiver_role,
        cpa_id=terms.cpa_id,
        conversation_id=ConversationId(str(ports.ids.new())),
        service=carrier.service,
        action=carrier.action,
    )
