"""A message that a record system wrote in a thread: sent on as it is, and taken into the case that it answers.

Its MsgId is claimed in the commit that queues it, so that a file that is read again sends nothing more. A case moves
by its table; where the table does not let it, the message goes all the same, for the other side waits for it.
"""

import hashlib

from engine.case.record import Case
from engine.casework.by_record_system import on_reply
from engine.codes.record_system import RecordSystemCode
from engine.deviation.follow_up import follow_up_in
from engine.errors import Refused
from engine.names import MsgId
from engine.outbound.compose import forward
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import ReadyMessage
from engine.payload.msghead import MsgHead
from engine.record_system.word import RecordSystemCommit, WordResult
from engine.records.inbox import ReceivedDocument
from engine.records.log import Action
from engine.records.messages import ClaimKind, ClaimOutcome
from engine.states.case import FINAL_STATES


async def take_reply(commit: RecordSystemCommit, head: MsgHead, document: bytes) -> WordResult:
    """Send a reply on, once, and let the case that it belongs to follow.

    Raises Refused where it answers nothing that this party received, is not from it to the one that wrote, bears a
    MsgId that was used for something else, or may not be sent.
    """
    item = await _answered(commit, head)
    commit.check_about(item)
    if not await _is_new(commit, head, document):
        return WordResult.ALREADY_KNOWN
    sent = await queue(commit.uow, commit.ports.policy, await _draft(commit, head, document), commit.now)
    data = {"answers": str(item.msg_id)}
    await commit.log(commit.owner, sent.id, Action.WRITTEN_BY_RECORD_SYSTEM, data)
    case = await _case(commit, head, item)
    if case is not None:
        await on_reply(commit, case, follow_up_in(head.attachments), sent.msg_id)
    return WordResult.SENT


async def _answered(commit: RecordSystemCommit, head: MsgHead) -> ReceivedDocument:
    """Return the message that is answered, as the references and the receiver say."""
    registry, her = commit.ports.policy.registry, commit.her_id
    if not registry.is_at_or_below(head.sender_her, her):
        raise Refused(RecordSystemCode.REPLY_OF_ANOTHER, her_id=her)
    answered = head.parent or head.conversation
    known = await commit.uow.received(commit.owner, her, answered) if answered else []
    if not known:
        raise Refused(RecordSystemCode.ANSWERS_NOTHING, her_id=her)
    known = [item for item in known if head.conversation in {None, _thread(item)}]
    if not known:
        # The other side may look up either one: what they read as one case's must not be another's here.
        raise Refused(RecordSystemCode.MIXED_THREADS)
    root = registry.root(head.receiver_her)
    for item in known:
        if item.sender == head.receiver_her or (root is not None and root == registry.root(item.sender)):
            return item
    raise Refused(RecordSystemCode.REPLY_TO_ANOTHER)


def _thread(item: ReceivedDocument) -> MsgId:
    return item.conversation or item.msg_id


async def _is_new(commit: RecordSystemCommit, head: MsgHead, document: bytes) -> bool:
    """Claim the reply's MsgId; False where this very reply has been sent before."""
    digest = hashlib.sha256(document).digest()
    kind, sender = ClaimKind.SENT, head.sender_her
    claim = await commit.uow.claim(commit.owner, kind, sender, head.msg_id, digest, None, commit.now)
    if claim.outcome is ClaimOutcome.SAME:
        return False
    ours = await commit.uow.outbound_by_msg_id(commit.owner, head.msg_id)
    if claim.outcome is ClaimOutcome.OTHER or ours:
        raise Refused(RecordSystemCode.MSGID_USED)
    return True


async def _draft(commit: RecordSystemCommit, head: MsgHead, document: bytes) -> ReadyMessage:
    shown = await commit.uow.has_shown_samvik(commit.owner, head.receiver_her)
    try:
        return forward(commit.ports, head, document, commit.now, shown=shown)
    except Refused as error:
        raise Refused(RecordSystemCode.CANNOT_SEND, error=error.statement or str(error)) from None


async def _case(commit: RecordSystemCommit, head: MsgHead, item: ReceivedDocument) -> Case | None:
    """Return the open case that the other side reported to this party, in the thread that is answered."""
    registry = commit.ports.policy.registry
    for case in await commit.uow.cases_by_conversation(commit.owner, _thread(item)):
        theirs = registry.root(case.their_her) == registry.root(head.receiver_her)
        if not case.reporting and case.our_her == commit.her_id and theirs and case.state not in FINAL_STATES:
            return case
    return None
