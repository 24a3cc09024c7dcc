"""What messages and time do to cases: deliveries start clocks, documents in a thread answer, deadlines remind once.

A message in a case's thread moves the case only if its sender is a party of the case (design.md 4).
"""

from datetime import datetime

from engine.case.calendar import end_of
from engine.case.clock import start_of
from engine.case.deadlines import LOOK_AGAIN
from engine.case.record import Case
from engine.casework.correlation import case_between, is_party, related_cases
from engine.casework.feedback_received import on_feedback
from engine.casework.moves import call, clock_of, move_case, set_timer
from engine.casework.opening import open_case
from engine.casework.reminder import remind, wait_until
from engine.commit.mail import MailCommit, open_task
from engine.commit.ports import Ports
from engine.deviation.fields import MIME_TYPE
from engine.deviation.follow_up import FOLLOW_UP_FILE, FollowUp, FollowUpKind, follow_up_in
from engine.payload.feedback import FEEDBACK
from engine.ports import UnitOfWork
from engine.records.log import Event
from engine.records.messages import OutgoingMessage
from engine.records.work import Work
from engine.states.case import CASE, FINAL_STATES, INTERRUPTIBLE, PARTNER_HAS_IT, REMINDABLE, CaseEvent, CaseState
from engine.states.delivery import NEEDS_ACTION, DeliveryState
from engine.verdict.document import judge_in_thread
from engine.verdict.kinds import Assessment, DocumentRefused, DocumentTaken

_TO_REPORTER = {
    FollowUpKind.BEKREFTELSE: CaseEvent.CONFIRMED,
    FollowUpKind.FORELOPIG_SVAR: CaseEvent.ANSWERED_INTERIM,
    FollowUpKind.SVAR: CaseEvent.ANSWERED,
}
_TO_RECEIVER = {FollowUpKind.PURRING: CaseEvent.REMINDED, FollowUpKind.TRUKKET: CaseEvent.WITHDRAWN}
_DELIVERED = {DeliveryState.LEVERT, DeliveryState.LEVERT_MED_FEIL, DeliveryState.LEVERT_MANUELT}
_PROOFS = frozenset(_TO_REPORTER.values()) | {CaseEvent.REPLIED}
_HAS_BEEN_DELIVERED = PARTNER_HAS_IT | {CaseState.SVAR_IKKE_VURDERT, CaseState.BESVART}
_CLOCK_GOES_ON = REMINDABLE | {CaseState.PURRET, CaseState.SVAR_IKKE_VURDERT}
_ENDED = FINAL_STATES | {CaseState.BESVART, CaseState.ORIENTERT}
_LATE = {
    CaseState.PURRET: CaseEvent.OVERDUE,
    CaseState.SVAR_IKKE_VURDERT: CaseEvent.ASSESSMENT_OVERDUE,
    CaseState.BESVART: CaseEvent.CLOSING_DUE,
    CaseState.ORIENTERT: CaseEvent.CLOSING_DUE,
}


async def after_delivery(
    uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime, told_at: datetime | None = None
) -> None:
    """Let a case follow the delivery of its deviation: delivered starts the clock, failed calls a person.

    `told_at` is the AppRec's own time.
    """
    case = await uow.case_by_delivery(message.owner, message.id)
    if case is None:
        return
    if message.state in _DELIVERED and case.clock is None:
        start = start_of(told_at or now, message.created_at, now)
        changes = clock_of(ports.policy, case, start, now)
        await move_case(uow, ports, case, CaseEvent.DELIVERED, now, "motor", changes)
    elif message.state is DeliveryState.AVVIST:
        stopped = dict.fromkeys(("start", "due", "reminder_at")) if case.state in _CLOCK_GOES_ON else None
        await move_case(uow, ports, case, CaseEvent.REFUSED, now, "motor", stopped)
    elif message.state in NEEDS_ACTION or message.state is DeliveryState.KANSELLERT:
        await move_case(uow, ports, case, CaseEvent.DELIVERY_FAILED, now, "motor")


async def on_document(commit: MailCommit, found: DocumentTaken) -> None:
    """Let a document that was just put into an inbox do what it does to a case: move one, open one, or nothing."""
    head = found.head
    if head.type == FEEDBACK:
        await on_feedback(commit, found)
        return
    stranger: Case | None = None
    async for cases in related_cases(commit.uow, found.owner, (head.conversation, head.parent)):
        case = case_between(commit.policy, cases, head.sender_her, found.destination.addressed_to)
        if case is not None:
            await _in_thread(commit, found, case)
            return
        stranger = stranger or cases[0]
    if stranger is not None:
        await _from_stranger(commit, found, stranger)
    elif any((each.name, each.mime_type) == (FOLLOW_UP_FILE, MIME_TYPE) for each in head.attachments):
        text = "En oppfølging av et avvik hører ikke til noen sak her. Les den i innboksen, og kontakt avsenderen."
        await open_task(commit, found.owner, "follow-up without a case", text)
    else:
        await open_case(commit, found)


async def _from_stranger(commit: MailCommit, found: DocumentTaken, case: Case) -> None:
    sender = found.head.sender_her
    await commit.uow.log(found.owner, Event(commit.now, case.id, "message from a stranger", f"HER {sender}"))
    text = f"En melding i sakens tråd kom fra HER-id {sender}, som ikke er part i saken."
    await open_task(commit, found.owner, "stranger in a thread", text)


async def reconsidered(commit: MailCommit, found: Assessment) -> Assessment:
    """Take a document for a retired HER-id for its successor where it belongs to an open case (design.md 6).

    A reference to a thread is anybody's claim: it counts only from a party of a case that is ours and open.
    """
    if not isinstance(found, DocumentRefused) or found.identity is None or found.identity.sender is None:
        return found
    sender = found.identity.sender.lowest
    async for cases in related_cases(commit.uow, found.owner, found.thread):
        if any(case.state not in FINAL_STATES and is_party(commit.policy, case, sender) for case in cases):
            return judge_in_thread(found, commit.ports, commit.now)
    return found


async def look_at_case(work: Work, ports: Ports) -> None:
    """Act on a case whose deadline has come: remind once, escalate, close, or call a person again."""
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        case = await uow.case(work.owner, work.subject)
        await uow.finish_work(work)
        if case is None or case.deadline is None:
            return
        if case.deadline > now:
            await set_timer(uow, case)
        elif case.reporting and case.state in REMINDABLE and case.clock is not None:
            await remind(uow, ports, case, now)
        elif case.state in _LATE:
            answered = {"answered_at": case.answered_at}
            await move_case(uow, ports, case, _LATE[case.state], now, "motor", answered)
        else:
            await _call_again(uow, ports, case, now)


async def _call_again(uow: UnitOfWork, ports: Ports, case: Case, now: datetime) -> None:
    await call(uow, ports, case, now, "deadline passed", "Fristen er passert.")
    await wait_until(uow, case, now + LOOK_AGAIN)


async def _in_thread(commit: MailCommit, found: DocumentTaken, case: Case) -> None:
    follow_up = follow_up_in(found.head.attachments)
    event = _event_of(case, follow_up, commit.now)
    answers = event in {CaseEvent.ANSWERED, CaseEvent.REPLIED} and case.state not in _ENDED
    changes = await _noted(commit, found, case, event)
    if answers:
        changes["answered_at"] = commit.now
    if answers and case.state is not CaseState.SVAR_IKKE_VURDERT:
        changes["interrupted_state"] = case.state if case.state in INTERRUPTIBLE else CaseState.LEVERT
    actor = f"HER {found.head.sender_her}"
    if event is CaseEvent.REPLIED and not case.reporting:
        await call(
            commit.uow, commit.ports, case, commit.now, "message", "Melderen har skrevet i tråden. Se innboksen."
        )
        return
    moved = await move_case(commit.uow, commit.ports, case, event, commit.now, actor, changes)
    if moved.state is case.state and event is CaseEvent.REPLIED:
        await call(commit.uow, commit.ports, case, commit.now, "reply", "En melding i tråden ligger i innboksen.")
    if moved.reporting and moved.state in REMINDABLE and moved.clock is None and not moved.for_information:
        text = "Motparten skriver i saken, men har avvist avviket (AppRec 2). Ingen purring går. Avklar med motparten."
        await call(commit.uow, commit.ports, moved, commit.now, "answered though refused", text)


async def _noted(commit: MailCommit, found: DocumentTaken, case: Case, event: CaseEvent) -> dict[str, object]:
    """Return what a message changes in its case beside the state.

    A confirmation is answered by nobody, so it is not the latest. It proves delivery as every answer does, and so
    starts a clock that the AppRec has not started, unless that was a refusal.
    """
    last: dict[str, object] = (
        {} if event in {CaseEvent.CONFIRMED, CaseEvent.INFORMED} else {"last_msg_id": found.head.msg_id}
    )
    if not _proves_delivery(case, event):
        return last
    message = await commit.uow.outbound(case.owner, case.delivery) if case.delivery else None
    if message is not None and message.state is DeliveryState.AVVIST:
        return last
    first_sent = message.created_at if message else case.opened_at
    return last | clock_of(commit.policy, case, start_of(found.head.gen_date, first_sent, commit.now), commit.now)


def _proves_delivery(case: Case, event: CaseEvent) -> bool:
    """Say whether a message is the first proof that the other side has what we sent, in a case that it moves."""
    target = CASE[case.state][event]
    return case.reporting and case.clock is None and event in _PROOFS and target in _HAS_BEEN_DELIVERED


def _event_of(case: Case, follow_up: FollowUp | None, now: datetime) -> CaseEvent:
    """Return what a message means to this side of a case; what is out of place counts as a plain reply."""
    if follow_up is None:
        return CaseEvent.REPLIED
    meanings = _TO_REPORTER if case.reporting else _TO_RECEIVER
    event = meanings.get(follow_up.kind, CaseEvent.REPLIED)
    if event is CaseEvent.REMINDED and (case.due is None or now < end_of(case.due)):
        return CaseEvent.REMINDED_EARLY
    return CaseEvent.INFORMED if event is CaseEvent.CONFIRMED and case.for_information else event
