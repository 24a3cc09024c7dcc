"""What messages and time do to cases: deliveries start clocks, documents in a thread answer, deadlines remind once.

A message in a case's thread moves the case only if its sender is a party of the case (design.md 4). What each of them
leads to is decided in engine.casework.event_decisions.
"""

from dataclasses import replace
from datetime import datetime

from engine.case.record import Case
from engine.casework.apply import apply, set_timer
from engine.casework.correlation import case_between, is_party, related_cases
from engine.casework.event_decisions import (
    InThread,
    decide_deadline,
    decide_delivery,
    decide_in_thread,
    event_of,
    is_to_be_reminded,
    proves_delivery,
)
from engine.casework.feedback_received import on_feedback
from engine.casework.opening import open_case_of
from engine.casework.reminder import remind
from engine.codes.case_task import CaseTaskCode
from engine.codes.statement import Statement
from engine.commit.actor import ENGINE, partner
from engine.commit.commit import Commit
from engine.commit.mail import MailCommit
from engine.commit.ports import Ports
from engine.commit.tasks import desk_task
from engine.deviation.fields import MIME_TYPE
from engine.deviation.follow_up import FOLLOW_UP_FILE, follow_up_in
from engine.payload.feedback import FEEDBACK
from engine.ports import UnitOfWork
from engine.records.log import Action, TaskCause
from engine.records.messages import OutgoingMessage
from engine.records.work import Work
from engine.states.case import FINAL_STATES
from engine.verdict.document import judge_in_thread
from engine.verdict.kinds import DocumentRefused, DocumentTaken, Verdict


async def after_delivery(
    uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime, told_at: datetime | None = None
) -> None:
    """Let a case follow the delivery of its deviation. `told_at` is the AppRec's own time."""
    case = await uow.case_by_delivery(message.owner, message.id)
    if case is None:
        return
    move = decide_delivery(ports.policy, case, message, now, told_at)
    if move is not None:
        await apply(Commit(uow, ports, now, ENGINE), move)


async def on_document(commit: MailCommit, found: DocumentTaken) -> None:
    """Let a document that was just put into an inbox do what it does to a case: move one, open one, or nothing."""
    head = found.head
    if head.type == FEEDBACK:
        await on_feedback(commit, found)
        return
    stranger: Case | None = None
    async for cases in related_cases(commit.uow, found.owner, (head.conversation, head.parent)):
        case = case_between(commit.ports.policy, cases, head.sender_her, found.destination.addressed_to)
        if case is not None:
            await _in_thread(commit, found, case)
            return
        stranger = stranger or cases[0]
    if stranger is not None:
        await _from_stranger(commit, found, stranger)
    elif any((each.name, each.mime_type) == (FOLLOW_UP_FILE, MIME_TYPE) for each in head.attachments):
        if follow_up_in(head.attachments) is not None:
            await commit.uow.note_samvik(found.owner, head.sender_her, commit.now)
        said = Statement.of(CaseTaskCode.FOLLOW_UP_WITHOUT_A_CASE)
        task = desk_task(TaskCause.FOLLOW_UP_WITHOUT_A_CASE, said, commit.now)
        await commit.open_task(found.owner, commit.mail.id, task)
    else:
        await open_case_of(commit, found)


async def again_for_open_case(commit: MailCommit, found: Verdict) -> Verdict:
    """Take a document for a retired HER-id for its successor where it belongs to an open case (design.md 6).

    A reference to a thread is anybody's claim: it counts only from a party of a case that is ours and open.
    """
    if not isinstance(found, DocumentRefused) or found.identity is None or found.identity.sender is None:
        return found
    sender = found.identity.sender.lowest
    async for cases in related_cases(commit.uow, found.owner, found.thread):
        if any(case.state not in FINAL_STATES and is_party(commit.ports.policy, case, sender) for case in cases):
            return judge_in_thread(found, commit.ports, commit.now)
    return found


async def on_case_deadline(work: Work, ports: Ports) -> None:
    """Act on a case whose deadline has come: remind once, escalate, close, or call a person again."""
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        commit = Commit(uow, ports, now, ENGINE)
        case = await uow.case(work.owner, work.subject)
        await uow.finish_work(work)
        if case is None or case.deadline is None:
            return
        if case.deadline > now:
            await set_timer(uow, case)
        elif is_to_be_reminded(case):
            await remind(commit, case)
        else:
            await apply(commit, decide_deadline(case, now))


async def _in_thread(commit: MailCommit, found: DocumentTaken, case: Case) -> None:
    head = found.head
    message = InThread(head.msg_id, head.gen_date, follow_up_in(head.attachments))
    if message.follow_up is not None:
        await commit.uow.note_samvik(found.owner, head.sender_her, commit.now)
    delivery = None
    if case.delivery and proves_delivery(case, event_of(case, message.follow_up, commit.now)):
        delivery = await commit.uow.outbound(case.owner, case.delivery)
    move = decide_in_thread(commit.ports.policy, case, message, delivery, commit.now)
    await apply(replace(commit, actor=partner(head.sender_her)), move)


async def _from_stranger(commit: MailCommit, found: DocumentTaken, case: Case) -> None:
    """Log a message in a case's thread from somebody who is no party of it, and show it to the operations desk."""
    sender = found.head.sender_her
    await replace(commit, actor=partner(sender)).log(found.owner, case.id, Action.FROM_A_STRANGER)
    said = Statement.of(CaseTaskCode.STRANGER, number=case.number, her_id=sender)
    await commit.open_task(found.owner, commit.mail.id, desk_task(TaskCause.STRANGER, said, commit.now))
