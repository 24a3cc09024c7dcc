"""Deadlines that have passed: of an outgoing message, of a mail that waits for a record system, of a case."""

from engine.casework.following import after_delivery, on_case_deadline
from engine.commit.ports import Ports
from engine.outbound.deliveries import move
from engine.record_system.apprecs import answer_for_silent_epj
from engine.records.work import Work, WorkKind
from engine.states.delivery import DeliveryEvent, DeliveryState


async def look_at(work: Work, ports: Ports) -> None:
    """Act on a deadline that has passed: of an outgoing message, or of a mail that waits for a record system."""
    if work.kind is WorkKind.SAK:
        await on_case_deadline(work, ports)
        return
    now = ports.clock.now()
    async with ports.store.begin() as uow:
        message = await uow.outbound(work.owner, work.subject)
        if message is not None:
            await uow.finish_work(work)
            # An answer may have come after this look was due, and brought a later deadline.
            if message.deadline is not None and message.deadline > now:
                return
            overdue = message.state is DeliveryState.TRANSPORTKVITTERT
            event = DeliveryEvent.APPREC_OVERDUE if overdue else DeliveryEvent.GIVEN_UP
            moved = await move(uow, ports, message, event, now, "motor", {})
            await after_delivery(uow, ports, moved, now)
            return
    await answer_for_silent_epj(work, ports)
