"""Move outgoing messages: the one place where a delivery's state, timers, tasks and log lines change together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.commit.tasks import DESK_DEADLINE
from engine.errors import OwnFault
from engine.msh.retry import next_resend
from engine.names import HerId
from engine.outbound.outgoing import ReadyMessage
from engine.outbound.partner_alarms import CAUSE_OF, OVER_BY, failed, worked
from engine.ports import UnitOfWork
from engine.records.log import Event, Task
from engine.records.messages import OutgoingMessage
from engine.records.work import WorkKind
from engine.states.delivery import DELIVERY, FINAL_STATES, NEEDS_ACTION, DeliveryEvent, DeliveryState
from engine.states.table import advance

LONGEST_WORD = 4_000
"""How many characters of what a partner wrote about a message are kept beside it."""

_S = DeliveryState

_TASK_TEXT = {
    _S.UBEKREFTET: "Ingen kvittering fra motparten etter siste forsøk. Ring motparten, og velg resend.",
    _S.TRANSPORTFEIL: "Meldingen ble avvist under transport. Les feilkoden, rett årsaken og velg resend.",
    _S.AVVIST: "Motpartens fagsystem avviste meldingen (AppRec 2). Rett innholdet og send en ny melding.",
    _S.MANGLER_APPREC: "Transportkvittert, men ingen applikasjonskvittering i tide. Kontakt motparten.",
    _S.STOPPET: "Sendingen er stoppet. Slipp den med release, eller avlys den med cancel.",
}

_UNEXPECTED_ANSWER = "Uventet svar fra motparten: se meldingens tidslinje."
_UNEXPECTED = {
    DeliveryEvent.RETURNED: "En e-posttjener sier at meldingen ikke kom frem, mot det som ellers er kjent om den. "
    "Se tidslinjen, og spør motparten om meldingen er kommet.",
}


async def queue(uow: UnitOfWork, policy: Policy, draft: ReadyMessage, now: datetime) -> OutgoingMessage:
    """Store a message and queue its sending, in the caller's transaction."""
    timers = _timers(draft.message, now)
    message = replace(draft.message, deadline=min(timers.values()))
    await uow.add_outbound(message.owner, message, draft.mime, draft.document)
    await log(uow, message, now, "queued", "motor", {"kind": message.kind, "to": message.header.to_her or ""})
    await _set_timers(uow, policy, message, timers)
    return message


async def move(
    uow: UnitOfWork,
    ports: Ports,
    message: OutgoingMessage,
    event: DeliveryEvent,
    now: datetime,
    actor: str,
    data: Mapping[str, str],
) -> OutgoingMessage:
    """Advance a delivery by one event, with its log line, task and timers; return it as it now is.

    Raises Refused where the table refuses, OwnFault where another
    node moved the row first (the caller's transaction then rolls back and the work is done again).
    """
    step = advance(DELIVERY, message.state, event)
    await _tell_alarms(uow, ports, message, event, now, step.state if step.moved else None)
    await log(uow, message, now, event, actor, {**data, "state": step.state})
    if step.task:
        await open_task(uow, ports, message, now, f"{event}", _UNEXPECTED.get(event, _UNEXPECTED_ANSWER))
    if not step.moved:
        return message
    moved = _moved(message, step.state, event, now, data)
    timers = _timers(moved, now)
    moved = replace(moved, deadline=_deadline(moved, timers, now))
    if not await uow.settle_outbound(message.owner, moved, was=message.state):
        raise OwnFault(f"message {message.id} was moved by another node")
    await _set_timers(uow, ports.policy, moved, timers)
    await _call_for_people(uow, ports, moved, now)
    return moved


async def call_back(uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime, reason: str) -> bool:
    """Try a message no more. True where no mail server has had it, so that it is cancelled: what is out is out."""
    fresh = message.sent_at is None and message.state in {_S.KO, _S.STOPPET}
    event = DeliveryEvent.CANCEL if fresh else DeliveryEvent.OVERTAKEN
    moved = await move(uow, ports, message, event, now, "motor", {"reason": reason})
    return moved.state is _S.KANSELLERT


async def open_task(
    uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime, cause: str, text: str
) -> None:
    """Open a task for the operations desk about an outgoing message, unless the same is open."""
    task = Task(ports.ids.new(), message.owner, message.id, cause, text, "drift", now, now + DESK_DEADLINE)
    await uow.open_task(message.owner, task)


async def keep_word(uow: UnitOfWork, message: OutgoingMessage, lines: Sequence[str]) -> None:
    """Keep the partner's own text encrypted: it is shown unchanged, and may hold what no log may hold."""
    word = "\n".join(line for line in lines if line.strip())[:LONGEST_WORD]
    if word:
        await uow.keep_partner_word(message.owner, message.id, word.encode())


async def log(
    uow: UnitOfWork, message: OutgoingMessage, now: datetime, action: str, actor: str, data: Mapping[str, str]
) -> None:
    """Append a line to a message's timeline."""
    await uow.log(message.owner, Event(now, message.id, action, actor, dict(data)))


def partner_of(policy: Policy, her: HerId | None) -> str:
    """Return the key that sending is shared out by: the receiver's enterprise."""
    return (policy.registry.root(her) if her else None) or her or ""


async def _tell_alarms(
    uow: UnitOfWork,
    ports: Ports,
    message: OutgoingMessage,
    event: DeliveryEvent,
    now: datetime,
    entered: DeliveryState | None,
) -> None:
    """Let what a message meets count for or against its partner."""
    partner = partner_of(ports.policy, message.header.to_her)
    if event in OVER_BY:
        await worked(uow, message.owner, partner, OVER_BY[event], now)
    if entered in CAUSE_OF:
        await failed(uow, ports, message.owner, partner, CAUSE_OF[entered], now)


def _moved(
    message: OutgoingMessage, state: DeliveryState, event: DeliveryEvent, now: datetime, data: Mapping[str, str]
) -> OutgoingMessage:
    tried = event in {DeliveryEvent.HANDED_OVER, DeliveryEvent.HANDED_OVER_LAST, DeliveryEvent.LOST_AFTER_DATA}
    again = event in {DeliveryEvent.RESEND, DeliveryEvent.RELEASE, DeliveryEvent.RESTORED}
    return replace(
        message,
        state=state,
        attempts=0 if again else message.attempts + tried,
        sent_at=now if tried else message.sent_at,
        reason=data.get("reason", ""),
    )


def _deadline(message: OutgoingMessage, timers: Mapping[WorkKind, datetime], now: datetime) -> datetime | None:
    if message.state in FINAL_STATES:
        return None
    return now + DESK_DEADLINE if message.state in NEEDS_ACTION else min(timers.values(), default=None)


async def _call_for_people(uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime) -> None:
    """Open the task of a state that alarms; close what was open when the message has come to rest."""
    if message.state in NEEDS_ACTION:
        await open_task(uow, ports, message, now, message.state, _TASK_TEXT[message.state])
    elif message.state in FINAL_STATES:
        await uow.close_tasks_of(message.owner, message.id, now, message.state)


def _timers(message: OutgoingMessage, now: datetime) -> dict[WorkKind, datetime]:
    """Return when to send (again) and when to alarm, for the state that a message is in."""
    interval = timedelta(seconds=message.resend_interval)
    if message.state is _S.KO:
        # A message that no mail server takes is given up as late as one that nobody acknowledges.
        return {WorkKind.SEND: now, WorkKind.FRIST: now + interval * (message.resend_limit + 1 - message.attempts)}
    if message.state in {_S.SENDT, _S.SENDT_UKJENT}:
        last = message.sent_at or now
        resend = next_resend(last, interval, message.attempts, message.resend_limit)
        return {WorkKind.SEND: resend} if resend else {WorkKind.FRIST: last + interval}
    if message.state is _S.TRANSPORTKVITTERT:
        return {WorkKind.FRIST: now + timedelta(seconds=message.apprec_deadline)}
    return {}


async def _set_timers(
    uow: UnitOfWork,
    policy: Policy,
    message: OutgoingMessage,
    timers: Mapping[WorkKind, datetime],
) -> None:
    partner = partner_of(policy, message.header.to_her)
    for kind in (WorkKind.SEND, WorkKind.FRIST):
        if kind in timers:
            await uow.add_work(message.owner, kind, message.id, partner, timers[kind])
        else:
            await uow.drop_work(message.owner, kind, message.id)
