"""Queue outgoing messages, recall them, and keep what is said about them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.policy import Policy
from engine.commit.ports import Ports
from engine.commit.tasks import DESK_DEADLINE
from engine.outbound.message_moves import partner_of, recall_event, timers_of
from engine.outbound.outgoing import ReadyMessage
from engine.outbound.transitions import move_message, set_timers
from engine.ports import UnitOfWork
from engine.records.log import Action, Event, Task
from engine.records.messages import OutgoingMessage
from engine.states.delivery import DeliveryState
from engine.states.role import Role

LONGEST_WORD = 4_000
"""How many characters of what a partner wrote about a message are kept beside it."""


async def queue(uow: UnitOfWork, policy: Policy, draft: ReadyMessage, now: datetime) -> OutgoingMessage:
    """Store a message and queue its sending, in the caller's transaction."""
    timers, partner = timers_of(draft.message, now), partner_of(policy, draft.message.header.to_her)
    message = replace(draft.message, deadline=min(timers.values()))
    await uow.add_outbound(message.owner, message, draft.mime, draft.document)
    data = {"kind": message.kind, "to": message.header.to_her or ""}
    await uow.log(message.owner, Event(now, message.id, Action.QUEUED, str(ENGINE), data))
    await set_timers(uow, message, partner, timers)
    return message


async def call_back(uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime, reason: str) -> bool:
    """Recall a reminder: try it no more. True where no mail server has had it, so that it is cancelled.

    The case that recalls its reminder is moving already, so this is the one move that no case follows.
    """
    commit = Commit(uow, ports, now, ENGINE)
    moved = await move_message(commit, message, recall_event(message), {"reason": reason})
    return moved.state is DeliveryState.KANSELLERT


async def open_task(
    uow: UnitOfWork, ports: Ports, message: OutgoingMessage, now: datetime, cause: str, text: str
) -> None:
    """Open a task for the operations desk about an outgoing message, unless the same is open."""
    due = now + DESK_DEADLINE
    task = Task(ports.ids.new(), message.owner, message.id, cause, text, Role.DRIFT, now, due)
    await uow.open_task(message.owner, task)


async def keep_word(uow: UnitOfWork, message: OutgoingMessage, lines: Sequence[str]) -> None:
    """Keep the partner's own text encrypted: it is shown unchanged, and may hold what no log may hold."""
    word = "\n".join(line for line in lines if line.strip())[:LONGEST_WORD]
    if word:
        await uow.keep_partner_word(message.owner, message.id, word.encode())
