"""A message that a record system wrote in a thread: sent on as it is, and taken into the case that it answers.

Its MsgId is claimed in the commit that queues it, so that a file that is read again sends nothing more. A case moves
by its table; where the table does not let it, the message goes all the same, for the other side waits for it.
"""

import hashlib

from engine.case.record import Case
from engine.casework.moves import move_case
from engine.deviation.follow_up import FollowUpKind, follow_up_in
from engine.errors import Refused
from engine.names import MsgId
from engine.outbound.compose import forward
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import Draft
from engine.payload.msghead import MsgHead
from engine.record_system.word import Heard, RecordDesk
from engine.records.inbox import InboxItem
from engine.records.log import Event
from engine.records.messages import ClaimKind, ClaimOutcome, Outbound
from engine.states.case import FINAL_STATES, CaseEvent

_MEANS = {FollowUpKind.FORELOPIG_SVAR: CaseEvent.ANSWER_INTERIM, FollowUpKind.BEKREFTELSE: CaseEvent.CONFIRM}


async def take_reply(record: RecordDesk, head: MsgHead, document: bytes) -> Heard:
    """Send a reply on, once, and let the case that it belongs to follow.

    Raises Refused where it answers nothing that this party received, is not from it to the one that wrote, bears a
    MsgId that was used for something else, or may not be sent.
    """
    item = await _answered(record, head)
    record.check_about(item)
    if not await _is_new(record, head, document):
        return Heard.KNOWN
    sent = await queue(record.uow, record.ports.policy, _draft(record, head, document), record.now)
    data = {"answers": str(item.msg_id)}
    await record.uow.log(record.owner, Event(record.now, sent.id, "written by record system", record.actor, data))
    case = await _case(record, head, item)
    if case is not None:
        await _move(record, case, head, sent)
    return Heard.SENT


async def _answered(record: RecordDesk, head: MsgHead) -> InboxItem:
    """Return the message that is answered, as the references and the receiver say."""
    registry, her = record.ports.policy.registry, record.her
    if not registry.is_at_or_below(head.sender_her, her):
        raise Refused(
            f"Avsenderen i svaret er verken HER-id {her} eller en del av den. "
            "Rett avsenderen, eller lever svaret for den parten som svarer."
        )
    answered = head.parent or head.conversation
    known = await record.uow.received(record.owner, her, answered) if answered else []
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


def _thread(item: InboxItem) -> MsgId:
    return item.conversation or item.msg_id


async def _is_new(record: RecordDesk, head: MsgHead, document: bytes) -> bool:
    """Claim the reply's MsgId; False where this very reply has been sent before."""
    digest = hashlib.sha256(document).digest()
    kind, sender = ClaimKind.SENT, head.sender_her
    claim = await record.uow.claim(record.owner, kind, sender, head.msg_id, digest, None, record.now)
    if claim.outcome is ClaimOutcome.SAME:
        return False
    ours = await record.uow.outbound_by_msg_id(record.owner, head.msg_id)
    if claim.outcome is ClaimOutcome.OTHER or ours:
        raise Refused("MsgId er brukt før, i en annen melding. Gi svaret en ny MsgId, og lever på nytt.")
    return True


def _draft(record: RecordDesk, head: MsgHead, document: bytes) -> Draft:
    try:
        return forward(record.ports, head, document, record.now)
    except Refused as error:
        raise Refused(f"Svaret kan ikke sendes: {error} Rett dette, og lever på nytt.") from None


async def _case(record: RecordDesk, head: MsgHead, item: InboxItem) -> Case | None:
    """Return the open case that the other side reported to this party, in the thread that is answered."""
    registry = record.ports.policy.registry
    for case in await record.uow.cases_by_conversation(record.owner, _thread(item)):
        theirs = registry.root(case.theirs) == registry.root(head.receiver_her)
        if not case.reporting and case.ours == record.her and theirs and case.state not in FINAL_STATES:
            return case
    return None


async def _move(record: RecordDesk, case: Case, head: MsgHead, sent: Outbound) -> None:
    uow, ports, now = record.uow, record.ports, record.now
    follow_up = follow_up_in(head.attachments)
    event = _MEANS.get(follow_up.kind, CaseEvent.ANSWER) if follow_up else CaseEvent.ANSWER
    changes: dict[str, object] = {"last": sent.msg_id}
    if event is CaseEvent.ANSWER:
        changes["answered_at"] = now
    if event is CaseEvent.CONFIRM:
        changes = {"confirmed_at": case.confirmed_at or now}
    try:
        moved = await move_case(uow, ports, case, event, now, record.actor, changes)
        if event is CaseEvent.CONFIRM and case.for_information:
            await move_case(uow, ports, moved, CaseEvent.INFORMED, now, record.actor)
    except Refused:
        # The table has no place for it, and the other side has its answer all the same: the timeline says so.
        data = {"state": str(case.state), "msg_id": str(sent.msg_id)}
        await uow.log(case.owner, Event(now, case.id, f"{event} out of turn", record.actor, data))
