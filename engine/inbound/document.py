"""What follows for a document that came to a party of ours: a pure decision.

A positive AppRec is made only together with the inbox item, in one commit (promise 4). A MsgId is claimed like a
MessageId, but only by a document that was taken (promise 2). Where the agreement leaves the AppRec to the record
system, engine.record_system.apprecs answers.
"""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from engine.agreements.terms import ApprecBy
from engine.codes.document import DocumentCode
from engine.codes.inbound import InboundCode
from engine.codes.statement import Statement
from engine.commit.mail import Outcome
from engine.commit.move import LogLine
from engine.commit.policy import Policy
from engine.commit.tasks import desk_task
from engine.inbound.decision import Decision, RepeatApprec, Reply, SendApprec
from engine.names import MsgId
from engine.outbound.outgoing import Status
from engine.payload.apprec import ApprecError
from engine.payload.feedback import FEEDBACK
from engine.records.log import TaskCause
from engine.records.messages import Claim, ClaimOutcome, Kind
from engine.states.apprec import APPREC, ApprecEvent, ApprecState
from engine.states.inbound import InboundEvent
from engine.states.table import advance
from engine.verdict.kinds import DocumentRefused, DocumentTaken, original_of

MSGID_USED_BEFORE = "E10"
_Warnings = tuple[LogLine, ...]


def on_refused(verdict: DocumentRefused, warnings: _Warnings, policy: Policy, now: datetime) -> Decision:
    """Refuse a document with AppRec 2. It leaves no claim on its MsgId, so that a corrected register can take it."""
    fault, original, envelope = verdict.fault, original_of(verdict, now), verdict.envelope
    told = Statement.of(DocumentCode.AT, what=verdict.told or fault.said, place=fault.location)
    error = ApprecError(fault.code, policy.words.apprec(told))
    tasks = (desk_task(TaskCause.INFECTED, verdict.task, now),) if verdict.task else ()
    known = verdict.identity.sender if verdict.identity else None
    speaks = known is not None and policy.registry.is_at_or_below(known.lowest, envelope.from_her)
    receiver = known.party if known and speaks else policy.document_party(envelope.from_her)
    reply = SendApprec(_version(verdict, policy, now), envelope.to_her, receiver, 2, (error,), original)
    outcome = _outcome(verdict, InboundEvent.DOCUMENT_REFUSED, str(fault.statement), original[0], ApprecEvent.REFUSED)
    return Decision(outcome, warnings, envelope.ack_requested, replies=(reply,), tasks=tasks)


def on_taken(
    verdict: DocumentTaken, claim: Claim | None, warnings: _Warnings, policy: Policy, now: datetime
) -> Decision:
    """Put a new document into its inbox; tell one that came before from one that only bears its MsgId."""
    if claim is not None and claim.outcome is ClaimOutcome.SAME:
        return _on_known(verdict, claim, warnings)
    if claim is not None and claim.outcome is ClaimOutcome.OTHER:
        return _on_borrowed_id(verdict, warnings, policy, now)
    msg_id, envelope, note = verdict.head.msg_id, verdict.envelope, verdict.destination.note
    tasks = (desk_task(TaskCause.ADDRESSED_ELSEWHERE, note, now),) if note else ()
    replies: tuple[Reply, ...] = ()
    terms = policy.registry.terms(envelope.from_her, envelope.to_her, now)
    if terms.apprec_by is ApprecBy.EPJ and policy.registry.get(verdict.destination.receiver).has_record_system:
        outcome = _outcome(verdict, InboundEvent.HANDED_OVER, note, msg_id, ApprecEvent.ASKED_EPJ)
        outcome = replace(outcome, deadline=terms.apprec_deadline)
    else:
        replies = (apprec_about(verdict, 1, kept=True),)
        outcome = _outcome(verdict, InboundEvent.STORED, note, msg_id, ApprecEvent.STORED)
    return Decision(outcome, warnings, envelope.ack_requested, received=True, replies=replies, tasks=tasks)


def _on_known(verdict: DocumentTaken, claim: Claim, warnings: _Warnings) -> Decision:
    """Give the stored AppRec again; no second inbox item."""
    msg_id, said = verdict.head.msg_id, str(Statement.of(InboundCode.DOCUMENT_SEEN_BEFORE))
    replies: tuple[Reply, ...] = (RepeatApprec(claim.answer, msg_id),) if claim.answer else ()
    outcome = _outcome(verdict, InboundEvent.DOCUMENT_DUPLICATE, said, msg_id)
    return Decision(outcome, warnings, verdict.envelope.ack_requested, replies=replies)


def _on_borrowed_id(verdict: DocumentTaken, warnings: _Warnings, policy: Policy, now: datetime) -> Decision:
    """Refuse other content under a MsgId that was used before, and call a person: something is wrong over there."""
    said = Statement.of(InboundCode.MSGID_USED_BEFORE)
    reply = apprec_about(verdict, 2, (ApprecError(MSGID_USED_BEFORE, policy.words.apprec(said)),))
    outcome = _outcome(verdict, InboundEvent.DOCUMENT_REFUSED, str(said), verdict.head.msg_id, ApprecEvent.REFUSED)
    task = desk_task(TaskCause.MSGID_USED_BEFORE, str(Statement.of(InboundCode.TWO_DOCUMENTS)), now)
    return Decision(outcome, warnings, verdict.envelope.ack_requested, replies=(reply,), tasks=(task,))


def apprec_about(
    verdict: DocumentTaken, status: Status, errors: tuple[ApprecError, ...] = (), *, kept: bool = False
) -> SendApprec:
    """Return the AppRec about a document that was read: 1.0 about a dialog 1.0, 1.1 about a dialog 1.1."""
    head = verdict.head
    version: Literal["1.0", "1.1"] = "1.0" if head.dialog.version == "1.0" else "1.1"
    original = (head.msg_id, head.type, head.gen_date)
    return SendApprec(version, verdict.destination.addressed_to, head.sender.party, status, errors, original, kept=kept)


def _version(verdict: DocumentRefused, policy: Policy, now: datetime) -> Literal["1.0", "1.1"]:
    """Return 1.0 for a HIS 1151; for what cannot be read, what the agreement's carrier says."""
    if verdict.identity is not None and verdict.identity.type == FEEDBACK:
        return "1.0"
    terms = policy.registry.terms(verdict.envelope.from_her, verdict.envelope.to_her, now)
    return policy.carriers[terms.carrier].apprec_version


def _outcome(
    verdict: DocumentTaken | DocumentRefused,
    event: InboundEvent,
    reason: str,
    msg_id: MsgId,
    receipt: ApprecEvent | None = None,
) -> Outcome:
    apprec = advance(APPREC, ApprecState.INGEN, receipt).state if receipt else ApprecState.INGEN
    return Outcome(verdict.owner, event, reason, verdict.envelope.header, Kind.MELDING, msg_id, apprec)
