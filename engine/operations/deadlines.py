"""Deadlines that have passed: of an outgoing message, of a mail that waits for a record system, of a case."""

from engine.casework.following import on_case_deadline
from engine.commit.actor import ENGINE
from engine.commit.commit import Commit
from engine.commit.ports import Ports
from engine.delivery.moving import advance_message
from engine.outbound.message_moves import deadline_event
from engine.record_system.apprecs import answer_for_silent_epj
from engine.records.work import Work, WorkKind


async def look_at(work: Work, ports: Ports) -> None:
    """Act on a deadline that has passed: of a case, a message of ours, or a mail that waits for a record system."""
    if work.kind is WorkKind.SAK:
        await on_case_deadline(work, ports)
        return
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        message = await uow.outbound(work.owner, work.subject)
        if message is not None:
            await uow.finish_work(work)
            # An answer may have come after this look was due, and brought a later deadline.
            event = deadline_event(message, now)
            if event is not None:
                await advance_message(Commit(uow, ports, now, ENGINE), message, event)
            return
    await answer_for_silent_epj(work, ports)
