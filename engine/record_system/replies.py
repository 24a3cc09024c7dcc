"""A message that a record system wrote in a thread: sent on as it is, and taken into the case that it answers.

Its MsgId is claimed in the commit that queues it, so that a file that is read again sends nothing more. A case moves
by its table; where the table does not let it, the message goes all the same, for the other side waits for it.
"""

import hashlib

from engine.case.record import Case
from engine.casework.moves import move_case
from engine.codes.document import DocumentCode
from engine.deviation.follow_up import FollowUpKind, follow_up_in
from engine.errors import Refused
from engine.names import MsgId
from engine.outbound.compose import forward
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import ReadyMessage
from engine.payload.msghead import MsgHead
from engine.record_system.word import RecordSystemCommit, WordResult
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event
from engine.records.messages import ClaimKind, ClaimOutcome, OutgoingMessage
from engine.states.case import FINAL_STATES, CaseEvent

_MEANS = {FollowUpKind.FORELOPIG_SVAR: CaseEvent.ANSWER_INTERIM, FollowUpKind.BEKREFTELSE: CaseEvent.CONFIRM}


async def take_reply(commit: RecordSystemCommit, head: MsgHead, document: bytes) -> WordResult:
    """Send a reply on, once, and let the case that it belongs to follow.

    Raises Refused where it answers nothing that this party received, is not from it to the one that wrote, bears a
    MsgId that was used for something else, or may not be sent.
    """
    item = await _answered(commit, head)
    commit.check_about(item)
    if not await _is_new(commit, head, document):
        return WordResult.ALREADY_KNOWN
    sent = await queue(commit.uow, commit.policy, _draft(commit, head, document), commit.now)
    data = {"answers": str(item.msg_id)}
    await commit.uow.log(commit.owner, Event(commit.now, sent.id, "written by record system", str(commit.actor), data))
    case = await _case(commit, head, item)
    if case is not None:
        await _move(commit, case, head, sent)
    return WordResult.SENT


async def _answered(commit: RecordSystemCommit, head: MsgHead) -> ReceivedDocument:
    """Return the message that is answered, as the references and the receiver say."""
    registry, her = commit.policy.registry, commit.her_id
    if not registry.is_at_or_below(head.sender_her, her):
        raise Refused(
            f"Avsenderen i svaret er verken HER-id {her} eller en del av den. "
            "Rett avsenderen, eller lever svaret for den parten som svarer."
        )
    answered = head.parent or head.conversation
    known = await commit.uow.received(commit.owner, her, answered) if answered else []
    if not known:
        raise Refused(
            f"Svaret viser ikke til noen melding som HER-id {her} har mottatt. Rett RefToParent, og lever på nytt."
        )
    known = [item for item in known if head.conversation in {None, _thread(item)}]
    if not known:
        # The other side may look up either one: what they read as one case's must not be another's here.
        raise Refused(
            "RefToParent og RefToConversation i svaret hører ikke til samme tråd. RefToConversation skal være MsgId "
            "for den første meldingen i tråden som besvares. Rett den, og lever på nytt."
        )
    root = registry.root(head.receiver_her)
    for item in known:
        if item.sender == head.receiver_her or (root is not None and root == registry.root(item.sender)):
            return item
    raise Refused(
        "Mottakeren av svaret er ikke den som sendte meldingen det viser til, og hører ikke til samme virksomhet. "
        "Rett mottakeren, og lever på nytt."
    )


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
        raise Refused("MsgId er brukt før, i en annen melding. Gi svaret en ny MsgId, og lever på nytt.")
    return True


def _draft(commit: RecordSystemCommit, head: MsgHead, document: bytes) -> ReadyMessage:
    try:
        return forward(commit.ports, head, document, commit.now)
    except Refused as error:
        raise Refused(DocumentCode.REPLY_NOT_SENT, why=error.statement or str(error)) from None


async def _case(commit: RecordSystemCommit, head: MsgHead, item: ReceivedDocument) -> Case | None:
    """Return the open case that the other side reported to this party, in the thread that is answered."""
    registry = commit.policy.registry
    for case in await commit.uow.cases_by_conversation(commit.owner, _thread(item)):
        theirs = registry.root(case.theirs) == registry.root(head.receiver_her)
        if not case.reporting and case.ours == commit.her_id and theirs and case.state not in FINAL_STATES:
            return case
    return None


async def _move(commit: RecordSystemCommit, case: Case, head: MsgHead, sent: OutgoingMessage) -> None:
    uow, ports, now = commit.uow, commit.ports, commit.now
    follow_up = follow_up_in(head.attachments)
    event = _MEANS.get(follow_up.kind, CaseEvent.ANSWER) if follow_up else CaseEvent.ANSWER
    changes: dict[str, object] = {"last": sent.msg_id}
    if event is CaseEvent.ANSWER:
        changes["answered_at"] = now
    if event is CaseEvent.CONFIRM:
        changes = {"confirmed_at": case.confirmed_at or now}
    try:
        moved = await move_case(uow, ports, case, event, now, str(commit.actor), changes)
        if event is CaseEvent.CONFIRM and case.for_information:
            await move_case(uow, ports, moved, CaseEvent.INFORMED, now, str(commit.actor))
    except Refused:
        # The table has no place for it, and the other side has its answer all the same: the timeline says so.
        data = {"state": str(case.state), "msg_id": str(sent.msg_id)}
        await uow.log(case.owner, Event(now, case.id, f"{event} out of turn", str(commit.actor), data))
