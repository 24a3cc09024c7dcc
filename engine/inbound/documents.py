"""Documents that came to a party of ours: into an inbox with an AppRec, or refused with one.

A positive AppRec is made only together with the inbox item, in one commit (promise 4). A MsgId is claimed like a
MessageId, but only by a document that was accepted (promise 2). What a record system says of a document is in
engine.record_system.apprecs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from engine.agreements.terms import ApprecBy, Terms
from engine.casework.following import on_document
from engine.codes.document import DocumentCode
from engine.codes.statement import Statement
from engine.commit.mail import MailCommit, Outcome, open_task
from engine.inbox.notices import queue_notices
from engine.names import MsgId
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import Status, apprec_document, draft_apprec
from engine.payload.apprec import ApprecError
from engine.payload.feedback import FEEDBACK
from engine.payload.party import DocumentParty
from engine.records.inbox import ReceivedDocument
from engine.records.messages import Claim, ClaimKind, ClaimOutcome, Kind
from engine.records.work import WorkKind
from engine.register.parties import InboxKind, Party
from engine.states.apprec import APPREC, ApprecEvent, ApprecState
from engine.states.inbound import InboundEvent
from engine.states.table import advance
from engine.verdict.kinds import DocumentRefused, DocumentTaken, original_of


async def on_rejected(commit: MailCommit, found: DocumentRefused) -> Outcome:
    """Refuse a document with AppRec 2. It leaves no claim on its MsgId, so a corrected register can still take it."""
    fault, original = found.fault, original_of(found)
    told = Statement.of(DocumentCode.AT, what=found.told or fault.said, place=fault.location)
    error = ApprecError(fault.code, commit.policy.words.apprec(told))
    identity = found.identity
    known = identity.sender if identity else None
    speaks = known is not None and commit.policy.registry.is_at_or_below(known.lowest, found.envelope.from_her)
    receiver = known.party if known and speaks else commit.policy.document_party(found.envelope.from_her)
    await answer(commit, found, receiver, 2, [error], original)
    if found.task:
        await open_task(commit, found.owner, "infected", found.task)
    state = _apprec_state(ApprecEvent.REFUSED)
    header = found.envelope.header
    return Outcome(found.owner, InboundEvent.DOCUMENT_REFUSED, str(fault), header, Kind.MELDING, original[0], state)


async def on_accepted(commit: MailCommit, found: DocumentTaken) -> Outcome:
    """Put a new document into its inbox; tell one that came before from one that only bears its id."""
    head = found.head
    claim = await commit.uow.claim(
        found.owner, ClaimKind.MSGID, head.sender_her, head.msg_id, found.digest, None, commit.now
    )
    if claim.outcome is ClaimOutcome.SAME:
        return await _on_known_document(commit, found, claim)
    if claim.outcome is ClaimOutcome.OTHER:
        return await _on_borrowed_id(commit, found)
    await _put_in_inbox(commit, found)
    await on_document(commit, found)
    terms = commit.policy.registry.terms(found.envelope.from_her, found.envelope.to_her, commit.now)
    if terms.apprec_by is ApprecBy.EPJ and _reader(commit, found).has_record_system:
        return _wait_for_epj(found, terms)
    sent = await answer(commit, found, head.sender.party, 1, [], (head.msg_id, head.type, head.gen_date))
    await commit.uow.set_claim_answer(found.owner, ClaimKind.MSGID, head.sender_her, head.msg_id, sent)
    state = _apprec_state(ApprecEvent.STORED)
    note = found.destination.stored_note
    header = found.envelope.header
    return Outcome(found.owner, InboundEvent.STORED, note, header, Kind.MELDING, head.msg_id, state)


async def _on_known_document(commit: MailCommit, found: DocumentTaken, claim: Claim) -> Outcome:
    """Give the stored AppRec document again, in an envelope that answers the new message; no second inbox item."""
    stored = await commit.uow.document(found.owner, claim.answer) if claim.answer else None
    if stored is not None:
        draft = draft_apprec(
            commit.ports, found.owner, found.envelope, stored, found.head.msg_id, commit.mail.id, commit.now
        )
        await queue(commit.uow, commit.policy, draft, commit.now)
    reason = "The same document came before under another MessageId."
    header = found.envelope.header
    return Outcome(found.owner, InboundEvent.DOCUMENT_DUPLICATE, reason, header, Kind.MELDING, found.head.msg_id)


async def _on_borrowed_id(commit: MailCommit, found: DocumentTaken) -> Outcome:
    """Refuse other content under a MsgId that was used before, and call a person: something is wrong over there."""
    head = found.head
    detail = "MsgId er brukt før, til et dokument med annet innhold."
    original = (head.msg_id, head.type, head.gen_date)
    await answer(commit, found, head.sender.party, 2, [ApprecError("E10", detail)], original)
    text = "To ulike dokumenter har samme MsgId. Det andre ble avvist med E10. Kontakt avsenderen."
    await open_task(commit, found.owner, "E10", text)
    state = _apprec_state(ApprecEvent.REFUSED)
    reason = f"E10: {detail}"
    header = found.envelope.header
    return Outcome(found.owner, InboundEvent.DOCUMENT_REFUSED, reason, header, Kind.MELDING, head.msg_id, state)


async def _put_in_inbox(commit: MailCommit, found: DocumentTaken) -> None:
    head, to = found.head, found.destination
    item = ReceivedDocument(
        id=commit.ports.ids.new(),
        owner=found.owner,
        receiver=to.receiver,
        addressed_to=to.addressed_to,
        sender=head.sender_her,
        msg_id=head.msg_id,
        message_type=head.type,
        received_at=commit.mail.received_at,
        inbound=commit.mail.id,
        conversation=head.conversation,
        parent=head.parent,
        note=to.stored_note,
    )
    await commit.uow.add_inbox_item(found.owner, item, found.document)
    if _reader(commit, found).inbox is InboxKind.FOLDER:
        await commit.uow.add_work(found.owner, WorkKind.INNBOKS, item.id, "", commit.now)
    await queue_notices(commit.uow, commit.ports, item, commit.now)
    if to.note:
        await open_task(commit, found.owner, "addressed elsewhere", to.stored_note)


def _reader(commit: MailCommit, found: DocumentTaken) -> Party:
    return commit.policy.registry.get(found.destination.receiver)


def _wait_for_epj(found: DocumentTaken, terms: Terms) -> Outcome:
    state = _apprec_state(ApprecEvent.ASKED_EPJ)
    header, msg_id = found.envelope.header, found.head.msg_id
    note = found.destination.stored_note
    return Outcome(
        found.owner, InboundEvent.HANDED_OVER, note, header, Kind.MELDING, msg_id, state, terms.apprec_deadline
    )


async def answer(
    commit: MailCommit,
    found: DocumentTaken | DocumentRefused,
    receiver: DocumentParty,
    status: Status,
    errors: Sequence[ApprecError],
    original: tuple[MsgId, str, datetime],
) -> UUID:
    """Queue an AppRec to the sender; return its id, by which it can be given again."""
    ports, envelope = commit.ports, found.envelope
    sender = ports.policy.document_party(
        found.destination.addressed_to if isinstance(found, DocumentTaken) else envelope.to_her
    )
    version = _apprec_version(commit, found)
    document = apprec_document(ports, version, sender, receiver, status, errors, original, commit.now)
    draft = draft_apprec(ports, found.owner, envelope, document, original[0], commit.mail.id, commit.now)
    return (await queue(commit.uow, ports.policy, draft, commit.now)).id


def _apprec_version(commit: MailCommit, found: DocumentTaken | DocumentRefused) -> Literal["1.0", "1.1"]:
    """Return 1.0 for dialog 1.0 and HIS 1151, 1.1 for dialog 1.1; for what cannot be read, what the carrier says."""
    if isinstance(found, DocumentTaken):
        return "1.0" if found.head.dialog.version == "1.0" else "1.1"
    if found.identity is not None and found.identity.type == FEEDBACK:
        return "1.0"
    terms = commit.policy.registry.terms(found.envelope.from_her, found.envelope.to_her, commit.now)
    return commit.policy.carriers[terms.carrier].apprec_version


def _apprec_state(event: ApprecEvent) -> ApprecState:
    return advance(APPREC, ApprecState.INGEN, event).state
