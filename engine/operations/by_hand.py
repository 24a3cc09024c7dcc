"""What the operations desk does by hand: resend, release, cancel, close tasks. Each needs a reason and is logged."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from engine.case.calendar import noon_of
from engine.case.channel import Channel
from engine.casework.letters import check_day, see_off
from engine.commit.actor import operator
from engine.commit.commit import Commit
from engine.commit.mail import TIME_TO_READ
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.delivery.moving import advance_message
from engine.errors import OwnFault, Refused
from engine.names import OPERATOR, HerId
from engine.operations.overview import LOOKED_AT
from engine.outbound.partner_alarms import settle
from engine.payload.national_numbers import holds_national_number
from engine.ports import UnitOfWork
from engine.records.log import Event
from engine.records.messages import IncomingMail, Kind, OutgoingMessage
from engine.records.work import WorkKind
from engine.states.delivery import DeliveryEvent, DeliveryState
from engine.states.inbound import INBOUND, InboundEvent, InboundState
from engine.states.table import advance


async def resend(ports: Ports, id: UUID, reason: str) -> str:
    """Send an outgoing message once more, the same bytes; return its new state.

    Raises Refused where there is no such message, no reason, or its state does not allow it.
    """
    return await _move_outbound(ports, id, DeliveryEvent.RESEND, reason)


async def release(ports: Ports, id: UUID, reason: str) -> str:
    """Let a stopped message go, or have a mail in quarantine processed again; return the new state."""
    if await _owner_of_inbound(ports, id) is None:
        return await _move_outbound(ports, id, DeliveryEvent.RELEASE, reason)
    return await _move_inbound(ports, id, InboundEvent.RELEASE, reason)


async def cancel(ports: Ports, id: UUID, reason: str) -> str:
    """Take back a message that has not left, or throw away a mail in quarantine; return the new state."""
    if await _owner_of_inbound(ports, id) is None:
        return await _move_outbound(ports, id, DeliveryEvent.CANCEL, reason)
    return await _move_inbound(ports, id, InboundEvent.DISCARD, reason)


async def hold(ports: Ports, id: UUID, reason: str) -> str:
    """Keep a message that has not left from leaving until it is released; return its new state."""
    return await _move_outbound(ports, id, DeliveryEvent.HOLD, reason)


async def deliver_otherwise(ports: Ports, id: UUID, channel: Channel, on: date, reason: str) -> str:
    """Note that a message or an answer of ours was delivered by another channel on a day in Oslo; return its state.

    A deviation's clock starts that day (process.md A9). Raises Refused for a day that has not come or is before the
    message was made, for what expects no delivery or has it, and where there is no such message.
    """
    _need(reason)
    now = ports.clock.now()
    for owner in ports.policy.hosted:
        async with ports.store.begin() as uow:
            message = await uow.outbound(owner, id)
            if message is not None:
                return await _delivered(uow, ports, message, channel, on, reason, now)
            if await uow.letter(owner, id) is not None:
                return await see_off(uow, owner, id, channel, on, reason, now)
    raise Refused(f"No message has the id {id}. `samvik messages` lists them.")


async def _delivered(
    uow: UnitOfWork, ports: Ports, message: OutgoingMessage, channel: Channel, on: date, reason: str, now: datetime
) -> str:
    if message.kind is not Kind.MELDING:
        raise Refused(f"Message {message.id} is a receipt. Only what people read is delivered by another channel.")
    check_day(on, message.created_at, now)
    if message.state is DeliveryState.KO:
        raise Refused(f"Message {message.id} may leave at any moment. Hold it first: samvik message hold {message.id}")
    data = {"reason": reason, "channel": channel.value, "delivered_on": on.isoformat()}
    commit = Commit(uow, ports, now, operator(""))
    event = DeliveryEvent.DELIVERED_OTHERWISE
    moved = await advance_message(commit, message, event, data, confirmed_at=noon_of(on))
    return moved.state


async def close_task(ports: Ports, id: UUID, by: str, outcome: str) -> None:
    """Close a task with what came of it. Raises Refused where no such task is open."""
    now = ports.clock.now()
    _need(outcome)
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            if await uow.close_task(owner, id, now, by, outcome):
                await uow.log(owner, Event(now, id, "task closed", by, {"outcome": outcome}))
                return
    raise Refused(f"No open task has the id {id}. `samvik task list` shows those that are open.")


async def close_alarm(ports: Ports, id: UUID, by: str, reason: str) -> None:
    """Close an alarm by hand. Raises Refused where none is open under this id, or no usable reason is given."""
    now = ports.clock.now()
    _need(reason)
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            alarm = await uow.alarm(owner, id)
            if alarm is not None:
                await settle(uow, alarm, by, reason, now)
                return
    raise Refused(f"No alarm has the id {id}. `samvik alarm list` shows those that are open.")


async def partner_word(ports: Ports, owner: HerId, id: UUID, by: str) -> str:
    """Return what the partner itself wrote about our message, unchanged; '' where it wrote nothing.

    It may say more than it should, so that `by` looked at it is committed before it is shown.
    """
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        word = await uow.partner_word(owner, id)
        if word:
            await uow.log(owner, Event(now, id, LOOKED_AT, "drift", {"name": by}))
    return word.decode() if word else ""


def owners(policy: Policy) -> list[HerId]:
    """Return whose rows the operations desk looks at: each hosted enterprise's, and what belongs to nobody yet."""
    return [*policy.hosted, OPERATOR]


async def _move_outbound(ports: Ports, id: UUID, event: DeliveryEvent, reason: str) -> str:
    now = ports.clock.now()
    _need(reason)
    for owner in ports.policy.hosted:
        async with ports.store.begin() as uow:
            message = await uow.outbound(owner, id)
            if message is not None:
                commit = Commit(uow, ports, now, operator(""))
                return (await advance_message(commit, message, event, {"reason": reason})).state
    raise Refused(f"No message has the id {id}. `samvik messages` lists them.")


async def _owner_of_inbound(ports: Ports, id: UUID) -> HerId | None:
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            if await uow.inbound(owner, id) is not None:
                return owner
    return None


async def _move_inbound(ports: Ports, id: UUID, event: InboundEvent, reason: str) -> str:
    _need(reason)
    for owner in owners(ports.policy):
        async with ports.store.begin() as uow:
            mail = await uow.inbound(owner, id)
            if mail is not None:
                return await _step_inbound(uow, ports, mail, event, reason)
    raise Refused(f"No mail has the id {id}. `samvik messages` lists them.")


async def _step_inbound(uow: UnitOfWork, ports: Ports, mail: IncomingMail, event: InboundEvent, reason: str) -> str:
    now = ports.clock.now()
    step = advance(INBOUND, mail.state, event)
    again = step.state is InboundState.MOTTATT
    moved = replace(mail, state=step.state, reason=reason, deadline=now + TIME_TO_READ if again else None)
    if not await uow.settle_inbound(mail.owner, moved, was=mail.state):
        raise OwnFault(f"mail {mail.id} was moved by another node")
    await uow.log(mail.owner, Event(now, mail.id, event, "drift", {"reason": reason, "state": step.state}))
    await uow.close_tasks_of(mail.owner, mail.id, now, reason)
    if again:
        await uow.add_work(mail.owner, WorkKind.MOTTA, mail.id, "", now)
    else:
        await uow.drop_work(mail.owner, WorkKind.MOTTA, mail.id)
    return step.state


def _need(reason: str) -> None:
    if not reason.strip():
        raise Refused("A reason is needed. Say it with --reason.")
    if holds_national_number(reason):
        raise Refused("A national identity number stands in the reason. Take it out; reasons are logged.")
