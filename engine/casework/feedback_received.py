"""What partners say is wrong with a message of ours (HIS 1151, `DIALOG_AVVIK`): tied to the message and its case.

It counts by the rule for AppRecs: from the receiver of the message, its parent, child or successor. Wrong addressee
moves the case whose deviation or reminder it is about. Anything else calls a person, moves nothing and leaves the clock
running (payload.md B, process.md A18 and B18). It never opens a case, and its patient stays in the stored document.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from engine.case.record import Case
from engine.casework.apply import apply
from engine.casework.correlation import case_between, is_party, related_cases
from engine.casework.decide import advance_case
from engine.codes.case_task import CaseTaskCode
from engine.codes.send_back import SendBackCode
from engine.codes.statement import Statement
from engine.commit.actor import partner
from engine.commit.forms import by_any_form
from engine.commit.mail import MailCommit
from engine.commit.move import NewTask
from engine.commit.tasks import desk_task
from engine.names import HerId
from engine.outbound.deliveries import keep_word
from engine.payload.feedback import code_of, messages_named
from engine.payload.feedback_code import FeedbackCode
from engine.records.log import Action, TaskCause
from engine.records.messages import OutgoingMessage
from engine.states.case import CaseEvent
from engine.states.role import Role
from engine.trust.speakers import apprec_counts
from engine.verdict.kinds import DocumentTaken


async def on_feedback(commit: MailCommit, found: DocumentTaken) -> None:
    """Let a feedback that was just put into an inbox do what it does to our message, its case, or a person's list."""
    named = await _named(commit, found)
    sender, registry = found.head.sender_her, commit.ports.policy.registry
    message = next((each for each in named if apprec_counts(sender, each, registry)), None)
    if message is not None:
        await _on_message(commit, found, message)
    else:
        task = unmatched_feedback(sender, commit.now, names_ours=bool(named))
        await commit.open_task(found.owner, commit.mail.id, task)


def unmatched_feedback(sender: HerId, now: datetime, *, names_ours: bool) -> NewTask:
    """Return the task about a feedback that counts for no message of ours; `names_ours` where it names one."""
    if names_ours:
        said = Statement.of(CaseTaskCode.FEEDBACK_FROM_A_STRANGER, her_id=sender)
        return desk_task(TaskCause.FEEDBACK_FROM_A_STRANGER, said, now)
    return desk_task(TaskCause.FEEDBACK_ON_NOTHING, Statement.of(CaseTaskCode.FEEDBACK_ON_NOTHING), now)


def feedback_task(case: Case | None, fault: FeedbackCode, now: datetime) -> NewTask:
    """Return the task about a feedback that moves no case. It is about the mail: a later step must not close it."""
    if case is None:
        return desk_task(TaskCause.FEEDBACK, Statement.of(CaseTaskCode.FEEDBACK, fault=fault), now)
    said = Statement.of(CaseTaskCode.FEEDBACK_IN_CASE, number=case.number, fault=fault)
    return desk_task(TaskCause.FEEDBACK, said, now, Role.KVALITETSSIKRER if case.reporting else Role.SAKSBEHANDLER)


async def _named(commit: MailCommit, found: DocumentTaken) -> list[OutgoingMessage]:
    """Return our messages that it is about: those of its first reference that names any."""
    for msg_id in messages_named(found.head):
        sent = await by_any_form(partial(commit.uow.outbound_by_msg_id, found.owner), msg_id)
        if sent:
            return sent
    return []


async def _on_message(commit: MailCommit, found: DocumentTaken, message: OutgoingMessage) -> None:
    fault, dialog = code_of(found.head.dialog), found.head.dialog
    spoken = replace(commit, actor=partner(found.head.sender_her))
    await keep_word(commit.uow, message, [dialog.tema, dialog.text])
    reason = str(Statement.of(SendBackCode.FAULT, fault=fault))
    data = {"code": fault.value, "reason": reason, "mail": str(commit.mail.id)}
    await spoken.log(message.owner, message.id, Action.FEEDBACK_RECEIVED, data)
    case, is_its_way = await _case_of(commit, found, message)
    if case is not None:
        await spoken.log(case.owner, case.id, Action.FEEDBACK_RECEIVED, {**data, "message": str(message.id)})
    if case is not None and is_its_way and fault is FeedbackCode.WRONG_ADDRESSEE:
        await apply(spoken, advance_case(case, CaseEvent.MISADDRESSED, commit.now))
    else:
        await commit.open_task(found.owner, commit.mail.id, feedback_task(case, fault, commit.now))


async def _case_of(commit: MailCommit, found: DocumentTaken, message: OutgoingMessage) -> tuple[Case | None, bool]:
    """Return the case that a message of ours belongs to, and whether the case goes where that message went.

    It does for the deviation that we sent last, and for its reminder; not for an answer of ours.
    """
    uow, owner, sender = commit.uow, found.owner, found.head.sender_her
    case = await uow.case_by_delivery(owner, message.id)
    if case is not None:
        return case, True
    case = await uow.case_of_reminder(owner, message.id)
    if case is not None:
        return case, is_party(commit.ports.policy, case, sender)
    async for cases in related_cases(uow, owner, [message.msg_id]):
        return case_between(commit.ports.policy, cases, sender, message.sender_her or found.owner), False
    return None, False
