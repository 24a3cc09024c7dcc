"""Send a message back to its sender, saying what is wrong with it (HIS 1151, `DIALOG_AVVIK`).

A person or the party's record system does it.

Only what was receipted with AppRec 1 can be sent back, and only once (payload.md B). It does not replace a refusal. A
feedback is itself a message: one that is misused is answered with another.
"""

from dataclasses import replace
from datetime import datetime

from engine.case.calendar import oslo_date
from engine.case.record import Case
from engine.case.roles import check_may
from engine.casework.apply import apply
from engine.casework.correlation import case_between, related_cases
from engine.casework.decide import advance_case
from engine.casework.thread import log_message
from engine.codes.send_back import SendBackCode
from engine.codes.statement import Statement
from engine.commit.actor import Actor, Person, owner_of
from engine.commit.commit import Commit
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.deviation.fields import LONGEST_TEXT
from engine.errors import OwnFault, Refused
from engine.inbox.reading import find_item
from engine.names import HerId
from engine.outbound.compose import compose_feedback
from engine.outbound.deliveries import queue
from engine.outbound.outgoing import ReadyMessage
from engine.payload.feedback import feedback_note
from engine.payload.feedback_code import FeedbackCode
from engine.payload.national_numbers import holds_national_number
from engine.records.inbox import ReceivedDocument
from engine.records.log import Action
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
    return await send_back(ports, item, code, text, who)


async def send_back(
    ports: Ports, item: ReceivedDocument, fault: FeedbackCode, text: str, actor: Actor
) -> OutgoingMessage:
    """Send an inbox item back as `send_feedback` does, without a check of roles."""
    check_text(text)
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, now, actor)
        mail = await _mail_of(commit, item)
        check_may_go_back(item, mail)
        ready = await _ready(commit, item, fault, text.strip())
        case = await _case_of(commit, item)
        sent = await queue(uow, ports.policy, ready, now)
        await _settle_mail(commit, mail, sent, fault)
        if case is not None:
            await _with_case(commit, case, item, sent, fault)
        return sent


def check_text(text: str) -> None:
    """Raise Refused for a text that is missing, too long, or holds a national number."""
    if not text.strip():
        raise Refused(SendBackCode.NO_TEXT)
    if len(text) > LONGEST_TEXT:
        raise Refused(SendBackCode.TOO_LONG, length=len(text), most=LONGEST_TEXT)
    if holds_national_number(text):
        raise Refused(SendBackCode.NUMBER_IN_TEXT)


def check_may_go_back(item: ReceivedDocument, mail: IncomingMail) -> None:
    """Raise Refused for a message that was sent back before, or not receipted with AppRec 1."""
    if mail.state is InboundState.RETURNERT:
        raise Refused(SendBackCode.ALREADY, id=item.id)
    if mail.apprec is not ApprecState.SENDT_OK:
        raise Refused(SendBackCode.NOT_RECEIPTED, id=item.id, state=mail.state, apprec=mail.apprec)


def ends_case(case: Case, item: ReceivedDocument, fault: FeedbackCode) -> bool:
    """True where a case was opened by the message that goes back, and the message came to the wrong addressee."""
    opened = not case.reporting and (case.first_msg_id, case.their_her) == (item.msg_id, item.sender)
    return opened and fault is FeedbackCode.WRONG_ADDRESSEE


async def _mail_of(commit: Commit, item: ReceivedDocument) -> IncomingMail:
    """Return the mail that an item came with, locked."""
    mail = await commit.uow.inbound(item.owner, item.inbound)
    if mail is None:
        raise OwnFault(SendBackCode.NO_MAIL, id=item.id)
    return mail


async def _ready(commit: Commit, item: ReceivedDocument, fault: FeedbackCode, text: str) -> ReadyMessage:
    ports, now = commit.ports, commit.now
    note = feedback_note(fault, item.msg_id, oslo_date(item.received_at), text)
    thread = (item.msg_id, item.conversation or item.msg_id)
    sender, shown = _sender(ports.policy, item, now), await commit.uow.has_shown_samvik(item.owner, item.sender)
    return compose_feedback(ports, fault, sender, item.sender, note, thread, now, shown=shown)


def _sender(policy: Policy, item: ReceivedDocument, now: datetime) -> HerId:
    """Return who sends it back: the addressed party, which the other side knows, else the one that reads for it."""
    addressed = policy.registry.find(item.addressed_to)
    return item.addressed_to if addressed is not None and addressed.is_open(now) else item.receiver


async def _settle_mail(commit: Commit, mail: IncomingMail, sent: OutgoingMessage, fault: FeedbackCode) -> None:
    """Mark the mail as returned, log it on mail and message, and close the tasks about the mail."""
    step = advance(INBOUND, mail.state, InboundEvent.RETURNED)
    returned = replace(mail, state=step.state, deadline=None)
    if not await commit.uow.settle_inbound(mail.owner, returned, was=mail.state):
        raise OwnFault(SendBackCode.MOVED_MEANWHILE, id=mail.id)
    data = {"code": fault.value, "reason": str(Statement.of(SendBackCode.FAULT, fault=fault))}
    back = {**data, "state": step.state.value, "message": str(sent.id)}
    await commit.log(mail.owner, mail.id, InboundEvent.RETURNED, back)
    await commit.log(mail.owner, sent.id, Action.FEEDBACK_SENT, {**data, "mail": str(mail.id)})
    await commit.uow.close_tasks_of(mail.owner, mail.id, commit.now, step.state)


async def _with_case(
    commit: Commit, case: Case, item: ReceivedDocument, sent: OutgoingMessage, fault: FeedbackCode
) -> None:
    """Name the message in the case of its thread; a case that it opened ends, if it came to the wrong addressee."""
    await log_message(commit, case, sent.id)
    if ends_case(case, item, fault):
        await apply(commit, advance_case(case, CaseEvent.SEND_BACK, commit.now))


async def _case_of(commit: Commit, item: ReceivedDocument) -> Case | None:
    references = [item.msg_id, item.conversation, item.parent]
    async for cases in related_cases(commit.uow, item.owner, references):
        case = case_between(commit.ports.policy, cases, item.sender, item.receiver)
        if case is not None:
            return case
    return None
