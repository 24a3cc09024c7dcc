"""Send a message back to whoever sent it, saying what is wrong with it (HIS 1151, `DIALOG_AVVIK`): a person does.

Only what was receipted with AppRec 1 can be sent back, and only once (payload.md B). It does not replace a refusal. A
feedback is itself a message: one that is misused is answered with another.
"""

from dataclasses import replace
from datetime import datetime

from engine.case.calendar import oslo_date
from engine.case.record import Case
from engine.case.roles import check_may
from engine.casework.correlation import case_between, related_cases
from engine.casework.moves import move_case
from engine.casework.thread import log_message
from engine.commit.actor import Person, owner_of
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.deviation.fields import LONGEST_TEXT
from engine.errors import OwnFault, Refused
from engine.inbox.reading import find_item
from engine.names import HerId
from engine.outbound.compose import compose_feedback
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import ReadyMessage
from engine.payload.feedback import CODE_NAMES, FeedbackCode, feedback_note
from engine.payload.national_numbers import holds_national_number
from engine.ports import UnitOfWork
from engine.records.inbox import ReceivedDocument
from engine.records.log import Event
from engine.records.messages import IncomingMail, OutgoingMessage
from engine.states.apprec import ApprecState
from engine.states.case import CaseEvent
from engine.states.inbound import INBOUND, InboundEvent, InboundState
from engine.states.table import advance


async def send_feedback(ports: Ports, who: Person, id: str, code: FeedbackCode, text: str) -> OutgoingMessage:
    """Send back the inbox item `id` (or its MsgId, or the beginning of either); return the message that says so.

    `text` tells the other side why, and what was done with the content if it was passed on. Where the message had
    opened a case of ours and came to the wrong addressee, the case ends with it (FORKASTET); with any other fault it
    stays where it is, as it does at the other side. Raises Refused, and nothing has changed, for a role that may not, a
    text that is missing, too long or holds a national identity number, a message that is not there, was not receipted
    with AppRec 1 or was sent back before, a case that has been answered, and where no message can go.
    """
    check_may(CaseEvent.SEND_BACK, who.role)
    item = await find_item(ports, owner_of(ports.policy, who), id)
    return await send_back(ports, item, code, text, str(who))


async def send_back(ports: Ports, item: ReceivedDocument, code: FeedbackCode, text: str, actor: str) -> OutgoingMessage:
    """Send an inbox item back as `send_feedback` does, for whoever may: a person, or the party's record system."""
    _check_text(text)
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        mail = await _may_go_back(uow, item)
        sent = await queue(uow, ports.policy, _draft(ports, item, code, text.strip(), now), now)
        await _log(uow, item, mail, sent, code, now, actor)
        await _with_case(uow, ports, item, sent, code, now, actor)
        return sent


def _check_text(text: str) -> None:
    if not text.strip():
        raise Refused("The other side must be told why. Say it with --text or --file.")
    if len(text) > LONGEST_TEXT:
        raise Refused(f"The text has {len(text)} characters; at most {LONGEST_TEXT} are sent.")
    if holds_national_number(text):
        raise Refused("A national identity number stands in the text. Take it out; it may not be sent.")


async def _may_go_back(uow: UnitOfWork, item: ReceivedDocument) -> IncomingMail:
    """Return the mail that an item came with, locked, if it may be sent back."""
    mail = await uow.inbound(item.owner, item.inbound)
    if mail is None:
        raise OwnFault(f"inbox item {item.id} has no mail")
    if mail.state is InboundState.RETURNERT:
        raise Refused(f"Message {item.id} has been sent back already; once is enough.")
    if mail.apprec is not ApprecState.SENDT_OK:
        raise Refused(
            f"Message {item.id} is {mail.state}, and its AppRec is {mail.apprec}. "
            "Only what was receipted with AppRec 1 is sent back."
        )
    return mail


def _draft(ports: Ports, item: ReceivedDocument, code: FeedbackCode, text: str, now: datetime) -> ReadyMessage:
    note = feedback_note(code, item.msg_id, oslo_date(item.received_at), text)
    thread = (item.msg_id, item.conversation or item.msg_id)
    return compose_feedback(ports, code, _sender(ports.policy, item, now), item.sender, note, thread, now)


def _sender(policy: Policy, item: ReceivedDocument, now: datetime) -> HerId:
    """Return who sends it back: the one addressed, whom the other side knows it sent to, else who reads for them."""
    addressed = policy.registry.find(item.addressed_to)
    return item.addressed_to if addressed is not None and addressed.is_open(now) else item.receiver


async def _log(
    uow: UnitOfWork,
    item: ReceivedDocument,
    mail: IncomingMail,
    sent: OutgoingMessage,
    code: FeedbackCode,
    now: datetime,
    actor: str,
) -> None:
    """Move the mail, with its log line and that of the message; whoever was called about it need look no more."""
    step = advance(INBOUND, mail.state, InboundEvent.RETURNED)
    returned = replace(mail, state=step.state, deadline=None)
    if not await uow.settle_inbound(mail.owner, returned, was=mail.state):
        raise OwnFault(f"mail {mail.id} was moved by another node")
    data = {"code": code, "reason": CODE_NAMES[code]}
    back = {**data, "state": step.state, "message": str(sent.id)}
    await uow.log(mail.owner, Event(now, mail.id, InboundEvent.RETURNED, actor, back))
    await uow.log(mail.owner, Event(now, sent.id, "sends a message back", actor, {**data, "mail": str(mail.id)}))
    await uow.close_tasks_of(mail.owner, mail.id, now, step.state)


async def _with_case(
    uow: UnitOfWork,
    ports: Ports,
    item: ReceivedDocument,
    sent: OutgoingMessage,
    code: FeedbackCode,
    now: datetime,
    actor: str,
) -> None:
    """Name the message in the case of its thread; a case that it opened ends, if it came to the wrong addressee."""
    case = await _case_of(uow, ports.policy, item)
    if case is None:
        return
    await log_message(uow, case, sent, now)
    opened = not case.reporting and (case.first_msg_id, case.their_her) == (item.msg_id, item.sender)
    if opened and code is FeedbackCode.WRONG_ADDRESSEE:
        await move_case(uow, ports, case, CaseEvent.SEND_BACK, now, actor)


async def _case_of(uow: UnitOfWork, policy: Policy, item: ReceivedDocument) -> Case | None:
    references = [item.msg_id, item.conversation, item.parent]
    async for cases in related_cases(uow, item.owner, references):
        case = case_between(policy, cases, item.sender, item.receiver)
        if case is not None:
            return case
    return None
