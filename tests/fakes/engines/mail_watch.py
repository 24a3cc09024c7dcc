"""Watch the mails that leave a case's reporter: no try of its reminder once the mail of an answer is stored."""

from engine.case.record import Case
from engine.deviation.follow_up import FollowUpKind, follow_up_in
from engine.names import HerId
from engine.payload.msghead import read_msghead
from engine.ports import SmtpOutcome, SmtpReply
from engine.states.case import CaseEvent
from engine.states.inbound import InboundState
from tests.fakes.engines.pair import Pair, Side
from tests.fakes.engines.reporting import sent_documents
from tests.fakes.world.parties import GP, GP_SERVICE

_ANSWERS = {FollowUpKind.SVAR, None}
_UNDECIDED = {InboundState.MOTTATT, InboundState.VENTER, InboundState.KARANTENE}


def is_answered(events: list) -> bool:
    """Say whether an answer or a withdrawal stands in the case's leg, and no person has judged it interim since.

    So does what was sent back, and nothing takes that away but sending it anew.
    """
    answered = sent_back = False
    for event in events:
        if event.action in {CaseEvent.MISADDRESSED, CaseEvent.SEND}:
            answered, sent_back = False, event.action == CaseEvent.MISADDRESSED
        if event.action in {CaseEvent.ANSWERED, CaseEvent.REPLIED, CaseEvent.WITHDRAW}:
            answered = True
        if event.action.startswith("assess interim"):
            answered = False
    return answered or sent_back


async def our_case(pair: Pair) -> Case:
    """Return the reporter's case: the oldest, since a stray reply may have opened a draft of another."""
    return min(await pair.gp.ports.store.list_cases(GP), key=lambda case: case.opened_at)


def watch(pair: Pair) -> None:
    """Hold every mail that leaves the reporter against its mailbox: no try of a reminder after an answer's mail."""
    gp, send, left = pair.gp, pair.gp.send, set()

    async def watched(sender: str, receiver: str, mail: bytes) -> SmtpReply:
        reply = await send(sender, receiver, mail)
        reminder = await _reminder_in(pair, mail) if reply.outcome is SmtpOutcome.TAKEN else None
        if reminder is not None:
            case = await our_case(pair)
            left.add((reminder, case.sending_number))
            assert len([leg for _, leg in left if leg == case.sending_number]) == 1, "two reminders left in a leg"
            theirs = {case.their_her, gp.ports.policy.registry.speaker(case.their_her, pair.clock.now())}
            assert await _goes_to(gp, reminder) in theirs, "a reminder left to who sent the deviation back"
            events = [each.event for each in await gp.ports.store.timeline(GP, case.id)]
            assert not is_answered(events), "a reminder's mail left after an answer was stored"
            assert not await _answer_waits(pair), "a reminder's mail left while the answer's mail was not decided"
        return reply

    gp.send = watched  # type: ignore[method-assign]


async def _goes_to(side: Side, message_id: str) -> HerId | None:
    return next(row.receiver_her for row in await side.outbound() if row.header.message_id == message_id)


async def _reminder_in(pair: Pair, mail: bytes) -> str | None:
    """Return the MessageId of the reminder that a mail of the reporter's carries, None for any other mail."""
    for id, kind in await _said_by(pair.gp, GP_SERVICE):
        if kind is FollowUpKind.PURRING and id.encode() in mail:
            return id
    return None


async def _answer_waits(pair: Pair) -> bool:
    """Say whether the mail of an answer from who has the case now is stored at the reporter, and not decided on."""
    counterpart = (await our_case(pair)).their_her
    answers = [id.encode() for id, kind in await _said_by(pair.municipal, counterpart) if kind in _ANSWERS]
    async with pair.gp.ports.store.begin() as unit:
        for mail in await pair.gp.inbound():
            if mail.state in _UNDECIDED:
                raw = await unit.raw(mail.owner, mail.id)
                if any(id in (raw or b"") for id in answers):
                    return True
    return False


async def _said_by(side: Side, sender: HerId) -> list[tuple[str, FollowUpKind | None]]:
    """Return the MessageId and kind of all that a party has written in the thread; None is a plain reply."""
    found = []
    for row, document in await sent_documents(side):
        head = read_msghead(document)
        if row.sender_her == sender and head.parent is not None:
            follow_up = follow_up_in(head.attachments)
            found.append((str(row.header.message_id), follow_up.kind if follow_up else None))
    return found
