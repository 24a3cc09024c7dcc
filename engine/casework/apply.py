"""Write what was decided about a case: the one place where its row, timer, tasks, log lines and messages change."""

from dataclasses import replace
from uuid import UUID

from engine.case.record import Case
from engine.casework.decide import not_reminded
from engine.casework.letters import write_letter
from engine.casework.move import DeviationToSend, FollowUpToSend, LetterToWrite, Move
from engine.casework.thread import IS_ANSWERED, compose_follow_up, log_message
from engine.codes.case import CaseCode
from engine.codes.statement import Statement
from engine.commit.commit import Commit
from engine.deviation.follow_up import FollowUpKind
from engine.errors import OwnFault, Refused
from engine.outbound.compose import compose_deviation
from engine.outbound.deliveries import call_back, queue
from engine.ports import UnitOfWork
from engine.records.messages import OutgoingMessage
from engine.records.work import WorkKind


async def apply(commit: Commit, move: Move) -> Case:
    """Write a move in the transaction of `commit` and return the case as it now is.

    Raises Refused where a message of the move cannot go and the move does not say what happens then; OwnFault where
    another node moved the case first.
    """
    try:
        case = await _send(commit, move)
    except Refused as error:
        if move.if_refused is None:
            raise
        return await apply(commit, move.if_refused(error))
    await commit.log_lines(case.owner, case.id, move.lines)
    if move.recalls_reminder and await _recall_reminder(commit, move.was or case):
        case = not_reminded(case)
    await _write(commit, move, case)
    if move.closes_tasks:
        await commit.uow.close_tasks_of(case.owner, case.id, commit.now, case.state)
    for task in move.tasks:
        await commit.open_task(case.owner, case.id, task)
    return case


async def set_timer(uow: UnitOfWork, case: Case) -> None:
    """Let a node look at a case when its deadline comes."""
    if case.deadline is None:
        await uow.drop_work(case.owner, WorkKind.SAK, case.id)
    else:
        await uow.add_work(case.owner, WorkKind.SAK, case.id, "", case.deadline)


async def take_reminder(commit: Commit, case: Case, message: UUID) -> None:
    """Take the one reminder of this receiver for a message. Raises OwnFault where it was taken before (promise 6)."""
    taken = await commit.uow.claim_reminder(case.owner, case.id, case.sending_number, commit.now, message)
    if not taken:
        raise OwnFault(CaseCode.REMINDER_TAKEN, number=case.number, sending_number=case.sending_number)


async def _write(commit: Commit, move: Move, case: Case) -> None:
    uow = commit.uow
    if move.was is None:
        await uow.add_case(case.owner, case, move.content or b"")
        await uow.add_case_files(case.owner, case.id, move.files)
        await set_timer(uow, case)
        return
    if case != move.was:
        if not await uow.settle_case(case.owner, case, was=move.was.state):
            raise OwnFault(CaseCode.MOVED_MEANWHILE, number=case.number)
        await set_timer(uow, case)
    if move.content is not None:
        await uow.keep_case_content(case.owner, case.id, move.content)


async def _send(commit: Commit, move: Move) -> Case:
    """Queue the message of a move, if it has one; return the case with the ids of what was sent."""
    case, message, ports = move.case, move.message, commit.ports
    match message:
        case None:
            return case
        case LetterToWrite():
            await write_letter(commit, case, message.answer, final=message.final)
            return case
        case DeviationToSend():
            deviation, files = message.deviation, message.files
            shown = await commit.uow.has_shown_samvik(case.owner, case.their_her)
            ready = compose_deviation(ports, deviation, case.our_her, case.their_her, commit.now, files, shown=shown)
        case FollowUpToSend():
            ready = await compose_follow_up(commit, move.was or case, message)
    sent = await queue(commit.uow, commit.ports.policy, ready, commit.now)
    await log_message(commit, case, sent.id)
    return await _with_sent(commit, case, message, sent)


async def _with_sent(
    commit: Commit, case: Case, message: DeviationToSend | FollowUpToSend, sent: OutgoingMessage
) -> Case:
    if isinstance(message, DeviationToSend):
        return replace(case, first_msg_id=sent.msg_id, last_msg_id=sent.msg_id, delivery=sent.id)
    if message.kind is FollowUpKind.PURRING:
        await take_reminder(commit, case, sent.id)
    return replace(case, last_msg_id=sent.msg_id) if message.kind in IS_ANSWERED else case


async def _recall_reminder(commit: Commit, case: Case) -> bool:
    """Stop the reminder to this receiver from being tried again. True where no mail server has had it.

    The case has been answered or withdrawn, or has ended: no reminder may follow that.
    """
    uow = commit.uow
    id = await uow.reminder_of(case.owner, case.id, case.sending_number)
    message = await uow.outbound(case.owner, id) if id else None
    reason = str(Statement.of(CaseCode.REMINDER_RECALLED))
    if message is None or not await call_back(uow, commit.ports, message, commit.now, reason):
        return False
    await uow.recall_reminder(case.owner, case.id, case.sending_number)
    return True
