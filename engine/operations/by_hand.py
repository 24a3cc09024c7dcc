"""What the operations desk does by hand: resend, release, cancel, close tasks. Each needs a reason and is logged."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from engine.case.calendar import noon_of
from engine.case.channel import Channel
from engine.casework.letters import check_day, see_off
from engine.codes.inbound import InboundCode
from engine.codes.message import MessageCode
from engine.codes.operations import OperationsCode
from engine.commit.actor import Person
from engine.commit.commit import Commit
from engine.commit.mail import TIME_TO_READ
from engine.commit.move import LogLine
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.commit.reason import need_reason
from engine.delivery.moving import advance_message
from engine.errors import OwnFault, Refused
from engine.names import OPERATOR, HerId
from engine.operations.strangers import reduce
from engine.outbound.partner_alarms import close_by_hand
from engine.records.log import Action
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryEvent, DeliveryState
from engine.states.inbound import INBOUND, InboundEvent, InboundState
from engine.states.table import advance

MOST_AT_ONCE = 200
"""How many mails of a pile one transaction moves."""


async def resend(ports: Ports, who: Person, id: UUID, reason: str) -> str:
    """Send an outgoing message once more, the same bytes; return its new state.

    Raises Refused where there is no such message, no reason, or its state does not allow it.
    """
    return await _move_message(ports, who, id, DeliveryEvent.RESEND, reason)


async def release(ports: Ports, who: Person, id: UUID, reason: str) -> str:
    """Let a stopped message go, or have a mail in quarantine processed again; return the new state."""
    if await _owner_of_mail(ports, id) is None:
        return await _move_message(ports, who, id, DeliveryEvent.RELEASE, reason)
    return await _move_mail(ports, who, id, InboundEvent.RELEASE, reason)


async def cancel(ports: Ports, who: Person, id: UUID, reason: str) -> str:
    """Take back a message that has not left, or throw away a mail in quarantine; return the new state."""
    if await _owner_of_mail(ports, id) is None:
        return await _move_message(ports, who, id, DeliveryEvent.CANCEL, reason)
    return await _move_mail(ports, who, id, InboundEvent.DISCARD, reason)


async def hold(ports: Ports, who: Person, id: UUID, reason: str) -> str:
    """Keep a message that has not left from leaving until it is released; return its new state."""
    return await _move_message(ports, who, id, DeliveryEvent.HOLD, reason)


async def deliver_otherwise(ports: Ports, who: Person, id: UUID, channel: Channel, on: date, reason: str) -> str:
    """Note that a message or an answer of ours was delivered by another channel on a day in Oslo; return its state.

    A deviation's clock starts that day (process.md A9). Raises Refused for a day that has not come or is before the
    message was made, for what expects no delivery or has it, and where there is no such message.
    """
    need_reason(reason)
    now = ports.clock.now()
    for owner in ports.policy.hosted:
        async with ports.store.begin() as uow:
            message = await uow.outbound(owner, id)
            if message is not None:
                return await _delivered(Commit(uow, ports, now, who), message, channel, on, reason)
            if await uow.letter(owner, id) is not None:
                return await see_off(uow, owner, id, channel, on, reason, now)
    await _refuse_mail(ports, id)
    raise Refused(MessageCode.NOT_FOUND, id=id)


async def _delivered(commit: Commit, message: OutgoingMessage, channel: Channel, on: date, reason: str) -> str:
    check_delivered_otherwise(message, on, commit.now)
    data = {"reason": reason, "channel": channel.value, "delivered_on": on.isoformat()}
    event = DeliveryEvent.DELIVERED_OTHERWISE
    return (await advance_message(commit, message, event, data, confirmed_at=noon_of(on))).state


def check_delivered_otherwise(message: OutgoingMessage, on: date, now: datetime) -> None:
    """Raise Refused where a message cannot have been delivered by another channel on that day in Oslo."""
    if message.kind is not Kind.MELDING:
        raise Refused(MessageCode.IS_RECEIPT, id=message.id)
    check_day(on, message.created_at, now)
    if message.state is DeliveryState.KO:
        raise Refused(MessageCode.MAY_LEAVE, id=message.id)


async def close_task(ports: Ports, who: Person, id: UUID, outcome: str) -> None:
    """Close a task with what came of it. Raises Refused where no such task is open, or nothing is said."""
    now = ports.clock.now()
    need_reason(outcome)
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            if await uow.close_task(owner, id, now, who.name, outcome):
                await Commit(uow, ports, now, who).log(owner, id, Action.TASK_CLOSED, {"outcome": outcome})
                return
    raise Refused(OperationsCode.NO_TASK, id=id)


async def move_pile(ports: Ports, who: Person, id: UUID, event: InboundEvent, reason: str) -> int:
    """Release or discard every mail of the pile that a task is about, and close the task; return how many there were.

    Each transaction takes some of them, so that any number can be moved, and a step that was cut off be taken again.
    What cannot be released any more, since only its header is kept, stays until that is removed by age.
    Raises Refused where no such task is open, it is about no pile, or no reason is given.
    """
    need_reason(reason)
    owner, pile = await _pile_of(ports, id)
    moved, last = 0, None
    while True:
        async with ports.store.begin() as uow:
            mails = await uow.piled(owner, pile, last, MOST_AT_ONCE)
            commit = Commit(uow, ports, ports.clock.now(), who)
            for mail in (each for each in mails if not _is_spent(each, event)):
                await _apply(commit, mail, decide_mail(mail, event, reason, commit.now))
            if not mails:
                await uow.close_task(owner, id, commit.now, who.name, reason)
                return moved
        moved, last = moved + len(mails), mails[-1].id


async def _pile_of(ports: Ports, id: UUID) -> tuple[HerId, UUID]:
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            task = await uow.task(owner, id)
        if task is not None and task.latest is not None:
            return owner, task.subject
        if task is not None:
            raise Refused(OperationsCode.NO_PILE, id=id)
    raise Refused(OperationsCode.NO_TASK, id=id)


async def close_alarm(ports: Ports, who: Person, id: UUID, reason: str) -> None:
    """Close an alarm by hand. Raises Refused where none is open under this id, or no usable reason is given."""
    need_reason(reason)
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            alarm = await uow.alarm(owner, id)
            if alarm is not None:
                await close_by_hand(Commit(uow, ports, ports.clock.now(), who), alarm, reason)
                return
    raise Refused(OperationsCode.NO_ALARM, id=id)


def owners(policy: Policy) -> list[HerId]:
    """Return whose rows the operations desk looks at: each hosted enterprise's, and what belongs to nobody yet."""
    return [*policy.hosted, OPERATOR]


async def _move_message(ports: Ports, who: Person, id: UUID, event: DeliveryEvent, reason: str) -> str:
    need_reason(reason)
    for owner in ports.policy.hosted:
        async with ports.store.begin() as uow:
            message = await uow.outbound(owner, id)
            if message is not None:
                commit = Commit(uow, ports, ports.clock.now(), who)
                return (await advance_message(commit, message, event, {"reason": reason})).state
    await _refuse_mail(ports, id)
    raise Refused(MessageCode.NOT_FOUND, id=id)


async def _refuse_mail(ports: Ports, id: UUID) -> None:
    """Raise Refused where the id is that of a mail that came in: it exists, but does not go out."""
    if await _owner_of_mail(ports, id) is not None:
        raise Refused(MessageCode.CAME_IN, id=id)


async def _owner_of_mail(ports: Ports, id: UUID) -> HerId | None:
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            if await uow.inbound(owner, id) is not None:
                return owner
    return None


async def _move_mail(ports: Ports, who: Person, id: UUID, event: InboundEvent, reason: str) -> str:
    need_reason(reason)
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            mail = await uow.inbound(owner, id)
            if mail is not None:
                commit = Commit(uow, ports, ports.clock.now(), who)
                return await _apply(commit, mail, decide_mail(mail, event, reason, commit.now))
    raise Refused(MessageCode.NO_MAIL, id=id)


@dataclass(frozen=True, slots=True)
class MailMove:
    """What a person does to a mail that waits or is in quarantine: row, log line, and whether it is read again."""

    mail: IncomingMail
    line: LogLine
    again: bool


def decide_mail(mail: IncomingMail, event: InboundEvent, reason: str, now: datetime) -> MailMove:
    """Return what a person's step does to a mail. Raises Refused where its state does not allow it."""
    state = advance(INBOUND, mail.state, event).state
    if _is_spent(mail, event):
        raise Refused(InboundCode.ONLY_HEADER_KEPT)
    again = state is InboundState.MOTTATT
    moved = replace(mail, state=state, reason=reason, pile=None, deadline=now + TIME_TO_READ if again else None)
    return MailMove(moved, LogLine(event, {"reason": reason, "state": state}), again)


def _is_spent(mail: IncomingMail, event: InboundEvent) -> bool:
    return event is InboundEvent.RELEASE and mail.reduced_at is not None


async def _apply(commit: Commit, before: IncomingMail, move: MailMove) -> str:
    uow, mail = commit.uow, move.mail
    if not await uow.settle_inbound(mail.owner, mail, was=before.state):
        raise OwnFault(InboundCode.MOVED_MEANWHILE, mail=mail.id)
    if not move.again:
        await reduce(commit, mail)
    await commit.log_lines(mail.owner, mail.id, [move.line])
    await uow.close_tasks_of(mail.owner, mail.id, commit.now, mail.reason)
    if before.pile is not None and not await uow.piled(mail.owner, before.pile, None, 1):
        await uow.close_tasks_of(mail.owner, before.pile, commit.now, mail.reason)
    if move.again:
        await uow.add_work(mail.owner, WorkKind.MOTTA, mail.id, "", commit.now)
    else:
        await uow.drop_work(mail.owner, WorkKind.MOTTA, mail.id)
    return mail.state
