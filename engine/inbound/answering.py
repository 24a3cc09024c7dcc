"""Queue what a mail is answered with, in the transaction of its decision."""

from uuid import UUID

from engine.codes.inbound import InboundCode
from engine.commit.mail import MailCommit
from engine.errors import OwnFault
from engine.inbound.decision import Pong, Refuse, Repeat, RepeatApprec, Reply, SendApprec
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import (
    ReadyMessage,
    apprec_document,
    draft_acknowledgment,
    draft_apprec,
    draft_error,
    draft_pong,
)
from engine.records.log import Action
from engine.records.messages import ClaimKind
from engine.records.work import WorkKind
from engine.verdict.kinds import DocumentTaken, Verdict, Verified


async def acknowledge(commit: MailCommit, verdict: Verified) -> None:
    """Queue the Acknowledgment; a later copy of the message gets the same one again."""
    references = [reference.element for reference in verdict.signed.references]
    ready = draft_acknowledgment(commit.ports, verdict.owner, verdict.envelope, references, commit.now)
    await _keep_for_copies(commit, verdict, await _queue(commit, ready))


async def send_reply(commit: MailCommit, verdict: Verdict, reply: Reply) -> None:
    """Queue one reply to a mail."""
    match reply:
        case Refuse():
            ready = draft_error(commit.ports, reply.owner, reply.header, reply.answer_as, [reply.finding], commit.now)
            await _queue(commit, ready)
        case Repeat():
            await _repeat(commit, _verified(verdict), reply.stored)
        case Pong():
            pinged = _verified(verdict)
            ready = draft_pong(commit.ports, pinged.owner, pinged.envelope, commit.now)
            await _keep_for_copies(commit, pinged, await _queue(commit, ready))
        case SendApprec():
            await send_apprec(commit, _verified(verdict), reply)
        case RepeatApprec():
            await _repeat_apprec(commit, _verified(verdict), reply)


async def send_apprec(commit: MailCommit, verdict: Verified, reply: SendApprec) -> UUID:
    """Queue a new AppRec to the sender of a document; return its id, by which it can be sent again."""
    shown = await _has_shown_samvik(commit, verdict)
    document = apprec_document(
        commit.ports,
        reply.version,
        commit.ports.policy.document_party(reply.sender),
        reply.receiver,
        reply.status,
        reply.errors,
        reply.original,
        commit.now,
    )
    about = reply.original[0]
    ready = draft_apprec(
        commit.ports, verdict.owner, verdict.envelope, document, about, commit.mail.id, commit.now, shown=shown
    )
    sent = await _queue(commit, ready)
    if reply.kept and isinstance(verdict, DocumentTaken):
        sender = verdict.head.sender_her
        await commit.uow.set_claim_answer(verdict.owner, ClaimKind.MSGID, sender, about, sent)
    return sent


async def _repeat_apprec(commit: MailCommit, verdict: Verified, reply: RepeatApprec) -> None:
    stored = await commit.uow.document(verdict.owner, reply.stored)
    if stored is not None:
        shown, about = await _has_shown_samvik(commit, verdict), reply.about
        ready = draft_apprec(
            commit.ports, verdict.owner, verdict.envelope, stored, about, commit.mail.id, commit.now, shown=shown
        )
        await _queue(commit, ready)


async def _has_shown_samvik(commit: MailCommit, verdict: Verified) -> bool:
    if not isinstance(verdict, DocumentTaken):
        return False
    return await commit.uow.has_shown_samvik(verdict.owner, verdict.head.sender_her)


async def _repeat(commit: MailCommit, verdict: Verified, stored: UUID) -> None:
    partner = commit.ports.policy.registry.root(verdict.envelope.from_her) or ""
    await commit.uow.add_work(verdict.owner, WorkKind.SEND, stored, partner, commit.now)
    await commit.log(verdict.owner, stored, Action.AGAIN_FOR_A_DUPLICATE)


async def _keep_for_copies(commit: MailCommit, verdict: Verified, sent: UUID) -> None:
    envelope = verdict.envelope
    await commit.uow.set_claim_answer(verdict.owner, ClaimKind.EBXML, envelope.from_her, envelope.message_id, sent)


async def _queue(commit: MailCommit, ready: ReadyMessage) -> UUID:
    return (await queue(commit.uow, commit.ports.policy, ready, commit.now)).id


def _verified(verdict: Verdict) -> Verified:
    if not isinstance(verdict, Verified):
        raise OwnFault(InboundCode.UNDECIDED, mail="")
    return verdict
